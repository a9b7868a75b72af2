//! Fills a sheet with what acts need of the books: a few statements for many acts.

use std::collections::{BTreeSet, HashMap};

use jiff::civil::Date;
use kernel::{Fault, Money, Refusal};
use store::many::Many;
use store::{Arg, Ctx, Row, ToArg, args};

use crate::chart::AccountCode;
use crate::kept::{Account, Entry, Hold, KnownHold};
use crate::model::{Act, HoldState, Leg};
use crate::repo as sql;
use crate::rules::Sums;
use crate::sheet::Sheet;

/// The sheet for some acts. Holds whose time has run out are on it, already given up.
pub(crate) async fn sheet_for(ctx: &mut Ctx, acts: &[&Act]) -> Result<Sheet, Refusal> {
    let mut sheet = Sheet::new(ctx.now(), ctx.today());
    let head = ctx.row(sql::HEAD, args![ctx.now()]).await?;
    let head = head.ok_or_else(|| Refusal::new("store.database_failed", Fault::Broken))?;
    sheet.last_entry = head.int("last_entry")?;
    sheet.last_hold = head.int("last_hold")?;
    sheet.closed_through = head.opt_text("closed_through")?.as_deref().map(day).transpose()?;
    let due = if head.int("due")? == 0 {
        Vec::new()
    } else {
        let rows = ctx.rows(sql::HOLDS_DUE, args![ctx.now()]).await?;
        rows.iter().map(|row| row.text("key")).collect::<Result<_, _>>()?
    };
    load_entries(ctx, &mut sheet, acts).await?;
    load_holds(ctx, &mut sheet, acts, &due).await?;
    load_accounts(ctx, &mut sheet, acts).await?;
    for key in due {
        sheet.release(&key, HoldState::Expired)?;
    }
    Ok(sheet)
}

async fn load_entries(ctx: &mut Ctx, sheet: &mut Sheet, acts: &[&Act]) -> Result<(), Refusal> {
    let keys = acts.iter().filter_map(|act| match act {
        Act::Post(new) => Some(new.key.as_str()),
        Act::PostHold(wanted) => Some(wanted.key.as_str()),
        Act::Reverse(wanted) => Some(wanted.key.as_str()),
        Act::Hold(_) | Act::VoidHold(_) => None,
    });
    let mut rows = sql::ENTRIES_BY_KEY.rows(ctx, distinct(keys)).await?;
    let reversed = acts.iter().filter_map(|act| match act {
        Act::Reverse(wanted) => Some(wanted.entry.number()),
        _ => None,
    });
    let reversed: Vec<Arg> = distinct(reversed);
    if !reversed.is_empty() {
        rows.extend(sql::ENTRIES_BY_NO.rows(ctx, reversed.clone()).await?);
        rows.extend(sql::ENTRIES_REVERSING.rows(ctx, reversed).await?);
    }
    let mut legs = legs_of(ctx, &sql::LEGS_OF, &rows).await?;
    for row in &rows {
        let no = row.int("no")?;
        // One entry may have been found in two ways; the first has its legs.
        if let Some(legs) = legs.remove(&no) {
            sheet.add_entry(no, entry(row, legs)?);
        }
    }
    Ok(())
}

async fn load_holds(ctx: &mut Ctx, sheet: &mut Sheet, acts: &[&Act], due: &[String]) -> Result<(), Refusal> {
    let wanted = acts.iter().filter_map(|act| match act {
        Act::Hold(new) => Some(new.key.as_str()),
        Act::PostHold(wanted) => Some(wanted.hold.as_str()),
        Act::VoidHold(key) => Some(key.as_str()),
        Act::Post(_) | Act::Reverse(_) => None,
    });
    let keys = distinct(wanted.chain(due.iter().map(String::as_str)));
    let rows = sql::HOLDS_BY_KEY.rows(ctx, keys).await?;
    let mut legs = legs_of(ctx, &sql::HOLD_LEGS_OF, &rows).await?;
    for row in &rows {
        let no = row.int("no")?;
        let legs = legs.remove(&no).unwrap_or_default();
        sheet.add_hold(KnownHold {
            no,
            hold: hold(row, legs)?,
            state: HoldState::stored(&row.text("state")?)?,
        });
    }
    Ok(())
}

async fn load_accounts(ctx: &mut Ctx, sheet: &mut Sheet, acts: &[&Act]) -> Result<(), Refusal> {
    let named = acts.iter().flat_map(|act| act.legs());
    let named = named.map(|leg| leg.account.as_str());
    let codes = distinct(named.chain(sheet.codes().map(AccountCode::as_str)));
    for row in sql::ACCOUNTS_BY_CODE.rows(ctx, codes).await? {
        sheet.add_account(account(&row)?);
    }
    Ok(())
}

/// The legs of all rows by the number of their entry or hold.
pub(crate) async fn legs_of(
    ctx: &mut Ctx,
    statement: &Many,
    parents: &[Row],
) -> Result<HashMap<i64, Vec<Leg>>, Refusal> {
    let numbers: BTreeSet<i64> = parents
        .iter()
        .map(|row| row.int("no"))
        .collect::<Result<_, _>>()?;
    let numbers = numbers.into_iter().map(ToArg::to_arg).collect();
    let mut legs: HashMap<i64, Vec<Leg>> = HashMap::new();
    for row in statement.rows(ctx, numbers).await? {
        legs.entry(row.int("parent")?).or_default().push(leg(&row)?);
    }
    Ok(legs)
}

fn account(row: &Row) -> Result<Account, Refusal> {
    Ok(Account {
        no: row.int("no")?,
        code: row.text("code")?.parse()?,
        floor: row.int("floor")? == 1,
        closed: row.opt_int("closed_at")?.is_some(),
        sums: sums(row)?,
        changed: false,
    })
}

/// The sums in the columns of `book_balances`.
pub(crate) fn sums(row: &Row) -> Result<Sums, Refusal> {
    Ok(Sums {
        debit: row.int("debit_fen")?,
        credit: row.int("credit_fen")?,
        held_debit: row.int("held_debit_fen")?,
        held_credit: row.int("held_credit_fen")?,
    })
}

/// An entry as it is kept.
pub(crate) fn entry(row: &Row, legs: Vec<Leg>) -> Result<Entry, Refusal> {
    Ok(Entry {
        key: row.text("key")?,
        effective_on: day(&row.text("effective_on")?)?,
        memo: row.text("memo")?,
        evidence: row.text("evidence")?,
        reverses: row.opt_int("reverses")?,
        hold_no: row.opt_int("hold_no")?,
        legs,
    })
}

/// A hold as it is kept.
pub(crate) fn hold(row: &Row, legs: Vec<Leg>) -> Result<Hold, Refusal> {
    let expires_at = match row.opt_int("expires_at")? {
        None => None,
        Some(_) => Some(row.instant("expires_at")?),
    };
    Ok(Hold {
        key: row.text("key")?,
        memo: row.text("memo")?,
        evidence: row.text("evidence")?,
        expires_at,
        legs,
    })
}

/// A leg as it is kept.
pub(crate) fn leg(row: &Row) -> Result<Leg, Refusal> {
    Ok(Leg {
        account: row.text("code")?.parse()?,
        amount: Money::from_fen(row.int("amount_fen")?),
    })
}

/// A day as it is kept.
pub(crate) fn day(text: &str) -> Result<Date, Refusal> {
    text.parse()
        .map_err(|_| Refusal::new("store.bad_column", Fault::Broken).value(text))
}

fn distinct<T: ToArg + Ord>(values: impl Iterator<Item = T>) -> Vec<Arg> {
    let values: BTreeSet<T> = values.collect();
    values.into_iter().map(ToArg::to_arg).collect()
}
