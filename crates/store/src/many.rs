//! Statements for many rows at once, put together when the program is compiled: `VALUES ($1,$2),($3,$4),…`.
//!
//! A statement costs a trip to the thread or the server of the database; a row inside one costs almost nothing. Each
//! statement stands in a few lengths, and the rows take the shortest that holds them all: one trip for up to the
//! longest. The places left over are filled with NULL, which no list has and no insert takes.

use kernel::Refusal;

use crate::ctx::Ctx;
use crate::sql::GIVEN_ROWS;
use crate::value::{Arg, Row};

/// The lengths in which a statement stands, in rows. The longest stays far below the parameters both databases take
/// (32,766 and 65,535).
pub const LENGTHS: [usize; 8] = [1, 2, 4, 8, 16, 32, 64, 128];

/// A statement in its lengths.
#[derive(Clone, Copy, Debug)]
pub struct Many {
    /// The parameters of a row: `T` for text, `I` for a whole number.
    pub row: &'static str,
    /// The texts, by [`LENGTHS`].
    pub texts: [&'static str; LENGTHS.len()],
}

impl Many {
    /// Runs it for all rows, whose parameters stand one row after the other; answers how many rows were changed.
    pub async fn execute(&self, ctx: &mut Ctx, args: Vec<Arg>) -> Result<u64, Refusal> {
        let mut changed = 0;
        for (text, part) in self.parts(args) {
            changed += ctx.execute(text, part).await?;
        }
        Ok(changed)
    }

    /// Asks it for all rows.
    pub async fn rows(&self, ctx: &mut Ctx, args: Vec<Arg>) -> Result<Vec<Row>, Refusal> {
        let mut rows = Vec::new();
        for (text, part) in self.parts(args) {
            rows.extend(ctx.rows(text, part).await?);
        }
        Ok(rows)
    }

    fn parts(&self, args: Vec<Arg>) -> impl Iterator<Item = (&'static str, Vec<Arg>)> {
        let (row, columns, texts) = (self.row, self.row.len(), self.texts);
        let mut args = args.into_iter();
        std::iter::from_fn(move || {
            let left = args.len() / columns;
            let mut lengths = LENGTHS.into_iter().zip(texts).filter(|_| left > 0);
            let longest = lengths.clone().next_back();
            let (rows, text) = lengths.find(|(rows, _)| *rows >= left).or(longest)?;
            let mut part = args.by_ref().take(rows * columns).collect::<Vec<_>>();
            part.extend(row.bytes().map(null).cycle().take(rows * columns - part.len()));
            Some((text, part))
        })
    }
}

fn null(kind: u8) -> Arg {
    if kind == b'T' {
        Arg::Text(None)
    } else {
        Arg::Int(None)
    }
}

/// How the parameters of many rows are written.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// Rows to insert. Both databases call the columns of `VALUES` `column1` and so on; PostgreSQL takes their types from the
    /// first row.
    Rows,
    /// `($1,$2,$3,$4)`
    List,
}

impl Shape {
    const fn before(self) -> &'static str {
        match self {
            Self::Rows => GIVEN_ROWS,
            Self::List => " (",
        }
    }

    const fn after(self) -> &'static str {
        match self {
            Self::Rows => ")) given WHERE column1 IS NOT NULL",
            Self::List => ")",
        }
    }

    /// What stands around a parameter, by how many stand before it.
    const fn around(self, number: usize, row: &str) -> (&'static str, &'static str) {
        let columns = row.len();
        match self {
            Self::Rows if number < columns => {
                let before = if number == 0 { "CAST(" } else { ",CAST(" };
                let text = row.as_bytes()[number] == b'T';
                (before, if text { " AS TEXT)" } else { " AS BIGINT)" })
            }
            Self::Rows if number.is_multiple_of(columns) => ("),(", ""),
            Self::List if number == 0 => ("", ""),
            Self::Rows | Self::List => (",", ""),
        }
    }
}

/// The text of a statement for some rows; `LEN` is what [`length`] says.
pub const fn text<const LEN: usize>(
    head: &str,
    shape: Shape,
    row: &str,
    rows: usize,
    tail: &str,
) -> [u8; LEN] {
    let mut out = [0; LEN];
    let mut at = put(&mut out, 0, head);
    at = put(&mut out, at, shape.before());
    let mut number = 0;
    while number < row.len() * rows {
        let (before, after) = shape.around(number, row);
        number += 1;
        at = put(&mut out, at, before);
        at = put_number(&mut out, at, number);
        at = put(&mut out, at, after);
    }
    at = put(&mut out, at, shape.after());
    put(&mut out, at, tail);
    out
}

/// How many bytes [`text`] needs.
pub const fn length(head: &str, shape: Shape, row: &str, rows: usize, tail: &str) -> usize {
    let mut length = head.len() + shape.before().len() + shape.after().len() + tail.len();
    let mut number = 0;
    while number < row.len() * rows {
        let (before, after) = shape.around(number, row);
        number += 1;
        length += before.len() + 1 + digits(number) + after.len();
    }
    length
}

const fn digits(mut number: usize) -> usize {
    let mut digits = 1;
    while number > 9 {
        number /= 10;
        digits += 1;
    }
    digits
}

const fn put(out: &mut [u8], at: usize, text: &str) -> usize {
    let (bytes, mut index) = (text.as_bytes(), 0);
    while index < bytes.len() {
        out[at + index] = bytes[index];
        index += 1;
    }
    at + bytes.len()
}

const fn put_number(out: &mut [u8], at: usize, number: usize) -> usize {
    out[at] = b'$';
    let digits = digits(number);
    let (mut left, mut place) = (number, digits);
    while place > 0 {
        #[expect(clippy::cast_possible_truncation, reason = "a digit fits in a byte")]
        let digit = (left % 10) as u8;
        out[at + place] = b'0' + digit;
        left /= 10;
        place -= 1;
    }
    at + 1 + digits
}

/// Names statements for many rows and lists all their texts for the test that prepares each.
#[macro_export]
macro_rules! many_statements {
    ($list:ident: $($name:ident = $shape:ident $row:literal $head:expr, $tail:expr;)*) => {
        $(pub(crate) const $name: $crate::many::Many = $crate::many::Many {
            row: $row,
            texts: [
                $crate::many_statements!(@text $shape $row $head, $tail, 0),
                $crate::many_statements!(@text $shape $row $head, $tail, 1),
                $crate::many_statements!(@text $shape $row $head, $tail, 2),
                $crate::many_statements!(@text $shape $row $head, $tail, 3),
                $crate::many_statements!(@text $shape $row $head, $tail, 4),
                $crate::many_statements!(@text $shape $row $head, $tail, 5),
                $crate::many_statements!(@text $shape $row $head, $tail, 6),
                $crate::many_statements!(@text $shape $row $head, $tail, 7),
            ],
        };)*
        /// The statements above, in all their lengths.
        pub(crate) const $list: &[&str] = &[$(
            $name.texts[0], $name.texts[1], $name.texts[2], $name.texts[3],
            $name.texts[4], $name.texts[5], $name.texts[6], $name.texts[7],
        )*];
    };
    (@text $shape:ident $row:literal $head:expr, $tail:expr, $length:literal) => {{
        const ROWS: usize = $crate::many::LENGTHS[$length];
        const SHAPE: $crate::many::Shape = $crate::many::Shape::$shape;
        const LEN: usize = $crate::many::length($head, SHAPE, $row, ROWS, $tail);
        const BYTES: [u8; LEN] = $crate::many::text::<LEN>($head, SHAPE, $row, ROWS, $tail);
        match std::str::from_utf8(&BYTES) {
            Ok(text) => text,
            Err(_) => "",
        }
    }};
}
#[cfg(test)]
mod tests {
    use super::*;

    many_statements! { TEXTS:
        PAIRS = Rows "IT" "INSERT INTO t", " ON CONFLICT DO NOTHING";
        AMONG = List "I" "SELECT 1 WHERE x IN", "";
    }

    #[test]
    fn the_parameters_of_many_rows_are_numbered_through() {
        let pairs = |values: &str| {
            format!(
                "INSERT INTO t SELECT * FROM (VALUES {values}) given WHERE column1 IS NOT NULL ON CONFLICT DO NOTHING"
            )
        };
        let first = "(CAST($1 AS BIGINT),CAST($2 AS TEXT))";
        assert_eq!(PAIRS.texts[0], pairs(first));
        assert_eq!(PAIRS.texts[1], pairs(&format!("{first},($3,$4)")));
        assert!(PAIRS.texts[7].contains(",($255,$256)) given"));
        assert_eq!(AMONG.texts[2], "SELECT 1 WHERE x IN ($1,$2,$3,$4)");
        assert_eq!(TEXTS, [PAIRS.texts, AMONG.texts].as_flattened());
    }

    #[test]
    fn any_number_of_rows_takes_the_shortest_text_that_holds_them_and_null_fills_it_up() {
        for (rows, wanted) in [
            (0, vec![]),
            (1, vec![(0, 1)]),
            (5, vec![(3, 5)]),
            (128, vec![(7, 128)]),
            (146, vec![(7, 128), (5, 18)]),
        ] {
            let given = (0..rows).flat_map(|row| [Arg::Int(Some(row)), Arg::Text(Some(row.to_string()))]);
            let mut met = 0;
            for (part, (length, filled)) in PAIRS.parts(given.collect()).zip(&wanted) {
                assert_eq!(
                    (part.0, part.1.len()),
                    (PAIRS.texts[*length], LENGTHS[*length] * 2)
                );
                for (place, pair) in part.1.chunks(2).enumerate() {
                    let row = (place < *filled).then_some(met);
                    met += i64::from(row.is_some());
                    assert_eq!(pair, [Arg::Int(row), Arg::Text(row.map(|row| row.to_string()))]);
                }
            }
            assert_eq!(met, rows);
        }
    }
}
