//! The one error of every handler: a refusal with its status, which the door turns into a page or problem JSON.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::{Fault, Refusal};
use people::staff::AuditEntry;
use serde_json::json;

use crate::layout;
use crate::page::Page;

/// Why a page was not given.
#[derive(Clone, Debug)]
pub struct WebError(Box<Inner>);

#[derive(Clone, Debug)]
struct Inner {
    status: StatusCode,
    refusal: Refusal,
    /// What the audit log is to say of it.
    denied: Option<AuditEntry>,
    /// Where a reader goes who has yet to sign in.
    sign_in: Option<String>,
}

impl From<Refusal> for WebError {
    fn from(refusal: Refusal) -> Self {
        let status = match refusal.fault {
            Fault::Refused => StatusCode::UNPROCESSABLE_ENTITY,
            Fault::Denied => StatusCode::FORBIDDEN,
            Fault::Missing => StatusCode::NOT_FOUND,
            Fault::Broken => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Self::with_status(status, refusal)
    }
}

impl WebError {
    /// A refusal under a status of its own.
    pub(crate) fn with_status(status: StatusCode, refusal: Refusal) -> Self {
        Self(Box::new(Inner {
            status,
            refusal,
            denied: None,
            sign_in: None,
        }))
    }

    /// Nobody is signed in: a page leads there, a machine gets 401.
    pub(crate) fn sign_in(href: String) -> Self {
        let refusal = Refusal::new("staff.sign_in_required", Fault::Denied);
        let mut error = Self::with_status(StatusCode::UNAUTHORIZED, refusal);
        error.0.sign_in = Some(href);
        error
    }

    /// Too many came from one address.
    pub(crate) fn too_many() -> Self {
        Self::with_status(
            StatusCode::TOO_MANY_REQUESTS,
            Refusal::new("web.too_many", Fault::Refused),
        )
    }

    /// Lets the audit log say that someone was turned away.
    pub(crate) fn denied(mut self, entry: AuditEntry) -> Self {
        self.0.denied = Some(entry);
        self
    }

    pub(crate) fn take_denied(&mut self) -> Option<AuditEntry> {
        self.0.denied.take()
    }

    /// There is no such page.
    #[must_use]
    pub fn missing() -> Self {
        Refusal::new("web.no_such_page", Fault::Missing).into()
    }

    /// The state moved on since the form was shown.
    #[must_use]
    pub fn conflict(refusal: Refusal) -> Self {
        Self::with_status(StatusCode::CONFLICT, refusal)
    }

    /// What was sent is larger than what is taken.
    pub(crate) fn too_large(refusal: Refusal) -> Self {
        Self::with_status(StatusCode::PAYLOAD_TOO_LARGE, refusal)
    }

    pub(crate) fn method_not_allowed() -> Self {
        Self::with_status(
            StatusCode::METHOD_NOT_ALLOWED,
            Refusal::new("web.method_not_allowed", Fault::Refused),
        )
    }

    pub(crate) fn busy() -> Self {
        Self::with_status(
            StatusCode::SERVICE_UNAVAILABLE,
            Refusal::new("web.busy", Fault::Refused),
        )
    }

    pub(crate) fn no_page() -> Self {
        Refusal::new("web.page_failed", Fault::Broken).into()
    }

    /// What an answer of the framework's own means.
    pub(crate) fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::missing(),
            status if status.is_server_error() => Self::no_page(),
            status => Self::with_status(status, Refusal::new("web.bad_request", Fault::Refused)),
        }
    }

    /// The answer, in the language and form in which it was asked for. Our own faults go to the log with all they
    /// know, and to the reader with a number only. The log does not get the address, which may hold a one-time link; the
    /// number leads to the route in the log of requests.
    pub(crate) fn answer(&self, page: &Page) -> Response {
        self.log(page);
        if page.wants_json {
            return self.problem(page);
        }
        if let Some(href) = &self.0.sign_in {
            return layout::see_other(href.clone());
        }
        let refusal = in_words(&self.0.refusal, page);
        let view = ErrorPage {
            page: page.clone(),
            status: self.0.status.as_u16(),
            title: refusal.message(page.lang),
            advice: refusal.advice(page.lang).unwrap_or_default(),
            code: self.0.refusal.code,
            ours: self.0.refusal.fault == Fault::Broken,
        };
        match layout::html(&view) {
            Ok(mut response) => {
                *response.status_mut() = self.0.status;
                response
            }
            Err(_) => (self.0.status, self.0.refusal.code).into_response(),
        }
    }

    /// Its status and what it says, for those who want neither a page nor JSON.
    pub(crate) fn in_text(&self, page: &Page) -> (StatusCode, String) {
        self.log(page);
        let refusal = in_words(&self.0.refusal, page);
        let said = [Some(refusal.message(page.lang)), refusal.advice(page.lang)];
        let said: Vec<String> = said.into_iter().flatten().collect();
        (self.0.status, said.join(" "))
    }

    fn log(&self, page: &Page) {
        let (refusal, number) = (&self.0.refusal, &page.request_id);
        let code = refusal.code;
        if refusal.fault == Fault::Broken {
            tracing::error!(code, request = %number, context = refusal.context(), at = refusal.at, "broken");
        } else {
            tracing::info!(code, request = %number, "refused");
        }
    }

    /// RFC 9457.
    fn problem(&self, page: &Page) -> Response {
        let body = json!({
            "type": format!("urn:fishpond:error:{}", self.0.refusal.code),
            "status": self.0.status.as_u16(),
            "title": self.0.refusal.message(page.lang),
            "detail": self.0.refusal.advice(page.lang),
            "code": self.0.refusal.code,
            "at": self.0.refusal.at,
            "instance": page.request_id,
        });
        let kind = [(axum::http::header::CONTENT_TYPE, "application/problem+json")];
        (self.0.status, kind, body.to_string()).into_response()
    }
}

impl IntoResponse for WebError {
    /// The status alone; the door knows the reader and writes the rest.
    fn into_response(self) -> Response {
        let mut response = self.0.status.into_response();
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

/// A refusal as people read it: the missing right by what it is called, not by its code.
fn in_words(refusal: &Refusal, page: &Page) -> Refusal {
    let mut said = refusal.clone();
    if said.code == "staff.denied" {
        for (_, action) in said.facts.iter_mut().filter(|(name, _)| *name == "action") {
            page.w.get(&format!("action.{action}")).clone_into(action);
        }
    }
    said
}
