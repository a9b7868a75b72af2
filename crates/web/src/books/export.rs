//! The books as files: a statement and a trial balance as workbooks, and the whole journal for hledger and beancount, which
//! is sent as it is read.

use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::response::Response;
use books::{JournalForm, JournalParts};
use people::staff::Action;

use super::account::{code_of, days_of};
use super::trial::as_of;
use crate::Shared;
use crate::error::WebError;
use crate::files::{cut_off, file};
use crate::signed::Signed;

/// The most lines of a statement that one sheet is given.
const LINES: i64 = 100_000;
const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

pub(super) async fn statement(
    State(site): State<Shared>,
    Path(code): Path<String>,
    signed: Signed,
) -> Result<Response, WebError> {
    signed.require(Action::ViewBooks, None)?;
    let (code, days) = (code_of(&code)?, days_of(&signed.page)?);
    let statement = books::statement(&mut site.store.read().await?, &code, days, LINES).await?;
    let workbook = books::statement_workbook(&[statement], signed.page.lang)?;
    let name = code.as_str().replace(':', ".");
    Ok(file(&format!("{name}.xlsx"), WORKBOOK, workbook))
}

pub(super) async fn trial_balance(State(site): State<Shared>, signed: Signed) -> Result<Response, WebError> {
    signed.require(Action::ViewBooks, None)?;
    let trial = books::trial_balance(&mut site.store.read().await?, as_of(&signed.page)?).await?;
    let workbook = books::trial_balance_workbook(&trial, signed.page.lang)?;
    Ok(file("trial-balance.xlsx", WORKBOOK, workbook))
}

pub(super) async fn journal(
    State(site): State<Shared>,
    Path(form): Path<String>,
    signed: Signed,
) -> Result<Response, WebError> {
    signed.require(Action::ViewBooks, None)?;
    let (form, name) = match form.as_str() {
        "hledger" => (JournalForm::Hledger, "books.journal"),
        "beancount" => (JournalForm::Beancount, "books.beancount"),
        _ => return Err(WebError::missing()),
    };
    // A reader of the store is held for one part only, so a slow reader of the file holds none.
    let parts = futures::stream::try_unfold((site, JournalParts::new(form)), async |(site, mut parts)| {
        let mut reader = site.store.read().await.map_err(cut_off)?;
        let part = parts.next(&mut reader).await.map_err(cut_off)?;
        drop(reader);
        Ok::<_, std::io::Error>(part.map(|part| (Bytes::from(part), (site, parts))))
    });
    Ok(file(name, "text/plain; charset=utf-8", Body::from_stream(parts)))
}
