//! Making a draft as a job: asked for by a person, worked off by the server, submitted in that person's name.
//!
//! The draft is submitted and the job ended in one transaction, so a worker that dies is followed by one that makes the
//! draft anew, and never by a second draft.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use kernel::{Actor, Done, Fault, Period, Refusal};
use serde_json::{Value, json};
use store::{Claim, Ctx, JobId, Jobs, args};
use tokio::task::JoinSet;

use super::commands::{not_opened, require_open, submit_for_review};
use super::draft::{DRAFT_STAGES, DraftInput, make_draft};
use super::repo;

/// The kind of the jobs.
pub const DRAFT_JOB: &str = "periods.draft";
/// How long a silent worker keeps its job.
pub const DRAFT_LEASE: Duration = Duration::from_mins(2);
/// Progress is written this often.
const BEAT: Duration = Duration::from_secs(2);

/// The key of the job that makes the next draft of a period which has had so many.
#[must_use]
pub fn draft_key(period: Period, version: i64, drafts: usize) -> String {
    format!("{period} v{version} {drafts}")
}

/// Asks for the next draft of a period, to be submitted by whoever asks.
///
/// # Errors
/// `periods.not_opened`, `periods.in_review`, `periods.already_published`; what the store gives.
pub async fn ask_draft(ctx: &mut Ctx, period: Period) -> Result<Done<JobId>, Refusal> {
    let row = repo::find(ctx, period).await?.ok_or_else(|| not_opened(period))?;
    require_open(&row)?;
    let drafts = ctx.rows(repo::DRAFTS, args![period.to_string()]).await?.len();
    let by = ctx.actor().clone();
    let payload = json!({ "period": period, "by": by.id, "role": by.role.as_str() });
    Jobs::enqueue(ctx, DRAFT_JOB, &draft_key(period, row.version, drafts), &payload).await
}

/// The period a claimed job is about.
///
/// # Errors
/// Where the job does not name one.
pub fn period_of(claim: &Claim) -> Result<Period, Refusal> {
    text(&claim.payload, "period").parse()
}

/// Makes the draft of a claimed job and submits it. Needs a runtime of several threads.
///
/// # Errors
/// What the store gives; why the draft could not be made stands in the job.
pub async fn work_draft(claim: &Claim, input: DraftInput<'_>) -> Result<(), Refusal> {
    let jobs = input.store.jobs();
    match make_and_submit(&jobs, claim, input).await {
        Err(refusal) if refusal.code == "store.lease_lost" => Ok(()),
        Err(refusal) => {
            if refusal.fault == Fault::Broken {
                tracing::error!(code = refusal.code, context = refusal.context(), "draft job");
            }
            jobs.fail(claim, refusal.code, None).await
        }
        Ok(()) => Ok(()),
    }
}

async fn make_and_submit(jobs: &Jobs, claim: &Claim, input: DraftInput<'_>) -> Result<(), Refusal> {
    let by = Actor::new(text(&claim.payload, "by"), text(&claim.payload, "role").parse()?);
    let stage = Arc::new(AtomicU64::new(0));
    // Dropped with this call, however it ends, and its task with it.
    let mut beating = JoinSet::new();
    beating.spawn(beat(jobs.clone(), claim.clone(), Arc::clone(&stage)));
    let kept = make_draft(input, &|done, _| stage.store(done, Ordering::Relaxed)).await?;
    let (claim, period) = (claim.clone(), input.period);
    input
        .store
        .write(by, move |ctx| {
            Box::pin(async move {
                let _now_or_already = submit_for_review(ctx, period, kept).await?;
                Jobs::finish_in(ctx, &claim).await
            })
        })
        .await
}

/// Writes the progress, and so renews the lease, until it is stopped or the lease is lost.
async fn beat(jobs: Jobs, claim: Claim, stage: Arc<AtomicU64>) {
    let total = i64::try_from(DRAFT_STAGES).unwrap_or_default();
    let mut ticks = tokio::time::interval(BEAT);
    loop {
        ticks.tick().await;
        let done = i64::try_from(stage.load(Ordering::Relaxed)).unwrap_or(total);
        match jobs.progress(&claim, done, total).await {
            Err(refusal) if refusal.code == "store.lease_lost" => return,
            // The next beat tries again; the lease outlasts many of them.
            _ => {}
        }
    }
}

fn text<'a>(payload: &'a Value, name: &str) -> &'a str {
    payload.get(name).and_then(Value::as_str).unwrap_or_default()
}
