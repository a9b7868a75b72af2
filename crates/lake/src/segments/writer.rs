//! Writes one segment: row groups in, file with totals, hashes and rollup out.

use std::fs::File;
use std::io::Error;
use std::path::{Path, PathBuf};

use arrow::array::{ArrayRef, AsArray};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::{ArrowRowGroupWriterFactory, ArrowWriterOptions, compute_leaves};
use parquet::basic::{Compression, Encoding};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::{ColumnDescPtr, ColumnPath};

use super::batch::LineBatch;
use super::chunk::CHUNK_ROWS;
use super::constant::ConstantColumn;
use super::manifest::Totals;
use super::merkle::MerkleTree;
use super::packed::{append_listed, append_numbers};
use super::rollup::{Rollup, write_rollup};
use super::schema::line_schema;
use crate::files::Hashed;

/// A finished segment file, still where it was written.
#[derive(Debug, Clone)]
pub struct SegmentFile {
    /// The Parquet file.
    pub path: PathBuf,
    /// Its rollup.
    pub rollup_path: PathBuf,
    /// SHA-256 of the Parquet file.
    pub sha256: String,
    /// SHA-256 of the rollup.
    pub rollup_sha256: String,
    /// Root of the Merkle tree over the rows.
    pub merkle_root: String,
    /// Totals of the rows.
    pub totals: Totals,
    /// First and last day, as days since 1970-01-01.
    pub days: (i32, i32),
}

/// A segment being written.
pub struct SegmentWriter {
    path: PathBuf,
    channel: String,
    currency: String,
    writer: SerializedFileWriter<Hashed<File>>,
    columns: ArrowRowGroupWriterFactory,
    descriptors: Vec<ColumnDescPtr>,
    constants: [ConstantColumn; 2],
    merkle: MerkleTree,
    rollup: Rollup,
    totals: Totals,
    days: Option<(i32, i32)>,
}

impl SegmentWriter {
    /// Begins a segment of an import at `path`. The import's id goes into the file, so that two imports whose new lines
    /// happen to be alike are two files.
    ///
    /// # Errors
    /// What the file system gave.
    pub fn create(path: &Path, import_id: &str, channel: &str, currency: &str) -> Result<Self, Error> {
        let properties = properties(import_id);
        let constant = |name, value| ConstantColumn::new(name, value, properties.clone());
        let constants = [constant("channel", channel), constant("currency", currency)];
        let options = ArrowWriterOptions::new()
            .with_properties(properties)
            .with_skip_arrow_metadata(true);
        let file = Hashed::new(File::create(path)?);
        let writer = ArrowWriter::try_new_with_options(file, line_schema(), options).map_err(Error::other)?;
        let (writer, columns) = writer.into_serialized_writer().map_err(Error::other)?;
        Ok(Self {
            path: path.to_path_buf(),
            channel: channel.to_owned(),
            currency: currency.to_owned(),
            descriptors: writer.schema_descr().columns().to_vec(),
            writer,
            columns,
            constants,
            merkle: MerkleTree::default(),
            rollup: Rollup::default(),
            totals: Totals::default(),
            days: None,
        })
    }

    /// Rows written so far.
    #[must_use]
    pub fn rows(&self) -> i64 {
        self.totals.rows
    }

    /// Appends a sorted batch as one row group.
    ///
    /// # Errors
    /// What writing gave, or a total beyond what an i64 holds.
    pub fn append(&mut self, lines: &LineBatch, products: &ArrayRef) -> Result<(), Error> {
        if lines.is_empty() {
            return Ok(());
        }
        self.add_totals(lines)?;
        self.merkle.append(lines, products);
        self.rollup
            .add_lines(lines, products, &self.channel, &self.currency)?;
        self.write_group(lines, products).map_err(Error::other)
    }

    fn write_group(&mut self, lines: &LineBatch, products: &ArrayRef) -> Result<(), Error> {
        let index = self.writer.flushed_row_groups().len();
        let writers = self.columns.create_column_writers(index).map_err(Error::other)?;
        let mut group = self.writer.next_row_group().map_err(Error::other)?;
        let schema = line_schema();
        let columns = schema.fields().iter().zip(writers).zip(&self.descriptors);
        for ((field, mut writer), descriptor) in columns {
            if let Some(constant) = self
                .constants
                .iter_mut()
                .find(|constant| constant.name() == field.name())
            {
                constant.append_to(&mut group, lines.len())?;
                continue;
            }
            if let Some(numbers) = lines.numbers(field.name()) {
                append_numbers(&mut group, descriptor, numbers).map_err(Error::other)?;
                continue;
            }
            if field.name() == "product_code" {
                let (list, named) = (products.as_string(), lines.product.values());
                append_listed(&mut group, descriptor, list, named).map_err(Error::other)?;
                continue;
            }
            let column = lines.column(field.name()).map_err(Error::other)?;
            for leaf in compute_leaves(field, &column).map_err(Error::other)? {
                writer.write(&leaf).map_err(Error::other)?;
            }
            let chunk = writer.close().map_err(Error::other)?;
            chunk.append_to_row_group(&mut group).map_err(Error::other)?;
        }
        group.close().map_err(Error::other)?;
        Ok(())
    }

    fn add_totals(&mut self, lines: &LineBatch) -> Result<(), Error> {
        let mut batch = Totals {
            rows: i64::try_from(lines.len()).map_err(Error::other)?,
            ..Totals::default()
        };
        let too_large = || Error::other("a total is beyond what 64 bits hold");
        let rows = lines
            .amount_fen
            .values()
            .iter()
            .zip(lines.quantity_milli.values())
            .zip(lines.cancelled.values());
        for ((&amount, &quantity), cancelled) in rows {
            batch.net_fen = batch.net_fen.checked_add(amount).ok_or_else(too_large)?;
            batch.quantity_milli = batch.quantity_milli.checked_add(quantity).ok_or_else(too_large)?;
            if cancelled {
                batch.cancelled_lines += 1;
            } else {
                batch.gross_fen = batch.gross_fen.checked_add(amount).ok_or_else(too_large)?;
            }
        }
        self.totals = self.totals.checked_add(batch).ok_or_else(too_large)?;
        for &day in lines.day.values() {
            let (first, last) = self.days.unwrap_or((day, day));
            self.days = Some((first.min(day), last.max(day)));
        }
        Ok(())
    }

    /// Closes the file, writes the rollup beside it and makes both durable. A segment without rows is taken away again.
    ///
    /// # Errors
    /// What writing gave.
    pub fn finish(self) -> Result<Option<SegmentFile>, Error> {
        let (file, sha256) = self.writer.into_inner().map_err(Error::other)?.finish();
        let Some(days) = self.days else {
            std::fs::remove_file(&self.path)?;
            return Ok(None);
        };
        file.sync_all()?;
        let rollup_path = self.path.with_extension("rollup.parquet");
        Ok(Some(SegmentFile {
            sha256,
            rollup_sha256: write_rollup(&self.rollup, &rollup_path)?,
            merkle_root: hex::encode(self.merkle.root()),
            path: self.path,
            rollup_path,
            totals: self.totals,
            days,
        }))
    }
}

/// Whole numbers as packed differences, which no further compression makes smaller; texts that repeat as dictionaries
/// (both are made in [`super::packed`] where it can);
/// statistics where a reader leaves rows out by them, by the page for counties, which lie together.
fn properties(import_id: &str) -> WriterProperties {
    let mut builder = WriterProperties::builder()
        .set_column_compression(ColumnPath::from("order_no"), Compression::SNAPPY)
        .set_created_by("fishpond".to_owned())
        .set_key_value_metadata(Some(vec![KeyValue::new(
            "fishpond.import".to_owned(),
            import_id.to_owned(),
        )]))
        .set_max_row_group_row_count(Some(CHUNK_ROWS))
        .set_statistics_enabled(EnabledStatistics::None)
        .set_dictionary_enabled(false)
        .set_column_statistics_enabled(ColumnPath::from("place_code"), EnabledStatistics::Page);
    for pruned in ["day", "month", "channel", "currency"] {
        builder = builder.set_column_statistics_enabled(ColumnPath::from(pruned), EnabledStatistics::Chunk);
    }
    for repeating in ["channel", "currency"] {
        builder = builder.set_column_dictionary_enabled(ColumnPath::from(repeating), true);
    }
    for counted in ["line_no", "day", "month", "place_code"] {
        builder = builder.set_column_encoding(ColumnPath::from(counted), Encoding::DELTA_BINARY_PACKED);
    }
    builder.build()
}
