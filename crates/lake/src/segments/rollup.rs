//! Rollups: exact sums a channel, month, place, product and currency, kept beside each segment and added up, never
//! recomputed. A few hundred thousand lines become a few thousand rows.

use std::fs::File;
use std::io::Error;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Int32Array, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{Int32Type, Int64Type};
use hashbrown::HashMap;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;

use super::batch::LineBatch;
use super::columns::{numbers, texts};
use super::manifest::Totals;
use super::schema::rollup_schema;
use crate::files::Hashed;

/// Sums by cell.
#[derive(Debug, Default)]
pub struct Rollup {
    /// Texts seen (channels, products, currencies), numbered so that a cell is a few whole numbers.
    numbers: HashMap<String, u32>,
    texts: Vec<String>,
    cells: HashMap<Cell, Totals>,
}

/// What a sum stands for; texts by their numbers in the rollup.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Cell {
    pub channel: u32,
    pub month: i32,
    pub place: i32,
    pub product: u32,
    pub currency: u32,
}

impl Rollup {
    /// Adds the lines of a batch.
    ///
    /// # Errors
    /// A total beyond what an i64 holds.
    pub fn add_lines(
        &mut self,
        lines: &LineBatch,
        products: &ArrayRef,
        channel: &str,
        currency: &str,
    ) -> Result<(), Error> {
        let (channel, currency) = (self.number(channel), self.number(currency));
        let names = products.as_string::<i32>();
        // A product comes in nearly every run: its name is looked for once.
        let mut numbered = vec![None; products.len()];
        lines.summed(products.len()).by_run(
            |_| (),
            |((), place, month), product, sum| {
                let known = numbered.get(product as usize).copied().flatten();
                let number = known.unwrap_or_else(|| self.number(names.value(product as usize)));
                if let Some(slot) = numbered.get_mut(product as usize) {
                    *slot = Some(number);
                }
                let cell = Cell {
                    channel,
                    month,
                    place,
                    product: number,
                    currency,
                };
                self.add(cell, sum)
            },
        )
    }

    /// Adds the rows of another rollup.
    ///
    /// # Errors
    /// A column that is missing, or a total beyond what an i64 holds.
    pub fn add_rollup(&mut self, batch: &RecordBatch) -> Result<(), Error> {
        let whole = |name| numbers::<Int64Type>(batch, name);
        let small = |name| numbers::<Int32Type>(batch, name);
        let (channels, products, currencies) = (
            texts(batch, "channel")?,
            texts(batch, "product_code")?,
            texts(batch, "currency")?,
        );
        let (months, places) = (small("month")?, small("place_code")?);
        let (rows, cancelled, quantities) = (
            whole("lines")?,
            whole("cancelled_lines")?,
            whole("quantity_milli")?,
        );
        let (gross, net) = (whole("gross_fen")?, whole("net_fen")?);
        for row in 0..batch.num_rows() {
            let cell = Cell {
                channel: self.number(channels.value(row)),
                month: months.value(row),
                place: places.value(row),
                product: self.number(products.value(row)),
                currency: self.number(currencies.value(row)),
            };
            let totals = Totals {
                rows: rows.value(row),
                cancelled_lines: cancelled.value(row),
                quantity_milli: quantities.value(row),
                gross_fen: gross.value(row),
                net_fen: net.value(row),
            };
            self.add(cell, totals)?;
        }
        Ok(())
    }

    /// The number of a text, the next one where it is new.
    pub(super) fn number(&mut self, text: &str) -> u32 {
        if let Some(&number) = self.numbers.get(text) {
            return number;
        }
        let number = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        self.texts.push(text.to_owned());
        self.numbers.insert(text.to_owned(), number);
        number
    }

    /// Adds lines to a cell.
    ///
    /// # Errors
    /// A total beyond what an i64 holds.
    pub(super) fn add(&mut self, cell: Cell, totals: Totals) -> Result<(), Error> {
        let sum = self.cells.entry(cell).or_default();
        *sum = sum.plus(totals)?;
        Ok(())
    }

    /// The same sums as two rollups: a cell of several lines stands in both, with one line in the first.
    pub(super) fn in_two(self) -> (Self, Self) {
        let (mut one, mut other) = (HashMap::new(), HashMap::new());
        for (cell, totals) in self.cells {
            let first = Totals {
                rows: 1,
                cancelled_lines: i64::from(totals.cancelled_lines == totals.rows),
                quantity_milli: totals.quantity_milli / 2,
                gross_fen: totals.gross_fen / 2,
                net_fen: totals.net_fen / 2,
            };
            if totals.rows > 1 {
                one.insert(cell, first);
                other.insert(cell, totals.less(first));
            } else {
                one.insert(cell, totals);
            }
        }
        let with = |cells| Self {
            numbers: self.numbers.clone(),
            texts: self.texts.clone(),
            cells,
        };
        (with(one), with(other))
    }

    /// The place of each numbered text in alphabetical order, so that cells are sorted without comparing text.
    fn ranks(&self) -> Vec<u32> {
        let mut sorted: Vec<u32> = (0..).take(self.texts.len()).collect();
        sorted.sort_unstable_by_key(|&number| self.text(number));
        let mut ranks = vec![0; self.texts.len()];
        for (rank, number) in (0..).zip(sorted) {
            if let Some(slot) = ranks.get_mut(number as usize) {
                *slot = rank;
            }
        }
        ranks
    }

    fn text(&self, number: u32) -> &str {
        self.texts.get(number as usize).map_or("", String::as_str)
    }

    /// The cells as a batch of [`rollup_schema`], sorted, so that equal sums give equal bytes.
    ///
    /// # Errors
    /// What Arrow gave.
    pub fn to_record_batch(&self) -> Result<RecordBatch, Error> {
        let ranks = self.ranks();
        let rank = |number: u32| ranks.get(number as usize).copied().unwrap_or(u32::MAX);
        let mut cells: Vec<(&Cell, &Totals)> = self.cells.iter().collect();
        cells.sort_unstable_by_key(|(cell, _)| {
            (
                rank(cell.channel),
                cell.place,
                rank(cell.product),
                cell.month,
                rank(cell.currency),
            )
        });
        let text = |of: fn(&Cell) -> u32| -> ArrayRef {
            Arc::new(
                cells
                    .iter()
                    .map(|(c, _)| Some(self.text(of(c))))
                    .collect::<StringArray>(),
            )
        };
        let small = |of: fn(&Cell) -> i32| -> ArrayRef {
            Arc::new(cells.iter().map(|(c, _)| of(c)).collect::<Int32Array>())
        };
        let whole = |of: fn(&Totals) -> i64| -> ArrayRef {
            Arc::new(cells.iter().map(|(_, t)| of(t)).collect::<Int64Array>())
        };
        let columns = vec![
            text(|c| c.channel),
            small(|c| c.month),
            small(|c| c.place),
            text(|c| c.product),
            text(|c| c.currency),
            whole(|t| t.rows),
            whole(|t| t.cancelled_lines),
            whole(|t| t.quantity_milli),
            whole(|t| t.gross_fen),
            whole(|t| t.net_fen),
        ];
        RecordBatch::try_new(rollup_schema(), columns).map_err(Error::other)
    }
}

/// Writes a rollup as Parquet and makes it durable; gives the SHA-256 of the file in hex.
///
/// # Errors
/// What writing gave.
pub fn write_rollup(rollup: &Rollup, path: &Path) -> Result<String, Error> {
    let batch = rollup.to_record_batch()?;
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by("fishpond".to_owned())
        .build();
    let file = Hashed::new(File::create(path)?);
    let mut writer = ArrowWriter::try_new(file, rollup_schema(), Some(properties)).map_err(Error::other)?;
    writer.write(&batch).map_err(Error::other)?;
    let (file, sha256) = writer.into_inner().map_err(Error::other)?.finish();
    file.sync_all()?;
    Ok(sha256)
}

/// The sum of rollup files.
///
/// # Errors
/// What reading gave.
pub fn rollup_of_files<'a>(paths: impl IntoIterator<Item = &'a Path>) -> Result<Rollup, Error> {
    let mut sum = Rollup::default();
    for path in paths {
        let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path)?)
            .and_then(ParquetRecordBatchReaderBuilder::build)
            .map_err(Error::other)?;
        for batch in reader {
            sum.add_rollup(&batch.map_err(Error::other)?)?;
        }
    }
    Ok(sum)
}
