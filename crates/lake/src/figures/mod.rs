//! Figures: each one SQL query over the sales evidence, answered from rollups or from every line.
//!
//! A session holds one table of evidence (`lines`, or the compacted rollup in memory), the view `sales` over it with
//! the period's filter, the small tables (places, poverty counties, products, channels) and the programme's views.
//! `sales` has the same columns over either evidence, so a figure is one query, and an audit is that query twice.
//!
//! Order and cost: the rollup is read once into memory (a few thousand rows), and a figure from it costs about what
//! planning the query costs; over lines the cost is the scan. A trace walks figure -> place -> segment -> line: places
//! by the figure's own breakdown, segments by their rollups, and only then the lines of one place in one segment,
//! which lie together because segments are sorted by place.

mod audit;
mod lines;
mod sealed;
mod session;
mod tables;
mod trace;
mod view;

use std::path::PathBuf;
use std::sync::Arc;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::Int64Type;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use datafusion::prelude::SessionContext;
use kernel::{Fault, Period, PeriodKind, Refusal, Text};
use people::places::Places;
use programme::{FigureDef, Programme};
use tokio::sync::OnceCell;

use crate::Lake;

pub use audit::{AuditOutcome, audit};
pub use lines::OrderLine;
pub use programme::Dimension;
pub use session::{Over, sales_view_sql};
pub use tables::FigureTables;
pub use trace::TraceRow;
pub use view::{FigureView, PreviousValue};

use session::Source;

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

/// One segment as the figures see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceFile {
    /// SHA-256 of the segment.
    pub segment_sha256: String,
    /// Name of the order file it came from.
    pub file_name: String,
    /// SHA-256 of that file.
    pub file_sha256: String,
    /// The segment: Parquet, one row a line.
    pub lines: PathBuf,
    /// Its rollup.
    pub rollup: PathBuf,
}

/// The evidence figures stand on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Evidence {
    /// The segments, in the order of the chain.
    pub files: Vec<EvidenceFile>,
    /// The sum of all rollups; none while there is no segment.
    pub rollup: Option<PathBuf>,
}

impl Evidence {
    /// What the lake holds now.
    ///
    /// # Errors
    /// What the store or the file system gave.
    pub async fn of(lake: &Lake) -> Result<Self, Refusal> {
        let rollup = lake.rollup_path().await?;
        let segments = lake.segments().await?;
        Ok(Self {
            files: segments.into_iter().map(EvidenceFile::from).collect(),
            rollup,
        })
    }
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
    source: Source,
    tables: Arc<FigureTables>,
    period: Period,
    session: SessionContext,
    /// The same evidence in the period before, opened when it is first asked for.
    before: OnceCell<Box<FigureEngine>>,
}

impl FigureEngine {
    /// An engine over the lake's rollups: the quick one.
    ///
    /// # Errors
    /// What the store or the file system gave, `figures.period_too_short`, `figures.bad_view`.
    pub async fn over_rollups(
        lake: &Lake,
        programme: &Programme,
        places: &Places,
        period: Period,
    ) -> Result<Self, Refusal> {
        let tables = FigureTables::of(programme, places, lake.product_titles().await?)?;
        Self::rollups_of(Evidence::of(lake).await?, Arc::new(tables), period).await
    }

    /// An engine over every line: for audits.
    ///
    /// # Errors
    /// As [`Self::over_rollups`].
    pub async fn over_lines(
        lake: &Lake,
        programme: &Programme,
        places: &Places,
        period: Period,
    ) -> Result<Self, Refusal> {
        let tables = FigureTables::of(programme, places, lake.product_titles().await?)?;
        Self::lines_of(Evidence::of(lake).await?, Arc::new(tables), period).await
    }

    /// An engine over the rollup of some evidence.
    ///
    /// # Errors
    /// `figures.evidence_unreadable`, `figures.period_too_short`, `figures.bad_view`.
    pub async fn rollups_of(
        evidence: Evidence,
        tables: Arc<FigureTables>,
        period: Period,
    ) -> Result<Self, Refusal> {
        let source = Source::rollup(evidence.rollup.as_deref())?;
        Self::open(evidence, source, tables, period).await
    }

    /// An engine over the lines of some evidence.
    ///
    /// # Errors
    /// As [`Self::rollups_of`].
    pub async fn lines_of(
        evidence: Evidence,
        tables: Arc<FigureTables>,
        period: Period,
    ) -> Result<Self, Refusal> {
        let source = Source::Lines(evidence.files.iter().map(|file| file.lines.clone()).collect());
        Self::open(evidence, source, tables, period).await
    }

    async fn open(
        evidence: Evidence,
        source: Source,
        tables: Arc<FigureTables>,
        period: Period,
    ) -> Result<Self, Refusal> {
        if period.kind() == PeriodKind::Day {
            return Err(Refusal::new("figures.period_too_short", Fault::Refused).value(period));
        }
        let session = session::open(&source, &tables, period).await?;
        Ok(Self {
            evidence,
            source,
            tables,
            period,
            session,
            before: OnceCell::new(),
        })
    }

    /// The same evidence in another period; what is in memory is shared.
    ///
    /// # Errors
    /// As [`Self::rollups_of`].
    pub async fn in_period(&self, period: Period) -> Result<Self, Refusal> {
        Self::open(
            self.evidence.clone(),
            self.source.clone(),
            Arc::clone(&self.tables),
            period,
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

    /// The value of a figure; none where its query gives none.
    ///
    /// # Errors
    /// `figures.bad_sql`, `figures.not_one_value`, `figures.query_failed`, `figures.out_of_memory`.
    pub async fn value(&self, figure: &FigureDef) -> Result<Option<i64>, Refusal> {
        let rows = self.rows(figure, &sql_for(figure, None)?).await?;
        match rows.as_slice() {
            [] => Ok(None),
            [row] => Ok(row.value),
            _ => Err(not_one_value(figure)),
        }
    }

    /// How many order lines of the period the figure's view holds.
    ///
    /// # Errors
    /// As [`Self::value`].
    pub async fn lines(&self, figure: &FigureDef) -> Result<i64, Refusal> {
        let sql = format!(
            "SELECT CAST(COALESCE(SUM(s.lines), 0) AS BIGINT) AS value FROM {} s",
            figure.view
        );
        let rows = self.rows(figure, &sql).await?;
        Ok(rows.first().and_then(|row| row.value).unwrap_or_default())
    }

    /// The parts of a figure: months in their order, anything else the largest first. A part that counts nothing
    /// isn't listed.
    ///
    /// # Errors
    /// `figures.no_breakdown`, and as [`Self::value`].
    pub async fn breakdown(&self, figure: &FigureDef, by: Dimension) -> Result<Vec<BreakdownRow>, Refusal> {
        let values = self.rows(figure, &sql_for(figure, Some(by))?).await?;
        let lines = self.lines_by(figure, by).await?;
        let mut parts: Vec<BreakdownRow> = values
            .into_iter()
            .filter_map(|row| Some((row.key?, row.value?)))
            .map(|(key, value)| BreakdownRow {
                title: self.tables.title(by, &key),
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

    /// Order lines of the figure's view by a dimension.
    async fn lines_by(
        &self,
        figure: &FigureDef,
        by: Dimension,
    ) -> Result<std::collections::HashMap<String, i64>, Refusal> {
        let (column, view) = (by.column(), &figure.view);
        let sql = format!(
            "SELECT {column} AS key, CAST(SUM(s.lines) AS BIGINT) AS value FROM {view} s GROUP BY {column}"
        );
        let rows = self.rows(figure, &sql).await?;
        Ok(rows
            .into_iter()
            .filter_map(|row| Some((row.key?, row.value?)))
            .collect())
    }

    async fn rows(&self, figure: &FigureDef, sql: &str) -> Result<Vec<Answer>, Refusal> {
        answers(&self.session, figure, sql).await
    }
}

/// One row of an answer.
struct Answer {
    key: Option<String>,
    value: Option<i64>,
}

/// Runs a query that gives `value`, and `key` where it is broken down. It can read and nothing else.
async fn answers(session: &SessionContext, figure: &FigureDef, sql: &str) -> Result<Vec<Answer>, Refusal> {
    let batches = session::query(session, &figure.id, sql).await?;
    let mut rows = Vec::new();
    for batch in &batches {
        read_answers(batch, figure, &mut rows)?;
    }
    Ok(rows)
}

fn read_answers(batch: &RecordBatch, figure: &FigureDef, rows: &mut Vec<Answer>) -> Result<(), Refusal> {
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

fn not_one_value(figure: &FigureDef) -> Refusal {
    Refusal::new("figures.not_one_value", Fault::Refused).value(&figure.id)
}

#[cfg(test)]
mod tests;
