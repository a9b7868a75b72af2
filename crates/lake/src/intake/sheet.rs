//! Reads the rows of an XLSX sheet, one at a time, as the texts a person sees.

use std::fs::File;
use std::io::BufReader;

use calamine::{DataRef, Reader, Xlsx};
use kernel::{Fault, Refusal};

use super::source::{OrderFile, refusal};

/// The most columns a sheet may have.
const COLUMNS_MAX: u32 = 4_096;
/// What a cell with a formula is read as: its `=` makes every field refuse it, whatever value was last computed.
const FORMULA_MARK: &str = "=";

/// Goes over the rows of a sheet that have anything in them; `each` gets the row number (from 1) and its cells, and
/// ends the reading early with `false`.
///
/// # Errors
/// `sales.bad_archive`, `sales.missing_sheet`, `delimited.too_many_fields`, and what `each` refuses with.
pub fn for_each_row(
    file: &OrderFile,
    sheet: Option<&str>,
    mut each: impl FnMut(u64, Vec<String>) -> Result<bool, Refusal>,
) -> Result<(), Refusal> {
    let bad = |error: &dyn std::fmt::Display| {
        refusal("sales.bad_archive", &file.path).fact("cause", error.to_string())
    };
    let opened = File::open(&file.path).map_err(|error| bad(&error))?;
    let mut book: Xlsx<_> = Xlsx::new(BufReader::new(opened)).map_err(|error| bad(&error))?;
    let names = book.sheet_names();
    let name = match sheet {
        Some(wanted) => names.iter().find(|name| *name == wanted),
        None => names.first(),
    };
    let Some(name) = name.cloned() else {
        return Err(Refusal::new("sales.missing_sheet", Fault::Refused)
            .at(file.name())
            .value(sheet.unwrap_or_default())
            .fact("sheets", names.join(", ")));
    };
    let mut cells = book.worksheet_cells_reader(&name).map_err(|error| bad(&error))?;
    let (mut row, mut texts): (u32, Vec<String>) = (0, Vec::new());
    while let Some(cell) = cells.next_cell_with_formula().map_err(|error| bad(&error))? {
        let (at_row, column) = cell.pos;
        if at_row != row && !texts.is_empty() && !each(u64::from(row) + 1, std::mem::take(&mut texts))? {
            return Ok(());
        }
        row = at_row;
        let text = if cell.formula.is_some() {
            FORMULA_MARK.to_owned()
        } else {
            cell_text(&cell.value)
        };
        if text.is_empty() {
            continue;
        }
        if column >= COLUMNS_MAX {
            return Err(
                Refusal::new("delimited.too_many_fields", Fault::Refused).at(format!(
                    "{}:{}",
                    file.name(),
                    row + 1
                )),
            );
        }
        let column = column as usize;
        if texts.len() <= column {
            texts.resize(column + 1, String::new());
        }
        if let Some(slot) = texts.get_mut(column) {
            *slot = text;
        }
    }
    if !texts.is_empty() {
        each(u64::from(row) + 1, texts)?;
    }
    Ok(())
}

fn cell_text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => fifteen_digits(*number),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(truth) => truth.to_string(),
        DataRef::DateTime(moment) if moment.is_datetime() => {
            let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
        }
        DataRef::DateTime(moment) => fifteen_digits(moment.as_f64()),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

/// A number with the 15 digits a spreadsheet shows, written without an exponent: 0.1 + 0.2 stored as
/// 0.30000000000000004 is the 0.3 that stands on the screen. What has more digits in front than that is no number we take.
fn fifteen_digits(number: f64) -> String {
    let scientific = format!("{number:.14e}");
    let Some((mantissa, exponent)) = scientific.split_once('e') else {
        return scientific;
    };
    let Ok(exponent) = exponent.parse::<i32>() else {
        return scientific;
    };
    let (sign, digits) = mantissa
        .strip_prefix('-')
        .map_or(("", mantissa), |digits| ("-", digits));
    let digits: String = digits.chars().filter(char::is_ascii_digit).collect();
    let point = exponent + 1;
    let plain = match usize::try_from(point) {
        Ok(point) if point >= digits.len() => {
            return if point == digits.len() {
                format!("{sign}{digits}")
            } else {
                scientific
            };
        }
        Ok(point) if point > 0 => format!(
            "{}.{}",
            digits.get(..point).unwrap_or_default(),
            digits.get(point..).unwrap_or_default()
        ),
        _ if point > -12 => format!("0.{}{digits}", "0".repeat(point.unsigned_abs() as usize)),
        _ => return "0".to_owned(),
    };
    format!("{sign}{}", plain.trim_end_matches('0').trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::fifteen_digits;

    #[test]
    fn numbers_are_read_as_the_sheet_shows_them() {
        for (number, text) in [
            (0.1 + 0.2, "0.3"),
            (1234.5, "1234.5"),
            (-12.0, "-12"),
            (0.0, "0"),
            (1e-9, "0.000000001"),
            (26_031_224_518.4, "26031224518.4"),
            (100.0, "100"),
            (123_456_789_012_345.0, "123456789012345"),
            (1e-300, "0"),
        ] {
            assert_eq!(fifteen_digits(number), text);
        }
        assert!(fifteen_digits(1e300).contains('e'));
    }
}
