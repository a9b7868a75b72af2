//! Whatever stands in the cells of a form, it is refused or becomes an XForm that reads back; and no bytes stop the program.

use forms::{compile, read_identity, read_submission, read_xform};
use proptest::prelude::*;

/// What cells are made of: words of forms, and what could trip a reader.
fn cell() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "text",
        "integer",
        "note",
        "calculate",
        "begin group",
        "end group",
        "begin repeat",
        "end repeat",
        "begin loop over l",
        "end loop",
        "select_one l",
        "select_multiple l or_other",
        "select_one ${a}",
        "rank l",
        "range",
        "select_one_from_file f.csv",
        "geopoint",
        "image",
        "audit",
        "osm l",
        "a",
        "b",
        "l",
        "meta",
        "${a}",
        "${b} + 1",
        "${last-saved#a}",
        "${",
        "now()",
        "table-list",
        "search('x')",
        "instance('l')/root/item[name = ${a}]/label",
        "indexed-repeat(${a}, ${b}, 1)",
        "pulldata('f', 'x', 'y', ${a})",
        "start=1 end=5",
        "randomize=true seed=1",
        "%(name)s",
        "<b>&\"'",
        "yes",
        "𝄞é",
        "",
        "",
        "",
    ]);
    prop_oneof![8 => words.prop_map(str::to_owned), 1 => "[^|\\\\\n\r#]{0,12}"]
}

fn table(name: &'static str, headers: &'static str, columns: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::collection::vec(cell(), columns), 0..12).prop_map(move |rows| {
        let rows: Vec<String> = rows
            .iter()
            .map(|row| format!("| | {} |\n", row.join(" | ")))
            .collect();
        format!("| {name} |\n| | {headers} |\n{}", rows.concat())
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn what_compiles_reads_back(
        survey in table(
            "survey",
            "type | name | label | label::fr | hint | calculation | relevant | default | appearance | repeat_count | trigger | parameters",
            12,
        ),
        choices in table("choices", "list_name | name | label | label::fr | image | x", 6),
    ) {
        if let Ok(form) = compile("form.md", format!("{survey}{choices}").as_bytes()) {
            let read = read_xform(form.xml.as_bytes()).unwrap();
            prop_assert_eq!(read.id, form.id);
            prop_assert_eq!(read.title, form.title);
        }
    }

    #[test]
    fn a_few_lines_that_make_sense_read_back(names in prop::collection::vec("[a-d]", 1..6), closing in 0..3_usize) {
        let rows: Vec<String> = names
            .iter()
            .enumerate()
            .map(|(at, name)| match at % 3 {
                0 => format!("| | begin repeat | {name}{at} | {name} |\n"),
                1 => format!("| | text | {name}{at} | x |\n"),
                _ => "| | end repeat | | |\n".to_owned(),
            })
            .collect();
        let ends = "| | end repeat | | |\n".repeat(closing);
        let form = format!("| survey |\n| | type | name | label |\n{}{ends}", rows.concat());
        if let Ok(form) = compile("form.md", form.as_bytes()) {
            prop_assert!(read_xform(form.xml.as_bytes()).is_ok());
        }
    }

    #[test]
    fn no_bytes_stop_the_program(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        for name in ["a.csv", "a.md", "a.xlsx", "a.xls"] {
            let _ = compile(name, &bytes);
        }
        let _ = (read_xform(&bytes).is_ok(), read_identity(&bytes).is_ok());
    }

    #[test]
    fn a_broken_workbook_stops_nothing(at in 0..20_000_usize, byte in any::<u8>(), xls in any::<bool>()) {
        let name = if xls { "yes_or_no_question.xls" } else { "yes_or_no_question.xlsx" };
        let path = testkit::shared_data("xlsform").join("forms").join(name);
        let mut bytes = std::fs::read(path).unwrap();
        let at = at % bytes.len();
        bytes[at] = byte;
        let _ = compile(name, &bytes);
        bytes.truncate(at);
        let _ = compile(name, &bytes);
    }

    #[test]
    fn whatever_is_sent_is_judged(body in "(<(a|b|c|meta)>|</(a|b|c|meta)>|x|1){0,12}") {
        let form = compile("f.md", b"| survey |\n| | type | name | label |\n| | begin repeat | a | A |\n| | integer | b | B |\n| | end repeat | | |\n").unwrap();
        let form = read_xform(form.xml.as_bytes()).unwrap();
        let xml = format!("<data id='f'>{body}<meta><instanceID>1</instanceID></meta></data>");
        let _ = read_submission(xml.as_bytes(), &form);
    }
}
