//! Where pledges, pillars and projects stand, from the books.
//!
//! The forecast of a year is `EAC = AC + bottom-up ETC` (PMI, PMBOK Guide, 6th edition, 7.4.2.2): what was spent in it so far,
//! and what is still to be spent by its end: money that is released and not spent, and milestones that are committed and due
//! by then. Money leaves the fund through milestones only, so the plan itself is the estimate to complete.

use std::collections::{BTreeMap, HashMap};

use books::{AsOf, HoldState};
use jiff::civil::Date;
use kernel::{Money, Period, PlaceCode, Refusal, Text};
use serde::Serialize;
use store::{Reader, args};

use super::place;
use crate::accounts::{owed, purse, spent};
use crate::acts::hold_key;
use crate::leverage::{Claim, Leverage, leverage};
use crate::model::MoneyClass;
use crate::repo::{self as sql, day, money, opt_day};
use crate::rules::missing;

/// The debits and credits of every account as of a day.
pub(crate) struct Ledger(HashMap<String, (Money, Money)>);

impl Ledger {
    pub(crate) async fn through(reader: &mut Reader, day: Date) -> Result<Self, Refusal> {
        let as_of = AsOf {
            effective: Some(day),
            recorded: None,
        };
        let lines = books::trial_balance(reader, as_of).await?.lines.into_iter();
        Ok(Self(
            lines
                .map(|line| (line.code.as_str().to_owned(), (line.debit, line.credit)))
                .collect(),
        ))
    }

    pub(crate) fn debit(&self, code: &str) -> Money {
        self.0.get(code).map_or(Money::ZERO, |(debit, _)| *debit)
    }

    pub(crate) fn credit(&self, code: &str) -> Money {
        self.0.get(code).map_or(Money::ZERO, |(_, credit)| *credit)
    }

    /// Debits less credits.
    pub(crate) fn balance(&self, code: &str) -> Result<Money, Refusal> {
        self.debit(code).checked_sub(self.credit(code))
    }
}

/// A tranche of a pledge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TrancheStanding {
    /// Its number.
    pub number: i64,
    /// When it falls due.
    pub due_on: Date,
    /// How much was promised.
    pub amount_fen: Money,
    /// What was called, from the books.
    pub called_fen: Money,
    /// What was received, from the books.
    pub received_fen: Money,
}

/// A pledge with its tranches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PledgeStanding {
    /// Its key.
    pub key: String,
    /// Who promises.
    pub donor: Text,
    /// When it was signed.
    pub signed_on: Date,
    /// The last day it covers.
    pub through_on: Date,
    /// All of it.
    pub total_fen: Money,
    /// What was called, from the books.
    pub called_fen: Money,
    /// What was received, from the books.
    pub received_fen: Money,
    /// The effect it is meant to move, at least.
    pub leverage_low_fen: Money,
    /// The same at best.
    pub leverage_high_fen: Money,
    /// Its tranches.
    pub tranches: Vec<TrancheStanding>,
}

/// The pledges as of a day.
///
/// # Errors
/// What the store gives.
pub async fn pledges(reader: &mut Reader, as_of: Date) -> Result<Vec<PledgeStanding>, Refusal> {
    let ledger = Ledger::through(reader, as_of).await?;
    let mut pledges = Vec::new();
    for row in reader.rows(sql::PLEDGES, args![as_of]).await? {
        let key = row.text("key")?;
        let mut tranches = Vec::new();
        for (tranche, number) in reader.rows(sql::TRANCHES, args![&key]).await?.iter().zip(1_u32..) {
            let account = owed(&key, number)?;
            tranches.push(TrancheStanding {
                number: i64::from(number),
                due_on: day(tranche, "due_on")?,
                amount_fen: money(tranche, "amount_fen")?,
                called_fen: ledger.debit(account.as_str()),
                received_fen: ledger.credit(account.as_str()),
            });
        }
        pledges.push(PledgeStanding {
            donor: Text::new(row.text("donor_zh")?, row.text("donor_en")?),
            signed_on: day(&row, "signed_on")?,
            through_on: day(&row, "through_on")?,
            total_fen: money(&row, "total_fen")?,
            called_fen: Money::try_sum(tranches.iter().map(|one| one.called_fen))?,
            received_fen: Money::try_sum(tranches.iter().map(|one| one.received_fen))?,
            leverage_low_fen: money(&row, "leverage_low_fen")?,
            leverage_high_fen: money(&row, "leverage_high_fen")?,
            tranches,
            key,
        });
    }
    Ok(pledges)
}

/// A milestone of a project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MilestoneStanding {
    /// Its number.
    pub number: i64,
    /// What is to be reached.
    pub title: Text,
    /// By when.
    pub due_on: Date,
    /// What it releases.
    pub amount_fen: Money,
    /// `planned`, `committed`, `met`, `released` or `freed`.
    pub state: String,
    /// When it was met.
    pub met_on: Option<Date>,
    /// What proves it.
    pub document: Option<String>,
    /// What the books hold for it.
    pub held_fen: Money,
}

/// A project with its money, from the books.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProjectStanding {
    /// Its key.
    pub key: String,
    /// Its pillar.
    pub pillar: String,
    /// Where.
    pub place: Option<PlaceCode>,
    /// Its name.
    pub title: Text,
    /// Held at the bank for its milestones.
    pub held_fen: Money,
    /// Released and not spent.
    pub released_fen: Money,
    /// Spent.
    pub spent_fen: Money,
    /// Its milestones.
    pub milestones: Vec<MilestoneStanding>,
}

/// The projects. What was released and spent is as of a day; states and holds are those of now.
///
/// # Errors
/// What the store gives.
pub async fn projects(reader: &mut Reader, as_of: Date) -> Result<Vec<ProjectStanding>, Refusal> {
    let ledger = Ledger::through(reader, as_of).await?;
    let mut milestones = milestones(reader).await?;
    let mut projects = Vec::new();
    for row in reader.rows(sql::PROJECTS, args![]).await? {
        let key = row.text("key")?;
        let own = milestones.remove(&key).unwrap_or_default();
        projects.push(ProjectStanding {
            pillar: row.text("pillar")?,
            place: place(&row)?,
            title: Text::new(row.text("title_zh")?, row.text("title_en")?),
            held_fen: Money::try_sum(own.iter().map(|one| one.held_fen))?,
            released_fen: ledger.balance(purse(&key)?.as_str())?,
            spent_fen: ledger.balance(spent(&key)?.as_str())?,
            milestones: own,
            key,
        });
    }
    Ok(projects)
}

async fn milestones(reader: &mut Reader) -> Result<BTreeMap<String, Vec<MilestoneStanding>>, Refusal> {
    let mut by_project: BTreeMap<String, Vec<MilestoneStanding>> = BTreeMap::new();
    for row in reader.rows(sql::MILESTONES, args![]).await? {
        let (project, number) = (row.text("project")?, row.int("milestone_no")?);
        let state = row.text("state")?;
        let held = match state.as_str() {
            "committed" | "met" => held(reader, &project, number).await?,
            _ => Money::ZERO,
        };
        by_project.entry(project).or_default().push(MilestoneStanding {
            number,
            title: Text::new(row.text("title_zh")?, row.text("title_en")?),
            due_on: day(&row, "due_on")?,
            amount_fen: money(&row, "amount_fen")?,
            met_on: opt_day(&row, "met_on")?,
            document: row.opt_text("met_document")?,
            held_fen: held,
            state,
        });
    }
    Ok(by_project)
}

/// What the books hold for a milestone.
async fn held(reader: &mut Reader, project: &str, number: i64) -> Result<Money, Refusal> {
    let key = hold_key(project, u32::try_from(number).unwrap_or_default());
    let hold = books::hold_by_key(reader, &key).await?;
    let hold = hold.filter(|hold| hold.state == HoldState::Held);
    let legs = hold.map(|hold| hold.legs).unwrap_or_default();
    Money::try_sum(
        legs.into_iter()
            .map(|leg| leg.amount)
            .filter(|amount| *amount > Money::ZERO),
    )
}

/// A pillar in a year: what it may spend, what it spent, what it will have spent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PillarStanding {
    /// The pillar.
    pub pillar: String,
    /// The unit that owns it.
    pub unit: Text,
    /// The budget in force; nothing where there is none.
    pub budget_fen: Money,
    /// Spent in the year, from the books.
    pub actual_fen: Money,
    /// Released and not spent, from the books.
    pub released_fen: Money,
    /// Held for milestones that are due by the end of the year, from the books.
    pub held_fen: Money,
    /// What will have been spent by the end of the year.
    pub forecast_fen: Money,
    /// The budget less the forecast; below zero where it will not do.
    pub left_fen: Money,
}

/// The pillars in a year, as of a day.
///
/// # Errors
/// What the store gives.
pub async fn standing(
    reader: &mut Reader,
    year: Period,
    as_of: Date,
) -> Result<Vec<PillarStanding>, Refusal> {
    let through = as_of.min(year.last_day());
    let before = Ledger::through(reader, year.previous().last_day()).await?;
    let now = Ledger::through(reader, through).await?;
    let budgets = budget_of(reader, year).await?;
    let projects = projects(reader, through).await?;
    let mut pillars = Vec::new();
    for row in reader.rows(sql::PILLARS, args![]).await? {
        let pillar = row.text("id")?;
        let (mut actual, mut released, mut held) = (Money::ZERO, Money::ZERO, Money::ZERO);
        for project in projects.iter().filter(|project| project.pillar == pillar) {
            let account = spent(&project.key)?;
            let in_year = now
                .balance(account.as_str())?
                .checked_sub(before.balance(account.as_str())?)?;
            actual = actual.checked_add(in_year)?;
            released = released.checked_add(project.released_fen)?;
            let due = project
                .milestones
                .iter()
                .filter(|one| one.due_on <= year.last_day());
            held = held.checked_add(Money::try_sum(due.map(|one| one.held_fen))?)?;
        }
        let budget = budgets.get(&pillar).copied().unwrap_or_default();
        let forecast = Money::try_sum([actual, released, held])?;
        pillars.push(PillarStanding {
            unit: Text::new(row.text("unit_zh")?, row.text("unit_en")?),
            budget_fen: budget,
            actual_fen: actual,
            released_fen: released,
            held_fen: held,
            forecast_fen: forecast,
            left_fen: budget.checked_sub(forecast)?,
            pillar,
        });
    }
    Ok(pillars)
}

async fn budget_of(reader: &mut Reader, year: Period) -> Result<HashMap<String, Money>, Refusal> {
    let versions = reader.rows(sql::BUDGETS, args![year.to_string()]).await?;
    let mut in_force = None;
    for row in versions {
        if row.text("state")? == "approved" {
            in_force = Some(row.text("key")?);
        }
    }
    let Some(key) = in_force else {
        return Ok(HashMap::new());
    };
    let lines = reader.rows(sql::BUDGET_LINES, args![key]).await?;
    lines
        .iter()
        .map(|row| Ok((row.text("pillar")?, money(row, "amount_fen")?)))
        .collect()
}

/// What the fund moved in others as of a day, with its working.
///
/// # Errors
/// What the store gives; as [`leverage`].
pub async fn cofinance(reader: &mut Reader, as_of: Date) -> Result<Leverage, Refusal> {
    let mut movers: BTreeMap<String, Vec<(String, Money)>> = BTreeMap::new();
    for row in reader.rows(sql::MOBILISERS, args![]).await? {
        let mover = (row.text("mobiliser")?, money(&row, "contribution_fen")?);
        movers.entry(row.text("cofinance")?).or_default().push(mover);
    }
    let mut claims = Vec::new();
    for row in reader.rows(sql::COFINANCE, args![as_of]).await? {
        let key = row.text("key")?;
        claims.push(Claim {
            project: row.text("project")?,
            contributor: row.text("contributor")?,
            class: if row.text("class")? == "turnover" {
                MoneyClass::Turnover
            } else {
                MoneyClass::Finance
            },
            amount: money(&row, "amount_fen")?,
            causal: row.int("causal")? == 1,
            mobilisers: movers.remove(&key).unwrap_or_default(),
            key,
        });
    }
    let projects = projects(reader, as_of).await?;
    let spent = Money::try_sum(projects.iter().map(|project| project.spent_fen))?;
    leverage(&claims, spent)
}

/// Where a project is.
async fn project_place(reader: &mut Reader, key: &str) -> Result<Option<PlaceCode>, Refusal> {
    let row = reader.row(sql::PROJECT, args![key]).await?;
    place(&row.ok_or_else(|| missing("fund.no_such_project", key))?)
}

/// Where an act is done: as it says itself, or where its project or its pairing is.
///
/// # Errors
/// `fund.no_such_project`, `fund.no_such_duty`; what the store gives.
pub async fn place_of_act(reader: &mut Reader, act: &crate::Act) -> Result<Option<PlaceCode>, Refusal> {
    use crate::Act;
    match act {
        Act::Commit(at) | Act::Release(at) => project_place(reader, &at.project).await,
        Act::Meet(met) => project_place(reader, &met.project).await,
        Act::Free(freed) => project_place(reader, &freed.project).await,
        Act::Cofinance(new) => project_place(reader, &new.project).await,
        Act::Duty(progress) => {
            let row = reader.row(sql::PAIRING_PLACE, args![&progress.pairing]).await?;
            place(&row.ok_or_else(|| missing("fund.no_such_duty", &progress.pairing))?)
        }
        _ => Ok(act.place()),
    }
}
