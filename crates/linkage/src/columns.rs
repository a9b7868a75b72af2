//! The keys of all records, a pass at a time.
//!
//! What a cut takes of a text is hashed once for each distinct text. The hash of a record's text lies anywhere in such a list,
//! so those of many records are fetched together, one field after the other: their waits pass at one time.

use crate::keys::{Cut, joined, part_of};
use crate::plan::{Plan, Slot};
use crate::pool::Pool;
use crate::table::{Record, Table, code};

/// Records whose hashes are fetched together.
const TOGETHER: usize = 256;

/// What passes take of the fields of a table.
pub(crate) struct Columns<'t> {
    table: &'t Table,
    plan: &'t Plan,
    /// The fields of texts with their cuts, in order.
    wanted: Vec<(usize, Cut)>,
    /// Of each of them the hash of every text.
    lists: Vec<Vec<u32>>,
}

impl<'t> Columns<'t> {
    pub(crate) fn of(table: &'t Table, plan: &'t Plan) -> Self {
        let parts = plan.passes.iter().flat_map(|pass| &pass.parts);
        let mut wanted: Vec<(usize, Cut)> = parts
            .flat_map(|part| part.fields.iter().map(|field| (*field, part.cut)))
            .filter(|(field, _)| matches!(table.slot(*field), Slot::Text(_)))
            .collect();
        wanted.sort_unstable();
        wanted.dedup();
        let mut room = String::new();
        let mut list = |(field, cut): &(usize, Cut)| -> Vec<u32> {
            let values = table.pools.get(*field).into_iter().flat_map(Pool::values);
            values.map(|value| cut.hash(value, &mut room)).collect()
        };
        let lists = wanted.iter().map(&mut list).collect();
        Self {
            table,
            plan,
            wanted,
            lists,
        }
    }

    /// The key of each record in a pass; zero is none.
    pub(crate) fn keys(&self, pass: usize) -> Vec<u32> {
        let mut keys = Vec::with_capacity(self.table.len());
        let Some(pass) = self.plan.passes.get(pass) else {
            return keys;
        };
        let parts = pass.parts.iter();
        let taken: Vec<Vec<Taken<'_>>> = parts
            .map(|part| {
                part.fields
                    .iter()
                    .map(|field| self.taken(*field, part.cut))
                    .collect()
            })
            .collect();
        let mut hashes: Vec<Vec<[u32; TOGETHER]>> = taken
            .iter()
            .map(|fields| vec![[0; TOGETHER]; fields.len()])
            .collect();
        let mut rows = self.table.rows.iter().map(Record);
        let mut records = Vec::with_capacity(TOGETHER);
        let mut room = String::new();
        loop {
            records.clear();
            records.extend(rows.by_ref().take(TOGETHER));
            if records.is_empty() {
                return keys;
            }
            for (taken, into) in taken.iter().flatten().zip(hashes.iter_mut().flatten()) {
                taken.hash_all(self.table, &records, into, &mut room);
            }
            keys.extend((0..records.len()).map(|at| {
                let of_field = |field: &[u32; TOGETHER]| field.get(at).copied().unwrap_or(0);
                joined(hashes.iter().map(|fields| part_of(fields.iter().map(of_field))))
            }));
        }
    }

    fn taken(&self, field: usize, cut: Cut) -> Taken<'_> {
        let list = self.wanted.binary_search(&(field, cut)).ok();
        Taken {
            field,
            slot: self.table.slot(field),
            cut,
            list: list.and_then(|place| self.lists.get(place)).map(Vec::as_slice),
        }
    }
}

/// What a pass takes of a field.
struct Taken<'t> {
    field: usize,
    slot: Slot,
    cut: Cut,
    /// Of a field of texts the hash of each; that of the missing one is zero.
    list: Option<&'t [u32]>,
}

impl Taken<'_> {
    fn hash_all(&self, table: &Table, records: &[Record<'_>], into: &mut [u32], room: &mut String) {
        if let Some(list) = self.list {
            for (into, record) in into.iter_mut().zip(records) {
                *into = list.get(record.cell(self.slot) as usize).copied().unwrap_or(0);
            }
            return;
        }
        for (into, record) in into.iter_mut().zip(records) {
            let cell = record.cell(self.slot);
            *into = match code(self.slot, cell) {
                Some(code) => self.cut.hash_of_code(code, room),
                None => self.cut.hash(table.value(self.field, *record).as_str(), room),
            };
        }
    }
}
