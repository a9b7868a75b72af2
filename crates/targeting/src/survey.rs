//! A labelled survey read from a file: who is poor, how much each row weighs, and what was asked.

use std::collections::BTreeMap;
use std::io::Read;

use kernel::{Fault, Refusal};

use crate::questions::{Cell, Question};
use crate::table::{Column, Row, Table};

/// Which columns mean what.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    /// 0 or 1, or an income where there is a line.
    pub target: String,
    /// The poverty line; who has less is poor.
    pub line: Option<f64>,
    /// Column of weights; each row weighs 1 where it is not given.
    pub weight: Option<String>,
    /// Column of clusters, such as the household; each row is its own where it is not given.
    pub cluster: Option<String>,
    /// Column of groups whose errors are compared.
    pub group: Option<String>,
    /// The columns to ask; all others where it is empty.
    pub only: Vec<String>,
    /// Columns not to ask.
    pub not: Vec<String>,
}

/// A survey in memory. Rows that weigh nothing are left out.
#[derive(Clone, Debug, Default)]
pub struct Survey {
    /// Whether each row is poor.
    pub(crate) poor: Vec<bool>,
    /// The target of each row as it stands: 0 or 1, or an income.
    pub(crate) target: Vec<f64>,
    pub(crate) weight: Vec<f64>,
    pub(crate) cluster: Vec<usize>,
    pub(crate) clusters: usize,
    pub(crate) group: Vec<usize>,
    pub(crate) groups: Vec<String>,
    pub(crate) questions: Vec<Question>,
    /// The answer of each row to each question.
    pub(crate) answers: Vec<Vec<usize>>,
}

struct Wanted {
    target: Column,
    weight: Option<Column>,
    cluster: Option<Column>,
    group: Option<Column>,
    asked: Vec<Column>,
}

impl Survey {
    /// Reads a file to its end.
    ///
    /// Refused for what [`Table`] is refused for, and with `targeting.bad_target` (neither 0 nor 1, without a line),
    /// `targeting.bad_line`, `targeting.no_rows`, `targeting.weights_zero`, `targeting.one_class` (all poor or none),
    /// `targeting.no_questions`, `targeting.too_many_levels` and `targeting.too_few_rows` (fewer rows than answers).
    pub fn read(source: impl Read, name: &str, columns: &Columns) -> Result<Self, Refusal> {
        if let Some(line) = columns.line.filter(|line| !(*line > 0.0 && line.is_finite())) {
            return Err(Refusal::new("targeting.bad_line", Fault::Refused).value(line));
        }
        let mut table = Table::open(source, name)?;
        let wanted = Wanted::of(&table, columns)?;
        let (mut survey, mut raw) = (Self::default(), Raw::default());
        let (mut clusters, mut groups, mut rows) = (BTreeMap::new(), BTreeMap::new(), 0_u64);
        while let Some(row) = table.next_row()? {
            rows += 1;
            let target = target(&row, &wanted.target, columns.line)?;
            let weight = wanted
                .weight
                .as_ref()
                .map_or(Ok(1.0), |column| row.weight(column))?;
            if weight <= 0.0 {
                continue;
            }
            let of = |column: &Option<Column>| column.as_ref().map(|column| row.text(column).to_owned());
            let own = format!("row {}", row.line());
            survey
                .cluster
                .push(numbered(&mut clusters, of(&wanted.cluster).unwrap_or(own)));
            survey
                .group
                .push(numbered(&mut groups, of(&wanted.group).unwrap_or_default()));
            survey
                .poor
                .push(columns.line.map_or(target > 0.5, |line| target < line));
            survey.target.push(target);
            survey.weight.push(weight);
            raw.lines.push(row.line());
            raw.cells.push(
                wanted
                    .asked
                    .iter()
                    .map(|column| row.text(column).to_owned())
                    .collect(),
            );
        }
        survey.clusters = clusters.len();
        survey.groups = named(groups);
        survey.require_enough(rows).map_err(|refusal| refusal.at(name))?;
        survey.ask(name, &wanted.asked, &raw)?;
        Ok(survey)
    }

    fn require_enough(&self, rows: u64) -> Result<(), Refusal> {
        let refused = |code| Err(Refusal::new(code, Fault::Refused));
        if rows == 0 {
            return refused("targeting.no_rows");
        }
        if self.poor.is_empty() {
            return refused("targeting.weights_zero");
        }
        if self.poor.iter().all(|poor| *poor) || !self.poor.iter().any(|poor| *poor) {
            return refused("targeting.one_class");
        }
        Ok(())
    }

    /// Makes the questions, and sorts every row into their answers. A column of one answer asks nothing and is left out.
    fn ask(&mut self, name: &str, asked: &[Column], raw: &Raw) -> Result<(), Refusal> {
        let mut kept = Vec::new();
        for (at, column) in asked.iter().enumerate() {
            let cells: Vec<Cell<'_>> = raw.column(at, &self.weight).collect();
            let question = Question::of(column.name(), &cells).map_err(|refusal| {
                let at = refusal
                    .at
                    .as_deref()
                    .map_or(String::new(), |line| format!("{line}:"));
                refusal.at(format!("{name}:{at}{}", column.name()))
            })?;
            if question.answers() > 1 {
                kept.push((at, question));
            }
        }
        let answers: usize = kept.iter().map(|(_, question)| question.answers()).sum();
        if kept.is_empty() {
            return Err(Refusal::new("targeting.no_questions", Fault::Refused).at(name));
        }
        if answers > self.poor.len() {
            let refusal = Refusal::new("targeting.too_few_rows", Fault::Refused).at(name);
            return Err(refusal.fact("rows", self.poor.len()).fact("answers", answers));
        }
        for cells in &raw.cells {
            let of = |(at, question): &(usize, Question)| {
                question.answer(cells.get(*at).map_or("", String::as_str))
            };
            self.answers.push(kept.iter().map(of).collect::<Result<_, _>>()?);
        }
        self.questions = kept.into_iter().map(|(_, question)| question).collect();
        Ok(())
    }

    /// Rows that weigh something.
    pub fn rows(&self) -> usize {
        self.poor.len()
    }
}

/// The cells of the questions as they stand.
#[derive(Default)]
struct Raw {
    lines: Vec<u64>,
    cells: Vec<Vec<String>>,
}

impl Raw {
    fn column<'a>(&'a self, at: usize, weights: &'a [f64]) -> impl Iterator<Item = Cell<'a>> {
        let rows = self.cells.iter().zip(&self.lines).zip(weights);
        rows.map(move |((cells, line), weight)| Cell {
            text: cells.get(at).map_or("", String::as_str),
            weight: *weight,
            line: *line,
        })
    }
}

impl Wanted {
    fn of<R: Read>(table: &Table<R>, columns: &Columns) -> Result<Self, Refusal> {
        let find = |name: &Option<String>| name.as_deref().map(|name| table.column(name)).transpose();
        let (weight, cluster, group) = (
            find(&columns.weight)?,
            find(&columns.cluster)?,
            find(&columns.group)?,
        );
        let target = table.column(&columns.target)?;
        let not = columns
            .not
            .iter()
            .map(|name| table.column(name))
            .collect::<Result<Vec<_>, _>>()?;
        let only = columns
            .only
            .iter()
            .map(|name| table.column(name))
            .collect::<Result<Vec<_>, _>>()?;
        let taken = |column: &Column| {
            let roles = [&weight, &cluster, &group];
            *column == target
                || not.contains(column)
                || roles.into_iter().flatten().any(|role| role == column)
        };
        let asked = if only.is_empty() {
            let all = table.head().iter().filter(|name| !name.is_empty());
            let all = all
                .map(|name| table.column(name))
                .collect::<Result<Vec<_>, _>>()?;
            all.into_iter().filter(|column| !taken(column)).collect()
        } else if let Some(target) = only.iter().find(|column| **column == target) {
            return Err(Refusal::new("targeting.target_asked", Fault::Refused).value(target.name()));
        } else {
            only
        };
        Ok(Self {
            target,
            weight,
            cluster,
            group,
            asked,
        })
    }
}

fn target(row: &Row, column: &Column, line: Option<f64>) -> Result<f64, Refusal> {
    let number = row.number(column)?;
    if line.is_some() || row.text(column) == "0" || row.text(column) == "1" {
        return Ok(number);
    }
    Err(Refusal::new("targeting.bad_target", Fault::Refused)
        .at(row.place(column))
        .value(row.text(column)))
}

fn numbered(known: &mut BTreeMap<String, usize>, name: String) -> usize {
    let next = known.len();
    *known.entry(name).or_insert(next)
}

/// The names in the order of their numbers.
fn named(known: BTreeMap<String, usize>) -> Vec<String> {
    let mut named: Vec<(usize, String)> = known.into_iter().map(|(name, number)| (number, name)).collect();
    named.sort_unstable();
    named.into_iter().map(|(_, name)| name).collect()
}
