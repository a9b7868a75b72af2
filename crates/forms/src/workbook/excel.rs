//! A form as XLS or XLSX. Cells are the text a person sees: whole numbers without a point, TRUE and FALSE, moments as
//! `2018-06-01 00:00:00`. An archive is unpacked once to be measured before it is read.

use std::io::{Cursor, Read as _};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Data, DataRef, ExcelDateTime, Reader as _, Xls, Xlsx};

use super::{Grid, ROWS_MAX, SHEETS, compound};
use crate::limits::{COLUMNS_MAX, UNPACKED_BYTES_MAX};
use crate::{Fault, Place};

/// Reads an XLSX.
pub(super) fn xlsx(bytes: &[u8]) -> Result<Vec<Grid>, Fault> {
    require_small(bytes)?;
    guarded(|| {
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| bad(&error))?;
        let names = wanted(book.sheet_names());
        let mut grids = Vec::new();
        for name in names {
            let mut grid = Grid {
                name: name.to_lowercase(),
                rows: Vec::new(),
            };
            let mut cells = book.worksheet_cells_reader(&name).map_err(|error| bad(&error))?;
            while let Some(cell) = cells.next_cell().map_err(|error| bad(&error))? {
                place_cell(&mut grid, cell.get_position(), xlsx_text(cell.get_value()))?;
            }
            grids.push(grid);
        }
        Ok(grids)
    })
}

/// Reads an XLS.
pub(super) fn xls(bytes: &[u8]) -> Result<Vec<Grid>, Fault> {
    compound::require_small(bytes)?;
    guarded(|| {
        let mut book: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(|error| bad(&error))?;
        let names = wanted(book.sheet_names());
        let mut grids = Vec::new();
        for name in names {
            let mut grid = Grid {
                name: name.to_lowercase(),
                rows: Vec::new(),
            };
            let range = book.worksheet_range(&name).map_err(|error| bad(&error))?;
            let (first_row, first_column) = range.start().unwrap_or_default();
            for (row, column, value) in range.used_cells() {
                let at = |offset: u32, index: usize| {
                    u32::try_from(index).unwrap_or(u32::MAX).saturating_add(offset)
                };
                place_cell(
                    &mut grid,
                    (at(first_row, row), at(first_column, column)),
                    xls_text(value),
                )?;
            }
            grids.push(grid);
        }
        Ok(grids)
    })
}

/// The sheets that mean something; of a book with one sheet, that one.
fn wanted(names: Vec<String>) -> Vec<String> {
    let is_lone = names.len() == 1;
    names
        .into_iter()
        .filter(|name| is_lone || SHEETS.contains(&name.to_lowercase().as_str()))
        .collect()
}

fn place_cell(grid: &mut Grid, (row, column): (u32, u32), text: String) -> Result<(), Fault> {
    let (row, column) = (row as usize, column as usize);
    if text.is_empty() {
        return Ok(());
    }
    let too_far =
        |code: &'static str, max: usize| Fault::at(code, Place::Sheet(grid.name.clone())).fact("max", max);
    if row > ROWS_MAX {
        return Err(too_far("forms.too_many_rows", ROWS_MAX));
    }
    if column >= COLUMNS_MAX {
        return Err(too_far("forms.too_many_columns", COLUMNS_MAX));
    }
    if grid.rows.len() <= row {
        grid.rows.resize(row + 1, Vec::new());
    }
    if let Some(cells) = grid.rows.get_mut(row) {
        if cells.len() <= column {
            cells.resize(column + 1, String::new());
        }
        if let Some(cell) = cells.get_mut(column) {
            *cell = text;
        }
    }
    Ok(())
}

/// Refuses an archive that unpacks to more than a form needs; what its directory says of sizes is not believed.
fn require_small(bytes: &[u8]) -> Result<(), Fault> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| bad(&error))?;
    let mut left = UNPACKED_BYTES_MAX;
    for index in 0..archive.len() {
        let file = archive.by_index(index).map_err(|error| bad(&error))?;
        let read =
            std::io::copy(&mut file.take(left + 1), &mut std::io::sink()).map_err(|error| bad(&error))?;
        left = left
            .checked_sub(read)
            .ok_or_else(|| Fault::new("forms.too_large").fact("max", UNPACKED_BYTES_MAX))?;
    }
    Ok(())
}

/// The reader of workbooks may panic over a broken file; that is a broken file.
fn guarded<T>(read: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
    catch_unwind(AssertUnwindSafe(read))
        .unwrap_or_else(|_| Err(Fault::new("forms.bad_file").fact("cause", "the workbook is broken")))
}

fn bad(error: &dyn std::fmt::Display) -> Fault {
    Fault::new("forms.bad_file").fact("cause", error)
}

fn xlsx_text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => shown(text),
        DataRef::SharedString(text) => shown(text),
        DataRef::Bool(truth) => truth_text(*truth),
        DataRef::DateTime(moment) => moment_text(*moment),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

fn xls_text(value: &Data) -> String {
    match value {
        Data::Int(number) => number.to_string(),
        Data::Float(number) => number.to_string(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => shown(text),
        Data::Bool(truth) => truth_text(*truth),
        Data::DateTime(moment) => moment_text(*moment),
        Data::Error(error) => error.to_string(),
        Data::Empty => String::new(),
    }
}

/// Blanks that do not break look like others on a sheet.
fn shown(text: &str) -> String {
    text.trim().replace('\u{a0}', " ")
}

fn truth_text(truth: bool) -> String {
    if truth { "TRUE" } else { "FALSE" }.to_owned()
}

fn moment_text(moment: ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let time = format!("{hour:02}:{minute:02}:{second:02}");
    if moment.as_f64() < 1.0 {
        time
    } else {
        format!("{year:04}-{month:02}-{day:02} {time}")
    }
}
