//! Work for later: kept in the database, claimed under a lease, with progress that people can see.
//!
//! - A job is asked for in the transaction of the command that needs it, so neither can be there without the other.
//! - Its kind and key are unique together: asked twice, it is there once.
//! - A worker claims it for the length of a lease, and each report of progress begins the lease anew. When a worker
//!   dies, its lease runs out and the next claim takes the job over. So a job can begin more than once: what it does
//!   must be safe to repeat. Work that may stand only once is written together with [`Jobs::finish_in`].
//! - A worker whose lease was taken over is refused (`store.lease_lost`) and can no longer finish the job.

use std::str::FromStr;
use std::time::Duration;

use jiff::Timestamp;
use kernel::{Actor, Done, Fault, Refusal, typed_id};
use serde_json::Value;

use crate::args;
use crate::ctx::Ctx;
use crate::database::Reader;
use crate::error::bad_stored_json;
use crate::sql;
use crate::store::Store;
use crate::value::Row;

/// A job whose workers died this often is given up: it would take the next one down too.
const ATTEMPTS: i64 = 20;
const GAVE_UP: &str = "store.job_gave_up";

typed_id!(
    /// One job.
    JobId
);

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JobState {
    /// Asked for, and due at some instant.
    Waiting,
    /// Claimed by a worker.
    Running,
    /// Done.
    Finished,
    /// Given up; asking for it again starts it anew.
    Failed,
}

impl JobState {
    const ALL: [Self; 4] = [Self::Waiting, Self::Running, Self::Finished, Self::Failed];

    /// The name under which the state is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Finished => "finished",
            Self::Failed => "failed",
        }
    }
}

impl FromStr for JobState {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let found = Self::ALL.into_iter().find(|state| state.as_str() == text);
        found.ok_or_else(|| {
            Refusal::new("store.bad_column", Fault::Broken)
                .at("jobs.state")
                .value(text)
        })
    }
}

/// A job as people see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// What kind of work.
    pub kind: String,
    /// What makes it one of its kind.
    pub dedup_key: String,
    /// What the worker needs to know.
    pub payload: Value,
    /// Where it stands.
    pub state: JobState,
    /// Not before this instant.
    pub due_at: Timestamp,
    /// How often it was begun.
    pub attempts: i64,
    /// How much of it is done, in the worker's own measure.
    pub progress_done: i64,
    /// How much there is to do in all; 0 when not known yet.
    pub progress_total: i64,
    /// Why it failed last.
    pub error_code: Option<String>,
    /// What it found, where it is finished and had something to say.
    pub result: Option<Value>,
    /// Who asked for it.
    pub asked_by: String,
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// When anything about it changed last.
    pub changed_at: Timestamp,
}

/// A job that this worker holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The job.
    pub id: JobId,
    /// What the worker needs to know.
    pub payload: Value,
    /// The how-many-eth beginning this is, from 1.
    pub attempt: i64,
    lease: String,
    length: Duration,
}

/// The jobs of a store.
#[derive(Clone)]
pub struct Jobs {
    pub(crate) store: Store,
}

impl Jobs {
    pub(crate) fn new(store: Store) -> Self {
        Self { store }
    }

    /// Asks for a job in the transaction of a command. `Already` says that one of this kind and key is there; one
    /// that had failed is started anew with this payload.
    pub async fn enqueue(
        ctx: &mut Ctx,
        kind: &str,
        dedup_key: &str,
        payload: &Value,
    ) -> Result<Done<JobId>, Refusal> {
        let (payload, now, by) = (payload.to_string(), ctx.now(), ctx.actor().to_string());
        if let Some(before) = ctx.row(sql::JOB_BY_KEY, args![kind, dedup_key]).await? {
            let id: JobId = before.text("id")?.parse()?;
            if before.text("state")? != JobState::Failed.as_str() {
                return Ok(Done::Already(id));
            }
            ctx.execute_one(sql::JOB_START_AGAIN, args![id.as_uuid(), payload, now, by])
                .await?;
            return Ok(Done::Now(id));
        }
        let id = JobId::next(ctx.ids());
        ctx.execute_one(
            sql::JOB_INSERT,
            args![id.as_uuid(), kind, dedup_key, payload, now, by],
        )
        .await?;
        Ok(Done::Now(id))
    }

    /// Claims the job of a kind that has been due longest, or one whose lease has run out.
    pub async fn claim(&self, kind: &'static str, lease: Duration) -> Result<Option<Claim>, Refusal> {
        self.store
            .write(Actor::system(), move |ctx| Box::pin(claim(ctx, kind, lease)))
            .await
    }

    /// Reports how much is done and begins the lease anew. Refuses with `store.lease_lost` when another has it.
    pub async fn progress(&self, claim: &Claim, done: i64, total: i64) -> Result<(), Refusal> {
        let claim = claim.clone();
        self.store
            .write(Actor::system(), move |ctx| {
                let until = later(ctx.now(), claim.length);
                let args = args![claim.id.as_uuid(), claim.lease, done, total, until, ctx.now()];
                held(ctx, sql::JOB_PROGRESS, args)
            })
            .await
    }

    /// The job is done.
    pub async fn finish(&self, claim: &Claim) -> Result<(), Refusal> {
        let claim = claim.clone();
        self.store
            .write(Actor::system(), move |ctx| {
                let args = args![claim.id.as_uuid(), claim.lease, ctx.now()];
                held(ctx, sql::JOB_FINISH, args)
            })
            .await
    }

    /// The job is done, in the transaction that writes what it did: neither can be there without the other.
    pub async fn finish_in(ctx: &mut Ctx, claim: &Claim) -> Result<(), Refusal> {
        let args = args![claim.id.as_uuid(), &claim.lease, ctx.now()];
        held(ctx, sql::JOB_FINISH, args).await
    }

    /// The job is done and this is what it found.
    pub async fn finish_with(&self, claim: &Claim, result: &Value) -> Result<(), Refusal> {
        let (claim, result) = (claim.clone(), result.to_string());
        self.store
            .write(Actor::system(), move |ctx| {
                Box::pin(async move {
                    held(
                        ctx,
                        sql::JOB_RESULT,
                        args![claim.id.as_uuid(), &claim.lease, result],
                    )
                    .await?;
                    Self::finish_in(ctx, &claim).await
                })
            })
            .await
    }

    /// The job failed, with the code of the refusal: it is due again after a while, or given up.
    pub async fn fail(
        &self,
        claim: &Claim,
        code: &str,
        retry_after: Option<Duration>,
    ) -> Result<(), Refusal> {
        let (claim, code) = (claim.clone(), code.to_owned());
        self.store
            .write(Actor::system(), move |ctx| {
                let state = retry_after
                    .map_or(JobState::Failed, |_| JobState::Waiting)
                    .as_str();
                let due = later(ctx.now(), retry_after.unwrap_or_default());
                let args = args![claim.id.as_uuid(), claim.lease, state, code, due, ctx.now()];
                held(ctx, sql::JOB_FAIL, args)
            })
            .await
    }

    /// The job failed for good, in the transaction that writes down why.
    pub async fn fail_in(ctx: &mut Ctx, claim: &Claim, code: &str) -> Result<(), Refusal> {
        let (failed, now) = (JobState::Failed.as_str(), ctx.now());
        let args = args![claim.id.as_uuid(), &claim.lease, failed, code, now, now];
        held(ctx, sql::JOB_FAIL, args).await
    }

    /// One job as a command sees it, in the command's transaction.
    pub async fn find_in(ctx: &mut Ctx, id: JobId) -> Result<Option<Job>, Refusal> {
        let row = ctx.row(sql::JOB_BY_ID, args![id.as_uuid()]).await?;
        row.as_ref().map(Job::from_row).transpose()
    }

    /// The newest jobs, at most `limit` of them.
    pub async fn list(&self, limit: i64) -> Result<Vec<Job>, Refusal> {
        let rows = self
            .store
            .read()
            .await?
            .rows(sql::JOBS_NEWEST, args![limit])
            .await?;
        rows.iter().map(Job::from_row).collect()
    }

    /// The job of a kind that was first asked for last.
    pub async fn newest(&self, kind: &str) -> Result<Option<Job>, Refusal> {
        let mut reader = self.store.read().await?;
        let row = reader.row(sql::JOB_NEWEST, args![kind]).await?;
        row.as_ref().map(Job::from_row).transpose()
    }

    /// The same as a command sees it, in the command's transaction.
    pub async fn newest_in(ctx: &mut Ctx, kind: &str) -> Result<Option<Job>, Refusal> {
        let row = ctx.row(sql::JOB_NEWEST, args![kind]).await?;
        row.as_ref().map(Job::from_row).transpose()
    }

    /// The job of a kind and key.
    pub async fn by_key(&self, kind: &str, dedup_key: &str) -> Result<Option<Job>, Refusal> {
        let mut reader = self.store.read().await?;
        let row = reader.row(sql::JOB_OF_KEY, args![kind, dedup_key]).await?;
        row.as_ref().map(Job::from_row).transpose()
    }

    /// How many jobs are in each state; a state without any is left out.
    pub async fn counts(&self) -> Result<Vec<(String, i64)>, Refusal> {
        let mut reader = self.store.read().await?;
        let rows = reader.rows(sql::JOBS_BY_STATE, args![]).await?;
        rows.iter()
            .map(|row| Ok((row.text("state")?, row.int("jobs")?)))
            .collect()
    }

    /// One job.
    pub async fn by_id(&self, id: JobId) -> Result<Option<Job>, Refusal> {
        self.store.read().await?.job(id).await
    }
}

impl Reader {
    /// One job, in the snapshot of this reader.
    pub async fn job(&mut self, id: JobId) -> Result<Option<Job>, Refusal> {
        let row = self.row(sql::JOB_BY_ID, args![id.as_uuid()]).await?;
        row.as_ref().map(Job::from_row).transpose()
    }
}

async fn claim(ctx: &mut Ctx, kind: &str, length: Duration) -> Result<Option<Claim>, Refusal> {
    let now = ctx.now();
    ctx.execute(sql::JOBS_GIVE_UP, args![GAVE_UP, now, kind, ATTEMPTS])
        .await?;
    let sql = if ctx.is_postgres() {
        sql::POSTGRES_JOB_CLAIM
    } else {
        sql::SQLITE_JOB_CLAIM
    };
    let lease = ctx.new_id().to_string();
    let Some(row) = ctx.row(sql, args![&lease, later(now, length), now, kind]).await? else {
        return Ok(None);
    };
    let payload = row.text("payload")?;
    let payload = serde_json::from_str(&payload).map_err(|error| bad_stored_json("jobs.payload", &error))?;
    let (id, attempt) = (row.text("id")?.parse()?, row.int("attempts")?);
    Ok(Some(Claim {
        id,
        payload,
        attempt,
        lease,
        length,
    }))
}

/// Runs a statement that changes the one row this lease still holds.
fn held<'c>(
    ctx: &'c mut Ctx,
    sql: &'static str,
    args: Vec<crate::Arg>,
) -> futures::future::BoxFuture<'c, Result<(), Refusal>> {
    Box::pin(async move {
        match ctx.execute(sql, args).await? {
            0 => Err(Refusal::new("store.lease_lost", Fault::Refused)),
            _ => Ok(()),
        }
    })
}

fn later(now: Timestamp, by: Duration) -> Timestamp {
    now.saturating_add(by).unwrap_or(Timestamp::MAX)
}

impl Job {
    pub(crate) fn from_row(row: &Row) -> Result<Self, Refusal> {
        let payload = row.text("payload")?;
        let result = row.opt_text("result")?;
        Ok(Self {
            id: row.text("id")?.parse()?,
            kind: row.text("kind")?,
            dedup_key: row.text("dedup_key")?,
            payload: serde_json::from_str(&payload)
                .map_err(|error| bad_stored_json("jobs.payload", &error))?,
            state: row.text("state")?.parse()?,
            due_at: row.instant("due_at")?,
            attempts: row.int("attempts")?,
            progress_done: row.int("progress_done")?,
            progress_total: row.int("progress_total")?,
            error_code: row.opt_text("error_code")?,
            result: result
                .map(|result| serde_json::from_str(&result))
                .transpose()
                .map_err(|error| bad_stored_json("jobs.result", &error))?,
            asked_by: row.text("asked_by")?,
            asked_at: row.instant("asked_at")?,
            changed_at: row.instant("changed_at")?,
        })
    }
}
