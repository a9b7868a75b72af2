//! `/staff/registry`: the board of one's places with a search, households, their cases step by step, yearly runs; `/notices`: the
//! notices that stand, for everyone, and as a sheet for a village's wall.
//!
//! Persons are shown masked. Who they are in full, and the documents of a case, which say it, are asked for, held to the right,
//! and written into the audit log before they are shown.
//! What is looked for is sent in a body, so that no number of a person stands in an address.

mod board;
mod case;
mod dashboard;
mod documents;
mod household;
mod notices;
mod opening;
mod pairs;
mod persons;
mod register;
mod run;
mod runs;
mod say;
mod steps;
mod submissions;

pub(crate) use register::register_of;

use axum::extract::{DefaultBodyLimit, State};
use axum::handler::Handler as _;
use axum::http::Method;
use axum::response::Response;
use axum::routing::post;
use kernel::{Done, Fault, Money, PlaceCode, Refusal};
use people::staff::{Action, AuditEntry, Outcome};
use programme::recognition::{Condition, Measure};
use registry::{Act, CaseId, HouseholdId, Registry, Status, Verdict};

use crate::Shared;
use crate::error::WebError;
use crate::layout::Tab;
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
    let (decide, reveal) = (Who::May(Action::DecideCases), Who::May(Action::RevealPersons));
    Rooms::new()
        .get("/notices", Who::Everyone, notices::show)
        .get("/notices/{village}", Who::Everyone, notices::sheet)
        .get("/staff/registry", view, board::show)
        .post("/staff/registry/search", view, board::search)
        .get("/staff/registry/pairs", view, pairs::list)
        .get("/staff/registry/pairs/{one}/{other}", view, pairs::show)
        .post(
            "/staff/registry/pairs/{one}/{other}",
            Who::May(Action::ReviewCases),
            pairs::decide,
        )
        .get("/staff/registry/new", keep, new)
        .post("/staff/registry/new", keep, register::create)
        .get("/staff/registry/submissions", view, submissions::index)
        .get("/staff/registry/submissions/{id}", reveal, submissions::show)
        .post(
            "/staff/registry/submissions/{id}/disposal",
            keep,
            submissions::set_aside,
        )
        .get("/staff/registry/households/{id}", view, household::show)
        .post("/staff/registry/households/{id}/facts", keep, say::say)
        .at(Method::POST, "/staff/registry/households/{id}/cases", keep, apply)
        .post(
            "/staff/registry/households/{id}/persons/{person}",
            reveal,
            persons::reveal,
        )
        .get("/staff/registry/runs", view, runs::index)
        .get("/staff/registry/runs/new", decide, opening::new)
        .post("/staff/registry/runs/new", decide, opening::create)
        .get("/staff/registry/runs/{key}", view, run::show)
        .post("/staff/registry/runs/{key}/screening", decide, run::screen)
        .post("/staff/registry/runs/{key}/closing", decide, run::close)
        .get(
            "/staff/registry/cases/{id}/documents/{sha256}",
            reveal,
            documents::show,
        )
        .post(
            "/staff/registry/households/{id}/persons/{person}/copy",
            reveal,
            persons::copy,
        )
        .get("/staff/registry/cases/{id}", view, case::show)
        .at(Method::POST, "/staff/registry/cases/{id}/steps", view, step)
}

/// The form of a new household, where the programme keeps a registry.
async fn new(State(site): State<Shared>, signed: Signed) -> Result<Response, WebError> {
    registry(&site)?;
    register::show(&site, &signed)
}

/// The parts of the registry, one of which is shown.
fn tabs(page: &Page, here: &str) -> Vec<Tab> {
    [
        ("/staff/registry", "registry.board"),
        ("/staff/registry/runs", "registry.runs"),
        ("/staff/registry/pairs", "pair.list"),
    ]
    .map(|(path, key)| Tab {
        href: page.href(path),
        title: page.w.get(key).to_owned(),
        here: path == here,
    })
    .into()
}

fn household_path(id: HouseholdId) -> String {
    format!("/staff/registry/households/{id}")
}

fn case_path(id: CaseId) -> String {
    format!("/staff/registry/cases/{id}")
}

/// A key may hold what an address may not.
fn run_path(key: &str) -> String {
    let key: String = form_urlencoded::byte_serialize(key.as_bytes()).collect();
    format!("/staff/registry/runs/{key}")
}

/// Writes down who is about to see who a person is; nobody sees it before that row is there.
async fn note_reveal(
    site: &Site,
    signed: &Signed,
    subject: String,
    place: PlaceCode,
) -> Result<(), WebError> {
    let entry = AuditEntry {
        user: Some(signed.user),
        action: Action::RevealPersons.as_str(),
        subject: Some(subject),
        place: Some(place),
        outcome: Outcome::Allowed,
        request_id: Some(signed.page.request_id.clone()),
        address: signed.address.clone(),
    };
    Ok(site.staff.note_first(entry).await?)
}

/// The field of a form that an act's field stands at: the last part of `steps.review`, `facts.land`.
fn at_last(refusal: Refusal) -> Refusal {
    let at = refusal.at.clone().unwrap_or_default();
    match at.rsplit_once('.') {
        Some((_, last)) => refusal.at(last.to_owned()),
        None => refusal,
    }
}

/// The registry, where the programme keeps one.
pub(crate) fn registry(site: &Site) -> Result<&Registry, WebError> {
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

/// The conditions of a version of the rules.
fn conditions<'a>(site: &'a Site, version: &str) -> Vec<&'a Condition> {
    let rules = site.registry.iter().flat_map(|registry| &registry.rules().rules);
    let rules = rules.filter(|rules| rules.version == version);
    let all = rules.flat_map(|rules| {
        rules
            .poor_if
            .iter()
            .chain(&rules.never_if)
            .chain(&rules.leaves_if)
    });
    all.collect()
}

/// What was measured, in its unit.
fn measured(measure: Measure, value: i64, page: &Page) -> String {
    match measure {
        Measure::IncomePerHead => {
            let yuan = crate::books::yuan(Money::from_fen(value));
            page.w.fill("registry.yuan", &[("yuan", &yuan)])
        }
        _ => value.to_string(),
    }
}

/// What the rules say, and why, in the words of the programme.
fn reasons(site: &Site, verdict: &Verdict, page: &Page) -> Vec<ReasonView> {
    let conditions = conditions(site, &verdict.rules);
    let view = |reason: &registry::Reason| {
        let title = conditions
            .iter()
            .find(|condition| condition.id == reason.condition);
        let value = |value: i64| measured(reason.measure, value, page);
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
