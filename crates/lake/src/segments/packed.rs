//! Columns that are packed here, page by page: whole numbers as differences, products as numbers into a list. The library
//! writes the same encodings value by value and looks each text up anew; a chunk has all of them at hand.
//!
//! The forms are those of Apache Parquet's `Encodings.md`: DELTA_BINARY_PACKED, and RLE_DICTIONARY with one bit-packed run
//! a page.

use std::io::Write;

use arrow::array::{Array, StringArray};
use bytes::Bytes;
use parquet::basic::Encoding;
use parquet::column::page::{CompressedPage, Page, PageWriter};
use parquet::column::writer::ColumnCloseResult;
use parquet::errors::Result;
use parquet::file::metadata::{ColumnChunkMetaData, OffsetIndexBuilder};
use parquet::file::writer::{SerializedPageWriter, SerializedRowGroupWriter, TrackedWrite};
use parquet::schema::types::ColumnDescPtr;

/// Rows of a page.
const PAGE_ROWS: usize = 1 << 14;
/// Differences that share their smallest one...
const BLOCK: usize = 256;
/// ...and of those, the ones that share a width.
const SAME_WIDTH: usize = 64;

/// Writes whole numbers, none of them missing, as the next column of a row group.
///
/// # Errors
/// What writing gave.
pub fn append_numbers<W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    column: &ColumnDescPtr,
    values: &[i64],
) -> Result<()> {
    let mut pages = Pages::default();
    for page in values.chunks(PAGE_ROWS) {
        let mut bytes = Vec::with_capacity(page.len() * 4);
        if column.max_def_level() > 0 {
            all_are_there(&mut bytes, page.len());
        }
        deltas(&mut bytes, page);
        pages.add_data(bytes, page.len(), Encoding::DELTA_BINARY_PACKED)?;
    }
    pages.append_to(
        group,
        column,
        values.len(),
        &[Encoding::DELTA_BINARY_PACKED, Encoding::RLE],
    )
}

/// Writes texts as the next column of a row group: those of `list` that rows name by their `numbers`.
///
/// # Errors
/// What writing gave.
pub fn append_listed<W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    column: &ColumnDescPtr,
    list: &StringArray,
    numbers: &[u32],
) -> Result<()> {
    let (texts, places, count) = only_named(list, numbers);
    let mut pages = Pages::default();
    pages.add_list(texts, count)?;
    let width = (u64::BITS - (count as u64).saturating_sub(1).leading_zeros()).max(1);
    for page in places.chunks(PAGE_ROWS) {
        let mut bytes = Vec::with_capacity(page.len() * 4);
        bytes.push(width.to_le_bytes()[0]);
        let eights = page.len().div_ceil(8);
        variable(&mut bytes, (eights as u64) << 1 | 1);
        let whole_eights = page.iter().copied().chain(std::iter::repeat(0));
        pack(&mut bytes, whole_eights.take(eights * 8), width);
        pages.add_data(bytes, page.len(), Encoding::RLE_DICTIONARY)?;
    }
    pages.append_to(
        group,
        column,
        numbers.len(),
        &[Encoding::PLAIN, Encoding::RLE, Encoding::RLE_DICTIONARY],
    )
}

/// The texts that are named, in the order in which they are first, as Parquet lays them down; which of them each row
/// names; and how many they are.
fn only_named(list: &StringArray, numbers: &[u32]) -> (Vec<u8>, Vec<u64>, usize) {
    let (mut texts, mut count) = (Vec::new(), 0_usize);
    let mut places: Vec<Option<u64>> = vec![None; list.len()];
    let mut place_of = |number: u32| {
        let Some(slot) = places.get_mut(number as usize) else {
            return 0;
        };
        *slot.get_or_insert_with(|| {
            let text = list.value(number as usize);
            texts.extend_from_slice(&u32::try_from(text.len()).unwrap_or(u32::MAX).to_le_bytes());
            texts.extend_from_slice(text.as_bytes());
            count += 1;
            count as u64 - 1
        })
    };
    let rows = numbers.iter().map(|&number| place_of(number)).collect();
    (texts, rows, count)
}

/// The pages of a column chunk, as they will stand in the file.
struct Pages {
    sink: TrackedWrite<Vec<u8>>,
    index: OffsetIndexBuilder,
    list_at: Option<i64>,
    data_at: Option<i64>,
}

impl Default for Pages {
    fn default() -> Self {
        Self {
            sink: TrackedWrite::new(Vec::new()),
            index: OffsetIndexBuilder::new(),
            list_at: None,
            data_at: None,
        }
    }
}

impl Pages {
    fn add_list(&mut self, texts: Vec<u8>, count: usize) -> Result<()> {
        let (at, _) = self.add(Page::DictionaryPage {
            buf: Bytes::from(texts),
            num_values: u32::try_from(count)?,
            encoding: Encoding::PLAIN,
            is_sorted: false,
        })?;
        self.list_at = Some(at);
        Ok(())
    }

    fn add_data(&mut self, bytes: Vec<u8>, rows: usize, encoding: Encoding) -> Result<()> {
        let (at, length) = self.add(Page::DataPage {
            buf: Bytes::from(bytes),
            num_values: u32::try_from(rows)?,
            encoding,
            def_level_encoding: Encoding::RLE,
            rep_level_encoding: Encoding::RLE,
            statistics: None,
        })?;
        self.data_at.get_or_insert(at);
        self.index.append_row_count(i64::try_from(rows)?);
        self.index.append_offset_and_size(at, length);
        Ok(())
    }

    /// Gives where the page stands and how long it is with its head.
    fn add(&mut self, page: Page) -> Result<(i64, i32)> {
        let bytes = page.buffer().len();
        let written =
            SerializedPageWriter::new(&mut self.sink).write_page(CompressedPage::new(page, bytes))?;
        Ok((
            i64::try_from(written.offset)?,
            i32::try_from(written.bytes_written)?,
        ))
    }

    fn append_to<W: Write + Send>(
        self,
        group: &mut SerializedRowGroupWriter<'_, W>,
        column: &ColumnDescPtr,
        rows: usize,
        encodings: &[Encoding],
    ) -> Result<()> {
        let bytes = Bytes::from(self.sink.into_inner()?);
        let length = i64::try_from(bytes.len())?;
        let about = ColumnChunkMetaData::builder(column.clone())
            .set_encodings(encodings.to_vec())
            .set_num_values(i64::try_from(rows)?)
            .set_total_compressed_size(length)
            .set_total_uncompressed_size(length)
            .set_dictionary_page_offset(self.list_at)
            .set_data_page_offset(self.data_at.unwrap_or_default())
            .build()?;
        let close = ColumnCloseResult {
            bytes_written: bytes.len() as u64,
            rows_written: rows as u64,
            metadata: about,
            bloom_filter: None,
            column_index: None,
            offset_index: Some(self.index.build()),
        };
        group.append_column(&bytes, close)
    }
}

/// Says of a column that may lack values that none is missing: one run of ones, behind its length.
fn all_are_there(bytes: &mut Vec<u8>, rows: usize) {
    let mut run = Vec::new();
    variable(&mut run, (rows as u64) << 1);
    run.push(1);
    bytes.extend_from_slice(&u32::try_from(run.len()).unwrap_or_default().to_le_bytes());
    bytes.extend_from_slice(&run);
}

/// Packs the first value and the difference of each to the one before. A block holds its smallest difference, the widths
/// of its parts, and what each difference is above the smallest.
fn deltas(bytes: &mut Vec<u8>, values: &[i64]) {
    variable(bytes, BLOCK as u64);
    variable(bytes, (BLOCK / SAME_WIDTH) as u64);
    variable(bytes, values.len() as u64);
    signed(bytes, values.first().copied().unwrap_or_default());
    let steps = values.iter().zip(values.iter().skip(1));
    let steps: Vec<i64> = steps.map(|(before, value)| value.wrapping_sub(*before)).collect();
    for block in steps.chunks(BLOCK) {
        let least = block.iter().copied().min().unwrap_or_default();
        signed(bytes, least);
        let mut above = [0_u64; BLOCK];
        for (slot, step) in above.iter_mut().zip(block) {
            *slot = step.wrapping_sub(least).cast_unsigned();
        }
        let (parts, _) = above.as_chunks::<SAME_WIDTH>();
        let width =
            |part: &[u64; SAME_WIDTH]| u64::BITS - part.iter().fold(0, |all, one| all | one).leading_zeros();
        bytes.extend(parts.iter().map(|part| width(part).to_le_bytes()[0]));
        for part in parts {
            pack(bytes, part.iter().copied(), width(part));
        }
    }
}

/// Lays values of `width` bits one behind the other, from the lowest bit of the first byte on.
#[inline]
fn pack(bytes: &mut Vec<u8>, values: impl Iterator<Item = u64>, width: u32) {
    let (mut word, mut filled) = (0_u64, 0);
    for value in values {
        word |= value << filled;
        filled += width;
        if filled >= u64::BITS {
            bytes.extend_from_slice(&word.to_le_bytes());
            filled -= u64::BITS;
            word = value.checked_shr(width - filled).unwrap_or_default();
        }
    }
    bytes.extend(word.to_le_bytes().iter().take(filled.div_ceil(8) as usize));
}

/// Seven bits a byte, from the lowest on; the eighth says that more follow.
fn variable(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number.to_le_bytes()[0] | 0x80);
        number >>= 7;
    }
    bytes.push(number.to_le_bytes()[0]);
}

/// A number whose sign stands in its lowest bit, so that small ones are short.
fn signed(bytes: &mut Vec<u8>, number: i64) {
    variable(bytes, (number << 1 ^ number >> 63).cast_unsigned());
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{AsArray, RecordBatch};
    use arrow::datatypes::Int64Type;
    use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
    use parquet::file::properties::WriterProperties;
    use parquet::file::writer::SerializedFileWriter;
    use parquet::schema::parser::parse_message_type;
    use proptest::prelude::*;

    use super::*;

    const SCHEMA: &str =
        "message lines { required int64 here; optional int64 there; required binary text (UTF8); }";

    /// Numbers as they come, small ones, and such as grow.
    fn numbers() -> impl Strategy<Value = Vec<i64>> {
        let kinds = prop_oneof![
            Just((i64::MIN, i64::MAX)),
            Just((-3, 3)),
            Just((7, 7)),
            Just((0, 1 << 40))
        ];
        kinds.prop_flat_map(|(least, most)| proptest::collection::vec(least..=most, 1..700))
    }

    fn written(values: &[i64], list: &StringArray, named: &[u32]) -> Result<Bytes> {
        let schema = Arc::new(parse_message_type(SCHEMA)?);
        let mut writer =
            SerializedFileWriter::new(Vec::new(), schema, Arc::new(WriterProperties::default()))?;
        let columns = writer.schema_descr().columns().to_vec();
        let mut group = writer.next_row_group()?;
        append_numbers(&mut group, &columns[0], values)?;
        append_numbers(&mut group, &columns[1], values)?;
        append_listed(&mut group, &columns[2], list, named)?;
        group.close()?;
        Ok(Bytes::from(writer.into_inner()?))
    }

    fn read_again_as_written(values: &[i64], texts: usize) {
        let list: StringArray = (0..texts).map(|number| Some("x".repeat(number))).collect();
        let named: Vec<u32> = (0..values.len())
            .map(|row| u32::try_from(row * row % texts).unwrap())
            .collect();
        let file = written(values, &list, &named).unwrap();
        let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
        let batches: Vec<RecordBatch> = reader.build().unwrap().map(|batch| batch.unwrap()).collect();
        let mut row = 0;
        for batch in &batches {
            for at in 0..batch.num_rows() {
                assert_eq!(batch.column(0).as_primitive::<Int64Type>().value(at), values[row]);
                assert_eq!(batch.column(1).as_primitive::<Int64Type>().value(at), values[row]);
                assert_eq!(
                    batch.column(2).as_string::<i32>().value(at),
                    list.value(named[row] as usize)
                );
                row += 1;
            }
        }
        assert_eq!(row, values.len());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(100))]
        #[test]
        fn the_library_reads_what_was_packed(values in numbers(), texts in 1_usize..40) {
            read_again_as_written(&values, texts);
        }
    }

    #[test]
    fn a_column_of_several_pages_is_read_as_one() {
        let values: Vec<i64> = (0..40_000).map(|row: i64| row * row % 1_009).collect();
        read_again_as_written(&values, 3);
    }
}
