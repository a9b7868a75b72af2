//! `/staff/fund`: projects with their milestones, budgets by version, pledges and where their money went, counties and work in
//! the field; and the forms of whoever plans, reports and decides.
//!
//! Each form is one act of `fund`. Who may do it is asked with the place of the act; what is about the whole country is not
//! there for those who see their own places only. Who decides what another did is the rule of the crate.

mod budget;
mod counties;
mod field;
mod flow;
mod money;
mod project;
mod projects;
mod record;
mod steps;

use axum::extract::DefaultBodyLimit;
use axum::http::Method;
use axum::routing::post;
use fund::Act;
use kernel::{Done, Fault, PlaceCode, Refusal};
use people::staff::{Action, PlaceFilter};

use crate::error::WebError;
use crate::layout::Tab;
use crate::multipart::{DOCUMENT_BYTES_MAX, FORM_ROOM};
use crate::page::Page;
use crate::routes::{Rooms, Who};
use crate::signed::Signed;
use crate::site::Site;

pub(crate) fn routes() -> Rooms {
    let (view, keep) = (Who::May(Action::ViewFund), Who::May(Action::KeepFund));
    let (approve, report) = (Who::May(Action::ApproveFund), Who::May(Action::ReportField));
    let met = post(steps::meet).layer(DefaultBodyLimit::max(DOCUMENT_BYTES_MAX + FORM_ROOM));
    Rooms::new()
        .get("/staff/fund", view, projects::index)
        .get("/staff/fund.csv", view, projects::file)
        .post("/staff/fund", keep, projects::create)
        .get("/staff/fund/new", keep, projects::new)
        .get("/staff/fund/projects/{key}", view, project::show)
        .post(
            "/staff/fund/projects/{key}/milestones/{no}/commitment",
            keep,
            steps::commit,
        )
        .at(
            Method::POST,
            "/staff/fund/projects/{key}/milestones/{no}/report",
            report,
            met,
        )
        .post(
            "/staff/fund/projects/{key}/milestones/{no}/release",
            approve,
            steps::release,
        )
        .post(
            "/staff/fund/projects/{key}/milestones/{no}/freeing",
            keep,
            steps::free,
        )
        .get("/staff/fund/budget", view, budget::show)
        .post("/staff/fund/budget", keep, budget::propose)
        .post("/staff/fund/budget/{key}/decision", approve, budget::decide)
        .get("/staff/fund/money", view, money::show)
        .get("/staff/fund/counties", view, counties::show)
        .get("/staff/fund/field", view, field::show)
        .merge(record::routes())
}

pub(crate) fn project_path(key: &str) -> String {
    format!("/staff/fund/projects/{key}")
}

/// The parts of the fund that are there for whoever looks.
fn tabs(signed: &Signed, here: &str) -> Vec<Tab> {
    let page = &signed.page;
    let whole = signed.viewer.may_everywhere(Action::ViewFund);
    let all = [
        ("/staff/fund", "fund.projects", false),
        ("/staff/fund/budget", "fund.budget", true),
        ("/staff/fund/money", "fund.money", true),
        ("/staff/fund/counties", "fund.counties", false),
        ("/staff/fund/field", "fund.field", false),
    ];
    let open = all.into_iter().filter(|(.., needs_whole)| whole || !needs_whole);
    open.map(|(path, key, _)| Tab {
        href: page.href(path),
        title: page.w.get(key).to_owned(),
        here: path == here,
    })
    .collect()
}

/// What is about the whole country is not there for who sees their own places only.
fn require_whole(signed: &Signed) -> Result<(), WebError> {
    signed.require(Action::ViewFund, None)?;
    if signed.viewer.may_everywhere(Action::ViewFund) {
        return Ok(());
    }
    Err(WebError::missing())
}

/// Whether something of a place, or of the whole country, may be seen.
fn is_seen(signed: &Signed, place: Option<PlaceCode>) -> bool {
    let seen = signed.viewer.places(Action::ViewFund);
    match place {
        Some(place) => seen.covers(place),
        None => seen == PlaceFilter::All,
    }
}

/// Does one thing to the fund as whoever is signed in, if they may where it is done. What the fund refuses is the inner
/// answer; that something broke is the outer one.
async fn take(site: &Site, signed: &Signed, act: Act) -> Result<Result<Done<()>, Refusal>, WebError> {
    let place = fund::place_of_act(&mut site.store.read().await?, &act).await?;
    let actor = signed.require_at(act.action(), place)?;
    match site.fund.take(actor, act).await {
        Err(refusal) if refusal.fault == Fault::Broken => Err(refusal.into()),
        taken => Ok(taken),
    }
}

/// The name of a pillar of the programme.
pub(crate) fn pillar_words(site: &Site, id: &str, page: &Page) -> String {
    let mut pillars = site.programme.head.pillars.iter();
    let found = pillars.find(|pillar| pillar.id == id);
    found.map_or_else(|| id.to_owned(), |pillar| pillar.title.get(page.lang).to_owned())
}

/// Where something is.
fn place_words(site: &Site, place: Option<PlaceCode>, page: &Page) -> String {
    let Some(code) = place else {
        return page.w.get("account.whole_country").to_owned();
    };
    let named = site.places.get(code);
    named.map_or_else(
        || code.to_string(),
        |place| place.title().get(page.lang).to_owned(),
    )
}
