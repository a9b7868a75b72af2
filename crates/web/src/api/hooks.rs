//! `/webhooks`: who is told what happens, and whether the messages came.

use axum::http::StatusCode;
use kernel::Done;
use serde_json::{Value, json};
use webhooks::{NewSubscription, SubscriptionId};

use super::call::{Answer, Call, Outcome, made, ok, to_json};
use super::paging::{Window, next_link};

pub(super) async fn index(call: Call) -> Outcome {
    ok(json!({ "items": to_json(&call.site.webhooks.subscriptions().await?)? }))
}

/// Makes a subscription; its secret is shown this once.
pub(super) async fn create(call: Call) -> Outcome {
    let events = call.said.get("events").and_then(Value::as_array);
    let events = events.into_iter().flatten().filter_map(Value::as_str);
    let new = NewSubscription {
        url: call.text("url").to_owned(),
        events: events.map(str::to_owned).collect(),
    };
    let subscribed = call.site.webhooks.subscribe(call.actor()?, new).await?;
    let webhook = to_json(&call.site.webhooks.subscription(subscribed.id).await?)?;
    made(true, json!({ "webhook": webhook, "secret": subscribed.secret }))
}

pub(super) async fn show(call: Call) -> Outcome {
    let id: SubscriptionId = call.parsed("webhook")?;
    ok(to_json(&call.site.webhooks.subscription(id).await?)?)
}

pub(super) async fn remove(call: Call) -> Outcome {
    let id: SubscriptionId = call.parsed("webhook")?;
    let removed: Done<()> = call.site.webhooks.remove(call.actor()?, id).await?;
    ok(json!({ "id": id, "now": removed.is_now() }))
}

/// Sends a message that says nothing happened.
pub(super) async fn test(call: Call) -> Outcome {
    let id: SubscriptionId = call.parsed("webhook")?;
    let delivery = call.site.webhooks.test(call.actor()?, id).await?;
    let href = format!("/api/v1/webhooks/{id}/deliveries");
    let answer = json!({ "delivery": delivery, "href": href });
    Ok(Answer::Json(StatusCode::ACCEPTED, answer))
}

pub(super) async fn enable(call: Call) -> Outcome {
    let id: SubscriptionId = call.parsed("webhook")?;
    let _now_or_already: Done<()> = call.site.webhooks.enable(call.actor()?, id).await?;
    ok(to_json(&call.site.webhooks.subscription(id).await?)?)
}

pub(super) async fn deliveries(call: Call) -> Outcome {
    let (window, id) = (Window::of(&call)?, call.parsed::<SubscriptionId>("webhook")?);
    let hooks = &call.site.webhooks;
    hooks.subscription(id).await?;
    let limit = i64::try_from(window.limit + 1).unwrap_or(i64::MAX);
    let rows = hooks.deliveries(id, window.after_as()?, limit).await?;
    let (rows, next) = window.trim(rows, |delivery| delivery.id.to_string());
    ok(json!({ "items": to_json(&rows)?, "next": next_link(&call, next.as_ref()) }))
}
