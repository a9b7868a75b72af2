//! The last step of a trace: the order lines of one place in one segment, and one line by its number in the file.

use arrow::array::RecordBatch;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use datafusion::prelude::SessionContext;
use kernel::{Fault, PlaceCode, Refusal};
use programme::FigureDef;
use serde::Serialize;

use super::titles::Titles;
use super::{EvidenceFile, FigureEngine, session};

/// Columns of a line as text, in the order in which they are read. The number of the line has a name of its own: to sort
/// by a column beside a cast of it under the same name is ambiguous.
const COLUMNS: &str = "CAST(l.source_line AS BIGINT) AS line_of_file, CAST(l.place_code AS VARCHAR) AS place_code, \
     CAST(l.day AS VARCHAR) AS day, l.channel AS channel, l.order_no AS order_no, CAST(l.line_no AS VARCHAR) AS line_no, \
     l.product_code AS product_code, l.currency AS currency, CAST(l.quantity_milli AS BIGINT) AS quantity_milli, \
     CAST(l.amount_fen AS BIGINT) AS amount_fen, CAST(l.cancelled AS VARCHAR) AS cancelled";

/// One order line as the segment keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OrderLine {
    /// Line of the order file, from 1.
    pub source_line: i64,
    /// The county of origin.
    pub place: PlaceCode,
    /// Day sold, `YYYY-MM-DD`.
    pub day: String,
    /// Channel.
    pub channel: String,
    /// Order number.
    pub order_no: String,
    /// Line within the order; empty where the file has none.
    pub line_no: String,
    /// Product code.
    pub product_code: String,
    /// Name of the product; its code where it has none.
    pub product_title: kernel::Text,
    /// ISO 4217 code.
    pub currency: String,
    /// Thousandths of the channel's unit.
    pub quantity_milli: i64,
    /// Hundredths of the currency, negative where it takes an earlier line back.
    pub amount_fen: i64,
    /// Whether it takes an earlier line back.
    pub cancelled: bool,
}

impl FigureEngine {
    /// The segments of the evidence, in the order of the chain.
    #[must_use]
    pub fn files(&self) -> &[EvidenceFile] {
        &self.evidence.files
    }

    /// A session over the lines of one segment, with everything that a figure's query can name.
    pub(super) async fn session_over(&self, file: &EvidenceFile) -> Result<SessionContext, Refusal> {
        session::over_lines(&file.lines, &self.tables, self.planner.journal(), self.period).await
    }

    /// The order lines of a place that count in a figure, in one segment, in the order of the file after line `after`.
    ///
    /// # Errors
    /// `figures.no_such_segment`, and as [`Self::value`].
    pub async fn lines_of_place(
        &self,
        figure: &FigureDef,
        segment: &str,
        place: PlaceCode,
        after: i64,
        limit: usize,
    ) -> Result<Vec<OrderLine>, Refusal> {
        of_place(self, figure, segment, place, (after, limit)).await
    }

    /// The order line with this number in a segment's file; none where it does not count in the figure.
    ///
    /// # Errors
    /// As [`Self::lines_of_place`].
    pub async fn line_at(
        &self,
        figure: &FigureDef,
        segment: &str,
        source_line: i64,
    ) -> Result<Option<OrderLine>, Refusal> {
        at(self, figure, segment, source_line).await
    }
}

async fn of_place(
    engine: &FigureEngine,
    figure: &FigureDef,
    segment: &str,
    place: PlaceCode,
    (after, limit): (i64, usize),
) -> Result<Vec<OrderLine>, Refusal> {
    let file = file_of(engine, segment)?;
    let sql = format!(
        "SELECT {COLUMNS} FROM lines l WHERE l.place_code = {place} AND l.source_line > {after} AND l.source_line IN \
         (SELECT s.source_line FROM {} s WHERE s.place_code = {place}) ORDER BY line_of_file LIMIT {limit}",
        figure.view
    );
    read(engine, figure, file, &sql).await
}

async fn at(
    engine: &FigureEngine,
    figure: &FigureDef,
    segment: &str,
    source_line: i64,
) -> Result<Option<OrderLine>, Refusal> {
    let file = file_of(engine, segment)?;
    let sql = format!(
        "SELECT {COLUMNS} FROM lines l WHERE l.source_line = {source_line} AND l.source_line IN \
         (SELECT s.source_line FROM {} s WHERE s.source_line = {source_line}) LIMIT 1",
        figure.view
    );
    Ok(read(engine, figure, file, &sql).await?.into_iter().next())
}

fn file_of<'a>(engine: &'a FigureEngine, segment: &str) -> Result<&'a EvidenceFile, Refusal> {
    let found = engine
        .evidence
        .files
        .iter()
        .find(|file| file.segment_sha256 == segment);
    found.ok_or_else(|| Refusal::new("figures.no_such_segment", Fault::Missing).value(segment))
}

async fn read(
    engine: &FigureEngine,
    figure: &FigureDef,
    file: &EvidenceFile,
    sql: &str,
) -> Result<Vec<OrderLine>, Refusal> {
    let session = engine.session_over(file).await?;
    let titles = engine.titles().await?;
    let mut lines = Vec::new();
    for batch in session::query(&session, &figure.id, sql).await? {
        for row in 0..batch.num_rows() {
            lines.push(line(&titles, &batch, row)?);
        }
    }
    Ok(lines)
}

fn line(titles: &Titles<'_>, batch: &RecordBatch, row: usize) -> Result<OrderLine, Refusal> {
    let text = |name: &str| cell(batch, name, row);
    let number = |name: &str| text(name).parse::<i64>().unwrap_or_default();
    let product_code = text("product_code");
    Ok(OrderLine {
        source_line: number("line_of_file"),
        place: text("place_code").parse()?,
        day: text("day"),
        channel: text("channel"),
        order_no: text("order_no"),
        line_no: text("line_no"),
        product_title: titles.title(super::Dimension::Product, &product_code),
        product_code,
        currency: text("currency"),
        quantity_milli: number("quantity_milli"),
        amount_fen: number("amount_fen"),
        cancelled: text("cancelled") == "true",
    })
}

/// A cell as text; empty where it is null or missing.
fn cell(batch: &RecordBatch, name: &str, row: usize) -> String {
    let options = FormatOptions::default();
    batch
        .column_by_name(name)
        .filter(|column| column.is_valid(row))
        .and_then(|column| ArrayFormatter::try_new(column.as_ref(), &options).ok())
        .map_or_else(String::new, |text| text.value(row).to_string())
}
