//! One's own passkeys: added by script, removed by a form.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use kernel::Done;
use people::staff::PasskeyId;
use serde_json::json;

use crate::Shared;
use crate::error::WebError;
use crate::layout;
use crate::signed::Signed;
use crate::signin::Sent;

pub(super) async fn options(State(site): State<Shared>, signed: Signed) -> Result<Response, WebError> {
    let rp = site.front.relying_party();
    let options = site.staff.begin_passkey(rp, signed.user).await?;
    Ok(layout::json(&options))
}

pub(super) async fn create(
    State(site): State<Shared>,
    signed: Signed,
    body: Bytes,
) -> Result<Response, WebError> {
    let (sent, rp) = (Sent::read(&body), site.front.relying_party());
    let (actor, user) = (signed.actor()?, signed.user);
    site.staff
        .add_passkey(rp, actor, user, &sent.name, &sent.answer)
        .await?;
    Ok(layout::json(&json!({ "location": signed.page.href("/account") })))
}

pub(super) async fn delete(
    State(site): State<Shared>,
    Path(id): Path<String>,
    signed: Signed,
) -> Result<Response, WebError> {
    let passkey: PasskeyId = id.parse().map_err(|_| WebError::missing())?;
    let removed = site.staff.remove_passkey(signed.actor()?, signed.user, passkey);
    let _removed: Done<()> = removed.await?;
    Ok(super::back_to(&signed.page))
}
