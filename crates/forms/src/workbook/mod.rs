//! The sheets of a form as text, whichever kind of file they came in.
//!
//! A row keeps the number it has on its sheet, where the header is row 1. Of CSV and Markdown, where the sheets stand
//! below one another, the rows of each sheet are counted by themselves and blank lines are not.

mod compound;
mod delimited;
mod excel;
mod markdown;

use crate::limits::{COLUMNS_MAX, FORM_BYTES_MAX, ROWS_MAX};
use crate::{Fault, Place};

/// The sheets that mean something.
const SHEETS: [&str; 6] = [
    "survey",
    "choices",
    "settings",
    "external_choices",
    "entities",
    "osm",
];
/// The sheet of the questions.
pub(crate) const SURVEY: &str = "survey";
/// How many empty rows in a row end a sheet.
const EMPTY_ROWS_MAX: usize = 60;

/// A row with something in it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// Its number; the header is 1.
    pub number: u32,
    /// The cells that are not empty, each with the index of its column.
    pub cells: Vec<(usize, String)>,
}

/// A sheet.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Sheet {
    /// Its name in small letters.
    pub name: String,
    /// The headers; empty where a column has none and is passed over.
    pub headers: Vec<String>,
    /// The rows below.
    pub rows: Vec<Row>,
}

/// A form as its sheets.
#[derive(Debug)]
pub(crate) struct Workbook {
    /// The name of the file without its ending: the id of a form that names none.
    pub stem: String,
    sheets: Vec<Sheet>,
}

/// A sheet as a file holds it: the first row has the headers.
struct Grid {
    name: String,
    rows: Vec<Vec<String>>,
}

impl Workbook {
    /// Reads a file by the ending of its name.
    ///
    /// # Errors
    /// `forms.too_large`, `forms.bad_ending`, `forms.bad_file`, `forms.too_many_rows`, `forms.too_many_columns`,
    /// `forms.no_survey`, `forms.bad_character`.
    pub fn read(name: &str, bytes: &[u8]) -> Result<Self, Vec<Fault>> {
        if bytes.len() > FORM_BYTES_MAX {
            return Err(vec![Fault::new("forms.too_large").fact("max", FORM_BYTES_MAX)]);
        }
        let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
        let (stem, ending) = file.rsplit_once('.').unwrap_or((file, ""));
        let grids = match ending.to_ascii_lowercase().as_str() {
            "xlsx" | "xlsm" => excel::xlsx(bytes),
            "xls" => excel::xls(bytes),
            "csv" => delimited::read(bytes),
            "md" => markdown::read(bytes),
            _ => Err(Fault::new("forms.bad_ending").value(file)),
        };
        Self::of(stem, grids.map_err(|fault| vec![fault])?)
    }

    fn of(stem: &str, mut grids: Vec<Grid>) -> Result<Self, Vec<Fault>> {
        // A lone sheet is the survey, whatever it is called.
        if let [only] = grids.as_mut_slice()
            && !SHEETS.contains(&only.name.as_str())
        {
            SURVEY.clone_into(&mut only.name);
        }
        let mut faults = Vec::new();
        let mut sheets = Vec::new();
        for grid in grids {
            if SHEETS.contains(&grid.name.as_str()) {
                sheets.push(Sheet::of(grid, &mut faults));
            }
        }
        if !sheets.iter().any(|sheet| sheet.name == SURVEY) {
            faults.push(Fault::new("forms.no_survey"));
        }
        if faults.is_empty() {
            Ok(Self {
                stem: stem.to_owned(),
                sheets,
            })
        } else {
            Err(faults)
        }
    }

    /// A sheet by its name.
    #[cfg(test)]
    pub fn sheet(&self, name: &str) -> Option<&Sheet> {
        self.sheets.iter().find(|sheet| sheet.name == name)
    }

    /// Takes a sheet out by its name.
    pub fn take(&mut self, name: &str) -> Option<Sheet> {
        let at = self.sheets.iter().position(|sheet| sheet.name == name)?;
        Some(self.sheets.swap_remove(at))
    }
}

impl Sheet {
    fn of(grid: Grid, faults: &mut Vec<Fault>) -> Self {
        let mut rows = grid.rows.into_iter();
        let headers: Vec<String> = rows
            .next()
            .unwrap_or_default()
            .iter()
            .map(|header| one_blank(header))
            .collect();
        let mut sheet = Self {
            name: grid.name,
            headers,
            rows: Vec::new(),
        };
        if sheet.headers.len() > COLUMNS_MAX {
            faults.push(Fault::at("forms.too_many_columns", sheet.place()).fact("max", COLUMNS_MAX));
        }
        for (number, cells) in (2..).zip(rows) {
            if sheet.rows.last().map_or(1, |row: &Row| row.number as usize) + EMPTY_ROWS_MAX < number as usize
            {
                break;
            }
            if sheet.rows.len() == ROWS_MAX {
                faults.push(Fault::at("forms.too_many_rows", sheet.place()).fact("max", ROWS_MAX));
                break;
            }
            sheet.take_row(number, cells, faults);
        }
        sheet
    }

    fn take_row(&mut self, number: u32, cells: Vec<String>, faults: &mut Vec<Fault>) {
        let mut kept = Vec::new();
        for (column, (cell, header)) in cells.into_iter().zip(&self.headers).enumerate() {
            if cell.is_empty() || header.is_empty() {
                continue;
            }
            if let Some(letter) = cell.chars().find(|letter| !is_xml_character(*letter)) {
                let place = Place::Cell {
                    sheet: self.name.clone(),
                    row: number,
                    column: header.clone(),
                };
                faults.push(
                    Fault::at("forms.bad_character", place).value(format!("U+{:04X}", u32::from(letter))),
                );
            }
            kept.push((column, cell));
        }
        if !kept.is_empty() {
            self.rows.push(Row { number, cells: kept });
        }
    }

    fn place(&self) -> Place {
        Place::Sheet(self.name.clone())
    }
}

/// A text without blanks around it and with one blank where several stand together.
pub(crate) fn one_blank(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    for letter in text.trim().chars() {
        if letter != ' ' || !kept.ends_with(' ') {
            kept.push(letter);
        }
    }
    kept
}

/// Whether XML 1.0 can hold a character at all.
fn is_xml_character(letter: char) -> bool {
    matches!(letter, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// A file as text; a mark of byte order at its head is passed over.
fn text_of(bytes: &[u8]) -> Result<&str, Fault> {
    let text =
        std::str::from_utf8(bytes).map_err(|error| Fault::new("forms.bad_file").fact("cause", error))?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_form_reads_the_same_from_each_kind_of_file() {
        let folder = testkit::shared_data("xlsform").join("forms");
        let read = |ending: &str| {
            let name = format!("yes_or_no_question.{ending}");
            let bytes = std::fs::read(folder.join(&name)).unwrap();
            Workbook::read(&name, &bytes).unwrap()
        };
        let csv = read("csv");
        for ending in ["md", "xls", "xlsx"] {
            let other = read(ending);
            for sheet in ["survey", "choices"] {
                assert_eq!(other.sheet(sheet), csv.sheet(sheet), "{ending}");
            }
        }
        assert_eq!(csv.stem, "yes_or_no_question");
    }

    #[test]
    fn a_file_that_is_no_form_is_refused_by_what_is_wrong() {
        for (name, bytes, code) in [
            ("form.ods", &b""[..], "forms.bad_ending"),
            ("form", b"", "forms.bad_ending"),
            ("form.xlsx", b"PK\x03\x04 no archive", "forms.bad_file"),
            (
                "form.xls",
                b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 cut off",
                "forms.bad_file",
            ),
            ("form.csv", b"survey\n,type,\xff", "forms.bad_file"),
            (
                "form.csv",
                b"survey\n,type,name\n,text,a\x0bb\n",
                "forms.bad_character",
            ),
            (
                "form.md",
                b"| choices |\n| | list_name | name |\n| settings |\n| | form_id |\n",
                "forms.no_survey",
            ),
        ] {
            let faults = Workbook::read(name, bytes).unwrap_err();
            assert_eq!(faults.first().unwrap().code, code, "{name}");
        }
        let large = vec![b' '; FORM_BYTES_MAX + 1];
        assert_eq!(
            Workbook::read("a.csv", &large).unwrap_err()[0].code,
            "forms.too_large"
        );
    }

    #[test]
    fn rows_far_below_the_last_one_are_not_of_the_form() {
        let mut text = "|survey|\n||type|name|\n||text|a|\n".to_owned();
        text.push_str(&"|||||\n".repeat(3));
        text.push_str("||text|b|\n");
        let book = Workbook::read("a.md", text.as_bytes()).unwrap();
        let rows: Vec<u32> = book
            .sheet("survey")
            .unwrap()
            .rows
            .iter()
            .map(|row| row.number)
            .collect();
        assert_eq!(rows, [2, 3], "a line of Markdown without a cell does not count");
    }
}
