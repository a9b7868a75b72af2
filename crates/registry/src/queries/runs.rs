//! The yearly runs of a county: their calendar, what the rules said, and how far their cases are.

use std::collections::BTreeMap;

use jiff::civil::Date;
use kernel::{Money, PlaceCode, Refusal};
use people::staff::PlaceFilter;
use serde::Serialize;
use store::{Reader, Row, args};

use super::require_seen;
use crate::acts::Whose;
use crate::model::{CaseKind, CaseState, HouseholdId, RunStep, Status};
use crate::repo as sql;
use crate::runs::ShortReasons;

/// A run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RunLine {
    /// Its key.
    pub key: String,
    /// Recognition or exit.
    pub kind: CaseKind,
    /// The county.
    pub place: PlaceCode,
    /// When it was opened.
    pub opened_on: Date,
    /// By when it is to be closed.
    pub due_on: Date,
    /// The version of its rules.
    pub rules: String,
    /// The year whose income it measures.
    pub year: i64,
    /// The poverty line of that year, a head.
    pub line_fen: Money,
    /// Whether every household was held against the rules.
    pub screened: bool,
    /// When it was closed.
    pub closed_on: Option<Date>,
}

/// A run with what came of it so far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RunPage {
    /// The run.
    pub run: RunLine,
    /// By when each step is to be done.
    pub steps: Vec<(RunStep, Date)>,
    /// Households for which the rules hold, for which they do not, and of which too little is known.
    pub holds: i64,
    /// See above.
    pub does_not_hold: i64,
    /// See above.
    pub unknown: i64,
    /// Its cases by how far they are.
    pub cases: BTreeMap<CaseState, i64>,
}

/// A household of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ScreenedLine {
    /// Which.
    pub household: HouseholdId,
    /// Its village.
    pub place: PlaceCode,
    /// Where it stands today.
    pub status: Status,
    /// Why the rules say so: each condition with what was measured and whether it holds.
    pub reasons: ShortReasons,
}

/// What a run is, without what came of it.
///
/// # Errors
/// `registry.no_such_run`, also where its county may not be seen.
pub async fn run_line(reader: &mut Reader, seen: &PlaceFilter, key: &str) -> Result<RunLine, Refusal> {
    let row = reader.row(sql::RUN, args![key]).await?;
    let run = line(&row.ok_or_else(|| sql::unknown(Whose::Run(key)))?)?;
    require_seen(seen, run.place, Whose::Run(key))?;
    Ok(run)
}

/// A run with what came of it.
///
/// # Errors
/// As [`run_line`].
pub async fn run_page(reader: &mut Reader, seen: &PlaceFilter, key: &str) -> Result<RunPage, Refusal> {
    let run = run_line(reader, seen, key).await?;
    let mut steps = Vec::new();
    for row in reader.rows(sql::RUN_STEPS, args![key]).await? {
        steps.push((
            sql::parsed(&row.text("step")?, "step")?,
            sql::day(&row, "due_on")?,
        ));
    }
    let mut page = RunPage {
        run,
        steps,
        holds: 0,
        does_not_hold: 0,
        unknown: 0,
        cases: BTreeMap::new(),
    };
    for row in reader.rows(sql::RUN_HOLDS, args![key]).await? {
        let households = row.int("households")?;
        match row.opt_int("holds")? {
            None => page.unknown = households,
            Some(0) => page.does_not_hold = households,
            Some(_) => page.holds = households,
        }
    }
    for row in reader.rows(sql::RUN_STATES, args![key]).await? {
        let state = sql::parsed(&row.text("state")?, "state")?;
        page.cases.insert(state, row.int("cases")?);
    }
    Ok(page)
}

/// The households of a run for which the rules hold, or do not, by id, after one of them.
///
/// # Errors
/// What the store gives.
pub async fn screened(
    reader: &mut Reader,
    run: &str,
    holds: bool,
    after: Option<HouseholdId>,
    limit: i64,
) -> Result<Vec<ScreenedLine>, Refusal> {
    let after = after.map(|id| id.to_string()).unwrap_or_default();
    let rows = reader
        .rows(sql::SCREENED, args![run, holds, after, limit])
        .await?;
    let line = |row: &Row| {
        Ok(ScreenedLine {
            household: sql::parsed(&row.text("household")?, "household")?,
            place: sql::place(row)?,
            status: sql::parsed(&row.text("status")?, "status")?,
            reasons: sql::json(row, "reasons")?,
        })
    };
    rows.iter().map(line).collect()
}

fn line(row: &Row) -> Result<RunLine, Refusal> {
    Ok(RunLine {
        key: row.text("key")?,
        kind: sql::parsed(&row.text("kind")?, "kind")?,
        place: sql::place(row)?,
        opened_on: sql::day(row, "opened_on")?,
        due_on: sql::day(row, "due_on")?,
        rules: row.text("rules_version")?,
        year: row.int("year")?,
        line_fen: Money::from_fen(row.int("line_fen")?),
        screened: row.int("screened")? == 1,
        closed_on: sql::opt_day(row, "closed_on")?,
    })
}
