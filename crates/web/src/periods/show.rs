//! One period: where it stands, what may be done next, its drafts with their reviews, its versions.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use people::staff::Action;
use report::periods::{
    self, APPROVALS, DRAFT_JOB, DraftWithReviews, PeriodHistory, PeriodState, Review, Verdict, Version,
};
use serde_json::json;
use store::Job;

use super::{history_of, path_of, state_words};
use crate::Shared;
use crate::desk::{self, Names, Running};
use crate::error::WebError;
use crate::layout::{self, Crumb};
use crate::page::Page;
use crate::signed::Signed;
use crate::site::Site;

struct ReviewView {
    by: String,
    at: String,
    said: String,
    tone: &'static str,
    reason: String,
}

struct DraftView {
    href: String,
    version: i64,
    by: String,
    at: String,
    reviews: Vec<ReviewView>,
}

struct VersionView {
    href: String,
    number: i64,
    by: String,
    at: String,
    reason: String,
}

/// What the viewer may do next.
#[derive(Default)]
struct Steps {
    /// `draft` or `correction`, where one may be begun.
    begin: &'static str,
    /// Why a draft in review is not for this viewer to review.
    no_review: String,
    review: bool,
    publish: bool,
}

#[derive(Template)]
#[template(path = "periods/show.html")]
struct ShowPage {
    page: Page,
    crumbs: Vec<Crumb>,
    title: String,
    state: String,
    tone: &'static str,
    version: String,
    reason: String,
    base: String,
    /// The draft in review.
    draft: String,
    draft_href: String,
    approvals: String,
    steps: Steps,
    running: Option<Running>,
    job_error: String,
    drafts: Vec<DraftView>,
    versions: Vec<VersionView>,
}

/// The job that makes the next draft, where one was asked for.
async fn job_of(site: &Site, history: &PeriodHistory) -> Result<Option<Job>, WebError> {
    let report = &history.report;
    let key = periods::draft_key(report.period, report.version, history.drafts.len());
    Ok(site.store.jobs().by_key(DRAFT_JOB, &key).await?)
}

pub(super) async fn show(
    State(site): State<Shared>,
    Path(period): Path<String>,
    signed: Signed,
) -> Result<Response, WebError> {
    signed.require(Action::ViewPreparing, None)?;
    let history = history_of(&site, &period).await?;
    let (page, names) = (signed.page.clone(), Names::of(&site).await?);
    let report = &history.report;
    let job = job_of(&site, &history).await?;
    let is_running = job.as_ref().is_some_and(desk::is_running);
    let (key, tone) = state_words(&report.state);
    let in_review = match &report.state {
        PeriodState::InReview { draft, reviews } => Some((draft, reviews)),
        _ => None,
    };
    let base = page.href(&path_of(report.period));
    // A draft is of the whole country; for who sees less it is not there, and nothing leads to it.
    let sees_drafts = signed.viewer.may_everywhere(Action::ViewPreparing);
    let (have, need) = (in_review.map_or(0, |(_, reviews)| reviews.len()), APPROVALS);
    let view = ShowPage {
        crumbs: vec![
            Crumb::new(page.href("/staff/periods"), page.w.get("nav.periods")),
            Crumb::new(base.clone(), report.period.title(page.lang)),
        ],
        title: report.period.title(page.lang),
        state: page.w.get(key).to_owned(),
        tone,
        version: page
            .w
            .fill("periods.version", &[("n", &report.version.to_string())]),
        reason: report.reason.clone().unwrap_or_default(),
        draft: in_review.map_or_else(String::new, |(draft, _)| draft.id.to_string()),
        draft_href: in_review
            .filter(|_| sees_drafts)
            .map_or_else(String::new, |(draft, _)| format!("{base}/drafts/{}", draft.id)),
        approvals: page.w.fill(
            "periods.approvals",
            &[("have", &have.to_string()), ("need", &need.to_string())],
        ),
        steps: steps(&signed, &history, is_running),
        running: job.as_ref().filter(|_| is_running).map(|job| Running {
            poll_href: format!("{base}/progress"),
            done: job.progress_done,
            total: job.progress_total,
            text: stage_words(job.progress_done, job.progress_total, &page),
        }),
        job_error: job.map_or_else(String::new, |job| desk::job_view(&job, &names, &page).error),
        drafts: draft_views(&history, sees_drafts, &base, &names, &page),
        versions: history
            .versions
            .iter()
            .map(|version| version_view(version, &names, &page))
            .collect(),
        base,
        page,
    };
    layout::html(&view)
}

fn steps(signed: &Signed, history: &PeriodHistory, is_running: bool) -> Steps {
    let may = |action| signed.viewer.may(action, None);
    match &history.report.state {
        PeriodState::Open => Steps {
            begin: if !is_running && may(Action::OpenPeriod) {
                "draft"
            } else {
                ""
            },
            ..Steps::default()
        },
        PeriodState::InReview { draft, reviews } => {
            let me = signed.user.to_string();
            let no_review = if draft.submitted_by == me {
                "periods.own_draft"
            } else if reviews.iter().any(|review| review.by == me) {
                "periods.reviewed"
            } else {
                ""
            };
            let reviewer = may(Action::ReviewPeriod);
            Steps {
                review: reviewer && no_review.is_empty(),
                no_review: if reviewer && !no_review.is_empty() {
                    signed.page.w.get(no_review).to_owned()
                } else {
                    String::new()
                },
                publish: reviews.len() >= APPROVALS && may(Action::PublishPeriod),
                ..Steps::default()
            }
        }
        PeriodState::Published { .. } => Steps {
            begin: if may(Action::CorrectPeriod) {
                "correction"
            } else {
                ""
            },
            ..Steps::default()
        },
    }
}

/// The drafts; where they are not to be seen, without the ways to them.
fn draft_views(
    history: &PeriodHistory,
    sees_drafts: bool,
    base: &str,
    names: &Names,
    page: &Page,
) -> Vec<DraftView> {
    let view = |draft: &DraftWithReviews| {
        let view = draft_view(draft, base, names, page);
        let href = if sees_drafts { view.href } else { String::new() };
        DraftView { href, ..view }
    };
    history.drafts.iter().map(view).collect()
}

fn draft_view(draft: &DraftWithReviews, base: &str, names: &Names, page: &Page) -> DraftView {
    DraftView {
        href: format!("{base}/drafts/{}", draft.draft.id),
        version: draft.draft.version,
        by: names.get(&draft.draft.submitted_by),
        at: desk::instant(draft.draft.submitted_at),
        reviews: draft
            .reviews
            .iter()
            .map(|review| review_view(review, names, page))
            .collect(),
    }
}

fn review_view(review: &Review, names: &Names, page: &Page) -> ReviewView {
    let (key, tone) = match review.verdict {
        Verdict::Approved => ("periods.approved", "good"),
        Verdict::SentBack { .. } => ("periods.sent_back", "bad"),
    };
    ReviewView {
        by: names.get(&review.by),
        at: desk::instant(review.at),
        said: page.w.get(key).to_owned(),
        tone,
        reason: review.verdict.reason().unwrap_or_default().to_owned(),
    }
}

fn version_view(version: &Version, names: &Names, page: &Page) -> VersionView {
    VersionView {
        href: page.href(&format!(
            "/reports/{}/versions/{}",
            version.period, version.number
        )),
        number: version.number,
        by: names.get(&version.published_by),
        at: desk::instant(version.published_at),
        reason: version.reason.clone().unwrap_or_default(),
    }
}

/// How far the draft is, for the script of the page.
pub(super) async fn progress(
    State(site): State<Shared>,
    Path(period): Path<String>,
    signed: Signed,
) -> Result<Response, WebError> {
    signed.require(Action::ViewPreparing, None)?;
    let history = history_of(&site, &period).await?;
    let job = job_of(&site, &history).await?;
    let (done, total) = job
        .as_ref()
        .map_or((0, 0), |job| (job.progress_done, job.progress_total));
    let said = json!({
        "running": job.as_ref().is_some_and(desk::is_running),
        "done": done,
        "total": total,
        "text": stage_words(done, total, &signed.page),
    });
    Ok(([(CONTENT_TYPE, "application/json")], said.to_string()).into_response())
}

fn stage_words(done: i64, total: i64, page: &Page) -> String {
    page.w.fill(
        "jobs.step",
        &[("done", &done.to_string()), ("total", &total.to_string())],
    )
}
