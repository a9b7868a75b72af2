//! What the pages of staff share: the workshop, names of people, instants and jobs in words.

use std::collections::BTreeMap;

use jiff::Timestamp;
use kernel::catalogue;
use people::staff;
use store::{Job, JobState};

use crate::error::WebError;
use crate::page::Page;
use crate::site::Site;
use crate::workshop::Workshop;

/// The workshop; without one there are no such pages.
pub(crate) fn workshop(site: &Site) -> Result<&Workshop, WebError> {
    site.workshop.as_ref().ok_or_else(WebError::missing)
}

/// What people of the staff are called, by their ids.
pub(crate) struct Names(BTreeMap<String, String>);

impl Names {
    pub(crate) async fn of(site: &Site) -> Result<Self, WebError> {
        let users = staff::users(&mut site.store.read().await?).await?;
        let name = |user: staff::User| (user.id.to_string(), user.display_name);
        Ok(Self(users.into_iter().map(name).collect()))
    }

    /// The name, or the id where it is nobody's of the staff. Of `role:id` the id counts.
    pub(crate) fn get(&self, id: &str) -> String {
        let bare = id.split_once(':').map_or(id, |(_, bare)| bare);
        self.0.get(bare).cloned().unwrap_or_else(|| bare.to_owned())
    }
}

/// Day and minute in China, where the programme is at home.
pub(crate) fn instant(at: Timestamp) -> String {
    let there = jiff::tz::Offset::constant(8).to_datetime(at);
    there.strftime("%Y-%m-%d %H:%M").to_string()
}

/// The same of an instant that is kept in microseconds.
pub(crate) fn instant_of_micros(micros: i64) -> String {
    Timestamp::from_microsecond(micros).map_or_else(|_| String::new(), instant)
}

/// Work that goes on: how far it is, and where a script asks how far it is later.
pub(crate) struct Running {
    pub poll_href: String,
    pub done: i64,
    pub total: i64,
    pub text: String,
}

/// A job as a page shows it.
pub(crate) struct JobView {
    pub kind: String,
    /// Where what came of it stands in full; empty where there is no such page.
    pub href: String,
    pub about: String,
    pub state: String,
    /// `good`, `bad`, `open` or nothing.
    pub tone: &'static str,
    pub done: i64,
    pub total: i64,
    pub is_running: bool,
    pub attempts: i64,
    pub error: String,
    pub asked_by: String,
    pub asked_at: String,
    pub changed_at: String,
}

/// A job in words.
pub(crate) fn job_view(job: &Job, names: &Names, page: &Page) -> JobView {
    let kind = match job.kind.as_str() {
        "sales.import" => "jobs.kind_import",
        "periods.draft" => "jobs.kind_draft",
        "data.check" => "jobs.kind_check",
        webhooks::DELIVERY_JOB => "jobs.kind_webhook",
        _ => "",
    };
    let (state, tone) = match job.state {
        JobState::Waiting => ("jobs.waiting", "open"),
        JobState::Running => ("jobs.running", "open"),
        JobState::Finished => ("jobs.finished", "good"),
        JobState::Failed => ("jobs.failed", "bad"),
    };
    JobView {
        kind: if kind.is_empty() {
            job.kind.clone()
        } else {
            page.w.get(kind).to_owned()
        },
        href: page_of(job).map_or_else(String::new, |path| page.href(&path)),
        about: period_of(job).unwrap_or_default().to_owned(),
        state: page.w.get(state).to_owned(),
        tone,
        done: job.progress_done,
        total: job.progress_total,
        is_running: is_running(job),
        attempts: job.attempts,
        error: job
            .error_code
            .as_deref()
            .map_or_else(String::new, |code| said(code, job, page)),
        asked_by: names.get(&job.asked_by),
        asked_at: instant(job.asked_at),
        changed_at: instant(job.changed_at),
    }
}

/// What a job failed for. Only the code is kept: where its sentence lacks words, the page of the file has all of it.
fn said(code: &str, job: &Job, page: &Page) -> String {
    let sentence = catalogue::say(code, page.lang);
    match (sentence.contains('…'), upload_of(job)) {
        (false, _) => sentence,
        (true, Some(_)) => page.w.get("jobs.see_file").to_owned(),
        (true, None) => code.to_owned(),
    }
}

/// The file that a job imports.
pub(crate) fn upload_of(job: &Job) -> Option<&str> {
    job.payload.get("upload").and_then(serde_json::Value::as_str)
}

/// The page of what a job works on.
fn page_of(job: &Job) -> Option<String> {
    let upload = upload_of(job).map(|id| format!("/staff/intake/{id}"));
    upload.or_else(|| period_of(job).map(|id| format!("/staff/periods/{id}")))
}

/// Whether a job is still to end.
pub(crate) fn is_running(job: &Job) -> bool {
    matches!(job.state, JobState::Waiting | JobState::Running)
}

/// The period that a job is about.
fn period_of(job: &Job) -> Option<&str> {
    job.payload.get("period").and_then(serde_json::Value::as_str)
}
