//! Numbers of residents and codes of organisations against published cases: `cn-ids` of the shared data.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, and says where")]

use jiff::civil::date;
use kernel::{CreditCode, ResidentId};
use people::places::Places;

/// Rows of a file as (code, valid, reason); the heads differ only in the name of the third.
fn cases(file: &str) -> Vec<(String, bool, String)> {
    let path = testkit::shared_data("cn-ids").join(file);
    let text = std::fs::read_to_string(path).unwrap();
    let row = |line: &str| {
        let mut cells = line.split(',').map(str::to_owned);
        let mut next = || cells.next().unwrap();
        (next(), next() == "true", next())
    };
    text.lines().skip(1).map(row).collect()
}

#[test]
fn every_published_number_of_a_resident_gets_its_verdict_and_reason() {
    let cases = cases("resident-id.csv");
    assert_eq!(cases.len(), 13);
    for (number, valid, note) in cases {
        let read = ResidentId::parse(&number, date(2026, 1, 1));
        let code = read.map_or_else(|refusal| refusal.code, |_| "");
        let expected = match (valid, note.as_str()) {
            (true, _) => "",
            (false, "format") => "kernel.resident_id_alphabet",
            (false, "length") => "kernel.resident_id_length",
            (false, "date") => "kernel.resident_id_date",
            (false, _) => "kernel.resident_id_checksum",
        };
        assert_eq!(code, expected, "{number} {note}");
    }
}

#[test]
fn every_published_credit_code_gets_its_verdict_and_reason() {
    let cases = cases("uscc.csv");
    assert_eq!(cases.len(), 102);
    for (text, valid, reason) in cases {
        let code = CreditCode::parse(&text).map_or_else(|refusal| refusal.code.to_owned(), |_| String::new());
        let expected = if valid {
            String::new()
        } else {
            format!("kernel.credit_code_{reason}")
        };
        assert_eq!(code, expected, "{text}");
    }
}

/// The last digit that makes a number of the first seventeen right.
fn completed(seventeen: &str) -> ResidentId {
    let mut ends = "0123456789X".chars().map(|end| format!("{seventeen}{end}"));
    let read = |number: String| ResidentId::parse(&number, date(2026, 1, 1)).ok();
    ends.find_map(read).unwrap()
}

fn strict(id: &ResidentId) -> &'static str {
    let held = Places::national().require_division_at_birth(id);
    held.map_or_else(|refusal| refusal.code, |()| "")
}

#[test]
fn the_strict_reading_refuses_a_division_that_came_after_the_birth_and_takes_the_other_published_numbers() {
    for (number, valid, note) in cases("resident-id.csv") {
        if !valid {
            continue;
        }
        let id = ResidentId::parse(&number, date(2026, 1, 1)).unwrap();
        // 500154 stands since 2016, and this number is of a person born in 1998.
        let expected = if number.starts_with("500154") {
            "places.id_division_not_yet"
        } else {
            ""
        };
        assert_eq!(strict(&id), expected, "{number} {note}");
    }
}

#[test]
fn a_division_is_held_against_the_year_of_birth() {
    let cases = [
        ("99999919900101001", "places.id_division_unknown"),
        ("36232419991231001", ""),
        ("36232420010101001", "places.id_division_withdrawn"),
        ("50015420150101001", "places.id_division_not_yet"),
        ("50015420160101001", ""),
        ("36042619300101001", ""),
    ];
    for (seventeen, expected) in cases {
        assert_eq!(strict(&completed(seventeen)), expected, "{seventeen}");
    }
}
