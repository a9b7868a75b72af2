//! The writing side of an import: chunks in, finished segment files out.

use std::io::{Error, Result};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, StringArray};

use crate::keys::Settled;
use crate::segments::{Chunk, LineBatch, SegmentFile, SegmentWriter};

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

/// A row that names a line the lake has, or the file had before, and says something else.
#[derive(Debug, Clone, Copy)]
pub struct Changed {
    /// Line of the file.
    pub source_line: u64,
    /// The amount it says, in hundredths of the currency.
    pub amount_fen: i64,
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

    /// Writes segments anew with the rows only that are new; tells of each row that changed one the lake has. Exports
    /// overlap seldom, so lines are written as they come and read again only where there is such a row.
    ///
    /// # Errors
    /// What reading, writing or telling gave.
    pub fn with_new_lines_only(
        of: ShelfOf<'a>,
        segments: Vec<SegmentFile>,
        settled: &Settled,
        tell: &mut dyn FnMut(Changed) -> Result<()>,
    ) -> Result<Vec<SegmentFile>> {
        let mut shelf = Self {
            prefix: "kept",
            ..Self::new(of)
        };
        for segment in segments {
            LineBatch::for_each_of(&segment.path, |lines, products| {
                let rows = lines.source_line.values().iter().zip(lines.amount_fen.values());
                for (&line, &amount_fen) in rows.filter(|(line, _)| settled.changes.contains(**line)) {
                    let source_line = line.cast_unsigned();
                    tell(Changed {
                        source_line,
                        amount_fen,
                    })?;
                }
                let source_lines = lines.source_line.values().iter();
                let keep: BooleanArray = source_lines.map(|&line| Some(settled.is_new(line))).collect();
                shelf.append(&lines.filter(&keep).map_err(Error::other)?, products)
            })?;
            std::fs::remove_file(&segment.path)?;
            std::fs::remove_file(&segment.rollup_path)?;
        }
        shelf.finish()
    }
}
