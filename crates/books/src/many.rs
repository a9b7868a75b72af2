//! Statements for many rows at once, put together when the program is compiled: `VALUES ($1,$2),($3,$4),…`.
//!
//! A statement costs a trip to the thread or the server of the database; a row inside one costs almost nothing. Each
//! statement stands in four lengths, and any number of rows is cut into them, the longest first.

use kernel::Refusal;
use store::{Arg, Ctx, Row};

/// The lengths in which a statement stands, in rows. The longest stays far below the parameters both databases take
/// (32,766 and 65,535).
pub(crate) const LENGTHS: [usize; 4] = [128, 32, 8, 1];

/// A statement in its lengths.
pub(crate) struct Many {
    /// Parameters of a row.
    pub(crate) columns: usize,
    /// The texts, by [`LENGTHS`].
    pub(crate) texts: [&'static str; 4],
}

impl Many {
    /// Runs it for all rows, whose parameters stand one row after the other; answers how many rows were changed.
    pub(crate) async fn execute(&self, ctx: &mut Ctx, args: Vec<Arg>) -> Result<u64, Refusal> {
        let mut changed = 0;
        for (text, part) in self.parts(args) {
            changed += ctx.execute(text, part).await?;
        }
        Ok(changed)
    }

    /// Asks it for all rows.
    pub(crate) async fn rows(&self, ctx: &mut Ctx, args: Vec<Arg>) -> Result<Vec<Row>, Refusal> {
        let mut rows = Vec::new();
        for (text, part) in self.parts(args) {
            rows.extend(ctx.rows(text, part).await?);
        }
        Ok(rows)
    }

    fn parts(&self, args: Vec<Arg>) -> impl Iterator<Item = (&'static str, Vec<Arg>)> {
        let mut left = args.len() / self.columns;
        let (columns, texts) = (self.columns, self.texts);
        let mut args = args.into_iter();
        std::iter::from_fn(move || {
            let mut lengths = LENGTHS.into_iter().zip(texts);
            let (rows, text) = lengths.find(|(rows, _)| *rows <= left)?;
            left -= rows;
            Some((text, args.by_ref().take(rows * columns).collect()))
        })
    }
}

/// How the parameters of many rows are written.
#[derive(Clone, Copy)]
pub(crate) enum Shape {
    /// `($1,$2),($3,$4)`
    Rows,
    /// `($1,$2,$3,$4)`
    List,
}

/// The text of a statement for some rows; `LEN` is what [`length`] says.
pub(crate) const fn text<const LEN: usize>(
    head: &str,
    shape: Shape,
    columns: usize,
    rows: usize,
    tail: &str,
) -> [u8; LEN] {
    let mut out = [0; LEN];
    let mut at = put(&mut out, 0, head.as_bytes());
    let mut number = 0;
    while number < columns * rows {
        let starts = number % columns == 0;
        let before: &[u8] = match (number, shape) {
            (0, _) => b"(",
            (_, Shape::Rows) if starts => b"),(",
            _ => b",",
        };
        at = put(&mut out, at, before);
        number += 1;
        at = put_number(&mut out, at, number);
    }
    at = put(&mut out, at, b")");
    put(&mut out, at, tail.as_bytes());
    out
}

/// How many bytes [`text`] needs.
pub(crate) const fn length(head: &str, shape: Shape, columns: usize, rows: usize, tail: &str) -> usize {
    let mut length = head.len() + tail.len() + 1;
    let mut number = 0;
    while number < columns * rows {
        let starts = number % columns == 0;
        length += match (number, shape) {
            (0, _) => 1,
            (_, Shape::Rows) if starts => 3,
            _ => 1,
        };
        number += 1;
        length += 1 + digits(number);
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

const fn put(out: &mut [u8], at: usize, bytes: &[u8]) -> usize {
    let mut index = 0;
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
macro_rules! many_statements {
    ($list:ident: $($name:ident = $shape:ident $columns:literal $head:expr, $tail:expr;)*) => {
        $(pub(crate) const $name: $crate::many::Many = $crate::many::Many {
            columns: $columns,
            texts: [
                many_statements!(@text $shape $columns $head, $tail, 0),
                many_statements!(@text $shape $columns $head, $tail, 1),
                many_statements!(@text $shape $columns $head, $tail, 2),
                many_statements!(@text $shape $columns $head, $tail, 3),
            ],
        };)*
        /// The statements above, in all their lengths.
        pub(crate) const $list: &[&str] = &[$($name.texts[0], $name.texts[1], $name.texts[2], $name.texts[3]),*];
    };
    (@text $shape:ident $columns:literal $head:expr, $tail:expr, $length:literal) => {{
        const ROWS: usize = $crate::many::LENGTHS[$length];
        const SHAPE: $crate::many::Shape = $crate::many::Shape::$shape;
        const LEN: usize = $crate::many::length($head, SHAPE, $columns, ROWS, $tail);
        const BYTES: [u8; LEN] = $crate::many::text::<LEN>($head, SHAPE, $columns, ROWS, $tail);
        match std::str::from_utf8(&BYTES) {
            Ok(text) => text,
            Err(_) => "",
        }
    }};
}
pub(crate) use many_statements;

#[cfg(test)]
mod tests {
    use super::*;

    many_statements! { TEXTS:
        PAIRS = Rows 2 "INSERT INTO t VALUES ", " ON CONFLICT DO NOTHING";
        AMONG = List 1 "SELECT 1 WHERE $0 IN ", "";
    }

    #[test]
    fn the_parameters_of_many_rows_are_numbered_through() {
        assert_eq!(
            PAIRS.texts[3],
            "INSERT INTO t VALUES ($1,$2) ON CONFLICT DO NOTHING"
        );
        assert!(
            PAIRS.texts[1].starts_with("INSERT INTO t VALUES ($1,$2),($3,$4),"),
            "{}",
            PAIRS.texts[1]
        );
        assert!(PAIRS.texts[0].ends_with("($255,$256) ON CONFLICT DO NOTHING"));
        assert!(AMONG.texts[2].ends_with("($1,$2,$3,$4,$5,$6,$7,$8)"));
        assert_eq!(TEXTS.len(), 8);
    }

    #[test]
    fn any_number_of_rows_is_cut_into_the_lengths_there_are() {
        for (rows, wanted) in [
            (0, vec![]),
            (1, vec![1]),
            (33, vec![32, 1]),
            (146, vec![128, 8, 8, 1, 1]),
        ] {
            let args = vec![Arg::Int(Some(1)); rows * 2];
            let parts = PAIRS.parts(args).map(|(_, part)| part.len() / 2);
            assert_eq!(parts.collect::<Vec<_>>(), wanted);
        }
    }
}
