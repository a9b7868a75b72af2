//! Splits delimited text (RFC 4180 with any one-byte delimiter) into records, over blocks that end anywhere.
//!
//! Why not a library: intake is measured against DuckDB and Polars, and needs two things the crates do not give
//! together: the line on which each record and each open quote began, and a bound on the length of one record, so
//! that one unclosed quote cannot swallow a file (decision 0004). Delimiters, line ends and quotes are found 64 bytes at
//! a time; a record without a quote, nearly all of them, is cut there. Cost is a little over one read of its bytes.

use memchr::{memchr, memchr_iter, memchr2};

use super::marks::Marks;

/// The longest record that is read, in bytes. Longer ones are a sign of an unclosed quote or of a file that is no table.
pub const RECORD_BYTES_MAX: usize = 1 << 20;
/// The longest field of a record, in bytes.
pub const FIELD_BYTES_MAX: usize = 1 << 16;
/// The most fields a record may have.
const FIELDS_MAX: usize = 4_096;

/// Why text could not be split, with the line it was seen on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SplitError {
    /// Stable code.
    pub code: &'static str,
    /// Line of the file, from 1.
    pub line: u64,
}

/// One record: its fields as ranges of the buffer, and where it began.
#[derive(Debug, Default)]
pub struct Record {
    fields: Vec<(u32, u32)>,
    /// Quoted fields in which doubled quotes stand, undoubled; a field that points past the buffer points in here.
    unquoted: Vec<u8>,
    base: usize,
    length: usize,
    /// Line of the file on which the record began, from 1.
    pub line: u64,
    /// Whether a line end closed the record (the last one of a file may lack it).
    pub closed: bool,
}

/// A borrowed view of a record's fields.
#[derive(Debug, Clone, Copy)]
pub struct Fields<'a> {
    record: &'a Record,
    bytes: &'a [u8],
}

impl<'a> Fields<'a> {
    /// The field at `index`, empty where the record is shorter.
    #[must_use]
    pub fn get(self, index: usize) -> &'a [u8] {
        let Some(&(start, end)) = self.record.fields.get(index) else {
            return &[];
        };
        let (start, end) = (start as usize, end as usize);
        if start >= self.record.length {
            let shift = self.record.length;
            return self
                .record
                .unquoted
                .get(start - shift..end - shift)
                .unwrap_or_default();
        }
        self.bytes
            .get(self.record.base + start..self.record.base + end)
            .unwrap_or_default()
    }

    /// How many fields the record has.
    #[must_use]
    pub fn len(self) -> usize {
        self.record.fields.len()
    }
}

/// Feeds on blocks of text and gives records.
#[derive(Debug)]
pub struct Splitter {
    delimiter: u8,
    buffer: Vec<u8>,
    position: usize,
    marks: Marks,
    line: u64,
    ended: bool,
    record: Record,
}

impl Splitter {
    /// A splitter for fields parted by `delimiter`.
    #[must_use]
    pub fn new(delimiter: u8) -> Self {
        Self {
            delimiter,
            buffer: Vec::new(),
            position: 0,
            marks: Marks::of(delimiter),
            line: 1,
            ended: false,
            record: Record::default(),
        }
    }

    /// Adds a block of text behind what has not been read yet; gives back memory that is no longer needed.
    pub fn feed(&mut self, block: Vec<u8>) -> Vec<u8> {
        let used = if self.position >= self.buffer.len() {
            std::mem::replace(&mut self.buffer, block)
        } else {
            self.buffer.drain(..self.position);
            self.buffer.extend_from_slice(&block);
            block
        };
        self.go_to(0);
        used
    }

    /// Says that no block follows: what remains is the last record.
    pub fn end(&mut self) {
        self.ended = true;
    }

    /// Moves to the next record that is whole in what was fed; false means: feed more, or the file has ended.
    ///
    /// # Errors
    /// `sales.unclosed_quote`, `sales.record_too_long`, `sales.field_too_long`, `sales.too_many_fields`.
    pub fn advance(&mut self) -> Result<bool, SplitError> {
        loop {
            let begin = self.position;
            if begin >= self.buffer.len() {
                return Ok(false);
            }
            let Some(end) = self.cut_fields(begin) else {
                return self.advance_quoted();
            };
            let (end, closed) = match end {
                RecordEnd::LineEnd(at) => (at, true),
                RecordEnd::TextEnd if self.ended => (self.buffer.len(), false),
                RecordEnd::TextEnd => return self.wait(begin),
            };
            if end - begin > RECORD_BYTES_MAX {
                return Err(self.error("sales.record_too_long"));
            }
            let line = self.line;
            self.position = end + usize::from(closed);
            self.line += 1;
            let text = self.buffer.get(begin..end).unwrap_or_default();
            let length = text.strip_suffix(b"\r").unwrap_or(text).len();
            if length == 0 {
                continue;
            }
            let record = &mut self.record;
            let last = (
                record.fields.last().map_or(0, |&(_, end)| end + 1),
                narrow(length),
            );
            record.fields.push(last);
            (record.base, record.length, record.line, record.closed) = (begin, length + 1, line, closed);
            record.unquoted.clear();
            self.check_sizes()?;
            return Ok(true);
        }
    }

    /// Cuts all fields but the last of the record at `begin`; none where a quote stands in it.
    fn cut_fields(&mut self, begin: usize) -> Option<RecordEnd> {
        let fields = &mut self.record.fields;
        fields.clear();
        let mut start = 0;
        while let Some(at) = self.marks.next_in(&self.buffer) {
            match self.buffer.get(at) {
                Some(b'\n') => return Some(RecordEnd::LineEnd(at)),
                Some(b'"') => return None,
                _ => {
                    let end = narrow(at - begin);
                    fields.push((start, end));
                    start = end + 1;
                }
            }
        }
        Some(RecordEnd::TextEnd)
    }

    /// The record that `advance` moved to.
    #[must_use]
    pub fn fields(&self) -> Fields<'_> {
        Fields {
            record: &self.record,
            bytes: &self.buffer,
        }
    }

    /// Where the record that `advance` moved to began, and whether a line end closed it.
    #[must_use]
    pub fn place(&self) -> (u64, bool) {
        (self.record.line, self.record.closed)
    }

    fn go_to(&mut self, position: usize) {
        self.position = position;
        self.marks.go_to(position);
    }

    fn error(&self, code: &'static str) -> SplitError {
        SplitError {
            code,
            line: self.line,
        }
    }

    /// Asks for more text behind the record that began at `begin`.
    fn wait(&mut self, begin: usize) -> Result<bool, SplitError> {
        self.marks.go_to(begin);
        if self.buffer.len() - begin > RECORD_BYTES_MAX {
            Err(self.error("sales.record_too_long"))
        } else {
            Ok(false)
        }
    }

    fn check_sizes(&self) -> Result<(), SplitError> {
        let too_long = self.record.length > FIELD_BYTES_MAX
            && self
                .record
                .fields
                .iter()
                .any(|(start, end)| (end - start) as usize > FIELD_BYTES_MAX);
        let at = |code| {
            Err(SplitError {
                code,
                line: self.record.line,
            })
        };
        match (too_long, self.record.fields.len() > FIELDS_MAX) {
            (true, _) => at("sales.field_too_long"),
            (_, true) => at("sales.too_many_fields"),
            _ => Ok(()),
        }
    }

    /// A record with quotes in it: read byte by byte. Fields land in `unquoted`, whose ranges begin behind the record.
    fn advance_quoted(&mut self) -> Result<bool, SplitError> {
        let begin = self.position;
        let rest = self.buffer.get(begin..).unwrap_or_default();
        let Some(end) = quoted_record_end(rest, self.delimiter) else {
            let waiting = rest.len();
            self.marks.go_to(begin);
            return self.quoted_without_end(waiting);
        };
        let (text_end, next) = match end {
            RecordEnd::LineEnd(at) => (at, true),
            RecordEnd::TextEnd if self.ended => (rest.len(), false),
            RecordEnd::TextEnd => return self.wait(begin),
        };
        if text_end > RECORD_BYTES_MAX {
            return Err(self.error("sales.record_too_long"));
        }
        let text = rest.get(..text_end).unwrap_or_default();
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        let record = &mut self.record;
        record.fields.clear();
        record.unquoted.clear();
        (record.base, record.length, record.line, record.closed) = (begin, 0, self.line, next);
        unquote(text, self.delimiter, record);
        self.line += memchr_iter(b'\n', text).count() as u64 + 1;
        self.go_to(begin + text_end + usize::from(next));
        // All fields of a quoted record stand in `unquoted`, so the record's own length counts as nothing.
        let longest = self
            .record
            .fields
            .iter()
            .map(|(start, end)| (end - start) as usize)
            .max()
            .unwrap_or(0);
        if longest > FIELD_BYTES_MAX {
            return Err(SplitError {
                code: "sales.field_too_long",
                line: self.record.line,
            });
        }
        self.check_sizes()?;
        Ok(true)
    }

    fn quoted_without_end(&self, waiting: usize) -> Result<bool, SplitError> {
        match (self.ended, waiting > RECORD_BYTES_MAX) {
            (true, _) => Err(self.error("sales.unclosed_quote")),
            (_, true) => Err(self.error("sales.field_too_long")),
            _ => Ok(false),
        }
    }
}

fn narrow(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

enum RecordEnd {
    LineEnd(usize),
    TextEnd,
}

/// Where the record ends; none while a quote stands open.
fn quoted_record_end(text: &[u8], delimiter: u8) -> Option<RecordEnd> {
    let mut at = 0;
    loop {
        // At the start of a field.
        if text.get(at) == Some(&b'"') {
            at += 1;
            loop {
                at += memchr(b'"', text.get(at..)?)? + 1;
                if text.get(at) != Some(&b'"') {
                    break;
                }
                at += 1;
            }
        }
        match memchr2(delimiter, b'\n', text.get(at..)?) {
            None => return Some(RecordEnd::TextEnd),
            Some(step) if text.get(at + step) == Some(&b'\n') => return Some(RecordEnd::LineEnd(at + step)),
            Some(step) => at += step + 1,
        }
    }
}

/// Appends the fields of `text` to `record.unquoted`.
fn unquote(text: &[u8], delimiter: u8, record: &mut Record) {
    let mut at = 0;
    loop {
        let start = record.unquoted.len();
        if text.get(at) == Some(&b'"') {
            at += 1;
            while let Some(step) = text.get(at..).and_then(|rest| memchr(b'"', rest)) {
                record
                    .unquoted
                    .extend_from_slice(text.get(at..at + step).unwrap_or_default());
                at += step + 1;
                if text.get(at) != Some(&b'"') {
                    break;
                }
                record.unquoted.push(b'"');
                at += 1;
            }
        }
        let step = text.get(at..).and_then(|rest| memchr(delimiter, rest));
        let end = step.map_or(text.len(), |step| at + step);
        record
            .unquoted
            .extend_from_slice(text.get(at..end).unwrap_or_default());
        record.fields.push((narrow(start), narrow(record.unquoted.len())));
        if step.is_none() {
            return;
        }
        at = end + 1;
    }
}

#[cfg(test)]
mod tests;
