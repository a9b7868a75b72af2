//! A document of a step: an application, minutes with names and thumbprints, a photo of a notice. It says who people are, so it
//! opens like a name in full: for who may, and after the audit log says so.

use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use people::staff::Action;

use super::case::of;
use super::note_reveal;
use crate::Shared;
use crate::error::WebError;
use crate::signed::Signed;

/// What the first bytes say of a file: kind and ending.
const KINDS: [(&[u8], &str, &str); 3] = [
    (b"%PDF-", "application/pdf", "pdf"),
    (b"\x89PNG\r\n", "image/png", "png"),
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
];

/// Never shown by the browser itself: it is saved.
pub(super) async fn show(
    State(site): State<Shared>,
    Path((id, sha256)): Path<(String, String)>,
    signed: Signed,
) -> Result<Response, WebError> {
    let found = of(&site, &signed, &id).await?;
    signed.require(Action::RevealPersons, Some(found.case.place))?;
    let is_of = |step: &&registry::StepLine| step.document.as_ref() == Some(&sha256);
    let step = found.steps.iter().find(is_of).ok_or_else(WebError::missing)?;
    note_reveal(&site, &signed, sha256.clone(), found.case.place).await?;
    let bytes = site.store.documents().get(&sha256).await?;
    let known = KINDS.iter().find(|(first, ..)| bytes.starts_with(first));
    let (kind, ending) = known.map_or(("application/octet-stream", "bin"), |(_, kind, ending)| {
        (*kind, *ending)
    });
    let saved = format!("attachment; filename=\"{}-{}.{ending}\"", step.act, step.on);
    Ok(([(CONTENT_TYPE, kind), (CONTENT_DISPOSITION, &saved)], bytes).into_response())
}
