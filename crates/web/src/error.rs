//! The one error of every handler: a refusal with its status, which the door turns into a page or problem JSON.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::{Fault, Refusal};
use serde_json::json;

use crate::layout;
use crate::page::Page;

/// Why a page was not given.
#[derive(Clone, Debug)]
pub struct WebError {
    status: StatusCode,
    refusal: Refusal,
}

impl From<Refusal> for WebError {
    fn from(refusal: Refusal) -> Self {
        let status = match refusal.fault {
            Fault::Refused => StatusCode::UNPROCESSABLE_ENTITY,
            Fault::Denied => StatusCode::FORBIDDEN,
            Fault::Missing => StatusCode::NOT_FOUND,
            Fault::Broken => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Self { status, refusal }
    }
}

impl WebError {
    /// There is no such page.
    #[must_use]
    pub fn missing() -> Self {
        Refusal::new("web.no_such_page", Fault::Missing).into()
    }

    /// The state moved on since the form was shown.
    #[must_use]
    pub fn conflict(refusal: Refusal) -> Self {
        Self {
            status: StatusCode::CONFLICT,
            refusal,
        }
    }

    pub(crate) fn method_not_allowed() -> Self {
        Self {
            status: StatusCode::METHOD_NOT_ALLOWED,
            refusal: Refusal::new("web.method_not_allowed", Fault::Refused),
        }
    }

    pub(crate) fn busy() -> Self {
        Self {
            status: StatusCode::SERVICE_UNAVAILABLE,
            refusal: Refusal::new("web.busy", Fault::Refused),
        }
    }

    pub(crate) fn no_page() -> Self {
        Refusal::new("web.page_failed", Fault::Broken).into()
    }

    /// What an answer of the framework's own means.
    pub(crate) fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::missing(),
            status if status.is_server_error() => Self::no_page(),
            status => Self {
                status,
                refusal: Refusal::new("web.bad_request", Fault::Refused),
            },
        }
    }

    /// The answer, in the language and form in which it was asked for. Our own faults go to the log with all they
    /// know, and to the reader with a number only. The log does not get the address, which may hold a one-time link; the
    /// number leads to the route in the log of requests.
    pub(crate) fn answer(&self, page: &Page) -> Response {
        let (code, number) = (self.refusal.code, &page.request_id);
        if self.refusal.fault == Fault::Broken {
            tracing::error!(code, request = %number, context = self.refusal.context(), at = self.refusal.at, "broken");
        } else {
            tracing::info!(code, request = %number, "refused");
        }
        if page.wants_json {
            return self.problem(page);
        }
        let view = ErrorPage {
            page: page.clone(),
            status: self.status.as_u16(),
            title: self.refusal.message(page.lang),
            advice: self.refusal.advice(page.lang).unwrap_or_default(),
            code,
            ours: self.refusal.fault == Fault::Broken,
        };
        match layout::html(&view) {
            Ok(mut response) => {
                *response.status_mut() = self.status;
                response
            }
            Err(_) => (self.status, code).into_response(),
        }
    }

    /// RFC 9457.
    fn problem(&self, page: &Page) -> Response {
        let body = json!({
            "type": format!("urn:fishpond:error:{}", self.refusal.code),
            "status": self.status.as_u16(),
            "title": self.refusal.message(page.lang),
            "detail": self.refusal.advice(page.lang),
            "code": self.refusal.code,
            "at": self.refusal.at,
            "instance": page.request_id,
        });
        let kind = [(axum::http::header::CONTENT_TYPE, "application/problem+json")];
        (self.status, kind, body.to_string()).into_response()
    }
}

impl IntoResponse for WebError {
    /// The status alone; the door knows the reader and writes the rest.
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    page: Page,
    status: u16,
    title: String,
    advice: String,
    code: &'static str,
    ours: bool,
}
