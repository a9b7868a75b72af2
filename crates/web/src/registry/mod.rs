//! `/staff/registry`: the board of one's places with a search, households, their cases step by step; `/notices`: the notices
//! that stand, for everyone.
//!
//! Persons are shown masked. Who they are in full is asked for with a form, held to the right, and written into the audit log.
//! What is looked for is sent in a body, so that no number of a person stands in an address.

mod board;
mod case;
mod household;
mod notices;
mod pairs;
mod register;
mod say;
mod steps;

use axum::extract::DefaultBodyLimit;
use axum::handler::Handler as _;
use axum::http::Method;
use axum::routing::post;
use kernel::{Done, Fault, Money, PlaceCode, Refusal};
use people::staff::Action;
use programme::recognition::Measure;
use registry::{Act, CaseId, HouseholdId, Registry, Status, Verdict};

use crate::error::WebError;
use crate::multipart::{DOCUMENT_BYTES_MAX, FORM_ROOM};
use crate::page::Page;
use crate::routes::{Rooms, Who};
use crate::signed::Signed;
use crate::site::Site;

pub(crate) fn routes() -> Rooms {
    let (view, keep) = (Who::May(Action::ViewRegistry), Who::May(Action::KeepRegistry));
    let with_file = || DefaultBodyLimit::max(DOCUMENT_BYTES_MAX + FORM_ROOM);
    let apply = post(say::apply.layer(with_file()));
    let step = post(steps::take.layer(with_file()));
    Rooms::new()
        .get("/notices", Who::Everyone, notices::show)
        .get("/staff/registry", view, board::show)
        .post("/staff/registry/search", view, board::search)
        .get("/staff/registry/pairs", view, pairs::list)
        .get("/staff/registry/pairs/{one}/{other}", view, pairs::show)
        .post(
            "/staff/registry/pairs/{one}/{other}",
            Who::May(Action::ReviewCases),
            pairs::decide,
        )
        .get("/staff/registry/new", keep, register::show)
        .post("/staff/registry/new", keep, register::create)
        .get("/staff/registry/households/{id}", view, household::show)
        .post("/staff/registry/households/{id}/facts", keep, say::say)
        .at(Method::POST, "/staff/registry/households/{id}/cases", keep, apply)
        .post(
            "/staff/registry/households/{id}/persons/{person}",
            Who::May(Action::RevealPersons),
            household::reveal,
        )
        .get("/staff/registry/cases/{id}", view, case::show)
        .at(Method::POST, "/staff/registry/cases/{id}/steps", view, step)
}

fn household_path(id: HouseholdId) -> String {
    format!("/staff/registry/households/{id}")
}

fn case_path(id: CaseId) -> String {
    format!("/staff/registry/cases/{id}")
}

/// The registry, where the programme keeps one.
fn registry(site: &Site) -> Result<&Registry, WebError> {
    site.registry.as_ref().ok_or_else(WebError::missing)
}

/// What cannot be found, and what may not be seen, is not there.
fn found<T>(answer: Result<T, Refusal>) -> Result<T, WebError> {
    answer.map_err(|refusal| match refusal.fault {
        Fault::Missing => WebError::missing(),
        _ => refusal.into(),
    })
}

/// Does one thing as whoever is signed in, if they may where it is done. What the registry refuses is the inner answer; that
/// something broke is the outer one.
async fn take(site: &Site, signed: &Signed, act: Act) -> Result<Result<Done<()>, Refusal>, WebError> {
    let registry = registry(site)?;
    let actor = registry::require(&mut site.store.read().await?, &signed.viewer, &act).await;
    let taken = match actor {
        Ok(actor) => registry.take(actor, act).await,
        Err(refusal) => Err(refusal),
    };
    match taken {
        Err(refusal) if refusal.fault == Fault::Broken => Err(refusal.into()),
        taken => Ok(taken),
    }
}

/// A village is shown by its county and its code: the list of divisions ends at the county.
fn village_words(site: &Site, village: PlaceCode, page: &Page) -> String {
    let county = village.county().and_then(|county| site.places.get(county));
    let name = county.map(|place| place.title().get(page.lang).to_owned());
    format!("{} {village}", name.unwrap_or_default())
}

fn status_words(status: Status, page: &Page) -> (String, &'static str) {
    let tone = match status {
        Status::Registered => "",
        Status::Poor => "open",
        Status::Exited => "good",
    };
    (page.w.get(&format!("household_status.{status}")).to_owned(), tone)
}

/// A word of the registry, such as a cause, as it is shown.
fn word(page: &Page, list: &str, word: impl std::fmt::Display) -> String {
    page.w.get(&format!("{list}.{word}")).to_owned()
}

/// One condition of a rule and what it came to.
struct ReasonView {
    title: String,
    measured: String,
    limit: String,
    holds: String,
    tone: &'static str,
}

/// What the rules say, and why, in the words of the programme.
fn reasons(site: &Site, verdict: &Verdict, page: &Page) -> Vec<ReasonView> {
    let conditions = site.registry.iter().flat_map(|registry| {
        let rules = registry.rules().rules.iter();
        let rules = rules.filter(|rules| rules.version == verdict.rules);
        rules.flat_map(|rules| {
            rules
                .poor_if
                .iter()
                .chain(&rules.never_if)
                .chain(&rules.leaves_if)
        })
    });
    let titles: Vec<_> = conditions.collect();
    let view = |reason: &registry::Reason| {
        let title = titles.iter().find(|condition| condition.id == reason.condition);
        let value = |value: i64| match reason.measure {
            Measure::IncomePerHead => {
                let yuan = crate::books::yuan(Money::from_fen(value));
                page.w.fill("registry.yuan", &[("yuan", &yuan)])
            }
            _ => value.to_string(),
        };
        let (key, tone) = holds_words(reason.holds);
        ReasonView {
            title: title.map_or_else(
                || reason.condition.clone(),
                |one| one.title.get(page.lang).to_owned(),
            ),
            measured: reason.measured.map_or_else(|| "–".to_owned(), value),
            limit: value(reason.limit),
            holds: page.w.get(key).to_owned(),
            tone,
        }
    };
    verdict.reasons.iter().map(view).collect()
}

fn holds_words(holds: Option<bool>) -> (&'static str, &'static str) {
    match holds {
        Some(true) => ("registry.holds", "good"),
        Some(false) => ("registry.does_not_hold", ""),
        None => ("registry.not_known", "open"),
    }
}
