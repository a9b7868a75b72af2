//! Budgets by version, targets, pairings, visits and the timeline.

use std::collections::BTreeMap;

use jiff::civil::Date;
use kernel::{Period, PlaceCode, Refusal, Text};
use people::staff::PlaceFilter;
use serde::Serialize;
use store::{Reader, Row, args};

use super::place;
use crate::model::BudgetLine;
use crate::repo::{self as sql, day, money, opt_day};

/// A version of a budget.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BudgetVersion {
    /// Its key.
    pub key: String,
    /// Its number in its year.
    pub version: i64,
    /// Why it was made.
    pub reason: String,
    /// `proposed`, `approved` or `declined`; the last that is approved is in force.
    pub state: String,
    /// By whom.
    pub proposed_by: String,
    /// Who decided.
    pub decided_by: Option<String>,
    /// What each pillar may spend.
    pub lines: Vec<BudgetLine>,
}

/// The versions of a year, the first one first.
///
/// # Errors
/// What the store gives.
pub async fn budgets(reader: &mut Reader, year: Period) -> Result<Vec<BudgetVersion>, Refusal> {
    let mut versions = Vec::new();
    for row in reader.rows(sql::BUDGETS, args![year.to_string()]).await? {
        let key = row.text("key")?;
        let lines = reader.rows(sql::BUDGET_LINES, args![&key]).await?;
        let line = |row: &Row| {
            Ok(BudgetLine {
                pillar: row.text("pillar")?,
                amount_fen: money(row, "amount_fen")?,
            })
        };
        versions.push(BudgetVersion {
            version: row.int("version_no")?,
            reason: row.text("reason")?,
            state: row.text("state")?,
            proposed_by: row.text("proposed_by")?,
            decided_by: row.opt_text("decided_by")?,
            lines: lines.iter().map(line).collect::<Result<_, Refusal>>()?,
            key,
        });
    }
    Ok(versions)
}

/// What projects are called, by their keys.
///
/// # Errors
/// What the store gives.
pub async fn project_titles(reader: &mut Reader) -> Result<BTreeMap<String, Text>, Refusal> {
    let rows = reader.rows(sql::PROJECTS, args![]).await?;
    rows.iter()
        .map(|row| Ok((row.text("key")?, title(row)?)))
        .collect()
}

/// A target with what was last measured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TargetStanding {
    /// The place code of a model county, or the pillar whose key result it is.
    pub owner: String,
    /// What is measured.
    pub indicator: String,
    /// Its name.
    pub title: Text,
    /// Its unit.
    pub unit: String,
    /// How much is wanted.
    pub target: i64,
    /// By when.
    pub due_on: Date,
    /// How much was last measured; none where nothing was.
    pub reached: Option<i64>,
}

/// The targets of model counties and units, with what was measured by a day.
///
/// # Errors
/// What the store gives.
pub async fn targets(reader: &mut Reader, as_of: Date) -> Result<Vec<TargetStanding>, Refusal> {
    let rows = reader.rows(sql::TARGETS, args![as_of]).await?;
    let target = |row: &Row| {
        Ok(TargetStanding {
            owner: row.text("owner")?,
            indicator: row.text("indicator")?,
            title: title(row)?,
            unit: row.text("unit")?,
            target: row.int("target")?,
            due_on: day(row, "due_on")?,
            reached: row.opt_int("reached")?,
        })
    };
    rows.iter().map(target).collect()
}

/// A pairing with its duties.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PairingStanding {
    /// Its key.
    pub key: String,
    /// With which place.
    pub place: Option<PlaceCode>,
    /// Which unit.
    pub unit: Text,
    /// When it was signed.
    pub signed_on: Date,
    /// Its duties.
    pub duties: Vec<DutyStanding>,
}

/// A duty of a pairing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DutyStanding {
    /// What is to be done.
    pub title: Text,
    /// By when.
    pub due_on: Date,
    /// How much is done, in thousandths.
    pub done_permille: i64,
    /// As seen on which day.
    pub seen_on: Option<Date>,
}

/// The pairings of places that may be seen.
///
/// # Errors
/// What the store gives.
pub async fn pairings(reader: &mut Reader, seen: &PlaceFilter) -> Result<Vec<PairingStanding>, Refusal> {
    let mut duties: BTreeMap<String, Vec<DutyStanding>> = BTreeMap::new();
    for row in reader.rows(sql::DUTIES, args![]).await? {
        duties
            .entry(row.text("pairing")?)
            .or_default()
            .push(DutyStanding {
                title: title(&row)?,
                due_on: day(&row, "due_on")?,
                done_permille: row.int("done_permille")?,
                seen_on: opt_day(&row, "seen_on")?,
            });
    }
    let mut pairings = Vec::new();
    for row in reader.rows(sql::PAIRINGS, args![]).await? {
        let (key, place) = (row.text("key")?, place(&row)?);
        if place.is_some_and(|place| seen.covers(place)) {
            pairings.push(PairingStanding {
                place,
                unit: Text::new(row.text("unit_zh")?, row.text("unit_en")?),
                signed_on: day(&row, "signed_on")?,
                duties: duties.remove(&key).unwrap_or_default(),
                key,
            });
        }
    }
    Ok(pairings)
}

/// A visit in the field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VisitLine {
    /// Its key.
    pub key: String,
    /// On which day.
    pub visited_on: Date,
    /// Where.
    pub place: Option<PlaceCode>,
    /// What was found.
    pub findings: String,
    /// How many photos there are.
    pub photos: i64,
}

/// The visits of a period to places that may be seen; who went is not among it.
///
/// # Errors
/// What the store gives.
pub async fn visits_seen(
    reader: &mut Reader,
    period: Period,
    seen: &PlaceFilter,
) -> Result<Vec<VisitLine>, Refusal> {
    let mut visits = Vec::new();
    for row in reader
        .rows(sql::VISITS, args![period.first_day(), period.last_day()])
        .await?
    {
        let place = place(&row)?;
        if place.is_some_and(|place| seen.covers(place)) {
            visits.push(VisitLine {
                key: row.text("key")?,
                visited_on: day(&row, "visited_on")?,
                place,
                findings: row.text("findings")?,
                photos: row.int("photos")?,
            });
        }
    }
    Ok(visits)
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EventLine {
    /// On which day.
    pub happened_on: Date,
    /// The pillar, or `fund`.
    pub pillar: String,
    /// Where, as it is told.
    pub place: String,
    /// What happened.
    pub title: Text,
}

/// The timeline between two days, both in it.
///
/// # Errors
/// What the store gives.
pub async fn events(reader: &mut Reader, from: Date, through: Date) -> Result<Vec<EventLine>, Refusal> {
    let rows = reader.rows(sql::EVENTS, args![from, through]).await?;
    let event = |row: &Row| {
        Ok(EventLine {
            happened_on: day(row, "happened_on")?,
            pillar: row.text("pillar")?,
            place: row.text("place_zh")?,
            title: title(row)?,
        })
    };
    rows.iter().map(event).collect()
}

fn title(row: &Row) -> Result<Text, Refusal> {
    Ok(Text::new(row.text("title_zh")?, row.text("title_en")?))
}
