//! `/audit`: who saw or did what, and who was turned away, the newest first.

use people::staff::{AuditFilter, AuditRecord};
use serde_json::json;

use super::call::{Call, Outcome, ok, to_json};
use super::paging::{Window, next_link};

pub(super) async fn index(call: Call) -> Outcome {
    let window = Window::of(&call)?;
    let filter = AuditFilter {
        user: call.query("user").map(str::parse).transpose()?,
        action: call.query("action").map(str::to_owned),
        ..AuditFilter::default()
    };
    let before: Option<i64> = window.after_as()?;
    // What this very request noted stands on the next answer at the latest.
    call.site.staff.flush().await;
    let limit = i64::try_from(window.limit + 1).unwrap_or(i64::MAX);
    let mut reader = call.site.store.read().await?;
    let records = AuditRecord::page(&mut reader, &filter, before, limit).await?;
    let (records, next) = window.trim(records, |record| record.seq.to_string());
    ok(json!({ "items": to_json(&records)?, "next": next_link(&call, next.as_ref()) }))
}
