//! What stands of a household and a person: their statements, laid one over the other.
//!
//! A statement says that something is so from a day on, and was written down at some moment. What was so on a day, as known at
//! a moment, is: of the statements known by then that begin by that day, for each field the one that begins latest; of two
//! that begin on one day, the one that was written down later. So a correction is one more statement, statements may come in
//! any order, and what was known then can be asked again.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use kernel::{Area, Money, PlaceCode, Refusal};
use programme::recognition::Measure;
use serde::{Deserialize, Serialize};
use store::Row;

use crate::model::{
    Cause, Guarantee, Health, HouseholdFacts, HouseholdId, Labour, Leaving, PersonFacts, PersonId, Schooling,
    Status, YearIncome,
};
use crate::repo::{day, json};

/// A moment of the past: a day, and how many statements were known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AsOf {
    /// What was so on this day.
    pub day: Date,
    /// As far as these statements said it.
    pub known: i64,
}

impl AsOf {
    /// Everything that is known.
    pub const NOW: Self = Self {
        day: Date::MAX,
        known: i64::MAX,
    };
}

/// A statement as it is kept; what is sealed stays sealed.
pub(crate) struct Statement<T> {
    pub number: i64,
    pub since: Date,
    pub said: T,
    pub sealed: Option<String>,
    pub act: String,
}

impl<T: serde::de::DeserializeOwned> Statement<T> {
    pub(crate) fn read(row: &Row) -> Result<Self, Refusal> {
        Ok(Self {
            number: row.int("statement_no")?,
            since: day(row, "since_on")?,
            said: json(row, "said")?,
            sealed: row.opt_text("sealed")?,
            act: row.text("act")?,
        })
    }
}

/// The statements that count at a moment, in the order in which they lie over one another.
pub(crate) fn counting<T>(mut statements: Vec<Statement<T>>, at: AsOf) -> Vec<Statement<T>> {
    statements.retain(|statement| statement.since <= at.day && statement.number <= at.known);
    statements.sort_by_key(|statement| (statement.since, statement.number));
    statements
}

/// What one statement says of a household.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct HouseholdSaid {
    #[serde(skip_serializing_if = "is_default")]
    pub facts: HouseholdFacts,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity: Option<Identity<HouseholdId>>,
}

/// What one statement says of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct PersonSaid {
    #[serde(skip_serializing_if = "is_default")]
    pub facts: PersonFacts,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub membership: Option<Membership>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity: Option<Identity<PersonId>>,
}

/// Whether someone who was written down, or a household, turned out to be one that was written down before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Identity<Id> {
    /// It is this one.
    SameAs(Id),
    /// It was taken for another one, and is not.
    OfTheirOwn,
}

impl<Id> Identity<Id> {
    /// Which one it is, where it is another.
    fn kept(said: Option<Self>) -> Option<Id> {
        match said {
            Some(Self::SameAs(kept)) => Some(kept),
            Some(Self::OfTheirOwn) | None => None,
        }
    }
}

/// Whether someone belongs to a household.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Membership {
    /// To this one.
    In(HouseholdId),
    /// To none, for this reason.
    Out(Leaving),
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// What stands of a household.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct HouseholdState {
    /// Its village.
    pub place: Option<PlaceCode>,
    /// Where it stands.
    pub status: Status,
    /// Why it is poor, the main cause first.
    pub causes: Vec<Cause>,
    /// Its land.
    pub land_milli_mu: Option<Area>,
    /// The assurances and guarantees that were looked at.
    pub guarantees: BTreeMap<Guarantee, bool>,
    /// What of the exclusion list was seen; none where nobody looked.
    pub exclusions: Option<BTreeSet<String>>,
    /// Its income by year.
    pub incomes: BTreeMap<i16, YearIncome>,
    /// Whether it turned out to be another one, written down again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity: Option<Identity<HouseholdId>>,
}

impl HouseholdState {
    /// What its statements come to.
    pub(crate) fn of(statements: Vec<Statement<HouseholdSaid>>, at: AsOf) -> Self {
        let mut state = Self::default();
        for Statement { said, .. } in counting(statements, at) {
            state.status = said.status.unwrap_or(state.status);
            state.identity = said.identity.or(state.identity);
            let facts = said.facts;
            state.place = facts.place.or(state.place);
            state.causes = facts.causes.unwrap_or(state.causes);
            state.land_milli_mu = facts.land_milli_mu.or(state.land_milli_mu);
            state.guarantees.extend(facts.guarantees);
            state.exclusions = facts.exclusions.or(state.exclusions);
            state
                .incomes
                .extend(facts.income.map(|income| (income.year, income)));
        }
        state
    }

    /// Which one it turned out to be.
    pub fn kept(&self) -> Option<HouseholdId> {
        Identity::kept(self.identity)
    }

    /// How many assurances and guarantees are not met.
    pub fn unmet(&self) -> usize {
        self.guarantees.values().filter(|met| !**met).count()
    }

    /// How many nobody looked at.
    pub fn unseen(&self) -> usize {
        Guarantee::ALL.len().saturating_sub(self.guarantees.len())
    }
}

/// What stands of a person, beside who they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PersonState {
    /// What was said of them.
    #[serde(flatten)]
    pub facts: PersonFacts,
    /// Where they belong; none before the first statement.
    pub membership: Option<Membership>,
    /// Whether they turned out to be someone else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity: Option<Identity<PersonId>>,
}

impl PersonState {
    /// What the statements that count come to.
    pub(crate) fn of(counting: &[Statement<PersonSaid>]) -> Self {
        let mut state = Self::default();
        for Statement { said, .. } in counting {
            state.membership = said.membership.or(state.membership);
            state.identity = said.identity.or(state.identity);
            let mut facts = said.facts.clone();
            facts.relation = facts.relation.or(state.facts.relation);
            facts.fill_in(&state.facts);
            state.facts = facts;
        }
        state
    }

    /// The household they belong to; none of someone who turned out to be someone else.
    pub fn household(&self) -> Option<HouseholdId> {
        match (self.kept(), self.membership) {
            (None, Some(Membership::In(household))) => Some(household),
            _ => None,
        }
    }

    /// Who they turned out to be.
    pub fn kept(&self) -> Option<PersonId> {
        Identity::kept(self.identity)
    }
}

/// How many members there are, and of what kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Members {
    pub all: i64,
    pub labour: i64,
    pub students: i64,
    pub disabled: i64,
    pub ill: i64,
}

impl Members {
    pub(crate) fn of<'a>(members: impl Iterator<Item = &'a PersonFacts>) -> Self {
        let mut counted = Self::default();
        for facts in members {
            counted.all += 1;
            counted.labour += i64::from(matches!(facts.labour, Some(Labour::Able | Labour::Skilled)));
            counted.students += i64::from(matches!(
                facts.schooling,
                Some(Schooling::AtKindergarten | Schooling::AtSchool | Schooling::AtHighSchool)
            ));
            counted.disabled += i64::from(facts.disability.is_some_and(|grade| grade > 0));
            counted.ill += i64::from(matches!(facts.health, Some(Health::Chronic | Health::Serious)));
        }
        counted
    }
}

/// What the rules count of a household; what nobody said is not among it.
pub type Measures = BTreeMap<Measure, i64>;

/// What a household comes to before the rules.
pub(crate) struct Counted {
    pub members: Members,
    pub net_income: Option<Money>,
    pub land: Option<i64>,
    pub unmet: i64,
    pub unseen: i64,
    pub exclusions: Option<i64>,
}

impl Counted {
    pub(crate) fn of(state: &HouseholdState, members: Members, year: i16) -> Result<Self, Refusal> {
        let income = state.incomes.get(&year).map(YearIncome::net);
        Ok(Self {
            members,
            net_income: income.transpose()?,
            land: state.land_milli_mu.map(Area::milli_mu),
            unmet: count(state.unmet()),
            unseen: count(state.unseen()),
            exclusions: state.exclusions.as_ref().map(|seen| count(seen.len())),
        })
    }

    pub(crate) fn measures(&self) -> Measures {
        let of = &self.members;
        let mut measures = BTreeMap::from([
            (Measure::Members, of.all),
            (Measure::Labour, of.labour),
            (Measure::Students, of.students),
            (Measure::Disabled, of.disabled),
            (Measure::Ill, of.ill),
            (Measure::GuaranteesUnmet, self.unmet),
            (Measure::GuaranteesUnseen, self.unseen),
        ]);
        let income = self.net_income.and_then(|net| per_head(net, of.all));
        measures.extend(income.map(|income| (Measure::IncomePerHead, income.fen())));
        measures.extend(self.land.map(|land| (Measure::Land, land)));
        measures.extend(self.exclusions.map(|seen| (Measure::Exclusions, seen)));
        measures
    }
}

/// Income a head, rounded down to the fen: a household at the line by rounding is below it. None where nobody lives in it.
pub(crate) fn per_head(net: Money, members: i64) -> Option<Money> {
    net.fen().checked_div_euclid(members).map(Money::from_fen)
}

/// A list of one household is never too long to be counted.
fn count(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}
