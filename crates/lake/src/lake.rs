//! The lake: a folder of segments, rollups and key runs, and the rows in the store that say which of them count.

use std::path::{Path, PathBuf};

use kernel::Refusal;
use serde::Serialize;
use store::Store;

use crate::error::io_refusal;
use crate::repo;
use crate::segments::{Manifest, rollup_of_files, write_rollup};

/// A lake and its store.
#[derive(Clone)]
pub struct Lake {
    pub(crate) store: Store,
    pub(crate) folder: PathBuf,
}

/// One file that was imported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Import {
    /// Id of the import.
    pub id: String,
    /// Layout it was read by.
    pub layout: String,
    /// Channel.
    pub channel: String,
    /// ISO 4217 code.
    pub currency: String,
    /// Whether the evidence is simulated.
    pub simulated: bool,
    /// Name of the file.
    pub file_name: String,
    /// SHA-256 of the file.
    pub file_sha256: String,
    /// Its size.
    pub file_bytes: i64,
    /// Records.
    pub lines: i64,
    /// Lines taken.
    pub accepted: i64,
    /// Records not taken.
    pub rejected: i64,
    /// Lines that were here already.
    pub duplicates: i64,
    /// Cancellation lines among those taken.
    pub cancelled_lines: i64,
    /// Distinct order numbers of the file.
    pub orders: i64,
    /// Hundredths of the currency, without cancellations.
    pub gross_fen: i64,
    /// Hundredths of the currency, with them.
    pub net_fen: i64,
    /// SHA-256 of the rejects file among the documents.
    pub rejects_sha256: Option<String>,
    /// When, in microseconds since 1970 UTC.
    pub imported_at: i64,
}

/// A published segment.
#[derive(Debug, Clone)]
pub struct Segment {
    /// Its manifest.
    pub manifest: Manifest,
    /// The manifest as it was hashed.
    pub manifest_json: String,
    /// SHA-256 of that.
    pub manifest_sha256: String,
    /// The Parquet file.
    pub path: PathBuf,
    /// Its rollup.
    pub rollup_path: PathBuf,
}

impl Lake {
    /// Opens the lake in a folder, which is made where it is missing.
    ///
    /// # Errors
    /// `lake.file_system` or `lake.disk_full` where the folders cannot be made.
    pub fn open(store: Store, folder: &Path) -> Result<Self, Refusal> {
        for part in ["segments", "rollups", "keys", "staging", "evidence"] {
            let part = folder.join(part);
            std::fs::create_dir_all(&part).map_err(|error| io_refusal(&error, &part))?;
        }
        Ok(Self {
            store,
            folder: folder.to_path_buf(),
        })
    }

    /// The published segments, in the order of the chain.
    ///
    /// # Errors
    /// What the store gave, or `lake.manifest_unreadable`.
    pub async fn segments(&self) -> Result<Vec<Segment>, Refusal> {
        let mut reader = self.store.read().await?;
        repo::segments(&mut reader, &self.folder).await
    }

    /// The imports, newest first.
    ///
    /// # Errors
    /// What the store gave.
    pub async fn imports(&self) -> Result<Vec<Import>, Refusal> {
        let mut reader = self.store.read().await?;
        repo::imports(&mut reader).await
    }

    /// Titles of products as channels name them: channel, code, title.
    ///
    /// # Errors
    /// What the store gave.
    pub async fn product_titles(&self) -> Result<Vec<(String, String, String)>, Refusal> {
        let mut reader = self.store.read().await?;
        repo::product_titles(&mut reader).await
    }

    /// The sum of all rollups as one file, none while the lake is empty. It is made anew where the chain has grown:
    /// the file is named by the chain's head, so it can't be out of date.
    ///
    /// # Errors
    /// What the store or the file system gave.
    pub async fn rollup_path(&self) -> Result<Option<PathBuf>, Refusal> {
        let segments = self.segments().await?;
        let Some(head) = segments.last() else {
            return Ok(None);
        };
        let path = self
            .folder
            .join("rollups")
            .join(format!("{}.parquet", head.manifest_sha256));
        if path.exists() {
            return Ok(Some(path));
        }
        let made = path.clone();
        let done = tokio::task::spawn_blocking(move || compact(&segments, &made)).await;
        done.map_err(|error| Refusal::broken("lake.task_stopped", &error))?
            .map_err(|error| io_refusal(&error, &path))?;
        Ok(Some(path))
    }
}

/// Adds up the rollups and takes the sums of earlier chains away.
fn compact(segments: &[Segment], path: &Path) -> std::io::Result<()> {
    let sum = rollup_of_files(segments.iter().map(|segment| segment.rollup_path.as_path()))?;
    let unfinished = path.with_extension(format!("{}.tmp", std::process::id()));
    write_rollup(&sum, &unfinished)?;
    std::fs::rename(&unfinished, path)?;
    for entry in path.parent().into_iter().flat_map(std::fs::read_dir).flatten() {
        let other = entry?.path();
        if other != path && other.extension().is_some_and(|extension| extension == "parquet") {
            std::fs::remove_file(other)?;
        }
    }
    Ok(())
}
