//! The rollup counted again from the rows of segments, for audits: one pass over the eight columns it stands on.
//!
//! The rollup as kept has one row a cell. Here a cell of several lines has two. What a figure may ask for (sums, and
//! which parts have a line at all) is the same over both; a query that counts rows of evidence instead of lines is not,
//! and so an audit finds it.

use std::fs::File;
use std::io::Error;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::{ArrowPrimitiveType, DataType, Field, Int32Type, Int64Type, Schema, UInt32Type};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};

use super::chunk::CHUNK_ROWS;
use super::rollup::{Cell, Rollup};
use super::runs::Summed;
use super::schema::line_schema;

/// Columns that are read as numbers into a list of texts.
const TEXTS: [&str; 3] = ["channel", "product_code", "currency"];
/// Columns that are read beside them.
const NUMBERS: [&str; 5] = ["month", "place_code", "quantity_milli", "amount_fen", "cancelled"];

/// Counts the lines of segment files; two batches of [`super::rollup_schema`]. CPU grows with the lines, memory with the
/// cells.
///
/// # Errors
/// What reading gave, or a total beyond what an i64 holds.
pub fn recount<'a>(segments: impl IntoIterator<Item = &'a Path>) -> Result<Vec<RecordBatch>, Error> {
    let mut sums = Rollup::default();
    for segment in segments {
        add_segment(&mut sums, segment)?;
    }
    let (one, other) = sums.in_two();
    Ok(vec![one.to_record_batch()?, other.to_record_batch()?])
}

/// A row group at a time, so that the lists of texts are those of the file, not merged ones.
fn add_segment(sums: &mut Rollup, segment: &Path) -> Result<(), Error> {
    let file = File::open(segment)?;
    let options = ArrowReaderOptions::new().with_schema(Arc::new(numbered_texts()));
    let metadata = ArrowReaderMetadata::load(&file, options).map_err(Error::other)?;
    let read = TEXTS.into_iter().chain(NUMBERS);
    let columns = ProjectionMask::columns(metadata.parquet_schema(), read);
    for group in 0..metadata.metadata().num_row_groups() {
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file.try_clone()?, metadata.clone());
        let batches = builder
            .with_projection(columns.clone())
            .with_row_groups(vec![group])
            .with_batch_size(CHUNK_ROWS)
            .build()
            .map_err(Error::other)?;
        for batch in batches {
            add_batch(sums, &batch.map_err(Error::other)?)?;
        }
    }
    Ok(())
}

fn add_batch(sums: &mut Rollup, batch: &RecordBatch) -> Result<(), Error> {
    let (channels, channel_names) = texts(batch, "channel")?;
    let (currencies, currency_names) = texts(batch, "currency")?;
    let (product, product_names) = texts(batch, "product_code")?;
    let lines = Summed {
        month: numbers::<Int32Type>(batch, "month")?,
        place: numbers::<Int32Type>(batch, "place_code")?,
        product,
        products: product_names.len(),
        quantity_milli: numbers::<Int64Type>(batch, "quantity_milli")?,
        amount_fen: numbers::<Int64Type>(batch, "amount_fen")?,
        cancelled: column(batch, "cancelled")?
            .as_boolean_opt()
            .ok_or_else(|| bad_column("cancelled"))?
            .values(),
    };
    let mut number = |names: &ArrayRef| -> Vec<u32> {
        let names = names.as_string::<i32>().iter();
        names.map(|name| sums.number(name.unwrap_or_default())).collect()
    };
    let (channel_numbers, currency_numbers) = (number(channel_names), number(currency_names));
    let product_numbers = number(product_names);
    let at = |numbers: &[u32], key: u32| numbers.get(key as usize).copied().unwrap_or_default();
    let kind = |row: usize| (channels.get(row).copied(), currencies.get(row).copied());
    lines.by_run(kind, |((channel, currency), place, month), product, sum| {
        let cell = Cell {
            channel: at(&channel_numbers, channel.unwrap_or_default()),
            month,
            place,
            product: at(&product_numbers, product),
            currency: at(&currency_numbers, currency.unwrap_or_default()),
        };
        sums.add(cell, sum)
    })
}

/// [`line_schema`] with texts as numbers into a list.
fn numbered_texts() -> Schema {
    let numbered = DataType::Dictionary(Box::new(DataType::UInt32), Box::new(DataType::Utf8));
    let fields = line_schema()
        .fields()
        .iter()
        .map(|field| {
            if TEXTS.contains(&field.name().as_str()) {
                Arc::new(Field::new(field.name(), numbered.clone(), field.is_nullable()))
            } else {
                Arc::clone(field)
            }
        })
        .collect::<Vec<_>>();
    Schema::new(fields)
}

fn column<'a>(batch: &'a RecordBatch, name: &str) -> Result<&'a ArrayRef, Error> {
    batch.column_by_name(name).ok_or_else(|| bad_column(name))
}

fn numbers<'a, T: ArrowPrimitiveType>(batch: &'a RecordBatch, name: &str) -> Result<&'a [T::Native], Error> {
    let array = column(batch, name)?.as_primitive_opt::<T>();
    Ok(array.ok_or_else(|| bad_column(name))?.values())
}

/// The number of each row and the list it points into.
fn texts<'a>(batch: &'a RecordBatch, name: &str) -> Result<(&'a [u32], &'a ArrayRef), Error> {
    let array = column(batch, name)?.as_dictionary_opt::<UInt32Type>();
    let array = array.ok_or_else(|| bad_column(name))?;
    Ok((array.keys().values(), array.values()))
}

fn bad_column(name: &str) -> Error {
    Error::other(format!("a segment lacks the column {name}"))
}
