//! The entries, the newest first.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use books::{EntryNo, PostedEntry};
use futures::future::BoxFuture;
use kernel::Refusal;
use people::staff::Action;

use super::{ROWS, entry_href, moved, tabs, yuan};
use crate::Shared;
use crate::desk::{Names, instant};
use crate::error::WebError;
use crate::files::{self, Cell, Part};
use crate::layout::{self, Tab};
use crate::page::Page;
use crate::signed::Signed;

struct EntryView {
    href: String,
    no: String,
    day: String,
    memo: String,
    /// What it moves: the sum of its debits.
    amount: String,
    by: String,
    at: String,
    is_reversal: bool,
}

#[derive(Template)]
#[template(path = "books/entries.html")]
struct EntriesPage {
    page: Page,
    tabs: Vec<Tab>,
    entries: Vec<EntryView>,
    may_keep: bool,
    first_href: String,
    next_href: String,
}

pub(super) async fn index(State(site): State<Shared>, signed: Signed) -> Result<Response, WebError> {
    signed.require(Action::ViewBooks, None)?;
    let page = signed.page.clone();
    let before: Option<EntryNo> = page.param("after").parse().ok();
    let mut entries = books::entries_before(&mut site.store.read().await?, before, ROWS + 1).await?;
    let shown = usize::try_from(ROWS).unwrap_or_default();
    let is_last = entries.len() <= shown;
    entries.truncate(shown);
    let names = Names::of(&site).await?;
    let next = entries.last().filter(|_| !is_last);
    layout::html(&EntriesPage {
        tabs: tabs(&page, "/staff/books/entries"),
        next_href: next.map_or_else(String::new, |last| page.here_with("after", &last.no.to_string())),
        first_href: before.map_or_else(String::new, |_| page.here_with("after", "")),
        entries: entries.iter().map(|entry| view(entry, &names, &page)).collect(),
        may_keep: signed.viewer.may(Action::KeepBooks, None),
        page,
    })
}

/// All of them as a CSV.
pub(super) async fn file(State(site): State<Shared>, signed: Signed) -> Result<Response, WebError> {
    signed.require(Action::ViewBooks, None)?;
    let names = Arc::new(Names::of(&site).await?);
    let heads = [
        "books.entry",
        "books.day",
        "books.memo",
        "books.amount_yuan",
        "books.reverses",
        "books.recorded_by",
        "books.recorded_at",
    ]
    .map(|key| signed.page.w.get(key));
    let next = move |before: Option<EntryNo>| -> BoxFuture<'static, Result<Part<EntryNo>, Refusal>> {
        let (site, names) = (Arc::clone(&site), Arc::clone(&names));
        Box::pin(async move {
            let entries = books::entries_before(&mut site.store.read().await?, before, files::PART).await?;
            Ok(Part::of(&entries, |entry| entry.no, |entry| row(entry, &names)))
        })
    };
    Ok(files::list("entries.csv", &heads, Box::new(next)))
}

fn row(entry: &PostedEntry, names: &Names) -> Vec<Cell> {
    let reverses = entry.reverses.map_or_else(String::new, |no| no.to_string());
    vec![
        Cell::text(entry.no.to_string()),
        Cell::text(entry.effective_on.to_string()),
        Cell::text(&entry.memo),
        moved(&entry.legs).map_or_else(|| Cell::text("…"), Cell::yuan),
        Cell::text(reverses),
        Cell::text(names.get(&entry.recorded_by)),
        Cell::text(instant(entry.recorded_at)),
    ]
}

fn view(entry: &PostedEntry, names: &Names, page: &Page) -> EntryView {
    EntryView {
        href: entry_href(page, entry.no),
        no: entry.no.to_string(),
        day: entry.effective_on.to_string(),
        memo: entry.memo.clone(),
        amount: moved(&entry.legs).map_or_else(|| "…".to_owned(), yuan),
        by: names.get(&entry.recorded_by),
        at: instant(entry.recorded_at),
        is_reversal: entry.reverses.is_some(),
    }
}
