//! A survey as a table: columns found by name, cells as numbers and weights.
//!
//! The rows are those of [`delimited::Rows`], which holds encoding, bounds and the number of cells; here each is kept as
//! long as it is needed.

use std::io::Read;
use std::sync::Arc;

use delimited::Rows;
use kernel::{Fault, Refusal};

/// An open file, its head read.
pub struct Table<R> {
    rows: Rows<R>,
}

/// Where a column stands, and what it is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    at: usize,
    name: String,
}

impl Column {
    /// Its name in the head.
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// A row: its cells with blanks around them taken off, and its line in the file.
#[derive(Clone, Debug)]
pub struct Row {
    file: Arc<str>,
    line: u64,
    cells: Vec<String>,
}

impl<R: Read> Table<R> {
    /// Reads the head. Refused with `targeting.column_twice`, and for what [`Rows::open`] is refused for.
    pub fn open(source: R, name: &str) -> Result<Self, Refusal> {
        let rows = Rows::open(source, name)?;
        let mut seen = std::collections::BTreeSet::new();
        if let Some(twice) = rows.head().iter().find(|cell| !seen.insert(cell.as_str())) {
            return Err(Refusal::new("targeting.column_twice", Fault::Refused)
                .at(name)
                .value(twice));
        }
        Ok(Self { rows })
    }

    /// The names of the columns.
    pub fn head(&self) -> &[String] {
        self.rows.head()
    }

    /// The column of a name; else `targeting.no_column`, which names those there are.
    pub fn column(&self, name: &str) -> Result<Column, Refusal> {
        let found = self.head().iter().position(|head| head == name.trim());
        let Some(at) = found else {
            let shown = self.head().iter().take(40).map(String::as_str);
            let columns = shown.collect::<Vec<_>>().join(", ");
            let refusal = Refusal::new("targeting.no_column", Fault::Missing)
                .at(self.rows.name())
                .value(name);
            return Err(refusal.fact("columns", columns));
        };
        Ok(Column {
            at,
            name: name.trim().to_owned(),
        })
    }

    /// The next row; none at the end. Refused for what [`Rows::next_row`] is refused for.
    pub fn next_row(&mut self) -> Result<Option<Row>, Refusal> {
        let row = self.rows.next_row()?.map(|row| Row {
            file: Arc::clone(row.source()),
            line: row.line(),
            cells: row.cells().map(|cell| cell.trim().to_owned()).collect(),
        });
        Ok(row)
    }
}

impl Row {
    /// The text of a cell.
    pub fn text(&self, column: &Column) -> &str {
        self.cells.get(column.at).map(String::as_str).unwrap_or_default()
    }

    /// All cells, in the order of the head.
    pub fn cells(&self) -> &[String] {
        &self.cells
    }

    /// Its line in the file, from 1.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// Where a cell stands, `file:line:column`, for a refusal.
    pub fn place(&self, column: &Column) -> String {
        format!("{}:{}:{}", self.file, self.line, column.name)
    }

    /// The number in a cell. Refused with `targeting.empty_cell`, `targeting.not_a_number` and
    /// `targeting.not_finite` (a number that is none, or endless).
    pub fn number(&self, column: &Column) -> Result<f64, Refusal> {
        let text = self.text(column);
        let refused = |code| {
            Refusal::new(code, Fault::Refused)
                .at(self.place(column))
                .value(text)
        };
        if text.is_empty() {
            return Err(refused("targeting.empty_cell"));
        }
        let number: f64 = text.parse().map_err(|_| refused("targeting.not_a_number"))?;
        // Beyond 1e100 the sums of a survey would no longer be finite.
        if number.abs() > 1e100 || !number.is_finite() {
            return Err(refused("targeting.not_finite"));
        }
        Ok(number)
    }

    /// The number in a cell that weighs a row: as [`Row::number`], and `targeting.negative_weight` below zero.
    pub fn weight(&self, column: &Column) -> Result<f64, Refusal> {
        let weight = self.number(column)?;
        if weight < 0.0 {
            let refusal = Refusal::new("targeting.negative_weight", Fault::Refused).at(self.place(column));
            return Err(refusal.value(self.text(column)));
        }
        Ok(weight)
    }
}
