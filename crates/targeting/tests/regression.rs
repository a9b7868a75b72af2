//! The regressions against cases that are solved by hand and against another program.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, and says where")]
#![expect(
    clippy::float_arithmetic,
    reason = "coefficients are compared within a distance"
)]

use proptest::prelude::*;
use targeting::solve::{Design, Fitted, Regression, Said, fit};

fn design(rows: &[&[f64]]) -> Design {
    let cells = |row: &&[f64]| row.iter().copied().enumerate().collect();
    Design {
        width: rows.first().map_or(0, |row| row.len()),
        rows: rows.iter().map(cells).collect(),
    }
}

fn fitted(rows: &[&[f64]], outcome: &[f64], weight: &[f64], penalty: f64, regression: Regression) -> Fitted {
    fit(&design(rows), Said { outcome, weight }, penalty, regression).unwrap()
}

fn assert_near(found: &Fitted, coefficients: &[f64], intercept: f64) {
    let all = found.coefficients.iter().chain([&found.intercept]);
    for (found, expected) in all.zip(coefficients.iter().chain([&intercept])) {
        assert!((found - expected).abs() < 1e-8, "{found} is not {expected}");
    }
}

#[test]
fn a_table_of_two_by_two_gives_the_logarithm_of_its_odds() {
    // Of 4 without the trait 1 is poor, of 5 with it 3: log odds ln(1/3), and ln(3/2) - ln(1/3) = ln(9/2) more.
    let rows: [&[f64]; 4] = [&[0.0], &[0.0], &[1.0], &[1.0]];
    let found = fitted(
        &rows,
        &[1.0, 0.0, 1.0, 0.0],
        &[1.0, 3.0, 3.0, 2.0],
        0.0,
        Regression::Logistic,
    );
    assert_near(&found, &[4.5_f64.ln()], (1.0_f64 / 3.0).ln());
}

#[test]
fn a_ridge_line_is_the_covariance_over_the_penalised_variance() {
    // x 0 2 4 with y 1 2 6: variance 8/3, covariance 10/3; b = 10/3 / (8/3 · (1 + λ)), through the means (2, 3).
    let rows: [&[f64]; 3] = [&[0.0], &[2.0], &[4.0]];
    for penalty in [0.0, 0.25, 1.0] {
        let found = fitted(&rows, &[1.0, 2.0, 6.0], &[1.0; 3], penalty, Regression::Linear);
        let slope = 1.25 / (1.0 + penalty);
        assert_near(&found, &[slope], 3.0 - 2.0 * slope);
    }
}

/// The expected numbers are of scikit-learn 1.9.1 (`LogisticRegression` with `C = 1 / (λ Σ w)`, `Ridge` with
/// `alpha = λ Σ w`, both on columns standardised by the weights, and taken back to the columns as they are).
#[test]
fn weighted_penalised_fits_are_those_of_scikit_learn() {
    let rows: [&[f64]; 8] = [
        &[1.0, 0.5],
        &[2.0, -1.0],
        &[3.0, 0.25],
        &[4.0, 2.0],
        &[5.0, -0.5],
        &[6.0, 1.5],
        &[7.0, -2.0],
        &[8.0, 0.0],
    ];
    let weight = [1.0, 2.0, 1.5, 1.0, 0.5, 2.0, 1.0, 3.0];
    let classes = [0.0, 0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 1.0];
    let numbers = [1.0, 3.0, 2.0, 5.0, 4.0, 6.0, 4.0, 9.0];
    let logistic = |penalty| fitted(&rows, &classes, &weight, penalty, Regression::Logistic);
    let linear = |penalty| fitted(&rows, &numbers, &weight, penalty, Regression::Linear);
    assert_near(
        &logistic(0.1),
        &[0.360_882_367_814, 0.453_928_780_602],
        -1.435_979_715_926,
    );
    assert_near(
        &logistic(1.0),
        &[0.093_328_398_786, 0.118_320_130_964],
        -0.132_933_976_559,
    );
    assert_near(
        &linear(0.1),
        &[0.896_128_268_885, 0.356_248_226_876],
        0.545_794_063_928,
    );
    assert_near(
        &linear(1.0),
        &[0.493_274_773_846, 0.201_200_258_980],
        2.547_486_493_522,
    );
}

#[test]
fn classes_that_are_apart_need_a_penalty() {
    let rows = design(&[&[0.0], &[1.0], &[2.0], &[3.0]]);
    let said = Said {
        outcome: &[0.0, 0.0, 1.0, 1.0],
        weight: &[1.0; 4],
    };
    let refusal = fit(&rows, said, 0.0, Regression::Logistic).unwrap_err();
    assert_eq!(refusal.code, "targeting.not_solvable");
    assert!(fit(&rows, said, 1e-4, Regression::Logistic).is_ok());
    let nothing = Said {
        weight: &[0.0; 4],
        ..said
    };
    assert_eq!(
        fit(&rows, nothing, 1.0, Regression::Linear).unwrap_err().code,
        "targeting.weights_zero"
    );
}

#[test]
fn a_column_that_never_changes_says_nothing() {
    let rows: [&[f64]; 3] = [&[0.0, 0.0], &[2.0, 0.0], &[4.0, 0.0]];
    let found = fitted(&rows, &[1.0, 2.0, 6.0], &[1.0; 3], 0.0, Regression::Linear);
    assert_near(&found, &[1.25, 0.0], 0.5);
}

proptest! {
    #[test]
    fn a_weight_is_as_many_rows(
        rows in prop::collection::vec((-8_i8..8, -8_i8..8, any::<bool>(), 1_u8..4), 4..30), penalty in 0.001_f64..1.0,
    ) {
        let cells: Vec<[f64; 2]> = rows.iter().map(|row| [f64::from(row.0), f64::from(row.1)]).collect();
        let mut outcome: Vec<f64> = rows.iter().map(|row| f64::from(u8::from(row.2))).collect();
        // With one class alone the intercept has no end.
        (outcome[0], outcome[1]) = (0.0, 1.0);
        let times: Vec<usize> = rows.iter().map(|row| usize::from(row.3)).collect();
        let weight: Vec<f64> = rows.iter().map(|row| f64::from(row.3)).collect();
        let once: Vec<&[f64]> = cells.iter().map(<[f64; 2]>::as_slice).collect();
        let repeat = |at: usize| std::iter::repeat_n(at, times[at]);
        let places: Vec<usize> = (0..rows.len()).flat_map(repeat).collect();
        let many: Vec<&[f64]> = places.iter().map(|at| once[*at]).collect();
        let said: Vec<f64> = places.iter().map(|at| outcome[*at]).collect();
        for regression in [Regression::Linear, Regression::Logistic] {
            let one = fitted(&once, &outcome, &weight, penalty, regression);
            let other = fitted(&many, &said, &vec![1.0; said.len()], penalty, regression);
            for (one, other) in one.coefficients.iter().zip(&other.coefficients) {
                prop_assert!((one - other).abs() < 1e-6, "{one} {other}");
            }
        }
    }
}
