//! The way in and out of every request: who asks for what, kept pages, refusals as pages, headers.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, HeaderValue};
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::Response;
use tower::ServiceExt as _;

use crate::cache::{Effort, Keep, Packed, PageCache};
use crate::caller::Route;
use crate::error::WebError;
use crate::headers;
use crate::page::Page;
use crate::site::Site;

/// A page is never longer, in bytes.
const PAGE_BYTES_MAX: usize = 8 << 20;
/// Ask again each time; the ETag makes that cheap.
const REVALIDATE: &str = "no-cache";

#[derive(Clone)]
struct House {
    site: Arc<Site>,
    rooms: Router,
    cache: Arc<PageCache>,
}

/// Puts the door before the routes of all modules.
pub(crate) fn before(site: Arc<Site>, rooms: Router) -> Router {
    let cache = Arc::default();
    Router::new()
        .fallback(enter)
        .with_state(House { site, rooms, cache })
}

async fn enter(State(house): State<House>, request: Request) -> Response {
    let uri = request.uri();
    let number = house.site.ids.next().simple().to_string();
    let page = Page::of(
        &house.site,
        uri.path(),
        uri.query().unwrap_or_default(),
        request.headers(),
        number,
    );
    let asked = request.headers().clone();
    let is_head = request.method() == Method::HEAD;
    let mut response = answer(&house, request, &page, &asked).await;
    headers::put(response.headers_mut(), &page.request_id);
    if is_head {
        *response.body_mut() = Body::empty();
    }
    response
}

async fn answer(house: &House, request: Request, page: &Page, asked: &HeaderMap) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let key = format!("{} {} {}?{}", page.lang, page.theme.tag(), page.path, page.query);
    if reads
        && !page.wants_json
        && let Some(kept) = house.cache.get(&key)
    {
        return kept.answer(asked, REVALIDATE);
    }
    let mut response = inside(house, request, page).await;
    let route = response.extensions_mut().remove::<Route>();
    if let Some(error) = error_of(&mut response) {
        response = error.answer(page);
    }
    let keep =
        reads && response.status() == StatusCode::OK && response.extensions_mut().remove::<Keep>().is_some();
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
    if keep {
        house.cache.keep(key, &packed);
        return packed.answer(asked, REVALIDATE);
    }
    // A page that is nobody else's, or that says no: never kept, and sent whole.
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
async fn inside(house: &House, mut request: Request, page: &Page) -> Response {
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
    let is_page = response
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    carried.or_else(|| {
        (failed && !is_page && status != StatusCode::RANGE_NOT_SATISFIABLE)
            .then(|| WebError::of_status(status))
    })
}
