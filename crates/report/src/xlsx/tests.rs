//! The workbook as another program reads it.

use super::*;
use crate::sample::sample;

#[test]
fn cell_numbers_have_the_digits_of_the_fen() {
    assert_eq!(decimal(2_603_122_451_840, 2).to_string(), "26031224518.4");
    assert_eq!(decimal(-5, 2).to_string(), "-0.05");
    assert_eq!(decimal(2_603_122_451_840, 10).to_string(), "260.312245184");
    assert_eq!(decimal(701, 0).to_string(), "701");
}

#[test]
fn the_workbook_has_four_named_sheets_in_each_language() {
    use calamine::Reader as _;
    for lang in Lang::ALL {
        let bytes = workbook(&sample(), lang).unwrap();
        let mut book = calamine::Xlsx::new(std::io::Cursor::new(bytes)).unwrap();
        let w = WORDS.of(lang);
        let names = [
            "sheet.overview",
            "sheet.breakdowns",
            "sheet.evidence",
            "sheet.published",
        ]
        .map(|key| w.get(key).to_owned());
        assert_eq!(book.sheet_names(), names);
        let parts = book.worksheet_range(&names[1]).unwrap();
        assert!(
            parts
                .rows()
                .flatten()
                .any(|cell| cell.to_string() == few(&sample(), w)),
            "hidden cells say so"
        );
        for name in names {
            let first = book.worksheet_range(&name).unwrap().rows().next().unwrap()[0].to_string();
            assert_eq!(first, sample().simulated.unwrap().get(lang));
        }
    }
}
