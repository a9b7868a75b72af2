//! What is done with a batch: prepared, approved, given up, its file let out. Each is one command; what it is refused for is
//! said on the batch's own page.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderValue;
use axum::http::header::CACHE_CONTROL;
use axum::response::Response;
use finance::payments::BatchWithLines;
use kernel::{Actor, Done, Fault, Refusal};
use people::staff::Action;

use super::batch::{Refused, refused};
use super::{batch_of, path_of};
use crate::Shared;
use crate::error::WebError;
use crate::files::file;
use crate::form::Fields;
use crate::layout;
use crate::signed::Signed;
use crate::site::Site;

/// Closes a draft to changes.
pub(super) async fn prepare(
    State(site): State<Shared>,
    Path(id): Path<String>,
    signed: Signed,
) -> Result<Response, WebError> {
    let (found, actor) = on_batch(&site, &signed, &id, Action::PreparePayments).await?;
    let done = site.payments.prepare(actor, found.batch.id).await;
    back(&site, &signed, &found, done.map(drop)).await
}

/// Approves a batch, as one of two.
pub(super) async fn approve(
    State(site): State<Shared>,
    Path(id): Path<String>,
    signed: Signed,
) -> Result<Response, WebError> {
    let (found, actor) = on_batch(&site, &signed, &id, Action::ApprovePayments).await?;
    let done = site.payments.approve(actor, found.batch.id).await;
    back(&site, &signed, &found, done.map(drop)).await
}

/// Gives a batch up: whoever may prepare it, and whoever was to approve it and will not.
pub(super) async fn cancel(
    State(site): State<Shared>,
    Path(id): Path<String>,
    signed: Signed,
    body: Bytes,
) -> Result<Response, WebError> {
    let found = batch_of(&site, &signed, &id).await?;
    let action = if signed.may_at(Action::ApprovePayments, found.batch.place) {
        Action::ApprovePayments
    } else {
        Action::PreparePayments
    };
    let actor = signed.require_at(action, found.batch.place)?;
    let reason = Fields::parse(&body).get("reason").to_owned();
    let done = site.payments.cancel(actor, found.batch.id, &reason).await;
    back(&site, &signed, &found, done.map(drop)).await
}

/// The file for the bank. It names people and their accounts, so no cache keeps it.
pub(super) async fn bank_file(
    State(site): State<Shared>,
    Path(id): Path<String>,
    signed: Signed,
) -> Result<Response, WebError> {
    let (found, actor) = on_batch(&site, &signed, &id, Action::SettlePayments).await?;
    let written = site.payments.write_file(actor, found.batch.id).await;
    match written.map(Done::into_inner) {
        Ok(written) => {
            let mut response = file(&written.name, "application/xml", written.bytes);
            let private = HeaderValue::from_static("no-store");
            response.headers_mut().insert(CACHE_CONTROL, private);
            Ok(response)
        }
        Err(refusal) => back(&site, &signed, &found, Err(refusal)).await,
    }
}

async fn on_batch(
    site: &Site,
    signed: &Signed,
    id: &str,
    action: Action,
) -> Result<(BatchWithLines, Actor), WebError> {
    let found = batch_of(site, signed, id).await?;
    let actor = signed.require_at(action, found.batch.place)?;
    Ok((found, actor))
}

/// On to the batch, with what was refused where it was.
async fn back(
    site: &Site,
    signed: &Signed,
    found: &BatchWithLines,
    done: Result<(), Refusal>,
) -> Result<Response, WebError> {
    match done {
        Ok(()) => Ok(layout::see_other(signed.page.href(&path_of(found.batch.id)))),
        Err(refusal) if refusal.fault == Fault::Broken => Err(refusal.into()),
        Err(refusal) => {
            let why = Refused {
                typed: Fields::default(),
                refusal,
                of_line: false,
            };
            refused(site, signed, found, why).await
        }
    }
}
