//! Which pairs are compared: those that share the key of a pass. Blocks are visited one at a time, so no list of pairs is
//! ever held; a pair that several passes find is given by the first of them.

use crate::keys::{Cut, Part, joined, part_of};
use crate::plan::{Plan, Slot};
use crate::pool::Pool;
use crate::sorting::by_upper_half;
use crate::table::{Record, Table, code};

/// Pairs that are visited together.
const TOGETHER: usize = 256;

/// A pair that a pass has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Visited {
    pub(crate) rows: (u32, u32),
    /// Whether no earlier pass has it.
    pub(crate) is_first: bool,
}

/// The keys of all passes and the rows in their order.
#[derive(Debug)]
pub(crate) struct Blocks {
    passes: usize,
    /// Row by row the key of each pass; zero is none.
    keys: Vec<u32>,
    /// Of each pass the rows whose key enough rows have, by key and row.
    orders: Vec<Vec<u32>>,
    between: Option<u32>,
    /// Keys of records that were no keys, because too many records share them.
    pub(crate) crowded: u64,
}

impl Blocks {
    /// The blocks of at least so many rows.
    pub(crate) fn of(table: &Table, plan: &Plan, least: usize) -> Self {
        let passes = plan.passes.len();
        let mut blocks = Self {
            passes,
            keys: keys(table, plan),
            orders: Vec::new(),
            between: table
                .between
                .then(|| u32::try_from(table.first_len).unwrap_or(u32::MAX)),
            crowded: 0,
        };
        let (mut entries, mut spare) = (Vec::with_capacity(table.len()), Vec::new());
        for pass in 0..passes {
            entries.clear();
            entries.extend(
                (0_u64..)
                    .zip(blocks.keys.iter().skip(pass).step_by(passes))
                    .filter(|(_, key)| **key > 0)
                    .map(|(row, key)| u64::from(*key) << 32 | row),
            );
            by_upper_half(&mut entries, &mut spare);
            blocks.add(pass, &entries, least..=plan.settings.block_max);
        }
        blocks
    }

    /// Takes in a pass, given its keys with their rows, in order.
    fn add(&mut self, pass: usize, entries: &[u64], sizes: std::ops::RangeInclusive<usize>) {
        let mut kept = Vec::new();
        for block in entries.chunk_by(|a, b| a >> 32 == b >> 32) {
            let rows = block.iter().map(|entry| *entry as u32);
            if sizes.contains(&block.len()) {
                kept.extend(rows);
            } else if block.len() > *sizes.end() {
                self.crowded += block.len() as u64;
                for row in rows {
                    if let Some(key) = self.keys.get_mut(row as usize * self.passes + pass) {
                        *key = 0;
                    }
                }
            }
        }
        kept.shrink_to_fit();
        self.orders.push(kept);
    }

    /// The keys of a row, pass by pass.
    fn keys(&self, row: u32) -> &[u32] {
        let start = row as usize * self.passes;
        self.keys.get(start..start + self.passes).unwrap_or_default()
    }

    fn key(&self, pass: usize, row: u32) -> u32 {
        self.keys(row).get(pass).copied().unwrap_or(0)
    }

    /// How many pairs a pass has, those of earlier passes included.
    pub(crate) fn count(&self, pass: usize) -> u64 {
        self.blocks(pass)
            .map(|block| self.split(block))
            .map(|(left, right)| match right {
                Some(right) => left.len() as u64 * right.len() as u64,
                None => left.len() as u64 * (left.len() as u64 - 1) / 2,
            })
            .sum()
    }

    fn blocks(&self, pass: usize) -> impl Iterator<Item = &[u32]> {
        let order = self.orders.get(pass).map_or(&[][..], Vec::as_slice);
        order.chunk_by(move |a, b| self.key(pass, *a) == self.key(pass, *b))
    }

    /// The rows of a block by file.
    fn split<'b>(&self, block: &'b [u32]) -> (&'b [u32], Option<&'b [u32]>) {
        match self.between {
            Some(first) => {
                let (left, right) = block.split_at(block.partition_point(|row| *row < first));
                (left, Some(right))
            }
            None => (block, None),
        }
    }

    /// Visits the pairs of every `nth` block of a pass, many together.
    pub(crate) fn visit(&self, pass: usize, nth: u32, mut seen: impl FnMut(&[Visited])) {
        let mut pairs = Vec::with_capacity(TOGETHER);
        for block in self.blocks(pass) {
            let key = block.first().map_or(0, |row| self.key(pass, *row));
            if block.len() < 2 || nth > 1 && key.wrapping_mul(0x9e37_79b9).rotate_left(13) % nth != 0 {
                continue;
            }
            let (left, right) = self.split(block);
            for (place, one) in left.iter().enumerate() {
                let others = right.unwrap_or_else(|| left.get(place + 1..).unwrap_or_default());
                for other in others {
                    pairs.push(Visited {
                        rows: (*one, *other),
                        is_first: true,
                    });
                    if pairs.len() == TOGETHER {
                        self.find_first(pass, &mut pairs);
                        seen(&pairs);
                        pairs.clear();
                    }
                }
            }
        }
        self.find_first(pass, &mut pairs);
        seen(&pairs);
    }

    /// Finds the pairs that no earlier pass has.
    #[expect(
        clippy::needless_bitwise_bool,
        reason = "a branch would wait for the keys of each pair, which are in no cache"
    )]
    fn find_first(&self, pass: usize, pairs: &mut [Visited]) {
        for pair in pairs {
            let (left, right) = (self.keys(pair.rows.0), self.keys(pair.rows.1));
            let earlier = left.iter().zip(right).take(pass);
            let shared = earlier
                .filter(|(key, other)| (**key != 0) & (key == other))
                .count();
            pair.is_first = shared == 0;
        }
    }

    pub(crate) fn passes(&self) -> usize {
        self.orders.len()
    }

    /// The rows with this key.
    pub(crate) fn rows(&self, pass: usize, key: u32) -> &[u32] {
        let order = self.orders.get(pass).map_or(&[][..], Vec::as_slice);
        let start = order.partition_point(|row| self.key(pass, *row) < key);
        let len = order.get(start..).map_or(0, |rest| {
            rest.iter().take_while(|row| self.key(pass, **row) == key).count()
        });
        order.get(start..start + len).unwrap_or_default()
    }
}

/// What a pass takes of a field.
struct Taken<'t> {
    field: usize,
    slot: Slot,
    cut: Cut,
    /// Of a field of texts the hash of each.
    hashes: Option<&'t [u32]>,
}

impl Taken<'_> {
    fn hash(&self, table: &Table, record: Record<'_>, taken: &mut String) -> u32 {
        let cell = record.cell(self.slot);
        if cell == 0 {
            return 0;
        }
        if let Some(hashes) = self.hashes {
            return hashes.get(cell as usize).copied().unwrap_or(0);
        }
        match code(self.slot, cell) {
            Some(code) => self.cut.hash_of_code(code, taken),
            None => self.cut.hash(table.value(self.field, record).as_str(), taken),
        }
    }
}

/// Row by row the key of each pass.
fn keys(table: &Table, plan: &Plan) -> Vec<u32> {
    let parts = || plan.passes.iter().flat_map(|pass| &pass.parts);
    let mut wanted: Vec<(usize, Cut)> = parts()
        .flat_map(|part| part.fields.iter().map(|field| (*field, part.cut)))
        .filter(|(field, _)| matches!(table.slot(*field), Slot::Text(_)))
        .collect();
    wanted.sort_unstable();
    wanted.dedup();
    let mut room = String::new();
    let mut lists = Vec::new();
    for (field, cut) in &wanted {
        let values = table.pools.get(*field).into_iter().flat_map(Pool::values);
        lists.push(
            values
                .map(|value| cut.hash(value, &mut room))
                .collect::<Vec<u32>>(),
        );
    }
    let taken = |field: usize, cut: Cut| Taken {
        field,
        slot: table.slot(field),
        cut,
        hashes: wanted
            .binary_search(&(field, cut))
            .ok()
            .and_then(|place| lists.get(place))
            .map(Vec::as_slice),
    };
    let passes: Vec<Vec<Vec<Taken<'_>>>> = plan
        .passes
        .iter()
        .map(|pass| {
            let of = |part: &Part| part.fields.iter().map(|field| taken(*field, part.cut)).collect();
            pass.parts.iter().map(of).collect()
        })
        .collect();
    let mut keys = Vec::with_capacity(table.len() * passes.len());
    for record in table.rows.iter().map(Record) {
        for parts in &passes {
            keys.push(joined(parts.iter().map(|fields| {
                part_of(fields.iter().map(|taken| taken.hash(table, record, &mut room)))
            })));
        }
    }
    keys
}
