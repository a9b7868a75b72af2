//! Measures of poverty: published figures, cases worked out by hand, and what must never change them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, and says where")]
#![expect(clippy::float_arithmetic, reason = "figures are compared within a distance")]

use std::fmt::Write as _;
use std::fs::File;
use std::io::Read;

use proptest::prelude::*;
use serde_json::Value;
use targeting::measures::{Line, Measures, Person, Wanted, measure, of_file, threshold};
use targeting::table::Table;

fn eusilc(line: Line, by: Option<&str>) -> targeting::measures::Poverty {
    let file = File::open(testkit::shared_data("eusilc-synthetic").join("eusilc.csv")).unwrap();
    let wanted = Wanted {
        income: "eqIncome",
        weight: Some("rb050"),
        by,
        line,
    };
    of_file(file, "eusilc.csv", wanted).unwrap()
}

/// A number with as many digits behind the point as the printed one has.
fn printed_like(number: f64, printed: &str) -> String {
    let digits = printed.split_once('.').map_or(0, |(_, behind)| behind.len());
    format!("{number:.digits$}")
}

#[test]
fn every_published_figure_of_eusilc_comes_out_to_the_last_digit() {
    let expected = testkit::shared_data("eusilc-synthetic").join("expected-overall.json");
    let expected: Value = serde_json::from_slice(&std::fs::read(expected).unwrap()).unwrap();
    let cases = expected["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 5);
    for case in cases {
        let text = |key: &str| case[key].as_str().unwrap();
        let poverty = eusilc(Line::OfMedian(text("p").parse().unwrap()), None);
        let line = case["threshold"].as_str().unwrap_or("10859.24");
        assert_eq!(printed_like(poverty.threshold, line), line, "{case}");
        if text("function") == "arpr" {
            assert_eq!(
                printed_like(poverty.all.rate_percent, text("value")),
                text("value"),
                "{case}"
            );
        }
    }
}

/// The vignette laeken-standard prints these of the same data (laeken 0.5.2): `gini` 26.48962 (per cent) and `qsr`
/// 3.971415.
#[test]
fn gini_and_quintile_ratio_of_eusilc_are_those_of_laeken() {
    let all = eusilc(Line::OfMedian(0.6), None).all;
    assert_eq!(printed_like(all.gini.unwrap() * 100.0, "26.48962"), "26.48962");
    assert_eq!(printed_like(all.quintile_ratio.unwrap(), "3.971415"), "3.971415");
}

#[test]
fn groups_share_the_line_and_add_up_to_all() {
    let poverty = eusilc(Line::OfMedian(0.6), Some("db040"));
    let groups = poverty.groups.unwrap();
    assert_eq!(groups.len(), 9);
    let persons: u64 = groups.iter().map(|group| group.measures.persons).sum();
    assert_eq!((persons, poverty.all.persons), (14_827, 14_827));
    let poor = |measures: &Measures| measures.headcount * measures.weight;
    let of_groups: f64 = groups.iter().map(|group| poor(&group.measures)).sum();
    assert!((of_groups / poor(&poverty.all) - 1.0).abs() < 1e-12);
}

fn persons(rows: &[(f64, f64)]) -> Vec<Person> {
    let person = |&(income, weight): &(f64, f64)| Person { income, weight };
    rows.iter().map(person).collect()
}

fn near(one: f64, other: f64) -> bool {
    (one - other).abs() <= 1e-9 * one.abs().max(other.abs()).max(1.0)
}

#[test]
fn a_small_village_is_measured_as_by_hand() {
    // Five persons, line 10: two are poor with gaps 0.8 and 0.5; who has just the line is not.
    let village = persons(&[(2.0, 1.0), (5.0, 1.0), (10.0, 1.0), (13.0, 1.0), (20.0, 1.0)]);
    let found = measure(&village, 10.0).unwrap();
    assert!(near(found.headcount, 0.4) && near(found.gap, 1.3 / 5.0) && near(found.severity, 0.89 / 5.0));
    // Gini by mean absolute difference: the ten pairs differ by 3+8+11+18+5+8+15+3+10+7 = 88; 88 / (5² · mean 10).
    assert!(near(found.gini.unwrap(), 88.0 / 250.0));
    // The fifth of the weight is reached exactly, so the 20 % quantile is (2+5)/2 and the 80 % one (13+20)/2.
    assert!(near(found.quintile_ratio.unwrap(), 20.0 / 2.0));
    assert!(near(found.median, 10.0) && near(found.mean, 10.0));
}

#[test]
fn one_person_with_everything_and_nothing_but_equals_are_the_ends_of_gini() {
    let equal = measure(&persons(&[(7.0, 1.0), (7.0, 3.0)]), 1.0).unwrap();
    assert!(near(equal.gini.unwrap(), 0.0) && near(equal.quintile_ratio.unwrap(), 1.0));
    let one_of_four = persons(&[(0.0, 3.0), (8.0, 1.0)]);
    let unequal = measure(&one_of_four, 1.0).unwrap();
    assert!(near(unequal.gini.unwrap(), 0.75));
    assert_eq!(unequal.quintile_ratio, None);
    let nothing = measure(&persons(&[(0.0, 1.0)]), 1.0).unwrap();
    assert_eq!((nothing.gini, nothing.headcount, nothing.gap), (None, 1.0, 1.0));
}

#[test]
fn a_loss_is_as_far_below_the_line_as_nothing() {
    let found = measure(&persons(&[(-50.0, 1.0), (20.0, 1.0)]), 10.0).unwrap();
    assert!(near(found.gap, 0.5) && near(found.severity, 0.5));
    assert_eq!(found.negative_incomes, 1);
}

fn refused(text: &[u8], line: Line) -> (&'static str, Option<String>) {
    let wanted = Wanted {
        income: "income",
        weight: Some("weight"),
        by: None,
        line,
    };
    let refusal = of_file(text, "f.csv", wanted).unwrap_err();
    (refusal.code, refusal.at)
}

#[test]
fn a_bad_file_is_refused_by_line_and_column() {
    let cases: [(&str, &str, &str); 16] = [
        ("income,weight\n1,1\n2,\"1", "delimited.unclosed_quote", "f.csv:3"),
        ("", "delimited.empty", "f.csv"),
        ("income,weight\n", "targeting.no_rows", "f.csv"),
        ("income,other\n1,1\n", "targeting.no_column", "f.csv"),
        ("income,income\n1,1\n", "targeting.column_twice", "f.csv"),
        (
            "income,weight\n1,1\n一千,1\n",
            "targeting.not_a_number",
            "f.csv:3:income",
        ),
        (
            "income,weight\n\"1,000\",1\n",
            "targeting.not_a_number",
            "f.csv:2:income",
        ),
        (
            "income,weight\n1,1\n,1\n",
            "targeting.empty_cell",
            "f.csv:3:income",
        ),
        ("income,weight\n1,\n", "targeting.empty_cell", "f.csv:2:weight"),
        ("income,weight\nNaN,1\n", "targeting.not_finite", "f.csv:2:income"),
        ("income,weight\n1,inf\n", "targeting.not_finite", "f.csv:2:weight"),
        (
            "income,weight\n1e300,1\n",
            "targeting.not_finite",
            "f.csv:2:income",
        ),
        (
            "income,weight\n1,-0.5\n",
            "targeting.negative_weight",
            "f.csv:2:weight",
        ),
        ("income,weight\n1,1\n2\n", "delimited.row_cut_off", "f.csv:3"),
        ("income,weight\n1,0\n2,0\n", "targeting.weights_zero", "f.csv"),
        ("income,weight\n0,1\n0,1\n", "targeting.bad_line", "f.csv"),
    ];
    for (text, code, at) in cases {
        let found = refused(text.as_bytes(), Line::OfMedian(0.6));
        assert_eq!(found, (code, Some(at.to_owned())), "{text:?}");
    }
    let neither = b"income,weight,name\n1,1,\xff\xff\xff\n";
    assert_eq!(refused(neither, Line::OfMedian(0.6)).0, "delimited.bad_text");
    assert_eq!(
        refused(b"income,weight\n1,1\n", Line::Income(-1.0)).0,
        "targeting.bad_line"
    );
}

#[test]
fn a_file_in_gb_18030_and_one_with_a_byte_order_mark_are_read() {
    let wanted = Wanted {
        income: "收入",
        weight: None,
        by: Some("县"),
        line: Line::Income(3.0),
    };
    let utf8 = "\u{FEFF}收入,县\r\n1,礼县\r\n5,岷县\r\n";
    let from_utf8 = of_file(utf8.as_bytes(), "f.csv", wanted).unwrap();
    let gb = b"\xca\xd5\xc8\xeb,\xcf\xd8\r\n1,\xc0\xf1\xcf\xd8\r\n5,\xe1\xba\xcf\xd8\r\n";
    assert_eq!(of_file(&gb[..], "f.csv", wanted).unwrap(), from_utf8);
    let groups = from_utf8.groups.unwrap();
    assert_eq!(
        groups
            .iter()
            .map(|group| group.group.as_str())
            .collect::<Vec<_>>(),
        ["岷县", "礼县"]
    );
}

fn same(one: &Measures, other: &Measures) -> bool {
    let figures = |found: &Measures| {
        let inequality = [found.gini, found.quintile_ratio].map(|ratio| ratio.unwrap_or(-1.0));
        let poverty = [
            found.headcount,
            found.gap,
            found.severity,
            found.median,
            found.mean,
        ];
        poverty.into_iter().chain(inequality).collect::<Vec<_>>()
    };
    figures(one)
        .iter()
        .zip(figures(other))
        .all(|(one, other)| near(*one, other))
}

/// Incomes and weights in sixteenths, so that sums are exact and no figure hangs on rounding.
fn people() -> impl Strategy<Value = Vec<Person>> {
    let person = (0_u32..5_000, 1_u32..200).prop_map(|(income, weight)| Person {
        income: f64::from(income) / 16.0,
        weight: f64::from(weight) / 16.0,
    });
    prop::collection::vec(person, 1..60)
}

proptest! {
    #[test]
    fn the_order_of_rows_changes_no_bit(people in people(), line in 1.0_f64..300.0, turn in 0_usize..60) {
        let mut turned = people.clone();
        turned.reverse();
        let turn = turn % turned.len();
        turned.rotate_left(turn);
        prop_assert_eq!(measure(&people, line).unwrap(), measure(&turned, line).unwrap());
    }

    #[test]
    fn a_currency_changes_nothing(people in people(), line in 1_u32..5_000) {
        // A power of two scales exactly.
        let line = f64::from(line) / 16.0;
        let scaled: Vec<Person> = people.iter().map(|p| Person { income: p.income * 8.0, ..*p }).collect();
        let (one, mut other) = (measure(&people, line).unwrap(), measure(&scaled, line * 8.0).unwrap());
        other.mean /= 8.0;
        other.median /= 8.0;
        prop_assert!(same(&one, &other));
    }

    #[test]
    fn a_row_in_two_parts_is_the_same_row(people in people(), line in 1.0_f64..300.0, at in 0_usize..60) {
        let mut parts = people.clone();
        let at = at % parts.len();
        parts[at].weight /= 4.0;
        let rest = Person { weight: parts[at].weight * 3.0, ..parts[at] };
        parts.push(rest);
        prop_assert!(same(&measure(&people, line).unwrap(), &measure(&parts, line).unwrap()));
        let half = Line::OfMedian(0.5);
        prop_assert_eq!(threshold(&people, half).ok(), threshold(&parts, half).ok());
    }

    #[test]
    fn measures_keep_their_bounds(people in people(), line in 1.0_f64..300.0) {
        let found = measure(&people, line).unwrap();
        prop_assert!(found.headcount >= found.gap && found.gap >= found.severity && found.severity >= 0.0);
        prop_assert!(found.headcount <= 1.0 + 1e-12);
        prop_assert!(found.gini.is_none_or(|gini| (0.0..=1.0).contains(&gini)));
        prop_assert!(found.quintile_ratio.is_none_or(|ratio| ratio >= 1.0 - 1e-9));
    }

    #[test]
    fn any_bytes_are_measured_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200), rows in 0_usize..5) {
        let mut text = String::from("income,weight\n");
        for row in 0..rows {
            writeln!(text, "{row},1").unwrap();
        }
        let wanted = Wanted { income: "income", weight: Some("weight"), by: None, line: Line::OfMedian(0.6) };
        let _answer = of_file([text.as_bytes(), &bytes].concat().as_slice(), "f.csv", wanted);
    }
}

/// A file of so many bytes, made as it is read.
fn long_row(bytes: u64) -> impl Read {
    b"income,weight\n1,1\n".chain(std::io::repeat(b'1').take(bytes))
}

#[test]
fn a_row_without_end_is_refused_before_it_is_in_memory() {
    let mut table = Table::open(long_row(1 << 60), "f.csv").unwrap();
    table.next_row().unwrap();
    let refusal = table.next_row().unwrap_err();
    assert_eq!(refusal.code, "delimited.record_too_long");
    assert_eq!(refusal.at.as_deref(), Some("f.csv:3"));
}
