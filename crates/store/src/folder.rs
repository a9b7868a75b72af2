//! Documents in a folder of this machine. A document is written beside its place, flushed to the disk and then
//! renamed: after a power cut it is there whole or not at all.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use kernel::Refusal;
use sha2::{Digest, Sha256};

use crate::documents::{is_name, missing, require_whole};
use crate::error::from_io;

/// How much of a file is read at once.
pub(crate) const CHUNK: usize = 1 << 20;
/// Where documents are written before they have their names.
const INCOMING: &str = "incoming";

/// Tells apart the files that this process writes at the same time.
static WRITTEN: AtomicU64 = AtomicU64::new(0);

#[derive(Clone, Debug)]
pub(crate) struct Folder {
    root: Arc<PathBuf>,
}

impl Folder {
    pub(crate) fn new(root: PathBuf) -> Self {
        Self { root: Arc::new(root) }
    }

    pub(crate) async fn put(&self, bytes: Vec<u8>) -> Result<String, Refusal> {
        self.blocking(move |folder| folder.keep(&mut bytes.as_slice(), Path::new("")))
            .await
    }

    pub(crate) async fn put_file(&self, file: &Path) -> Result<String, Refusal> {
        let file = file.to_owned();
        self.blocking(move |folder| {
            let mut source = File::open(&file).map_err(|error| from_io(&error, &file))?;
            folder.keep(&mut source, &file)
        })
        .await
    }

    pub(crate) async fn get(&self, sha256: &str) -> Result<Vec<u8>, Refusal> {
        let name = sha256.to_owned();
        self.blocking(move |folder| {
            let mut source = folder.open(&name)?;
            let mut bytes = Vec::new();
            source
                .read_to_end(&mut bytes)
                .map_err(|error| from_io(&error, &folder.path(&name)))?;
            require_whole(&name, &hex::encode(Sha256::digest(&bytes)))?;
            Ok(bytes)
        })
        .await
    }

    pub(crate) async fn get_file(&self, sha256: &str, to: &Path) -> Result<u64, Refusal> {
        let (name, to) = (sha256.to_owned(), to.to_owned());
        self.blocking(move |folder| {
            let mut source = folder.open(&name)?;
            let mut incoming = Incoming::beside(&to)?;
            let (found, bytes) = incoming.fill(&mut source, &folder.path(&name))?;
            require_whole(&name, &found)?;
            incoming.rename(&to)?;
            Ok(bytes)
        })
        .await
    }

    pub(crate) async fn on_disk(&self, sha256: &str) -> Result<PathBuf, Refusal> {
        let name = sha256.to_owned();
        self.blocking(move |folder| folder.open(&name).map(|_| folder.path(&name)))
            .await
    }

    pub(crate) async fn check(&self, sha256: &str) -> Result<(), Refusal> {
        let name = sha256.to_owned();
        self.blocking(move |folder| {
            let mut source = folder.open(&name)?;
            let hashed = copy_hashing(&mut source, &mut io::sink());
            let (found, _) = hashed.map_err(|error| from_io(&error, &folder.path(&name)))?;
            require_whole(&name, &found)
        })
        .await
    }

    pub(crate) async fn exists(&self, sha256: &str) -> Result<bool, Refusal> {
        let path = self.path(sha256);
        self.blocking(move |_| path.try_exists().map_err(|error| from_io(&error, &path)))
            .await
    }

    pub(crate) async fn list(&self) -> Result<Vec<String>, Refusal> {
        self.blocking(|folder| {
            let mut names = Vec::new();
            for shelf in entries(&folder.root)? {
                if shelf.is_dir() && !shelf.ends_with(INCOMING) {
                    let files = entries(&shelf)?.into_iter();
                    names.extend(files.filter_map(|file| file.file_name()?.to_str().map(str::to_owned)));
                }
            }
            names.retain(|name| is_name(name));
            Ok(names)
        })
        .await
    }

    fn path(&self, sha256: &str) -> PathBuf {
        self.root.join(sha256.get(..2).unwrap_or_default()).join(sha256)
    }

    fn open(&self, sha256: &str) -> Result<File, Refusal> {
        let path = self.path(sha256);
        File::open(&path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => missing(sha256),
            _ => from_io(&error, &path),
        })
    }

    /// Writes, names by content, and puts in place. A whole document that is there already is left as it is.
    fn keep(&self, source: &mut dyn Read, from: &Path) -> Result<String, Refusal> {
        let mut incoming = Incoming::beside(&self.root.join(INCOMING).join("document"))?;
        let (name, _) = incoming.fill(source, from)?;
        if !self.is_whole(&name) {
            incoming.rename(&self.path(&name))?;
        }
        Ok(name)
    }

    fn is_whole(&self, sha256: &str) -> bool {
        let hashed =
            File::open(self.path(sha256)).and_then(|mut source| copy_hashing(&mut source, &mut io::sink()));
        hashed.is_ok_and(|(found, _)| found == sha256)
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let folder = self.clone();
        let done = tokio::task::spawn_blocking(move || work(&folder)).await;
        done.unwrap_or_else(|error| Err(Refusal::broken("store.file_failed", &error)))
    }
}

/// A file that is being written; unless it is renamed, it is taken away again.
pub(crate) struct Incoming {
    path: PathBuf,
    file: File,
}

impl Incoming {
    /// A new file in the folder of `to`.
    pub(crate) fn beside(to: &Path) -> Result<Self, Refusal> {
        let folder = folder_of(to);
        fs::create_dir_all(folder).map_err(|error| from_io(&error, folder))?;
        let count = WRITTEN.fetch_add(1, Ordering::Relaxed);
        let path = folder.join(format!(".{}-{count}.incoming", std::process::id()));
        let file = File::create(&path).map_err(|error| from_io(&error, &path))?;
        Ok(Self { path, file })
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<(), Refusal> {
        self.file
            .write_all(bytes)
            .map_err(|error| from_io(&error, &self.path))
    }

    /// Copies a source into the file; answers the SHA-256 and the number of bytes.
    fn fill(&mut self, source: &mut dyn Read, from: &Path) -> Result<(String, u64), Refusal> {
        copy_hashing(source, &mut self.file).map_err(|error| match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => from_io(&error, &self.path),
            _ => from_io(&error, from),
        })
    }

    /// Flushes the file and gives it its name for good.
    pub(crate) fn rename(self, to: &Path) -> Result<(), Refusal> {
        let folder = folder_of(to);
        let place = || -> io::Result<()> {
            self.file.sync_all()?;
            fs::create_dir_all(folder)?;
            fs::rename(&self.path, to)?;
            File::open(folder)?.sync_all()?;
            // The folder itself may be new.
            File::open(folder_of(folder))?.sync_all()
        };
        place().map_err(|error| from_io(&error, to))
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        // After a rename there is nothing left under this name.
        drop(fs::remove_file(&self.path));
    }
}

fn folder_of(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

fn copy_hashing(source: &mut dyn Read, to: &mut dyn Write) -> io::Result<(String, u64)> {
    let mut sha = Sha256::new();
    let mut chunk = vec![0; CHUNK];
    let mut bytes = 0;
    loop {
        let read = match source.read(&mut chunk) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let part = chunk.get(..read).unwrap_or_default();
        sha.update(part);
        to.write_all(part)?;
        bytes += part.len() as u64;
    }
    Ok((hex::encode(sha.finalize()), bytes))
}

/// The SHA-256 of a file, in hexadecimal.
pub(crate) fn sha256_of_file(path: &Path) -> Result<String, Refusal> {
    let hashed = File::open(path).and_then(|mut file| copy_hashing(&mut file, &mut io::sink()));
    hashed
        .map(|(sha256, _)| sha256)
        .map_err(|error| from_io(&error, path))
}

/// What lies in a folder; a folder that was never made is empty.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, Refusal> {
    let read = || {
        fs::read_dir(folder)?
            .map(|entry| Ok(entry?.path()))
            .collect::<io::Result<Vec<_>>>()
    };
    match read() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        read => read.map_err(|error| from_io(&error, folder)),
    }
}
