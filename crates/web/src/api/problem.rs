//! The one error of every endpoint: a refusal with its status and headers, answered as problem JSON (RFC 9457).

use axum::http::StatusCode;
use axum::http::header::{ALLOW, HeaderName, HeaderValue, WWW_AUTHENTICATE};
use axum::response::Response;
use kernel::{Fault, Refusal};

use crate::error::WebError;
use crate::page::Page;

/// Why an endpoint did nothing.
#[derive(Debug)]
pub(super) struct ApiError {
    error: Box<WebError>,
    header: Option<Box<(HeaderName, HeaderValue)>>,
}

impl ApiError {
    pub(super) fn with_status(status: StatusCode, refusal: Refusal) -> Self {
        Self {
            error: Box::new(WebError::with_status(status, refusal)),
            header: None,
        }
    }

    /// What was asked for is not there.
    pub(super) fn missing() -> Self {
        WebError::missing().into()
    }

    /// The key is unknown, ended or revoked, or the header is none of ours.
    pub(super) fn bad_key() -> Self {
        Refusal::new("api.bad_key", Fault::Denied).into()
    }

    pub(super) fn method_not_allowed(allowed: &str) -> Self {
        let header = HeaderValue::from_str(allowed).ok();
        Self {
            error: Box::new(WebError::method_not_allowed()),
            header: header.map(|allowed| Box::new((ALLOW, allowed))),
        }
    }

    pub(super) fn answer(&self, page: &Page) -> Response {
        let mut response = self.error.answer(page);
        if let Some(header) = &self.header {
            response.headers_mut().insert(header.0.clone(), header.1.clone());
        }
        response
    }
}

impl From<WebError> for ApiError {
    fn from(error: WebError) -> Self {
        Self {
            error: Box::new(error),
            header: None,
        }
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        let challenge = (WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        let (status, header) = match refusal.code {
            "staff.sign_in_required" | "api.bad_key" => (StatusCode::UNAUTHORIZED, Some(Box::new(challenge))),
            "sales.upload_too_large" | "api.body_too_large" => (StatusCode::PAYLOAD_TOO_LARGE, None),
            "api.media_type" => (StatusCode::UNSUPPORTED_MEDIA_TYPE, None),
            _ => return WebError::from(refusal).into(),
        };
        Self {
            header,
            ..Self::with_status(status, refusal)
        }
    }
}
