//! One account: what it holds, and its statement over some days, a page of lines at a time.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use books::{Account, AccountCode, LineKey, Statement, StatementLine};
use jiff::civil::{Date, date};
use kernel::{Money, Refusal};
use people::staff::Action;

use super::accounts::kind_words;
use super::names::owner_words;
use super::{ROWS, day, either, entry_href, yuan, yuan_or_blank};
use crate::Shared;
use crate::desk::instant;
use crate::error::WebError;
use crate::layout::{self, Crumb};
use crate::page::Page;
use crate::signed::Signed;

struct LineView {
    day: String,
    href: String,
    no: String,
    memo: String,
    debit: String,
    credit: String,
    balance: String,
}

#[derive(Template)]
#[template(path = "books/account.html")]
struct AccountPage {
    page: Page,
    crumbs: Vec<Crumb>,
    title: String,
    facts: Vec<(String, String, bool)>,
    from: String,
    through: String,
    /// What is wrong with a day that was typed.
    fault: String,
    opening: String,
    debit: String,
    credit: String,
    closing: String,
    lines: Vec<LineView>,
    workbook_href: String,
    first_href: String,
    next_href: String,
}

/// The code in an address; what is none is no account.
pub(super) fn code_of(text: &str) -> Result<AccountCode, WebError> {
    text.parse().map_err(|_| WebError::missing())
}

/// The days asked for; before the first day and after the last where none is.
pub(super) fn days_of(page: &Page) -> Result<(Date, Date), Refusal> {
    let from = day(&page.param("from"), "from")?;
    let through = day(&page.param("through"), "through")?;
    Ok((
        from.unwrap_or(date(1, 1, 1)),
        through.unwrap_or(date(9999, 12, 31)),
    ))
}

pub(super) async fn show(
    State(site): State<Shared>,
    Path(code): Path<String>,
    signed: Signed,
) -> Result<Response, WebError> {
    signed.require(Action::ViewBooks, None)?;
    let (page, code) = (signed.page.clone(), code_of(&code)?);
    let mut reader = site.store.read().await?;
    let account = books::account(&mut reader, &code).await?;
    let projects = fund::project_titles(&mut reader).await?;
    let owner = owner_words(&site, &projects, &account.owner, &page);
    let asked = days_of(&page);
    let fault = asked.as_ref().err().map(|refusal| refusal.message(page.lang));
    let days = asked.unwrap_or((date(1, 1, 1), date(9999, 12, 31)));
    let after: Option<LineKey> = page.param("after").parse().ok();
    let statement = books::statement_after(&mut reader, &code, days, after, ROWS).await?;
    let is_refused = fault.is_some();
    let mut response = layout::html(&view(
        &account,
        owner,
        &statement,
        page,
        fault.unwrap_or_default(),
    ))?;
    if is_refused {
        *response.status_mut() = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

fn view(account: &Account, owner: String, statement: &Statement, page: Page, fault: String) -> AccountPage {
    let code = account.code.as_str();
    let next = statement.lines.last().filter(|_| statement.cut);
    let workbook = page.href(&format!("/staff/books/accounts/{code}/workbook"));
    let is_first = page.param("after").is_empty();
    AccountPage {
        crumbs: vec![
            Crumb::new(page.href("/staff/books"), page.w.get("nav.books")),
            Crumb::new(page.here(), code),
        ],
        title: either(page.lang, &account.name_zh, &account.name_en),
        facts: facts(account, owner, &page),
        from: page.param("from"),
        through: page.param("through"),
        fault,
        opening: yuan(statement.opening),
        debit: yuan(statement.debit),
        credit: yuan(statement.credit),
        closing: yuan(statement.closing),
        lines: statement
            .lines
            .iter()
            .map(|line| line_view(line, &page))
            .collect(),
        workbook_href: match page.query.as_str() {
            "" => workbook,
            query => format!("{workbook}?{query}"),
        },
        next_href: next.map_or_else(String::new, |line| {
            page.here_with("after", &line.key().to_string())
        }),
        first_href: if is_first {
            String::new()
        } else {
            page.here_with("after", "")
        },
        page,
    }
}

fn facts(account: &Account, owner: String, page: &Page) -> Vec<(String, String, bool)> {
    let fact = |key: &str, value: String| (page.w.get(key).to_owned(), value, false);
    let in_yuan = |amount: Money| page.w.fill("books.yuan_of", &[("amount", &yuan(amount))]);
    let mut facts = vec![
        (
            page.w.get("books.code").to_owned(),
            account.code.to_string(),
            true,
        ),
        fact("books.kind", kind_words(account.code.kind(), page)),
        fact("books.owner", owner),
        fact("books.balance_now", in_yuan(account.balance)),
        fact("books.held", in_yuan(account.held)),
        fact("books.available", in_yuan(account.available)),
        fact("books.opened", instant(account.opened_at)),
    ];
    if account.floor {
        facts.push(fact("books.limit", page.w.get("books.floor").to_owned()));
    }
    if let Some(at) = account.closed_at {
        facts.push(fact("books.closed", instant(at)));
    }
    facts
}

fn line_view(line: &StatementLine, page: &Page) -> LineView {
    let amount = yuan_or_blank(line.amount);
    let (debit, credit) = match amount.strip_prefix('-') {
        Some(credit) => (String::new(), credit.to_owned()),
        None => (amount, String::new()),
    };
    LineView {
        day: line.effective_on.to_string(),
        href: entry_href(page, line.entry),
        no: line.entry.to_string(),
        memo: line.memo.clone(),
        debit,
        credit,
        balance: yuan(line.balance),
    }
}
