//! Score cards: that they are judged on what they have not seen, come back from a file as they were, and that a bad survey
//! makes none.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, and says where")]

use std::fmt::Write as _;
use std::fs::File;

use kernel::Refusal;
use targeting::Hashed;
use targeting::card::{Card, FORM, Model, Scoring, Source};
use targeting::fitting::card;
use targeting::survey::{Columns, Survey};

fn source(columns: &Columns, rows: usize, sha256: String) -> Source {
    Source {
        file: "f.csv".to_owned(),
        sha256,
        program: "test".to_owned(),
        rows: u64::try_from(rows).unwrap(),
        target: columns.target.clone(),
        line: columns.line,
        weight: columns.weight.clone(),
        cluster: columns.cluster.clone(),
        group: columns.group.clone(),
        folds: 5,
        seed: 1,
    }
}

fn made(bytes: impl std::io::Read, columns: &Columns, model: Model) -> Result<Card, Refusal> {
    let mut hashed = Hashed::new(bytes);
    let survey = Survey::read(&mut hashed, "f.csv", columns)?;
    let source = source(columns, survey.rows(), hashed.sha256());
    card(&survey, model, source)
}

fn poor() -> Columns {
    Columns {
        target: "poor".to_owned(),
        ..Columns::default()
    }
}

/// Families whose poverty hangs on the roof and on land, `noise` aside, by a small counter that mixes well.
fn survey(rows: u64, hangs: bool) -> String {
    let mut text = String::from("poor,roof,land,shoe\n");
    for row in 0..rows {
        let mixed = (row + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let chance = |shift: u32, of: u64| (mixed >> shift) % of;
        let (roof, land, shoe) = (chance(7, 3), chance(17, 40), chance(27, 25));
        let level = if hangs {
            20 + roof * 20 + (40 - land) / 2
        } else {
            50
        };
        let is_poor = u8::from(chance(41, 100) < level);
        let roof = ["砖", "瓦", "草"][usize::try_from(roof).unwrap()];
        writeln!(text, "{is_poor},{roof},{land}.5,s{shoe}").unwrap();
    }
    text
}

#[test]
fn a_card_finds_what_poverty_hangs_on_and_says_where_it_comes_from() {
    let text = survey(2_000, true);
    let card = made(text.as_bytes(), &poor(), Model::Logistic).unwrap();
    assert_eq!(
        (card.form.as_str(), card.source.rows, card.source.sha256.len()),
        (FORM, 2_000, 64)
    );
    let roof = card
        .questions
        .iter()
        .find(|asked| asked.question.column == "roof")
        .unwrap();
    let points = |label: &str| {
        roof.answers
            .iter()
            .find(|answer| answer.label == label)
            .unwrap()
            .points
    };
    assert!(
        points("草") > points("瓦") && points("瓦") > points("砖"),
        "{roof:?}"
    );
    let auc = card.evaluation.all.auc;
    assert!(
        auc.low.unwrap() > 0.6 && auc.low <= auc.value && auc.value <= auc.high,
        "{auc:?}"
    );
    assert_eq!(
        card,
        made(text.as_bytes(), &poor(), Model::Logistic).unwrap(),
        "the same seed, the same card"
    );
}

#[test]
fn chance_looks_like_chance_because_no_row_is_judged_by_a_fit_that_saw_it() {
    let card = made(survey(600, false).as_bytes(), &poor(), Model::Logistic).unwrap();
    let auc = card.evaluation.all.auc.value.unwrap();
    assert!(auc < 0.56, "{auc}");
}

#[test]
fn a_saved_card_scores_to_the_bit_as_before() {
    let text = survey(800, true);
    let card = made(text.as_bytes(), &poor(), Model::Logistic).unwrap();
    let saved = serde_json::to_vec_pretty(&card).unwrap();
    let read = Card::read(&saved, "card.json").unwrap();
    let scores = |card: &Card| {
        let mut scoring = Scoring::open(card, text.as_bytes(), "f.csv", None).unwrap();
        let mut scores = Vec::new();
        while let Some((_, scored)) = scoring.next_scored().unwrap() {
            scores.push((scored.points, scored.estimate.to_bits(), scored.selected));
        }
        scores
    };
    assert_eq!(scores(&read), scores(&card));
    assert_eq!(scores(&card).len(), 800);
    let added: i64 = read
        .questions
        .iter()
        .map(|asked| asked.answers.iter().map(|answer| answer.points).min().unwrap())
        .sum();
    assert_eq!(added, 0, "points begin at zero");
}

#[test]
fn eusilc_is_fitted_by_both_models_with_households_kept_together() {
    let columns = Columns {
        target: "eqIncome".to_owned(),
        line: Some(10_859.24),
        weight: Some("rb050".to_owned()),
        cluster: Some("db030".to_owned()),
        group: Some("rb090".to_owned()),
        only: ["hsize", "age", "pl030", "pb220a", "db040"]
            .map(str::to_owned)
            .to_vec(),
        not: Vec::new(),
    };
    for model in [Model::Linear, Model::Logistic] {
        let file = File::open(testkit::shared_data("eusilc-synthetic").join("eusilc.csv")).unwrap();
        let card = made(file, &columns, model).unwrap();
        let auc = card.evaluation.all.auc;
        assert!(auc.low.unwrap() > 0.6 && auc.high.unwrap() < 0.8, "{auc:?}");
        assert_eq!(card.evaluation.groups.len(), 2);
        assert!(card.evaluation.equal_opportunity_gap.is_some());
        assert_eq!(card.evaluation.cut_offs.len(), 19);
        let covered: Vec<_> = card
            .evaluation
            .cut_offs
            .iter()
            .map(|cut| cut.errors.exclusion_error)
            .collect();
        assert!(
            covered.is_sorted_by(|one, next| one >= next),
            "more selected, fewer missed"
        );
    }
}

#[test]
fn a_bad_survey_makes_no_card() {
    let many: String = (0..70).fold(String::from("poor,name\n"), |text, row| {
        format!("{text}{},n{row}\n", row % 2)
    });
    let cases = [
        ("", "delimited.empty", "f.csv"),
        ("poor,a\n", "targeting.no_rows", "f.csv"),
        ("poor,a\n1,x\n2,y\n", "targeting.bad_target", "f.csv:3:poor"),
        ("poor,a\n1,x\nyes,y\n", "targeting.not_a_number", "f.csv:3:poor"),
        ("poor,a\n1,x\n1,y\n", "targeting.one_class", "f.csv"),
        ("poor\n1\n0\n", "targeting.no_questions", "f.csv"),
        ("poor,a\n1,x\n0,x\n", "targeting.no_questions", "f.csv"),
        ("poor,a\n1,5\n0,6\n1,six\n", "targeting.not_a_number", "f.csv:4:a"),
        ("poor,a\n1,5\n0,NaN\n1,6\n", "targeting.not_a_number", "f.csv:3:a"),
        ("poor,a,b\n1,1,x\n0,2,y\n", "targeting.too_few_rows", "f.csv"),
        ("a,b\n1,1\n", "targeting.no_column", "f.csv"),
        (&many, "targeting.too_many_levels", "f.csv:name"),
    ];
    for (text, code, at) in cases {
        let refusal = made(text.as_bytes(), &poor(), Model::Logistic).unwrap_err();
        assert_eq!(
            (refusal.code, refusal.at.as_deref()),
            (code, Some(at)),
            "{text:?}"
        );
    }
    let weighted = Columns {
        weight: Some("w".to_owned()),
        ..poor()
    };
    let refusal = made("poor,w,a\n1,0,x\n0,0,y\n".as_bytes(), &weighted, Model::Logistic).unwrap_err();
    assert_eq!(refusal.code, "targeting.weights_zero");
    let few = "poor,a\n1,x\n0,y\n1,x\n0,y\n";
    assert_eq!(
        made(few.as_bytes(), &poor(), Model::Logistic).unwrap_err().code,
        "targeting.too_few_clusters"
    );
}

#[test]
fn an_answer_the_card_does_not_know_and_a_changed_card_are_refused() {
    let card = made(survey(400, true).as_bytes(), &poor(), Model::Logistic).unwrap();
    let refused = |text: &str| {
        let mut scoring = Scoring::open(&card, text.as_bytes(), "h.csv", None)?;
        while scoring.next_scored()?.is_some() {}
        Ok::<(), Refusal>(())
    };
    let cases = [
        (
            "roof,land,shoe\n砖,1,s1\n塑料,2,s1\n",
            "targeting.unknown_level",
            Some("h.csv:3:roof"),
        ),
        (
            "roof,land,shoe\n,1,s1\n",
            "targeting.empty_cell",
            Some("h.csv:2:roof"),
        ),
        (
            "roof,land,shoe\n砖,lots,s1\n",
            "targeting.not_a_number",
            Some("h.csv:2:land"),
        ),
        ("roof,land\n砖,1\n", "targeting.no_column", Some("h.csv")),
    ];
    for (text, code, at) in cases {
        let refusal = refused(text).unwrap_err();
        assert_eq!((refusal.code, refusal.at.as_deref()), (code, at), "{text:?}");
    }
    let good = serde_json::to_value(&card).unwrap();
    let mut other_form = good.clone();
    other_form["form"] = "another".into();
    let mut fewer = good.clone();
    fewer["questions"][0]["answers"].as_array_mut().unwrap().pop();
    for bad in [
        other_form.to_string(),
        fewer.to_string(),
        "{}".to_owned(),
        String::new(),
    ] {
        assert_eq!(
            Card::read(bad.as_bytes(), "card.json").unwrap_err().code,
            "targeting.bad_card"
        );
    }
}
