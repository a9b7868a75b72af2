//! What acts about money carry: pledges, budgets, projects, money of others.

use jiff::civil::Date;
use kernel::{Money, Period, PlaceCode, Text};
use serde::{Deserialize, Serialize};

/// A pledge (承诺) with its yearly tranches, which add up to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewPledge {
    /// Its key: 1 to 40 of `a-z`, `0-9` and `-`, as all keys that name accounts.
    pub key: String,
    /// Who promises, an organisation.
    pub donor: Text,
    /// When it was signed.
    pub signed_on: Date,
    /// The last day it covers.
    pub through_on: Date,
    /// All of it.
    pub total_fen: Money,
    /// The effect it is meant to move in others, at least; an aim, not a result.
    pub leverage_low_fen: Money,
    /// The same aim, at best.
    pub leverage_high_fen: Money,
    /// The signed document, by the SHA-256 of its bytes.
    pub document: String,
    /// The tranches, by their days.
    pub tranches: Vec<NewTranche>,
}

/// One tranche of a pledge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewTranche {
    /// When it falls due.
    pub due_on: Date,
    /// How much.
    pub amount_fen: Money,
}

/// A tranche that is asked for: from now on it is owed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Call {
    /// The pledge.
    pub pledge: String,
    /// The tranche, from 1.
    pub tranche: u32,
    /// On which day.
    pub on: Date,
}

/// Money of a tranche that arrived at the bank.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// The bank's reference, its key.
    pub key: String,
    /// The pledge.
    pub pledge: String,
    /// The tranche, from 1.
    pub tranche: u32,
    /// On which day.
    pub on: Date,
    /// How much.
    pub amount_fen: Money,
    /// What the bank says, by the SHA-256 of its bytes.
    pub document: String,
}

/// A pillar (板块) and the unit that owns it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PillarOwner {
    /// The pillar of the programme.
    pub pillar: String,
    /// Since when.
    pub since: Date,
    /// The unit.
    pub unit: Text,
}

/// A version of the budget (预算版本) of a year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewBudget {
    /// Its key.
    pub key: String,
    /// The year.
    pub period: Period,
    /// Why it replaces the one before.
    pub reason: String,
    /// What each pillar may spend.
    pub lines: Vec<BudgetLine>,
}

/// What one pillar may spend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BudgetLine {
    /// The pillar.
    pub pillar: String,
    /// How much.
    pub amount_fen: Money,
}

/// Something about a thing that is known by its key, with a reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reasoned {
    /// The thing.
    pub key: String,
    /// On which day.
    pub on: Date,
    /// Why.
    pub reason: String,
}

/// A project (项目) with the milestones that release its money.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewProject {
    /// Its key.
    pub key: String,
    /// Its pillar.
    pub pillar: String,
    /// Where; the whole country where it is not given.
    #[serde(default)]
    pub place: Option<PlaceCode>,
    /// Its name.
    pub title: Text,
    /// The first day.
    pub starts_on: Date,
    /// The last day.
    pub ends_on: Date,
    /// Its milestones.
    pub milestones: Vec<NewMilestone>,
}

/// A milestone (里程碑) of a project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewMilestone {
    /// What is to be reached.
    pub title: Text,
    /// By when.
    pub due_on: Date,
    /// What it releases.
    pub amount_fen: Money,
}

/// A milestone of a project, on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AtMilestone {
    /// The project.
    pub project: String,
    /// The milestone, from 1.
    pub milestone: u32,
    /// On which day.
    pub on: Date,
}

/// A milestone that was met.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Met {
    /// The project.
    pub project: String,
    /// The milestone, from 1.
    pub milestone: u32,
    /// On which day.
    pub on: Date,
    /// What proves it, by the SHA-256 of its bytes.
    pub document: String,
}

/// A commitment that is given up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Freed {
    /// The project.
    pub project: String,
    /// The milestone, from 1.
    pub milestone: u32,
    /// Why.
    pub reason: String,
}

/// What money of others is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MoneyClass {
    /// Money that was put in: a gift, a loan, an investment.
    Finance,
    /// What was sold or lent in the ordinary course of business; shown beside, never added.
    Turnover,
}

impl MoneyClass {
    /// The name under which it is kept.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Finance => "finance",
            Self::Turnover => "turnover",
        }
    }
}

/// Money of others that went into a project (撬动资金), and who moved it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cofinance {
    /// Its key.
    pub key: String,
    /// The project.
    pub project: String,
    /// What it is.
    pub class: MoneyClass,
    /// Who gave it, an organisation or a group such as `platform-users`.
    pub contributor: String,
    /// The contributor's own reference: the same money under another key is refused.
    pub reference: String,
    /// When it was agreed.
    pub agreed_on: Date,
    /// How much.
    pub amount_fen: Money,
    /// Whether it came because of the mobilisers, which a document has to show.
    pub causal: bool,
    /// What shows it, by the SHA-256 of its bytes.
    #[serde(default)]
    pub document: Option<String>,
    /// Who moved it, each with what they put in themselves; the fund is `fund`.
    pub mobilisers: Vec<Mobiliser>,
}

/// Someone who moved money of others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mobiliser {
    /// Who; the fund is `fund`.
    pub name: String,
    /// What they put in themselves.
    pub contribution_fen: Money,
}
