//! `/payments`: batches of payments, names and account numbers masked, and their approval.

use finance::payments::{self, BatchId};
use people::staff::PlaceFilter;
use serde_json::json;

use super::call::{Call, Outcome, made, ok, to_json};
use super::paging::{Window, next_link};

/// The newest first. The table lets in who may see those of the whole country, and nobody else.
pub(super) async fn index(call: Call) -> Outcome {
    let window = Window::of(&call)?;
    let (before, limit) = (window.after_as()?, window.limit + 1);
    let batches = payments::newest(&call.site.store, &PlaceFilter::All, before, limit).await?;
    let (batches, next) = window.trim(batches, |batch| batch.id.to_string());
    ok(json!({ "items": to_json(&batches)?, "next": next_link(&call, next.as_ref()) }))
}

pub(super) async fn show(call: Call) -> Outcome {
    let id: BatchId = call.parsed("batch")?;
    ok(to_json(&payments::by_id(&call.site.store, id).await?)?)
}

/// One of the two approvals; whoever had a hand in the batch is refused as on the pages.
pub(super) async fn approve(call: Call) -> Outcome {
    let id: BatchId = call.parsed("batch")?;
    let approved = call.site.payments.approve(call.actor()?, id).await?;
    let batch = payments::by_id(&call.site.store, id).await?;
    made(approved.is_now(), to_json(&batch)?)
}
