//! The entries, the newest first.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use books::{EntryNo, PostedEntry};
use kernel::Money;
use people::staff::Action;

use super::{ROWS, entry_href, tabs, yuan};
use crate::Shared;
use crate::desk::{Names, instant};
use crate::error::WebError;
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

fn view(entry: &PostedEntry, names: &Names, page: &Page) -> EntryView {
    let debits = entry
        .legs
        .iter()
        .map(|leg| leg.amount)
        .filter(|amount| *amount > Money::ZERO);
    EntryView {
        href: entry_href(page, entry.no),
        no: entry.no.to_string(),
        day: entry.effective_on.to_string(),
        memo: entry.memo.clone(),
        // Debits that do not fit into one amount are shown leg by leg on the entry's own page.
        amount: Money::try_sum(debits).map_or_else(|_| "…".to_owned(), yuan),
        by: names.get(&entry.recorded_by),
        at: instant(entry.recorded_at),
        is_reversal: entry.reverses.is_some(),
    }
}
