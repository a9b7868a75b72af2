//! `/periods`: the life of each period's report, for those who prepare it.

use axum::http::StatusCode;
use kernel::{Done, Fault, Period, Refusal};
use report::periods::{self, PublishDraft, ReviewDraft, Verdict};
use serde_json::json;
use store::JobId;

use super::call::{Answer, Call, Outcome, made, ok, to_json};
use crate::desk::workshop;
use crate::site::Site;

pub(super) async fn index(call: Call) -> Outcome {
    let periods = periods::list(&call.site.store).await?;
    ok(json!({ "items": to_json(&periods)? }))
}

pub(super) async fn show(call: Call) -> Outcome {
    let period: Period = call.parsed("period")?;
    let history = periods::by_period(&call.site.store, period).await?;
    ok(to_json(&history.ok_or_else(|| not_opened(period))?)?)
}

fn not_opened(period: Period) -> Refusal {
    Refusal::new("periods.not_opened", Fault::Missing).value(period)
}

pub(super) async fn open(call: Call) -> Outcome {
    let period: Period = call.parsed("period")?;
    let actor = call.actor()?;
    let opened: Result<Done<()>, Refusal> = call
        .site
        .store
        .write(actor, move |ctx| Box::pin(periods::open_period(ctx, period)))
        .await;
    let now = opened?.is_now();
    let href = format!("/api/v1/periods/{period}");
    made(now, json!({ "period": period, "now": now, "href": href }))
}

/// Asks for a draft, which a worker makes and submits in the name of whoever asks.
pub(super) async fn draft(call: Call) -> Outcome {
    let period: Period = call.parsed("period")?;
    let workshop = workshop(&call.site)?;
    let asked: Result<Done<JobId>, Refusal> = call
        .site
        .store
        .write(call.actor()?, move |ctx| {
            Box::pin(periods::ask_draft(ctx, period))
        })
        .await;
    let asked = asked?;
    workshop.wake.notify_one();
    let status = if asked.is_now() {
        StatusCode::ACCEPTED
    } else {
        StatusCode::OK
    };
    let job = asked.into_inner();
    let href = format!("/api/v1/jobs/{job}");
    Ok(Answer::Json(
        status,
        json!({ "period": period, "job": job, "href": href }),
    ))
}

pub(super) async fn review(call: Call) -> Outcome {
    let period: Period = call.parsed("period")?;
    let said = ReviewDraft {
        period,
        draft: call.text("draft").parse()?,
        verdict: match call.text("verdict") {
            "approved" => Verdict::Approved,
            _ => Verdict::SentBack {
                reason: call.text("reason").to_owned(),
            },
        },
    };
    let reviewed: Result<Done<()>, Refusal> = call
        .site
        .store
        .write(call.actor()?, move |ctx| Box::pin(periods::review(ctx, said)))
        .await;
    history(&call.site, period, reviewed?.is_now()).await
}

/// Publishes a draft; the public pages show it with the answer.
pub(super) async fn publish(call: Call) -> Outcome {
    let period: Period = call.parsed("period")?;
    let wish = PublishDraft {
        period,
        draft: call.text("draft").parse()?,
    };
    let published: Result<Done<i64>, Refusal> = call
        .site
        .store
        .write(call.actor()?, move |ctx| Box::pin(periods::publish(ctx, wish)))
        .await;
    let published = published?;
    call.site.reload().await?;
    history(&call.site, period, published.is_now()).await
}

pub(super) async fn correct(call: Call) -> Outcome {
    let period: Period = call.parsed("period")?;
    let reason = call.text("reason").to_owned();
    let opened: Result<Done<i64>, Refusal> = call
        .site
        .store
        .write(call.actor()?, move |ctx| {
            Box::pin(async move { periods::open_correction(ctx, period, &reason).await })
        })
        .await;
    history(&call.site, period, opened?.is_now()).await
}

/// What became of a period, as the answer to a command on it.
async fn history(site: &Site, period: Period, now: bool) -> Outcome {
    let history = periods::by_period(&site.store, period).await?;
    made(now, to_json(&history.ok_or_else(|| not_opened(period))?)?)
}
