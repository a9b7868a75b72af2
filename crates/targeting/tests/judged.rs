//! Errors of a cut-off: the published four-fifths case, a village counted by hand, and what never changes them.

#![expect(clippy::float_arithmetic, reason = "shares are compared within a distance")]

use proptest::prelude::*;
use serde_json::Value;
use targeting::judged::{Judged, by_group, cut_off_for, errors, impact_ratios, in_order, with_intervals};

fn near(one: Option<f64>, other: f64) -> bool {
    one.is_some_and(|one| (one - other).abs() < 1e-12)
}

#[test]
fn the_published_four_fifths_case_comes_out() {
    let file = testkit::shared_data("fairness").join("four-fifths.json");
    let file: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    let number = |value: &Value| value.as_str().unwrap().parse::<f64>().unwrap();
    let mut checked = 0;
    for case in file["cases"].as_array().unwrap() {
        let rates = case["rates_pct"].as_object().unwrap();
        let shares: Vec<Option<f64>> = rates.values().map(|rate| Some(number(rate) / 100.0)).collect();
        for (group, (ratio, adverse)) in rates.keys().zip(impact_ratios(&shares)) {
            let Some(expected) = case["expected"].get(group) else {
                continue;
            };
            assert!(near(ratio, number(&expected["ratio_pct"]) / 100.0), "{group}");
            assert_eq!(Some(adverse), expected["adverse"].as_bool(), "{group}");
            checked += 1;
        }
    }
    assert_eq!(checked, 3);
}

fn person(points: i64, poor: bool, weight: f64, group: usize) -> Judged {
    Judged {
        points,
        poor,
        weight,
        cluster: 0,
        group,
    }
}

/// Three poor with weights 1, 2, 1 and three others with 1, 1, 2.
fn village() -> Vec<Judged> {
    in_order(vec![
        person(9, true, 1.0, 0),
        person(7, false, 1.0, 0),
        person(5, true, 2.0, 1),
        person(5, false, 1.0, 1),
        person(3, true, 1.0, 1),
        person(1, false, 2.0, 0),
    ])
}

#[test]
fn a_village_is_judged_as_by_hand() {
    // From 5 points on: poor 3 of 4, others 2 of 4.
    let found = errors(&village(), 5);
    assert!(near(found.selected, 5.0 / 8.0));
    assert!(near(found.inclusion_error, 2.0 / 5.0));
    assert!(near(found.exclusion_error, 1.0 / 4.0));
    // Pairs won: 9 beats 4; 5 (weight 2) beats 2 and ties 1: 2 · 2.5; 3 beats 2. Of 4 · 4 pairs.
    assert!(near(found.auc, (4.0 + 5.0 + 2.0) / 16.0));
    let (groups, gap) = by_group(&village(), &["a".to_owned(), "b".to_owned()], 5, 1);
    assert!(near(groups[0].found.exclusion_error.value, 0.0));
    assert!(near(groups[1].found.exclusion_error.value, 1.0 / 3.0));
    assert!(near(gap, 1.0 / 3.0));
    // Selected are 2 of 4 and 3 of 4.
    assert!(near(groups[0].impact_ratio, 2.0 / 3.0) && groups[0].adverse && !groups[1].adverse);
}

#[test]
fn a_cut_off_selects_the_share_that_is_aimed_at_and_equal_points_together() {
    let village = village();
    let quarter = cut_off_for(&village, 0.25);
    assert_eq!((quarter.cut_off, quarter.persons), (7, 2));
    let third = cut_off_for(&village, 0.3);
    assert_eq!((third.cut_off, third.persons), (5, 4));
    assert_eq!(cut_off_for(&village, 1.0).persons, 6);
    let nobody = errors(&village, 100);
    assert_eq!(
        (nobody.inclusion_error, nobody.exclusion_error),
        (None, Some(1.0))
    );
    assert_eq!(errors(&[], 0).auc, None);
}

fn people() -> impl Strategy<Value = Vec<Judged>> {
    let one =
        (-50_i64..50, any::<bool>(), 1_u8..9, 0_usize..8).prop_map(|(points, poor, weight, cluster)| {
            Judged {
                points,
                poor,
                weight: f64::from(weight),
                cluster,
                group: 0,
            }
        });
    prop::collection::vec(one, 1..80)
}

proptest! {
    #[test]
    fn the_curve_keeps_its_area_under_a_monotone_change(people in people(), cut_off in -50_i64..50) {
        let bent: Vec<Judged> = people.iter().map(|p| Judged { points: p.points.pow(3) + 7 * p.points - 2, ..*p }).collect();
        let (one, other) = (errors(&in_order(people), cut_off), errors(&in_order(bent), cut_off.pow(3) + 7 * cut_off - 2));
        prop_assert_eq!(one, other);
    }

    #[test]
    fn opposite_points_give_the_rest_of_the_area(people in people()) {
        let turned: Vec<Judged> = people.iter().map(|p| Judged { points: -p.points, ..*p }).collect();
        let (one, other) = (errors(&in_order(people), 0).auc, errors(&in_order(turned), 0).auc);
        prop_assert!(one.zip(other).is_none_or(|(one, other)| (one + other - 1.0).abs() < 1e-9));
    }

    #[test]
    fn intervals_hold_shares_and_repeat_by_seed(people in people(), cut_off in -50_i64..50, seed: u64) {
        let people = in_order(people);
        let found = with_intervals(&people, cut_off, seed);
        prop_assert_eq!(&found, &with_intervals(&people, cut_off, seed));
        for interval in [&found.selected, &found.inclusion_error, &found.exclusion_error, &found.auc] {
            if let (Some(low), Some(high)) = (interval.low, interval.high) {
                prop_assert!(0.0 <= low && low <= high && high <= 1.0 + 1e-12);
            }
        }
    }
}
