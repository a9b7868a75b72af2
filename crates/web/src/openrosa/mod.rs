//! `/openrosa`: forms for ODK Collect and whatever else speaks OpenRosa 1.0: which there are, each of them, and what was filled in.
//!
//! Whoever asks shows a login and a password with each request (HTTP Basic), or an API key in the place of the password; tries are
//! counted as in signing in, and rights are held by the same table as on pages. No cookie is heard here, so no other site can
//! borrow a session for it. Every answer is XML, with the headers of the protocol.
//!
//! Deliberately absent: OpenRosa 1.1 and digest authentication, which Collect asks for only where it is offered.

mod forms;
mod household;
mod submission;

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::handler::Handler as _;
use axum::http::header::{
    AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, DATE, HeaderName, HeaderValue, WWW_AUTHENTICATE,
};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{head, post};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use people::staff::{Action, Viewer};

use crate::Shared;
use crate::error::WebError;
use crate::page::Page;
use crate::routes::{Rooms, Route, Who};
use crate::signed::Caller;
use crate::site::Site;

pub(crate) use household::typed;
pub(crate) use submission::skeleton;

/// So many bytes of a submission with its files are taken in one post.
const POST_BYTES_MAX: usize = 20 << 20;

const VERSION: (HeaderName, HeaderValue) = (
    HeaderName::from_static("x-openrosa-version"),
    HeaderValue::from_static("1.0"),
);

/// Whether phones ask here, by login and password.
pub(crate) fn hears(path: &str) -> bool {
    path.starts_with("/openrosa/")
}

/// Every route of the protocol with who may use it.
pub(crate) fn table() -> Vec<Route> {
    rooms().into_table()
}

pub(crate) fn routes(site: &Shared) -> Router<Shared> {
    rooms()
        .into_router()
        .layer(from_fn_with_state(Arc::clone(site), enter))
}

fn rooms() -> Rooms {
    let keep = Who::May(Action::KeepRegistry);
    let create = submission::create.layer(DefaultBodyLimit::max(POST_BYTES_MAX));
    Rooms::new()
        .get("/openrosa/formList", keep, forms::index)
        .get("/openrosa/forms/{id}", keep, forms::show)
        .get("/openrosa/forms/{id}/manifest", keep, forms::manifest)
        .at(
            Method::HEAD,
            "/openrosa/submission",
            keep,
            head(submission::probe),
        )
        .at(Method::POST, "/openrosa/submission", keep, post(create))
}

/// Finds out who asks, and turns every answer into one of the protocol.
async fn enter(State(site): State<Shared>, mut request: Request, next: Next) -> Response {
    let extensions = request.extensions();
    let known = extensions
        .get::<Page>()
        .cloned()
        .zip(extensions.get::<Caller>().cloned());
    let Some((page, caller)) = known else {
        return WebError::no_page().into_response();
    };
    let shown = basic(request.headers());
    let mut response = match identify(&site, caller, shown).await {
        Ok(caller) => {
            request.extensions_mut().insert(caller);
            next.run(request).await
        }
        Err(error) => error.into_response(),
    };
    if let Some(mut error) = response.extensions_mut().remove::<WebError>() {
        if let Some(entry) = error.take_denied() {
            site.staff.note(entry).await;
        }
        let (status, text) = error.in_text(&page);
        response = message(status, &text);
    }
    let is_unknown = response.status() == StatusCode::UNAUTHORIZED;
    let headers = response.headers_mut();
    headers.insert(VERSION.0, VERSION.1);
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let now = site.clock.now().strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    headers.extend(HeaderValue::from_str(&now).map(|now| (DATE, now)));
    if is_unknown {
        let challenge = HeaderValue::from_static("Basic realm=\"Fishpond\", charset=\"UTF-8\"");
        headers.insert(WWW_AUTHENTICATE, challenge);
    }
    response
}

/// Whoever a request comes from: by API key as everywhere, else by login and password; nobody where it shows neither.
async fn identify(site: &Site, known: Caller, shown: Option<(String, String)>) -> Result<Caller, WebError> {
    let address = known.address;
    let viewer = match shown {
        _ if known.viewer.scopes.is_some() => known.viewer,
        None => Viewer::nobody(),
        Some((login, password)) => {
            site.front.within_limit(address.as_deref())?;
            let seen = site
                .staff
                .viewer_by_password(&login, &password, address.as_deref());
            seen.await.map_err(|refusal| match refusal.code {
                "staff.sign_in_failed" => WebError::with_status(StatusCode::UNAUTHORIZED, refusal),
                _ => refusal.into(),
            })?
        }
    };
    Ok(Caller {
        viewer,
        token: None,
        address,
    })
}

/// Login and password of a request.
fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let said = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, both) = said.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let both = String::from_utf8(BASE64.decode(both.trim()).ok()?).ok()?;
    let (login, password) = both.split_once(':')?;
    Some((login.to_owned(), password.to_owned()))
}

#[derive(Template)]
#[template(path = "openrosa/message.xml")]
struct Message<'a> {
    text: &'a str,
}

/// An answer in words, as the protocol has it.
fn message(status: StatusCode, text: &str) -> Response {
    match xml(&Message { text }) {
        Ok(mut response) => {
            *response.status_mut() = status;
            response
        }
        Err(_) => status.into_response(),
    }
}

fn xml(view: &impl Template) -> Result<Response, WebError> {
    let body = view
        .render()
        .map_err(|error| kernel::Refusal::broken("web.page_failed", &error))?;
    Ok(([(CONTENT_TYPE, "text/xml; charset=utf-8")], body).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn login_and_password_stand_before_and_after_the_first_colon() {
        let said = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(AUTHORIZATION, text.parse().unwrap());
            basic(&headers)
        };
        let both = |login: &str, password: &str| Some((login.to_owned(), password.to_owned()));
        assert_eq!(said("Basic Z3U6YTpi"), both("gu", "a:b"));
        assert_eq!(said("basic 5Y+kOuS4vQ=="), both("古", "丽"));
        for none in ["Bearer fp_x", "Basic", "Basic !", "Basic Z3U=", "Digest Z3U6YTpi"] {
            assert_eq!(said(none), None, "{none}");
        }
    }
}
