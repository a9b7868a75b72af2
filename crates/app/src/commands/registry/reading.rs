//! CSV files of persons, read in a stream: one row in memory, no row above 4 MB.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::rc::Rc;

use csv::{ErrorKind, StringRecord};
use kernel::{Fault, Refusal};
use linkage::Known;

use super::super::lines::{located, unreadable};

/// Bytes that are read without a row coming to its end.
const ROW_MAX: u64 = 4 << 20;
/// Bytes of a file of settings.
const SETTINGS_MAX: u64 = 1 << 20;

/// The rows of a file.
pub(super) struct Rows {
    name: String,
    /// The heads, without the spaces around them.
    pub(super) heads: Vec<String>,
    reader: csv::Reader<Bounded>,
    record: StringRecord,
    /// Number of the row, the heads being row 1.
    row: u64,
    since: Rc<Cell<u64>>,
}

/// A file that counts what was read since the last row.
struct Bounded {
    file: File,
    since: Rc<Cell<u64>>,
}

impl Read for Bounded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.since.set(self.since.get().saturating_add(read as u64));
        if self.since.get() > ROW_MAX {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "row above 4 MB"));
        }
        Ok(read)
    }
}

/// A small file as text.
pub(super) fn text_of(path: &Path) -> Result<String, Refusal> {
    let name = path.display().to_string();
    let file = File::open(path).map_err(|error| unreadable(&name, &error))?;
    let mut text = String::new();
    file.take(SETTINGS_MAX)
        .read_to_string(&mut text)
        .map_err(|error| unreadable(&name, &error))?;
    Ok(text)
}

impl Rows {
    pub(super) fn open(path: &Path) -> Result<Self, Refusal> {
        let name = path.display().to_string();
        let file = File::open(path).map_err(|error| unreadable(&name, &error))?;
        let since = Rc::new(Cell::new(0));
        let bounded = Bounded {
            file,
            since: Rc::clone(&since),
        };
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .buffer_capacity(1 << 18)
            .from_reader(bounded);
        let heads = reader.headers().map_err(|error| bad_row(&name, 1, &error))?;
        let heads: Vec<String> = heads
            .iter()
            .map(|head| head.trim_start_matches('\u{feff}').trim().to_owned())
            .collect();
        if heads.iter().all(String::is_empty) {
            return Err(Refusal::new("linkage.empty_file", Fault::Refused).at(name));
        }
        since.set(0);
        Ok(Self {
            name,
            heads,
            reader,
            record: StringRecord::new(),
            row: 1,
            since,
        })
    }

    /// Reads the next row; says whether there was one.
    pub(super) fn advance(&mut self) -> Result<bool, Refusal> {
        self.row += 1;
        let read = self.reader.read_record(&mut self.record);
        if !read.map_err(|error| bad_row(&self.name, self.row, &error))? {
            if self.row == 2 {
                return Err(Refusal::new("linkage.empty_file", Fault::Refused).at(&self.name));
            }
            return Ok(false);
        }
        self.since.set(0);
        if self.record.len() != self.heads.len() {
            return Err(Refusal::new("linkage.row_cut_off", Fault::Refused)
                .at(located(&self.name, self.row, None))
                .fact("found", self.record.len())
                .fact("wanted", self.heads.len()));
        }
        Ok(true)
    }

    /// A value of the row by the place of its column.
    pub(super) fn value(&self, place: usize) -> &str {
        self.record.get(place).unwrap_or_default()
    }

    /// A refusal with the place of the row.
    pub(super) fn placed(&self, refusal: Refusal) -> Refusal {
        let field = refusal
            .facts
            .iter()
            .find(|(name, _)| *name == "field")
            .map(|(_, field)| field.clone());
        refusal.at(located(&self.name, self.row, field.as_deref()))
    }
}

/// The known pairs of a file.
pub(super) fn known_pairs(path: &Path, between: bool) -> Result<Known, Refusal> {
    let mut rows = Rows::open(path)?;
    let place = |wanted: &str| rows.heads.iter().position(|head| head == wanted);
    let (Some(left), Some(right)) = (place("id_left"), place("id_right")) else {
        return Err(Refusal::new("linkage.bad_truth", Fault::Refused).at(&rows.name));
    };
    let mut known = Known::new(between);
    while rows.advance()? {
        known.add(rows.value(left).trim(), rows.value(right).trim());
    }
    Ok(known)
}

fn bad_row(name: &str, row: u64, error: &csv::Error) -> Refusal {
    let refusal = Refusal::new("linkage.bad_csv", Fault::Refused).at(located(name, row, None));
    match error.kind() {
        ErrorKind::Utf8 { .. } => refusal.fact("cause", "UTF-8"),
        ErrorKind::Io(cause) => refusal.fact("cause", cause),
        _ => refusal,
    }
}
