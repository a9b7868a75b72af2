//! The writing side of an import: chunks in, finished segment files out.

use std::fs::File;
use std::io::Result;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, StringArray};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::keys::Settled;
use crate::segments::{CHUNK_ROWS, Chunk, LineBatch, SegmentFile, SegmentWriter};

/// Rows after which a segment is closed and the next begun.
const SEGMENT_ROWS: i64 = 1 << 22;

/// A full chunk, with the products first named since the one before.
#[derive(Debug, Default)]
pub struct Filled {
    /// The lines.
    pub chunk: Chunk,
    /// Codes of new products, in the order of their numbers.
    pub products: Vec<String>,
}

/// Where segments go, and what all their lines have in common.
#[derive(Debug, Clone, Copy)]
pub struct ShelfOf<'a> {
    /// The folder.
    pub folder: &'a Path,
    /// Id of the import.
    pub import_id: &'a str,
    /// The channel.
    pub channel: &'a str,
    /// ISO 4217 code.
    pub currency: &'a str,
}

/// Writes segments into a folder.
pub struct Shelf<'a> {
    of: ShelfOf<'a>,
    prefix: &'static str,
    products: Vec<String>,
    listed: ArrayRef,
    open: Option<SegmentWriter>,
    done: Vec<SegmentFile>,
}

impl<'a> Shelf<'a> {
    /// An empty shelf.
    #[must_use]
    pub fn new(of: ShelfOf<'a>) -> Self {
        let listed = Arc::new(StringArray::new_null(0));
        Self {
            of,
            prefix: "segment",
            products: Vec::new(),
            listed,
            open: None,
            done: Vec::new(),
        }
    }

    /// Writes a chunk.
    ///
    /// # Errors
    /// What writing gave.
    pub fn put(&mut self, filled: &mut Filled) -> Result<()> {
        if !filled.products.is_empty() {
            self.products.append(&mut filled.products);
            self.listed = Arc::new(StringArray::from_iter_values(&self.products));
        }
        let listed = Arc::clone(&self.listed);
        self.append(&filled.chunk.to_batch(), &listed)
    }

    fn append(&mut self, lines: &LineBatch, products: &ArrayRef) -> Result<()> {
        if lines.is_empty() {
            return Ok(());
        }
        let mut writer = match self.open.take() {
            Some(writer) => writer,
            None => SegmentWriter::create(
                &self.next_path(),
                self.of.import_id,
                self.of.channel,
                self.of.currency,
            )?,
        };
        writer.append(lines, products)?;
        if writer.rows() >= SEGMENT_ROWS {
            self.done.extend(writer.finish()?);
        } else {
            self.open = Some(writer);
        }
        Ok(())
    }

    fn next_path(&self) -> PathBuf {
        self.of
            .folder
            .join(format!("{}-{}.parquet", self.prefix, self.done.len()))
    }

    /// Closes the last segment.
    ///
    /// # Errors
    /// What writing gave.
    pub fn finish(mut self) -> Result<Vec<SegmentFile>> {
        if let Some(writer) = self.open.take() {
            self.done.extend(writer.finish()?);
        }
        Ok(self.done)
    }

    /// Writes segments anew without the rows that turned out to be duplicates. Exports overlap seldom, so lines are
    /// written as they come and only the files that hold a repeat are read again.
    ///
    /// # Errors
    /// What reading or writing gave.
    pub fn without_repeats(
        of: ShelfOf<'a>,
        segments: Vec<SegmentFile>,
        settled: &Settled,
    ) -> Result<Vec<SegmentFile>> {
        let mut shelf = Self {
            prefix: "kept",
            ..Self::new(of)
        };
        for segment in segments {
            let groups = row_groups(&segment.path)?;
            for group in 0..groups {
                let Some((lines, products)) = read_group(&segment.path, group)? else {
                    continue;
                };
                let keep: BooleanArray = lines
                    .source_line
                    .values()
                    .iter()
                    .map(|&line| Some(!settled.is_repeat(line)))
                    .collect();
                let kept = lines.filter(&keep).map_err(std::io::Error::other)?;
                shelf.append(&kept, &products)?;
            }
            std::fs::remove_file(&segment.path)?;
            std::fs::remove_file(&segment.rollup_path)?;
        }
        shelf.finish()
    }
}

fn row_groups(path: &Path) -> Result<usize> {
    let builder =
        ParquetRecordBatchReaderBuilder::try_new(File::open(path)?).map_err(std::io::Error::other)?;
    Ok(builder.metadata().num_row_groups())
}

fn read_group(path: &Path, group: usize) -> Result<Option<(LineBatch, ArrayRef)>> {
    let builder =
        ParquetRecordBatchReaderBuilder::try_new(File::open(path)?).map_err(std::io::Error::other)?;
    let mut reader = builder
        .with_row_groups(vec![group])
        .with_batch_size(CHUNK_ROWS)
        .build()
        .map_err(std::io::Error::other)?;
    let Some(batch) = reader.next() else {
        return Ok(None);
    };
    let batch = batch.map_err(std::io::Error::other)?;
    LineBatch::from_record_batch(&batch)
        .map(Some)
        .map_err(std::io::Error::other)
}
