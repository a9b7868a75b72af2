//! `/staff/periods`: the report of each period from its opening over drafts and reviews to its versions.
//!
//! Who may do what is asked at the door; that two persons approve, and neither of them may have submitted, is the rule
//! of `report::periods`. What is published is shown at once.

mod draft;
mod index;
mod show;
mod steps;

pub(crate) use draft::{Compared, compared};

use kernel::Period;
use people::staff::Action;
use report::periods::{self, PeriodHistory, PeriodState};

use crate::error::WebError;
use crate::routes::{Rooms, Who};
use crate::site::Site;

pub(crate) fn routes() -> Rooms {
    let view = Who::May(Action::ViewPreparing);
    Rooms::new()
        .get("/staff/periods", view, index::index)
        .post("/staff/periods", Who::May(Action::OpenPeriod), index::open)
        .get("/staff/periods/{period}", view, show::show)
        .get("/staff/periods/{period}/progress", view, show::progress)
        .post(
            "/staff/periods/{period}/drafts",
            Who::May(Action::OpenPeriod),
            steps::draft,
        )
        .get("/staff/periods/{period}/drafts/{draft}", view, draft::show)
        .get(
            "/staff/periods/{period}/drafts/{draft}/files/{name}",
            view,
            draft::file,
        )
        .post(
            "/staff/periods/{period}/reviews",
            Who::May(Action::ReviewPeriod),
            steps::review,
        )
        .post(
            "/staff/periods/{period}/publication",
            Who::May(Action::PublishPeriod),
            steps::publish,
        )
        .post(
            "/staff/periods/{period}/corrections",
            Who::May(Action::CorrectPeriod),
            steps::correct,
        )
}

fn path_of(period: Period) -> String {
    format!("/staff/periods/{period}")
}

/// Everything about a period that was opened.
async fn history_of(site: &Site, period: &str) -> Result<PeriodHistory, WebError> {
    let period: Period = period.parse().map_err(|_| WebError::missing())?;
    let found = periods::by_period(&site.store, period).await?;
    found.ok_or_else(WebError::missing)
}

/// The words of a state and its tone.
fn state_words(state: &PeriodState) -> (&'static str, &'static str) {
    match state {
        PeriodState::Open => ("periods.open", "open"),
        PeriodState::InReview { .. } => ("periods.in_review", "open"),
        PeriodState::Published { .. } => ("periods.published", "good"),
    }
}
