//! How large an XLS says it is, found out before it is read: the reader of workbooks makes room for every cell between
//! the first and the last one, and believes what a sheet says of its size, so that a file of some kilobytes could take
//! all memory. Nothing else is read here.
//!
//! An XLS is a compound file: sectors in chains, a directory of streams, and in the stream `Workbook` records of a type,
//! a length and data. Sheets begin where the records `BOUNDSHEET` say.

use crate::Fault;

/// The most cells between the first and the last one, over all sheets.
const CELLS_MAX: usize = 4_000_000;
/// The most sheets.
const SHEETS_MAX: usize = 256;
/// Streams below this lie in small sectors.
const SMALL_BYTES: usize = 4_096;
/// The bytes of a small sector.
const SMALL_SECTOR_BYTES: usize = 64;
/// The first number of a sector that is none.
const NO_SECTOR: u32 = 0xFFFF_FFFA;

/// Refuses an XLS whose sheets are too large.
pub(super) fn require_small(bytes: &[u8]) -> Result<(), Fault> {
    let broken = || Fault::new("forms.bad_file").fact("cause", "the workbook is broken");
    let file = Compound::of(bytes).ok_or_else(broken)?;
    let streams = file.workbooks().ok_or_else(broken)?;
    if streams.is_empty() {
        return Err(broken());
    }
    let mut cells: usize = 0;
    for stream in &streams {
        let starts: Vec<usize> = records(stream, 0)
            .take_while(|(kind, _)| *kind != END)
            .filter(|(kind, _)| *kind == SHEET)
            .filter_map(|(_, data)| word(data, 0).map(|start| start as usize))
            .collect();
        if starts.len() > SHEETS_MAX {
            return Err(broken());
        }
        for start in starts {
            cells = cells.saturating_add(sheet_cells(stream, start));
        }
    }
    if cells > CELLS_MAX {
        Err(Fault::new("forms.too_large").fact("max", CELLS_MAX))
    } else {
        Ok(())
    }
}

const END: u16 = 0x000A;
const BEGIN: u16 = 0x0809;
const SHEET: u16 = 0x0085;
const DIMENSIONS: u16 = 0x0200;
const SEVERAL: u16 = 0x00BD;
const CELLS: [u16; 7] = [0x0203, 0x0204, 0x00D6, 0x0205, 0x027E, 0x00FD, 0x0006];

/// The cells that a sheet takes up, by what it says and by where its cells are; charts in it do not count.
fn sheet_cells(stream: &[u8], start: usize) -> usize {
    let (mut depth, mut said, mut row_max, mut column_max) = (0_usize, 0_usize, 0_usize, 0_usize);
    for (kind, data) in records(stream, start) {
        match kind {
            BEGIN => depth += 1,
            END if depth <= 1 => break,
            END => depth -= 1,
            _ if depth > 1 => {}
            DIMENSIONS => said = said.saturating_add(area(data)),
            _ if kind == SEVERAL || CELLS.contains(&kind) => {
                let last = if kind == SEVERAL {
                    data.len().saturating_sub(2)
                } else {
                    2
                };
                row_max = row_max.max(half(data, 0).unwrap_or(0) as usize);
                column_max = column_max.max(half(data, 2).max(half(data, last)).unwrap_or(0) as usize);
            }
            _ => {}
        }
    }
    said.saturating_add((row_max + 1).saturating_mul(column_max + 1))
}

/// The cells that the record `DIMENSIONS` speaks of.
fn area(data: &[u8]) -> usize {
    let (rows, columns) = match data.len() {
        10 => (half(data, 2).map(u32::from), half(data, 6)),
        _ => (word(data, 4), half(data, 10)),
    };
    (rows.unwrap_or(0) as usize)
        .saturating_add(1)
        .saturating_mul(columns.unwrap_or(0) as usize + 1)
}

/// The records of a stream from a place on.
fn records(stream: &[u8], start: usize) -> impl Iterator<Item = (u16, &[u8])> {
    let mut at = start;
    std::iter::from_fn(move || {
        let kind = half(stream, at)?;
        let length = half(stream, at + 2)? as usize;
        let data = stream.get(at + 4..at + 4 + length)?;
        at += 4 + length;
        Some((kind, data))
    })
}

fn half(bytes: &[u8], at: usize) -> Option<u16> {
    let pair = bytes.get(at..at.checked_add(2)?)?;
    pair.try_into().map(u16::from_le_bytes).ok()
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    four.try_into().map(u32::from_le_bytes).ok()
}

/// A compound file.
struct Compound<'b> {
    bytes: &'b [u8],
    sector_bytes: usize,
    /// The sector behind each sector.
    next: Vec<u32>,
}

impl<'b> Compound<'b> {
    fn of(bytes: &'b [u8]) -> Option<Self> {
        let sector_bytes = match half(bytes, 30)? {
            9 => 512,
            12 => 4_096,
            _ => return None,
        };
        let mut file = Self {
            bytes,
            sector_bytes,
            next: Vec::new(),
        };
        let mut tables: Vec<u32> = (0..109).filter_map(|index| word(bytes, 76 + index * 4)).collect();
        let mut more = word(bytes, 68)?;
        let per_sector = sector_bytes / 4 - 1;
        let mut left = file.sectors_max();
        while more < NO_SECTOR {
            left = left.checked_sub(1)?;
            let sector = file.sector(more)?;
            tables.extend((0..per_sector).filter_map(|index| word(sector, index * 4)));
            more = word(sector, per_sector * 4)?;
        }
        let tables: Vec<u32> = tables.into_iter().filter(|table| *table < NO_SECTOR).collect();
        if tables.len() > file.sectors_max() {
            return None;
        }
        for table in tables {
            let sector = file.sector(table)?;
            file.next
                .extend((0..=per_sector).filter_map(|index| word(sector, index * 4)));
        }
        Some(file)
    }

    fn sectors_max(&self) -> usize {
        self.bytes.len() / self.sector_bytes + 1
    }

    /// A sector; the last one of a file may be cut short.
    fn sector(&self, number: u32) -> Option<&'b [u8]> {
        let start = (number as usize).checked_add(1)?.checked_mul(self.sector_bytes)?;
        let end = start.checked_add(self.sector_bytes)?.min(self.bytes.len());
        self.bytes.get(start..end)
    }

    fn chain(&self, first: u32) -> Option<Vec<u8>> {
        joined(first, &self.next, self.sectors_max(), |number| {
            self.sector(number)
        })
    }

    /// The streams that may be the workbook. A small one lies in the stream of the root, in sectors and chains of its own.
    fn workbooks(&self) -> Option<Vec<Vec<u8>>> {
        let directory = self.chain(word(self.bytes, 48)?)?;
        let small = self.chain(word(&directory, 116)?)?;
        let small_chains = self.chain(word(self.bytes, 60)?)?;
        let small_next: Vec<u32> = (0..small_chains.len() / 4)
            .filter_map(|index| word(&small_chains, index * 4))
            .collect();
        let small_sector = |number: u32| {
            let start = (number as usize).checked_mul(SMALL_SECTOR_BYTES)?;
            small.get(start..start.checked_add(SMALL_SECTOR_BYTES)?.min(small.len()))
        };
        let mut streams = Vec::new();
        for entry in directory.chunks_exact(128) {
            let letters = (half(entry, 64).unwrap_or(0) as usize / 2)
                .saturating_sub(1)
                .min(31);
            let units: Vec<u16> = (0..letters).filter_map(|index| half(entry, index * 2)).collect();
            let name = String::from_utf16_lossy(&units);
            if !name.eq_ignore_ascii_case("workbook") && !name.eq_ignore_ascii_case("book") {
                continue;
            }
            let first = word(entry, 116)?;
            streams.push(if (word(entry, 120)? as usize) < SMALL_BYTES {
                joined(first, &small_next, small_next.len(), small_sector)?
            } else {
                self.chain(first)?
            });
        }
        Some(streams)
    }
}

/// The sectors of a chain, one behind the other; one that goes on for ever is none.
fn joined<'s>(
    first: u32,
    next: &[u32],
    most: usize,
    sector: impl Fn(u32) -> Option<&'s [u8]>,
) -> Option<Vec<u8>> {
    let mut stream = Vec::new();
    let mut number = first;
    let mut left = most;
    while number < NO_SECTOR {
        left = left.checked_sub(1)?;
        stream.extend_from_slice(sector(number)?);
        number = *next.get(number as usize)?;
    }
    Some(stream)
}
