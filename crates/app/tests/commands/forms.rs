//! Forms on the command line: what is written, and what is told.

use crate::desk::Desk;

const FORM: &str = "\
| survey | | | |
| | type | name | label |
| | text | head | Head |
| | select_one_external towns | town | Town |
| external_choices | | |
| | list_name | name | label |
| | towns | t1 | Town 1 |
| settings | | |
| | form_id | version |
| | household | 3 |
";

#[test]
fn a_form_is_compiled_to_a_file_with_its_choices_beside_it() {
    let desk = Desk::new();
    std::fs::write(desk.path("household.md"), FORM).unwrap();
    let ran = desk.run(
        "data",
        &["forms", "compile", "household.md", "--out", "household.xml"],
    );
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let xml = std::fs::read_to_string(desk.path("household.xml")).unwrap();
    assert!(xml.contains("<data id=\"household\" version=\"3\">"), "{xml}");
    let itemsets = std::fs::read_to_string(desk.path("itemsets.csv")).unwrap();
    assert!(
        itemsets.ends_with("\"towns\",\"t1\",\"Town 1\"\r\n"),
        "{itemsets}"
    );
    let printed = desk.run("data", &["forms", "compile", "household.md"]);
    assert_eq!(printed.out, xml);
    assert!(!desk.path("data").exists());
}

#[test]
fn everything_wrong_with_a_form_is_told_and_nothing_is_written() {
    let desk = Desk::new();
    std::fs::write(
        desk.path("bad.md"),
        FORM.replace("text", "colour").replace("Town |", "${x} |"),
    )
    .unwrap();
    let ran = desk.run("data", &["forms", "check", "bad.md", "--lang", "en"]);
    assert_eq!((ran.code, ran.err.as_str()), (1, ""));
    for said in [
        "survey:2:type",
        "[forms.unknown_type]",
        "survey:3:label",
        "[forms.unknown_reference]",
        "Faults: 2",
    ] {
        assert!(ran.out.contains(said), "{said}: {}", ran.out);
    }
    let compiled = desk.run("data", &["forms", "compile", "bad.md", "--out", "bad.xml"]);
    assert!(
        compiled.code == 1 && !desk.path("bad.xml").exists(),
        "{compiled:?}"
    );
    let none = desk.run("data", &["forms", "check", "none.md"]);
    assert!(
        none.code == 1 && none.err.contains("[app.file_unreadable]"),
        "{none:?}"
    );
}
