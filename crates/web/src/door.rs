//! The way in and out of every request: who asks for what and whether a page of ours sent it, kept pages, refusals as
//! pages and into the audit log, headers. Kept pages are for nobody only; whoever is signed in gets a fresh one.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, HeaderValue};
use axum::http::response::Parts;
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use kernel::Refusal;
use people::staff::Viewer;
use tower::ServiceExt as _;

use crate::cache::{Effort, Keep, Packed};
use crate::caller::RouteName;
use crate::csrf;
use crate::error::WebError;
use crate::front;
use crate::headers;
use crate::page::Page;
use crate::signed::Caller;
use crate::site::Site;

/// A page is never longer, in bytes.
const PAGE_BYTES_MAX: usize = 8 << 20;
/// Ask again each time; the ETag makes that cheap.
const REVALIDATE: &str = "no-cache";

#[derive(Clone)]
struct House {
    site: Arc<Site>,
    rooms: Router,
}

/// Puts the door before the routes of all modules.
pub(crate) fn before(site: Arc<Site>, rooms: Router) -> Router {
    Router::new().fallback(enter).with_state(House { site, rooms })
}

async fn enter(State(house): State<House>, request: Request) -> Response {
    let uri = request.uri();
    let number = house.site.ids.next().simple().to_string();
    let mut page = Page::of(
        &house.site,
        uri.path(),
        uri.query().unwrap_or_default(),
        request.headers(),
        number,
    );
    crate::api::adapt(&mut page, request.headers());
    let asked = request.headers().clone();
    let address = front::address(request.extensions());
    let is_head = request.method() == Method::HEAD;
    let mut response = match caller(&house.site, &asked, address).await {
        Ok(caller) => {
            page.welcome(&caller.viewer);
            answer(&house, request, &page, caller, &asked).await
        }
        Err(refusal) => WebError::from(refusal).answer(&page),
    };
    headers::put(response.headers_mut(), &page.request_id);
    if is_head {
        *response.body_mut() = Body::empty();
    }
    response
}

/// Who makes a request: by API key, by the cookie of a session, or nobody.
async fn caller(site: &Site, headers: &HeaderMap, address: Option<String>) -> Result<Caller, Refusal> {
    let key = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let key = key.and_then(|value| value.strip_prefix("Bearer "));
    let token = site.front.token(headers).filter(|_| key.is_none());
    let viewer = match (key, &token) {
        (Some(key), _) => site.staff.viewer_by_key(key).await?,
        (None, Some(token)) => site.staff.viewer(token).await?,
        (None, None) => Viewer::nobody(),
    };
    Ok(Caller {
        token: token.filter(|_| viewer.is_somebody()),
        address,
        viewer,
    })
}

async fn answer(house: &House, request: Request, page: &Page, caller: Caller, asked: &HeaderMap) -> Response {
    let is_nobody = !caller.viewer.is_somebody();
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let key = format!("{} {} {}?{}", page.lang, page.theme.tag(), page.path, page.query);
    let is_shared = reads && is_nobody && asks_as_anyone(page, asked);
    if is_shared && let Some(kept) = house.site.shown.pages.get(&key) {
        return kept.answer(asked, REVALIDATE);
    }
    let age = house.site.shown.pages.age();
    let mut response = inside(house, request, page, caller).await;
    let route = response.extensions_mut().remove::<RouteName>();
    if let Some(mut error) = error_of(&mut response) {
        if let Some(entry) = error.take_denied() {
            house.site.staff.note(entry).await;
        }
        response = error.answer(page);
    }
    if !is_nobody || !reads {
        let headers = response.headers_mut();
        headers
            .entry(CACHE_CONTROL)
            .or_insert(HeaderValue::from_static("no-store"));
    }
    let keep = response.extensions_mut().remove::<Keep>().filter(|_| is_shared);
    if let Some(Keep::Packed(mut packed)) = keep {
        packed.route = route;
        house.site.shown.pages.keep(key, &packed, age);
        return packed.answer(asked, REVALIDATE);
    }
    let is_html = response
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if !is_html || response.headers().contains_key(CONTENT_ENCODING) {
        if let Some(route) = route {
            response.extensions_mut().insert(route);
        }
        return response;
    }
    let (parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, PAGE_BYTES_MAX).await else {
        return WebError::no_page().answer(page);
    };
    let kind = HeaderValue::from_static("text/html; charset=utf-8");
    let mut packed = Packed::new(kind, bytes, Effort::Quick);
    packed.route = route;
    if keep.is_some() && parts.status == StatusCode::OK {
        house.site.shown.pages.keep(key, &packed, age);
        return packed.answer(asked, REVALIDATE);
    }
    sent_whole(&packed, &parts, asked)
}

/// Whether a request is answered as everyone's is: the API has an answer of its own to a wrong key, and a page to those who
/// want JSON.
fn asks_as_anyone(page: &Page, asked: &HeaderMap) -> bool {
    if crate::api::hears(&page.path) {
        !asked.contains_key(AUTHORIZATION)
    } else {
        !page.wants_json
    }
}

/// A page that is nobody else's, or that says no: never kept, and sent whole.
fn sent_whole(packed: &Packed, parts: &Parts, asked: &HeaderMap) -> Response {
    let mut whole = asked.clone();
    whole.remove(axum::http::header::IF_NONE_MATCH);
    let mut answer = packed.answer(&whole, "no-store");
    *answer.status_mut() = parts.status;
    for (name, value) in &parts.headers {
        if name != CONTENT_TYPE && name != CACHE_CONTROL && name != axum::http::header::CONTENT_LENGTH {
            answer.headers_mut().append(name, value.clone());
        }
    }
    answer
}

/// The request as the modules see it: without its language.
async fn inside(house: &House, request: Request, page: &Page, caller: Caller) -> Response {
    let checked = csrf::checked(&house.site.front, &caller.viewer, &page.path, request).await;
    let mut request = match checked {
        Ok(request) => request,
        Err(error) => return error.into_response(),
    };
    let rest = if page.query.is_empty() {
        page.path.clone()
    } else {
        format!("{}?{}", page.path, page.query)
    };
    match rest.parse::<PathAndQuery>() {
        Ok(rest) => *request.uri_mut() = Uri::from(rest),
        Err(_) => return WebError::missing().answer(page),
    }
    request.extensions_mut().insert(page.clone());
    request.extensions_mut().insert(caller);
    match house.rooms.clone().oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

/// The refusal an answer carries, or what a bare status of the framework means.
fn error_of(response: &mut Response) -> Option<WebError> {
    let carried = response.extensions_mut().remove::<WebError>();
    let status = response.status();
    let failed = status.is_client_error() || status.is_server_error();
    let is_page = response.headers().get(CONTENT_TYPE).is_some_and(|kind| {
        [
            "text/html",
            "application/problem+json",
            "application/json",
            "text/xml",
        ]
        .iter()
        .any(|answered| kind.as_bytes().starts_with(answered.as_bytes()))
    });
    carried.or_else(|| {
        (failed && !is_page && status != StatusCode::RANGE_NOT_SATISFIABLE)
            .then(|| WebError::of_status(status))
    })
}
