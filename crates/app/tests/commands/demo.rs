//! The main job from end to end: simulate, import, hold the figures against the evidence, write the report.

use crate::desk::{Desk, names};
use serde_json::Value;

/// Names of the same number in `expected.json` and in the list of imports.
const NUMBERS: [[&str; 2]; 6] = [
    ["lines_accepted", "accepted"],
    ["rejected", "rejected"],
    ["duplicates", "duplicates"],
    ["cancelled_lines", "cancelled_lines"],
    ["gross_fen", "gross_fen"],
    ["net_fen", "net_fen"],
];

/// One row a file: its name and the numbers of `NUMBERS`.
fn numbers(files: &Value, name: &str, which: usize) -> Vec<(String, Vec<i64>)> {
    let row = |file: &Value| {
        let numbers = NUMBERS.map(|names| file[names[which]].as_i64().unwrap());
        (file[name].as_str().unwrap().to_owned(), numbers.to_vec())
    };
    files.as_array().unwrap().iter().map(row).collect()
}

#[test]
fn the_demo_lists_37_figures_of_which_21_hold() {
    let desk = Desk::new();
    let ran = desk.run("data", &["demo", "--check", "--lines", "10000", "--lang", "en"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let marked = |mark: &str| ran.out.lines().filter(|line| line.starts_with(mark)).count();
    assert_eq!((marked("✓ "), marked("✗ "), marked("· ")), (21, 0, 16));
    let summary = "37 published figures: 21 hold, 0 do not, 16 are not yet defined";
    assert_eq!(ran.out.lines().last(), Some(summary));
    let held = desk.json("data", &["demo", "--check", "--lines", "10000"]);
    let states: Vec<&str> = held
        .as_array()
        .unwrap()
        .iter()
        .map(|figure| figure["state"].as_str().unwrap())
        .collect();
    assert_eq!(states.len(), 37);
    assert_eq!(states.iter().filter(|state| **state == "holds").count(), 21);
    assert!(!states.contains(&"does_not_hold"));
}

#[test]
fn every_file_is_imported_with_the_numbers_its_simulation_expects() {
    let desk = Desk::new();
    assert_eq!(desk.run("data", &["demo", "--check", "--lines", "10000"]).code, 0);
    let expected = std::fs::read_to_string(desk.path("data/simulated/expected.json")).unwrap();
    let expected: Value = serde_json::from_str(&expected).unwrap();
    // The newest import stands first.
    let mut imports = numbers(&desk.json("data", &["sales", "imports"]), "file_name", 1);
    imports.reverse();
    assert_eq!(imports, numbers(&expected["files"], "file", 0));
    let accepted: i64 = imports.iter().map(|(_, numbers)| numbers[0]).sum();
    assert_eq!(accepted, 10_000);
}

#[test]
fn the_demo_writes_a_report_and_a_second_one_adds_no_evidence() {
    let desk = Desk::new();
    let demo = ["demo", "--no-serve", "--lines", "10000"];
    let first = desk.run("data", &demo);
    assert_eq!((first.code, first.err.as_str()), (0, ""));
    let mut files = names(&desk.path("data/reports/2018H1-1"));
    files.retain(|name| !name.contains(".pdf"));
    files.sort();
    let expected = [
        "figures",
        "index.en.html",
        "index.zh.html",
        "manifest.json",
        "manifest.sig",
        "report.en.xlsx",
        "report.json",
        "report.zh.xlsx",
        "signer.pub",
    ];
    assert_eq!(files, expected);
    let page = std::fs::read_to_string(desk.path("data/reports/2018H1-1/index.zh.html")).unwrap();
    assert!(page.contains("模拟数据") && page.contains("<html lang=\"zh"));
    let state = || {
        [
            desk.json("data", &["sales", "imports"]),
            desk.json("data", &["check"]),
            desk.json("data", &["figures", "list"]),
            desk.json("data", &["period", "list"]),
        ]
    };
    let before = state();
    let version = &before[3][0]["versions"][0];
    assert_eq!(before[3][0]["report"]["state"], "published");
    assert_eq!(
        (&version["period"], &version["number"]),
        (&"2018H1".into(), &1.into())
    );
    let by = version["published_by"].as_str().unwrap();
    assert!(by.starts_with("simulated-"), "{by}");
    let segments = names(&desk.path("data/lake/segments")).len();
    let second = desk.run("data", &demo);
    assert_eq!((second.code, second.err.as_str()), (0, ""));
    assert_eq!(state(), before);
    assert_eq!(names(&desk.path("data/lake/segments")).len(), segments);
    assert_eq!(names(&desk.path("data/reports")).len(), 2);
}
