//! Typed columns of a batch by their names, and the row groups of a segment's file one by one.

use std::fs::File;
use std::io::Error;

use arrow::array::{ArrayRef, AsArray, PrimitiveArray, RecordBatch};
use arrow::buffer::BooleanBuffer;
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
pub fn flags<'a>(batch: &'a RecordBatch, name: &str) -> Result<&'a BooleanBuffer, Error> {
    let array = column(batch, name)?.as_boolean_opt();
    Ok(array.ok_or_else(|| unfit(name))?.values())
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
pub fn unfit(name: &str) -> Error {
    Error::other(format!("no column {name} of the type it has in the lake"))
}

/// The rows of a segment's file, a row group at a time, so that lists of texts are those of the file and not merged ones.
///
/// # Errors
/// Each item may be what opening or reading its row group gave.
pub fn batches_by_group<'a>(
    file: &'a File,
    metadata: &'a ArrowReaderMetadata,
    columns: &'a ProjectionMask,
) -> impl Iterator<Item = Result<RecordBatch, Error>> + use<'a> {
    let open = move |group: usize| {
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file.try_clone()?, metadata.clone());
        let reader = builder
            .with_projection(columns.clone())
            .with_row_groups(vec![group])
            .with_batch_size(CHUNK_ROWS)
            .build();
        reader.map_err(Error::other)
    };
    (0..metadata.metadata().num_row_groups()).flat_map(move |group| {
        let (reader, failed) = match open(group) {
            Ok(reader) => (Some(reader), None),
            Err(error) => (None, Some(Err(error))),
        };
        let batches = reader
            .into_iter()
            .flatten()
            .map(|batch| batch.map_err(Error::other));
        failed.into_iter().chain(batches)
    })
}
