//! A sheet whose headers are understood, and its rows by what their columns mean.

use crate::headers::{Column, Vocabulary, columns};
use crate::workbook::{Row, Sheet, one_blank};
use crate::{Fault, Place};

/// A sheet whose headers are understood.
pub(super) struct Table {
    name: String,
    columns: Vec<Column>,
    rows: Vec<Row>,
}

/// One row of it.
#[derive(Clone, Copy)]
pub(super) struct Line<'t> {
    table: &'t Table,
    row: &'t Row,
}

impl Table {
    /// Understands a sheet. Quotes that a word processor bent are made straight, and with `one_blank_only` several
    /// blanks become one.
    pub fn of(sheet: Sheet, vocabulary: &Vocabulary, one_blank_only: bool, faults: &mut Vec<Fault>) -> Self {
        let columns = columns(&sheet, vocabulary, faults);
        let mut rows = sheet.rows;
        for (_, cell) in rows.iter_mut().flat_map(|row| &mut row.cells) {
            if one_blank_only {
                *cell = one_blank(cell);
            }
            if cell.contains(['\u{2018}', '\u{2019}', '\u{201c}', '\u{201d}']) {
                *cell = cell
                    .replace(['\u{2018}', '\u{2019}'], "'")
                    .replace(['\u{201c}', '\u{201d}'], "\"");
            }
        }
        Self {
            name: sheet.name,
            columns,
            rows,
        }
    }

    /// Its rows.
    pub fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        self.rows.iter().map(|row| Line { table: self, row })
    }

    /// Its headers as they are written.
    pub fn headers(&self) -> impl Iterator<Item = &str> {
        self.columns
            .iter()
            .map(|column| column.header.as_str())
            .filter(|header| !header.is_empty())
    }

    /// A column must be there.
    pub fn require(&self, name: &str, faults: &mut Vec<Fault>) {
        let known = self
            .columns
            .iter()
            .any(|column| column.path.first().is_some_and(|first| first == name));
        if !known {
            faults.push(Fault::at("forms.no_column", Place::Sheet(self.name.clone())).fact("column", name));
        }
    }
}

impl<'t> Line<'t> {
    /// Its number; the header is 1.
    pub fn number(self) -> u32 {
        self.row.number
    }

    /// Its cells, each by what its column means.
    pub fn cells(self) -> impl Iterator<Item = (&'t [String], &'t str)> {
        self.row.cells.iter().filter_map(|(at, cell)| {
            let column = self.table.columns.get(*at)?;
            Some((column.path.as_slice(), cell.as_str()))
        })
    }

    /// The cell of a column that has one part, such as `type`.
    pub fn get(self, name: &str) -> Option<&'t str> {
        self.cells()
            .find(|(path, _)| matches!(path, [only] if only == name))
            .map(|(_, cell)| cell)
    }

    /// The text under each header, in the order of [`Table::headers`].
    pub fn texts(self) -> impl Iterator<Item = &'t str> {
        let mut cells = self.row.cells.iter().peekable();
        let columns = self
            .table
            .columns
            .iter()
            .enumerate()
            .filter(|(_, column)| !column.header.is_empty());
        columns.map(move |(at, _)| {
            cells
                .next_if(|(other, _)| *other == at)
                .map_or("", |(_, cell)| cell.as_str())
        })
    }

    /// Where a column of it is; the row where there is no such column.
    pub fn place(self, path: &[&str]) -> Place {
        let starts = |column: &&Column| {
            column.path.len() >= path.len() && path.iter().zip(&column.path).all(|(a, b)| a == b)
        };
        let sheet = self.table.name.clone();
        match self.table.columns.iter().find(starts) {
            Some(column) => Place::Cell {
                sheet,
                row: self.row.number,
                column: column.header.clone(),
            },
            None => Place::Row {
                sheet,
                row: self.row.number,
            },
        }
    }

    /// Where one of its cells is.
    pub fn place_of(self, path: &[String]) -> Place {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        self.place(&path)
    }
}
