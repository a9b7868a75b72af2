//! Takes a file in as it comes: counted, hashed and written on the way; it gets its name when it is whole and durable.

use std::path::{Path, PathBuf};

use kernel::{Fault, Refusal, SystemIds};
use programme::Programme;
use sha2::{Digest, Sha256};
use tokio::fs::File;
use tokio::io::AsyncWriteExt;

use super::Uploads;
use super::model::UploadId;
use crate::error::io_refusal;
use crate::files;

/// Longest name that is kept, in characters.
const NAME_CHARS_MAX: usize = 200;
/// The name of a file that came without one.
const NAMELESS: &str = "upload";

/// A file on its way in. Dropped before [`Receiving::finish`], it leaves nothing.
pub struct Receiving {
    staged: StagedUpload,
    file: File,
    hasher: Sha256,
    bytes_max: u64,
    folder: PathBuf,
}

/// A file that is here whole, and not recorded yet. Dropped before [`Uploads::record`], it leaves nothing.
#[derive(Debug)]
pub struct StagedUpload {
    pub(super) id: UploadId,
    pub(super) file_name: String,
    pub(super) layout: String,
    pub(super) bytes: u64,
    pub(super) sha256: String,
    path: Option<PathBuf>,
}

impl StagedUpload {
    /// Leaves the file where it is.
    pub(super) fn keep(mut self) {
        self.path = None;
    }
}

impl Drop for StagedUpload {
    fn drop(&mut self) {
        if let Some(path) = &self.path {
            // What cannot be removed now is swept when the uploads are opened again.
            drop(std::fs::remove_file(path));
        }
    }
}

impl Uploads {
    /// Begins to take in a file that is to be read by a layout of the programme.
    ///
    /// # Errors
    /// `programme.no_such_layout`, `lake.disk_full`, `lake.file_system`.
    pub async fn receive(
        &self,
        programme: &Programme,
        layout: &str,
        file_name: &str,
    ) -> Result<Receiving, Refusal> {
        let layout = programme.layout(layout)?.name.clone();
        let id = UploadId::next(&SystemIds);
        let part = self.path(id).with_extension("part");
        let file = File::create_new(&part).await;
        let file = file.map_err(|error| io_refusal(&error, &part))?;
        Ok(Receiving {
            staged: StagedUpload {
                id,
                file_name: plain_name(file_name),
                layout,
                bytes: 0,
                sha256: String::new(),
                path: Some(part),
            },
            file,
            hasher: Sha256::new(),
            bytes_max: self.limits.file_bytes_max,
            folder: self.folder(),
        })
    }
}

impl Receiving {
    /// Takes the next bytes.
    ///
    /// # Errors
    /// `sales.upload_too_large`, `lake.disk_full`, `lake.file_system`.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), Refusal> {
        let count = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.staged.bytes = self.staged.bytes.saturating_add(count);
        if self.staged.bytes > self.bytes_max {
            return Err(Refusal::new("sales.upload_too_large", Fault::Refused)
                .at(&self.staged.file_name)
                .fact("max", self.bytes_max));
        }
        self.hasher.update(bytes);
        let written = self.file.write_all(bytes).await;
        written.map_err(|error| io_refusal(&error, &self.folder))
    }

    /// The file is whole: makes it durable under its own name.
    ///
    /// # Errors
    /// `sales.upload_empty`, `lake.disk_full`, `lake.file_system`.
    pub async fn finish(self) -> Result<StagedUpload, Refusal> {
        let Self {
            mut staged,
            mut file,
            hasher,
            folder,
            ..
        } = self;
        if staged.bytes == 0 {
            return Err(Refusal::new("sales.upload_empty", Fault::Refused).at(&staged.file_name));
        }
        staged.sha256 = hex::encode(hasher.finalize());
        // A write that was still under way is told here.
        file.flush().await.map_err(|error| io_refusal(&error, &folder))?;
        drop(file);
        let whole = folder.join(staged.id.to_string());
        let named = publish(staged.path.clone().unwrap_or_default(), whole.clone()).await;
        named.map_err(|error| io_refusal(&error, &folder))?;
        staged.path = Some(whole);
        Ok(staged)
    }
}

async fn publish(from: PathBuf, to: PathBuf) -> std::io::Result<()> {
    let published = tokio::task::spawn_blocking(move || files::publish(&from, &to)).await;
    published.map_err(std::io::Error::other)?
}

/// The last part of a name, as both kinds of systems write paths, without control characters.
fn plain_name(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last.chars().filter(|letter| !letter.is_control()).collect();
    let short: String = plain.trim().chars().take(NAME_CHARS_MAX).collect();
    if short.is_empty() {
        NAMELESS.to_owned()
    } else {
        short
    }
}

/// Says the name under which the file was sent, where a refusal names its place in the lake's folder.
pub(super) fn by_name(refusal: Refusal, path: &Path, name: &str) -> Refusal {
    match refusal.at.clone() {
        Some(at) => {
            let said = at.replace(&path.display().to_string(), name);
            refusal.at(said)
        }
        None => refusal,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_no_folders_and_no_control_characters() {
        let cases = [
            ("订单.csv", "订单.csv"),
            ("C:\\files\\orders.csv", "orders.csv"),
            ("../../etc/passwd", "passwd"),
            ("a\r\nb.csv", "ab.csv"),
            ("folder/", NAMELESS),
            ("", NAMELESS),
        ];
        for (given, plain) in cases {
            assert_eq!(plain_name(given), plain);
        }
        assert_eq!(plain_name(&"长".repeat(500)).chars().count(), NAME_CHARS_MAX);
    }
}
