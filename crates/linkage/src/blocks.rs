//! Which pairs are compared: those that share the key of a pass.
//!
//! Of each pass every record knows the next one of its block, so pairs are found record by record, over all passes together:
//! no list of pairs is ever held, a pair that several passes have is given once, and memory is read in order.

use crate::columns::Columns;
use crate::plan::Plan;
use crate::sorting::by_upper_half;
use crate::table::Table;

/// Pairs that are given together.
const TOGETHER: usize = 256;

/// Says of a record that it is the first of its block. There are fewer records than that.
const FIRST: u32 = 1 << 31;
/// Says of the record after it that it is the last.
const LAST: u32 = 1 << 30;

/// A pair that a pass has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Visited {
    pub(crate) rows: (u32, u32),
    /// Whether no earlier pass has it.
    pub(crate) is_first: bool,
}

/// The blocks of all passes.
#[derive(Debug)]
pub(crate) struct Blocks {
    /// Of each pass row by row the next row of the block, with [`FIRST`] and [`LAST`]; zero where there is none.
    nexts: Vec<Vec<u32>>,
    /// How many pairs each pass has, those of earlier passes included.
    counts: Vec<u64>,
    /// Of two files, the first row of the second.
    between: Option<u32>,
    /// Keys of records that were no keys, because too many records share them.
    pub(crate) crowded: u64,
}

impl Blocks {
    pub(crate) fn of(table: &Table, plan: &Plan) -> Self {
        let mut blocks = Self {
            nexts: Vec::new(),
            counts: Vec::new(),
            between: table
                .between
                .then(|| u32::try_from(table.first_len).unwrap_or(u32::MAX)),
            crowded: 0,
        };
        let columns = Columns::of(table, plan);
        let mut shared = Shared::of(table.len());
        let (mut entries, mut spare) = (Vec::new(), Vec::new());
        for pass in 0..plan.passes.len() {
            let keys = columns.keys(pass);
            shared.find(&keys);
            entries.clear();
            let rows = (0_u64..).zip(&keys);
            entries.extend(
                rows.filter(|(_, key)| shared.has(**key))
                    .map(|(row, key)| u64::from(*key) << 32 | row),
            );
            by_upper_half(&mut entries, &mut spare);
            // Its memory serves again.
            let mut nexts = keys;
            nexts.fill(0);
            blocks.add(&entries, nexts, plan.settings.block_max);
        }
        blocks
    }

    /// Takes in a pass, given its keys with their rows, in order.
    fn add(&mut self, entries: &[u64], mut nexts: Vec<u32>, most: usize) {
        let mut count = 0;
        for block in entries.chunk_by(|a, b| a >> 32 == b >> 32) {
            if block.len() > most {
                self.crowded += block.len() as u64;
                continue;
            }
            let rows = block.iter().map(|entry| *entry as u32);
            let pairs = rows.clone().zip(rows.clone().skip(1));
            for (place, (row, next)) in pairs.enumerate() {
                let first = if place == 0 { FIRST } else { 0 };
                let last = if place + 2 == block.len() { LAST } else { 0 };
                if let Some(slot) = nexts.get_mut(row as usize) {
                    *slot = next | first | last;
                }
            }
            let len = block.len() as u64;
            count += match self.between {
                Some(second) => {
                    let left = rows.take_while(|row| *row < second).count() as u64;
                    left * (len - left)
                }
                None => len * (len - 1) / 2,
            };
        }
        self.nexts.push(nexts);
        self.counts.push(count);
    }

    /// How many pairs a pass has, those of earlier passes included.
    pub(crate) fn count(&self, pass: usize) -> u64 {
        self.counts.get(pass).copied().unwrap_or(0)
    }

    /// Gives every pair of any pass once, many together.
    pub(crate) fn each(&self, mut seen: impl FnMut(&[(u32, u32)])) {
        let mut pairs = Vec::with_capacity(TOGETHER);
        let mut others = Vec::new();
        let rows = self.nexts.first().map_or(0, Vec::len);
        for row in (0_u32..).take(rows) {
            others.clear();
            for nexts in &self.nexts {
                others.extend(self.partners(nexts, row));
            }
            if others.len() > 1 {
                others.sort_unstable();
                others.dedup();
            }
            for other in &others {
                pairs.push((row, *other));
                if pairs.len() == TOGETHER {
                    seen(&pairs);
                    pairs.clear();
                }
            }
        }
        seen(&pairs);
    }

    /// Visits the pairs of about every `nth` block of a pass, many together.
    pub(crate) fn sample(&self, pass: usize, nth: u32, mut seen: impl FnMut(&[Visited])) {
        let Some(nexts) = self.nexts.get(pass) else {
            return;
        };
        let mut pairs = Vec::with_capacity(TOGETHER);
        for (row, next) in (0_u32..).zip(nexts) {
            if next & FIRST == 0 || nth > 1 && row.wrapping_mul(0x9e37_79b9).rotate_left(13) % nth != 0 {
                continue;
            }
            for left in std::iter::once(row).chain(chain(nexts, row)) {
                for right in self.partners(nexts, left) {
                    let mut earlier = self.nexts.iter().take(pass);
                    pairs.push(Visited {
                        rows: (left, right),
                        is_first: !earlier.any(|nexts| chain(nexts, left).any(|row| row == right)),
                    });
                    if pairs.len() == TOGETHER {
                        seen(&pairs);
                        pairs.clear();
                    }
                }
            }
        }
        seen(&pairs);
    }

    /// The rows behind this one in its block that it is compared with.
    fn partners<'n>(&self, nexts: &'n [u32], row: u32) -> impl Iterator<Item = u32> + use<'n> {
        let second = self.between.unwrap_or(0);
        let is_left = self.between.is_none_or(|second| row < second);
        chain(nexts, row).filter(move |other| is_left && *other >= second)
    }
}

/// The rows behind this one in its block, in order.
fn chain(nexts: &[u32], row: u32) -> impl Iterator<Item = u32> {
    let mut next = nexts.get(row as usize).copied().unwrap_or(0);
    std::iter::from_fn(move || {
        let row = next & !(FIRST | LAST);
        if row == 0 {
            return None;
        }
        next = if next & LAST == 0 {
            nexts.get(row as usize).copied().unwrap_or(0)
        } else {
            0
        };
        Some(row)
    })
}

/// Which keys more than one record may have: two bits for each of many groups of keys, seen once and seen again. Most keys
/// are of one record only, and go no further.
struct Shared {
    words: Vec<u64>,
    shift: u32,
}

impl Shared {
    fn of(rows: usize) -> Self {
        let bits = (rows * 4).max(32).ilog2() + 1;
        Self {
            words: vec![0; 1 << (bits - 5)],
            shift: 32 - bits.min(32),
        }
    }

    fn place(&self, key: u32) -> (usize, u32) {
        let group = key >> self.shift;
        ((group >> 5) as usize, group % 32 * 2)
    }

    fn find(&mut self, keys: &[u32]) {
        self.words.fill(0);
        for key in keys.iter().filter(|key| **key > 0) {
            let (word, bit) = self.place(*key);
            if let Some(word) = self.words.get_mut(word) {
                *word |= (1 | (*word >> bit & 1) << 1) << bit;
            }
        }
    }

    fn has(&self, key: u32) -> bool {
        let (word, bit) = self.place(key);
        key > 0 && self.words.get(word).is_some_and(|word| word >> bit & 2 != 0)
    }
}
