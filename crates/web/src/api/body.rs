//! What is sent to an endpoint: read whole unless it is a file, and JSON held against its shape before anything is done.

use axum::body::{Body, to_bytes};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use kernel::{Fault, Refusal};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::call::Call;
use super::problem::ApiError;
use super::table::Takes;
use super::{IDEMPOTENCY_KEY, schemas, uploads};

/// So much of a body that is no file is read, in bytes.
const BODY_BYTES_MAX: usize = 64 << 10;
const JSON: &str = "application/json";

/// Takes the body in and answers its SHA-256; of a file, which is left to the endpoint, the one it declares.
///
/// # Errors
/// `api.digest_missing`, `api.body_too_large`, `api.media_type`, `api.bad_body`, `api.missing_field`,
/// `api.unknown_field`, `api.bad_field`.
pub(super) async fn take(takes: Takes, call: &mut Call) -> Result<String, ApiError> {
    if takes == Takes::File {
        return match uploads::declared_sha256(&call.headers)? {
            Some(declared) => Ok(declared),
            None if call.headers.contains_key(IDEMPOTENCY_KEY) => {
                Err(Refusal::new("api.digest_missing", Fault::Refused)
                    .at("Content-Digest")
                    .into())
            }
            None => Ok(String::new()),
        };
    }
    let body = std::mem::replace(&mut call.body, Body::empty());
    let too_large = || Refusal::new("api.body_too_large", Fault::Refused).fact("max", BODY_BYTES_MAX);
    let bytes = to_bytes(body, BODY_BYTES_MAX).await.map_err(|_| too_large())?;
    if let Takes::Json(shape) = takes {
        require_json(&call.headers)?;
        call.said = said(shape, &bytes)?;
    }
    Ok(hex::encode(Sha256::digest(&bytes)))
}

fn require_json(headers: &HeaderMap) -> Result<(), Refusal> {
    let given = headers.get(CONTENT_TYPE);
    let given = given.and_then(|value| value.to_str().ok()).unwrap_or_default();
    let plain = given.split(';').next().unwrap_or_default().trim();
    if plain.eq_ignore_ascii_case(JSON) {
        return Ok(());
    }
    let refusal = Refusal::new("api.media_type", Fault::Refused).at("Content-Type");
    Err(refusal.value(given).fact("types", JSON))
}

fn said(shape: &str, bytes: &[u8]) -> Result<Value, Refusal> {
    let value: Value = serde_json::from_slice(bytes)
        .map_err(|error| Refusal::new("api.bad_body", Fault::Refused).fact("cause", error))?;
    schemas::check(shape, &value)?;
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_an_object_of_its_shape_and_nothing_else() {
        let uuid = "01890a5d-ac96-774b-bcce-b302099a8057";
        let good = format!(r#"{{"draft":"{uuid}","verdict":"sent_back","reason":"why"}}"#);
        assert_eq!(said("SayReview", good.as_bytes()).unwrap()["reason"], "why");
        for (body, code, at) in [
            ("", "api.bad_body", None),
            ("[1]", "api.bad_body", None),
            ("{}", "api.missing_field", Some("draft")),
            (
                r#"{"draft":"x","verdict":"approved"}"#,
                "api.bad_field",
                Some("draft"),
            ),
            (
                &format!(r#"{{"draft":"{uuid}","verdict":"maybe"}}"#),
                "api.bad_field",
                Some("verdict"),
            ),
            (
                &format!(r#"{{"draft":"{uuid}","verdict":"approved","reason":"a\u0000b"}}"#),
                "api.bad_field",
                Some("reason"),
            ),
            (
                &format!(r#"{{"draft":"{uuid}","verdict":"approved","reazon":"x"}}"#),
                "api.unknown_field",
                Some("reazon"),
            ),
        ] {
            let refusal = said("SayReview", body.as_bytes()).unwrap_err();
            assert_eq!((refusal.code, refusal.at.as_deref()), (code, at), "{body}");
        }
    }
}
