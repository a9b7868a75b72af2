//! `/staff/jobs`: what the workers do, did and could not do, the newest first.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use people::staff::Action;
use store::{Job, JobColumn, JobOrder};

use crate::Shared;
use crate::desk::{self, JobView, Names};
use crate::error::WebError;
use crate::layout;
use crate::page::Page;
use crate::routes::{Rooms, Who};
use crate::signed::Signed;
use crate::site::Site;
use crate::sorting::{Column, Head, Sorting};

/// Jobs on one page.
const ROWS: i64 = 50;
const ASKED: Column = Column::falling("asked");
const KIND: Column = Column::rising("kind");
const STATE: Column = Column::rising("state");

pub(crate) fn routes() -> Rooms {
    Rooms::new().get("/staff/jobs", Who::May(Action::ViewJobs), index)
}

#[derive(Template)]
#[template(path = "jobs/index.html")]
struct IndexPage {
    page: Page,
    heads: Vec<Head>,
    jobs: Vec<JobView>,
    is_running: bool,
    first_href: String,
    next_href: String,
}

async fn index(State(site): State<Shared>, signed: Signed) -> Result<Response, WebError> {
    signed.require(Action::ViewJobs, None)?;
    let page = signed.page.clone();
    let sorting = Sorting::asked(&page, ASKED, &[KIND, STATE]);
    let after = page.param("after").parse().ok();
    let mut jobs = site.store.jobs().page(order(sorting), after, ROWS + 1).await?;
    let shown = usize::try_from(ROWS).unwrap_or_default();
    let is_last = jobs.len() <= shown;
    jobs.truncate(shown);
    let names = Names::of(&site).await?;
    let next = jobs.last().filter(|_| !is_last);
    let mut views = Vec::new();
    for job in &jobs {
        let mut view = desk::job_view(job, &names, &page);
        if let Some(name) = file_of(&site, job).await? {
            view.about = name;
        }
        views.push(view);
    }
    let view = IndexPage {
        is_running: after.is_none() && jobs.iter().any(desk::is_running),
        heads: heads(sorting, &page),
        next_href: next.map_or_else(String::new, |job| page.here_with("after", &job.id.to_string())),
        first_href: after.map_or_else(String::new, |_| page.here_with("after", "")),
        jobs: views,
        page,
    };
    layout::html(&view)
}

/// The name of the file that a job imports.
async fn file_of(site: &Site, job: &Job) -> Result<Option<String>, WebError> {
    let Some(id) = desk::upload_of(job).and_then(|id| id.parse().ok()) else {
        return Ok(None);
    };
    let upload = desk::workshop(site)?.uploads.by_id(id).await?;
    Ok(upload.map(|upload| upload.file_name))
}

fn order(sorting: Sorting) -> JobOrder {
    JobOrder {
        column: match sorting.column {
            KIND => JobColumn::Kind,
            STATE => JobColumn::State,
            _ => JobColumn::AskedAt,
        },
        direction: sorting.direction(),
    }
}

fn heads(sorting: Sorting, page: &Page) -> Vec<Head> {
    let w = page.w;
    vec![
        sorting.head(page, KIND, w.get("jobs.kind"), ""),
        sorting.head(page, STATE, w.get("jobs.state"), ""),
        Head::plain(w.get("jobs.progress"), ""),
        Head::plain(w.get("jobs.attempts"), "n"),
        Head::plain(w.get("jobs.asked_by"), ""),
        sorting.head(page, ASKED, w.get("jobs.asked_at"), ""),
        Head::plain(w.get("jobs.changed_at"), "wide-only desk-only"),
    ]
}
