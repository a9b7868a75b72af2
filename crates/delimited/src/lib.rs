//! Delimited text (CSV) in rows, in memory that no file can fill.
//!
//! [`Splitter`] cuts blocks of bytes into records; [`Rows`] reads a whole source with it: UTF-8 or GB 18030, a head, rows
//! of as many cells, each refused by its line. Both know the same bounds of a record, a field and the number of fields.

mod marks;
mod rows;
mod split;

pub use rows::{Row, Rows};
pub use split::{Fields, RECORD_BYTES_MAX, SplitError, Splitter};
