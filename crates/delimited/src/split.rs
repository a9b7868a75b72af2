//! Splits delimited text (RFC 4180 with any one-byte delimiter) into records, over blocks that end anywhere.
//!
//! Why not a library: intake is measured against DuckDB and Polars, and needs two things the crates do not give
//! together: the line on which each record and each open quote began, and a bound on the length of one record, so
//! that one unclosed quote cannot swallow a file (decision 0004). The delimiters, line ends and quotes of a block are listed
//! together; a record without a quote, nearly all of them, is a part of that list. Cost is a little over one read of its bytes.

use memchr::{memchr, memchr_iter, memchr2};

use crate::marks::Marks;

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

/// One record: where it stands, and what of it cannot be read where it stands.
#[derive(Debug, Default)]
struct Record {
    /// Its text, without the line end.
    text: (usize, usize),
    /// The marks between its fields.
    marks: (usize, usize),
    /// Whether its fields were copied to `unquoted`, each with a byte behind it.
    is_quoted: bool,
    unquoted: Vec<u8>,
    /// Where those bytes are, but the last.
    unquoted_ends: Vec<u32>,
    /// Line of the file on which the record began, from 1.
    line: u64,
    /// Whether a line end closed the record (the last one of a file may lack it).
    closed: bool,
}

/// A borrowed view of a record's fields.
#[derive(Debug, Clone, Copy)]
pub struct Fields<'a> {
    /// Where each field but the last ends; the next one begins a byte behind.
    ends: &'a [u32],
    /// Where the first begins and the last ends.
    span: (usize, usize),
    bytes: &'a [u8],
}

impl<'a> Fields<'a> {
    /// The field at `index`, empty where the record is shorter.
    #[must_use]
    #[inline]
    pub fn get(self, index: usize) -> &'a [u8] {
        let (begin, end) = self.span;
        let start = match index.checked_sub(1) {
            None => begin,
            Some(before) => match self.ends.get(before) {
                Some(&mark) => mark as usize + 1,
                None => return &[],
            },
        };
        let end = self.ends.get(index).map_or(end, |&mark| mark as usize);
        self.bytes.get(start..end).unwrap_or_default()
    }

    /// The record as it stands, quotes aside.
    pub(crate) fn text(self) -> &'a [u8] {
        let (begin, end) = self.span;
        self.bytes.get(begin..end).unwrap_or_default()
    }

    /// Where in that text a field is; behind its end where the record is shorter.
    pub(crate) fn place(self, index: usize) -> (usize, usize) {
        let (begin, end) = self.span;
        let start = match index.checked_sub(1) {
            None => begin,
            Some(before) => self.ends.get(before).map_or(end, |&mark| mark as usize + 1),
        };
        let end = self.ends.get(index).map_or(end, |&mark| mark as usize);
        (start - begin, end - begin)
    }

    /// How many fields the record has.
    #[must_use]
    #[inline]
    pub fn count(self) -> usize {
        self.ends.len() + 1
    }

    fn longest(self) -> usize {
        (0..self.count())
            .map(|index| self.get(index).len())
            .max()
            .unwrap_or(0)
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
        self.position = 0;
        self.marks.find_in(&self.buffer);
        used
    }

    /// Says that no block follows: what remains is the last record.
    pub fn end(&mut self) {
        self.ended = true;
    }

    /// Moves to the next record that is whole in what was fed; false means: feed more, or the file has ended.
    ///
    /// # Errors
    /// `delimited.unclosed_quote`, `delimited.record_too_long`, `delimited.field_too_long`, `delimited.too_many_fields`.
    pub fn advance(&mut self) -> Result<bool, SplitError> {
        loop {
            let begin = self.position;
            if begin >= self.buffer.len() {
                return Ok(false);
            }
            let found = self.marks.up_to_stop();
            let (end, closed) = match found.stop {
                Some(at) if self.buffer.get(at) == Some(&b'"') => return self.advance_quoted(),
                Some(at) => (at, true),
                None if self.ended => (self.buffer.len(), false),
                None => return self.wait(begin),
            };
            if end - begin > RECORD_BYTES_MAX {
                return Err(self.error("delimited.record_too_long"));
            }
            let line = self.line;
            self.position = end + usize::from(closed);
            self.line += 1;
            self.marks.pass_stop();
            let text = self.buffer.get(begin..end).unwrap_or_default();
            let length = text.strip_suffix(b"\r").unwrap_or(text).len();
            if length == 0 {
                continue;
            }
            let record = &mut self.record;
            (record.text, record.marks) = ((begin, begin + length), found.marks);
            (record.is_quoted, record.line, record.closed) = (false, line, closed);
            self.check_sizes(length)?;
            return Ok(true);
        }
    }

    /// The record that `advance` moved to.
    #[must_use]
    #[inline]
    pub fn fields(&self) -> Fields<'_> {
        let record = &self.record;
        if record.is_quoted {
            return Fields {
                ends: &record.unquoted_ends,
                span: (0, record.unquoted.len()),
                bytes: &record.unquoted,
            };
        }
        Fields {
            ends: self.marks.places(record.marks),
            span: record.text,
            bytes: &self.buffer,
        }
    }

    /// Where the record that `advance` moved to began, and whether a line end closed it.
    #[must_use]
    #[inline]
    pub fn place(&self) -> (u64, bool) {
        (self.record.line, self.record.closed)
    }

    fn error(&self, code: &'static str) -> SplitError {
        SplitError {
            code,
            line: self.line,
        }
    }

    /// Asks for more text behind the record that began at `begin`.
    fn wait(&self, begin: usize) -> Result<bool, SplitError> {
        if self.buffer.len() - begin > RECORD_BYTES_MAX {
            Err(self.error("delimited.record_too_long"))
        } else {
            Ok(false)
        }
    }

    /// Checks the record that was moved to, whose text has `bytes`.
    fn check_sizes(&self, bytes: usize) -> Result<(), SplitError> {
        let fields = self.fields();
        let code = if bytes > FIELD_BYTES_MAX && fields.longest() > FIELD_BYTES_MAX {
            "delimited.field_too_long"
        } else if fields.count() > FIELDS_MAX {
            "delimited.too_many_fields"
        } else {
            return Ok(());
        };
        let line = self.record.line;
        Err(SplitError { code, line })
    }

    /// A record with quotes in it: read byte by byte, its fields copied.
    fn advance_quoted(&mut self) -> Result<bool, SplitError> {
        let begin = self.position;
        let rest = self.buffer.get(begin..).unwrap_or_default();
        let Some(end) = quoted_record_end(rest, self.delimiter) else {
            return self.quoted_without_end(rest.len());
        };
        let (text_end, closed) = match end {
            RecordEnd::LineEnd(at) => (at, true),
            RecordEnd::TextEnd if self.ended => (rest.len(), false),
            RecordEnd::TextEnd => return self.wait(begin),
        };
        if text_end > RECORD_BYTES_MAX {
            return Err(self.error("delimited.record_too_long"));
        }
        let text = rest.get(..text_end).unwrap_or_default();
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        let record = &mut self.record;
        (record.is_quoted, record.line, record.closed) = (true, self.line, closed);
        unquote(text, self.delimiter, record);
        self.line += memchr_iter(b'\n', text).count() as u64 + 1;
        self.position = begin + text_end + usize::from(closed);
        self.marks.pass_before(self.position);
        self.check_sizes(text_end)?;
        Ok(true)
    }

    fn quoted_without_end(&self, waiting: usize) -> Result<bool, SplitError> {
        match (self.ended, waiting > RECORD_BYTES_MAX) {
            (true, _) => Err(self.error("delimited.unclosed_quote")),
            (_, true) => Err(self.error("delimited.field_too_long")),
            _ => Ok(false),
        }
    }
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

/// Copies the fields of `text`, undoubling the quotes in them.
fn unquote(text: &[u8], delimiter: u8, record: &mut Record) {
    record.unquoted.clear();
    record.unquoted_ends.clear();
    let mut at = 0;
    loop {
        if text.get(at) == Some(&b'"') {
            at += 1;
            while let Some(step) = text.get(at..).and_then(|rest| memchr(b'"', rest)) {
                let part = text.get(at..at + step).unwrap_or_default();
                record.unquoted.extend_from_slice(part);
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
        if step.is_none() {
            return;
        }
        let mark = u32::try_from(record.unquoted.len()).unwrap_or(u32::MAX);
        record.unquoted_ends.push(mark);
        record.unquoted.push(delimiter);
        at = end + 1;
    }
}

#[cfg(test)]
mod tests;
