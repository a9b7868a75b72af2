//! Measures of poverty and inequality over weighted incomes.
//!
//! With `y` an income, `w` its weight, `z` the line and `W` the sum of the weights:
//! - headcount, gap and severity: `Σ w ((z - y) / z)^α / W` over incomes below `z`, for α 0, 1 and 2 (Foster, Greer,
//!   Thorbecke 1984). Poor is who has less than the line, not who has the line. An income below zero is as far below the
//!   line as one of zero, so that one loss in a survey does not swamp the others; how many there were is said;
//! - line by the median: `p` times the weighted median of all persons, the same line for every group (Eurostat, at risk
//!   of poverty);
//! - Gini: `(2 Σ wᵢ yᵢ Cᵢ - Σ wᵢ² yᵢ) / (W Σ wᵢ yᵢ) - 1`, incomes in order and `Cᵢ` the cumulated weight (the form of
//!   Eurostat and laeken). With incomes below zero it may pass 1; it is none where the incomes add up to nothing or less;
//! - quintile ratio S80/S20: mean income above the 80 % quantile over mean income up to the 20 % quantile.

use std::collections::BTreeMap;
use std::io::Read;

use kernel::{Fault, Refusal};
use serde::Serialize;

use crate::order::{quantile, sorted};
use crate::table::Table;

/// A person (or household) of a survey.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Person {
    /// Income in a year, in the currency of the file; whatever is finite.
    pub income: f64,
    /// For how many it stands; zero or more.
    pub weight: f64,
}

/// Where poverty begins.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Line {
    /// At an income.
    Income(f64),
    /// At this share of the median income of all.
    OfMedian(f64),
}

/// What is measured over some persons. Shares and ratios are of one, not per cent, but for `rate_percent`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Measures {
    /// Rows that weigh something.
    pub persons: u64,
    /// For how many they stand.
    pub weight: f64,
    /// Share of the poor (FGT 0), 0 to 1.
    pub headcount: f64,
    /// The same in per cent.
    pub rate_percent: f64,
    /// Poverty gap (FGT 1), 0 to 1.
    pub gap: f64,
    /// Severity (FGT 2), 0 to 1.
    pub severity: f64,
    /// Gini coefficient; none where the incomes add up to nothing or less.
    pub gini: Option<f64>,
    /// S80/S20; none where the poorest fifth has nothing or less.
    pub quintile_ratio: Option<f64>,
    /// Mean income.
    pub mean: f64,
    /// Median income.
    pub median: f64,
    /// Rows with an income below zero.
    pub negative_incomes: u64,
}

/// The measures of a file.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Poverty {
    /// The line, in the currency of the file.
    pub threshold: f64,
    /// All persons.
    #[serde(flatten)]
    pub all: Measures,
    /// Each group by name, where groups were asked for; the same line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub groups: Option<Vec<Group>>,
}

/// A group and its measures.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Group {
    /// What stands in the column of groups; empty where nothing does.
    pub group: String,
    /// Its measures.
    #[serde(flatten)]
    pub measures: Measures,
}

/// Which columns of a file to measure.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// Column of incomes.
    pub income: &'a str,
    /// Column of weights; every row weighs 1 where it is not given.
    pub weight: Option<&'a str>,
    /// Column of groups.
    pub by: Option<&'a str>,
    /// Where poverty begins.
    pub line: Line,
}

/// The line in the currency of the incomes. Refused with `targeting.bad_line` where it is not above zero, and
/// `targeting.weights_zero` where nobody weighs anything.
pub fn threshold(persons: &[Person], line: Line) -> Result<f64, Refusal> {
    line_of(&sorted(persons), line)
}

/// Measures persons against a line above zero. Refused as [`threshold`].
pub fn measure(persons: &[Person], threshold: f64) -> Result<Measures, Refusal> {
    measured(&sorted(persons), line_of(persons, Line::Income(threshold))?)
}

/// Reads a file to its end and measures it; refused for what [`Table`] is refused for, `targeting.no_rows` (a head
/// alone), and as [`threshold`].
pub fn of_file(source: impl Read, name: &str, wanted: Wanted<'_>) -> Result<Poverty, Refusal> {
    let mut table = Table::open(source, name)?;
    let income = table.column(wanted.income)?;
    let weight = wanted.weight.map(|column| table.column(column)).transpose()?;
    let by = wanted.by.map(|column| table.column(column)).transpose()?;
    let mut persons = Vec::new();
    let mut groups: BTreeMap<String, Vec<Person>> = BTreeMap::new();
    while let Some(row) = table.next_row()? {
        let person = Person {
            income: row.number(&income)?,
            weight: weight.as_ref().map_or(Ok(1.0), |column| row.weight(column))?,
        };
        persons.push(person);
        if let Some(by) = &by {
            groups.entry(row.text(by).to_owned()).or_default().push(person);
        }
    }
    if persons.is_empty() {
        return Err(Refusal::new("targeting.no_rows", Fault::Refused).at(name));
    }
    poverty(&persons, wanted.line, by.is_some().then_some(groups)).map_err(|refusal| refusal.at(name))
}

fn poverty(
    persons: &[Person],
    line: Line,
    groups: Option<BTreeMap<String, Vec<Person>>>,
) -> Result<Poverty, Refusal> {
    let all = sorted(persons);
    let threshold = line_of(&all, line)?;
    let of_group = |(group, persons): (String, Vec<Person>)| {
        // A group of which nobody weighs anything is no part of the population.
        let sorted = sorted(&persons);
        (!sorted.is_empty()).then(|| measured(&sorted, threshold).map(|measures| Group { group, measures }))
    };
    let groups = groups
        .map(|groups| groups.into_iter().filter_map(of_group).collect())
        .transpose()?;
    Ok(Poverty {
        threshold,
        all: measured(&all, threshold)?,
        groups,
    })
}

fn line_of(sorted: &[Person], line: Line) -> Result<f64, Refusal> {
    let threshold = match line {
        Line::Income(line) => line,
        Line::OfMedian(share) => share * quantile(sorted, 0.5).ok_or_else(weights_zero)?,
    };
    if threshold > 0.0 && threshold.is_finite() {
        Ok(threshold)
    } else {
        Err(Refusal::new("targeting.bad_line", Fault::Refused).value(threshold))
    }
}

fn measured(sorted: &[Person], line: f64) -> Result<Measures, Refusal> {
    let (Some(median), whole) = (quantile(sorted, 0.5), sum(sorted, |person| person.weight)) else {
        return Err(weights_zero());
    };
    let gaps = |power: i32| {
        let gap = |person: &Person| ((line - person.income.max(0.0)) / line).powi(power) * person.weight;
        let poor = sorted.iter().filter(|person| person.income < line);
        poor.map(gap).sum::<f64>() / whole
    };
    let headcount = gaps(0);
    Ok(Measures {
        persons: count(sorted.len()),
        weight: whole,
        headcount,
        rate_percent: headcount * 100.0,
        gap: gaps(1),
        severity: gaps(2),
        gini: gini(sorted),
        quintile_ratio: quintile_ratio(sorted),
        mean: sum(sorted, |person| person.weight * person.income) / whole,
        median,
        negative_incomes: count(sorted.iter().filter(|person| person.income < 0.0).count()),
    })
}

fn gini(sorted: &[Person]) -> Option<f64> {
    let whole = sum(sorted, |person| person.weight);
    let total = sum(sorted, |person| person.weight * person.income);
    let mut reached = 0.0;
    let ranked = sum(sorted, |person| {
        reached += person.weight;
        person.weight * person.income * (2.0 * reached - person.weight)
    });
    // Equal incomes give zero but for rounding, which may fall below it.
    (total > 0.0).then(|| (ranked / (whole * total) - 1.0).max(0.0))
}

fn quintile_ratio(sorted: &[Person]) -> Option<f64> {
    let (low, high) = (quantile(sorted, 0.2)?, quantile(sorted, 0.8)?);
    let poorest = mean(sorted.iter().filter(|person| person.income <= low))?;
    let richest = mean(sorted.iter().filter(|person| person.income > high));
    // Where nobody is above the quantile, the richest fifth has just that income.
    (poorest > 0.0).then(|| richest.unwrap_or(high) / poorest)
}

fn mean<'a>(persons: impl Iterator<Item = &'a Person>) -> Option<f64> {
    let (mut weight, mut total) = (0.0, 0.0);
    for person in persons {
        weight += person.weight;
        total += person.weight * person.income;
    }
    (weight > 0.0).then(|| total / weight)
}

fn sum(persons: &[Person], of: impl FnMut(&Person) -> f64) -> f64 {
    persons.iter().map(of).sum()
}

fn count(rows: usize) -> u64 {
    u64::try_from(rows).unwrap_or(u64::MAX)
}

fn weights_zero() -> Refusal {
    Refusal::new("targeting.weights_zero", Fault::Refused)
}
