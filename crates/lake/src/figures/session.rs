//! Sessions of DataFusion: bounded memory, the evidence as `sales`, the small tables and the programme's views.
//! Here are what all share, and those over the lines of one segment; those over rollups are the [`super::planner`]'s.

use std::fmt::Write as _;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use datafusion::catalog::TableProvider;
use datafusion::datasource::MemTable;
use datafusion::error::DataFusionError;
use datafusion::execution::context::SQLOptions;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::prelude::{DataFrame, ParquetReadOptions, SessionConfig, SessionContext};
use kernel::{Fault, Period, Refusal};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::journal::NamedTable;
use super::tables::FigureTables;
use crate::error::io_refusal;
use crate::segments::line_schema;

/// What all queries of a session may hold in memory, in bytes; beyond it sorts and groupings spill to disk.
const MEMORY_BYTES_MAX: usize = 512 << 20;

/// Threads of a scan over lines.
const SCAN_THREADS_MAX: usize = 8;

/// What `sales` stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Over {
    /// A table `rollups`.
    Rollup,
    /// A table `lines`.
    Lines,
}

/// `CREATE VIEW sales` over a table of evidence, with the filter of a period: what the pack ships too.
#[must_use]
pub fn sales_view_sql(over: Over, period: Period) -> String {
    sales_sql(over, period, false)
}

/// `with_source_line` keeps, over lines, the line of the order file: for traces.
fn sales_sql(over: Over, period: Period, with_source_line: bool) -> String {
    let (first, last) = period.month_numbers();
    let columns = match over {
        Over::Rollup => {
            "channel, month, place_code, product_code, currency, lines, cancelled_lines, quantity_milli, gross_fen, net_fen"
        }
        Over::Lines => {
            "channel, month, place_code, product_code, currency, CAST(1 AS BIGINT) AS lines, \
             CAST(CASE WHEN cancelled THEN 1 ELSE 0 END AS BIGINT) AS cancelled_lines, quantity_milli, \
             CASE WHEN cancelled THEN CAST(0 AS BIGINT) ELSE amount_fen END AS gross_fen, amount_fen AS net_fen"
        }
    };
    let table = match over {
        Over::Rollup => "rollups",
        Over::Lines => "lines",
    };
    let source_line = if with_source_line { ", source_line" } else { "" };
    format!(
        "CREATE VIEW sales AS SELECT {columns}{source_line} FROM {table} WHERE month BETWEEN {first} AND {last}"
    )
}

/// The rows of a rollup file.
pub(super) fn read_rollup(path: &Path) -> Result<Vec<RecordBatch>, Refusal> {
    let unreadable = |error: &dyn std::error::Error| {
        Refusal::broken("figures.evidence_unreadable", error).at(path.display())
    };
    let file = File::open(path).map_err(|error| io_refusal(&error, path))?;
    let reader = ParquetRecordBatchReaderBuilder::try_new(file)
        .and_then(ParquetRecordBatchReaderBuilder::build)
        .map_err(|error| unreadable(&error))?;
    reader
        .collect::<Result<_, _>>()
        .map_err(|error| unreadable(&error))
}

pub(super) fn in_memory(schema: SchemaRef, batches: Vec<RecordBatch>) -> Result<MemTable, Refusal> {
    MemTable::try_new(schema, vec![batches])
        .map_err(|error| Refusal::broken("figures.evidence_unreadable", &error))
}

/// A session over the lines of one segment: everything a figure's query can name, and the line of the order file.
pub(super) async fn over_lines(
    segment: &Path,
    tables: &FigureTables,
    journal: &[NamedTable],
    period: Period,
) -> Result<SessionContext, Refusal> {
    let threads = std::thread::available_parallelism().map_or(1, |count| count.get().min(SCAN_THREADS_MAX));
    let session = empty(threads)?;
    let table = lines(&session, segment).await?;
    register(&session, "lines", table)?;
    create_view(&session, &sales_sql(Over::Lines, period, true)).await?;
    prepare(&session, tables, journal).await?;
    Ok(session)
}

/// The small tables, the journal tables and the programme's views, over the view `sales`.
pub(super) async fn prepare(
    session: &SessionContext,
    tables: &FigureTables,
    journal: &[NamedTable],
) -> Result<(), Refusal> {
    for (name, table) in tables.providers().iter().chain(journal) {
        register(session, name, Arc::clone(table) as Arc<dyn TableProvider>)?;
    }
    for view in tables.views() {
        create_view(session, view).await?;
    }
    Ok(())
}

/// A session with nothing in it.
pub(super) fn empty(threads: usize) -> Result<SessionContext, Refusal> {
    let mut config = SessionConfig::new()
        .with_target_partitions(threads)
        .with_information_schema(false);
    let parquet = &mut config.options_mut().execution.parquet;
    parquet.pushdown_filters = true;
    parquet.reorder_filters = true;
    let runtime = RuntimeEnvBuilder::new()
        .with_memory_limit(MEMORY_BYTES_MAX, 1.0)
        .build_arc()
        .map_err(|error| Refusal::broken("figures.query_failed", &error))?;
    Ok(SessionContext::new_with_config_rt(config, runtime))
}

async fn lines(session: &SessionContext, file: &Path) -> Result<Arc<dyn TableProvider>, Refusal> {
    let schema = line_schema();
    let options = ParquetReadOptions::default().schema(&schema);
    let frame = session.read_parquet(file_url(file)?, options).await;
    Ok(frame
        .map_err(|error| Refusal::broken("figures.evidence_unreadable", &error))?
        .into_view())
}

/// A file as a URL: a plain path with `[` or `*` in it would be read as a pattern.
fn file_url(path: &Path) -> Result<String, Refusal> {
    let path = std::path::absolute(path).map_err(|error| io_refusal(&error, path))?;
    let mut url = String::from("file://");
    for byte in path.as_os_str().as_encoded_bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.' | b'-' | b'_') {
            url.push(char::from(*byte));
        } else {
            let _ = write!(url, "%{byte:02X}");
        }
    }
    Ok(url)
}

/// Adds a table.
pub(super) fn register(
    session: &SessionContext,
    name: &str,
    table: Arc<dyn TableProvider>,
) -> Result<(), Refusal> {
    let registered = session.register_table(name, table);
    registered
        .map(drop)
        .map_err(|error| Refusal::broken("figures.query_failed", &error))
}

/// Adds a view.
pub(super) async fn create_view(session: &SessionContext, sql: &str) -> Result<(), Refusal> {
    let options = SQLOptions::new()
        .with_allow_dml(false)
        .with_allow_statements(false);
    let created = session.sql_with_options(sql, options).await;
    created.map(drop).map_err(|error| {
        Refusal::new("figures.bad_view", Fault::Refused)
            .value(first_words(sql))
            .fact("reason", reason(&error))
    })
}

fn first_words(sql: &str) -> String {
    sql.split_whitespace().take(3).collect::<Vec<_>>().join(" ")
}

/// Runs a query that can only read.
pub(super) async fn query(
    session: &SessionContext,
    figure: &str,
    sql: &str,
) -> Result<Vec<RecordBatch>, Refusal> {
    let frame = read_only(session, figure, sql).await?;
    frame
        .collect()
        .await
        .map_err(|error| query_failed(&error, figure))
}

/// A query that can only read, not yet run.
pub(super) async fn read_only(
    session: &SessionContext,
    figure: &str,
    sql: &str,
) -> Result<DataFrame, Refusal> {
    let options = SQLOptions::new()
        .with_allow_ddl(false)
        .with_allow_dml(false)
        .with_allow_statements(false);
    session.sql_with_options(sql, options).await.map_err(|error| {
        Refusal::new("figures.bad_sql", Fault::Refused)
            .value(figure)
            .fact("reason", reason(&error))
    })
}

/// What a query that ended badly is refused with.
pub(super) fn query_failed(error: &DataFusionError, figure: &str) -> Refusal {
    let code = match error.find_root() {
        DataFusionError::ResourcesExhausted(_) => "figures.out_of_memory",
        _ => "figures.query_failed",
    };
    Refusal::broken(code, error).value(figure)
}

/// The first line of what the engine says of a query: the words of the person who wrote it are in it, no data.
fn reason(error: &DataFusionError) -> String {
    let text = error.find_root().strip_backtrace();
    text.lines()
        .next()
        .unwrap_or_default()
        .chars()
        .take(200)
        .collect()
}
