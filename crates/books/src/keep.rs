//! Writes back what acts changed on a sheet: their facts, and a few statements of many rows.

use std::ops::Range;

use kernel::{Actor, Fault, Money, Refusal};
use serde_json::json;
use store::{Arg, Ctx, Fact, FactId, args};

use crate::hash::{self, Stamp};
use crate::kept::{Entry, KnownHold, turnover};
use crate::model::{HoldState, Leg};
use crate::repo as sql;
use crate::sheet::{Sheet, Taken};

/// What one actor did on a sheet: a part of each of its lists.
pub(crate) struct Part {
    pub(crate) actor: Actor,
    pub(crate) entries: Range<usize>,
    pub(crate) holds: Range<usize>,
    pub(crate) ended: Range<usize>,
}

impl Part {
    /// What was done on a sheet between two moments.
    pub(crate) fn between(actor: Actor, before: Taken, after: Taken) -> Self {
        Self {
            actor,
            entries: before.entries..after.entries,
            holds: before.holds..after.holds,
            ended: before.ended..after.ended,
        }
    }
}

/// Rows of all parts, written together.
#[derive(Default)]
struct Rows {
    entries: Vec<Arg>,
    legs: Vec<Arg>,
    holds: Vec<Arg>,
    hold_legs: Vec<Arg>,
}

/// Writes back what the parts changed; each actor's facts name that actor.
pub(crate) async fn keep(ctx: &mut Ctx, sheet: &Sheet, parts: Vec<Part>) -> Result<(), Refusal> {
    let commander = ctx.actor().clone();
    let kept = keep_parts(ctx, sheet, parts).await;
    ctx.act_as(commander);
    kept
}

async fn keep_parts(ctx: &mut Ctx, sheet: &Sheet, parts: Vec<Part>) -> Result<(), Refusal> {
    let mut rows = Rows::default();
    for part in parts {
        ctx.act_as(part.actor);
        tell_holds(ctx, sheet, part.holds, &mut rows).await?;
        tell_entries(ctx, sheet, part.entries, &mut rows).await?;
        tell_ended(ctx, sheet, part.ended).await?;
    }
    sql::INSERT_HOLDS.execute(ctx, rows.holds).await?;
    sql::INSERT_HOLD_LEGS.execute(ctx, rows.hold_legs).await?;
    sql::INSERT_ENTRIES.execute(ctx, rows.entries).await?;
    sql::INSERT_LEGS.execute(ctx, rows.legs).await?;
    for known in sheet.ended_holds.iter().filter_map(|key| sheet.hold(key)) {
        let args = args![known.no, known.state.as_str(), ctx.now()];
        ctx.execute_one(sql::END_HOLD, args).await?;
    }
    let balances = sheet.changed_accounts().flat_map(|account| {
        let sums = account.sums;
        args![
            account.no,
            sums.debit,
            sums.credit,
            sums.held_debit,
            sums.held_credit
        ]
    });
    sql::KEEP_BALANCES.execute(ctx, balances.collect()).await?;
    Ok(())
}

async fn tell_entries(
    ctx: &mut Ctx,
    sheet: &Sheet,
    part: Range<usize>,
    rows: &mut Rows,
) -> Result<(), Refusal> {
    let (now, by) = (ctx.now(), ctx.actor().to_string());
    let stamp = Stamp { at: now, by: &by };
    let numbers = sheet.new_entries.get(part).unwrap_or_default();
    let entries: Vec<(i64, &Entry)> = numbers
        .iter()
        .filter_map(|no| Some((*no, sheet.entry(*no)?)))
        .collect();
    let (Some((first, only)), Some((last, _))) = (entries.first(), entries.last()) else {
        return Ok(());
    };
    let hashes: Vec<[u8; 32]> = entries
        .iter()
        .map(|(no, entry)| hash::of_entry(*no, entry, stamp))
        .collect();
    let evidence = if entries.len() == 1 {
        only.evidence.as_str()
    } else {
        "[]"
    };
    let fact = Fact {
        kind: "books.posted",
        place: None,
        amount: turnover(entries.iter().flat_map(|(_, entry)| &entry.legs)),
        evidence: serde_json::from_str(evidence)
            .map_err(|error| Refusal::broken("store.bad_json", &error))?,
        body: json!({ "first_entry": first, "last_entry": last, "sha256": hash::of_many(&hashes) }),
    };
    let fact = ctx.record(fact).await?.to_string();
    for ((no, entry), hash) in entries.iter().zip(&hashes) {
        let day = entry.effective_on.to_string();
        rows.entries.extend(args![
            *no,
            &entry.key,
            &day,
            now,
            &by,
            &entry.memo,
            &entry.evidence,
            entry.reverses,
            entry.hold_no,
            hex::encode(hash),
            &fact,
        ]);
        for (leg, number) in entry.legs.iter().zip(1_i64..) {
            let account = account_no(sheet, leg)?;
            rows.legs.extend(args![account, &day, *no, number, leg.amount]);
        }
    }
    Ok(())
}

async fn tell_holds(
    ctx: &mut Ctx,
    sheet: &Sheet,
    part: Range<usize>,
    rows: &mut Rows,
) -> Result<(), Refusal> {
    let (now, by) = (ctx.now(), ctx.actor().to_string());
    let stamp = Stamp { at: now, by: &by };
    let keys = sheet.new_holds.get(part).unwrap_or_default();
    let holds: Vec<&KnownHold> = keys.iter().filter_map(|key| sheet.hold(key)).collect();
    let (Some(first), Some(last)) = (holds.first(), holds.last()) else {
        return Ok(());
    };
    let hashes: Vec<[u8; 32]> = holds
        .iter()
        .map(|known| hash::of_hold(known.no, &known.hold, stamp))
        .collect();
    let body = json!({ "first_hold": first.no, "last_hold": last.no, "sha256": hash::of_many(&hashes) });
    let amount = turnover(holds.iter().flat_map(|known| &known.hold.legs));
    let fact = record(ctx, "books.held", amount, body).await?.to_string();
    for (known, hash) in holds.iter().zip(&hashes) {
        let hold = &known.hold;
        rows.holds.extend(args![
            known.no,
            &hold.key,
            &hold.memo,
            &hold.evidence,
            hold.expires_at,
            now,
            &by,
            hex::encode(hash),
            &fact,
            HoldState::Held.as_str(),
        ]);
        for (leg, number) in hold.legs.iter().zip(1_i64..) {
            let account = account_no(sheet, leg)?;
            rows.hold_legs
                .extend(args![known.no, number, account, leg.amount]);
        }
    }
    Ok(())
}

/// A posted hold is told of by its entry.
async fn tell_ended(ctx: &mut Ctx, sheet: &Sheet, part: Range<usize>) -> Result<(), Refusal> {
    let keys = sheet.ended_holds.get(part).unwrap_or_default();
    for (state, kind) in [
        (HoldState::Voided, "books.hold_voided"),
        (HoldState::Expired, "books.hold_expired"),
    ] {
        let ended = keys.iter().filter_map(|key| sheet.hold(key));
        let numbers: Vec<i64> = ended
            .filter(|known| known.state == state)
            .map(|known| known.no)
            .collect();
        if !numbers.is_empty() {
            record(ctx, kind, None, json!({ "holds": numbers })).await?;
        }
    }
    Ok(())
}

/// Records a fact of the books that has no evidence of its own.
pub(crate) async fn record(
    ctx: &mut Ctx,
    kind: &'static str,
    amount: Option<Money>,
    body: serde_json::Value,
) -> Result<FactId, Refusal> {
    let fact = Fact {
        kind,
        place: None,
        amount,
        evidence: Vec::new(),
        body,
    };
    ctx.record(fact).await
}

fn account_no(sheet: &Sheet, leg: &Leg) -> Result<i64, Refusal> {
    let account = sheet.account(&leg.account).map(|account| account.no);
    account.ok_or_else(|| Refusal::new("books.no_such_account", Fault::Missing).value(&leg.account))
}
