//! Acts that move or hold money in the books: tranches come in, commitments hold, milestones release.

use books::{Leg, NewEntry, NewHold, PostHold};
use kernel::{Money, Period, PeriodKind, Refusal};
use store::{Ctx, Evidence, args};

use crate::accounts::{BANK, INCOME, open_for_pledge, owed, purse};
use crate::model::{AtMilestone, Call, Freed, Met, NewPledge, Receipt};
use crate::repo::{self as sql, MilestoneRow, budget_in_force, committed, milestone};
use crate::rules::{
    missing, refused, require_amount, require_key, require_order, require_parts, require_past, require_text,
    require_words,
};

pub(super) async fn pledge(ctx: &mut Ctx, new: &NewPledge) -> Result<(), Refusal> {
    require_key("key", &new.key)?;
    require_text("donor", &new.donor)?;
    require_past("signed_on", new.signed_on, ctx.today())?;
    require_order("through_on", new.signed_on, new.through_on)?;
    require_amount("total_fen", new.total_fen)?;
    if new.leverage_low_fen < Money::ZERO || new.leverage_high_fen < new.leverage_low_fen {
        let refusal = refused("fund.leverage_reversed", "leverage_high_fen");
        return Err(refusal
            .value(new.leverage_high_fen)
            .fact("low", new.leverage_low_fen));
    }
    require_parts("tranches", new.tranches.len())?;
    let mut before = new.signed_on;
    for tranche in &new.tranches {
        require_amount("tranches.amount_fen", tranche.amount_fen)?;
        if tranche.due_on < before || tranche.due_on > new.through_on {
            return Err(refused("fund.tranche_order", "tranches.due_on")
                .value(tranche.due_on)
                .fact("after", before));
        }
        before = tranche.due_on;
    }
    let sum = Money::try_sum(new.tranches.iter().map(|tranche| tranche.amount_fen))?;
    if sum != new.total_fen {
        return Err(refused("fund.tranches_differ", "tranches")
            .value(sum)
            .fact("total", new.total_fen));
    }
    let row = args![
        &new.key,
        &new.donor.zh,
        &new.donor.en,
        new.signed_on,
        new.through_on,
        new.total_fen,
        new.leverage_low_fen,
        new.leverage_high_fen,
        &new.document
    ];
    ctx.execute_one(sql::INSERT_PLEDGE, row).await?;
    for (number, tranche) in (1_u32..).zip(&new.tranches) {
        let row = args![&new.key, number, tranche.due_on, tranche.amount_fen];
        ctx.execute_one(sql::INSERT_TRANCHE, row).await?;
    }
    open_for_pledge(ctx, new).await
}

pub(super) async fn call(ctx: &mut Ctx, call: &Call) -> Result<(), Refusal> {
    require_past("on", call.on, ctx.today())?;
    let row = ctx.row(sql::TRANCHE, args![&call.pledge, call.tranche]).await?;
    let row = row.ok_or_else(|| {
        missing(
            "fund.no_such_tranche",
            &format!("{}:{}", call.pledge, call.tranche),
        )
    })?;
    if let Some(on) = row.opt_text("called_on")? {
        return Err(refused("fund.called_already", "tranche").value(on));
    }
    let amount = Money::from_fen(row.int("amount_fen")?);
    ctx.execute_one(sql::CALL, args![&call.pledge, call.tranche, call.on])
        .await?;
    let entry = NewEntry {
        key: format!("fund:call:{}:{}", call.pledge, call.tranche),
        effective_on: call.on,
        memo: format!("承诺款 {} 第 {} 期：催收", call.pledge, call.tranche),
        evidence: Vec::new(),
        legs: vec![
            Leg::debit(owed(&call.pledge, call.tranche)?, amount),
            Leg::credit(INCOME.parse()?, amount)?,
        ],
    };
    books::post(ctx, entry).await.map(drop)
}

pub(super) async fn receive(ctx: &mut Ctx, receipt: &Receipt) -> Result<(), Refusal> {
    require_key("key", &receipt.key)?;
    require_amount("amount_fen", receipt.amount_fen)?;
    require_past("on", receipt.on, ctx.today())?;
    let at = format!("{}:{}", receipt.pledge, receipt.tranche);
    let row = ctx
        .row(sql::TRANCHE, args![&receipt.pledge, receipt.tranche])
        .await?;
    let row = row.ok_or_else(|| missing("fund.no_such_tranche", &at))?;
    if row.opt_text("called_on")?.is_none() {
        return Err(refused("fund.not_called", "tranche").value(at));
    }
    let entry = NewEntry {
        key: format!("fund:receive:{}", receipt.key),
        effective_on: receipt.on,
        memo: format!("承诺款 {} 第 {} 期：到账", receipt.pledge, receipt.tranche),
        evidence: vec![document(&receipt.document)],
        legs: vec![
            Leg::debit(BANK.parse()?, receipt.amount_fen),
            Leg::credit(owed(&receipt.pledge, receipt.tranche)?, receipt.amount_fen)?,
        ],
    };
    books::post(ctx, entry).await.map(drop)
}

/// A milestone falls into the budget of the year in which it is due. What is committed there, and this, may not go beyond
/// the version in force.
pub(super) async fn commit(ctx: &mut Ctx, at: &AtMilestone) -> Result<(), Refusal> {
    require_past("on", at.on, ctx.today())?;
    let one = require_state(ctx, &at.project, at.milestone, "planned", "fund.not_planned").await?;
    let year = Period::around(PeriodKind::Year, one.due_on);
    let budget = budget_in_force(ctx, year, &one.pillar).await?;
    let none = || {
        refused("fund.no_budget", "milestone")
            .value(&one.pillar)
            .fact("period", year)
    };
    let budget = budget.ok_or_else(none)?;
    let before = committed(ctx, year, &one.pillar).await?;
    if before.checked_add(one.amount)? > budget {
        return Err(refused("fund.over_budget", "milestone")
            .value(one.amount)
            .fact("pillar", &one.pillar)
            .fact("budget", budget)
            .fact("committed", before));
    }
    ctx.execute_one(
        sql::SET_STATE,
        args![&at.project, at.milestone, "committed", "planned"],
    )
    .await?;
    let hold = NewHold {
        key: hold_key(&at.project, at.milestone),
        memo: format!("项目 {} 里程碑 {}：承诺", at.project, at.milestone),
        evidence: Vec::new(),
        legs: vec![
            Leg::debit(purse(&at.project)?, one.amount),
            Leg::credit(BANK.parse()?, one.amount)?,
        ],
        expires_at: None,
    };
    books::hold(ctx, hold).await.map(drop)
}

pub(super) async fn meet(ctx: &mut Ctx, met: &Met) -> Result<(), Refusal> {
    require_past("on", met.on, ctx.today())?;
    require_state(
        ctx,
        &met.project,
        met.milestone,
        "committed",
        "fund.not_committed",
    )
    .await?;
    let by = ctx.actor().id.clone();
    let row = args![&met.project, met.milestone, met.on, by, &met.document];
    ctx.execute_one(sql::MEET, row).await
}

/// Whoever says that a milestone was met does not release its money.
pub(super) async fn release(ctx: &mut Ctx, at: &AtMilestone) -> Result<(), Refusal> {
    require_past("on", at.on, ctx.today())?;
    let one = require_state(ctx, &at.project, at.milestone, "met", "fund.not_met").await?;
    let by = ctx.actor().id.clone();
    if one.met_by.as_ref() == Some(&by) {
        return Err(
            refused("fund.own_milestone", "milestone").value(format!("{}:{}", at.project, at.milestone))
        );
    }
    if let Some(met_on) = one.met_on {
        require_order("on", met_on, at.on)?;
    }
    ctx.execute_one(sql::RELEASE, args![&at.project, at.milestone, at.on, by])
        .await?;
    let hold = hold_key(&at.project, at.milestone);
    let posted = PostHold {
        key: format!("{hold}:released"),
        hold,
        effective_on: at.on,
        memo: format!("项目 {} 里程碑 {}：放款", at.project, at.milestone),
        legs: None,
    };
    books::post_hold(ctx, posted).await.map(drop)
}

pub(super) async fn free(ctx: &mut Ctx, freed: &Freed) -> Result<(), Refusal> {
    require_words("reason", &freed.reason)?;
    require_state(
        ctx,
        &freed.project,
        freed.milestone,
        "committed",
        "fund.not_committed",
    )
    .await?;
    let row = args![&freed.project, freed.milestone, "freed", "committed"];
    ctx.execute_one(sql::SET_STATE, row).await?;
    books::void_hold(ctx, &hold_key(&freed.project, freed.milestone))
        .await
        .map(drop)
}

/// The key of the hold of a milestone.
pub(crate) fn hold_key(project: &str, milestone: u32) -> String {
    format!("fund:{project}:{milestone}")
}

fn document(sha256: &str) -> Evidence {
    Evidence::Document {
        sha256: sha256.to_owned(),
    }
}

async fn require_state(
    ctx: &mut Ctx,
    project: &str,
    number: u32,
    wanted: &'static str,
    code: &'static str,
) -> Result<MilestoneRow, Refusal> {
    let one = milestone(ctx, project, number).await?;
    if one.state == wanted {
        return Ok(one);
    }
    Err(refused(code, "milestone")
        .value(format!("{project}:{number}"))
        .fact("state", &one.state))
}
