//! The yearly runs of a county: their calendar, what the rules said, and how far their cases are.

use std::collections::BTreeMap;

use jiff::civil::Date;
use kernel::{Money, PlaceCode, Refusal};
use people::staff::PlaceFilter;
use serde::Serialize;
use store::{Reader, Row, args};

use super::{keep_first, spans_of};
use crate::acts::Whose;
use crate::model::{CaseId, CaseKind, CaseState, HouseholdId, RunStep, Status};
use crate::repo as sql;
use crate::runs::ShortReasons;

/// The most runs of a list.
const RUNS_MAX: i64 = 500;

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
    /// Of those for which they hold, so many have no case in it yet.
    pub without_case: i64,
    /// Its cases by how far they are.
    pub cases: BTreeMap<CaseState, i64>,
}

/// A household of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ScreenedLine {
    /// Which.
    pub household: HouseholdId,
    /// Its village when it was held against the rules.
    pub place: PlaceCode,
    /// Where it stands today.
    pub status: Status,
    /// Why the rules say so: each condition with what was measured and whether it holds.
    pub reasons: ShortReasons,
    /// Its last case in the run.
    pub case: Option<(CaseId, CaseState)>,
}

/// The yearly runs of the counties someone sees something of, the newest first.
///
/// # Errors
/// What the store gives.
pub async fn runs(reader: &mut Reader, seen: &PlaceFilter) -> Result<Vec<RunLine>, Refusal> {
    let rows = reader.rows(sql::RUNS, args![RUNS_MAX]).await?;
    let lines: Vec<RunLine> = rows.iter().map(line).collect::<Result<_, _>>()?;
    Ok(lines
        .into_iter()
        .filter(|run| !spans_of(seen, run.place).is_empty())
        .collect())
}

/// The runs to which a case of a kind may belong, the newest first.
///
/// # Errors
/// What the store gives.
pub async fn open_runs(
    reader: &mut Reader,
    village: PlaceCode,
    kind: CaseKind,
) -> Result<Vec<RunLine>, Refusal> {
    let county = village.county().unwrap_or(village);
    let rows = reader.rows(sql::RUNS_OPEN, args![county, kind.as_str()]).await?;
    rows.iter().map(line).collect()
}

/// What a run is, without what came of it.
///
/// # Errors
/// `registry.no_such_run`, also where nothing of its county may be seen.
pub async fn run_line(reader: &mut Reader, seen: &PlaceFilter, key: &str) -> Result<RunLine, Refusal> {
    let row = reader.row(sql::RUN, args![key]).await?;
    let run = line(&row.ok_or_else(|| sql::unknown(Whose::Run(key)))?)?;
    if spans_of(seen, run.place).is_empty() {
        return Err(sql::unknown(Whose::Run(key)));
    }
    Ok(run)
}

/// A run with what came of it, at the places of its county that may be seen.
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
    let parts = spans_of(seen, run.place);
    let mut page = RunPage {
        run,
        steps,
        holds: 0,
        does_not_hold: 0,
        unknown: 0,
        without_case: 0,
        cases: BTreeMap::new(),
    };
    for (first, last) in parts {
        for row in reader.rows(sql::RUN_HOLDS, args![key, first, last]).await? {
            let households = row.int("households")?;
            match row.opt_int("holds")? {
                None => page.unknown += households,
                Some(0) => page.does_not_hold += households,
                Some(_) => page.holds += households,
            }
        }
        let without = reader.row(sql::RUN_WITHOUT_CASE, args![key, first, last]).await?;
        page.without_case += without.map_or(Ok(0), |row| row.int("households"))?;
        for row in reader.rows(sql::RUN_STATES, args![key, first, last]).await? {
            let state = sql::parsed(&row.text("state")?, "state")?;
            *page.cases.entry(state).or_default() += row.int("cases")?;
        }
    }
    Ok(page)
}

/// The households of a run for which the rules hold, do not, or of which too little is known, by village and id, after one of
/// them.
///
/// # Errors
/// What the store gives.
pub async fn screened(
    reader: &mut Reader,
    seen: &PlaceFilter,
    (run, holds): (&RunLine, Option<bool>),
    after: Option<(PlaceCode, HouseholdId)>,
    limit: i64,
) -> Result<Vec<ScreenedLine>, Refusal> {
    let (village, household) = after.map_or((0, String::new()), |(place, id)| {
        (i64::try_from(place.as_u64()).unwrap_or(i64::MAX), id.to_string())
    });
    let holds = holds.map_or(2, i64::from);
    let mut lines = Vec::new();
    for (first, last) in spans_of(seen, run.place) {
        let args = args![&run.key, holds, village, &household, first, last, limit];
        for row in reader.rows(sql::SCREENED, args).await? {
            lines.push(screened_line(&row)?);
        }
    }
    lines.sort_by_key(|line| (line.place, line.household));
    keep_first(&mut lines, limit);
    Ok(lines)
}

fn screened_line(row: &Row) -> Result<ScreenedLine, Refusal> {
    let case = match sql::opt_parsed(row, "case_id")? {
        Some(id) => Some((id, sql::parsed(&row.text("state")?, "state")?)),
        None => None,
    };
    Ok(ScreenedLine {
        household: sql::parsed(&row.text("household")?, "household")?,
        place: sql::place(row)?,
        status: sql::parsed(&row.text("status")?, "status")?,
        reasons: sql::json(row, "reasons")?,
        case,
    })
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
