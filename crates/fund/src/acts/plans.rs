//! Acts that plan: who owns a pillar, what it may spend, what a project is to reach, and what others put in.

use kernel::{Money, Period, PeriodKind, Refusal};
use store::{Ctx, args};

use crate::accounts::open_for_project;
use crate::leverage::FUND;
use crate::model::{Cofinance, MoneyClass, NewBudget, NewProject, PillarOwner, Reasoned};
use crate::repo::{self as sql, budget, committed, require_pillar};
use crate::rules::{
    missing, refused, require_amount, require_key, require_lines, require_order, require_parts, require_past,
    require_place, require_reference, require_text, require_words,
};

pub(super) async fn own(ctx: &mut Ctx, owner: &PillarOwner) -> Result<(), Refusal> {
    require_key("pillar", &owner.pillar)?;
    require_text("unit", &owner.unit)?;
    require_past("since", owner.since, ctx.today())?;
    let row = args![&owner.pillar, &owner.unit.zh, &owner.unit.en, owner.since];
    match ctx.execute(sql::OWN, row).await? {
        0 => Err(refused("fund.owner_is_newer", "since").value(owner.since)),
        _ => Ok(()),
    }
}

pub(super) async fn propose(ctx: &mut Ctx, new: &NewBudget) -> Result<(), Refusal> {
    require_key("key", &new.key)?;
    require_words("reason", &new.reason)?;
    if new.period.kind() != PeriodKind::Year {
        return Err(refused("fund.not_a_year", "period").value(new.period));
    }
    require_parts("lines", new.lines.len())?;
    require_lines(&new.lines)?;
    let period = new.period.to_string();
    let last = ctx.row(sql::LAST_BUDGET, args![&period]).await?;
    let (version, open) = match last {
        Some(row) => (row.int("version_no")? + 1, row.text("state")? == "proposed"),
        None => (1, false),
    };
    if open {
        return Err(refused("fund.budget_open", "period").value(period));
    }
    let by = ctx.actor().id.clone();
    ctx.execute_one(
        sql::INSERT_BUDGET,
        args![&new.key, period, version, &new.reason, by],
    )
    .await?;
    for line in &new.lines {
        require_pillar(ctx, &line.pillar).await?;
        ctx.execute_one(
            sql::INSERT_BUDGET_LINE,
            args![&new.key, &line.pillar, line.amount_fen],
        )
        .await?;
    }
    Ok(())
}

/// Who proposed does not approve; and no version takes away what is committed already.
pub(super) async fn approve(ctx: &mut Ctx, said: &Reasoned) -> Result<(), Refusal> {
    let proposed = open_budget(ctx, said).await?;
    let by = ctx.actor().id.clone();
    if proposed.proposed_by == by {
        return Err(refused("fund.own_budget", "key").value(&said.key));
    }
    for pillar in sql::pillars(ctx).await? {
        let before = committed(ctx, proposed.period, &pillar).await?;
        let line = ctx.row(sql::BUDGET_LINE, args![&said.key, &pillar]).await?;
        let amount = line.map_or(Ok(0), |row| row.int("amount_fen"))?;
        if before > Money::from_fen(amount) {
            return Err(refused("fund.budget_below_commitments", "key")
                .value(Money::from_fen(amount))
                .fact("pillar", pillar)
                .fact("committed", before));
        }
    }
    ctx.execute_one(sql::DECIDE_BUDGET, args![&said.key, "approved", by])
        .await
}

pub(super) async fn decline(ctx: &mut Ctx, said: &Reasoned) -> Result<(), Refusal> {
    open_budget(ctx, said).await?;
    let by = ctx.actor().id.clone();
    ctx.execute_one(sql::DECIDE_BUDGET, args![&said.key, "declined", by])
        .await
}

struct Proposed {
    period: Period,
    proposed_by: String,
}

async fn open_budget(ctx: &mut Ctx, said: &Reasoned) -> Result<Proposed, Refusal> {
    require_words("reason", &said.reason)?;
    require_past("on", said.on, ctx.today())?;
    let row = budget(ctx, &said.key).await?;
    let state = row.text("state")?;
    if state != "proposed" {
        return Err(refused("fund.budget_decided", "key")
            .value(&said.key)
            .fact("state", state));
    }
    Ok(Proposed {
        period: row.text("period")?.parse()?,
        proposed_by: row.text("proposed_by")?,
    })
}

pub(super) async fn project(ctx: &mut Ctx, new: &NewProject) -> Result<(), Refusal> {
    require_key("key", &new.key)?;
    require_text("title", &new.title)?;
    require_order("ends_on", new.starts_on, new.ends_on)?;
    if let Some(place) = new.place {
        require_place("place", place)?;
    }
    require_pillar(ctx, &new.pillar).await?;
    require_parts("milestones", new.milestones.len())?;
    for one in &new.milestones {
        require_text("milestones.title", &one.title)?;
        require_amount("milestones.amount_fen", one.amount_fen)?;
        require_order("milestones.due_on", new.starts_on, one.due_on)?;
        require_order("milestones.due_on", one.due_on, new.ends_on)?;
    }
    let row = args![
        &new.key,
        &new.pillar,
        new.place,
        &new.title.zh,
        &new.title.en,
        new.starts_on,
        new.ends_on
    ];
    ctx.execute_one(sql::INSERT_PROJECT, row).await?;
    for (number, one) in (1_u32..).zip(&new.milestones) {
        let row = args![
            &new.key,
            number,
            &one.title.zh,
            &one.title.en,
            one.due_on,
            one.amount_fen
        ];
        ctx.execute_one(sql::INSERT_MILESTONE, row).await?;
    }
    open_for_project(ctx, new).await
}

/// The same money of the same contributor counts once over all projects; a mobiliser's own money is not moved by it; only
/// what a document shows to be caused counts; turnover is moved by nobody.
pub(super) async fn cofinance(ctx: &mut Ctx, new: &Cofinance) -> Result<(), Refusal> {
    require_key("key", &new.key)?;
    require_reference("contributor", &new.contributor)?;
    require_reference("reference", &new.reference)?;
    require_amount("amount_fen", new.amount_fen)?;
    require_past("agreed_on", new.agreed_on, ctx.today())?;
    let known = ctx.row(sql::PROJECT, args![&new.project]).await?;
    known.ok_or_else(|| missing("fund.no_such_project", &new.project))?;
    require_moved_by_others(new)?;
    let twice = ctx
        .row(
            sql::COFINANCE_BY_REFERENCE,
            args![&new.contributor, &new.reference],
        )
        .await?;
    if let Some(row) = twice {
        let refusal = refused("fund.mobilised_already", "reference").value(&new.reference);
        return Err(refusal.fact("key", row.text("key")?));
    }
    let row = args![
        &new.key,
        &new.project,
        new.class.as_str(),
        &new.contributor,
        &new.reference,
        new.agreed_on,
        new.amount_fen,
        new.causal,
        new.document.clone()
    ];
    ctx.execute_one(sql::INSERT_COFINANCE, row).await?;
    for one in &new.mobilisers {
        let added = ctx
            .execute(
                sql::INSERT_MOBILISER,
                args![&new.key, &one.name, one.contribution_fen],
            )
            .await?;
        if added == 0 {
            return Err(refused("fund.mobiliser_twice", "mobilisers").value(&one.name));
        }
    }
    Ok(())
}

fn require_moved_by_others(new: &Cofinance) -> Result<(), Refusal> {
    if new.class == MoneyClass::Turnover && (new.causal || !new.mobilisers.is_empty()) {
        return Err(refused("fund.turnover_moved", "class").value(&new.key));
    }
    if new.causal && new.document.is_none() {
        return Err(refused("fund.cause_unproven", "document").value(&new.key));
    }
    if new.class == MoneyClass::Finance {
        require_parts("mobilisers", new.mobilisers.len())?;
    }
    for one in &new.mobilisers {
        require_reference("mobilisers.name", &one.name)?;
        require_amount("mobilisers.contribution_fen", one.contribution_fen)?;
        if one.name == new.contributor {
            return Err(refused("fund.own_money", "contributor").value(&one.name));
        }
    }
    if new.contributor == FUND {
        return Err(refused("fund.own_money", "contributor").value(FUND));
    }
    Ok(())
}

pub(super) async fn withdraw(ctx: &mut Ctx, said: &Reasoned) -> Result<(), Refusal> {
    require_words("reason", &said.reason)?;
    require_past("on", said.on, ctx.today())?;
    match ctx
        .execute(sql::WITHDRAW_COFINANCE, args![&said.key, said.on])
        .await?
    {
        0 => Err(missing("fund.no_such_cofinance", &said.key)),
        _ => Ok(()),
    }
}
