//! The trial balance as of a day, and the books as files for other programs.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use books::{AsOf, TrialBalance, TrialLine};
use kernel::Refusal;
use people::staff::Action;

use super::{account_href, day, either, tabs, yuan, yuan_or_blank};
use crate::Shared;
use crate::error::WebError;
use crate::layout::{self, Tab};
use crate::page::Page;
use crate::signed::Signed;

struct LineView {
    href: String,
    name: String,
    code: String,
    debit: String,
    credit: String,
    debit_balance: String,
    credit_balance: String,
}

#[derive(Template)]
#[template(path = "books/trial.html")]
struct TrialPage {
    page: Page,
    tabs: Vec<Tab>,
    on: String,
    fault: String,
    lines: Vec<LineView>,
    debit: String,
    credit: String,
    debit_balance: String,
    credit_balance: String,
    workbook_href: String,
}

/// The day asked for: everything where there is none.
pub(super) fn as_of(page: &Page) -> Result<AsOf, Refusal> {
    Ok(AsOf {
        effective: day(&page.param("on"), "on")?,
        recorded: None,
    })
}

pub(super) async fn show(State(site): State<Shared>, signed: Signed) -> Result<Response, WebError> {
    signed.require(Action::ViewBooks, None)?;
    let page = signed.page.clone();
    let asked = as_of(&page);
    let fault = asked.as_ref().err().map(|refusal| refusal.message(page.lang));
    let is_refused = fault.is_some();
    let trial = books::trial_balance(&mut site.store.read().await?, asked.unwrap_or_default()).await?;
    let mut response = layout::html(&view(&trial, page, fault.unwrap_or_default()))?;
    if is_refused {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

fn view(trial: &TrialBalance, page: Page, fault: String) -> TrialPage {
    let workbook = page.href("/staff/books/trial-balance/workbook");
    TrialPage {
        tabs: tabs(&page, "/staff/books/trial-balance"),
        on: page.param("on"),
        fault,
        lines: trial.lines.iter().map(|line| line_view(line, &page)).collect(),
        debit: yuan(trial.debit),
        credit: yuan(trial.credit),
        debit_balance: yuan(trial.debit_balance),
        credit_balance: yuan(trial.credit_balance),
        workbook_href: match page.query.as_str() {
            "" => workbook,
            query => format!("{workbook}?{query}"),
        },
        page,
    }
}

fn line_view(line: &TrialLine, page: &Page) -> LineView {
    LineView {
        href: account_href(page, line.code.as_str()),
        name: either(page.lang, &line.name_zh, &line.name_en),
        code: line.code.to_string(),
        debit: yuan_or_blank(line.debit),
        credit: yuan_or_blank(line.credit),
        debit_balance: yuan_or_blank(line.debit_balance),
        credit_balance: yuan_or_blank(line.credit_balance),
    }
}
