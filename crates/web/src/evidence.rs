//! The order lines behind the latest report, opened only as far as nobody can be recognised.
//!
//! Tracing asks DataFusion, so few may do so at once: the others are told to come again.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use kernel::{Fault, PlaceCode, Refusal};
use lake::SealedTable;
use lake::figures::{FigureEngine, OrderLine, TraceRow};
use programme::FigureDef;
use report::HalfYearReport;
use report::suppression::{self, Part, Table};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::error::WebError;

/// So many traces run at once.
const AT_ONCE: usize = 2;
/// So long one waits for one's turn.
const WAIT: Duration = Duration::from_secs(8);
/// So many traces are remembered; then all are forgotten and made again.
const REMEMBERED_MAX: usize = 2_000;
/// More rows than a place has segments.
const ROWS_MAX: usize = 10_000;

/// The evidence of the latest report.
pub struct Evidence {
    engine: FigureEngine,
    turns: Semaphore,
    /// Traces that were made: the evidence of a published report does not change.
    made: Mutex<HashMap<(String, PlaceCode), Vec<TraceRow>>>,
}

/// A place's lines in one segment; without numbers where they are too few to be shown.
pub(crate) struct Portion {
    pub row: TraceRow,
    pub hidden: bool,
}

impl Evidence {
    /// Evidence that an engine answers from.
    #[must_use]
    pub fn new(engine: FigureEngine) -> Self {
        Self {
            engine,
            turns: Semaphore::new(AT_ONCE),
            made: Mutex::default(),
        }
    }

    /// A journal table as it was sealed for the period of the report.
    pub(crate) fn sealed(&self, name: &str) -> Option<&SealedTable> {
        self.engine
            .sealed()
            .iter()
            .find(|sealed| sealed.table.name == name)
    }

    async fn turn(&self) -> Result<SemaphorePermit<'_>, WebError> {
        match tokio::time::timeout(WAIT, self.turns.acquire()).await {
            Ok(Ok(permit)) => Ok(permit),
            _ => Err(WebError::busy()),
        }
    }

    /// The segments with lines of a place. Refused where the report does not show the place.
    pub(crate) async fn segments(
        &self,
        report: &HalfYearReport,
        figure: &FigureDef,
        place: PlaceCode,
    ) -> Result<Vec<Portion>, WebError> {
        require_shown(report, &figure.id, place)?;
        let key = (figure.id.clone(), place);
        let known = {
            let made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
            made.get(&key).cloned()
        };
        if let Some(rows) = known {
            return Ok(hide(rows, report.min_lines));
        }
        let _turn = self.turn().await?;
        let rows = self.engine.trace(figure, Some(place), ROWS_MAX).await?;
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if made.len() >= REMEMBERED_MAX {
            made.clear();
        }
        made.insert(key, rows.clone());
        drop(made);
        Ok(hide(rows, report.min_lines))
    }

    /// Lines of a place in a segment, after line `after`. Refused where the report or the trace does not show them.
    pub(crate) async fn lines(
        &self,
        report: &HalfYearReport,
        figure: &FigureDef,
        (segment, place): (&str, PlaceCode),
        (after, limit): (i64, usize),
    ) -> Result<Vec<OrderLine>, WebError> {
        self.require_open(report, figure, segment, place).await?;
        let _turn = self.turn().await?;
        Ok(self
            .engine
            .lines_of_place(figure, segment, place, after, limit)
            .await?)
    }

    /// One line by its number in the file, under the same rule.
    pub(crate) async fn line(
        &self,
        report: &HalfYearReport,
        figure: &FigureDef,
        segment: &str,
        number: i64,
    ) -> Result<OrderLine, WebError> {
        let found = {
            let _turn = self.turn().await?;
            self.engine.line_at(figure, segment, number).await?
        };
        let line = found.ok_or_else(WebError::missing)?;
        // Whether a hidden line exists is nobody's business.
        match self.require_open(report, figure, segment, line.place).await {
            Ok(()) => Ok(line),
            Err(_) => Err(WebError::missing()),
        }
    }

    async fn require_open(
        &self,
        report: &HalfYearReport,
        figure: &FigureDef,
        segment: &str,
        place: PlaceCode,
    ) -> Result<(), WebError> {
        let parts = self.segments(report, figure, place).await?;
        let part = parts.iter().find(|part| part.row.segment_sha256 == segment);
        match part {
            None => Err(WebError::missing()),
            Some(part) if part.hidden => Err(too_few(report).into()),
            Some(_) => Ok(()),
        }
    }
}

/// A place may be opened where the report shows its part of the figure.
fn require_shown(report: &HalfYearReport, figure: &str, place: PlaceCode) -> Result<(), WebError> {
    let key = place.to_string();
    let row = report
        .figure(figure)
        .and_then(|figure| figure.breakdown("place"))
        .and_then(|places| places.rows.iter().find(|row| row.key == key));
    match row {
        None => Err(WebError::missing()),
        Some(row) if row.value.is_none() => Err(too_few(report).into()),
        Some(_) => Ok(()),
    }
}

fn too_few(report: &HalfYearReport) -> Refusal {
    Refusal::new("web.too_few_lines", Fault::Denied).fact("min", report.min_lines)
}

/// The rule of the report's tables, over the segments of one place: their total is shown, so what is hidden must not
/// come out by subtraction.
fn hide(rows: Vec<TraceRow>, min_lines: i64) -> Vec<Portion> {
    let part = |row: &TraceRow| Part {
        key: row.segment_sha256.clone(),
        group: None,
        lines: row.lines,
    };
    let table = Table {
        dimension: "segment".to_owned(),
        parts: rows.iter().map(part).collect(),
    };
    let hidden = suppression::hide_all(&[table], min_lines).pop().flatten();
    let is_hidden = |index: usize| {
        hidden
            .as_ref()
            .is_none_or(|hidden| hidden.parts.get(index).copied().unwrap_or(true))
    };
    rows.into_iter()
        .enumerate()
        .map(|(index, row)| Portion {
            hidden: is_hidden(index),
            row,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use report::sample::sample;

    fn row(segment: &str, lines: i64) -> TraceRow {
        TraceRow {
            place: "532528".parse().unwrap(),
            segment_sha256: segment.to_owned(),
            file_name: "a.csv".to_owned(),
            file_sha256: "00".to_owned(),
            lines,
            value: 1,
            first_source_lines: vec![2],
        }
    }

    #[test]
    fn a_segment_with_few_lines_is_hidden_and_cannot_be_worked_out() {
        let hidden = |lines: &[i64]| {
            let rows = lines
                .iter()
                .map(|lines| row(&lines.to_string(), *lines))
                .collect();
            hide(rows, 5).iter().map(|part| part.hidden).collect::<Vec<_>>()
        };
        assert_eq!(hidden(&[90, 50, 40]), [false, false, false]);
        assert_eq!(hidden(&[90, 50, 2]), [false, true, true]);
        assert_eq!(hidden(&[90, 2]), [true, true]);
    }

    #[test]
    fn a_place_the_report_hides_may_not_be_opened() {
        let report = sample();
        let asked = |place: &str| require_shown(&report, "sales.poverty_counties", place.parse().unwrap());
        assert!(asked("532528").is_ok());
        assert!(format!("{:?}", asked("540127")).contains("web.too_few_lines"));
        assert!(format!("{:?}", asked("110101")).contains("web.no_such_page"));
        assert!(require_shown(&report, "no.such", "532528".parse().unwrap()).is_err());
    }
}
