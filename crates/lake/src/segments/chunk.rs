//! Rows on their way into a segment, column by column, sorted by place and day when the chunk is full.

use arrow::array::{BooleanArray, Date32Array, Int32Array, Int64Array, StringArray, UInt32Array};
use arrow::buffer::{BooleanBuffer, Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};

use super::batch::LineBatch;

/// Rows of a chunk, and so of a row group.
pub const CHUNK_ROWS: usize = 1 << 16;

/// One order line, ready for the lake.
#[derive(Debug, Clone, Copy)]
pub struct Line<'a> {
    /// Order number, empty for a daily summary.
    pub order_no: &'a [u8],
    /// Line number within the order, where the channel gives one.
    pub line_no: Option<i64>,
    /// Days since 1970-01-01.
    pub epoch_days: i32,
    /// County.
    pub place: i32,
    /// Number of the product in the import's list of products.
    pub product: u32,
    /// Thousandths of the channel's unit.
    pub quantity_milli: i64,
    /// Hundredths of the currency, signed.
    pub amount_fen: i64,
    /// Whether it takes an earlier line back.
    pub cancelled: bool,
    /// Line of the file.
    pub source_line: u64,
}

/// Room that [`lay`] wants behind the last text.
pub(super) const BLOCK: usize = 32;

/// Up to `CHUNK_ROWS` lines.
#[derive(Debug, Default)]
pub struct Chunk {
    order_bytes: Vec<u8>,
    order_ends: Vec<u32>,
    line_no: Vec<i64>,
    is_numbered: Vec<bool>,
    day: Vec<i32>,
    place: Vec<i32>,
    product: Vec<u32>,
    quantity_milli: Vec<i64>,
    amount_fen: Vec<i64>,
    cancelled: Vec<bool>,
    source_line: Vec<i64>,
}

impl Chunk {
    /// Adds a line.
    pub fn push(&mut self, line: &Line<'_>) {
        self.order_bytes.extend_from_slice(line.order_no);
        self.order_ends
            .push(u32::try_from(self.order_bytes.len()).unwrap_or(u32::MAX));
        self.line_no.push(line.line_no.unwrap_or_default());
        self.is_numbered.push(line.line_no.is_some());
        self.day.push(line.epoch_days);
        self.place.push(line.place);
        self.product.push(line.product);
        self.quantity_milli.push(line.quantity_milli);
        self.amount_fen.push(line.amount_fen);
        self.cancelled.push(line.cancelled);
        self.source_line.push(line.source_line.cast_signed());
    }

    /// How many lines it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.day.len()
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.day.is_empty()
    }

    /// Whether it is to be written: rows enough, or order numbers so long that their bytes are many.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.len() >= CHUNK_ROWS || self.order_bytes.len() >= CHUNK_ROWS * 64
    }

    /// Takes all lines away and keeps the memory for the next ones.
    pub fn clear(&mut self) {
        self.order_bytes.clear();
        self.order_ends.clear();
        self.line_no.clear();
        self.is_numbered.clear();
        self.day.clear();
        self.place.clear();
        self.product.clear();
        self.quantity_milli.clear();
        self.amount_fen.clear();
        self.cancelled.clear();
        self.source_line.clear();
    }

    /// The lines as arrays, sorted by place, then day; equal ones stay in the order of the file.
    #[must_use]
    pub fn to_batch(&self) -> LineBatch {
        let (order, place, day) = self.sorted();
        let all_numbered = !self.is_numbered.contains(&false);
        let line_nulls = (!all_numbered).then(|| NullBuffer::new(gather_bits(&self.is_numbered, &order)));
        LineBatch {
            order_no: self.orders_in(&order),
            line_no: Int64Array::new(gather(&self.line_no, &order).into(), line_nulls),
            month: Int32Array::from(months_of(&day)),
            day: Date32Array::from(day),
            place: Int32Array::from(place),
            product: UInt32Array::from(gather(&self.product, &order)),
            quantity_milli: Int64Array::from(gather(&self.quantity_milli, &order)),
            amount_fen: Int64Array::from(gather(&self.amount_fen, &order)),
            cancelled: BooleanArray::new(gather_bits(&self.cancelled, &order), None),
            source_line: Int64Array::from(gather(&self.source_line, &order)),
        }
    }

    /// The rows in the order of place and day, with both. Place, day and row of a line are one whole number, which is sorted
    /// quicker than three: as many bits as the places and days of the chunk need, then 28 of row. Rows come in their order,
    /// so only the bits above them are sorted, by deals of up to twelve bits.
    fn sorted(&self) -> (Vec<u32>, Vec<i32>, Vec<i32>) {
        let (first_place, place_bits) = span_of(&self.place);
        let (first_day, day_bits) = span_of(&self.day);
        let above = |value: i32, first: i32| u64::from(value.wrapping_sub(first).cast_unsigned());
        let day_shift = ROW_BITS;
        let place_shift = ROW_BITS + day_bits;
        let places = self.place.iter().map(|&place| above(place, first_place));
        let days = self.day.iter().map(|&day| above(day, first_day));
        let mut keys: Vec<u64> = places
            .zip(days)
            .zip(0_u64..)
            .map(|((place, day), row)| place << place_shift | day << day_shift | row)
            .collect();
        let mut dealt = vec![0; keys.len()];
        let passes = (place_bits + day_bits).div_ceil(DEAL_BITS);
        for shift in (0..passes).map(|pass| ROW_BITS + pass * DEAL_BITS) {
            deal(&keys, &mut dealt, shift);
            std::mem::swap(&mut keys, &mut dealt);
        }
        #[expect(clippy::cast_possible_truncation, reason = "a part is of 32 bits at the most")]
        let part = |shift: u32, bits: u32, first: i32| {
            let mask = (1_u64 << bits) - 1;
            let value = move |key: &u64| first.wrapping_add((key >> shift & mask) as i32);
            keys.iter().map(value).collect()
        };
        let rows = keys.iter().map(|key| (key & ((1 << ROW_BITS) - 1)) as u32);
        (
            rows.collect(),
            part(place_shift, place_bits, first_place),
            part(day_shift, day_bits, first_day),
        )
    }

    fn orders_in(&self, order: &[u32]) -> StringArray {
        let mut bytes = vec![0; self.order_bytes.len() + BLOCK];
        let mut filled = 0;
        let mut offsets = Vec::with_capacity(order.len() + 1);
        offsets.push(0_i32);
        for &row in order {
            let row = row as usize;
            let start = row
                .checked_sub(1)
                .and_then(|before| self.order_ends.get(before))
                .map_or(0, |&end| end as usize);
            let end = self.order_ends.get(row).map_or(start, |&end| end as usize);
            let source = self.order_bytes.get(start..).unwrap_or_default();
            filled = lay(&mut bytes, filled, source, end - start);
            offsets.push(i32::try_from(filled).unwrap_or(i32::MAX));
        }
        bytes.truncate(filled);
        let offsets = OffsetBuffer::new(ScalarBuffer::from(offsets));
        // The bytes were checked as UTF-8 when the file was decoded, and fields are cut at ASCII delimiters.
        StringArray::try_new(offsets, Buffer::from_vec(bytes), None)
            .unwrap_or_else(|_| StringArray::new_null(order.len()))
    }
}

/// Lays the first `length` bytes of `source` into `target` behind the `filled` ones; gives how many are filled then. A short
/// text is copied as a whole block, which costs no call: what is too much of it is overwritten by the next.
#[inline]
pub(super) fn lay(target: &mut [u8], filled: usize, source: &[u8], length: usize) -> usize {
    let slots = target.get_mut(filled..).unwrap_or_default();
    if let (Some(block), Some(slot), 0..=BLOCK) = (
        source.first_chunk::<BLOCK>(),
        slots.first_chunk_mut::<BLOCK>(),
        length,
    ) {
        *slot = *block;
    } else if let (Some(text), Some(slot)) = (source.get(..length), slots.get_mut(..length)) {
        slot.copy_from_slice(text);
    }
    filled + length
}

/// Bits of a row within its chunk.
const ROW_BITS: u32 = 28;
/// Bits that keys are dealt by at once.
const DEAL_BITS: u32 = 12;

/// The least of the values, and how many bits what lies above it needs.
fn span_of(values: &[i32]) -> (i32, u32) {
    let (first, last) = (values.iter().min(), values.iter().max());
    let (first, last) = (first.copied().unwrap_or(0), last.copied().unwrap_or(0));
    (first, u32::BITS - last.wrapping_sub(first).leading_zeros())
}

/// Lays keys out in the order of the twelve bits from `shift` on; those alike in them stay in their order.
fn deal(keys: &[u64], dealt: &mut [u64], shift: u32) {
    let heap = |key: u64| (key >> shift & 0xfff) as usize;
    let mut next = [0_u32; 0x1000];
    for &key in keys {
        if let Some(count) = next.get_mut(heap(key)) {
            *count += 1;
        }
    }
    let mut before = 0;
    for start in &mut next {
        before += std::mem::replace(start, before);
    }
    for &key in keys {
        if let Some(at) = next.get_mut(heap(key)) {
            if let Some(slot) = dealt.get_mut(*at as usize) {
                *slot = key;
            }
            *at += 1;
        }
    }
}

/// The months of sorted days: the calendar is asked once for each run of one day.
fn months_of(days: &[i32]) -> Vec<i32> {
    let mut months = Vec::with_capacity(days.len());
    for run in days.chunk_by(|a, b| a == b) {
        let month = run.first().map_or(0, |&day| crate::days::month(day));
        months.resize(months.len() + run.len(), month);
    }
    months
}

fn gather<T: Copy + Default>(values: &[T], order: &[u32]) -> Vec<T> {
    order
        .iter()
        .map(|&row| values.get(row as usize).copied().unwrap_or_default())
        .collect()
}

fn gather_bits(values: &[bool], order: &[u32]) -> BooleanBuffer {
    let value = |at: usize| order.get(at).and_then(|&row| values.get(row as usize));
    BooleanBuffer::collect_bool(order.len(), |at| value(at).copied().unwrap_or_default())
}
