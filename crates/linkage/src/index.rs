//! One new record against all: for the moment at which a person is written down.
//!
//! The index keeps the table, the fitted weights and the keys of all passes; a question looks up one block a pass and
//! compares what stands there.

use crate::blocks::Blocks;
use crate::columns::Columns;
use crate::compare::Values;
use crate::keys::{joined, part_of};
use crate::link::{Weigher, fit, number};
use crate::plan::Plan;
use crate::sorting::by_upper_half;
use crate::table::Table;

/// Records that can be asked.
#[derive(Debug)]
pub struct Index {
    table: Table,
    plan: Plan,
    /// Of each pass the keys of records above their rows, in order.
    keys: Vec<Vec<u64>>,
    weigher: Weigher,
}

/// A record that may be the same person as the new one.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Its row.
    pub row: u32,
    /// Its weight: the sum of the parts.
    pub weight: f32,
    /// The probability that it is the same person, by the prior of two records drawn at random.
    pub probability: f64,
    /// The weight of each comparison.
    pub parts: Vec<f32>,
}

impl Index {
    /// Fits the weights on a table of one file and keeps both.
    pub fn new(table: Table, plan: Plan) -> Self {
        let (weigher, _) = fit(&table, &plan, &Blocks::of(&table, &plan));
        let columns = Columns::of(&table, &plan);
        let mut spare = Vec::new();
        let keys = (0..plan.passes.len()).map(|pass| {
            let keys = (0_u64..).zip(columns.keys(pass)).filter(|(_, key)| *key > 0);
            let mut entries: Vec<u64> = keys.map(|(row, key)| u64::from(key) << 32 | row).collect();
            by_upper_half(&mut entries, &mut spare);
            entries
        });
        let keys = keys.collect();
        Self {
            table,
            plan,
            keys,
            weigher,
        }
    }

    /// The records.
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// The names of the fields that a new record may have, in order.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        self.plan.fields.iter().map(|field| field.name.as_str())
    }

    /// The records from a probability on, the likeliest first. `value` gives the new record's value of a field by name,
    /// as it was typed; empty where there is none.
    pub fn find<'v>(&self, value: impl Fn(&str) -> &'v str, probability: f64) -> Vec<Found> {
        let mut values = Vec::new();
        for field in &self.plan.fields {
            let mut written = String::new();
            field.form.write(value(&field.name), &mut written);
            values.push(written);
        }
        let mut room = String::new();
        let mut rows = Vec::new();
        for (number, pass) in self.plan.passes.iter().enumerate() {
            let key = joined(pass.parts.iter().map(|part| {
                let values = part.fields.iter().filter_map(|field| values.get(*field));
                part_of(values.map(|value| part.cut.hash(value, &mut room)))
            }));
            if key > 0 {
                rows.extend(self.rows(number, key));
            }
        }
        rows.sort_unstable();
        rows.dedup();
        let mut found: Vec<Found> = rows.into_iter().map(|row| self.weigh(&values, row)).collect();
        found.retain(|found| found.probability >= probability);
        found.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.row.cmp(&b.row)));
        found
    }

    /// The rows with a key, where no more have it than may.
    fn rows(&self, pass: usize, key: u32) -> impl Iterator<Item = u32> {
        let entries = self.keys.get(pass).map_or(&[][..], Vec::as_slice);
        let start = entries.partition_point(|entry| ((entry >> 32) as u32) < key);
        let rest = entries.get(start..).unwrap_or_default();
        let len = rest
            .iter()
            .take_while(|entry| (*entry >> 32) as u32 == key)
            .count();
        let is_crowded = len > self.plan.settings.block_max;
        let rows = rest.get(..len).filter(|_| !is_crowded).unwrap_or_default();
        rows.iter().map(|entry| *entry as u32)
    }

    fn weigh(&self, values: &[String], row: u32) -> Found {
        let record = self.table.record(row);
        let mut pattern = 0;
        for (place, comparison) in self.plan.comparisons.iter().enumerate() {
            let new = |field: usize| values.get(field).map_or("", String::as_str);
            let left: Values<'_> = [new(comparison.field), comparison.partner.map_or("", new)];
            let [old, partner] = self.table.values(comparison, record);
            let right: Values<'_> = [old.as_str(), partner.as_str()];
            pattern |= u64::from(comparison.kind.level(left, right) & 15) << (place * 4);
        }
        let parts: Vec<f32> = self
            .weigher
            .parts(pattern, |place| number(&self.table, &self.plan, row, place))
            .collect();
        let weight = parts.iter().sum();
        Found {
            row,
            weight,
            probability: self.weigher.model.probability(f64::from(weight)),
            parts,
        }
    }
}
