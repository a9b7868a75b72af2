//! A CSV file read row by row: UTF-8 or GB 18030, a head of names, then rows of as many cells.
//!
//! One row is in memory at a time. Cells are split before they are decoded, which is right for both encodings: no byte
//! behind the first of a character of GB 18030 is a comma, a quote or a line end. A file is UTF-8 when the first row with
//! a byte above 127 is, else GB 18030.

use std::io::{self, Read};
use std::sync::Arc;

use csv::{ByteRecord, ReaderBuilder};
use encoding_rs::{Encoding, GB18030, UTF_8};
use kernel::{Fault, Refusal};

/// Columns that are read at most.
const COLUMNS_MAX: usize = 4_096;
/// Bytes that are read without a row coming to its end.
const ROW_MAX: usize = 4 << 20;
const BYTE_ORDER_MARK: &[u8] = &[0xEF, 0xBB, 0xBF];

/// An open file, its head read.
pub struct Table<R> {
    name: Arc<str>,
    reader: csv::Reader<Bounded<R>>,
    head: Vec<String>,
    encoding: Option<&'static Encoding>,
    record: ByteRecord,
}

/// A source whose quotes are counted, for in a whole file they come in pairs, and what was read since the last row: a file
/// without line ends would otherwise be one row in memory.
struct Bounded<R> {
    inner: R,
    quotes: usize,
    since_row: usize,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        let fresh = buffer.get(..read).unwrap_or_default();
        let quotes = fresh.iter().map(|byte| usize::from(*byte == b'"'));
        self.quotes += quotes.sum::<usize>();
        self.since_row += read;
        if self.is_row_too_long() {
            return Err(io::Error::from(io::ErrorKind::InvalidData));
        }
        Ok(read)
    }
}

impl<R> Bounded<R> {
    fn is_row_too_long(&self) -> bool {
        self.since_row > ROW_MAX
    }
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
    /// Reads the head. Refused with `targeting.file_empty` where there is none, `targeting.column_twice`,
    /// `targeting.too_many_columns`, and for what a row is refused for.
    pub fn open(source: R, name: &str) -> Result<Self, Refusal> {
        let reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(Bounded {
                inner: source,
                quotes: 0,
                since_row: 0,
            });
        let mut table = Self {
            name: name.into(),
            reader,
            head: Vec::new(),
            encoding: None,
            record: ByteRecord::new(),
        };
        let Some((_, mut cells)) = table.read()? else {
            return Err(Refusal::new("targeting.file_empty", Fault::Refused).at(name));
        };
        if cells.len() > COLUMNS_MAX {
            let refusal = Refusal::new("targeting.too_many_columns", Fault::Refused).at(name);
            return Err(refusal.fact("columns", cells.len()).fact("max", COLUMNS_MAX));
        }
        if let Some(first) = cells.first_mut() {
            *first = first.trim_start_matches('\u{FEFF}').trim().to_owned();
        }
        let mut seen = std::collections::BTreeSet::new();
        if let Some(twice) = cells.iter().find(|cell| !seen.insert(cell.as_str())) {
            return Err(Refusal::new("targeting.column_twice", Fault::Refused)
                .at(name)
                .value(twice));
        }
        table.head = cells;
        Ok(table)
    }

    /// The names of the columns.
    pub fn head(&self) -> &[String] {
        &self.head
    }

    /// The column of a name; else `targeting.no_column`, which names those there are.
    pub fn column(&self, name: &str) -> Result<Column, Refusal> {
        let found = self.head.iter().position(|head| head == name.trim());
        let Some(at) = found else {
            let shown = self.head.iter().take(40).map(String::as_str);
            let columns = shown.collect::<Vec<_>>().join(", ");
            let refusal = Refusal::new("targeting.no_column", Fault::Missing)
                .at(&self.name)
                .value(name);
            return Err(refusal.fact("columns", columns));
        };
        Ok(Column {
            at,
            name: name.trim().to_owned(),
        })
    }

    /// The next row; none at the end. Refused with `targeting.bad_row` (more or fewer cells than the head),
    /// `targeting.bad_text` (neither UTF-8 nor GB 18030), `targeting.quote_open` (the file ends inside a quote),
    /// `targeting.row_too_long` (above 4 MB) and `targeting.file_unreadable`.
    pub fn next_row(&mut self) -> Result<Option<Row>, Refusal> {
        let Some((line, cells)) = self.read()? else {
            return Ok(None);
        };
        if cells.len() != self.head.len() {
            let refusal =
                Refusal::new("targeting.bad_row", Fault::Refused).at(format!("{}:{line}", self.name));
            let refusal = refusal.fact("cells", cells.len());
            return Err(refusal.fact("columns", self.head.len()));
        }
        Ok(Some(Row {
            file: Arc::clone(&self.name),
            line,
            cells,
        }))
    }

    /// The cells of the next record that has any, with its line.
    fn read(&mut self) -> Result<Option<(u64, Vec<String>)>, Refusal> {
        let read = self.reader.read_byte_record(&mut self.record);
        if !read.map_err(|error| self.unreadable(&error))? {
            let is_open = self.reader.get_ref().quotes % 2 == 1;
            let refusal = Refusal::new("targeting.quote_open", Fault::Refused).at(&self.name);
            return if is_open { Err(refusal) } else { Ok(None) };
        }
        self.reader.get_mut().since_row = 0;
        let line = self.record.position().map_or(0, csv::Position::line);
        if self.encoding.is_none() && !self.record.as_slice().is_ascii() {
            let is_utf8 = self.record.iter().all(|cell| std::str::from_utf8(cell).is_ok());
            self.encoding = Some(if is_utf8 { UTF_8 } else { GB18030 });
        }
        let encoding = self.encoding.unwrap_or(UTF_8);
        if self.record.as_slice().starts_with(BYTE_ORDER_MARK) {
            self.encoding = Some(UTF_8);
        }
        let decode = |(at, cell): (usize, &[u8])| {
            let text = encoding.decode_without_bom_handling_and_without_replacement(cell);
            let text = text.map(|text| text.trim().to_owned());
            text.ok_or_else(|| {
                let column = self.head.get(at).cloned().unwrap_or_else(|| (at + 1).to_string());
                Refusal::new("targeting.bad_text", Fault::Refused)
                    .at(format!("{}:{line}:{column}", self.name))
                    .fact("encoding", encoding.name())
            })
        };
        let cells = self
            .record
            .iter()
            .enumerate()
            .map(decode)
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Some((line, cells)))
    }

    /// Why no record could be read.
    fn unreadable(&self, error: &csv::Error) -> Refusal {
        if self.reader.get_ref().is_row_too_long() {
            let line = self.record.position().map_or(0, csv::Position::line);
            return Refusal::new("targeting.row_too_long", Fault::Refused)
                .at(format!("{}:{line}", self.name))
                .fact("max", ROW_MAX);
        }
        Refusal::new("targeting.file_unreadable", Fault::Refused)
            .at(&self.name)
            .fact("cause", error)
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
