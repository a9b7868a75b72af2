//! Forms with files that fit into memory: short fields, and each file in `file`. What is larger than it may be, or ends
//! early, is refused. Order files, which may be larger than memory, are taken in by `intake`.

use axum::body::Bytes;
use axum::extract::multipart::{Field, Multipart};
use kernel::{Fault, Refusal};
use store::Documents;

use crate::form::Fields;

/// What a form adds to the file it holds, at most, in bytes.
pub(crate) const FORM_ROOM: usize = 64 << 10;
/// The documents or photos of one form, in bytes.
pub(crate) const DOCUMENT_BYTES_MAX: usize = 20 << 20;
/// A field that is no file is never longer, in bytes.
const FIELD_BYTES_MAX: usize = 4 << 10;

/// What a form brought.
#[derive(Debug, Default)]
pub(crate) struct Sent {
    pub fields: Fields,
    /// The bytes of each file; a field that was left empty is none.
    pub files: Vec<Vec<u8>>,
}

impl Sent {
    /// The bytes of the first file; empty where there was none.
    pub(crate) fn into_file(self) -> Vec<u8> {
        self.files.into_iter().next().unwrap_or_default()
    }

    /// Keeps the first file as a document; answers its SHA-256.
    ///
    /// # Errors
    /// `web.document_missing` where there was none; what the store gives.
    pub(crate) async fn keep(self, documents: &Documents) -> Result<String, Refusal> {
        let file = self.into_file();
        if file.is_empty() {
            return Err(Refusal::new("web.document_missing", Fault::Refused));
        }
        documents.put(file).await
    }
}

/// Reads a form whose files have together at most so many bytes.
///
/// # Errors
/// `web.upload_cut_off`, `web.file_too_large`.
pub(crate) async fn read(mut form: Multipart, file_bytes_max: usize) -> Result<Sent, Refusal> {
    let (mut pairs, mut files, mut left) = (Vec::new(), Vec::new(), file_bytes_max);
    while let Some(field) = form.next_field().await.map_err(|_| cut_off())? {
        let name = field.name().unwrap_or_default().to_owned();
        if name == "file" {
            let too_large = || Refusal::new("web.file_too_large", Fault::Refused).at("file");
            let file = whole(field, left, || too_large().fact("max", file_bytes_max)).await?;
            left -= file.len();
            files.extend(Some(file).filter(|file| !file.is_empty()));
        } else {
            let text = whole(field, FIELD_BYTES_MAX, cut_off).await?;
            pairs.push((name, String::from_utf8_lossy(&text).into_owned()));
        }
    }
    Ok(Sent {
        fields: Fields::from_iter(pairs),
        files,
    })
}

async fn whole(
    mut field: Field<'_>,
    bytes_max: usize,
    too_large: impl Fn() -> Refusal,
) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::new();
    while let Some(piece) = next_piece(&mut field).await? {
        if bytes.len() + piece.len() > bytes_max {
            return Err(too_large());
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes)
}

async fn next_piece(field: &mut Field<'_>) -> Result<Option<Bytes>, Refusal> {
    field.chunk().await.map_err(|_| cut_off())
}

/// The body ended early, or is no form.
fn cut_off() -> Refusal {
    Refusal::new("web.upload_cut_off", Fault::Refused)
}
