//! The board of a place: how many households stand where, why they are poor, which cases wait, and who is watched.

use std::collections::BTreeMap;

use jiff::civil::Date;
use kernel::{Money, PlaceCode, Refusal};
use people::staff::PlaceFilter;
use serde::Serialize;
use store::{Reader, args};

use super::household::{CaseLine, case_line};
use super::progress::{Exception, ExceptionLine, exception_at};
use super::{keep_first, spans};
use crate::desk::Registry;
use crate::model::{Cause, HouseholdId, Status};
use crate::repo as sql;
use crate::state::per_head;

/// The most cases of a board.
const CASES_MAX: i64 = 200;
/// The most of each of its shorter lists.
const LINES_MAX: i64 = 20;

/// A place at a glance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Board {
    /// Its villages.
    pub villages: Vec<VillageCount>,
    /// Poor households by their causes; one with two causes counts in both.
    pub causes: Vec<CauseCount>,
    /// Cases that are not at their end, those whose notice ends first above.
    pub cases: Vec<CaseLine>,
    /// The cases whose notice still stands, the one that ends first above.
    pub ending: Vec<CaseLine>,
    /// Cases that wait for someone: an objection without an answer, a notice that is over.
    pub exceptions: Vec<ExceptionLine>,
    /// Households recognised and left in each year.
    pub years: Vec<YearCount>,
    /// Households that left poverty and are near it again (防止返贫监测).
    pub watched: Vec<WatchedLine>,
}

/// A village.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VillageCount {
    /// Its code.
    pub place: PlaceCode,
    /// Households by where they stand.
    pub households: BTreeMap<Status, i64>,
}

/// A year.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct YearCount {
    /// Which.
    pub year: i16,
    /// So many households are poor since a day of it.
    pub recognised: i64,
    /// So many left poverty in it.
    pub exited: i64,
}

/// A cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct CauseCount {
    /// Which.
    pub cause: Cause,
    /// Of how many poor households.
    pub households: i64,
}

/// A household that is watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct WatchedLine {
    /// Which.
    pub household: HouseholdId,
    /// Its village.
    pub place: PlaceCode,
    /// Its income a head last year; none where it is not known, which is watched too.
    pub per_head_fen: Option<Money>,
}

impl Registry {
    /// The board of the places someone may see.
    ///
    /// # Errors
    /// What the store gives.
    pub async fn board(&self, seen: &PlaceFilter, today: Date) -> Result<Board, Refusal> {
        let mut reader = self.store.read().await?;
        let mut villages: BTreeMap<PlaceCode, BTreeMap<Status, i64>> = BTreeMap::new();
        let mut by_cause: BTreeMap<Cause, i64> = BTreeMap::new();
        let mut watched = Vec::new();
        for (first, last) in spans(seen) {
            for row in reader.rows(sql::COUNTS, args![first, last]).await? {
                let status = sql::parsed(&row.text("status")?, "status")?;
                let of = villages.entry(sql::place(&row)?).or_default();
                *of.entry(status).or_default() += row.int("households")?;
            }
            for row in reader.rows(sql::CAUSES, args![first, last]).await? {
                for cause in causes(&row.text("causes")?)? {
                    *by_cause.entry(cause).or_default() += row.int("households")?;
                }
            }
            watched.extend(self.watched(&mut reader, (first, last), today).await?);
        }
        let mut ranked: Vec<CauseCount> = by_cause
            .into_iter()
            .map(|(cause, households)| CauseCount { cause, households })
            .collect();
        ranked.sort_by_key(|count| std::cmp::Reverse(count.households));
        Ok(Board {
            villages: villages
                .into_iter()
                .map(|(place, households)| VillageCount { place, households })
                .collect(),
            causes: ranked,
            cases: cases(&mut reader, seen).await?,
            ending: ending(&mut reader, seen, today).await?,
            exceptions: exceptions(&mut reader, seen, today).await?,
            years: years(&mut reader, seen).await?,
            watched,
        })
    }

    /// Below the line of last year times the share of the rules, or of unknown income.
    async fn watched(
        &self,
        reader: &mut Reader,
        (first, last): (i64, i64),
        today: Date,
    ) -> Result<Vec<WatchedLine>, Refusal> {
        let year = today.year() - 1;
        let Ok(line) = self.desk.rules.line(year) else {
            return Ok(Vec::new());
        };
        let bound = i128::from(line.fen()) * i128::from(self.desk.rules.watch_permille);
        let mut lines = Vec::new();
        for row in reader.rows(sql::WATCHED, args![first, last, year]).await? {
            let members = row.int("members")?;
            let net = row.opt_int("net_fen")?.map(Money::from_fen);
            let income = net.and_then(|net| per_head(net, members));
            if income.is_none_or(|income| i128::from(income.fen()) * 1_000 < bound) {
                lines.push(WatchedLine {
                    household: sql::parsed(&row.text("id")?, "id")?,
                    place: sql::place(&row)?,
                    per_head_fen: income,
                });
            }
        }
        Ok(lines)
    }
}

fn causes(kept: &str) -> Result<Vec<Cause>, Refusal> {
    let words = kept.split(',').filter(|word| !word.is_empty());
    words.map(|word| sql::parsed(word, "causes")).collect()
}

/// Over all places together: what ends first stands above, wherever it is.
fn first_of(mut lines: Vec<CaseLine>, most: i64) -> Vec<CaseLine> {
    lines.sort_by_key(|line| (line.notice_until.unwrap_or(line.changed_on), line.id));
    keep_first(&mut lines, most);
    lines
}

async fn cases(reader: &mut Reader, seen: &PlaceFilter) -> Result<Vec<CaseLine>, Refusal> {
    let mut lines = Vec::new();
    for (first, last) in spans(seen) {
        for row in reader.rows(sql::CASES_AT, args![first, last, CASES_MAX]).await? {
            lines.push(case_line(&row)?);
        }
    }
    Ok(first_of(lines, CASES_MAX))
}

async fn ending(reader: &mut Reader, seen: &PlaceFilter, today: Date) -> Result<Vec<CaseLine>, Refusal> {
    let mut lines = Vec::new();
    for (first, last) in spans(seen) {
        let args = args![first, last, today, LINES_MAX];
        for row in reader.rows(sql::ENDING_AT, args).await? {
            lines.push(case_line(&row)?);
        }
    }
    Ok(first_of(lines, LINES_MAX))
}

async fn exceptions(
    reader: &mut Reader,
    seen: &PlaceFilter,
    today: Date,
) -> Result<Vec<ExceptionLine>, Refusal> {
    let mut lines = Vec::new();
    for (first, last) in spans(seen) {
        let args = args![first, last, today, LINES_MAX];
        for row in reader.rows(sql::EXCEPTIONS_AT, args).await? {
            let objected = row.int("open")? > 0;
            let why = if objected {
                Exception::ObjectionOpen
            } else {
                Exception::NoticeOver
            };
            lines.push(ExceptionLine {
                case: case_line(&row)?,
                why,
            });
        }
    }
    lines.sort_by_key(exception_at);
    keep_first(&mut lines, LINES_MAX);
    Ok(lines)
}

async fn years(reader: &mut Reader, seen: &PlaceFilter) -> Result<Vec<YearCount>, Refusal> {
    let mut years: BTreeMap<i16, YearCount> = BTreeMap::new();
    for (first, last) in spans(seen) {
        for row in reader.rows(sql::YEARS, args![first, last]).await? {
            let year = sql::parsed(&row.text("year")?, "year")?;
            let of = years.entry(year).or_default();
            of.year = year;
            let households = row.int("households")?;
            match sql::parsed(&row.text("status")?, "status")? {
                Status::Poor => of.recognised += households,
                Status::Exited => of.exited += households,
                Status::Registered => {}
            }
        }
    }
    Ok(years.into_values().collect())
}
