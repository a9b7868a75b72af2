//! Which pairs are compared: those that share the key of a pass. Blocks are visited one at a time, so no list of pairs is
//! ever held; a pair that several passes find is given by the first of them.

use crate::keys::joined;
use crate::plan::Plan;
use crate::table::Table;

/// The keys of all passes and the rows in their order.
#[derive(Debug)]
pub(crate) struct Blocks {
    /// Of each pass the key of each row; zero is none.
    keys: Vec<Vec<u32>>,
    /// Of each pass the rows that have a key, by key and row.
    orders: Vec<Vec<u32>>,
    between: Option<u32>,
    /// Keys of records that were no keys, because too many records share them.
    pub(crate) crowded: u64,
}

impl Blocks {
    pub(crate) fn of(table: &Table, plan: &Plan) -> Self {
        let rows = u32::try_from(table.len()).unwrap_or(u32::MAX);
        let between = table
            .between
            .then(|| u32::try_from(table.first_len).unwrap_or(u32::MAX));
        let mut blocks = Self {
            keys: Vec::new(),
            orders: Vec::new(),
            between,
            crowded: 0,
        };
        for pass in &plan.passes {
            let hashes: Vec<Vec<Vec<u64>>> = pass
                .parts
                .iter()
                .map(|part| {
                    part.fields
                        .iter()
                        .map(|field| {
                            table
                                .pools
                                .get(*field)
                                .map_or(Vec::new(), |pool| part.cut.hashes(pool))
                        })
                        .collect()
                })
                .collect();
            let of_row = |row: u32| {
                let cells = table.cells(row);
                joined(pass.parts.iter().zip(&hashes).map(|(part, hashes)| {
                    let mut lists = hashes.iter();
                    part.of(|field| {
                        let number = cells.get(field).copied().unwrap_or(0) as usize;
                        lists
                            .next()
                            .and_then(|list| list.get(number))
                            .copied()
                            .unwrap_or(0)
                    })
                }))
            };
            blocks.add((0..rows).map(of_row).collect(), plan.settings.block_max);
        }
        blocks
    }

    fn add(&mut self, mut keys: Vec<u32>, most: usize) {
        let mut order: Vec<u64> = (0_u64..)
            .zip(&keys)
            .filter(|(_, key)| **key > 0)
            .map(|(row, key)| u64::from(*key) << 32 | row)
            .collect();
        order.sort_unstable();
        let mut kept = Vec::with_capacity(order.len());
        for block in order.chunk_by(|a, b| a >> 32 == b >> 32) {
            let rows = block.iter().map(|entry| (entry & u64::from(u32::MAX)) as u32);
            if block.len() <= most {
                kept.extend(rows);
                continue;
            }
            self.crowded += block.len() as u64;
            for row in rows {
                if let Some(key) = keys.get_mut(row as usize) {
                    *key = 0;
                }
            }
        }
        self.keys.push(keys);
        self.orders.push(kept);
    }

    fn key(&self, pass: usize, row: u32) -> u32 {
        self.keys
            .get(pass)
            .and_then(|keys| keys.get(row as usize))
            .copied()
            .unwrap_or(0)
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

    /// Visits the pairs of every `nth` block of a pass; `is_first` says that no earlier pass has the pair.
    pub(crate) fn visit(&self, pass: usize, nth: u32, mut seen: impl FnMut(u32, u32, bool)) {
        for block in self.blocks(pass) {
            let key = block.first().map_or(0, |row| self.key(pass, *row));
            if block.len() < 2 || nth > 1 && key.wrapping_mul(0x9e37_79b9).rotate_left(13) % nth != 0 {
                continue;
            }
            let (left, right) = self.split(block);
            for (place, one) in left.iter().enumerate() {
                let others = right.unwrap_or_else(|| left.get(place + 1..).unwrap_or_default());
                for other in others {
                    let is_first = (0..pass).all(|earlier| {
                        let key = self.key(earlier, *one);
                        key == 0 || key != self.key(earlier, *other)
                    });
                    seen(*one, *other, is_first);
                }
            }
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
