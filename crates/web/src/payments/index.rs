//! The batches, the newest first, of the places that one may see.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use finance::payments::{self, APPROVALS, Batch, BatchId};
use futures::future::BoxFuture;
use kernel::Refusal;
use people::staff::Action;

use super::{ROWS, batch_words, path_of, place_words, tabs};
use crate::Shared;
use crate::books::yuan;
use crate::error::WebError;
use crate::files::{self, Cell, Part};
use crate::layout::{self, Tab};
use crate::page::Page;
use crate::signed::Signed;
use crate::site::Site;

/// Batches that are read at once for a file.
const PART: usize = 500;

struct BatchView {
    href: String,
    key: String,
    state: String,
    tone: &'static str,
    approvals: String,
    place: String,
    method: String,
    day: String,
    lines: String,
    total: String,
    paid: String,
}

#[derive(Template)]
#[template(path = "payments/index.html")]
struct IndexPage {
    page: Page,
    tabs: Vec<Tab>,
    batches: Vec<BatchView>,
    may_prepare: bool,
    first_href: String,
    next_href: String,
}

pub(super) async fn index(State(site): State<Shared>, signed: Signed) -> Result<Response, WebError> {
    signed.require(Action::ViewPayments, None)?;
    let page = signed.page.clone();
    let before: Option<BatchId> = page.param("after").parse().ok();
    let seen = signed.viewer.places(Action::ViewPayments);
    let mut batches = payments::newest(&site.store, &seen, before, ROWS + 1).await?;
    let is_last = batches.len() <= ROWS;
    batches.truncate(ROWS);
    let next = batches.last().filter(|_| !is_last);
    layout::html(&IndexPage {
        tabs: tabs(&signed, "/staff/payments"),
        next_href: next.map_or_else(String::new, |last| page.here_with("after", &last.id.to_string())),
        first_href: before.map_or_else(String::new, |_| page.here_with("after", "")),
        batches: batches.iter().map(|batch| view(&site, batch, &page)).collect(),
        may_prepare: signed.viewer.may(Action::PreparePayments, None),
        page,
    })
}

/// The same batches as a CSV.
pub(super) async fn file(State(site): State<Shared>, signed: Signed) -> Result<Response, WebError> {
    signed.require(Action::ViewPayments, None)?;
    let (page, seen) = (signed.page.clone(), signed.viewer.places(Action::ViewPayments));
    let heads = [
        "payments.batch",
        "books.state",
        "payments.approvals_short",
        "payments.method",
        "payments.place",
        "payments.execute_on",
        "payments.count",
        "books.amount_yuan",
        "payments.paid_yuan",
    ]
    .map(|key| signed.page.w.get(key));
    let next = move |before: Option<BatchId>| -> BoxFuture<'static, Result<Part<BatchId>, Refusal>> {
        let (site, page, seen) = (Arc::clone(&site), page.clone(), seen.clone());
        Box::pin(async move {
            let batches = payments::newest(&site.store, &seen, before, PART).await?;
            Ok(Part::of(
                &batches,
                |batch| batch.id,
                |batch| row(&site, batch, &page),
            ))
        })
    };
    Ok(files::list("batches.csv", &heads, Box::new(next)))
}

fn row(site: &Site, batch: &Batch, page: &Page) -> Vec<Cell> {
    let approvals = i64::try_from(batch.approved_by.len()).unwrap_or(i64::MAX);
    vec![
        Cell::text(&batch.key),
        Cell::text(batch_words(batch, page).0),
        Cell::count(approvals),
        Cell::text(method_words(batch, page)),
        Cell::text(place_words(site, batch.place, page)),
        Cell::text(batch.execute_on.to_string()),
        Cell::count(batch.lines),
        Cell::yuan(batch.total),
        Cell::yuan(batch.paid),
    ]
}

fn method_words(batch: &Batch, page: &Page) -> String {
    page.w
        .get(&format!("method.{}", batch.method.as_str()))
        .to_owned()
}

fn view(site: &Site, batch: &Batch, page: &Page) -> BatchView {
    let (state, tone) = batch_words(batch, page);
    BatchView {
        href: page.href(&path_of(batch.id)),
        key: batch.key.clone(),
        state,
        tone,
        approvals: format!("{}/{APPROVALS}", batch.approved_by.len()),
        place: place_words(site, batch.place, page),
        method: method_words(batch, page),
        day: batch.execute_on.to_string(),
        lines: report::numbers::grouped(batch.lines),
        total: yuan(batch.total),
        paid: yuan(batch.paid),
    }
}
