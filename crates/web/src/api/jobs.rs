//! `/jobs`: work for later and how far it is.

use kernel::{Fault, Refusal};
use serde_json::{Value, json};
use store::{Job, JobId};

use super::call::{Call, Outcome, ok};
use super::paging::{Window, next_link};

/// The list reaches so far back.
const NEWEST: i64 = 1_000;

pub(super) async fn index(call: Call) -> Outcome {
    let window = Window::of(&call)?;
    let jobs = call.site.store.jobs().list(NEWEST).await?;
    let (jobs, next) = window.cut(jobs, |job| job.id.to_string())?;
    let items: Vec<Value> = jobs.iter().map(view).collect();
    ok(json!({ "items": items, "next": next_link(&call, next.as_ref()) }))
}

pub(super) async fn show(call: Call) -> Outcome {
    let id: JobId = call.parsed("job")?;
    let job = call.site.store.jobs().by_id(id).await?;
    let job = job.ok_or_else(|| Refusal::new("api.no_such_job", Fault::Missing).value(id))?;
    ok(view(&job))
}

fn view(job: &Job) -> Value {
    json!({
        "id": job.id,
        "kind": job.kind,
        "state": job.state.as_str(),
        "attempts": job.attempts,
        "done": job.progress_done,
        "total": job.progress_total,
        "error_code": job.error_code,
        "asked_by": job.asked_by,
        "asked_at": job.asked_at,
        "due_at": job.due_at,
        "changed_at": job.changed_at,
    })
}
