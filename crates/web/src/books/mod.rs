//! `/staff/books`: accounts with their statements, entries, holds, trial balances and periods, for whoever may see the
//! books; and the forms of whoever keeps them.
//!
//! A form brings the key of its act along, made when the form was: sent twice, it is the same act. An amount is shown in
//! yuan, in full. No rule of the books stands here; what they refuse is put at the field it is about.

mod account;
mod accounts;
mod entries;
mod entry;
mod export;
mod hold;
mod holds;
mod leg_rows;
mod names;
mod opening;
mod periods;
mod posting;
mod trial;

pub(crate) use names::{account_words, party_words};

use books::{Act, EntryNo, Leg, Made};
use jiff::civil::Date;
use kernel::{Done, Fault, Lang, Money, Refusal};
use people::staff::Action;
use store::Reader;

use crate::error::WebError;
use crate::layout::Tab;
use crate::page::Page;
use crate::routes::{Rooms, Who};
use crate::signed::Signed;
use crate::site::Site;

/// Rows of a list on one page.
const ROWS: i64 = 50;

pub(crate) fn routes() -> Rooms {
    let (view, keep) = (Who::May(Action::ViewBooks), Who::May(Action::KeepBooks));
    Rooms::new()
        .get("/staff/books", view, accounts::index)
        .get("/staff/books.csv", view, accounts::file)
        .get("/staff/books/accounts/new", keep, opening::new)
        .post("/staff/books/accounts/new", keep, opening::create)
        .get("/staff/books/accounts/{code}", view, account::show)
        .get("/staff/books/accounts/{code}/workbook", view, export::statement)
        .get("/staff/books/entries", view, entries::index)
        .get("/staff/books/entries.csv", view, entries::file)
        .post("/staff/books/entries", keep, posting::create)
        .get("/staff/books/entries/new", keep, posting::new)
        .get("/staff/books/entries/{no}", view, entry::show)
        .post("/staff/books/entries/{no}/reversal", keep, entry::reverse)
        .get("/staff/books/holds", view, holds::index)
        .get("/staff/books/holds.csv", view, holds::file)
        .get("/staff/books/holds/{no}", view, hold::show)
        .post("/staff/books/holds/{no}/posting", keep, hold::post)
        .post("/staff/books/holds/{no}/release", keep, hold::release)
        .get("/staff/books/trial-balance", view, trial::show)
        .get("/staff/books/trial-balance/workbook", view, export::trial_balance)
        .get("/staff/books/journal/{form}", view, export::journal)
        .get("/staff/books/periods", view, periods::index)
        .post("/staff/books/periods", keep, periods::close)
}

/// The parts of the books, one of which is shown.
fn tabs(page: &Page, here: &str) -> Vec<Tab> {
    [
        ("/staff/books", "books.accounts"),
        ("/staff/books/entries", "books.entries"),
        ("/staff/books/holds", "books.holds"),
        ("/staff/books/trial-balance", "books.trial"),
        ("/staff/books/periods", "books.periods"),
    ]
    .map(|(path, key)| Tab {
        href: page.href(path),
        title: page.w.get(key).to_owned(),
        here: path == here,
    })
    .into()
}

/// An amount in yuan, in full.
pub(crate) fn yuan(amount: Money) -> String {
    report::numbers::statement(amount.fen())
}

/// The same; nothing where it is nothing.
fn yuan_or_blank(amount: Money) -> String {
    if amount == Money::ZERO {
        String::new()
    } else {
        yuan(amount)
    }
}

/// What legs move, the sum of their debits; none where that does not fit into one amount, which the page of the entry then
/// shows leg by leg.
fn moved(legs: &[Leg]) -> Option<Money> {
    let debits = legs.iter().map(|leg| leg.amount);
    Money::try_sum(debits.filter(|amount| *amount > Money::ZERO)).ok()
}

/// What is called one thing in Chinese and another in English.
fn either(lang: Lang, zh: &str, en: &str) -> String {
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
    .to_owned()
}

fn account_href(page: &Page, code: &str) -> String {
    page.href(&format!("/staff/books/accounts/{code}"))
}

pub(crate) fn entry_href(page: &Page, no: EntryNo) -> String {
    page.href(&format!("/staff/books/entries/{no}"))
}

/// A leg as a page shows it: on one of two sides.
struct LegView {
    href: String,
    name: String,
    account: String,
    debit: String,
    credit: String,
}

async fn leg_views(reader: &mut Reader, legs: &[Leg], page: &Page) -> Result<Vec<LegView>, Refusal> {
    let mut views = Vec::new();
    for leg in legs {
        let amount = yuan(leg.amount);
        let (debit, credit) = match amount.strip_prefix('-') {
            Some(credit) => (String::new(), credit.to_owned()),
            None => (amount, String::new()),
        };
        views.push(LegView {
            href: account_href(page, leg.account.as_str()),
            name: names::account_name(reader, &leg.account, page).await?,
            account: leg.account.to_string(),
            debit,
            credit,
        });
    }
    Ok(views)
}

/// A day that was typed, where one was; a refusal names its field.
pub(crate) fn day(text: &str, field: &'static str) -> Result<Option<Date>, Refusal> {
    match text.trim() {
        "" => Ok(None),
        text => text
            .parse()
            .map(Some)
            .map_err(|_| Refusal::new("web.bad_day", Fault::Refused).at(field).value(text)),
    }
}

/// The same where one is needed.
pub(crate) fn needed_day(text: &str, field: &'static str) -> Result<Date, Refusal> {
    let missing = || Refusal::new("web.bad_day", Fault::Refused).at(field).value(text);
    day(text, field)?.ok_or_else(missing)
}

/// Why an act that cannot be undone is done; one that says nothing is refused.
pub(crate) fn reason(text: &str) -> Result<String, Refusal> {
    match text.trim() {
        "" => Err(Refusal::new("web.reason_missing", Fault::Refused).at("reason")),
        text => Ok(text.to_owned()),
    }
}

/// Does one thing to the books as whoever is signed in, if they keep them. What the books refuse is the inner answer; that
/// something broke is the outer one.
async fn take(site: &Site, signed: &Signed, act: Act) -> Result<Result<Done<Made>, Refusal>, WebError> {
    let actor = signed.require_everywhere(Action::KeepBooks)?;
    match site.books.take(actor, act).await {
        Err(refusal) if refusal.fault == Fault::Broken => Err(refusal.into()),
        taken => Ok(taken),
    }
}

/// Where what an act made is shown.
fn made_href(page: &Page, made: Made) -> String {
    match made {
        Made::Entry(no) => entry_href(page, no),
        Made::Hold(no) => page.href(&format!("/staff/books/holds/{no}")),
    }
}
