//! Sessions of DataFusion: bounded memory, the evidence as `sales`, the small tables and the programme's views.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{AsArray, PrimitiveArray, RecordBatch};
use arrow::datatypes::{Int32Type, SchemaRef};
use datafusion::catalog::TableProvider;
use datafusion::datasource::MemTable;
use datafusion::error::DataFusionError;
use datafusion::execution::context::SQLOptions;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::prelude::{ParquetReadOptions, SessionConfig, SessionContext};
use kernel::{Fault, Period, PlaceCode, Refusal};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::tables::FigureTables;
use crate::error::io_refusal;
use crate::segments::{line_schema, rollup_schema};

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

/// Where a session's evidence comes from.
#[derive(Clone)]
pub(super) enum Source {
    /// A rollup, in memory.
    Rollup(Arc<MemTable>),
    /// Segments, scanned.
    Lines(Vec<PathBuf>),
    /// One segment with the lines of its order file.
    TracedLines(PathBuf),
}

impl Source {
    /// Reads a rollup into memory; none is an empty one.
    pub fn rollup(path: Option<&Path>) -> Result<Self, Refusal> {
        let batches = path.map_or_else(|| Ok(Vec::new()), read_rollup)?;
        Ok(Self::Rollup(Arc::new(in_memory(rollup_schema(), batches)?)))
    }
}

/// The places that stand in a rollup.
pub(super) fn rollup_places(path: &Path) -> Result<HashSet<PlaceCode>, Refusal> {
    let mut places = HashSet::new();
    for batch in read_rollup(path)? {
        let codes = batch
            .column_by_name("place_code")
            .and_then(|column| column.as_primitive_opt::<Int32Type>());
        for code in codes.into_iter().flat_map(PrimitiveArray::values) {
            places.insert(code.to_string().parse()?);
        }
    }
    Ok(places)
}

fn read_rollup(path: &Path) -> Result<Vec<RecordBatch>, Refusal> {
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

/// A session over a source: everything a figure's query can name.
pub(super) async fn open(
    source: &Source,
    tables: &FigureTables,
    period: Period,
) -> Result<SessionContext, Refusal> {
    let session = empty(source)?;
    let (name, table, sales) = evidence(&session, source, period).await?;
    register(&session, name, table)?;
    for (name, table) in tables.providers() {
        register(&session, name, Arc::clone(table) as Arc<dyn TableProvider>)?;
    }
    create_view(&session, &sales).await?;
    for view in tables.views() {
        create_view(&session, view).await?;
    }
    Ok(session)
}

fn empty(source: &Source) -> Result<SessionContext, Refusal> {
    // A rollup is small: spreading it over threads costs more than it saves.
    let threads = match source {
        Source::Rollup(_) => 1,
        Source::Lines(_) | Source::TracedLines(_) => {
            std::thread::available_parallelism().map_or(1, |count| count.get().min(SCAN_THREADS_MAX))
        }
    };
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

async fn evidence(
    session: &SessionContext,
    source: &Source,
    period: Period,
) -> Result<(&'static str, Arc<dyn TableProvider>, String), Refusal> {
    Ok(match source {
        Source::Rollup(table) => (
            "rollups",
            Arc::clone(table) as _,
            sales_sql(Over::Rollup, period, false),
        ),
        Source::Lines(files) => (
            "lines",
            lines(session, files).await?,
            sales_sql(Over::Lines, period, false),
        ),
        Source::TracedLines(file) => (
            "lines",
            lines(session, std::slice::from_ref(file)).await?,
            sales_sql(Over::Lines, period, true),
        ),
    })
}

async fn lines(session: &SessionContext, files: &[PathBuf]) -> Result<Arc<dyn TableProvider>, Refusal> {
    let schema = line_schema();
    if files.is_empty() {
        return Ok(Arc::new(in_memory(schema, Vec::new())?));
    }
    let urls = files
        .iter()
        .map(|file| file_url(file))
        .collect::<Result<Vec<_>, _>>()?;
    let options = ParquetReadOptions::default().schema(&schema);
    let frame = session.read_parquet(urls, options).await;
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

fn register(session: &SessionContext, name: &str, table: Arc<dyn TableProvider>) -> Result<(), Refusal> {
    let registered = session.register_table(name, table);
    registered
        .map(drop)
        .map_err(|error| Refusal::broken("figures.query_failed", &error))
}

async fn create_view(session: &SessionContext, sql: &str) -> Result<(), Refusal> {
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
    let options = SQLOptions::new()
        .with_allow_ddl(false)
        .with_allow_dml(false)
        .with_allow_statements(false);
    let frame = session.sql_with_options(sql, options).await.map_err(|error| {
        Refusal::new("figures.bad_sql", Fault::Refused)
            .value(figure)
            .fact("reason", reason(&error))
    })?;
    frame.collect().await.map_err(|error| {
        let code = match error.find_root() {
            DataFusionError::ResourcesExhausted(_) => "figures.out_of_memory",
            _ => "figures.query_failed",
        };
        Refusal::broken(code, &error).value(figure)
    })
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
