//! A source of delimited text read row by row: UTF-8 or GB 18030, a head of names, then rows of as many cells.
//!
//! One block and one row are in memory at a time. Rows are cut before they are decoded, which is right for both
//! encodings: no byte behind the first of a character of GB 18030 is a comma, a quote or a line end. A source is UTF-8
//! when the first row with a byte above 127 is, else GB 18030.

use std::io::{self, Read};
use std::sync::Arc;

use encoding_rs::GB18030;
use kernel::{Fault, Refusal};

use crate::split::{Fields, Splitter};

/// Bytes read at a time.
const BLOCK_BYTES: usize = 1 << 18;
const BYTE_ORDER_MARK: &[u8] = &[0xEF, 0xBB, 0xBF];

/// An open source, its head read.
pub struct Rows<R> {
    name: Arc<str>,
    source: R,
    is_at_end: bool,
    spare: Vec<u8>,
    splitter: Splitter,
    encoding: Encoding,
    head: Vec<String>,
    decoded: Decoded,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Encoding {
    /// All was ASCII so far.
    Unknown,
    Utf8,
    Gb18030,
}

/// The cells of a row of GB 18030, one behind the other.
#[derive(Default)]
struct Decoded {
    text: String,
    places: Vec<(usize, usize)>,
}

/// A row.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    name: &'a Arc<str>,
    line: u64,
    text: &'a str,
    places: Places<'a>,
}

#[derive(Clone, Copy)]
enum Places<'a> {
    Found(Fields<'a>),
    Decoded(&'a [(usize, usize)]),
}

impl<R: Read> Rows<R> {
    /// Reads the head of comma-separated text. Refused with `delimited.empty` where there is none, and for what a row is
    /// refused for.
    pub fn open(source: R, name: &str) -> Result<Self, Refusal> {
        let mut rows = Self {
            name: name.into(),
            source,
            is_at_end: false,
            spare: Vec::new(),
            splitter: Splitter::new(b','),
            encoding: Encoding::Unknown,
            head: Vec::new(),
            decoded: Decoded::default(),
        };
        if !rows.advance()? {
            return Err(Refusal::new("delimited.empty", Fault::Refused).at(name));
        }
        let head = rows.row()?.cells();
        rows.head = head
            .map(|cell| cell.trim_start_matches('\u{FEFF}').trim().to_owned())
            .collect();
        Ok(rows)
    }

    /// The names of the columns, without blanks around them.
    pub fn head(&self) -> &[String] {
        &self.head
    }

    /// The name of the source.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The next row; none at the end. Refused with `delimited.row_cut_off` (more or fewer cells than the head),
    /// `delimited.bad_text` (neither UTF-8 nor GB 18030), `delimited.unreadable`, and for what [`Splitter::advance`] is.
    pub fn next_row(&mut self) -> Result<Option<Row<'_>>, Refusal> {
        if !self.advance()? {
            return Ok(None);
        }
        let (found, wanted) = (self.splitter.fields().count(), self.head.len());
        if found != wanted {
            return Err(Refusal::new("delimited.row_cut_off", Fault::Refused)
                .at(self.place())
                .fact("found", found)
                .fact("wanted", wanted));
        }
        self.row().map(Some)
    }

    fn advance(&mut self) -> Result<bool, Refusal> {
        loop {
            let advanced = self.splitter.advance().map_err(|error| {
                Refusal::new(error.code, Fault::Refused).at(format!("{}:{}", self.name, error.line))
            })?;
            if advanced || self.is_at_end {
                return Ok(advanced);
            }
            let mut block = std::mem::take(&mut self.spare);
            block.resize(BLOCK_BYTES, 0);
            let read = read(&mut self.source, &mut block).map_err(|error| {
                Refusal::new("delimited.unreadable", Fault::Refused)
                    .at(&self.name)
                    .fact("cause", error)
            })?;
            block.truncate(read);
            if read == 0 {
                self.is_at_end = true;
                self.splitter.end();
            } else {
                self.spare = self.splitter.feed(block);
            }
        }
    }

    /// The row that the splitter stands at, as text.
    fn row(&mut self) -> Result<Row<'_>, Refusal> {
        let (line, bytes) = (self.splitter.place().0, self.splitter.fields().text());
        if self.encoding == Encoding::Unknown && !bytes.is_ascii() {
            let is_utf8 = bytes.starts_with(BYTE_ORDER_MARK) || std::str::from_utf8(bytes).is_ok();
            self.encoding = if is_utf8 {
                Encoding::Utf8
            } else {
                Encoding::Gb18030
            };
        }
        if self.encoding == Encoding::Gb18030 {
            let decoded = self.decoded.take(self.splitter.fields());
            decoded.map_err(|cell| self.bad_text(cell, "GB 18030"))?;
            return Ok(Row {
                name: &self.name,
                line,
                text: &self.decoded.text,
                places: Places::Decoded(&self.decoded.places),
            });
        }
        let fields = self.splitter.fields();
        let Ok(text) = simdutf8::basic::from_utf8(fields.text()) else {
            let mut cells = (0..fields.count()).map(|at| fields.get(at));
            let bad = cells.position(|cell| std::str::from_utf8(cell).is_err());
            return Err(self.bad_text(bad.unwrap_or(0), "UTF-8"));
        };
        Ok(Row {
            name: &self.name,
            line,
            text,
            places: Places::Found(fields),
        })
    }

    fn place(&self) -> String {
        format!("{}:{}", self.name, self.splitter.place().0)
    }

    fn bad_text(&self, cell: usize, encoding: &str) -> Refusal {
        let column = self
            .head
            .get(cell)
            .cloned()
            .unwrap_or_else(|| (cell + 1).to_string());
        Refusal::new("delimited.bad_text", Fault::Refused)
            .at(format!("{}:{column}", self.place()))
            .fact("encoding", encoding)
    }
}

impl Decoded {
    /// Decodes the cells of a row; else the first that is no text.
    fn take(&mut self, fields: Fields<'_>) -> Result<(), usize> {
        self.text.clear();
        self.places.clear();
        for at in 0..fields.count() {
            let cell = GB18030.decode_without_bom_handling_and_without_replacement(fields.get(at));
            let start = self.text.len();
            self.text.push_str(&cell.ok_or(at)?);
            self.places.push((start, self.text.len()));
        }
        Ok(())
    }
}

impl<'a> Row<'a> {
    /// The text of a cell as it stands; empty where there is none.
    #[inline]
    pub fn text(&self, at: usize) -> &'a str {
        let (start, end) = match self.places {
            Places::Found(fields) => fields.place(at),
            Places::Decoded(places) => places.get(at).copied().unwrap_or_default(),
        };
        self.text.get(start..end).unwrap_or_default()
    }

    /// All cells, in the order of the head.
    pub fn cells(self) -> impl Iterator<Item = &'a str> {
        let len = match self.places {
            Places::Found(fields) => fields.count(),
            Places::Decoded(places) => places.len(),
        };
        (0..len).map(move |at| self.text(at))
    }

    /// Its line in the source, from 1: the one on which it begins.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// The name of its source.
    pub fn source(&self) -> &'a Arc<str> {
        self.name
    }
}

fn read(source: &mut impl Read, block: &mut [u8]) -> io::Result<usize> {
    loop {
        match source.read(block) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            read => return read,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives a byte at a time.
    struct Slow<'a>(&'a [u8]);

    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let step = self.0.len().min(1);
            let (now, rest) = self.0.split_at(step);
            buffer[..step].copy_from_slice(now);
            self.0 = rest;
            Ok(step)
        }
    }

    fn all(bytes: &[u8]) -> Result<Vec<Vec<String>>, Refusal> {
        let mut rows = Rows::open(Slow(bytes), "f.csv")?;
        let mut all = vec![rows.head().to_vec()];
        while let Some(row) = rows.next_row()? {
            all.push(row.cells().map(str::to_owned).collect());
        }
        Ok(all)
    }

    #[test]
    fn both_encodings_are_read_with_and_without_a_byte_order_mark() {
        let text = "id, 姓名\n1,\"张,三\"\n\n2,李四\n";
        let wanted = vec![vec!["id", "姓名"], vec!["1", "张,三"], vec!["2", "李四"]];
        let (gb18030, _, _) = GB18030.encode(text);
        let marked = [BYTE_ORDER_MARK, text.as_bytes()].concat();
        for bytes in [text.as_bytes(), &gb18030, &marked] {
            assert_eq!(all(bytes).unwrap(), wanted);
        }
    }

    #[test]
    fn what_is_no_table_is_refused_by_line() {
        let long = ["id,name\n1,", &"x".repeat(3 << 20)].concat();
        let cases: [(&[u8], &str, &str); 8] = [
            (b"", "delimited.empty", "f.csv"),
            (b"\n\n", "delimited.empty", "f.csv"),
            (b"id,name\n1,a\n2\n", "delimited.row_cut_off", "f.csv:3"),
            (b"id,name\n1,\"a\n\n2,b\n", "delimited.unclosed_quote", "f.csv:2"),
            (b"id,name\n1,\xff\xff\n", "delimited.bad_text", "f.csv:2:name"),
            ("id,name\n1,张\n2,\u{fffd}\n".as_bytes(), "", ""),
            (
                b"id,name\n1,\xe5\xbc\xa0\n2,\xff\n",
                "delimited.bad_text",
                "f.csv:3:name",
            ),
            (long.as_bytes(), "delimited.record_too_long", "f.csv:2"),
        ];
        for (bytes, code, at) in cases {
            let mut rows = Rows::open(bytes, "f.csv");
            let refusal = loop {
                match rows.as_mut().map(Rows::next_row) {
                    Ok(Ok(Some(_))) => {}
                    Ok(Ok(None)) => break None,
                    Ok(Err(refusal)) => break Some(refusal),
                    Err(refusal) => break Some(refusal.clone()),
                }
            };
            let found = refusal.map_or((String::new(), String::new()), |refusal| {
                (refusal.code.to_owned(), refusal.at.unwrap_or_default())
            });
            assert_eq!(found, (code.to_owned(), at.to_owned()));
        }
    }
}
