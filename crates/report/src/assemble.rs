//! Makes the report out of computed values: titles, changes, what is published, and what is hidden.
//!
//! The values come in plain, whoever computed them; small groups are hidden here, once, for all faces.

mod lists;

use std::collections::BTreeMap;

use jiff::Timestamp;
use kernel::{Period, Text};
use people::places::Places;
use programme::journal::journal_table;
use programme::{Dimension, FigureDef, Programme};

use crate::model::{
    Breakdown, BreakdownRow, Evidence, Figure, FigureEvidence, HalfYearReport, ProgrammeHead, SCHEMA,
    Section, SegmentEvidence, SignatureInfo, TableEvidence, TraceEvidence, ValueState,
};
use crate::suppression::{self, GroupedHidden, Part, Table};
use lists::{milestone, model_county, period_of, place_title, previous, published};

/// What a report is made from besides the values.
#[derive(Clone, Copy)]
pub struct Basis<'a> {
    /// The programme it reports on.
    pub programme: &'a Programme,
    /// The book of places.
    pub places: &'a Places,
    /// The period.
    pub period: Period,
    /// The clock's time.
    pub made_at: Timestamp,
    /// The segments in the order of the chain.
    pub segments: &'a [SegmentEvidence],
    /// The sealed journal tables of the period.
    pub tables: &'a [TableEvidence],
    /// Public key of the signer, hex.
    pub public_key: &'a str,
}

/// The computed values of one figure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FigureValues {
    /// The whole.
    pub value: Option<i64>,
    /// The lines it stands on.
    pub lines: i64,
    /// The parts by each dimension of its definition.
    pub breakdowns: Vec<(Dimension, Vec<Cell>)>,
    /// The value of the period before, where there is evidence for one.
    pub previous: Option<i64>,
    /// Its largest places followed to files.
    pub trace: Vec<TraceEvidence>,
}

/// One part, before anything is hidden.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Its code.
    pub key: String,
    /// Its name.
    pub title: Text,
    /// Its value.
    pub value: i64,
    /// The lines it stands on.
    pub lines: i64,
}

/// Makes the report. Figures of the programme without values are left out.
#[must_use]
pub fn assemble(basis: Basis<'_>, values: &BTreeMap<String, FigureValues>) -> HalfYearReport {
    let programme = basis.programme;
    let defined: Vec<(&FigureDef, &FigureValues)> = programme
        .figures
        .iter()
        .filter_map(|figure| Some((figure, values.get(&figure.id)?)))
        .collect();
    let hidden = hide(&defined, programme.head.suppression.min_lines);
    let figures: Vec<Figure> = defined
        .iter()
        .zip(&hidden)
        .map(|((def, values), hidden)| figure(basis, def, values, hidden))
        .collect();
    let section = |pillar: &programme::Pillar| Section {
        id: pillar.id.clone(),
        title: pillar.title.clone(),
        figures: figures
            .iter()
            .filter(|figure| figure.pillar == pillar.id)
            .map(|figure| figure.id.clone())
            .collect(),
    };
    HalfYearReport {
        schema: SCHEMA,
        programme: ProgrammeHead {
            id: programme.head.id.clone(),
            title: programme.head.title.clone(),
        },
        period: period_of(basis.period),
        made_at: basis.made_at.to_string(),
        simulated: programme.head.simulated.then(|| programme.head.note.clone()),
        min_lines: programme.head.suppression.min_lines,
        sections: programme.head.pillars.iter().map(section).collect(),
        figures,
        views_sql: programme.views_sql.clone(),
        not_yet_defined: programme
            .published
            .iter()
            .filter(|row| programme.figure_for(row).is_none())
            .map(|row| published(row, None))
            .collect(),
        milestones: programme.milestones.iter().map(milestone).collect(),
        model_counties: programme
            .model_counties
            .iter()
            .map(|county| model_county(county, basis.places))
            .collect(),
        evidence: Evidence {
            rows: basis
                .segments
                .iter()
                .fold(0, |sum: i64, segment| sum.saturating_add(segment.rows)),
            chain_head: chain_head(basis),
            segments: basis.segments.to_vec(),
            tables: basis.tables.to_vec(),
        },
        signature: SignatureInfo {
            algorithm: "Ed25519".into(),
            public_key: basis.public_key.to_owned(),
        },
    }
}

/// The tables of all figures hidden together; for each figure one verdict a breakdown.
fn hide(defined: &[(&FigureDef, &FigureValues)], min_lines: i64) -> Vec<Vec<Option<GroupedHidden>>> {
    let part = |dimension: Dimension, cell: &Cell| Part {
        key: cell.key.clone(),
        group: (dimension == Dimension::Place).then(|| province_of(&cell.key)),
        lines: cell.lines,
    };
    let table = |(dimension, cells): &(Dimension, Vec<Cell>)| Table {
        dimension: dimension.as_str().to_owned(),
        parts: cells.iter().map(|cell| part(*dimension, cell)).collect(),
    };
    let tables: Vec<Table> = defined
        .iter()
        .filter(|(def, _)| is_about_people(def))
        .flat_map(|(_, values)| &values.breakdowns)
        .map(table)
        .collect();
    let mut verdicts = suppression::hide_all(&tables, min_lines).into_iter();
    let open = |values: &FigureValues| {
        let tables = values.breakdowns.iter();
        tables
            .map(|(_, cells)| Some(GroupedHidden::none_of(cells.len())))
            .collect()
    };
    defined
        .iter()
        .map(|(def, values)| {
            if is_about_people(def) {
                verdicts.by_ref().take(values.breakdowns.len()).collect()
            } else {
                open(values)
            }
        })
        .collect()
}

/// Whether small groups could be recognised in it: order lines and journal tables about persons. A budget is no small group.
fn is_about_people(def: &FigureDef) -> bool {
    journal_table(&def.view).is_none_or(|table| table.about_people)
}

fn figure(
    basis: Basis<'_>,
    def: &FigureDef,
    values: &FigureValues,
    hidden: &[Option<GroupedHidden>],
) -> Figure {
    let min_lines = basis.programme.head.suppression.min_lines;
    let journal = journal_table(&def.view);
    let too_few = is_about_people(def) && values.lines > 0 && values.lines < min_lines;
    let state = match values.value {
        None => ValueState::Missing,
        Some(_) if too_few => ValueState::TooFew,
        Some(_) => ValueState::Known,
    };
    let value = values.value.filter(|_| !too_few);
    let found = def
        .published
        .as_deref()
        .and_then(|id| basis.programme.published_figure(id));
    let mut breakdowns = Vec::new();
    for ((dimension, cells), hidden) in values.breakdowns.iter().zip(hidden) {
        let table = breakdown(
            def,
            *dimension,
            cells,
            value,
            hidden.as_ref().filter(|_| !too_few),
        );
        if *dimension == Dimension::Place && table.adds_up {
            breakdowns.push(provinces(basis.places, cells, &table, hidden.as_ref()));
        }
        breakdowns.push(table);
    }
    let trace = traced(values, &breakdowns, min_lines);
    Figure {
        id: def.id.clone(),
        title: def.title.clone(),
        note: def.note.clone(),
        unit: def.unit.clone(),
        pillar: def.pillar.clone(),
        value,
        state,
        published: found.map(|row| published(row, value.map(|value| row.holds(value)))),
        previous: value
            .zip(values.previous)
            .and_then(|(value, before)| previous(basis.period.previous(), value, before)),
        breakdowns,
        sql: def.sql.clone(),
        evidence: FigureEvidence {
            segments: match journal {
                Some(_) => 0,
                None => i64::try_from(basis.segments.len()).unwrap_or(i64::MAX),
            },
            lines: Some(values.lines).filter(|_| !too_few),
            table: journal.map(|table| table.name.to_owned()),
            chain_head: chain_head(basis).filter(|_| journal.is_none()),
            trace,
        },
    }
}

fn breakdown(
    def: &FigureDef,
    dimension: Dimension,
    cells: &[Cell],
    value: Option<i64>,
    hidden: Option<&GroupedHidden>,
) -> Breakdown {
    let is_hidden =
        |index: usize| hidden.is_none_or(|hidden| hidden.parts.get(index).copied().unwrap_or(true));
    let row = |(index, cell): (usize, &Cell)| BreakdownRow {
        key: cell.key.clone(),
        title: cell.title.clone(),
        province: (dimension == Dimension::Place).then(|| province_of(&cell.key)),
        value: Some(cell.value).filter(|_| !is_hidden(index)),
        lines: Some(cell.lines).filter(|_| !is_hidden(index)),
        counties: None,
    };
    let sum = cells
        .iter()
        .try_fold(0_i64, |sum, cell| sum.checked_add(cell.value));
    let mut rows: Vec<BreakdownRow> = if hidden.is_some() {
        cells
            .iter()
            .enumerate()
            .map(|(index, cell)| row((index, cell)))
            .collect()
    } else {
        Vec::new()
    };
    sort(&mut rows, dimension == Dimension::Month);
    Breakdown {
        dimension: dimension.as_str().to_owned(),
        by: def.breakdowns.get(&dimension).cloned(),
        adds_up: value.is_some() && sum == value,
        hidden: count_hidden(&rows),
        withheld: hidden.is_none() && !cells.is_empty(),
        rows,
    }
}

/// The provinces as sums of their counties.
fn provinces(
    places: &Places,
    cells: &[Cell],
    counties: &Breakdown,
    hidden: Option<&GroupedHidden>,
) -> Breakdown {
    let mut sums: BTreeMap<String, (i64, i64, i64)> = BTreeMap::new();
    for cell in cells {
        let (value, lines, count) = sums.entry(province_of(&cell.key)).or_default();
        *value = value.saturating_add(cell.value);
        *lines = lines.saturating_add(cell.lines);
        *count += 1;
    }
    let row = |(key, (value, lines, count)): (String, (i64, i64, i64))| {
        let shown = hidden.is_some_and(|hidden| hidden.groups.get(&key) == Some(&false));
        BreakdownRow {
            title: place_title(places, &key),
            province: None,
            value: Some(value).filter(|_| shown),
            lines: Some(lines).filter(|_| shown),
            counties: Some(count).filter(|_| shown),
            key,
        }
    };
    let mut rows: Vec<BreakdownRow> = if counties.withheld {
        Vec::new()
    } else {
        sums.into_iter().map(row).collect()
    };
    sort(&mut rows, false);
    Breakdown {
        dimension: "province".into(),
        by: None,
        adds_up: true,
        hidden: count_hidden(&rows),
        withheld: counties.withheld,
        rows,
    }
}

/// Months in order of time; else the largest first and what is hidden last.
fn sort(rows: &mut [BreakdownRow], by_key: bool) {
    if by_key {
        rows.sort_by(|a, b| a.key.cmp(&b.key));
    } else {
        rows.sort_by(|a, b| b.value.cmp(&a.value).then_with(|| a.key.cmp(&b.key)));
    }
}

fn count_hidden(rows: &[BreakdownRow]) -> i64 {
    i64::try_from(rows.iter().filter(|row| row.value.is_none()).count()).unwrap_or(i64::MAX)
}

/// Rows of places that are shown, and only where neither a row nor what is left of the place's lines is too small:
/// the place's total would give it away.
fn traced(values: &FigureValues, breakdowns: &[Breakdown], min_lines: i64) -> Vec<TraceEvidence> {
    let place = breakdowns.iter().find(|breakdown| breakdown.dimension == "place");
    let lines_of = |code: &str| {
        place
            .and_then(|place| place.rows.iter().find(|row| row.key == code))
            .and_then(|row| row.lines)
    };
    let may_show = |code: &str| {
        let rows: Vec<i64> = values
            .trace
            .iter()
            .filter(|row| row.place == code)
            .map(|row| row.lines)
            .collect();
        let left = lines_of(code).map(|lines| rows.iter().fold(lines, |left, row| left.saturating_sub(*row)));
        rows.iter().all(|lines| *lines >= min_lines)
            && left.is_some_and(|left| left == 0 || left >= min_lines)
    };
    values
        .trace
        .iter()
        .filter(|row| may_show(&row.place))
        .cloned()
        .collect()
}

/// The province's six digits: `621126` is in `620000`.
fn province_of(key: &str) -> String {
    format!("{}0000", key.get(..2).unwrap_or_default())
}

fn chain_head(basis: Basis<'_>) -> Option<String> {
    basis
        .segments
        .last()
        .map(|segment| segment.manifest_sha256.clone())
}

#[cfg(test)]
mod tests;
