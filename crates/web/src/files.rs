//! Files to keep, sent whole or as they are read, and lists as CSV among them.
//!
//! A CSV is UTF-8 with a mark by which spreadsheets know it; its heads are in the language of the page, its amounts plain. A
//! text that a spreadsheet would take for a formula is led by `'`, so that nothing someone typed is computed by who opens
//! it. Rows are read part by part, and no reader of the store is held between parts: a slow reader of the file holds none.

use std::io;

use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use futures::future::BoxFuture;
use kernel::{Money, Refusal};

use crate::error::WebError;

const CSV: &str = "text/csv; charset=utf-8";
/// Rows that are read at once, where it makes no difference.
pub(crate) const PART: i64 = 500;
/// By what a spreadsheet knows UTF-8.
const MARK: &str = "\u{feff}";
/// What a spreadsheet begins a formula with; a Chinese one takes full width too.
const FORMULA: [char; 10] = ['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r'];

/// A file to keep, under a name of ASCII letters, digits, `.` and `-`.
pub(crate) fn file(name: &str, kind: &'static str, body: impl Into<Body>) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    let head = [
        (CONTENT_TYPE, kind.to_owned()),
        (CONTENT_DISPOSITION, disposition),
    ];
    (head, body.into()).into_response()
}

/// The answer has begun, so the reader is cut off, and the log is told why.
#[expect(clippy::needless_pass_by_value, reason = "an error is mapped by it")]
pub(crate) fn cut_off(refusal: Refusal) -> io::Error {
    tracing::error!(
        code = refusal.code,
        context = refusal.context(),
        "a file was cut off"
    );
    io::Error::other(refusal.code)
}

/// What stands in one cell.
pub(crate) struct Cell(String);

impl Cell {
    /// Words, whoever wrote them.
    pub(crate) fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        Self(if text.starts_with(FORMULA) {
            format!("'{text}")
        } else {
            text
        })
    }

    /// An amount in yuan.
    pub(crate) fn yuan(amount: Money) -> Self {
        Self(amount.to_string())
    }

    /// A number of things.
    pub(crate) fn count(number: i64) -> Self {
        Self(number.to_string())
    }
}

/// Rows that were read together, and the key of the last; with none of either the list is at its end.
pub(crate) struct Part<K> {
    rows: Vec<Vec<Cell>>,
    last: Option<K>,
}

impl<K> Part<K> {
    /// Of what was read.
    pub(crate) fn of<T>(read: &[T], key: impl Fn(&T) -> K, row: impl Fn(&T) -> Vec<Cell>) -> Self {
        Self {
            rows: read.iter().map(row).collect(),
            last: read.last().map(key),
        }
    }
}

/// Reads the rows after a key; from the first where there is none.
pub(crate) type Read<K> = Box<dyn FnMut(Option<K>) -> BoxFuture<'static, Result<Part<K>, Refusal>> + Send>;

/// What is yet to be sent.
enum Left<K> {
    Heads(Vec<Cell>),
    After(Option<K>),
}

/// A short list, which was read whole, as a CSV.
pub(crate) fn short_list(name: &str, heads: &[&str], rows: Vec<Vec<Cell>>) -> Result<Response, WebError> {
    let heads = heads.iter().copied().map(Cell::text).collect();
    let rows: Vec<Vec<Cell>> = std::iter::once(heads).chain(rows).collect();
    let rows = written(&rows).map_err(|_| WebError::no_page())?;
    Ok(file(name, CSV, [MARK.as_bytes(), &rows].concat()))
}

/// A list as a CSV, sent as it is read.
pub(crate) fn list<K: Send + 'static>(name: &str, heads: &[&str], read: Read<K>) -> Response {
    let heads = heads.iter().copied().map(Cell::text).collect();
    let parts = futures::stream::try_unfold((Left::Heads(heads), read), async |(left, mut read)| {
        let (bytes, left) = match left {
            Left::Heads(heads) => {
                let bytes = [MARK.as_bytes(), &written(&[heads])?].concat();
                (bytes, Left::After(None))
            }
            Left::After(key) => {
                let part = read(key).await.map_err(cut_off)?;
                let Some(last) = part.last else { return Ok(None) };
                (written(&part.rows)?, Left::After(Some(last)))
            }
        };
        Ok::<_, io::Error>(Some((Bytes::from(bytes), (left, read))))
    });
    file(name, CSV, Body::from_stream(parts))
}

fn written(rows: &[Vec<Cell>]) -> io::Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    for row in rows {
        writer.write_record(row.iter().map(|cell| cell.0.as_bytes()))?;
    }
    writer.into_inner().map_err(csv::IntoInnerError::into_error)
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;

    use super::*;

    #[test]
    fn what_a_spreadsheet_would_compute_is_led_by_a_quote_and_amounts_are_not() {
        for text in ["=1+1", "+8613", "-2", "@SUM(A1)", "\t=1", "＝1", "－1"] {
            assert_eq!(Cell::text(text).0, format!("'{text}"));
        }
        for text in ["", "a=1", "苹果", "1-2", "'=1"] {
            assert_eq!(Cell::text(text).0, text);
        }
        assert_eq!(Cell::yuan(Money::from_fen(-1_250)).0, "-12.50");
    }

    /// Numbers below `end`, as a list.
    fn numbers(end: i64) -> Response {
        let read = move |after: Option<i64>| -> BoxFuture<'static, Result<Part<i64>, Refusal>> {
            let first = after.map_or(0, |after| after + 1);
            let rows: Vec<i64> = (first..end).take(500).collect();
            Box::pin(async move { Ok(Part::of(&rows, |row| *row, |row| vec![Cell::count(*row)])) })
        };
        list("numbers.csv", &["数"], Box::new(read))
    }

    #[tokio::test]
    async fn every_row_is_sent_once_over_several_parts() {
        for end in [0, 1, 499, 500, 501, 1_000, 1_234] {
            let bytes = to_bytes(numbers(end).into_body(), usize::MAX).await.unwrap();
            let text = String::from_utf8(bytes.to_vec()).unwrap();
            let mut lines = text.lines();
            assert_eq!(lines.next(), Some("\u{feff}数"));
            let read: Vec<i64> = lines.map(|line| line.parse().unwrap()).collect();
            assert_eq!(read, (0..end).collect::<Vec<i64>>());
        }
    }
}
