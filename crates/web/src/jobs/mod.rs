//! `/staff/jobs`: what the workers do, did and could not do, the newest first.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use people::staff::Action;

use crate::Shared;
use crate::desk::{self, JobView, Names};
use crate::error::WebError;
use crate::layout;
use crate::page::Page;
use crate::routes::{Rooms, Who};
use crate::signed::Signed;

/// Jobs on one page.
const ROWS: i64 = 50;

pub(crate) fn routes() -> Rooms {
    Rooms::new().get("/staff/jobs", Who::May(Action::ViewJobs), index)
}

#[derive(Template)]
#[template(path = "jobs/index.html")]
struct IndexPage {
    page: Page,
    jobs: Vec<JobView>,
    is_running: bool,
    first_href: String,
    next_href: String,
}

async fn index(State(site): State<Shared>, signed: Signed) -> Result<Response, WebError> {
    signed.require(Action::ViewJobs, None)?;
    let page = signed.page.clone();
    let before = page.param("after").parse().ok();
    let mut jobs = site.store.jobs().page(before, ROWS + 1).await?;
    let shown = usize::try_from(ROWS).unwrap_or_default();
    let is_last = jobs.len() <= shown;
    jobs.truncate(shown);
    let (names, here) = (Names::of(&site).await?, page.href("/staff/jobs"));
    let next = jobs.last().filter(|_| !is_last);
    let view = IndexPage {
        is_running: before.is_none() && jobs.iter().any(desk::is_running),
        next_href: next.map_or_else(String::new, |job| format!("{here}?after={}", job.id)),
        first_href: if before.is_some() { here } else { String::new() },
        jobs: jobs
            .iter()
            .map(|job| desk::job_view(job, &names, &page))
            .collect(),
        page,
    };
    layout::html(&view)
}
