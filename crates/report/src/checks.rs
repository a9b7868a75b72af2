//! Is everything that was kept still what was kept? The checks of the data, the same for the command line and the pages,
//! and their run as a job with its result kept.

use std::time::Duration;

use kernel::{Done, Lang, Refusal, Text};
use lake::Lake;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Claim, Ctx, JobId, JobState, Jobs, Store};

/// The kind of the jobs.
pub const CHECK_JOB: &str = "data.check";
/// How long a silent worker keeps its job.
pub const CHECK_LEASE: Duration = Duration::from_mins(5);
/// Findings that are kept with a job.
const KEPT_MAX: usize = 200;

/// What the checks found.
#[derive(Clone, Debug)]
pub struct Checked {
    /// Facts of the journal.
    pub facts: u64,
    /// What is not sound.
    pub findings: Vec<Refusal>,
}

/// What a job of checks found, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckResult {
    /// Facts of the journal.
    pub facts: u64,
    /// How many findings there were.
    pub count: usize,
    /// The first of them.
    pub findings: Vec<KeptFinding>,
}

/// One finding, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptFinding {
    /// Stable code.
    pub code: String,
    /// Where.
    pub at: Option<String>,
    /// What is wrong.
    pub message: Text,
}

/// Checks the journal, the documents, the lake (chain, segments, rollups) and the books.
///
/// # Errors
/// What kept it from looking.
pub async fn check_data(store: &Store, lake: &Lake) -> Result<Checked, Refusal> {
    let facts = store.verify_facts().await?;
    let mut findings: Vec<Refusal> = facts
        .findings
        .iter()
        .map(store::FactFinding::to_refusal)
        .collect();
    findings.extend(store.documents().check().await?);
    findings.extend(lake.check().await?);
    findings.extend(books::check(store).await?);
    Ok(Checked {
        facts: u64::try_from(facts.facts).unwrap_or_default(),
        findings,
    })
}

/// Asks for a run of the checks. One that waits or runs already is answered.
///
/// # Errors
/// What the store gives.
pub async fn ask_check(ctx: &mut Ctx) -> Result<Done<JobId>, Refusal> {
    let before = Jobs::newest_in(ctx, CHECK_JOB).await?;
    let key = match before {
        Some(job) if matches!(job.state, JobState::Waiting | JobState::Running) => {
            return Ok(Done::Already(job.id));
        }
        Some(job) => job.id.to_string(),
        None => "first".to_owned(),
    };
    Jobs::enqueue(ctx, CHECK_JOB, &key, &json!({})).await
}

/// Runs the checks of a claimed job and keeps what they found.
///
/// # Errors
/// What the store gives; why the checks could not look stands in the job.
pub async fn work_check(store: &Store, lake: &Lake, claim: &Claim) -> Result<(), Refusal> {
    let jobs = store.jobs();
    jobs.progress(claim, 0, 1).await?;
    let checked = match check_data(store, lake).await {
        Ok(checked) => checked,
        Err(refusal) => return jobs.fail(claim, refusal.code, None).await,
    };
    let result = CheckResult {
        facts: checked.facts,
        count: checked.findings.len(),
        findings: checked.findings.iter().take(KEPT_MAX).map(kept).collect(),
    };
    let result = serde_json::to_value(&result).map_err(|error| Refusal::broken("store.bad_json", &error))?;
    jobs.progress(claim, 1, 1).await?;
    jobs.finish_with(claim, &result).await
}

fn kept(finding: &Refusal) -> KeptFinding {
    KeptFinding {
        code: finding.code.to_owned(),
        at: finding.at.clone(),
        message: Text::new(finding.message(Lang::Zh), finding.message(Lang::En)),
    }
}
