//! Records in columns of interned values: each distinct value is kept once, a record is a row of small numbers.
//!
//! Rows are put in the order of their ids, and of two files the one with the smaller ids goes first, so that neither the
//! order of rows nor of files changes anything that follows.

use hashbrown::HashTable;
use kernel::{Fault, Refusal};
use xxhash_rust::xxh3::xxh3_64;

use crate::plan::Plan;

/// Rows of both files together.
const ROWS_MAX: usize = 50_000_000;
/// The longest value, in bytes.
pub const VALUE_MAX: usize = 4096;

/// Distinct values of a field by number; number 0 is the missing value.
#[derive(Debug)]
pub(crate) struct Pool {
    text: String,
    ends: Vec<u32>,
}

impl Pool {
    fn new() -> Self {
        Self {
            text: String::new(),
            ends: vec![0],
        }
    }

    pub(crate) fn get(&self, number: u32) -> &str {
        let number = number as usize;
        let end = self.ends.get(number).copied().unwrap_or(0) as usize;
        let start = number
            .checked_sub(1)
            .and_then(|before| self.ends.get(before))
            .copied()
            .unwrap_or(0) as usize;
        self.text.get(start..end).unwrap_or_default()
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &str> {
        (0..).take(self.ends.len()).map(|number| self.get(number))
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// None where four gigabytes are full.
    fn push(&mut self, value: &str) -> Option<u32> {
        self.text.push_str(value);
        self.ends.push(u32::try_from(self.text.len()).ok()?);
        u32::try_from(self.ends.len() - 1).ok()
    }
}

/// The records of one file, or of two.
#[derive(Debug)]
pub struct Table {
    ids: Pool,
    /// Rows of the first file.
    pub(crate) first_len: usize,
    rows: usize,
    width: usize,
    cells: Vec<u32>,
    pub(crate) pools: Vec<Pool>,
    /// Whether the file given second stands first.
    pub(crate) turned: bool,
    /// Of two files.
    pub(crate) between: bool,
}

impl Table {
    /// How many records there are.
    pub fn len(&self) -> usize {
        self.rows
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// The id of a record.
    pub fn id(&self, row: u32) -> &str {
        self.ids.get(row + 1)
    }

    pub(crate) fn cells(&self, row: u32) -> &[u32] {
        let start = row as usize * self.width;
        self.cells.get(start..start + self.width).unwrap_or_default()
    }

    /// The value of a field; empty where it is missing.
    pub(crate) fn value(&self, field: usize, number: u32) -> &str {
        self.pools.get(field).map_or("", |pool| pool.get(number))
    }

    /// How often each value of a field stands in the table.
    pub(crate) fn counts(&self, field: usize) -> Vec<u32> {
        let mut counts = vec![0_u32; self.pools.get(field).map_or(0, Pool::len)];
        for number in self.cells.iter().skip(field).step_by(self.width.max(1)) {
            if let Some(count) = counts.get_mut(*number as usize) {
                *count += 1;
            }
        }
        counts
    }

    /// Pairs of records that there are.
    pub(crate) fn pairs(&self) -> f64 {
        let (rows, first) = (self.rows as f64, self.first_len as f64);
        if self.between {
            first * (rows - first)
        } else {
            rows * (rows - 1.0) / 2.0
        }
    }
}

/// Takes rows in and makes a [`Table`] of them.
#[derive(Debug)]
pub struct Loader<'a> {
    plan: &'a Plan,
    pools: Vec<Pool>,
    known: Vec<HashTable<(u32, u32)>>,
    files: Vec<File>,
    written: String,
}

#[derive(Debug)]
struct File {
    ids: Pool,
    cells: Vec<u32>,
}

impl<'a> Loader<'a> {
    /// A loader for the files of a plan.
    pub fn new(plan: &'a Plan) -> Self {
        Self {
            plan,
            pools: plan.fields.iter().map(|_| Pool::new()).collect(),
            known: plan.fields.iter().map(|_| HashTable::new()).collect(),
            files: plan
                .ids
                .iter()
                .map(|_| File {
                    ids: Pool::new(),
                    cells: Vec::new(),
                })
                .collect(),
            written: String::new(),
        }
    }

    /// Takes a row of the file with this number, given its value by place of column.
    ///
    /// Refused with `linkage.empty_id`, `linkage.too_many_rows`, `linkage.value_too_long`.
    pub fn push<'r>(&mut self, file: usize, value: impl Fn(usize) -> &'r str) -> Result<(), Refusal> {
        let (Some(into), Some(id)) = (self.files.get_mut(file), self.plan.ids.get(file)) else {
            return Ok(());
        };
        let id = value(*id).trim();
        if id.is_empty() {
            return Err(Refusal::new("linkage.empty_id", Fault::Refused));
        }
        let full = || Refusal::new("linkage.too_many_rows", Fault::Refused).fact("most", ROWS_MAX);
        if into.ids.len() > ROWS_MAX {
            return Err(full());
        }
        require_length("id", id)?;
        into.ids.push(id).ok_or_else(full)?;
        for ((field, pool), known) in self.plan.fields.iter().zip(&mut self.pools).zip(&mut self.known) {
            let raw = field.columns.get(file).map_or("", |place| value(*place));
            require_length(&field.name, raw)?;
            field.form.write(raw, &mut self.written);
            let number = if self.written.is_empty() {
                0
            } else {
                interned(pool, known, &self.written).ok_or_else(full)?
            };
            into.cells.push(number);
        }
        Ok(())
    }

    /// The table of all rows.
    ///
    /// Refused with `linkage.duplicate_id`, whose place is the row of the second, the head being row 1.
    pub fn finish(self) -> Result<Table, Refusal> {
        // What only loading needs goes before the table is laid out.
        drop(self.known);
        let width = self.plan.fields.len();
        let mut orders = Vec::new();
        for (number, file) in self.files.iter().enumerate() {
            orders.push(order(file).map_err(|refusal| refusal.fact("file", number + 1))?);
        }
        let mut table = Table {
            ids: Pool::new(),
            first_len: 0,
            rows: 0,
            width,
            cells: Vec::new(),
            pools: self.pools,
            turned: false,
            between: self.files.len() > 1,
        };
        let mut parts: Vec<(File, Vec<u32>)> = self.files.into_iter().zip(orders).collect();
        if let [first, second] = parts.as_slice()
            && stands_before(second, first, width, &table.pools)
        {
            table.turned = true;
            parts.reverse();
        }
        table
            .cells
            .reserve_exact(parts.iter().map(|(file, _)| file.cells.len()).sum());
        for (number, (file, order)) in parts.into_iter().enumerate() {
            for row in &order {
                let start = *row as usize * width;
                table.ids.push(file.ids.get(row + 1));
                table
                    .cells
                    .extend(file.cells.get(start..start + width).unwrap_or_default());
            }
            table.rows += order.len();
            if number == 0 {
                table.first_len = order.len();
            }
        }
        Ok(table)
    }
}

fn require_length(field: &str, value: &str) -> Result<(), Refusal> {
    if value.len() <= VALUE_MAX {
        return Ok(());
    }
    Err(Refusal::new("linkage.value_too_long", Fault::Refused)
        .value(value)
        .fact("field", field)
        .fact("most", VALUE_MAX))
}

/// The number of a value. Half of its hash stands beside the number, so that a look-up reads the text of one value and
/// growing reads none.
fn interned(pool: &mut Pool, known: &mut HashTable<(u32, u32)>, value: &str) -> Option<u32> {
    let half = (xxh3_64(value.as_bytes()) >> 32) as u32;
    let hash = spread(half);
    if let Some((_, number)) = known.find(hash, |(other, number)| {
        *other == half && pool.get(*number) == value
    }) {
        return Some(*number);
    }
    let number = pool.push(value)?;
    known.insert_unique(hash, (half, number), |(half, _)| spread(*half));
    Some(number)
}

fn spread(half: u32) -> u64 {
    u64::from(half).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// Rows in the order of their ids.
fn order(file: &File) -> Result<Vec<u32>, Refusal> {
    let rows = u32::try_from(file.ids.len() - 1).unwrap_or(u32::MAX);
    let mut order: Vec<u32> = (0..rows).collect();
    order.sort_by(|a, b| file.ids.get(a + 1).cmp(file.ids.get(b + 1)));
    let twice = order
        .iter()
        .zip(order.iter().skip(1))
        .find(|(a, b)| file.ids.get(*a + 1) == file.ids.get(*b + 1));
    match twice {
        Some((first, second)) => Err(Refusal::new("linkage.duplicate_id", Fault::Refused)
            .at(second + 2)
            .value(file.ids.get(second + 1))
            .fact("first", first + 2)),
        None => Ok(order),
    }
}

fn stands_before(one: &(File, Vec<u32>), other: &(File, Vec<u32>), width: usize, pools: &[Pool]) -> bool {
    let ids = |(file, order): &(File, Vec<u32>)| {
        order
            .iter()
            .map(|row| file.ids.get(row + 1).to_owned())
            .collect::<Vec<_>>()
    };
    let values = |(file, order): &(File, Vec<u32>)| {
        let cells = order.iter().flat_map(|row| {
            file.cells
                .iter()
                .skip(*row as usize * width)
                .take(width)
                .zip(pools)
        });
        cells
            .map(|(cell, pool)| pool.get(*cell).to_owned())
            .collect::<Vec<_>>()
    };
    match ids(one).cmp(&ids(other)) {
        std::cmp::Ordering::Equal => values(one) < values(other),
        unequal => unequal.is_lt(),
    }
}
