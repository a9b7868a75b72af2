//! Questions of a score card: a column of the survey, and the answers it is sorted into.
//!
//! Every column becomes a list of answers, so that a village worker can add points by hand: words stay as they are, numbers
//! go into bands (each value its own band where there are ten or fewer, else five bands at the weighted quantiles). A cell
//! that is empty is an answer of its own where the survey had empty cells in that column, else it is refused.

use std::collections::BTreeSet;

use kernel::{Fault, Refusal};
use serde::{Deserialize, Serialize};

use crate::measures::Person;
use crate::order::{quantile, sorted};

/// Values of a number that are answers of their own.
const VALUES_MAX: usize = 10;
/// Different words in a column at most.
pub(crate) const WORDS_MAX: usize = 60;

/// How the cells of a column become answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// Words, in order.
    Levels(Vec<String>),
    /// Numbers: the greatest of each band; what is above the last is one more band.
    UpTo(Vec<f64>),
}

/// A column with its answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// Its name in the head.
    pub column: String,
    /// Its answers.
    pub scale: Scale,
    /// Whether an empty cell is the last answer.
    pub may_be_empty: bool,
}

impl Question {
    /// Makes the question of a column from its cells, each with its place in the file and its weight.
    ///
    /// A column is of numbers when most of its cells are. Refused then with `targeting.not_a_number` at the first that is
    /// not, and for words with `targeting.too_many_levels`.
    pub(crate) fn of(column: &str, cells: &[Cell<'_>]) -> Result<Self, Refusal> {
        let filled = || cells.iter().filter(|cell| !cell.text.is_empty());
        let numbers = filled().filter(|cell| number(cell.text).is_some()).count();
        let may_be_empty = filled().count() < cells.len();
        let scale = if numbers * 2 > filled().count() {
            Scale::UpTo(bands(filled())?)
        } else {
            Scale::Levels(levels(column, filled())?)
        };
        Ok(Self {
            column: column.to_owned(),
            scale,
            may_be_empty,
        })
    }

    /// How many answers there are.
    pub fn answers(&self) -> usize {
        let filled = match &self.scale {
            Scale::Levels(levels) => levels.len(),
            Scale::UpTo(bands) => bands.len() + 1,
        };
        filled + usize::from(self.may_be_empty)
    }

    /// Which answer a cell is. Refused with `targeting.empty_cell`, `targeting.not_a_number` and
    /// `targeting.unknown_level`; the caller says where.
    pub fn answer(&self, text: &str) -> Result<usize, Refusal> {
        let refused = |code| Refusal::new(code, Fault::Refused).value(text);
        if text.is_empty() {
            let last = self.answers().checked_sub(1).filter(|_| self.may_be_empty);
            return last.ok_or_else(|| refused("targeting.empty_cell"));
        }
        match &self.scale {
            Scale::Levels(levels) => levels
                .iter()
                .position(|level| level == text)
                .ok_or_else(|| refused("targeting.unknown_level").fact("levels", levels.join(", "))),
            Scale::UpTo(bands) => {
                let number = number(text).ok_or_else(|| refused("targeting.not_a_number"))?;
                Ok(bands.iter().filter(|band| number > **band).count())
            }
        }
    }

    /// An answer as a person reads it; empty for the empty cell.
    pub fn label(&self, answer: usize) -> String {
        match &self.scale {
            Scale::Levels(levels) => levels.get(answer).cloned().unwrap_or_default(),
            Scale::UpTo(bands) => {
                let before = answer.checked_sub(1).and_then(|before| bands.get(before));
                match (before, bands.get(answer)) {
                    (None, Some(band)) => format!("≤ {band}"),
                    (Some(before), Some(band)) => format!("> {before}, ≤ {band}"),
                    (Some(before), None) => format!("> {before}"),
                    (None, None) => String::new(),
                }
            }
        }
    }
}

/// A cell of a column.
pub(crate) struct Cell<'a> {
    pub text: &'a str,
    pub weight: f64,
    pub line: u64,
}

fn number(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.abs() <= 1e100)
}

fn bands<'a>(cells: impl Iterator<Item = &'a Cell<'a>>) -> Result<Vec<f64>, Refusal> {
    let mut persons = Vec::new();
    for cell in cells {
        let income = number(cell.text).ok_or_else(|| {
            let refusal = Refusal::new("targeting.not_a_number", Fault::Refused).value(cell.text);
            refusal.at(cell.line)
        })?;
        persons.push(Person {
            income,
            weight: cell.weight,
        });
    }
    let sorted = sorted(&persons);
    let mut values: Vec<f64> = sorted.iter().map(|person| person.income).collect();
    values.dedup();
    let last = values.pop();
    if values.len() < VALUES_MAX {
        return Ok(values);
    }
    let mut cuts: Vec<f64> = [0.2, 0.4, 0.6, 0.8]
        .iter()
        .filter_map(|share| quantile(&sorted, *share))
        .collect();
    cuts.dedup();
    cuts.retain(|cut| Some(*cut) != last);
    Ok(cuts)
}

fn levels<'a>(column: &str, cells: impl Iterator<Item = &'a Cell<'a>>) -> Result<Vec<String>, Refusal> {
    let levels: BTreeSet<&str> = cells.map(|cell| cell.text).collect();
    if levels.len() > WORDS_MAX {
        let refusal = Refusal::new("targeting.too_many_levels", Fault::Refused).value(column);
        return Err(refusal.fact("levels", levels.len()).fact("max", WORDS_MAX));
    }
    Ok(levels.into_iter().map(str::to_owned).collect())
}
