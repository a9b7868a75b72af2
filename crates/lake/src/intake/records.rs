//! Goes over the records of a table as someone sends it: delimited text in any of its encodings, plain, gzip or zip, or a sheet
//! of a workbook.

use delimited::Splitter;
use kernel::{Fault, Refusal};
use programme::layout::FileEncoding;

use super::rows::Cells;
use super::sheet;
use super::source::{Container, OrderFile};

/// How a table is written.
#[derive(Clone, Copy, Debug)]
pub struct TableForm<'a> {
    /// How the bytes are text.
    pub encoding: FileEncoding,
    /// What stands between two cells.
    pub delimiter: u8,
    /// The sheet of a workbook; the first where none is named.
    pub sheet: Option<&'a str>,
    /// Rows above the heads.
    pub skip_rows: u32,
}

/// A record: its cells, how many they are, and the line of the file it stands on, from 1.
#[derive(Clone, Copy)]
pub struct Record<'a> {
    cells: &'a dyn Cells,
    /// How many cells it has.
    pub width: usize,
    /// Its line.
    pub line: u64,
}

impl Record<'_> {
    /// The text of a cell without blanks around it; empty where the record is shorter.
    #[must_use]
    pub fn text(&self, column: usize) -> String {
        String::from_utf8_lossy(self.cells.cell(column).trim_ascii()).into_owned()
    }
}

impl Cells for Record<'_> {
    fn cell(&self, column: usize) -> &[u8] {
        self.cells.cell(column)
    }
}

/// Gives every record below the skipped rows to `each`, the heads first; ends early where it answers `false`.
///
/// # Errors
/// What the file as a whole is refused for (`sales.bad_archive`, `sales.missing_sheet`, `delimited.too_many_fields`, what a
/// record cannot be split for), and what `each` refuses with.
pub fn for_each_record(
    file: &OrderFile,
    form: TableForm<'_>,
    mut each: impl FnMut(Record<'_>) -> Result<bool, Refusal>,
) -> Result<(), Refusal> {
    let mut skip = form.skip_rows;
    let mut below = |record: Record<'_>| {
        if skip > 0 {
            skip -= 1;
            return Ok(true);
        }
        each(record)
    };
    if file.container == Container::Xlsx {
        return sheet::for_each_row(file, form.sheet, |line, cells| {
            let width = cells.len();
            let cells = &cells;
            below(Record { cells, width, line })
        });
    }
    let mut blocks = file.blocks(form.encoding);
    let mut splitter = Splitter::new(form.delimiter);
    let mut more = true;
    while more {
        if let Some(block) = blocks.next()? {
            blocks.give_back(splitter.feed(block));
        } else {
            splitter.end();
            more = false;
        }
        while splitter.advance().map_err(|error| {
            Refusal::new(error.code, Fault::Refused).at(format!("{}:{}", file.name(), error.line))
        })? {
            let fields = splitter.fields();
            let (width, line) = (fields.count(), splitter.place().0);
            let cells = &fields;
            if !below(Record { cells, width, line })? {
                return Ok(());
            }
        }
    }
    Ok(())
}
