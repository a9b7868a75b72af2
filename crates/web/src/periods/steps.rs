//! What is done with a period: a draft is asked for, reviewed, published; a correction is opened. Each is one command,
//! and what it is refused for is said with the page's address to go back to.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use kernel::{Done, Period, Refusal};
use people::staff::Action;
use report::periods::{self, DraftId, PublishDraft, ReviewDraft, Verdict};
use store::JobId;

use super::path_of;
use crate::Shared;
use crate::desk;
use crate::error::WebError;
use crate::form::Fields;
use crate::layout;
use crate::signed::Signed;

fn period_of(text: &str) -> Result<Period, WebError> {
    text.parse().map_err(|_| WebError::missing())
}

fn draft_of(fields: &Fields) -> Result<DraftId, Refusal> {
    fields.get("draft").parse()
}

/// Asks for a draft, which a worker makes and submits in the name of whoever asks.
pub(super) async fn draft(
    State(site): State<Shared>,
    Path(period): Path<String>,
    signed: Signed,
) -> Result<Response, WebError> {
    let actor = signed.require(Action::OpenPeriod, None)?;
    let (period, workshop) = (period_of(&period)?, desk::workshop(&site)?);
    let asked: Result<Done<JobId>, Refusal> = site
        .store
        .write(actor, move |ctx| {
            Box::pin(async move { periods::ask_draft(ctx, period).await })
        })
        .await;
    let _now_or_already = asked.map_err(WebError::conflict)?;
    workshop.wake.notify_one();
    Ok(layout::see_other(signed.page.href(&path_of(period))))
}

/// Approves a draft or sends it back.
pub(super) async fn review(
    State(site): State<Shared>,
    Path(period): Path<String>,
    signed: Signed,
    body: Bytes,
) -> Result<Response, WebError> {
    let actor = signed.require(Action::ReviewPeriod, None)?;
    let (period, fields) = (period_of(&period)?, Fields::parse(&body));
    let said = ReviewDraft {
        period,
        draft: draft_of(&fields)?,
        verdict: match fields.get("verdict") {
            "approved" => Verdict::Approved,
            "sent_back" => Verdict::SentBack {
                reason: fields.get("reason").to_owned(),
            },
            _ => return Err(WebError::of_status(axum::http::StatusCode::BAD_REQUEST)),
        },
    };
    let reviewed: Result<Done<()>, Refusal> = site
        .store
        .write(actor, move |ctx| {
            Box::pin(async move { periods::review(ctx, said).await })
        })
        .await;
    let _now_or_already = reviewed?;
    Ok(layout::see_other(signed.page.href(&path_of(period))))
}

/// Publishes a draft; the public pages show it with the answer.
pub(super) async fn publish(
    State(site): State<Shared>,
    Path(period): Path<String>,
    signed: Signed,
    body: Bytes,
) -> Result<Response, WebError> {
    let actor = signed.require(Action::PublishPeriod, None)?;
    let period = period_of(&period)?;
    let wish = PublishDraft {
        period,
        draft: draft_of(&Fields::parse(&body))?,
    };
    let published: Result<Done<i64>, Refusal> = site
        .store
        .write(actor, move |ctx| {
            Box::pin(async move { periods::publish(ctx, wish).await })
        })
        .await;
    let _now_or_already = published?;
    site.reload().await?;
    Ok(layout::see_other(signed.page.href(&path_of(period))))
}

/// Opens the next version, with the reason that will stand on it.
pub(super) async fn correct(
    State(site): State<Shared>,
    Path(period): Path<String>,
    signed: Signed,
    body: Bytes,
) -> Result<Response, WebError> {
    let actor = signed.require(Action::CorrectPeriod, None)?;
    let period = period_of(&period)?;
    let reason = Fields::parse(&body).get("reason").to_owned();
    let opened: Result<Done<i64>, Refusal> = site
        .store
        .write(actor, move |ctx| {
            Box::pin(async move { periods::open_correction(ctx, period, &reason).await })
        })
        .await;
    let _now_or_already = opened?;
    Ok(layout::see_other(signed.page.href(&path_of(period))))
}
