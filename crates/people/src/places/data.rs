//! Reading of the embedded tables. They have no quotes, so every text is a slice of the program itself.
//!
//! A row that cannot be read is left out; a test counts the rows of each table.

use kernel::PlaceCode;

use super::history::{Ending, FormerRecord};
use super::poverty::PovertyCounty;

static DIVISIONS: &str = include_str!("../../data/divisions-2024.csv");
static HISTORY: &str = include_str!("../../data/history-1981-2024.csv");
static COUNTIES: &str = include_str!("../../data/counties-832.csv");

/// A row of the divisions in force.
pub(super) struct DivisionRow {
    pub code: PlaceCode,
    pub name: &'static str,
    pub pinyin: &'static str,
    pub lon_lat: Option<(f64, f64)>,
}

/// The cells of each row behind the head, when there are exactly so many.
fn rows<const COLUMNS: usize>(table: &'static str) -> impl Iterator<Item = [&'static str; COLUMNS]> {
    table
        .lines()
        .skip(1)
        .filter_map(|line| line.split(',').collect::<Vec<_>>().try_into().ok())
}

pub(super) fn divisions() -> impl Iterator<Item = DivisionRow> {
    rows(DIVISIONS).filter_map(|[code, name, pinyin, longitude, latitude]| {
        let lon_lat = longitude.parse().ok().zip(latitude.parse().ok());
        Some(DivisionRow {
            code: code.parse().ok()?,
            name,
            pinyin,
            lon_lat,
        })
    })
}

pub(super) fn history() -> impl Iterator<Item = FormerRecord> {
    rows(HISTORY).filter_map(|[code, prefecture, name, status, start, end, new_codes]| {
        let code = code.parse().ok()?;
        let ending = if status == "current" {
            None
        } else {
            let year = end.parse().ok()?;
            let named = successors(new_codes, year);
            let new_codes = if status == "renamed" {
                named.or_itself(code, year)
            } else {
                named.any()
            };
            Some(Ending { year, new_codes })
        };
        Some(FormerRecord {
            code,
            prefecture,
            name,
            start_year: start.parse().ok()?,
            ending,
        })
    })
}

/// The codes of one cell: those of the change that ended the record, and those that took a part earlier.
struct Successors {
    at_the_end: Vec<(PlaceCode, i16)>,
    earlier: Vec<(PlaceCode, i16)>,
}

impl Successors {
    /// A unit that was renamed goes on under its own code when no other is named for the end.
    fn or_itself(self, code: PlaceCode, end_year: i16) -> Vec<(PlaceCode, i16)> {
        if self.at_the_end.is_empty() {
            vec![(code, end_year)]
        } else {
            self.at_the_end
        }
    }

    /// A code that took only a part, earlier, counts only when nothing else is named.
    fn any(self) -> Vec<(PlaceCode, i16)> {
        if self.at_the_end.is_empty() {
            self.earlier
        } else {
            self.at_the_end
        }
    }
}

/// Takes a cell apart; a code with a year in brackets is an earlier change.
fn successors(cell: &str, end_year: i16) -> Successors {
    let mut found = Successors {
        at_the_end: Vec::new(),
        earlier: Vec::new(),
    };
    for item in cell.split(';') {
        match item.split_once('[') {
            None => found
                .at_the_end
                .extend(item.parse().ok().map(|code| (code, end_year))),
            Some((code, year)) => {
                let year = year.trim_end_matches(']').parse().ok();
                found.earlier.extend(code.parse().ok().zip(year));
            }
        }
    }
    found
}

pub(super) fn poverty_counties() -> impl Iterator<Item = PovertyCounty> {
    rows(COUNTIES).filter_map(
        |[
            _,
            name,
            source_name,
            code_2013,
            basis_year,
            code_2024,
            province,
            delisted_year,
            note,
        ]| {
            Some(PovertyCounty {
                name,
                source_name: if source_name.is_empty() { name } else { source_name },
                code_2013: code_2013.parse().ok(),
                code_basis_year: basis_year.parse().ok(),
                code_2024: code_2024.parse().ok(),
                province: province.parse().ok()?,
                delisted_year: delisted_year.parse().ok()?,
                note,
            })
        },
    )
}
