//! `/periods`: the life of each period's report, for those who prepare it.

use axum::http::StatusCode;
use kernel::{Done, Fault, Period, Refusal};
use report::periods;
use serde_json::json;

use super::call::{Answer, Call, Outcome, ok, to_json};

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
    let status = if opened?.is_now() {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    let answer = json!({
        "period": period,
        "now": status == StatusCode::CREATED,
        "href": format!("/api/v1/periods/{period}"),
    });
    Ok(Answer::Json(status, answer))
}
