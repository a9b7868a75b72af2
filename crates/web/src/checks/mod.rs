//! `/staff/checks`: is everything that was kept still what was kept? `/staff/programme`: is the programme sound?

use askama::Template;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use kernel::{Done, Refusal};
use people::staff::Action;
use programme::{Finding, Programme};
use report::checks::{self, CHECK_JOB, CheckResult};
use serde_json::json;
use store::{Job, JobId};

use crate::Shared;
use crate::desk::{self, JobView, Names, Running};
use crate::error::WebError;
use crate::layout;
use crate::page::Page;
use crate::routes::{Rooms, Who};
use crate::signed::Signed;

pub(crate) fn routes() -> Rooms {
    let run = Who::May(Action::RunChecks);
    Rooms::new()
        .get("/staff/checks", run, index)
        .post("/staff/checks", run, create)
        .get("/staff/checks/progress", run, progress)
        .get("/staff/programme", Who::May(Action::CheckProgramme), programme)
}

/// Something that is not sound.
struct FindingView {
    at: String,
    message: String,
    code: String,
}

/// What the last run found.
struct ResultView {
    summary: String,
    findings: Vec<FindingView>,
    more: String,
}

#[derive(Template)]
#[template(path = "checks/index.html")]
struct IndexPage {
    page: Page,
    job: Option<JobView>,
    running: Option<Running>,
    result: Option<ResultView>,
}

async fn index(State(site): State<Shared>, signed: Signed) -> Result<Response, WebError> {
    signed.require(Action::RunChecks, None)?;
    let page = signed.page.clone();
    let job = site.store.jobs().newest(CHECK_JOB).await?;
    let result = job.as_ref().and_then(|job| result_of(job, &page));
    let names = Names::of(&site).await?;
    let view = IndexPage {
        running: job.as_ref().filter(|job| desk::is_running(job)).map(|_| Running {
            poll_href: page.href("/staff/checks/progress"),
            done: 0,
            total: 0,
            text: page.w.get("checks.running").to_owned(),
        }),
        job: job.map(|job| desk::job_view(&job, &names, &page)),
        result,
        page,
    };
    layout::html(&view)
}

fn result_of(job: &Job, page: &Page) -> Option<ResultView> {
    let result: CheckResult = serde_json::from_value(job.result.clone()?).ok()?;
    let facts = report::numbers::grouped(i64::try_from(result.facts).unwrap_or(i64::MAX));
    let count = result.count.to_string();
    let key = if result.count == 0 {
        "checks.sound"
    } else {
        "checks.found"
    };
    let more = result.count.saturating_sub(result.findings.len());
    Some(ResultView {
        summary: page.w.fill(key, &[("facts", &facts), ("n", &count)]),
        findings: result
            .findings
            .into_iter()
            .map(|finding| FindingView {
                at: finding.at.unwrap_or_default(),
                message: finding.message.get(page.lang).to_owned(),
                code: finding.code,
            })
            .collect(),
        more: if more == 0 {
            String::new()
        } else {
            page.w.fill("checks.more", &[("n", &more.to_string())])
        },
    })
}

/// Asks for a run of the checks.
async fn create(State(site): State<Shared>, signed: Signed) -> Result<Response, WebError> {
    let actor = signed.require(Action::RunChecks, None)?;
    let workshop = desk::workshop(&site)?;
    let asked: Result<Done<JobId>, Refusal> = site
        .store
        .write(actor, move |ctx| {
            Box::pin(async move { checks::ask_check(ctx).await })
        })
        .await;
    let _now_or_already = asked?;
    workshop.wake.notify_one();
    Ok(layout::see_other(signed.page.href("/staff/checks")))
}

/// Whether the run goes on, for the script of the page.
async fn progress(State(site): State<Shared>, signed: Signed) -> Result<Response, WebError> {
    signed.require(Action::RunChecks, None)?;
    let job = site.store.jobs().newest(CHECK_JOB).await?;
    let said = json!({
        "running": job.as_ref().is_some_and(desk::is_running),
        "done": 0,
        "total": 0,
        "text": signed.page.w.get("checks.running"),
    });
    Ok(([(CONTENT_TYPE, "application/json")], said.to_string()).into_response())
}

#[derive(Template)]
#[template(path = "checks/programme.html")]
struct ProgrammePage {
    page: Page,
    sound: String,
    findings: Vec<FindingView>,
}

/// What is wrong in the programme's folder now, by file and line.
async fn programme(State(site): State<Shared>, signed: Signed) -> Result<Response, WebError> {
    signed.require(Action::CheckProgramme, None)?;
    let folder = desk::workshop(&site)?.programme_dir.clone();
    let opened = tokio::task::spawn_blocking(move || Programme::open(&folder)).await;
    let opened = opened.map_err(|error| Refusal::broken("web.page_failed", &error))?;
    let page = signed.page.clone();
    let (sound, findings) = match opened {
        Ok(programme) => (sound_words(&programme, &page), Vec::new()),
        Err(findings) => (
            String::new(),
            findings
                .iter()
                .map(|finding| finding_view(finding, &page))
                .collect(),
        ),
    };
    layout::html(&ProgrammePage {
        page,
        sound,
        findings,
    })
}

fn sound_words(programme: &Programme, page: &Page) -> String {
    page.w.fill(
        "checks.programme_sound",
        &[
            ("layouts", &programme.layouts.len().to_string()),
            ("figures", &programme.figures.len().to_string()),
        ],
    )
}

fn finding_view(finding: &Finding, page: &Page) -> FindingView {
    FindingView {
        at: if finding.line == 0 {
            finding.file.clone()
        } else {
            format!("{}:{}", finding.file, finding.line)
        },
        message: finding.text.get(page.lang).to_owned(),
        code: finding.code.to_owned(),
    }
}
