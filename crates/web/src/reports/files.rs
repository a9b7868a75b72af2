//! `/reports/{period}/files/{name}`: a file of a report, streamed. Only names on its list lead to a file.

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
use crate::site::DownloadFile;

pub(crate) async fn show(
    State(site): State<Shared>,
    Path((period, name)): Path<(String, String)>,
    request: Request,
) -> Result<Response, WebError> {
    let published = site.of_period(&period).ok_or_else(WebError::missing)?;
    let file = published
        .files
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
        put(response.headers_mut(), file, &period, &tag);
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

fn put(headers: &mut HeaderMap, file: &DownloadFile, period: &str, tag: &str) {
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind(&file.name)));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    let plain: String = file
        .name
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || "._-".contains(*c))
        .collect();
    let disposition = format!("attachment; filename=\"{period}-{plain}\"");
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
        "pub" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
