//! The payments of one batch as a CSV, masked as on its page.

use axum::extract::{Path, State};
use axum::response::Response;
use finance::payments::Line;
use kernel::catalogue;
use people::staff::Action;

use super::batch::kept;
use super::{batch_of, line_words};
use crate::Shared;
use crate::error::WebError;
use crate::files::{self, Cell};
use crate::page::Page;
use crate::signed::Signed;

pub(super) async fn show(
    State(site): State<Shared>,
    Path(id): Path<String>,
    signed: Signed,
) -> Result<Response, WebError> {
    signed.require(Action::ViewPayments, None)?;
    let payments = batch_of(&site, &signed, &id).await?.payments;
    let heads = [
        "payments.number",
        "payments.line_key",
        "payments.payee",
        "payments.account",
        "payments.bank",
        "books.state",
        "payments.trouble",
        "books.amount_yuan",
        "payments.paid_yuan",
        "payments.purpose",
        "payments.text",
    ]
    .map(|key| signed.page.w.get(key));
    let rows = payments.iter().map(|line| row(line, &signed.page)).collect();
    files::short_list("payments.csv", &heads, rows)
}

fn row(line: &Line, page: &Page) -> Vec<Cell> {
    let trouble = line.trouble.as_deref();
    let purpose = format!("purpose.{}", line.purpose.as_str());
    vec![
        Cell::count(line.number),
        Cell::text(&line.key),
        Cell::text(&line.payee),
        Cell::text(line.account.as_deref().unwrap_or_default()),
        Cell::text(line.bank.as_deref().unwrap_or_default()),
        Cell::text(line_words(line.state, page).0),
        Cell::text(trouble.map_or_else(String::new, |code| catalogue::say(code, page.lang))),
        Cell::yuan(line.amount),
        Cell::yuan(kept(line)),
        Cell::text(page.w.get(&purpose)),
        Cell::text(&line.remittance),
    ]
}
