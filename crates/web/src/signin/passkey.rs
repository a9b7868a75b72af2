//! Passkeys at the door: options for the browser, and its answer, as JSON.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse as _, Response};
use people::staff::SignedIn;
use serde_json::{Value, json};

use super::{HOME, enter, way_in};
use crate::Shared;
use crate::error::WebError;
use crate::layout;
use crate::page::Page;
use crate::signed::Caller;
use crate::site::Site;

/// What a script sends: the browser's answer, and what stood in the form.
pub(crate) struct Sent {
    /// What the passkey is to be called.
    pub name: String,
    /// The browser's answer, JSON.
    pub answer: String,
    back: String,
}

impl Sent {
    pub(crate) fn read(body: &Bytes) -> Self {
        // What is no JSON has no fields, and the desk refuses it.
        let sent: Value = serde_json::from_slice(body).unwrap_or_default();
        let text = |key: &str| {
            sent.get(key)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        Self {
            name: text("name"),
            answer: sent.get("answer").map(Value::to_string).unwrap_or_default(),
            back: text("back"),
        }
    }
}

pub(super) async fn options(State(site): State<Shared>, caller: Caller) -> Result<Response, WebError> {
    site.front.within_limit(caller.address.as_deref())?;
    let options = site
        .staff
        .begin_passkey_sign_in(site.front.relying_party())
        .await?;
    Ok(layout::json(&options))
}

pub(super) async fn create(
    State(site): State<Shared>,
    page: Page,
    caller: Caller,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, WebError> {
    site.front.within_limit(caller.address.as_deref())?;
    let sent = Sent::read(&body);
    let address = caller.address.as_deref();
    let rp = site.front.relying_party();
    let signed_in = site.staff.sign_in_with_passkey(rp, &sent.answer, address).await?;
    let href = way_in(&page, &sent.back);
    welcome(&site, &headers, &signed_in, href).await
}

pub(super) async fn options_by_link(
    State(site): State<Shared>,
    Path(secret): Path<String>,
    caller: Caller,
) -> Result<Response, WebError> {
    site.front.within_limit(caller.address.as_deref())?;
    let options = site
        .staff
        .begin_passkey_by_link(site.front.relying_party(), &secret)
        .await?;
    Ok(layout::json(&options))
}

pub(super) async fn create_by_link(
    State(site): State<Shared>,
    Path(secret): Path<String>,
    page: Page,
    caller: Caller,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, WebError> {
    site.front.within_limit(caller.address.as_deref())?;
    let sent = Sent::read(&body);
    let (rp, address) = (site.front.relying_party(), caller.address.as_deref());
    let added = site
        .staff
        .add_passkey_by_link(rp, &secret, &sent.name, &sent.answer, address);
    let signed_in = added.await?;
    welcome(&site, &headers, &signed_in, page.href(HOME)).await
}

async fn welcome(
    site: &Site,
    headers: &HeaderMap,
    signed_in: &SignedIn,
    href: String,
) -> Result<Response, WebError> {
    let cookie = enter(site, headers, signed_in).await?;
    Ok(([(SET_COOKIE, cookie)], layout::json(&json!({ "location": href }))).into_response())
}
