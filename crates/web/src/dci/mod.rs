//! `/dci/v1/registry`: other systems ask the registry and are told what happens, by the DCI social registry interface.
//!
//! No session is heard here. Who asks is known by the signature of the message, which [`exchange`] holds against the key of a
//! partner; for what is answered at once, an API key will do. What is wrong with a message is said in the words of the standard.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use axum::routing::post;
use exchange::{Answer, Asked, Kind};
use serde_json::json;

use crate::Shared;
use crate::error::WebError;
use crate::page::Page;
use crate::routes::{Route, Who};
use crate::signed::Caller;

/// So much of a message is read, in bytes.
const MESSAGE_BYTES_MAX: usize = 256 << 10;

/// Every address with what is asked there, and whether it is answered at once.
const ADDRESSES: [(&str, Kind, bool); 6] = [
    ("/dci/v1/registry/sync/search", Kind::Search, true),
    ("/dci/v1/registry/sync/txn/status", Kind::TxnStatus, true),
    ("/dci/v1/registry/search", Kind::Search, false),
    ("/dci/v1/registry/txn/status", Kind::TxnStatus, false),
    ("/dci/v1/registry/subscribe", Kind::Subscribe, false),
    ("/dci/v1/registry/unsubscribe", Kind::Unsubscribe, false),
];

pub(crate) fn routes() -> Router<Shared> {
    ADDRESSES
        .into_iter()
        .fold(Router::new(), |router, (path, kind, is_sync)| {
            let take =
                async move |State(site): State<Shared>, page: Page, caller: Caller, request: Request| {
                    match take(&site, (kind, is_sync), &page, &caller, request.into_body()).await {
                        Ok(answer) => said(&answer),
                        Err(error) => error.answer(&page),
                    }
                };
            router.route(path, post(take))
        })
}

/// Every address; everyone may ask, and is known by what they send.
pub(crate) fn table() -> Vec<Route> {
    let routes = ADDRESSES.into_iter().map(|(path, ..)| Route {
        method: Method::POST,
        path,
        who: Who::Everyone,
    });
    routes.collect()
}

/// Whether partners ask here.
pub(crate) fn hears(path: &str) -> bool {
    path.starts_with("/dci/")
}

async fn take(
    site: &Shared,
    (kind, is_sync): (Kind, bool),
    page: &Page,
    caller: &Caller,
    body: Body,
) -> Result<Answer, WebError> {
    let exchange = site.exchange.as_ref().ok_or_else(WebError::missing)?;
    let Ok(bytes) = to_bytes(body, MESSAGE_BYTES_MAX).await else {
        return Ok(Answer {
            status: StatusCode::PAYLOAD_TOO_LARGE.as_u16(),
            body: errors(
                "err.request.bad",
                "the message is larger than 256 KiB, or broke off",
            ),
        });
    };
    let asked = Asked {
        kind,
        is_sync,
        body: &bytes,
        viewer: &caller.viewer,
        request_id: &page.request_id,
        address: caller.address.as_deref(),
    };
    match exchange.take(asked).await {
        Ok(answer) => Ok(answer),
        Err(refusal) => {
            let (code, number) = (refusal.code, &page.request_id);
            tracing::error!(code, request = %number, context = refusal.context(), "broken");
            Ok(Answer {
                status: StatusCode::INTERNAL_SERVER_ERROR.as_u16(),
                body: errors(
                    "err.service.unavailable",
                    &format!("something broke here, request {number}"),
                ),
            })
        }
    }
}

fn errors(code: &str, message: &str) -> serde_json::Value {
    json!({ "errors": [{ "code": code, "message": message }] })
}

fn said(answer: &Answer) -> Response {
    let mut response = Response::new(Body::from(answer.body.to_string()));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
