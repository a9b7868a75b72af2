//! Journal tables, sealed a period at a time: a small Parquet file each in `evidence/`, named by its hash, and a row in the
//! store that says which counts. Sealing the same rows again changes nothing; other rows are a new seal, and the file of the
//! one before stays, because a published report names it.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use kernel::{Actor, Done, Fault, Period, Refusal};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use programme::journal::{ColumnKind, JournalRows, JournalTable, JournalValue, journal_table};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use store::{Ctx, Fact, args};

use crate::Lake;
use crate::error::io_refusal;
use crate::files;
use crate::repo::{INSERT_SEALED, LAST_SEAL, SEALED};

/// A sealed table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedTable {
    /// Which table.
    pub table: &'static JournalTable,
    /// SHA-256 of its file.
    pub sha256: String,
    /// Its rows.
    pub rows: i64,
    /// The file.
    pub path: PathBuf,
}

impl SealedTable {
    /// The rows after the first `after`, at most `limit`, each as texts by the columns of the table.
    ///
    /// # Errors
    /// `lake.sealed_damaged`; what the file system gave.
    pub async fn rows_after(&self, after: usize, limit: usize) -> Result<Vec<Vec<String>>, Refusal> {
        let sealed = self.clone();
        let read = move || {
            let (mut before, mut rows) = (after, Vec::new());
            for batch in read_sealed(&sealed.path, &sealed.sha256, sealed.table)? {
                let passed = before.min(batch.num_rows());
                let wanted = limit.saturating_sub(rows.len());
                rows.extend(texts(&batch.slice(passed, wanted.min(batch.num_rows() - passed))));
                before -= passed;
            }
            Ok(rows)
        };
        let done = tokio::task::spawn_blocking(read).await;
        done.map_err(|error| Refusal::broken("lake.task_stopped", &error))?
    }
}

/// Each row of a batch as texts; a column that cannot be written as text is empty, and a journal table has none such.
fn texts(batch: &RecordBatch) -> Vec<Vec<String>> {
    let options = FormatOptions::default();
    let columns = batch.columns().iter();
    let columns: Vec<_> = columns
        .map(|column| ArrayFormatter::try_new(column.as_ref(), &options).ok())
        .collect();
    let text = |column: &Option<ArrayFormatter<'_>>, row: usize| {
        column
            .as_ref()
            .map_or_else(String::new, |column| column.value(row).to_string())
    };
    (0..batch.num_rows())
        .map(|row| columns.iter().map(|column| text(column, row)).collect())
        .collect()
}

/// The newest seals of every period.
pub type Seals = BTreeMap<Period, Vec<SealedTable>>;

impl Lake {
    /// Seals the journal tables of a period. Answers what counts from now on.
    ///
    /// # Errors
    /// `lake.bad_journal_rows` where rows do not fit their table; what the file system and the store give.
    pub async fn seal(
        &self,
        actor: Actor,
        period: Period,
        tables: Vec<JournalRows>,
    ) -> Result<Done<Vec<SealedTable>>, Refusal> {
        let mut sealed = Vec::with_capacity(tables.len());
        for rows in &tables {
            let bytes = to_parquet(&batch_of(rows)?)?;
            let sha256 = hex::encode(Sha256::digest(&bytes));
            let path = self.sealed_path(&sha256);
            keep(&path, &bytes).map_err(|error| io_refusal(&error, &path))?;
            sealed.push(SealedTable {
                table: rows.table,
                sha256,
                rows: i64::try_from(rows.rows.len()).unwrap_or(i64::MAX),
                path,
            });
        }
        let told = sealed.clone();
        let written = self.store.write(actor, move |ctx| {
            Box::pin(async move { record(ctx, period, &told).await })
        });
        Ok(written.await?.map(|()| sealed))
    }

    /// The newest seals of every period.
    ///
    /// # Errors
    /// What the store gives.
    pub async fn seals(&self) -> Result<Seals, Refusal> {
        let mut reader = self.store.read().await?;
        let mut seals = Seals::new();
        for row in reader.rows(SEALED, args![]).await? {
            // A table that this program no longer knows is named by no figure.
            if let Some(table) = self.sealed_table(&row.text("name")?, &row.text("sha256")?, row.int("rows")?)
            {
                seals.entry(row.text("period")?.parse()?).or_default().push(table);
            }
        }
        Ok(seals)
    }

    /// A table as it was sealed under a hash; none where this program knows no such table.
    #[must_use]
    pub fn sealed_table(&self, name: &str, sha256: &str, rows: i64) -> Option<SealedTable> {
        journal_table(name).map(|table| SealedTable {
            table,
            sha256: sha256.to_owned(),
            rows,
            path: self.sealed_path(sha256),
        })
    }

    /// Where sealed tables lie, each as `SHA-256.parquet`.
    #[must_use]
    pub fn sealed_folder(&self) -> PathBuf {
        self.folder.join("evidence")
    }

    fn sealed_path(&self, sha256: &str) -> PathBuf {
        self.sealed_folder().join(format!("{sha256}.parquet"))
    }

    /// The sealed files that are not what their names say.
    pub(crate) async fn sealed_findings(&self) -> Result<Vec<Refusal>, Refusal> {
        let seals = self.seals().await?;
        let damaged = |one: &&SealedTable| files::sha256(&one.path).map_or(true, |found| found != one.sha256);
        let all = seals.values().flatten();
        Ok(all
            .filter(damaged)
            .map(|one| Refusal::new("lake.sealed_damaged", Fault::Broken).at(one.path.display()))
            .collect())
    }
}

async fn record(ctx: &mut Ctx, period: Period, sealed: &[SealedTable]) -> Result<Done<()>, Refusal> {
    let (id, mut changed) = (period.to_string(), Vec::new());
    for one in sealed {
        let last = ctx.row(LAST_SEAL, args![&id, one.table.name]).await?;
        let (number, before) = match last {
            Some(row) => (row.int("seal_no")?, row.text("sha256")?),
            None => (0, String::new()),
        };
        if before == one.sha256 {
            continue;
        }
        let (now, by) = (ctx.now(), ctx.actor().id.clone());
        let row = args![&id, one.table.name, number + 1, &one.sha256, one.rows, now, by];
        ctx.execute_one(INSERT_SEALED, row).await?;
        changed.push(json!({ "table": one.table.name, "sha256": one.sha256, "rows": one.rows }));
    }
    if changed.is_empty() {
        return Ok(Done::Already(()));
    }
    let fact = Fact {
        kind: "evidence.sealed",
        place: None,
        amount: None,
        evidence: Vec::new(),
        body: json!({ "period": id, "tables": changed }),
    };
    ctx.record(fact).await?;
    Ok(Done::Now(()))
}

/// Writes bytes under the name of their hash; what is there already stays.
fn keep(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if path.exists() {
        return Ok(());
    }
    let unfinished = path.with_extension(format!("{}.tmp", std::process::id()));
    File::create(&unfinished)?.write_all(bytes)?;
    files::publish(&unfinished, path)
}

/// The schema of a journal table in Arrow.
pub(crate) fn schema_of(table: &JournalTable) -> SchemaRef {
    let field = |(name, kind): &(&str, ColumnKind)| {
        let kind = match kind {
            ColumnKind::Int => DataType::Int64,
            ColumnKind::Text => DataType::Utf8,
        };
        Field::new(*name, kind, false)
    };
    Arc::new(Schema::new(table.columns.iter().map(field).collect::<Vec<_>>()))
}

fn batch_of(rows: &JournalRows) -> Result<RecordBatch, Refusal> {
    let bad = || Refusal::new("lake.bad_journal_rows", Fault::Broken).value(rows.table.name);
    let mut arrays: Vec<ArrayRef> = Vec::new();
    for (at, (_, kind)) in rows.table.columns.iter().enumerate() {
        let values = rows.rows.iter().map(|row| row.get(at));
        arrays.push(match kind {
            ColumnKind::Int => {
                let ints = values.map(|value| match value {
                    Some(JournalValue::Int(value)) => Some(*value),
                    _ => None,
                });
                Arc::new(
                    ints.collect::<Option<Vec<i64>>>()
                        .map(Int64Array::from)
                        .ok_or_else(bad)?,
                )
            }
            ColumnKind::Text => {
                let texts = values.map(|value| match value {
                    Some(JournalValue::Text(value)) => Some(value.as_str()),
                    _ => None,
                });
                Arc::new(
                    texts
                        .collect::<Option<Vec<&str>>>()
                        .map(StringArray::from)
                        .ok_or_else(bad)?,
                )
            }
        });
    }
    RecordBatch::try_new(schema_of(rows.table), arrays)
        .map_err(|error| Refusal::broken("lake.bad_journal_rows", &error).value(rows.table.name))
}

fn to_parquet(batch: &RecordBatch) -> Result<Vec<u8>, Refusal> {
    let write = || -> Result<Vec<u8>, parquet::errors::ParquetError> {
        let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), None)?;
        writer.write(batch)?;
        writer.into_inner()
    };
    write().map_err(|error| Refusal::broken("lake.bad_journal_rows", &error))
}

/// The rows of a sealed file, held against its hash and its table.
///
/// # Errors
/// `lake.sealed_damaged`.
pub fn read_sealed(path: &Path, sha256: &str, table: &JournalTable) -> Result<Vec<RecordBatch>, Refusal> {
    let damaged = || Refusal::new("lake.sealed_damaged", Fault::Broken).at(path.display());
    if files::sha256(path).map_or(true, |found| found != sha256) {
        return Err(damaged());
    }
    let file = File::open(path).map_err(|error| io_refusal(&error, path))?;
    let reader = ParquetRecordBatchReaderBuilder::try_new(file)
        .and_then(ParquetRecordBatchReaderBuilder::build)
        .map_err(|_| damaged())?;
    let batches: Vec<RecordBatch> = reader.collect::<Result<_, _>>().map_err(|_| damaged())?;
    let schema = schema_of(table);
    if batches
        .iter()
        .any(|batch| batch.schema().fields() != schema.fields())
    {
        return Err(damaged());
    }
    Ok(batches)
}
