//! No other site sends a form here: what changes something must come from a page of this site, and of whoever is
//! signed in bring the secret of their session back.
//!
//! The secret stands in the field `csrf`, which is the first of a form with files; a script puts it into the header
//! `x-csrf-token`. It is looked for once, at the door, so no handler can forget it; the body goes on as it came. An
//! API key comes in a header that no browser sends by itself, and needs none of this; the API hears nothing else, and
//! OpenRosa only a login with its password. A partner of the exchange signs its messages.

use axum::body::{Body, BodyDataStream, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::header::CONTENT_TYPE;
use axum::http::{Method, StatusCode};
use futures::StreamExt as _;
use kernel::{Fault, Refusal};
use people::staff::{Secret, Viewer};

use crate::FORM_BYTES_MAX;
use crate::error::WebError;
use crate::form::Fields;
use crate::front::Front;
use crate::routes::is_open;

/// Where a script puts the secret.
const HEADER: &str = "x-csrf-token";
/// The field `csrf` ends within so many bytes of a form with files.
const FIRST_PART_MAX: usize = 1 << 10;

/// The request, where it is one that this site's own page sends; else `web.bad_csrf`.
pub(crate) async fn checked(
    front: &Front,
    viewer: &Viewer,
    path: &str,
    request: Request,
) -> Result<Request, WebError> {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let hears_no_cookie = crate::api::hears(path) || crate::dci::hears(path) || crate::openrosa::hears(path);
    if reads || viewer.scopes.is_some() || hears_no_cookie {
        return Ok(request);
    }
    if !front.is_from_here(request.headers()) {
        return Err(foreign());
    }
    match &viewer.csrf {
        Some(secret) if !is_open(path) => bring_back(secret, request).await,
        _ => Ok(request),
    }
}

async fn bring_back(secret: &Secret, request: Request) -> Result<Request, WebError> {
    let headers = request.headers();
    let said = headers.get(HEADER).and_then(|value| value.to_str().ok());
    if let Some(said) = said {
        return if secret.is(said) {
            Ok(request)
        } else {
            Err(foreign())
        };
    }
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let kind = kind.unwrap_or_default().to_ascii_lowercase();
    let (parts, body) = request.into_parts();
    let (said, body) = if kind.starts_with("application/x-www-form-urlencoded") {
        let bytes = to_bytes(body, FORM_BYTES_MAX).await;
        let bytes = bytes.map_err(|_| WebError::of_status(StatusCode::PAYLOAD_TOO_LARGE))?;
        (Fields::parse(&bytes).get("csrf").to_owned(), Body::from(bytes))
    } else if kind.starts_with("multipart/form-data") {
        first_part(body).await?
    } else {
        return Err(foreign());
    };
    if secret.is(&said) {
        Ok(Request::from_parts(parts, body))
    } else {
        Err(foreign())
    }
}

/// The field `csrf` at the beginning of a form with files, and the body with what was read put back.
async fn first_part(body: Body) -> Result<(String, Body), WebError> {
    let mut stream: BodyDataStream = body.into_data_stream();
    let mut read: Vec<u8> = Vec::new();
    while read.len() < FIRST_PART_MAX && csrf_in(&read).is_none() {
        match stream.next().await {
            Some(Ok(chunk)) => read.extend_from_slice(&chunk),
            Some(Err(_)) => return Err(WebError::of_status(StatusCode::BAD_REQUEST)),
            None => break,
        }
    }
    let said = csrf_in(&read).unwrap_or_default();
    let read = futures::stream::once(async { Ok::<_, axum::Error>(Bytes::from(read)) });
    Ok((said, Body::from_stream(read.chain(stream))))
}

/// The value of the first part, where that is the field `csrf` and has ended.
fn csrf_in(read: &[u8]) -> Option<String> {
    let start = read.get(..read.len().min(FIRST_PART_MAX))?;
    let text = String::from_utf8_lossy(start);
    let (head, rest) = text.split_once("\r\n\r\n")?;
    let mut lines = head.split("\r\n");
    let is_boundary = lines.next()?.starts_with("--");
    let is_field =
        lines.any(|line| line.eq_ignore_ascii_case("content-disposition: form-data; name=\"csrf\""));
    let (value, _) = rest.split_once("\r\n")?;
    (is_boundary && is_field).then(|| value.to_owned())
}

fn foreign() -> WebError {
    Refusal::new("web.bad_csrf", Fault::Denied).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_is_the_first_part_or_it_is_not_there() {
        let part = "--b\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\nsecret\r\n--b\r\n";
        assert_eq!(csrf_in(part.as_bytes()).as_deref(), Some("secret"));
        for other in [
            "",
            "csrf=secret",
            "--b\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\nsecret",
            "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"csrf\"\r\n\r\nsecret\r\n",
            "--b\r\n\r\nname=\"csrf\"\r\n\r\nsecret\r\n",
        ] {
            assert_eq!(csrf_in(other.as_bytes()), None, "{other}");
        }
    }
}
