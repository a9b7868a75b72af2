//! Money that is reserved, the newest first; by where it stands.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use books::{HoldNo, HoldState, KeptHold};
use futures::future::BoxFuture;
use kernel::Refusal;
use people::staff::Action;

use super::{ROWS, moved, tabs, yuan};
use crate::Shared;
use crate::desk::{Names, instant};
use crate::error::WebError;
use crate::files::{self, Cell, Part};
use crate::layout::{self, Tab};
use crate::page::Page;
use crate::signed::Signed;

struct HoldView {
    href: String,
    no: String,
    memo: String,
    amount: String,
    state: String,
    tone: &'static str,
    by: String,
    at: String,
}

struct Choice {
    name: &'static str,
    title: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "books/holds.html")]
struct HoldsPage {
    page: Page,
    tabs: Vec<Tab>,
    states: Vec<Choice>,
    holds: Vec<HoldView>,
    first_href: String,
    next_href: String,
}

pub(super) async fn index(State(site): State<Shared>, signed: Signed) -> Result<Response, WebError> {
    signed.require(Action::ViewBooks, None)?;
    let page = signed.page.clone();
    let state = wanted(&page);
    let before: Option<HoldNo> = page.param("after").parse().ok();
    let mut reader = site.store.read().await?;
    let mut holds = books::holds_before(&mut reader, state, before, ROWS + 1).await?;
    drop(reader);
    let shown = usize::try_from(ROWS).unwrap_or_default();
    let is_last = holds.len() <= shown;
    holds.truncate(shown);
    let names = Names::of(&site).await?;
    let next = holds.last().filter(|_| !is_last);
    let choice = |one: HoldState| Choice {
        name: one.as_str(),
        title: state_words(one, &page).0,
        chosen: Some(one) == state,
    };
    layout::html(&HoldsPage {
        tabs: tabs(&page, "/staff/books/holds"),
        states: HoldState::ALL.map(choice).into(),
        next_href: next.map_or_else(String::new, |last| page.here_with("after", &last.no.to_string())),
        first_href: before.map_or_else(String::new, |_| page.here_with("after", "")),
        holds: holds.iter().map(|hold| view(hold, &names, &page)).collect(),
        page,
    })
}

/// Where the holds that are asked for stand; anywhere where nothing is said.
fn wanted(page: &Page) -> Option<HoldState> {
    let asked = page.param("state");
    HoldState::ALL.into_iter().find(|state| state.as_str() == asked)
}

/// The same holds as a CSV.
pub(super) async fn file(State(site): State<Shared>, signed: Signed) -> Result<Response, WebError> {
    signed.require(Action::ViewBooks, None)?;
    let (page, state) = (signed.page.clone(), wanted(&signed.page));
    let names = Arc::new(Names::of(&site).await?);
    let heads = [
        "books.hold",
        "books.state",
        "books.memo",
        "books.amount_yuan",
        "books.held_by",
        "books.held_at",
    ]
    .map(|key| signed.page.w.get(key));
    let next = move |before: Option<HoldNo>| -> BoxFuture<'static, Result<Part<HoldNo>, Refusal>> {
        let (site, names, page) = (Arc::clone(&site), Arc::clone(&names), page.clone());
        Box::pin(async move {
            let mut reader = site.store.read().await?;
            let holds = books::holds_before(&mut reader, state, before, files::PART).await?;
            Ok(Part::of(&holds, |hold| hold.no, |hold| row(hold, &names, &page)))
        })
    };
    Ok(files::list("holds.csv", &heads, Box::new(next)))
}

fn row(hold: &KeptHold, names: &Names, page: &Page) -> Vec<Cell> {
    vec![
        Cell::text(hold.no.to_string()),
        Cell::text(state_words(hold.state, page).0),
        Cell::text(&hold.memo),
        moved(&hold.legs).map_or_else(|| Cell::text("…"), Cell::yuan),
        Cell::text(names.get(&hold.held_by)),
        Cell::text(instant(hold.held_at)),
    ]
}

/// Where a hold stands in words, and the tone of it.
pub(super) fn state_words(state: HoldState, page: &Page) -> (String, &'static str) {
    let tone = match state {
        HoldState::Held => "open",
        HoldState::Posted => "good",
        HoldState::Voided | HoldState::Expired => "",
    };
    let words = page.w.get(&format!("hold_state.{}", state.as_str())).to_owned();
    (words, tone)
}

fn view(hold: &KeptHold, names: &Names, page: &Page) -> HoldView {
    let (state, tone) = state_words(hold.state, page);
    HoldView {
        href: page.href(&format!("/staff/books/holds/{}", hold.no)),
        no: hold.no.to_string(),
        memo: hold.memo.clone(),
        amount: moved(&hold.legs).map_or_else(|| "…".to_owned(), yuan),
        state,
        tone,
        by: names.get(&hold.held_by),
        at: instant(hold.held_at),
    }
}
