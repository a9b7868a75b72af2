//! The pairs of a run as CSV: both ids, the probability, the weight and what each comparison adds to it.

#![expect(
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "probabilities and weights are no money, and are printed with a few places"
)]

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use kernel::Refusal;
use linkage::{Links, Plan, Table};

/// Places of a probability, and of a weight.
const PLACES: (u32, u32) = (6, 4);

/// Writes the pairs.
pub(super) fn write(out: &Path, plan: &Plan, table: &Table, links: &Links) -> Result<(), Refusal> {
    put(out, |file| {
        let mut writer = csv::Writer::from_writer(BufWriter::new(file));
        write_rows(&mut writer, plan, table, links).map_err(std::io::Error::from)?;
        writer.flush()
    })
}

/// Writes beside the file, then puts it in place.
pub(super) fn put(out: &Path, write: impl FnOnce(&mut File) -> std::io::Result<()>) -> Result<(), Refusal> {
    let broken = |error: std::io::Error| Refusal::broken("linkage.not_written", &error);
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

fn write_rows(
    writer: &mut csv::Writer<impl Write>,
    plan: &Plan,
    table: &Table,
    links: &Links,
) -> csv::Result<()> {
    let fields = plan
        .comparisons
        .iter()
        .map(|comparison| format!("weight_{}", comparison.name));
    writer.write_record(
        ["id_left", "id_right", "probability", "weight"]
            .map(str::to_owned)
            .into_iter()
            .chain(fields),
    )?;
    let mut text = Vec::new();
    for pair in &links.pairs {
        let (left, right) = table.ids_of(pair.left, pair.right);
        writer.write_field(left)?;
        writer.write_field(right)?;
        let probability = links.weigher.model.probability(f64::from(pair.weight));
        let weights = links.weigher.explain(table, plan, pair);
        let weights = std::iter::once(pair.weight).chain(weights);
        let numbers = std::iter::once((probability, PLACES.0))
            .chain(weights.map(|weight| (f64::from(weight), PLACES.1)));
        for (number, places) in numbers {
            print(number, places, &mut text);
            writer.write_field(&text)?;
        }
        writer.write_record(None::<&[u8]>)?;
    }
    Ok(())
}

/// Prints a number with so many places, a half to the even one. There are a dozen a pair, and the way of the standard
/// library, which is exact for every number, costs as much as finding the pairs.
fn print(number: f64, places: u32, text: &mut Vec<u8>) {
    text.clear();
    let unit = 10_i64.pow(places);
    let mut rest = (number * unit as f64).round_ties_even() as i64;
    let is_negative = rest < 0;
    let mut printed = 0;
    while rest != 0 || printed <= places {
        if printed == places {
            text.push(b'.');
        }
        text.push(b'0' + (rest % 10).unsigned_abs() as u8);
        rest /= 10;
        printed += 1;
    }
    if is_negative {
        text.push(b'-');
    }
    text.reverse();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_printed_as_the_standard_library_does() {
        let mut text = Vec::new();
        for number in [
            0.0, 1.0, -1.0, 0.03125, -7.03125, 27.123_46, 0.99996, 123_456.5, 0.00001,
        ] {
            print(number, 4, &mut text);
            assert_eq!(String::from_utf8_lossy(&text), format!("{number:.4}"));
        }
        print(0.999_999_9, 6, &mut text);
        assert_eq!(text, b"1.000000");
    }
}
