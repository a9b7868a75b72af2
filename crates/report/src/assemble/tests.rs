//! The built-in programme with made-up values.

use kernel::Lang;

use super::*;
use crate::model::Relation;

fn cell(key: &str, value: i64, lines: i64) -> Cell {
    Cell {
        key: key.into(),
        title: Text::new(key, key),
        value,
        lines,
    }
}

fn report_of(values: FigureValues) -> HalfYearReport {
    let programme = Programme::built_in().unwrap();
    let basis = Basis {
        tables: &[],
        programme: &programme,
        places: Places::national(),
        period: "2018H1".parse().unwrap(),
        made_at: Timestamp::UNIX_EPOCH,
        segments: &[],
        public_key: "ab",
    };
    assemble(
        basis,
        &BTreeMap::from([("sales.poverty_counties".to_owned(), values)]),
    )
}

fn sales() -> FigureValues {
    let places = vec![
        cell("621126", 1_300_000_000_000, 900),
        cell("621226", 700_000_000_000, 800),
        cell("532528", 600_000_000_100, 700),
        cell("540127", 5, 2),
    ];
    FigureValues {
        value: Some(2_600_000_000_105),
        lines: 2_402,
        breakdowns: vec![
            (Dimension::Place, places),
            (
                Dimension::Month,
                vec![cell("201802", 2_600_000_000_000, 2_000), cell("201801", 105, 402)],
            ),
        ],
        previous: Some(2_000_000_000_000),
        trace: Vec::new(),
    }
}

#[test]
fn a_figure_carries_what_was_published_and_whether_it_holds() {
    let report = report_of(sales());
    let figure = report.figure("sales.poverty_counties").unwrap();
    let published = figure.published.as_ref().unwrap();
    assert_eq!(
        (published.relation, published.value.as_str(), published.holds),
        (Relation::MoreThan, "26000000000", Some(true))
    );
    assert_eq!(figure.previous.as_ref().unwrap().change_permille, Some(300));
    assert_eq!(figure.evidence.lines, Some(2_402));
}

#[test]
fn published_figures_without_a_definition_are_listed_as_such() {
    let report = report_of(sales());
    let defined = report
        .figures
        .iter()
        .filter(|figure| figure.published.is_some())
        .count();
    assert_eq!(defined, 1);
    assert!(
        report
            .not_yet_defined
            .iter()
            .any(|row| row.id == "cover.households" && row.holds.is_none())
    );
    assert!(
        report
            .not_yet_defined
            .iter()
            .all(|row| row.id != "sales.poverty_counties")
    );
}

#[test]
fn a_small_county_hides_with_its_province_and_the_next_smallest() {
    let report = report_of(sales());
    let figure = report.figure("sales.poverty_counties").unwrap();
    let shown: Vec<(&str, Option<i64>)> = figure
        .breakdown("province")
        .unwrap()
        .rows
        .iter()
        .map(|row| (row.key.as_str(), row.value))
        .collect();
    assert_eq!(
        shown,
        [
            ("620000", Some(2_000_000_000_000)),
            ("530000", None),
            ("540000", None)
        ]
    );
    let counties = figure.breakdown("place").unwrap();
    assert_eq!(
        (counties.hidden, counties.adds_up, counties.rows.len()),
        (2, true, 4)
    );
    assert_eq!(figure.breakdown("month").unwrap().rows[0].key, "201801");
}

#[test]
fn a_figure_on_too_few_lines_is_not_published_at_all() {
    let values = FigureValues {
        value: Some(7),
        lines: 3,
        breakdowns: vec![(Dimension::Place, vec![cell("621126", 7, 3)])],
        ..FigureValues::default()
    };
    let report = report_of(values);
    let figure = report.figure("sales.poverty_counties").unwrap();
    assert_eq!(
        (figure.value, figure.state, figure.evidence.lines),
        (None, ValueState::TooFew, None)
    );
    assert!(
        figure
            .breakdowns
            .iter()
            .all(|breakdown| breakdown.rows.is_empty() && breakdown.withheld)
    );
    assert_eq!(figure.published.as_ref().unwrap().holds, None);
}

#[test]
fn model_counties_have_english_names() {
    let report = report_of(sales());
    let county = report
        .model_counties
        .iter()
        .find(|county| county.county.zh.starts_with("元阳"))
        .unwrap();
    assert!(county.county.en.starts_with("Yuanyang"), "{county:?}");
}

#[test]
fn every_unit_of_the_programme_has_a_word() {
    for lang in Lang::ALL {
        let w = crate::words::WORDS.of(lang);
        let programme = Programme::built_in().unwrap();
        let published = programme.published.iter().map(|row| row.unit.clone());
        for unit in programme::figures::UNITS
            .iter()
            .map(|unit| (*unit).to_owned())
            .chain(published)
            .filter(|unit| unit != "fen")
        {
            let key = format!("unit.{unit}");
            assert_ne!(w.get(&key), key);
        }
    }
}
