//! Records as rows of small numbers: a text by its number among the distinct ones, a code as it is.
//!
//! Rows stand in pieces, so that a table that grows is never copied, and in the order of their ids.

use crate::codes::Written;
use crate::plan::{Comparison, Plan, Slot};
use crate::pool::Pool;

/// Rows of a piece.
const PIECE: usize = 1 << 14;
/// Says of the value of a code's field that it is none, but the number of a text.
const IS_TEXT: u64 = 1 << 63;

/// The records of one file, or of two.
#[derive(Debug)]
pub struct Table {
    pub(crate) ids: Pool,
    /// Rows of the first file.
    pub(crate) first_len: usize,
    pub(crate) rows: Rows,
    pub(crate) slots: Vec<Slot>,
    pub(crate) pools: Vec<Pool>,
    /// Whether the file given second stands first.
    pub(crate) turned: bool,
    /// Of two files.
    pub(crate) between: bool,
}

impl Table {
    /// How many records there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The id of a record.
    pub fn id(&self, row: u32) -> &str {
        self.ids.get(row + 1)
    }

    #[inline]
    pub(crate) fn record(&self, row: u32) -> Record<'_> {
        Record(self.rows.get(row as usize))
    }

    /// The slot of a field.
    #[inline]
    pub(crate) fn slot(&self, field: usize) -> Slot {
        self.slots.get(field).copied().unwrap_or(Slot::Text(usize::MAX))
    }

    /// The value of a record's field; empty where it is missing.
    pub(crate) fn value(&self, field: usize, record: Record<'_>) -> Value<'_> {
        let slot = self.slot(field);
        let cell = record.cell(slot);
        match code(slot, cell) {
            Some(code) => Value::Code(Written::of(code)),
            None => Value::Text(self.pools.get(field).map_or("", |pool| pool.get(cell as u32))),
        }
    }

    /// What a comparison looks at: a record's value and its partner.
    pub(crate) fn values(&self, comparison: &Comparison, record: Record<'_>) -> [Value<'_>; 2] {
        let partner = comparison.partner.map(|field| self.value(field, record));
        [
            self.value(comparison.field, record),
            partner.unwrap_or(Value::Text("")),
        ]
    }

    /// How often each value of a field of texts stands in the table.
    pub(crate) fn counts(&self, field: usize) -> Vec<u32> {
        let mut counts = vec![0_u32; self.pools.get(field).map_or(0, Pool::len)];
        let slot = self.slot(field);
        for row in self.rows.iter() {
            if let Some(count) = counts.get_mut(Record(row).cell(slot) as usize) {
                *count += 1;
            }
        }
        counts
    }

    /// Pairs of records that there are.
    pub(crate) fn pairs(&self) -> f64 {
        let (rows, first) = (self.len() as f64, self.first_len as f64);
        if self.between {
            first * (rows - first)
        } else {
            rows * (rows - 1.0) / 2.0
        }
    }
}

/// The code that a cell holds, if it is one.
#[inline]
pub(crate) fn code(slot: Slot, cell: u64) -> Option<u64> {
    (matches!(slot, Slot::Code(_)) && cell & IS_TEXT == 0 && cell > 0).then_some(cell)
}

/// The numbers of a record.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Record<'a>(pub(crate) &'a [u32]);

impl Record<'_> {
    /// What stands in a slot: equal for equal values, zero where the value is missing.
    #[inline]
    pub(crate) fn cell(self, slot: Slot) -> u64 {
        let number = |at: usize| u64::from(self.0.get(at).copied().unwrap_or(0));
        match slot {
            Slot::Text(at) => number(at),
            Slot::Code(at) => number(at) | number(at + 1) << 32,
        }
    }
}

/// A value, of a code written out.
#[derive(Debug)]
pub(crate) enum Value<'a> {
    Text(&'a str),
    Code(Written),
}

impl Value<'_> {
    pub(crate) fn as_str(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Code(written) => written.as_str(),
        }
    }
}

/// Rows of as many numbers each.
#[derive(Debug)]
pub(crate) struct Rows {
    width: usize,
    len: usize,
    pieces: Vec<Vec<u32>>,
}

impl Rows {
    pub(crate) fn of(plan: &Plan) -> Self {
        Self {
            width: plan.width,
            len: 0,
            pieces: Vec::new(),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    #[inline]
    pub(crate) fn get(&self, row: usize) -> &[u32] {
        let start = row % PIECE * self.width;
        let piece = self.pieces.get(row / PIECE).map_or(&[][..], Vec::as_slice);
        piece.get(start..start + self.width).unwrap_or_default()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &[u32]> {
        self.pieces
            .iter()
            .flat_map(|piece| piece.chunks_exact(self.width.max(1)))
    }

    /// Adds a row in which every value is missing.
    pub(crate) fn add(&mut self) {
        if self.len.is_multiple_of(PIECE) {
            self.pieces.push(Vec::with_capacity(PIECE * self.width));
        }
        if let Some(piece) = self.pieces.last_mut() {
            piece.resize(piece.len() + self.width, 0);
        }
        self.len += 1;
    }

    pub(crate) fn push(&mut self, row: &[u32]) {
        self.add();
        self.write(self.len - 1, row, 0);
    }

    /// Writes the code of a row, or the number of a text in its place.
    pub(crate) fn put(&mut self, row: usize, slot: Slot, value: Cell) {
        match (slot, value) {
            (Slot::Text(at), Cell::Text(number)) => self.write(row, &[number], at),
            (Slot::Code(at), Cell::Code(code)) => self.write(row, &[code as u32, (code >> 32) as u32], at),
            (Slot::Code(at), Cell::Text(number)) => self.write(row, &[number, (IS_TEXT >> 32) as u32], at),
            (Slot::Text(_), Cell::Code(_)) => {}
        }
    }

    fn write(&mut self, row: usize, numbers: &[u32], at: usize) {
        let start = row % PIECE * self.width + at;
        let piece = self.pieces.get_mut(row / PIECE);
        if let Some(into) = piece.and_then(|piece| piece.get_mut(start..start + numbers.len())) {
            into.copy_from_slice(numbers);
        }
    }
}

/// What is put into a slot.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Cell {
    /// The number of a text.
    Text(u32),
    /// A code.
    Code(u64),
}
