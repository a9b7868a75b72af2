//! `/api/v1`: the same figures, evidence and commands as the pages, as JSON for programs; `/api`: how to use it.
//!
//! ```text
//! request -> table   which endpoint; 405 with what is allowed
//!         -> gate    the key, the right, the shape of the parameters
//!         -> replay  a write with an Idempotency-Key that was answered before gets that answer
//!         -> run     the endpoint: one query or command, no rule of its own
//!         -> answer  JSON with an ETag, or a problem (RFC 9457) in the reader's language
//! ```
//! The conventions stand in `docs/api.md`. Deliberately absent: the own account, which no scope of a key allows.

mod audit;
mod body;
mod books;
mod call;
mod docs;
mod document;
mod examples;
mod examples_of_money;
mod figures;
mod fund;
mod gate;
mod hooks;
mod imports;
mod jobs;
mod paging;
mod params;
mod payments;
mod periods;
mod places;
mod problem;
mod programme;
mod replay;
mod repo;
mod reports;
mod root;
mod schemas;
mod shapes_of_money;
mod table;
mod uploads;
mod users;
mod words;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{RawPathParams, Request, State};
use axum::http::header::{ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::Response;
use axum::routing::{any, get};
use kernel::Lang;
use serde_json::Value;

use crate::Shared;
use crate::cache::{Effort, Keep, Packed};
use crate::page::Page;
use crate::routes::{Route, Who};
use call::{Answer, Call};
use problem::ApiError;
use replay::{Reservation, Seen};
use table::{ENDPOINTS, Endpoint, Verb};

const IDEMPOTENCY_KEY: &str = "idempotency-key";

pub(crate) fn routes() -> Router<Shared> {
    let mut paths: Vec<&'static str> = ENDPOINTS.iter().map(|endpoint| endpoint.path).collect();
    paths.sort_unstable();
    paths.dedup();
    let router = Router::new().route("/api", get(docs::show));
    paths.into_iter().fold(router, |router, path| {
        let answer =
            async move |State(site): State<Shared>, page: Page, parts: RawPathParams, request: Request| {
                match dispatch(path, site, page.clone(), &parts, request).await {
                    Ok(response) => response,
                    Err(error) => error.answer(&page),
                }
            };
        router.route(path, any(answer))
    })
}

/// Every endpoint with who may use it: the key of someone who may do it in the whole country.
pub(crate) fn table() -> Vec<Route> {
    let route = |endpoint: &Endpoint| Route {
        method: endpoint.verb.method(),
        path: endpoint.path,
        who: endpoint.needs.map_or(Who::Everyone, Who::May),
    };
    ENDPOINTS.iter().map(route).collect()
}

/// Whether machines ask here: nothing below `/api/` hears a cookie, so no other site can borrow a session for it.
pub(crate) fn hears(path: &str) -> bool {
    path.starts_with("/api/")
}

/// Machines ask below `/api/`: they get JSON whatever they accept, in the language of `?lang=` or `Accept-Language`.
pub(crate) fn adapt(page: &mut Page, headers: &HeaderMap) {
    if !hears(&page.path) {
        return;
    }
    page.wants_json = true;
    let accepted = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let accepted = accepted.unwrap_or_default().split(',');
    let mut accepted = accepted.filter_map(|tag| tag.split(';').next()?.parse::<Lang>().ok());
    let asked = params::lang_of(&page.param(params::LANG.name));
    page.lang = asked.or_else(|| accepted.next()).unwrap_or(page.lang);
    page.w = crate::words::WORDS.of(page.lang);
}

async fn dispatch(
    path: &'static str,
    site: Shared,
    page: Page,
    parts: &RawPathParams,
    request: Request,
) -> Result<Response, ApiError> {
    let endpoint = endpoint_of(path, request.method())?;
    let (head, body) = request.into_parts();
    let headers = head.headers;
    let viewer = gate::viewer(&site, &headers).await?;
    let actor = gate::admit(&site, &page, &viewer, endpoint).await?;
    let in_path = parts
        .iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let in_query = form_urlencoded::parse(page.query.as_bytes())
        .into_owned()
        .collect();
    let mut call = Call {
        site,
        page,
        actor,
        headers,
        in_path,
        in_query,
        body,
        said: Value::Null,
    };
    gate::require_shape(endpoint, &call.in_path, &call.in_query, &call.headers)?;
    let digest = body::take(endpoint.takes, &mut call).await?;
    let reserved = match (viewer.user, call.headers.get(IDEMPOTENCY_KEY)) {
        (Some(user), Some(key)) if endpoint.may_be_repeated() => {
            let address = format!("{}?{}", call.page.path, call.page.query);
            let print = replay::fingerprint(endpoint.verb.as_str(), &address, &digest);
            let key = key.to_str().unwrap_or_default();
            match replay::reserve(&call.site.store, user, key, print).await? {
                Seen::New(reservation) => Some(reservation),
                Seen::Before(status, value) => return Ok(sent_again(status, &value)),
            }
        }
        _ => None,
    };
    run(endpoint, call, reserved).await
}

fn endpoint_of(path: &str, method: &Method) -> Result<&'static Endpoint, ApiError> {
    let wanted = if method == Method::HEAD {
        "GET"
    } else {
        method.as_str()
    };
    let mut here = ENDPOINTS.iter().filter(|endpoint| endpoint.path == path);
    if let Some(found) = here.clone().find(|endpoint| endpoint.verb.as_str() == wanted) {
        return Ok(found);
    }
    let mut allowed: Vec<&str> = here.by_ref().map(|endpoint| endpoint.verb.as_str()).collect();
    if allowed.contains(&"GET") {
        allowed.push("HEAD");
    }
    Err(ApiError::method_not_allowed(&allowed.join(", ")))
}

/// Runs an endpoint; a reserved key keeps its answer of success.
async fn run(endpoint: &Endpoint, call: Call, reserved: Option<Reservation>) -> Result<Response, ApiError> {
    let (site, headers) = (Shared::clone(&call.site), call.headers.clone());
    let outcome = (endpoint.run)(call).await;
    if let Some(reservation) = reserved {
        let kept = match &outcome {
            Ok(Answer::Json(status, value)) => Some((*status, value.to_string())),
            _ => None,
        };
        replay::settle(&site.store, reservation, kept).await?;
    }
    Ok(match outcome? {
        Answer::Ready(response) => response,
        Answer::Json(status, value) if endpoint.verb == Verb::Get && status == StatusCode::OK => {
            tagged(&value, &headers, endpoint.needs.is_none())
        }
        Answer::Json(status, value) => plain(status, &value),
    })
}

/// JSON with an ETag, compressed as the reader can; 304 where it is known. The door keeps what is public.
fn tagged(value: &Value, headers: &HeaderMap, is_public: bool) -> Response {
    let kind = HeaderValue::from_static("application/json");
    let mut packed = Packed::new(kind, Bytes::from(value.to_string()), Effort::Quick);
    packed.vary = "accept-encoding, accept-language, authorization";
    if !is_public {
        return packed.answer(headers, "private, no-cache");
    }
    let mut response = packed.answer(headers, "no-cache");
    response.extensions_mut().insert(Keep::Packed(packed));
    response
}

fn plain(status: StatusCode, value: &Value) -> Response {
    let mut response = Response::new(Body::from(value.to_string()));
    *response.status_mut() = status;
    let put = response.headers_mut();
    put.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    put.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn sent_again(status: StatusCode, value: &Value) -> Response {
    let mut response = plain(status, value);
    let replayed = HeaderValue::from_static("true");
    response.headers_mut().insert("idempotency-replayed", replayed);
    response
}
