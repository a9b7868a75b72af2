//! `/uploads`: order files sent in, their import, and taking back what is not wanted.

use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures::StreamExt as _;
use kernel::{Fault, Refusal};
use lake::uploads::{AfterUpload, Upload, UploadId, UploadOrder, Uploads};
use people::staff::PlaceFilter;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::call::{Answer, Call, Outcome, ok, to_json};
use super::paging::{Window, next_link};
use super::problem::ApiError;
use crate::desk::workshop;
use crate::site::Site;

/// What a file may be sent as; which of them it is, the file itself says.
pub(super) const MEDIA_TYPES: [&str; 3] = [
    "application/octet-stream",
    "text/csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
];

pub(super) async fn index(call: Call) -> Outcome {
    let window = Window::of(&call)?;
    let limit = i64::try_from(window.limit + 1).unwrap_or(i64::MAX);
    let uploads = uploads_of(&call.site)?;
    let uploads = uploads
        .page(UploadOrder::default(), None, window.after_as()?, limit)
        .await?;
    let (uploads, next) = window.trim(uploads, |upload| upload.id.to_string());
    ok(json!({ "items": to_json(&uploads)?, "next": next_link(&call, next.as_ref()) }))
}

pub(super) async fn show(call: Call) -> Outcome {
    ok(to_json(&find(&call.site, call.parsed("upload")?).await?)?)
}

/// Where files are sent to; refused where this server only shows what is published.
fn uploads_of(site: &Site) -> Result<&Uploads, ApiError> {
    Ok(&workshop(site)?.uploads)
}

async fn find(site: &Site, id: UploadId) -> Result<Upload, ApiError> {
    let found = uploads_of(site)?.by_id(id).await?;
    found.ok_or_else(|| {
        Refusal::new("sales.no_such_upload", Fault::Missing)
            .value(id)
            .into()
    })
}

/// The SHA-256 that `Content-Digest` (RFC 9530) declares, in hexadecimal.
///
/// # Errors
/// `api.bad_parameter` where the header holds no SHA-256.
pub(super) fn declared_sha256(headers: &HeaderMap) -> Result<Option<String>, Refusal> {
    let Some(given) = headers.get("content-digest") else {
        return Ok(None);
    };
    let given = given.to_str().unwrap_or_default();
    let coded = given
        .split(',')
        .find_map(|one| one.trim().strip_prefix("sha-256=:")?.strip_suffix(':'));
    let bytes = coded.and_then(|coded| STANDARD.decode(coded).ok());
    match bytes.filter(|bytes| bytes.len() == 32) {
        Some(bytes) => Ok(Some(hex::encode(bytes))),
        None => Err(super::params::bad("Content-Digest", given)),
    }
}

pub(super) async fn create(mut call: Call) -> Outcome {
    let actor = call.actor()?;
    require_media_type(&call.headers)?;
    let declared = declared_sha256(&call.headers)?;
    let after = match call.query("then") {
        Some("import") => AfterUpload::Import,
        _ => AfterUpload::Hold,
    };
    let body = std::mem::take(&mut call.body);
    let uploads = uploads_of(&call.site)?;
    let (layout, name) = (
        call.query("layout").unwrap_or_default(),
        call.query("name").unwrap_or_default(),
    );
    let mut receiving = uploads.receive(&call.site.programme, layout, name).await?;
    let (mut parts, mut hasher) = (body.into_data_stream(), Sha256::new());
    while let Some(part) = parts.next().await {
        let part = part.map_err(|_| cut_off())?;
        hasher.update(&part);
        receiving.write(&part).await?;
    }
    let received = hex::encode(hasher.finalize());
    if declared.is_some_and(|declared| declared != received) {
        return Err(Refusal::new("api.digest_mismatch", Fault::Refused)
            .at("Content-Digest")
            .value(received)
            .into());
    }
    // The table lets in who may import for the whole country, and nobody else.
    let staged = receiving.finish().await?;
    let recorded = uploads.record(actor, PlaceFilter::All, staged, after).await?;
    let status = if recorded.is_now() {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    Ok(Answer::Json(
        status,
        to_json(&find(&call.site, recorded.into_inner()).await?)?,
    ))
}

/// The sender went away in the middle.
fn cut_off() -> ApiError {
    ApiError::with_status(
        StatusCode::BAD_REQUEST,
        Refusal::new("api.body_cut_off", Fault::Refused),
    )
}

fn require_media_type(headers: &HeaderMap) -> Result<(), Refusal> {
    let given = headers
        .get(CONTENT_TYPE)
        .map(|value| value.to_str().unwrap_or_default());
    let given = given.unwrap_or("application/octet-stream");
    let plain = given
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    if MEDIA_TYPES.contains(&plain.as_str()) {
        return Ok(());
    }
    let refusal = Refusal::new("api.media_type", Fault::Refused)
        .at("Content-Type")
        .value(given);
    Err(refusal.fact("types", MEDIA_TYPES.join(", ")))
}

pub(super) async fn import(call: Call) -> Outcome {
    let id: UploadId = call.parsed("upload")?;
    let started = uploads_of(&call.site)?.start(call.actor()?, id).await?;
    let status = if started.is_now() {
        StatusCode::ACCEPTED
    } else {
        StatusCode::OK
    };
    Ok(Answer::Json(status, to_json(&find(&call.site, id).await?)?))
}

pub(super) async fn discard(call: Call) -> Outcome {
    let id: UploadId = call.parsed("upload")?;
    let _now_or_before = uploads_of(&call.site)?.discard(call.actor()?, id).await?;
    ok(to_json(&find(&call.site, id).await?)?)
}
