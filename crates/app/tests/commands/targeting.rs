//! Surveys and registers on the command line: what is printed, what is refused, and that nothing is written.

use serde_json::json;

use crate::desk::Desk;

#[test]
fn a_survey_is_measured_in_json_and_as_a_table_in_both_languages() {
    let desk = Desk::new();
    let survey = testkit::shared_data("eusilc-synthetic").join("eusilc.csv");
    let file = survey.to_str().unwrap();
    let measure = [
        "poverty",
        "measure",
        file,
        "--income",
        "eqIncome",
        "--weight",
        "rb050",
        "--line-median",
        "0.6",
    ];
    let found = desk.json("data", &[&measure[..], &["--by", "db040"]].concat());
    assert_eq!(format!("{:.2}", found["threshold"].as_f64().unwrap()), "10859.24");
    assert_eq!(
        format!("{:.5}", found["rate_percent"].as_f64().unwrap()),
        "14.44422"
    );
    assert_eq!(found["persons"], 14_827);
    assert_eq!(found["groups"].as_array().unwrap().len(), 9);
    for (lang, word) in [("zh", "贫困率%"), ("en", "poor %")] {
        let ran = desk.run("data", &[&measure[..], &["--lang", lang]].concat());
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        assert!(
            ran.out.contains(word) && ran.out.contains("14.444"),
            "{}",
            ran.out
        );
    }
    assert!(!desk.path("data").exists());
}

#[test]
fn a_bad_survey_is_refused_by_line_and_column() {
    let desk = Desk::new();
    std::fs::write(desk.path("bad.csv"), "income\n1\n一千\n").unwrap();
    let ran = desk.run("data", &["poverty", "measure", "bad.csv", "--income", "income"]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert!(
        ran.err.contains("bad.csv:3:income") && ran.err.contains("[targeting.not_a_number]"),
        "{ran:?}"
    );
    let none = desk.run("data", &["poverty", "measure", "none.csv", "--income", "income"]);
    assert!(
        none.code == 1 && none.err.contains("[app.file_unreadable]"),
        "{none:?}"
    );
    let both = [
        "poverty",
        "measure",
        "bad.csv",
        "--income",
        "income",
        "--line",
        "1",
        "--line-median",
        "1",
    ];
    assert_eq!(desk.run("data", &both).code, 2);
}

#[test]
fn wrong_numbers_of_a_register_are_listed_by_line_and_never_whole() {
    let desk = Desk::new();
    let register = "id,name\n360426199101010071,a\n,b\n36042619910102009X,c\n500154199804106120,d\n";
    std::fs::write(desk.path("register.csv"), register).unwrap();
    let check = ["ids", "check", "register.csv", "--column", "id"];
    let ran = desk.run("data", &[&check[..], &["--json"]].concat());
    let found: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(
        (ran.code, &found["right"], &found["wrong"], &found["empty"]),
        (1, &json!(2), &json!(1), &json!(1))
    );
    let strict = desk.run("data", &[&check[..], &["--strict"]].concat());
    assert!(
        strict.out.contains("register.csv:4:id") && strict.out.contains("[places.id_division_not_yet]"),
        "{strict:?}"
    );
    assert!(!strict.out.contains("36042619910102009X") && !strict.out.contains("500154199804106120"));
    assert!(!desk.path("data").exists());
}

#[test]
fn a_card_is_fitted_and_scores_a_file() {
    let desk = Desk::new();
    let survey = testkit::shared_data("eusilc-synthetic").join("eusilc.csv");
    let file = survey.to_str().unwrap();
    let fit = [
        "targeting",
        "fit",
        file,
        "--target",
        "eqIncome",
        "--line",
        "10859.24",
        "--weight",
        "rb050",
        "--cluster",
        "db030",
        "--group",
        "rb090",
        "--only",
        "hsize,age,pl030,pb220a",
        "--out",
        "card.json",
    ];
    let card = desk.json("data", &fit);
    assert!(card["evaluation"]["all"]["auc"]["low"].as_f64().unwrap() > 0.5);
    let kept: serde_json::Value =
        serde_json::from_slice(&std::fs::read(desk.path("card.json")).unwrap()).unwrap();
    assert_eq!(kept["source"]["sha256"], card["source"]["sha256"]);
    let people = "name,hsize,age,pl030,pb220a\n兰,5,30,2,AT\n陈,1,70,,\n";
    std::fs::write(desk.path("people.csv"), people).unwrap();
    let scored = desk.json(
        "data",
        &[
            "targeting",
            "score",
            "card.json",
            "people.csv",
            "--out",
            "scored.csv",
            "--cut-off",
            "-1",
        ],
    );
    assert_eq!((&scored["rows"], &scored["selected"]), (&json!(2), &json!(2)));
    let lines = std::fs::read_to_string(desk.path("scored.csv")).unwrap();
    assert!(
        lines.starts_with("name,hsize,age,pl030,pb220a,points,estimate,selected\n兰,5,30,2,AT,"),
        "{lines}"
    );
    let table = desk.run("data", &[&fit[..], &["--logistic", "--lang", "en"]].concat());
    assert!(
        table.code == 0 && table.out.contains("not seen") && table.out.contains("female"),
        "{table:?}"
    );
    assert!(!desk.path("data").exists());
}

#[test]
fn a_refused_survey_or_file_writes_nothing() {
    let desk = Desk::new();
    std::fs::write(desk.path("survey.csv"), "poor,roof\n1,草\n2,砖\n").unwrap();
    let fit = [
        "targeting",
        "fit",
        "survey.csv",
        "--target",
        "poor",
        "--out",
        "card.json",
    ];
    let ran = desk.run("data", &fit);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert!(
        ran.err.contains("survey.csv:3:poor") && ran.err.contains("[targeting.bad_target]"),
        "{ran:?}"
    );
    std::fs::write(desk.path("bad.json"), "{}").unwrap();
    let ran = desk.run(
        "data",
        &[
            "targeting",
            "score",
            "bad.json",
            "survey.csv",
            "--out",
            "scored.csv",
        ],
    );
    assert!(
        ran.code == 1 && ran.err.contains("[targeting.bad_card]"),
        "{ran:?}"
    );
    let mut files = crate::desk::names(&desk.path(""));
    files.sort();
    assert_eq!(files, ["bad.json", "survey.csv"]);
    let both = [&fit[..], &["--only", "roof", "--not", "roof"]].concat();
    assert_eq!(desk.run("data", &both).code, 2);
}
