//! The lake's folder while files come and go: its lock, the staging folder of an import, and the sweep after a kill.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use kernel::{Fault, Refusal};

use crate::error::io_refusal;
use crate::lake::Lake;
use crate::repo;

impl Lake {
    /// Takes the folder's lock: one import at a time.
    pub(crate) fn lock(&self) -> Result<File, Refusal> {
        let path = self.folder.join("import.lock");
        let file = File::create(&path).map_err(|error| io_refusal(&error, &path))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => {
                Err(Refusal::new("lake.import_running", Fault::Refused).at(self.folder.display()))
            }
            Err(TryLockError::Error(error)) => Err(io_refusal(&error, &path)),
        }
    }

    /// Takes away what killed imports left: staging folders, and files that no row names.
    pub(crate) async fn sweep(&self) -> Result<(), Refusal> {
        let mut reader = self.store.read().await?;
        let runs = repo::key_runs(&mut reader).await?;
        drop(reader);
        let segments = self.segments().await?;
        let named = segments.iter().flat_map(|s| [&s.path, &s.rollup_path]).cloned();
        let keys = self.folder.join("keys");
        let keep: std::collections::HashSet<PathBuf> = named
            .chain(runs.iter().map(|(file, _)| keys.join(file)))
            .collect();
        for folder in ["segments", "keys", "staging"] {
            let folder = self.folder.join(folder);
            sweep_folder(&folder, &keep).map_err(|error| io_refusal(&error, &folder))?;
        }
        Ok(())
    }
}

/// A staging folder that goes with its owner.
pub(crate) struct Staging(PathBuf);

impl Staging {
    /// Makes it.
    pub(crate) fn create(path: &Path) -> Result<Self, Refusal> {
        std::fs::create_dir_all(path).map_err(|error| io_refusal(&error, path))?;
        Ok(Self(path.to_path_buf()))
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        // What cannot be removed now is swept by the next import.
        drop(std::fs::remove_dir_all(&self.0));
    }
}

pub(crate) fn sweep_folder(folder: &Path, keep: &std::collections::HashSet<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if keep.contains(&path) {
            continue;
        }
        if path.is_dir() {
            std::fs::remove_dir_all(&path)?;
        } else {
            std::fs::remove_file(&path)?;
        }
    }
    Ok(())
}
