//! Order files that people sent, and their import as a job with progress.
//!
//! ```text
//! receive -> record -> held --start--> waiting -> importing -> imported   (the bytes are taken away)
//!                        \---discard---------/        \------> failed     (the bytes stay: preview, start again, discard)
//! ```
//! - A file is written as it comes in and gets its name in `uploads/` when it is whole and durable. Row, fact and job
//!   are one transaction. The same bytes by the same layout are there once.
//! - [`Uploads::run_import_jobs`] works the jobs off, one at a time. A worker that dies leaves its job to the next one
//!   after the lease; an import that was finished already answers with the same import, so nothing counts twice.
//! - The bytes that are kept are bounded: when a new file needs room, the oldest failed ones go.
//! - Uploads that are not imported yet are not part of a backup; after a restore their jobs fail with
//!   `sales.upload_missing`.
//!
//! Facts: `sales.uploaded`, `sales.upload_discarded`; the import itself writes `sales.imported`. Table: `sales_uploads`.

mod commands;
mod model;
mod queries;
mod receive;
mod repo;
mod worker;

use std::path::PathBuf;
use std::sync::Arc;

use kernel::Refusal;
use tokio::sync::Notify;

pub use commands::AfterUpload;
pub use model::{Failure, Upload, UploadColumn, UploadId, UploadLimits, UploadOrder, UploadState};
pub use receive::{Receiving, StagedUpload};
pub use repo::STATEMENTS;

use crate::error::io_refusal;
use crate::lake::Lake;

/// The kind of the jobs.
pub const JOB_KIND: &str = "sales.import";

/// The uploads of a lake; cloning is cheap, and clones wake the same worker.
#[derive(Clone)]
pub struct Uploads {
    lake: Lake,
    limits: UploadLimits,
    wake: Arc<Notify>,
}

impl Uploads {
    /// Opens the uploads and takes away what a killed program left half sent. One at a time: files that are being
    /// received elsewhere would go too.
    ///
    /// # Errors
    /// What the store or the file system gave.
    pub async fn open(lake: Lake, limits: UploadLimits) -> Result<Self, Refusal> {
        let uploads = Self {
            lake,
            limits,
            wake: Arc::default(),
        };
        let folder = uploads.folder();
        std::fs::create_dir_all(&folder).map_err(|error| io_refusal(&error, &folder))?;
        uploads.sweep().await?;
        Ok(uploads)
    }

    /// How much is kept.
    #[must_use]
    pub fn limits(&self) -> UploadLimits {
        self.limits
    }

    /// Where the files lie.
    fn folder(&self) -> PathBuf {
        self.lake.folder.join("uploads")
    }

    /// Where the bytes of an upload lie.
    fn path(&self, id: UploadId) -> PathBuf {
        self.folder().join(id.to_string())
    }

    /// Takes away every file without a row that needs it.
    async fn sweep(&self) -> Result<(), Refusal> {
        let kept = repo::kept(&mut self.lake.store.read().await?).await?;
        let folder = self.folder();
        let keep = kept.into_iter().map(|id| self.path(id)).collect();
        crate::staging::sweep_folder(&folder, &keep).map_err(|error| io_refusal(&error, &folder))
    }

    /// Takes the bytes of an upload away. What cannot be removed now is swept when the uploads are opened again.
    fn remove(&self, id: UploadId) {
        drop(std::fs::remove_file(self.path(id)));
    }
}
