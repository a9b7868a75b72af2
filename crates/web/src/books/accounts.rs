//! The accounts with their balances, by kind; all of them or those of one owner.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use books::{Account, AccountCode, AccountKind, Owner};
use futures::future::BoxFuture;
use kernel::{Refusal, Text};
use people::staff::Action;
use store::Reader;

use super::names::owner_words;
use super::{ROWS, account_href, either, tabs, yuan, yuan_or_blank};
use crate::Shared;
use crate::desk::instant;
use crate::error::WebError;
use crate::files::{self, Cell, Part};
use crate::layout::{self, Tab};
use crate::page::Page;
use crate::signed::Signed;
use crate::site::Site;

struct AccountView {
    href: String,
    name: String,
    code: String,
    owner_href: String,
    owner: String,
    balance: String,
    held: String,
    available: String,
    floor: bool,
    closed: bool,
}

/// The accounts of a kind.
struct Group {
    title: String,
    accounts: Vec<AccountView>,
}

#[derive(Template)]
#[template(path = "books/accounts.html")]
struct AccountsPage {
    page: Page,
    tabs: Vec<Tab>,
    owner: String,
    fault: String,
    groups: Vec<Group>,
    may_keep: bool,
    first_href: String,
    next_href: String,
}

pub(super) async fn index(State(site): State<Shared>, signed: Signed) -> Result<Response, WebError> {
    signed.require(Action::ViewBooks, None)?;
    let page = signed.page.clone();
    let after = page.param("after").parse().ok();
    let mut reader = site.store.read().await?;
    let (mut accounts, fault) = match wanted(&page) {
        Ok(owner) => (
            read(&mut reader, owner.as_ref(), after.as_ref(), ROWS + 1).await?,
            None,
        ),
        Err(refusal) => (Vec::new(), Some(refusal)),
    };
    let projects = fund::project_titles(&mut reader).await?;
    drop(reader);
    let shown = usize::try_from(ROWS).unwrap_or_default();
    let is_last = accounts.len() <= shown;
    accounts.truncate(shown);
    let next = accounts.last().filter(|_| !is_last);
    layout::html(&AccountsPage {
        tabs: tabs(&page, "/staff/books"),
        next_href: next.map_or_else(String::new, |last| page.here_with("after", last.code.as_str())),
        first_href: after.map_or_else(String::new, |_| page.here_with("after", "")),
        groups: groups(&site, &projects, &accounts, &page),
        may_keep: signed.viewer.may(Action::KeepBooks, None),
        fault: fault.map_or_else(String::new, |refusal| refusal.message(page.lang)),
        owner: page.param("owner"),
        page,
    })
}

/// Whose accounts are asked for; everyone's where nobody is named.
fn wanted(page: &Page) -> Result<Option<Owner>, Refusal> {
    match page.param("owner").as_str() {
        "" => Ok(None),
        text => text.parse().map(Some),
    }
}

async fn read(
    reader: &mut Reader,
    owner: Option<&Owner>,
    after: Option<&AccountCode>,
    limit: i64,
) -> Result<Vec<Account>, Refusal> {
    match owner {
        None => books::accounts_page(reader, after, limit).await,
        Some(owner) => books::accounts_of(reader, owner, after, limit).await,
    }
}

/// The same accounts as a CSV.
pub(super) async fn file(State(site): State<Shared>, signed: Signed) -> Result<Response, WebError> {
    signed.require(Action::ViewBooks, None)?;
    let (page, owner) = (signed.page.clone(), wanted(&signed.page)?);
    let projects = Arc::new(fund::project_titles(&mut site.store.read().await?).await?);
    let heads = [
        "books.code",
        "books.account",
        "books.kind",
        "books.owner",
        "books.balance_yuan",
        "books.held_yuan",
        "books.available_yuan",
        "books.closed",
    ]
    .map(|key| signed.page.w.get(key));
    let next = move |after: Option<AccountCode>| -> BoxFuture<'static, Result<Part<AccountCode>, Refusal>> {
        let (site, projects) = (Arc::clone(&site), Arc::clone(&projects));
        let (page, owner) = (page.clone(), owner.clone());
        Box::pin(async move {
            let mut reader = site.store.read().await?;
            let accounts = read(&mut reader, owner.as_ref(), after.as_ref(), files::PART).await?;
            let key = |account: &Account| account.code.clone();
            Ok(Part::of(&accounts, key, |account| {
                row(&site, &projects, account, &page)
            }))
        })
    };
    Ok(files::list("accounts.csv", &heads, Box::new(next)))
}

fn row(site: &Site, projects: &BTreeMap<String, Text>, account: &Account, page: &Page) -> Vec<Cell> {
    vec![
        Cell::text(account.code.to_string()),
        Cell::text(either(page.lang, &account.name_zh, &account.name_en)),
        Cell::text(kind_words(account.code.kind(), page)),
        Cell::text(owner_words(site, projects, &account.owner, page)),
        Cell::yuan(account.balance),
        Cell::yuan(account.held),
        Cell::yuan(account.available),
        Cell::text(account.closed_at.map_or_else(String::new, instant)),
    ]
}

fn groups(site: &Site, projects: &BTreeMap<String, Text>, accounts: &[Account], page: &Page) -> Vec<Group> {
    let one = |account| view(site, projects, account, page);
    let mut groups = Vec::new();
    for part in accounts.chunk_by(|a, b| a.code.kind() == b.code.kind()) {
        groups.extend(part.first().map(|first| Group {
            title: kind_words(first.code.kind(), page),
            accounts: part.iter().map(one).collect(),
        }));
    }
    groups
}

pub(super) fn kind_words(kind: AccountKind, page: &Page) -> String {
    page.w.get(&format!("account_kind.{}", kind.as_str())).to_owned()
}

fn view(site: &Site, projects: &BTreeMap<String, Text>, account: &Account, page: &Page) -> AccountView {
    let list = page.href("/staff/books");
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("owner", &account.owner.to_string());
    AccountView {
        href: account_href(page, account.code.as_str()),
        name: either(page.lang, &account.name_zh, &account.name_en),
        code: account.code.to_string(),
        owner_href: format!("{list}?{}", query.finish()),
        owner: owner_words(site, projects, &account.owner, page),
        balance: yuan(account.balance),
        held: yuan_or_blank(account.held),
        available: yuan(account.available),
        floor: account.floor,
        closed: account.closed_at.is_some(),
    }
}
