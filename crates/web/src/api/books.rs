//! `/books`: accounts, statements, entries, holds, trial balances and closed periods; entries posted and taken back.
//!
//! An entry has a key of its own besides an `Idempotency-Key`: it is the same entry for ever, not for a day.

use books::{AsOf, HoldState, Leg, LineKey, NewEntry, Reversal};
use jiff::civil::{Date, date};
use kernel::{Done, Fault, Money, Refusal};
use serde_json::{Value, json};

use super::call::{Call, Outcome, made, ok, to_json};
use super::paging::{Window, next_link};
use super::params::bad;
use crate::site::Site;

fn one_more(window: &Window) -> i64 {
    i64::try_from(window.limit + 1).unwrap_or(i64::MAX)
}

pub(super) async fn accounts(call: Call) -> Outcome {
    let window = Window::of(&call)?;
    let (after, limit) = (window.after_as()?, one_more(&window));
    let mut reader = call.site.store.read().await?;
    let accounts = match call.query("owner") {
        None => books::accounts_page(&mut reader, after.as_ref(), limit).await?,
        Some(owner) => {
            let owner = owner.parse().map_err(|refusal: Refusal| refusal.at("owner"))?;
            books::accounts_of(&mut reader, &owner, after.as_ref(), limit).await?
        }
    };
    let (accounts, next) = window.trim(accounts, |account| account.code.to_string());
    ok(json!({ "items": to_json(&accounts)?, "next": next_link(&call, next.as_ref()) }))
}

pub(super) async fn account(call: Call) -> Outcome {
    let code = call.parsed("account")?;
    ok(to_json(
        &books::account(&mut call.site.store.read().await?, &code).await?,
    )?)
}

/// A day of the query; what is none was refused by the table already.
fn day(call: &Call, name: &str) -> Result<Option<Date>, Refusal> {
    let parse = |text: &str| text.parse().map_err(|_| bad(name, text));
    call.query(name).map(parse).transpose()
}

pub(super) async fn statement(call: Call) -> Outcome {
    let (window, code) = (Window::of(&call)?, call.parsed("account")?);
    let from = day(&call, "from")?.unwrap_or(date(1, 1, 1));
    let through = day(&call, "through")?.unwrap_or(date(9999, 12, 31));
    let after: Option<LineKey> = window.after_as()?;
    let limit = i64::try_from(window.limit).unwrap_or(i64::MAX);
    let mut reader = call.site.store.read().await?;
    let statement = books::statement_after(&mut reader, &code, (from, through), after, limit).await?;
    let last = statement.lines.last().filter(|_| statement.cut);
    let next = last.map(|line| line.key().to_string());
    let mut answer = to_json(&statement)?;
    if let Some(answer) = answer.as_object_mut() {
        answer.remove("cut");
        answer.insert("next".to_owned(), next_link(&call, next.as_ref()));
    }
    ok(answer)
}

/// The newest first.
pub(super) async fn entries(call: Call) -> Outcome {
    let window = Window::of(&call)?;
    let mut reader = call.site.store.read().await?;
    let entries = books::entries_before(&mut reader, window.after_as()?, one_more(&window)).await?;
    let (entries, next) = window.trim(entries, |entry| entry.no.to_string());
    ok(json!({ "items": to_json(&entries)?, "next": next_link(&call, next.as_ref()) }))
}

pub(super) async fn entry(call: Call) -> Outcome {
    let no = call.parsed("no")?;
    ok(detail(&call.site, no).await?)
}

/// An entry, and the one that takes it back.
async fn detail(site: &Site, no: books::EntryNo) -> Result<Value, Refusal> {
    let mut reader = site.store.read().await?;
    let mut answer = to_json(&books::entry(&mut reader, no).await?)?;
    let reversed_by = books::reversal_of(&mut reader, no).await?;
    if let Some(answer) = answer.as_object_mut() {
        answer.insert("reversed_by".to_owned(), json!(reversed_by));
    }
    Ok(answer)
}

pub(super) async fn post(call: Call) -> Outcome {
    let new = NewEntry {
        key: call.text("key").to_owned(),
        effective_on: said_day(&call)?,
        memo: call.text("memo").to_owned(),
        evidence: Vec::new(),
        legs: legs(&call.said)?,
    };
    let posted = call.site.books.post(call.actor()?, new).await?;
    answered(&call.site, posted).await
}

pub(super) async fn reverse(call: Call) -> Outcome {
    let no: books::EntryNo = call.parsed("no")?;
    let wanted = Reversal {
        entry: no,
        // As on the pages: there is one reversal of an entry.
        key: format!("reversal:{no}"),
        effective_on: said_day(&call)?,
        memo: crate::books::reason(call.text("reason"))?,
    };
    let reversed: Result<Done<books::EntryNo>, Refusal> = call
        .site
        .store
        .write(call.actor()?, move |ctx| Box::pin(books::reverse(ctx, wanted)))
        .await;
    answered(&call.site, reversed?).await
}

async fn answered(site: &Site, done: Done<books::EntryNo>) -> Outcome {
    let is_now = done.is_now();
    made(is_now, detail(site, done.into_inner()).await?)
}

/// The day that was sent; its shape was held against the document already.
fn said_day(call: &Call) -> Result<Date, Refusal> {
    let text = call.text("effective_on");
    text.parse().map_err(|_| {
        Refusal::new("api.bad_field", Fault::Refused)
            .at("effective_on")
            .value(text)
    })
}

fn legs(said: &Value) -> Result<Vec<Leg>, Refusal> {
    let legs = said.get("legs").and_then(Value::as_array).into_iter().flatten();
    legs.zip(1..)
        .map(|(leg, number)| {
            let account = leg.get("account").and_then(Value::as_str).unwrap_or_default();
            let fen = leg.get("amount_fen").and_then(Value::as_i64).unwrap_or_default();
            let at = |refusal: Refusal| refusal.at(format!("legs.{number}"));
            Ok(Leg {
                account: account.parse().map_err(at)?,
                amount: Money::from_fen(fen),
            })
        })
        .collect()
}

/// The newest first.
pub(super) async fn holds(call: Call) -> Outcome {
    let window = Window::of(&call)?;
    let asked = call.query("state").unwrap_or_default();
    let state = HoldState::ALL.into_iter().find(|state| state.as_str() == asked);
    let mut reader = call.site.store.read().await?;
    let holds = books::holds_before(&mut reader, state, window.after_as()?, one_more(&window)).await?;
    let (holds, next) = window.trim(holds, |hold| hold.no.to_string());
    ok(json!({ "items": to_json(&holds)?, "next": next_link(&call, next.as_ref()) }))
}

pub(super) async fn trial_balance(call: Call) -> Outcome {
    let as_of = AsOf {
        effective: day(&call, "on")?,
        recorded: None,
    };
    let trial = books::trial_balance(&mut call.site.store.read().await?, as_of).await?;
    ok(to_json(&trial)?)
}

pub(super) async fn periods(call: Call) -> Outcome {
    let closed = books::closed_periods(&mut call.site.store.read().await?).await?;
    ok(json!({ "items": to_json(&closed)? }))
}
