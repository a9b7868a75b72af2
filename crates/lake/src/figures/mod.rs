//! Figures: each one SQL query over the sales evidence, answered from rollups or from every line.
//!
//! A session holds one table of evidence (the compacted rollup, or a rollup counted again from every line), the view
//! `sales` over it with the period's filter, the small tables (places, poverty counties, products, channels) and the
//! programme's views. A figure is one query, and an audit is that query over both.
//!
//! Order and cost: the rollup is read once into memory (a few thousand rows), queries are planned once a period, and a
//! figure then costs what adding up its rows does; over lines one pass counts every cell again, and then figures cost the
//! same. A trace walks figure -> place -> segment -> line: places by the figure's own breakdown, segments by their
//! rollups, and only then the lines of one place in one segment, which lie together because segments are sorted by place.

mod audit;
mod evidence;
mod journal;
mod lines;
mod planner;
mod sealed;
mod session;
mod tables;
mod titles;
mod trace;
mod view;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::Int64Type;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use kernel::{Fault, Period, PeriodKind, Refusal, Text};
use programme::FigureDef;
use programme::journal::journal_table;
use tokio::sync::{Mutex, OnceCell};

use crate::Lake;
use crate::sealed::SealedTable;
use crate::segments::recount;

pub use audit::{AuditOutcome, audit};
pub use evidence::{Evidence, EvidenceFile};
pub use lines::OrderLine;
pub use programme::Dimension;
pub use session::{Over, sales_view_sql};
pub use tables::FigureTables;
pub use trace::TraceRow;
pub use view::{FigureView, PreviousValue};

use planner::{Planner, Rows};
use titles::Titles;

/// A figure's query as it is run: whole, or broken down by one dimension. It is valid in DataFusion, DuckDB and Spark.
///
/// # Errors
/// `figures.no_breakdown` where the figure has no such breakdown.
pub fn sql_for(figure: &FigureDef, by: Option<Dimension>) -> Result<String, Refusal> {
    figure.query(by).ok_or_else(|| {
        let wanted = by.map_or("", Dimension::as_str);
        let has: Vec<&str> = figure
            .breakdowns
            .keys()
            .map(|dimension| dimension.as_str())
            .collect();
        Refusal::new("figures.no_breakdown", Fault::Refused)
            .value(wanted)
            .fact("figure", &figure.id)
            .fact(
                "has",
                if has.is_empty() {
                    "-".to_owned()
                } else {
                    has.join(", ")
                },
            )
    })
}

/// One part of a broken down figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BreakdownRow {
    /// Place code, channel, product code, or month as 201806.
    pub key: String,
    /// Its name for readers.
    pub title: Text,
    /// What the figure is for this part.
    pub value: i64,
    /// How many order lines it stands on.
    pub lines: i64,
}

/// Answers figures of one period from one kind of evidence.
pub struct FigureEngine {
    evidence: Evidence,
    rows: Arc<Rows>,
    tables: Arc<FigureTables>,
    period: Period,
    planner: Arc<Planner>,
    /// Lines by view, as they were asked for.
    lines: Mutex<HashMap<String, i64>>,
    /// The same evidence in the period before, opened when it is first asked for.
    before: OnceCell<Box<FigureEngine>>,
    /// The lake that names imported products.
    lake: Option<Lake>,
    imported: OnceCell<HashMap<String, Text>>,
}

impl FigureEngine {
    /// An engine over the lake's rollups: the quick one.
    ///
    /// # Errors
    /// What the store or the file system gave, `figures.period_too_short`, `figures.bad_view`.
    pub async fn over_rollups(
        lake: &Lake,
        tables: &Arc<FigureTables>,
        period: Period,
    ) -> Result<Self, Refusal> {
        Self::rollups_of(Evidence::of(lake).await?, tables, period, Some(lake)).await
    }

    /// An engine over every line: for audits.
    ///
    /// # Errors
    /// As [`Self::over_rollups`].
    pub async fn over_lines(
        lake: &Lake,
        tables: &Arc<FigureTables>,
        period: Period,
    ) -> Result<Self, Refusal> {
        Self::lines_of(Evidence::of(lake).await?, tables, period, Some(lake)).await
    }

    /// An engine over the rollup of some evidence; a lake names the products that the programme does not list.
    ///
    /// # Errors
    /// `figures.evidence_unreadable`, `figures.period_too_short`, `figures.bad_view`.
    pub async fn rollups_of(
        evidence: Evidence,
        tables: &Arc<FigureTables>,
        period: Period,
        lake: Option<&Lake>,
    ) -> Result<Self, Refusal> {
        let rollup = evidence.rollup.as_deref();
        let rows = rollup.map_or_else(|| Ok(Vec::new()), session::read_rollup)?;
        Self::open(evidence, Rows::new(rows), tables, period, lake).await
    }

    /// An engine over the lines of some evidence.
    ///
    /// # Errors
    /// As [`Self::rollups_of`].
    pub async fn lines_of(
        evidence: Evidence,
        tables: &Arc<FigureTables>,
        period: Period,
        lake: Option<&Lake>,
    ) -> Result<Self, Refusal> {
        let segments: Vec<PathBuf> = evidence.files.iter().map(|file| file.lines.clone()).collect();
        let counted = blocking(move || recount(segments.iter().map(PathBuf::as_path))).await?;
        Self::open(evidence, Rows::new(counted), tables, period, lake).await
    }

    async fn open(
        evidence: Evidence,
        rows: Arc<Rows>,
        tables: &Arc<FigureTables>,
        period: Period,
        lake: Option<&Lake>,
    ) -> Result<Self, Refusal> {
        if period.kind() == PeriodKind::Day {
            return Err(Refusal::new("figures.period_too_short", Fault::Refused).value(period));
        }
        Ok(Self {
            planner: tables.planner(period, evidence.sealed(period)).await?,
            evidence,
            rows,
            tables: Arc::clone(tables),
            period,
            lines: Mutex::default(),
            before: OnceCell::new(),
            lake: lake.cloned(),
            imported: OnceCell::new(),
        })
    }

    async fn titles(&self) -> Result<Titles<'_>, Refusal> {
        let imported = self.imported.get_or_try_init(|| async {
            Ok::<_, Refusal>(match &self.lake {
                Some(lake) => titles::imported(lake.product_titles().await?),
                None => HashMap::new(),
            })
        });
        Ok(Titles {
            known: self.tables.titles(),
            imported: imported.await?,
        })
    }

    /// The same evidence in another period; what is in memory is shared.
    ///
    /// # Errors
    /// As [`Self::rollups_of`].
    pub async fn in_period(&self, period: Period) -> Result<Self, Refusal> {
        let rows = Arc::clone(&self.rows);
        Self::open(
            self.evidence.clone(),
            rows,
            &self.tables,
            period,
            self.lake.as_ref(),
        )
        .await
    }

    /// The same evidence in the period before.
    async fn before(&self) -> Result<&Self, Refusal> {
        let before = self
            .before
            .get_or_try_init(|| async { self.in_period(self.period.previous()).await.map(Box::new) });
        Ok(before.await?)
    }

    /// The period it answers for.
    #[must_use]
    pub fn period(&self) -> Period {
        self.period
    }

    /// The sealed journal tables that its figures see.
    #[must_use]
    pub fn sealed(&self) -> &[SealedTable] {
        self.evidence.sealed(self.period)
    }

    /// The value of a figure; none where its query gives none.
    ///
    /// # Errors
    /// `figures.bad_sql`, `figures.not_one_value`, `figures.query_failed`, `figures.out_of_memory`.
    pub async fn value(&self, figure: &FigureDef) -> Result<Option<i64>, Refusal> {
        let rows = self.answers(figure, &sql_for(figure, None)?, &self.rows).await?;
        match rows.as_slice() {
            [] => Ok(None),
            [row] => Ok(row.value),
            _ => Err(not_one_value(figure)),
        }
    }

    /// How many order lines, or rows of a journal table, the figure's view holds in the period.
    ///
    /// # Errors
    /// As [`Self::value`].
    pub async fn lines(&self, figure: &FigureDef) -> Result<i64, Refusal> {
        let mut known = self.lines.lock().await;
        if let Some(lines) = known.get(&figure.view) {
            return Ok(*lines);
        }
        let (counted, view) = (counted(figure), &figure.view);
        let sql = format!("SELECT CAST({counted} AS BIGINT) AS value FROM {view} s");
        let rows = self.answers(figure, &sql, &self.rows).await?;
        let lines = rows.first().and_then(|row| row.value).unwrap_or_default();
        known.insert(figure.view.clone(), lines);
        Ok(lines)
    }

    /// The parts of a figure: months in their order, anything else the largest first. A part that counts nothing
    /// isn't listed.
    ///
    /// # Errors
    /// `figures.no_breakdown`, and as [`Self::value`].
    pub async fn breakdown(&self, figure: &FigureDef, by: Dimension) -> Result<Vec<BreakdownRow>, Refusal> {
        let sql = sql_for(figure, Some(by))?;
        let values = self.answers(figure, &sql, &self.rows).await?;
        let lines = self.lines_by(figure, by, &self.rows).await?;
        let titles = self.titles().await?;
        let mut parts: Vec<BreakdownRow> = values
            .into_iter()
            .filter_map(|row| Some((row.key?, row.value?)))
            .map(|(key, value)| BreakdownRow {
                title: titles.title(by, &key),
                lines: lines.get(&key).copied().unwrap_or_default(),
                key,
                value,
            })
            .collect();
        parts.sort_by(|a, b| match by {
            Dimension::Month => a.key.cmp(&b.key),
            _ => b.value.cmp(&a.value).then_with(|| a.key.cmp(&b.key)),
        });
        Ok(parts)
    }

    /// Follows a figure to its files: for the largest places (or those within `place`) each segment with lines of
    /// theirs, at most `limit` rows.
    ///
    /// # Errors
    /// As [`Self::value`].
    pub async fn trace(
        &self,
        figure: &FigureDef,
        place: Option<kernel::PlaceCode>,
        limit: usize,
    ) -> Result<Vec<TraceRow>, Refusal> {
        trace::trace(self, figure, place, limit).await
    }

    /// A figure as it is shown: definition, value, and the value of the period before where there is evidence of it.
    ///
    /// # Errors
    /// As [`Self::value`].
    pub async fn view(&self, figure: &FigureDef) -> Result<FigureView, Refusal> {
        view::view(self, figure).await
    }

    /// Order lines of the figure's view in some rows, by a dimension.
    async fn lines_by(
        &self,
        figure: &FigureDef,
        by: Dimension,
        rows: &Arc<Rows>,
    ) -> Result<HashMap<String, i64>, Refusal> {
        let (counted, column, view) = (counted(figure), by.column(), &figure.view);
        let sql = format!(
            "SELECT {column} AS key, CAST({counted} AS BIGINT) AS value FROM {view} s GROUP BY {column}"
        );
        let answers = self.answers(figure, &sql, rows).await?;
        Ok(answers
            .into_iter()
            .filter_map(|row| Some((row.key?, row.value?)))
            .collect())
    }

    /// Answers a query that gives `value`, and `key` where it is broken down. It can read and nothing else.
    async fn answers(&self, figure: &FigureDef, sql: &str, rows: &Arc<Rows>) -> Result<Vec<Answer>, Refusal> {
        read_answers(&self.planner.run(&figure.id, sql, rows).await?, figure)
    }
}

/// How the lines of a figure's view are counted: a row of sales says how many it stands for, one of a journal table is one.
fn counted(figure: &FigureDef) -> &'static str {
    match journal_table(&figure.view) {
        Some(_) => "COUNT(*)",
        None => "COALESCE(SUM(s.lines), 0)",
    }
}

/// One row of an answer.
struct Answer {
    key: Option<String>,
    value: Option<i64>,
}

fn read_answers(batches: &[RecordBatch], figure: &FigureDef) -> Result<Vec<Answer>, Refusal> {
    let mut rows = Vec::new();
    for batch in batches {
        add_answers(batch, figure, &mut rows)?;
    }
    Ok(rows)
}

fn add_answers(batch: &RecordBatch, figure: &FigureDef, rows: &mut Vec<Answer>) -> Result<(), Refusal> {
    let values = batch
        .column_by_name("value")
        .and_then(|column| column.as_primitive_opt::<Int64Type>());
    let values = values.ok_or_else(|| not_one_value(figure))?;
    let options = FormatOptions::default();
    let keys = batch
        .column_by_name("key")
        .map(|keys| (keys, ArrayFormatter::try_new(keys.as_ref(), &options)));
    for row in 0..batch.num_rows() {
        let key = match &keys {
            Some((array, Ok(text))) if array.is_valid(row) => Some(text.value(row).to_string()),
            _ => None,
        };
        rows.push(Answer {
            key,
            value: values.is_valid(row).then(|| values.value(row)),
        });
    }
    Ok(())
}

/// Reads evidence off the threads that answer requests.
async fn blocking<T: Send + 'static>(
    read: impl FnOnce() -> Result<T, std::io::Error> + Send + 'static,
) -> Result<T, Refusal> {
    let done = tokio::task::spawn_blocking(read).await;
    done.map_err(|error| Refusal::broken("lake.task_stopped", &error))?
        .map_err(|error| Refusal::broken("figures.evidence_unreadable", &error))
}

fn not_one_value(figure: &FigureDef) -> Refusal {
    Refusal::new("figures.not_one_value", Fault::Refused).value(&figure.id)
}

#[cfg(test)]
mod tests;
