//! Where order files are taken in and reports are made, and the tasks that work its jobs off.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use kernel::{Clock, Refusal};
use lake::Lake;
use lake::uploads::Uploads;
use report::checks::{self, CHECK_JOB, CHECK_LEASE};
use report::periods::{self, DRAFT_JOB, DRAFT_LEASE, DraftInput};
use report::{HalfYearReport, OutputFile, ReportKey, Sources};
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;

use crate::shelf::LOOK;
use crate::site::Site;

/// How long a worker without work waits before it looks again; a job asked for on a page wakes it at once.
const IDLE: Duration = Duration::from_secs(5);

/// Makes further files of a report, such as a PDF.
pub type MoreFiles = Box<dyn Fn(&HalfYearReport) -> Result<Vec<OutputFile>, Refusal> + Send + Sync>;

/// What imports and drafts are made with.
pub struct Workshop {
    /// Sales evidence.
    pub lake: Lake,
    /// Files that people send.
    pub uploads: Uploads,
    /// The folder of the programme.
    pub programme_dir: PathBuf,
    /// The key that signs.
    pub key: ReportKey,
    /// Further files that stand in a draft's signed folder.
    pub more_files: MoreFiles,
    /// A folder with room for packs while they are made.
    pub scratch: PathBuf,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Tells the workers that a job was asked for.
    pub wake: Notify,
}

/// Works the jobs off until `shutdown` comes: imports, drafts, checks; looks for what was published elsewhere, and sends webhooks. What is under way is finished first; a second
/// signal may kill it without harm. Needs a runtime of several threads.
pub async fn work(site: Arc<Site>, shutdown: impl Future<Output = ()>) {
    let (stop, stopped) = watch::channel(false);
    let mut workers = JoinSet::new();
    workers.spawn(run_imports(Arc::clone(&site), stopped.clone()));
    workers.spawn(run_desk_jobs(Arc::clone(&site), stopped.clone()));
    workers.spawn(look_for_publications(Arc::clone(&site), stopped.clone()));
    workers.spawn(run_exchange(Arc::clone(&site), stopped.clone()));
    workers.spawn(async move { site.webhooks.work(stopped).await });
    shutdown.await;
    // They may have ended already.
    let _ = stop.send(true);
    while workers.join_next().await.is_some() {}
}

async fn run_imports(site: Arc<Site>, mut stopped: watch::Receiver<bool>) {
    if let Some(workshop) = &site.workshop {
        let shutdown = async { drop(stopped.wait_for(|stop| *stop).await) };
        workshop.uploads.run_import_jobs(&site.programme, shutdown).await;
    }
}

async fn run_desk_jobs(site: Arc<Site>, mut stopped: watch::Receiver<bool>) {
    let Some(workshop) = &site.workshop else { return };
    loop {
        let pause = match work_one(&site, workshop).await {
            Ok(true) => Duration::ZERO,
            Ok(false) => IDLE,
            Err(refusal) => {
                tracing::error!(code = refusal.code, context = refusal.context(), "desk job");
                IDLE
            }
        };
        tokio::select! {
            biased;
            _ = stopped.wait_for(|stop| *stop) => return,
            () = tokio::time::sleep(pause) => {}
            () = workshop.wake.notified() => {}
        }
    }
}

/// Answers and tells partners.
async fn run_exchange(site: Arc<Site>, stopped: watch::Receiver<bool>) {
    if let Some(exchange) = &site.exchange {
        exchange.work(&site.webhooks, stopped).await;
    }
}

/// Shows what the command line or another server published.
async fn look_for_publications(site: Arc<Site>, mut stopped: watch::Receiver<bool>) {
    loop {
        tokio::select! {
            biased;
            _ = stopped.wait_for(|stop| *stop) => return,
            () = tokio::time::sleep(LOOK) => {}
        }
        if let Err(refusal) = site.look().await {
            tracing::error!(
                code = refusal.code,
                context = refusal.context(),
                "what is published"
            );
        }
    }
}

/// Works off one draft or one run of checks; `false` where none is due.
async fn work_one(site: &Site, workshop: &Workshop) -> Result<bool, Refusal> {
    let jobs = site.store.jobs();
    if let Some(claim) = jobs.claim(DRAFT_JOB, DRAFT_LEASE).await? {
        let input = DraftInput {
            store: &site.store,
            sources: Sources {
                lake: &workshop.lake,
                programme: &site.programme,
                programme_dir: &workshop.programme_dir,
                places: site.places,
                tables: &site.tables,
                key: &workshop.key,
            },
            period: periods::period_of(&claim)?,
            made_at: workshop.clock.now(),
            more_files: &*workshop.more_files,
            scratch: &workshop.scratch,
        };
        periods::work_draft(&claim, input).await?;
        return Ok(true);
    }
    if let Some(claim) = jobs.claim(CHECK_JOB, CHECK_LEASE).await? {
        checks::work_check(&site.store, &workshop.lake, &claim).await?;
        return Ok(true);
    }
    Ok(false)
}
