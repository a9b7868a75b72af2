//! The rollup counted again from the rows of segments, for audits: one pass over the eight columns it stands on.
//!
//! The rollup as kept has one row a cell. Here a cell of several lines has two. What a figure may ask for (sums, and
//! which parts have a line at all) is the same over both; a query that counts rows of evidence instead of lines is not,
//! and so an audit finds it.

use std::fs::File;
use std::io::Error;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Field, Int32Type, Int64Type, Schema};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};

use super::columns::{flags, for_each_batch, listed, numbers};
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

fn add_segment(sums: &mut Rollup, segment: &Path) -> Result<(), Error> {
    let file = File::open(segment)?;
    let options = ArrowReaderOptions::new().with_schema(Arc::new(numbered_texts()));
    let metadata = ArrowReaderMetadata::load(&file, options).map_err(Error::other)?;
    let read = TEXTS.into_iter().chain(NUMBERS);
    let columns = ProjectionMask::columns(metadata.parquet_schema(), read);
    for_each_batch(&file, &metadata, &columns, |batch| add_batch(sums, batch))
}

fn add_batch(sums: &mut Rollup, batch: &RecordBatch) -> Result<(), Error> {
    let (channels, channel_names) = listed(batch, "channel")?;
    let (currencies, currency_names) = listed(batch, "currency")?;
    let (product, product_names) = listed(batch, "product_code")?;
    let lines = Summed {
        month: numbers::<Int32Type>(batch, "month")?.values(),
        place: numbers::<Int32Type>(batch, "place_code")?.values(),
        product,
        products: product_names.len(),
        quantity_milli: numbers::<Int64Type>(batch, "quantity_milli")?.values(),
        amount_fen: numbers::<Int64Type>(batch, "amount_fen")?.values(),
        cancelled: flags(batch, "cancelled")?.values(),
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
