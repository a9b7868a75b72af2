//! Works the import jobs off.
//!
//! While a file is read, a task of its own writes the progress to the job and renews the lease; the reading itself
//! keeps its thread busy. What the import wrote and the end of the job are two transactions: a worker that dies
//! between them is followed by one whose import answers that the file is in the lake, which ends the job the same way.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use kernel::{Actor, Fault, Refusal};
use programme::Programme;
use store::{Claim, Jobs};
use tokio::task::JoinSet;

use super::model::{Failure, Upload, UploadId, UploadState};
use super::receive::by_name;
use super::{JOB_KIND, Uploads, repo};

/// How long a silent worker keeps its job.
const LEASE: Duration = Duration::from_mins(1);
/// Progress is written no more often than this.
const BEAT: Duration = Duration::from_millis(500);
/// Beats after which the lease is renewed though nothing moved.
const BEATS_SILENT_MAX: u32 = 40;
/// How long a worker without work waits before it looks again; a new job of this process wakes it at once.
const IDLE: Duration = Duration::from_secs(5);
/// Another import is under way; it will end.
const BUSY_WAIT: Duration = Duration::from_secs(5);
/// We are at fault (no room, no database): once more after a while, then it is said.
const BROKEN_WAIT: Duration = Duration::from_mins(1);
/// Beginnings of a job after which our own faults are said too.
const BROKEN_ATTEMPTS: i64 = 3;

/// How far the import is.
#[derive(Debug, Default)]
struct Moved {
    done: AtomicU64,
    total: AtomicU64,
}

impl Uploads {
    /// Works jobs off until `shutdown` comes. A job under way is finished first; a second signal may kill it without
    /// harm. Needs a runtime of several threads.
    pub async fn run_import_jobs(&self, programme: &Programme, shutdown: impl Future<Output = ()>) {
        tokio::pin!(shutdown);
        loop {
            let pause = match self.work_one(programme).await {
                Ok(true) => Duration::ZERO,
                Ok(false) => IDLE,
                Err(refusal) => {
                    tracing::error!(code = refusal.code, context = refusal.context(), "import job");
                    IDLE
                }
            };
            tokio::select! {
                biased;
                () = &mut shutdown => return,
                () = tokio::time::sleep(pause) => {}
                () = self.wake.notified() => {}
            }
        }
    }

    /// Works off the job that has been due longest; `false` where there is none.
    ///
    /// # Errors
    /// What the store gave. Why an import was refused stands in its upload.
    pub async fn work_one(&self, programme: &Programme) -> Result<bool, Refusal> {
        let jobs = self.lake.store.jobs();
        let Some(claim) = jobs.claim(JOB_KIND, LEASE).await? else {
            return Ok(false);
        };
        match self.work(&jobs, &claim, programme).await {
            // The lease ran out and another worker has the job now.
            Err(refusal) if refusal.code == "store.lease_lost" => Ok(true),
            worked => worked.map(|()| true),
        }
    }

    async fn work(&self, jobs: &Jobs, claim: &Claim, programme: &Programme) -> Result<(), Refusal> {
        let id = claim.payload.get("upload").and_then(serde_json::Value::as_str);
        let id: UploadId = id.unwrap_or_default().parse()?;
        let upload = self.by_id(id).await?;
        let gone = |upload: &Upload| {
            matches!(
                upload.state,
                UploadState::Imported { .. } | UploadState::Discarded { .. }
            )
        };
        let Some(upload) = upload.filter(|upload| !gone(upload)) else {
            return jobs.finish(claim).await;
        };
        match self.import(jobs, claim, &upload, programme).await {
            Ok(import_id) => self.imported(claim, &upload, import_id).await,
            Err(refusal) => match wait_of(&refusal, claim) {
                Some(wait) => jobs.fail(claim, refusal.code, Some(wait)).await,
                None => self.failed(claim, &upload, refusal).await,
            },
        }
    }

    /// Imports the file; gives the id of the import.
    async fn import(
        &self,
        jobs: &Jobs,
        claim: &Claim,
        upload: &Upload,
        programme: &Programme,
    ) -> Result<String, Refusal> {
        let layout = programme.layout(&upload.layout)?;
        let file = self.open_file(upload)?;
        let actor = Actor::new(&upload.uploaded_by, upload.uploaded_role.parse()?);
        let moved = Arc::new(Moved::default());
        // Dropped with this call, however it ends, and its task with it.
        let mut beating = JoinSet::new();
        beating.spawn(beat(jobs.clone(), claim.clone(), Arc::clone(&moved)));
        let progress = |done: u64, total: u64| {
            moved.total.store(total, Ordering::Relaxed);
            moved.done.store(done, Ordering::Relaxed);
        };
        let imported = self
            .lake
            .import_file(actor, &upload.within, layout, &file, &progress)
            .await;
        let imported = imported.map_err(|refusal| by_name(refusal, &file.path, &upload.file_name))?;
        Ok(imported.import.id)
    }

    async fn imported(&self, claim: &Claim, upload: &Upload, import_id: String) -> Result<(), Refusal> {
        let (claim, id) = (claim.clone(), upload.id);
        let ended: Result<(), Refusal> = self
            .lake
            .store
            .write(Actor::system(), move |ctx| {
                Box::pin(async move {
                    Jobs::finish_in(ctx, &claim).await?;
                    repo::end(ctx, id, Some(&import_id), None).await
                })
            })
            .await;
        ended?;
        self.remove(upload.id);
        Ok(())
    }

    async fn failed(&self, claim: &Claim, upload: &Upload, refusal: Refusal) -> Result<(), Refusal> {
        if let Some(context) = refusal.context() {
            tracing::error!(code = refusal.code, context, "import job");
        }
        let (claim, id) = (claim.clone(), upload.id);
        self.lake
            .store
            .write(Actor::system(), move |ctx| {
                Box::pin(async move {
                    Jobs::fail_in(ctx, &claim, refusal.code).await?;
                    repo::end(ctx, id, None, Some(&Failure::of(&refusal))).await
                })
            })
            .await
    }
}

/// After how long the job is tried again; never where the file itself is at fault.
fn wait_of(refusal: &Refusal, claim: &Claim) -> Option<Duration> {
    if refusal.code == "lake.import_running" {
        return Some(BUSY_WAIT);
    }
    (refusal.fault == Fault::Broken && claim.attempt < BROKEN_ATTEMPTS).then_some(BROKEN_WAIT)
}

/// Writes the progress until it is stopped, or the lease is lost.
async fn beat(jobs: Jobs, claim: Claim, moved: Arc<Moved>) {
    let count = |number: &AtomicU64| i64::try_from(number.load(Ordering::Relaxed)).unwrap_or(i64::MAX);
    let mut ticks = tokio::time::interval(BEAT);
    let (mut written, mut silent) = ((0, 0), 0);
    loop {
        ticks.tick().await;
        let now = (count(&moved.done), count(&moved.total));
        silent += 1;
        if now == written && silent < BEATS_SILENT_MAX {
            continue;
        }
        (written, silent) = (now, 0);
        match jobs.progress(&claim, now.0, now.1).await {
            Err(refusal) if refusal.code == "store.lease_lost" => return,
            // The next beat tries again; the lease outlasts many of them.
            _ => {}
        }
    }
}
