//! What is wrong with a form is told all at once, each fault by its cell, and every code has its words.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use forms::compile;
use kernel::{Lang, catalogue};

/// The faults of a form of Markdown, each as its code and its place.
fn faults(form: &str) -> Vec<(&'static str, String)> {
    let faults = compile("form.md", form.as_bytes()).unwrap_err();
    for fault in &faults {
        for lang in Lang::ALL {
            let message = fault.message(lang);
            assert!(
                message.contains(&fault.place.to_string()) && !message.contains('…'),
                "{fault:?}: {message}"
            );
        }
    }
    faults
        .into_iter()
        .map(|fault| (fault.code, fault.place.to_string()))
        .collect()
}

fn survey(rows: &[&str]) -> Vec<(&'static str, String)> {
    let head = "| survey |\n| | type | name | label | calculation | parameters | choice_filter | trigger | appearance | bind::a b |\n";
    let choices = "| choices |\n| | list_name | name | label |\n| | l | a | A |\n| | l | b c | B |\n";
    let rows: Vec<String> = rows.iter().map(|row| format!("| | {row} |\n")).collect();
    faults(&format!("{head}{}{choices}", rows.concat()))
}

#[test]
fn all_faults_of_a_form_are_told_each_by_its_cell() {
    let told = survey(&[
        "colour | a | A",
        "text | 1b | B",
        "text | c |",
        "integer | d | ${nobody} | | | | |",
        "select_one nolist | e | E",
        "select_multiple l | f | F",
        "range | g | G | | start=0 end=10 step=11 |",
        "calculate | h | | | | | |",
        "text | d | D again ${d}",
        "text | | I",
        "| j | J",
        "begin group | k | K",
        "end repeat | | |",
    ]);
    let place = |row: u32, column: &str| format!("survey:{row}:{column}");
    assert_eq!(
        told,
        [
            ("forms.unknown_type", place(2, "type")),
            ("forms.bad_name", place(3, "name")),
            ("forms.no_label", place(4, "label")),
            ("forms.unknown_list", place(6, "type")),
            ("forms.choice_with_blank", "choices:3:name".to_owned()),
            ("forms.bad_parameter", place(8, "parameters")),
            ("forms.no_calculation", place(9, "calculation")),
            ("forms.no_name", place(11, "name")),
            ("forms.no_type", place(12, "type")),
            ("forms.unmatched_end", place(14, "type")),
            ("forms.unclosed", place(13, "type")),
            ("forms.duplicate_name", place(10, "name")),
            ("forms.unknown_reference", place(5, "label")),
            ("forms.ambiguous_reference", place(10, "label")),
        ]
    );
}

#[test]
fn each_broken_rule_has_its_code() {
    for (row, code) in [
        ("include | a | A", "forms.not_supported"),
        ("select_one | a | A", "forms.no_list"),
        ("select_one_from_file a.txt | a | A", "forms.bad_choice_file"),
        (
            "select_one l or_other | a | A | | | name = 1",
            "forms.filter_with_other",
        ),
        ("select_one l | a | A | | seed=1", "forms.bad_parameter"),
        ("select_one l | a | A | | colour=red", "forms.unknown_parameter"),
        ("text | a | A | | rows", "forms.bad_parameters"),
        ("text | a | A | | | | a", "forms.bad_trigger"),
        ("text | a | A | | | | ${b}", "forms.unknown_reference"),
        ("text | meta | A", "forms.reserved_name"),
        ("audit | b | |", "forms.audit_name"),
        (
            "audit | | | | location-priority=balanced",
            "forms.missing_parameter",
        ),
        ("background-geopoint | a | A", "forms.no_trigger"),
        ("text | a | ${ b }", "forms.bad_reference"),
        ("text | a | A | | | | | | x", "forms.bad_name"),
        ("begin loop over nolist | a | A", "forms.unknown_list"),
        ("select_one_from_file l.csv | a | A", "forms.two_sources"),
        (
            "select_one_from_file x.csv | a | A | | | | | search('x')",
            "forms.search_in_file",
        ),
        ("range | a | A | | step=0", "forms.bad_parameter"),
        ("range | a | A | | start=x", "forms.bad_parameter"),
        ("range | a | A | | tick_labelset=l", "forms.bad_parameter"),
        (
            "geopoint | a | A | | capture-accuracy=near",
            "forms.bad_parameter",
        ),
        ("image | a | A | | app=camera", "forms.bad_parameter"),
    ] {
        let told = survey(&[row]);
        assert!(told.iter().any(|(told, _)| *told == code), "{row}: {told:?}");
    }
}

/// Rows of Markdown, each made of its number.
fn rows(count: usize, row: impl Fn(usize) -> String) -> String {
    (0..count).map(row).collect::<Vec<_>>().concat()
}

#[test]
fn a_form_that_would_grow_without_end_is_refused() {
    const HEAD: &str = "| survey |\n| | type | name | label |\n";
    let open = rows(40, |at| format!("| | begin repeat | r{at} | R |\n"));
    let close = "| | end repeat | | |\n".repeat(40);
    let deep = faults(&format!("{HEAD}{open}| | text | t | T |\n{close}"));
    assert!(deep.iter().all(|(code, _)| *code == "forms.too_deep"), "{deep:?}");

    let choices = rows(300, |at| format!("| | l | c{at} | C |\n"));
    let loops = rows(3, |at| format!("| | begin loop over l | l{at} | L |\n"));
    let ends = "| | end loop | | |\n".repeat(3);
    let looped = faults(&format!(
        "{HEAD}{loops}| | text | t | T |\n{ends}| choices |\n| | list_name | name | label |\n{choices}"
    ));
    assert!(
        looped.iter().any(|(code, _)| *code == "forms.too_many_rows"),
        "{looped:?}"
    );

    let open = rows(15, |at| {
        format!("| | begin group | g{at}{} | G |\n", "n".repeat(240))
    });
    let close = "| | end group | | |\n".repeat(15);
    let long = "${t}".repeat(10_000);
    let echo = compile(
        "form.md",
        format!("{HEAD}{open}| | text | t | T |\n{close}| | text | u | {long} |\n").as_bytes(),
    );
    assert_eq!(echo.unwrap_err()[0].code, "forms.too_large");
}

#[test]
fn every_code_of_the_engine_has_its_words_and_no_word_is_left_over() {
    let mut used = BTreeSet::new();
    let mut folders = vec![std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let codes = text
                .split('"')
                .filter(|piece| piece.starts_with("forms.") && !piece.contains(char::is_whitespace));
            used.extend(codes.map(str::to_owned));
        }
    }
    let known: BTreeSet<String> = catalogue::all()
        .map(|(code, _)| code.to_owned())
        .filter(|code| code.starts_with("forms."))
        .collect();
    assert_eq!(used, known);
}
