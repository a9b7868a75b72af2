//! `/reports/{period}/files/{name}`: a file of a report or of an earlier version, streamed. Only names on its list lead to a file.

use axum::extract::{Path, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, ETAG, HeaderValue, IF_NONE_MATCH,
};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use tower::ServiceExt as _;
use tower_http::services::ServeFile;

use crate::Shared;
use crate::error::WebError;
use crate::shelf::DownloadFile;
use crate::site::Site;

pub(crate) async fn show(
    State(site): State<Shared>,
    Path((period, name)): Path<(String, String)>,
    request: Request,
) -> Result<Response, WebError> {
    let published = site.of_period(&period).await?.ok_or_else(WebError::missing)?;
    send(&site, &published.files, &name, &period, request).await
}

pub(super) async fn of_version(
    State(site): State<Shared>,
    Path((period, number, name)): Path<(String, i64, String)>,
    request: Request,
) -> Result<Response, WebError> {
    let published = super::show::version_of(&site, &period, number).await?;
    let stem = format!("{period}-v{number}");
    send(&site, &published.files, &name, &stem, request).await
}

/// Sends a file of a list; its name on the reader's disk begins with `stem`.
pub(crate) async fn send(
    site: &Site,
    files: &[DownloadFile],
    name: &str,
    stem: &str,
    request: Request,
) -> Result<Response, WebError> {
    let file = files
        .iter()
        .find(|file| file.name == name)
        .ok_or_else(WebError::missing)?;
    let tag = format!("\"{}\"", file.sha256);
    if known(request.headers(), &tag) {
        return Ok((StatusCode::NOT_MODIFIED, [(ETAG, tag)]).into_response());
    }
    let path = site.store.documents().on_disk(&file.sha256, &site.cache).await?;
    let served = ServeFile::new(path).oneshot(request).await;
    let mut response = match served {
        Ok(response) => response.map(axum::body::Body::new),
        Err(never) => match never {},
    };
    if response.status().is_success() {
        put(response.headers_mut(), file, stem, &tag);
    }
    Ok(response)
}

fn known(headers: &HeaderMap, tag: &str) -> bool {
    headers
        .get(IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| {
            value
                .split(',')
                .any(|one| one.trim().trim_start_matches("W/") == tag)
        })
}

fn put(headers: &mut HeaderMap, file: &DownloadFile, stem: &str, tag: &str) {
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind(&file.name)));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    let plain: String = file
        .name
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || "._-".contains(*c))
        .collect();
    let disposition = format!("attachment; filename=\"{stem}-{plain}\"");
    for (name, value) in [(CONTENT_DISPOSITION, disposition.as_str()), (ETAG, tag)] {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    }
}

/// What a file is, by its ending.
fn kind(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "json" => "application/json",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "pdf" => "application/pdf",
        "tar" => "application/x-tar",
        "csv" => "text/csv; charset=utf-8",
        "pub" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
