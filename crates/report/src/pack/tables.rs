//! The small tables as Parquet: plain, uncompressed, the same bytes each time.

use std::fs::File;
use std::path::Path;

use arrow::array::RecordBatch;
use arrow::compute::concat_batches;
use kernel::Refusal;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

pub(super) fn to_parquet(batch: &RecordBatch) -> Result<Vec<u8>, Refusal> {
    let write = || -> Result<Vec<u8>, parquet::errors::ParquetError> {
        let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), None)?;
        writer.write(batch)?;
        writer.into_inner()
    };
    write().map_err(|error| Refusal::broken("pack.unwritable", &error))
}

/// Whether a Parquet file holds exactly this table.
pub(super) fn holds(path: &Path, expected: &RecordBatch) -> bool {
    let read = || -> Option<RecordBatch> {
        let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).ok()?)
            .ok()?
            .build()
            .ok()?;
        let batches: Vec<RecordBatch> = reader.collect::<Result<_, _>>().ok()?;
        concat_batches(&expected.schema(), &batches).ok()
    };
    read().is_some_and(|found| found == *expected)
}
