//! Takes rows in: each value in the form of its field, texts by number, codes as they are.
//!
//! Rows are put in the order of their ids, and of two files the one with the smaller ids goes first, so that neither the
//! order of rows nor of files changes anything that follows.

use std::cmp::Ordering;

use kernel::{Fault, Refusal};

use crate::plan::{Plan, Slot};
use crate::pool::{Interner, Pool};
use crate::table::{Cell, Record, Rows, Table};

/// Rows of both files together.
const ROWS_MAX: usize = 50_000_000;
/// The longest value, in bytes.
pub const VALUE_MAX: usize = 4096;

/// Takes rows in and makes a [`Table`] of them.
#[derive(Debug)]
pub struct Loader<'a> {
    plan: &'a Plan,
    fields: Vec<Texts>,
    files: Vec<File>,
    /// The file whose values wait to be looked up.
    file: usize,
    written: String,
}

/// The texts of a field.
#[derive(Debug)]
struct Texts {
    known: Interner,
    /// The rows whose values wait to be looked up.
    rows: Vec<usize>,
}

#[derive(Debug)]
struct File {
    ids: Pool,
    rows: Rows,
}

impl<'a> Loader<'a> {
    /// A loader for the files of a plan.
    pub fn new(plan: &'a Plan) -> Self {
        let texts = plan.fields.iter().map(|_| Texts {
            known: Interner::new(),
            rows: Vec::new(),
        });
        let files = plan.ids.iter().map(|_| File {
            ids: Pool::new(),
            rows: Rows::of(plan),
        });
        Self {
            plan,
            fields: texts.collect(),
            files: files.collect(),
            file: 0,
            written: String::new(),
        }
    }

    /// How many rows were taken in.
    pub fn len(&self) -> usize {
        self.files.iter().map(|file| file.rows.len()).sum()
    }

    /// Whether there were none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Takes a row of the file with this number, given its value by place of column.
    ///
    /// Refused with `linkage.empty_id`, `linkage.too_many_rows`, `linkage.value_too_long`.
    pub fn push<'r>(&mut self, file: usize, value: impl Fn(usize) -> &'r str) -> Result<(), Refusal> {
        if file != self.file {
            self.look_up()?;
            self.file = file;
        }
        let (Some(into), Some(id)) = (self.files.get_mut(file), self.plan.ids.get(file)) else {
            return Ok(());
        };
        let id = value(*id).trim();
        if id.is_empty() {
            return Err(Refusal::new("linkage.empty_id", Fault::Refused));
        }
        if into.ids.len() > ROWS_MAX {
            return Err(full());
        }
        require_length("id", id)?;
        into.ids.push(id).ok_or_else(full)?;
        let row = into.rows.len();
        into.rows.add();
        let mut is_enough = false;
        for (field, texts) in self.plan.fields.iter().zip(&mut self.fields) {
            let raw = field.columns.get(file).map_or("", |place| value(*place));
            require_length(&field.name, raw)?;
            if matches!(field.slot, Slot::Code(_)) {
                if let Some(code) = field.form.code(raw, &mut self.written) {
                    into.rows.put(row, field.slot, Cell::Code(code));
                } else if !self.written.is_empty() {
                    let number = texts.known.number(&self.written).ok_or_else(full)?;
                    into.rows.put(row, field.slot, Cell::Text(number));
                }
                continue;
            }
            let text = field.form.read(raw, &mut self.written);
            if !text.is_empty() {
                is_enough |= texts.known.wait(text).ok_or_else(full)?;
                texts.rows.push(row);
            }
        }
        if is_enough { self.look_up() } else { Ok(()) }
    }

    /// Gives the values that wait their numbers.
    fn look_up(&mut self) -> Result<(), Refusal> {
        let Some(into) = self.files.get_mut(self.file) else {
            return Ok(());
        };
        for (field, texts) in self.plan.fields.iter().zip(&mut self.fields) {
            let mut rows = texts.rows.drain(..);
            let looked_up = texts.known.look_up(|number| {
                if let Some(row) = rows.next() {
                    into.rows.put(row, field.slot, Cell::Text(number));
                }
            });
            looked_up.ok_or_else(full)?;
        }
        Ok(())
    }

    /// The table of all rows.
    ///
    /// Refused with `linkage.duplicate_id`, whose place is the row of the second, the head being row 1.
    pub fn finish(mut self) -> Result<Table, Refusal> {
        self.look_up()?;
        // What only loading needs goes before rows are put in order.
        let pools = self.fields.into_iter().map(|texts| texts.known.pool).collect();
        let mut table = Table {
            ids: Pool::new(),
            first_len: 0,
            rows: Rows::of(self.plan),
            slots: self.plan.fields.iter().map(|field| field.slot).collect(),
            pools,
            turned: false,
            between: self.files.len() > 1,
        };
        let mut files = Vec::new();
        for (number, file) in self.files.into_iter().enumerate() {
            let ordered = in_order(file, self.plan).map_err(|refusal| refusal.fact("file", number + 1))?;
            files.push(ordered);
        }
        if let [first, second] = files.as_slice()
            && stands_before(second, first, &table)
        {
            table.turned = true;
            files.reverse();
        }
        let mut files = files.into_iter();
        if let Some(first) = files.next() {
            table.first_len = first.rows.len();
            (table.ids, table.rows) = (first.ids, first.rows);
        }
        for file in files {
            file.ids
                .values()
                .skip(1)
                .try_for_each(|id| table.ids.push(id).map(drop))
                .ok_or_else(full)?;
            file.rows.iter().for_each(|row| table.rows.push(row));
        }
        Ok(table)
    }
}

fn full() -> Refusal {
    Refusal::new("linkage.too_many_rows", Fault::Refused).fact("most", ROWS_MAX)
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

/// The file with its rows in the order of their ids, which is mostly how they come.
fn in_order(file: File, plan: &Plan) -> Result<File, Refusal> {
    let id = |row: u32| file.ids.get(row + 1);
    let rows = u32::try_from(file.rows.len()).unwrap_or(u32::MAX);
    if (1..rows).all(|row| id(row - 1) < id(row)) {
        return Ok(file);
    }
    let mut order: Vec<u32> = (0..rows).collect();
    order.sort_by(|a, b| id(*a).cmp(id(*b)));
    let mut neighbours = order.iter().zip(order.iter().skip(1));
    if let Some((first, second)) = neighbours.find(|(a, b)| id(**a) == id(**b)) {
        return Err(Refusal::new("linkage.duplicate_id", Fault::Refused)
            .at(second + 2)
            .value(id(*second))
            .fact("first", first + 2));
    }
    let mut ordered = File {
        ids: Pool::new(),
        rows: Rows::of(plan),
    };
    for row in order {
        ordered.ids.push(id(row)).ok_or_else(full)?;
        ordered.rows.push(file.rows.get(row as usize));
    }
    Ok(ordered)
}

/// Whether one file goes before the other, by its ids and then by its values.
fn stands_before(one: &File, other: &File, table: &Table) -> bool {
    match one.ids.values().cmp(other.ids.values()) {
        Ordering::Equal => {}
        unequal => return unequal.is_lt(),
    }
    for (one, other) in one.rows.iter().zip(other.rows.iter()) {
        for field in 0..table.slots.len() {
            let (one, other) = (table.value(field, Record(one)), table.value(field, Record(other)));
            match one.as_str().cmp(other.as_str()) {
                Ordering::Equal => {}
                unequal => return unequal.is_lt(),
            }
        }
    }
    false
}
