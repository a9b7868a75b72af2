//! Ridge regression, linear and logistic, with weights: Newton's method on a sparse design, own code in `f64`.
//!
//! What is made least is `Σ w l(y, η) / Σ w + λ/2 Σ (s b)²`, with `l` half the squared distance or the logistic loss, `η`
//! the intercept plus the cells times the coefficients `b`, and `s` the weighted standard deviation of each column: the same
//! as a penalty on standardised columns. The intercept is free. A step costs the square of the cells of a row, and
//! the cube of the columns once.

use kernel::{Fault, Refusal};

/// Newton steps at most; ten are usual.
const STEPS_MAX: usize = 100;
/// A step this small, beside the coefficient, is the end.
const NEAR: f64 = 1e-10;

/// Rows of cells: the column and the number in it; what is not named is zero.
#[derive(Clone, Debug, Default)]
pub struct Design {
    /// Columns, without the intercept.
    pub width: usize,
    /// The cells of each row that are not zero.
    pub rows: Vec<Vec<(usize, f64)>>,
}

/// What the rows say.
#[derive(Clone, Copy, Debug)]
pub struct Said<'a> {
    /// The outcome of each row: any number, or 0 and 1 for the logistic one.
    pub outcome: &'a [f64],
    /// The weight of each row; rows that weigh nothing are not looked at.
    pub weight: &'a [f64],
}

/// Which regression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Regression {
    /// Least squares.
    Linear,
    /// Logistic.
    Logistic,
}

/// Coefficients of the columns, and the intercept.
#[derive(Clone, Debug, PartialEq)]
pub struct Fitted {
    /// One for each column.
    pub coefficients: Vec<f64>,
    /// The intercept.
    pub intercept: f64,
}

impl Fitted {
    /// The intercept and the cells times the coefficients.
    pub fn predict(&self, cells: &[(usize, f64)]) -> f64 {
        let of = |(column, cell): &(usize, f64)| self.coefficients.get(*column).unwrap_or(&0.0) * cell;
        self.intercept + cells.iter().map(of).sum::<f64>()
    }
}

impl Regression {
    /// The loss of one row.
    pub(crate) fn loss(self, outcome: f64, eta: f64) -> f64 {
        match self {
            Self::Linear => (outcome - eta).powi(2) / 2.0,
            // ln(1 + e^η) without overflow.
            Self::Logistic => eta.max(0.0) + (-eta.abs()).exp().ln_1p() - outcome * eta,
        }
    }

    fn mean_and_curve(self, eta: f64) -> (f64, f64) {
        match self {
            Self::Linear => (eta, 1.0),
            Self::Logistic => {
                let share = sigmoid(eta);
                (share, share * (1.0 - share))
            }
        }
    }
}

/// `1 / (1 + e^-η)`.
pub(crate) fn sigmoid(eta: f64) -> f64 {
    1.0 / (1.0 + (-eta).exp())
}

/// Fits. Refused with `targeting.weights_zero`, and with `targeting.not_solvable` where the columns say the same twice and
/// nothing is penalised, or the steps do not end (classes that are wholly apart, without a penalty).
pub fn fit(design: &Design, said: Said<'_>, penalty: f64, regression: Regression) -> Result<Fitted, Refusal> {
    let whole: f64 = said.weight.iter().sum();
    if whole <= 0.0 {
        return Err(Refusal::new("targeting.weights_zero", Fault::Refused));
    }
    let unsolvable = || Refusal::new("targeting.not_solvable", Fault::Refused);
    let penalties: Vec<f64> = variances(design, said.weight, whole)
        .iter()
        .map(|variance| variance * penalty)
        .collect();
    let problem = Problem {
        design,
        said,
        whole,
        penalties,
        regression,
    };
    let mut at = Fitted {
        coefficients: vec![0.0; design.width],
        intercept: 0.0,
    };
    let mut loss = problem.loss(&at);
    for _ in 0..STEPS_MAX {
        let step = problem.step(&at).ok_or_else(unsolvable)?;
        let mut part = 1.0;
        let (next, next_loss) = loop {
            let next = at.moved(&step, part);
            let next_loss = problem.loss(&next);
            if next_loss <= loss || part < 1e-6 {
                break (next, next_loss);
            }
            part /= 2.0;
        };
        let moved = at.distance(&next);
        (at, loss) = (next, next_loss);
        if moved < NEAR {
            return Ok(at);
        }
    }
    Err(unsolvable())
}

impl Fitted {
    fn moved(&self, step: &[f64], part: f64) -> Self {
        let coefficients = self.coefficients.iter().zip(step);
        Self {
            coefficients: coefficients.map(|(at, step)| at + part * step).collect(),
            intercept: self.intercept + part * step.last().unwrap_or(&0.0),
        }
    }

    fn distance(&self, other: &Self) -> f64 {
        let mine = self.coefficients.iter().chain([&self.intercept]);
        let theirs = other.coefficients.iter().chain([&other.intercept]);
        mine.zip(theirs)
            .map(|(mine, theirs)| (mine - theirs).abs() / (1.0 + mine.abs()))
            .fold(0.0, f64::max)
    }
}

struct Problem<'a> {
    design: &'a Design,
    said: Said<'a>,
    whole: f64,
    penalties: Vec<f64>,
    regression: Regression,
}

impl Problem<'_> {
    fn rows(&self) -> impl Iterator<Item = (&Vec<(usize, f64)>, f64, f64)> {
        let said = self.said.outcome.iter().zip(self.said.weight);
        let rows = self.design.rows.iter().zip(said);
        rows.map(|(row, (outcome, weight))| (row, *outcome, weight / self.whole))
            .filter(|(_, _, weight)| *weight > 0.0)
    }

    fn loss(&self, at: &Fitted) -> f64 {
        let of_rows: f64 = self
            .rows()
            .map(|(row, outcome, weight)| weight * self.regression.loss(outcome, at.predict(row)))
            .sum();
        let penalty = at.coefficients.iter().zip(&self.penalties);
        of_rows + penalty.map(|(at, penalty)| penalty * at * at / 2.0).sum::<f64>()
    }

    /// Newton's step: the curvature's inverse times the downward slope; none where it has no inverse.
    fn step(&self, at: &Fitted) -> Option<Vec<f64>> {
        let size = self.design.width + 1;
        let (mut curve, mut slope) = (vec![vec![0.0; size]; size], vec![0.0; size]);
        for (row, outcome, weight) in self.rows() {
            let (mean, bend) = self.regression.mean_and_curve(at.predict(row));
            let cells = || row.iter().copied().chain([(self.design.width, 1.0)]);
            for (column, cell) in cells() {
                add(&mut slope, column, weight * (outcome - mean) * cell);
                if let Some(line) = curve.get_mut(column) {
                    for (other, across) in cells() {
                        add(line, other, weight * bend * cell * across);
                    }
                }
            }
        }
        let mut flat = self.penalties.iter().zip(&at.coefficients);
        for (column, (line, slope)) in curve.iter_mut().zip(&mut slope).enumerate() {
            let (penalty, at) = flat.next().unwrap_or((&0.0, &0.0));
            *slope -= penalty * at;
            add(line, column, *penalty);
            // A column that never changes here has no say: its coefficient stays where it is.
            if let Some(own) = line.get_mut(column).filter(|own| **own <= 0.0) {
                *own = 1.0;
            }
        }
        solved(&curve, slope)
    }
}

fn add(line: &mut [f64], at: usize, what: f64) {
    if let Some(cell) = line.get_mut(at) {
        *cell += what;
    }
}

fn variances(design: &Design, weight: &[f64], whole: f64) -> Vec<f64> {
    let (mut first, mut second) = (vec![0.0; design.width], vec![0.0; design.width]);
    for (row, weight) in design.rows.iter().zip(weight) {
        for (column, cell) in row {
            add(&mut first, *column, weight * cell / whole);
            add(&mut second, *column, weight * cell * cell / whole);
        }
    }
    let both = first.iter().zip(&second);
    both.map(|(first, second)| (second - first * first).max(0.0))
        .collect()
}

/// Solves by Cholesky's factors; none where the matrix is not positive.
fn solved(matrix: &[Vec<f64>], right: Vec<f64>) -> Option<Vec<f64>> {
    let dot = |one: &[f64], other: &[f64]| one.iter().zip(other).map(|(one, other)| one * other).sum::<f64>();
    let mut factor: Vec<Vec<f64>> = Vec::with_capacity(matrix.len());
    for (row, line) in matrix.iter().enumerate() {
        let mut fresh: Vec<f64> = Vec::with_capacity(row + 1);
        for (above, cell) in factor.iter().zip(line) {
            fresh.push((cell - dot(&fresh, above)) / above.last()?);
        }
        let own = line.get(row)?;
        let rest = own - dot(&fresh, &fresh);
        if rest.is_nan() || rest <= own.abs() * 1e-13 {
            return None;
        }
        fresh.push(rest.sqrt());
        factor.push(fresh);
    }
    let mut half: Vec<f64> = Vec::with_capacity(right.len());
    for (line, right) in factor.iter().zip(right) {
        half.push((right - dot(line, &half)) / line.last()?);
    }
    for (row, line) in factor.iter().enumerate().rev() {
        let (below, rest) = half.split_at_mut(row);
        let found = rest.first_mut()?;
        *found /= line.last()?;
        for (below, cell) in below.iter_mut().zip(line) {
            *below -= cell * *found;
        }
    }
    Some(half)
}
