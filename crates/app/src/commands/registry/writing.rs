//! The pairs of a run as CSV: both ids, the probability, the weight and what each comparison adds to it.

#![expect(
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "probabilities and weights are no money, and are printed with a few places"
)]

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use kernel::Refusal;
use linkage::{Links, Plan, Table};

/// Places of a probability, and of a weight.
const PLACES: (usize, usize) = (6, 4);
/// Bytes of a number as it is printed, at most: 19 digits, a point.
const DIGITS_MAX: usize = 24;
/// Bytes that are written at a time.
const BUFFER: usize = 1 << 18;

/// Writes the pairs.
pub(super) fn write(out: &Path, plan: &Plan, table: &Table, links: &Links) -> Result<(), Refusal> {
    write_beside(out, |file| {
        let mut writer = BufWriter::with_capacity(BUFFER, file);
        write_rows(&mut writer, plan, table, links)?;
        writer.flush()
    })
}

/// Writes beside the file, then puts it in place.
pub(super) fn write_beside(
    out: &Path,
    write: impl FnOnce(&mut File) -> io::Result<()>,
) -> Result<(), Refusal> {
    let broken = |error: io::Error| Refusal::broken("linkage.not_written", &error);
    let folder = out
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let beside = tempfile::Builder::new().prefix(".pairs").tempfile_in(folder);
    let mut beside = beside.map_err(broken)?;
    write(beside.as_file_mut()).map_err(broken)?;
    beside.as_file().sync_all().map_err(broken)?;
    beside.persist(out).map_err(|error| broken(error.error))?;
    Ok(())
}

fn write_rows(writer: &mut impl Write, plan: &Plan, table: &Table, links: &Links) -> io::Result<()> {
    let mut line = String::from("id_left,id_right,probability,weight");
    for comparison in &plan.comparisons {
        line.push_str(",weight_");
        put(&comparison.name, &mut line);
    }
    line.push('\n');
    writer.write_all(line.as_bytes())?;
    for pair in &links.pairs {
        line.clear();
        let (left, right) = table.ids_of(pair.left, pair.right);
        put(left, &mut line);
        line.push(',');
        put(right, &mut line);
        let probability = links.weigher.model.probability(f64::from(pair.weight));
        print(probability, PLACES.0, &mut line);
        print(f64::from(pair.weight), PLACES.1, &mut line);
        for weight in links.weigher.explain(table, plan, pair) {
            print(f64::from(weight), PLACES.1, &mut line);
        }
        line.push('\n');
        writer.write_all(line.as_bytes())?;
    }
    Ok(())
}

/// Puts a text into a line, within quotes where it needs them.
fn put(text: &str, line: &mut String) {
    if text.contains([',', '"', '\r', '\n']) {
        line.push('"');
        line.push_str(&text.replace('"', "\"\""));
        line.push('"');
    } else {
        line.push_str(text);
    }
}

/// Puts a comma and a number with so many places into a line, a half to the even one. There are a dozen a pair, and the way
/// of the standard library, which is exact for every number, costs as much as finding the pairs.
fn print(number: f64, places: usize, line: &mut String) {
    let unit = 10_i64.pow(places as u32);
    let scaled = (number * unit as f64).round_ties_even() as i64;
    let mut rest = scaled.unsigned_abs();
    let mut text = [b'0'; DIGITS_MAX];
    let mut start = DIGITS_MAX;
    while rest != 0 || DIGITS_MAX - start <= places + 1 {
        if DIGITS_MAX - start == places {
            start -= 1;
            text[start] = b'.';
        }
        start -= 1;
        text[start] = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    line.push_str(if scaled < 0 { ",-" } else { "," });
    let digits = text.get(start..).map(std::str::from_utf8);
    line.push_str(digits.and_then(Result::ok).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_printed_as_the_standard_library_does() {
        let mut line = String::new();
        for number in [
            0.0, 1.0, -1.0, 0.03125, -7.03125, 27.123_46, 0.99996, 123_456.5, 0.00001,
        ] {
            line.clear();
            print(number, 4, &mut line);
            assert_eq!(line, format!(",{number:.4}"));
        }
        line.clear();
        print(0.999_999_9, 6, &mut line);
        assert_eq!(line, ",1.000000");
    }

    #[test]
    fn an_id_with_a_comma_or_a_quote_stands_within_quotes() {
        for (text, wanted) in [
            ("a", "a"),
            ("a,b", "\"a,b\""),
            ("a\"b", "\"a\"\"b\""),
            ("a\nb", "\"a\nb\""),
        ] {
            let mut line = String::new();
            put(text, &mut line);
            assert_eq!(line, wanted);
        }
    }
}
