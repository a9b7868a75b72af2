//! `/staff/registry/runs`: the yearly runs of the counties one sees something of.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use people::staff::Action;
use registry::RunLine;

use super::{registry, run_path, tabs, word};
use crate::Shared;
use crate::error::WebError;
use crate::layout::{self, Tab};
use crate::page::Page;
use crate::signed::Signed;
use crate::site::Site;

struct RunRow {
    href: String,
    title: String,
    key: String,
    opened_on: String,
    due_on: String,
    state: String,
    tone: &'static str,
}

#[derive(Template)]
#[template(path = "registry/runs.html")]
struct RunsPage {
    page: Page,
    tabs: Vec<Tab>,
    runs: Vec<RunRow>,
    may_open: bool,
}

pub(super) async fn index(State(site): State<Shared>, signed: Signed) -> Result<Response, WebError> {
    registry(&site)?;
    let page = signed.page.clone();
    let seen = signed.viewer.places(Action::ViewRegistry);
    let runs = registry::runs(&mut site.store.read().await?, &seen).await?;
    let view = |run: &RunLine| {
        let (state, tone) = state_words(&site, run, &page);
        RunRow {
            href: page.href(&run_path(&run.key)),
            title: title(&site, run, &page),
            key: run.key.clone(),
            opened_on: run.opened_on.to_string(),
            due_on: run.due_on.to_string(),
            state,
            tone,
        }
    };
    layout::html(&RunsPage {
        tabs: tabs(&page, "/staff/registry/runs"),
        runs: runs.iter().map(view).collect(),
        may_open: signed.viewer.may(Action::DecideCases, None),
        page,
    })
}

/// County, kind and year of a run.
pub(super) fn title(site: &Site, run: &RunLine, page: &Page) -> String {
    let county = site.places.get(run.place);
    let county = county.map_or_else(
        || run.place.to_string(),
        |place| place.title().get(page.lang).to_owned(),
    );
    let (kind, year) = (
        word(page, "case_kind", run.kind),
        run.opened_on.year().to_string(),
    );
    page.w.fill(
        "registry.run_title",
        &[("county", &county), ("kind", &kind), ("year", &year)],
    )
}

/// How far a run is, in words.
pub(super) fn state_words(site: &Site, run: &RunLine, page: &Page) -> (String, &'static str) {
    let late = run.due_on < site.clock.today();
    let (key, tone) = match (run.closed_on, run.screened, late) {
        (Some(_), ..) => ("registry.run_closed", "good"),
        (None, _, true) => ("registry.run_late", "bad"),
        (None, true, false) => ("registry.run_open", "open"),
        (None, false, false) => ("registry.run_to_screen", "open"),
    };
    (page.w.get(key).to_owned(), tone)
}
