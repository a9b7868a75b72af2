//! Typed columns of a batch by their names, and the row groups of a segment's file one by one.

use std::fs::File;
use std::io::Error;

use arrow::array::{ArrayRef, AsArray, BooleanArray, PrimitiveArray, RecordBatch, StringArray};
use arrow::datatypes::{ArrowPrimitiveType, UInt32Type};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ParquetRecordBatchReaderBuilder};

use super::chunk::CHUNK_ROWS;

/// A column.
///
/// # Errors
/// There is none of that name.
pub fn column<'a>(batch: &'a RecordBatch, name: &str) -> Result<&'a ArrayRef, Error> {
    batch.column_by_name(name).ok_or_else(|| unfit(name))
}

/// A column of numbers.
///
/// # Errors
/// There is none of that name and type.
pub fn numbers<'a, T: ArrowPrimitiveType>(
    batch: &'a RecordBatch,
    name: &str,
) -> Result<&'a PrimitiveArray<T>, Error> {
    column(batch, name)?
        .as_primitive_opt::<T>()
        .ok_or_else(|| unfit(name))
}

/// A column of yes and no.
///
/// # Errors
/// There is none of that name and type.
pub fn flags<'a>(batch: &'a RecordBatch, name: &str) -> Result<&'a BooleanArray, Error> {
    column(batch, name)?.as_boolean_opt().ok_or_else(|| unfit(name))
}

/// A column of texts.
///
/// # Errors
/// There is none of that name and type.
pub fn texts<'a>(batch: &'a RecordBatch, name: &str) -> Result<&'a StringArray, Error> {
    column(batch, name)?.as_string_opt().ok_or_else(|| unfit(name))
}

/// A column of texts that is read as numbers into a list: the number of each row, and the list.
///
/// # Errors
/// There is none of that name and type.
pub fn listed<'a>(batch: &'a RecordBatch, name: &str) -> Result<(&'a [u32], &'a ArrayRef), Error> {
    let array = column(batch, name)?.as_dictionary_opt::<UInt32Type>();
    let array = array.ok_or_else(|| unfit(name))?;
    Ok((array.keys().values(), array.values()))
}

/// What a column that is missing, or of another type, is refused with.
fn unfit(name: &str) -> Error {
    Error::other(format!("no column {name} of the type it has in the lake"))
}

/// Hands over the rows of a segment's file, a row group at a time, so that lists of texts are those of the file and not
/// merged ones.
///
/// # Errors
/// What reading gave, or `each`.
pub fn for_each_batch(
    file: &File,
    metadata: &ArrowReaderMetadata,
    columns: &ProjectionMask,
    mut each: impl FnMut(&RecordBatch) -> Result<(), Error>,
) -> Result<(), Error> {
    for group in 0..metadata.metadata().num_row_groups() {
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file.try_clone()?, metadata.clone());
        let reader = builder
            .with_projection(columns.clone())
            .with_row_groups(vec![group])
            .with_batch_size(CHUNK_ROWS)
            .build();
        for batch in reader.map_err(Error::other)? {
            each(&batch.map_err(Error::other)?)?;
        }
    }
    Ok(())
}
