//! From a view to an answer.

use askama::Template;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::response::{IntoResponse, Response};
use kernel::Refusal;

use crate::cache::Keep;
use crate::error::WebError;

/// A view as a page of its own visitor.
pub(crate) fn html(view: &impl Template) -> Result<Response, WebError> {
    let body = view
        .render()
        .map_err(|error| Refusal::broken("web.page_failed", &error))?;
    Ok(([(CONTENT_TYPE, "text/html; charset=utf-8")], body).into_response())
}

/// A form that was sent and is shown again with what is wrong.
pub(crate) fn refused(answer: Result<Response, WebError>) -> Result<Response, WebError> {
    let mut response = answer?;
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(response)
}

/// What a script asked for.
pub(crate) fn json(value: &serde_json::Value) -> Response {
    ([(CONTENT_TYPE, "application/json")], value.to_string()).into_response()
}

/// On to another page, after something was done.
pub(crate) fn see_other(href: String) -> Response {
    (StatusCode::SEE_OTHER, [(LOCATION, href)]).into_response()
}

/// A view that is the same for everyone: the door keeps it, compressed, under its address, language and theme.
pub(crate) fn public(view: &impl Template) -> Result<Response, WebError> {
    let mut response = html(view)?;
    response.extensions_mut().insert(Keep::Page);
    Ok(response)
}

/// One step of the way to a page.
pub(crate) struct Crumb {
    pub href: String,
    pub title: String,
}

impl Crumb {
    pub(crate) fn new(href: String, title: impl Into<String>) -> Self {
        Self {
            href,
            title: title.into(),
        }
    }
}

/// One of the parts that a module's pages are divided into.
pub(crate) struct Tab {
    pub href: String,
    pub title: String,
    pub here: bool,
}
