//! The board of one's places, and who was found by what someone typed.

use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use people::staff::Action;
use registry::{Board, CaseLine, FoundPerson, Status};

use super::dashboard::{self, Drawing};
use super::run::{ExceptionView, exceptions};
use super::{case_path, found, household_path, registry, status_words, tabs, village_words, word};
use crate::Shared;
use crate::error::WebError;
use crate::form::Fields;
use crate::layout::{self, Tab};
use crate::page::Page;
use crate::signed::Signed;
use crate::site::Site;

struct FoundView {
    href: String,
    name: String,
    number: String,
    relation: String,
    place: String,
    status: String,
    tone: &'static str,
}

/// A case in a list.
pub(super) struct CaseRow {
    pub href: String,
    pub place: String,
    pub kind: String,
    pub state: String,
    pub until: String,
    pub since: String,
}

struct VillageView {
    place: String,
    poor: i64,
    exited: i64,
    registered: i64,
}

struct WatchedView {
    href: String,
    place: String,
    per_head: String,
}

#[derive(Template)]
#[template(path = "registry/board.html")]
struct BoardPage {
    page: Page,
    tabs: Vec<Tab>,
    may_keep: bool,
    typed: String,
    /// None before anything was looked for.
    found: Option<Vec<FoundView>>,
    counts: Vec<(String, i64)>,
    drawings: Vec<Drawing>,
    ending: Vec<CaseRow>,
    exceptions: Vec<ExceptionView>,
    cases: Vec<CaseRow>,
    watched: Vec<WatchedView>,
    villages: Vec<VillageView>,
}

pub(super) async fn show(State(site): State<Shared>, signed: Signed) -> Result<Response, WebError> {
    answer(&site, &signed, None).await
}

/// What is typed stands in the body, because it may be the number of a person.
pub(super) async fn search(
    State(site): State<Shared>,
    signed: Signed,
    body: Bytes,
) -> Result<Response, WebError> {
    let typed = Fields::parse(&body).get("text").trim().to_owned();
    answer(&site, &signed, Some(typed)).await
}

async fn answer(site: &Site, signed: &Signed, typed: Option<String>) -> Result<Response, WebError> {
    signed.require(Action::ViewRegistry, None)?;
    let (page, registry) = (signed.page.clone(), registry(site)?);
    let seen = signed.viewer.places(Action::ViewRegistry);
    let board = found(registry.board(&seen, site.clock.today()).await)?;
    let persons = match &typed {
        Some(text) => Some(registry.search(&seen, text).await?),
        None => None,
    };
    layout::html(&BoardPage {
        may_keep: signed.viewer.may(Action::KeepRegistry, None),
        typed: typed.unwrap_or_default(),
        found: persons.map(|persons| persons.iter().map(|one| person(site, one, &page)).collect()),
        counts: counts(&board, &page),
        drawings: [dashboard::causes(&board, &page), dashboard::years(&board, &page)]
            .into_iter()
            .flatten()
            .collect(),
        tabs: tabs(&page, "/staff/registry"),
        ending: board.ending.iter().map(|one| case(site, one, &page)).collect(),
        exceptions: exceptions(site, &board.exceptions, &page),
        cases: board.cases.iter().map(|one| case(site, one, &page)).collect(),
        watched: watched(site, &board, &page),
        villages: villages(site, &board, &page),
        page,
    })
}

fn person(site: &Site, one: &FoundPerson, page: &Page) -> FoundView {
    let (status, tone) = status_words(one.status, page);
    FoundView {
        href: page.href(&household_path(one.household)),
        name: one.who.name.clone(),
        number: one.who.resident_id.clone().unwrap_or_default(),
        relation: one
            .relation
            .map(|relation| word(page, "relation", relation))
            .unwrap_or_default(),
        place: village_words(site, one.place, page),
        status,
        tone,
    }
}

fn counts(board: &Board, page: &Page) -> Vec<(String, i64)> {
    let all = board.villages.iter().flat_map(|village| &village.households);
    let count = |status: Status| {
        all.clone()
            .filter(|(of, _)| **of == status)
            .map(|(_, count)| count)
            .sum()
    };
    let listed = [Status::Poor, Status::Exited, Status::Registered];
    listed
        .map(|status| (status_words(status, page).0, count(status)))
        .into()
}

pub(super) fn case(site: &Site, one: &CaseLine, page: &Page) -> CaseRow {
    CaseRow {
        href: page.href(&case_path(one.id)),
        place: village_words(site, one.place, page),
        kind: word(page, "case_kind", one.kind),
        state: word(page, "case_state", one.state),
        until: one.notice_until.map(|day| day.to_string()).unwrap_or_default(),
        since: one.changed_on.to_string(),
    }
}

fn watched(site: &Site, board: &Board, page: &Page) -> Vec<WatchedView> {
    let view = |one: &registry::WatchedLine| WatchedView {
        href: page.href(&household_path(one.household)),
        place: village_words(site, one.place, page),
        per_head: one
            .per_head_fen
            .map_or_else(|| "–".to_owned(), crate::books::yuan),
    };
    board.watched.iter().map(view).collect()
}

fn villages(site: &Site, board: &Board, page: &Page) -> Vec<VillageView> {
    let view = |one: &registry::VillageCount| {
        let count = |status| one.households.get(&status).copied().unwrap_or_default();
        VillageView {
            place: village_words(site, one.place, page),
            poor: count(Status::Poor),
            exited: count(Status::Exited),
            registered: count(Status::Registered),
        }
    };
    board.villages.iter().map(view).collect()
}
