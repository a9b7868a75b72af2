//! Fits a score card to a survey, and judges it on rows that no fit had seen.
//!
//! Clusters are dealt into folds by seed. For each fold, the penalty is chosen among the other folds (each left out once
//! more), the model fitted on them, and the fold scored with it: these points, which no row had a part in, give the errors,
//! the cut-offs and the gaps. The card itself is fitted on all rows, with the penalty that did best over all folds.

use kernel::{Fault, Refusal, SplitMix64};

use crate::card::{Answer, Asked, Card, Evaluation, FORM, Model, Source};
use crate::judged::{Judged, by_group, cut_off_for, in_order, with_intervals};
use crate::solve::{Design, Fitted, Regression, Said, fit};
use crate::survey::Survey;

/// Penalties that are tried, the strongest first: of two that do as well the stronger is taken.
const PENALTIES: [f64; 5] = [1.0, 0.1, 0.01, 0.001, 0.000_1];
/// All questions together span about so many points.
const SPAN: f64 = 300.0;
/// An income is taken to be at least this share of the line: its logarithm has to be a number.
const LEAST: f64 = 0.1;
/// Shares of all that the simulation of cut-offs aims at, in twentieths.
const TWENTIETHS: u32 = 19;

/// A survey laid out for regression.
struct Laid<'a> {
    survey: &'a Survey,
    design: Design,
    /// The column of each answer of each question; none for the base, which is the heaviest.
    columns: Vec<Vec<Option<usize>>>,
    outcome: Vec<f64>,
    regression: Regression,
    /// The fold of each row.
    fold: Vec<usize>,
    folds: usize,
}

/// Fits a card. `source` names folds, seed, line and columns. Refused with `targeting.too_few_clusters` (fewer than folds),
/// `targeting.one_class` (a fold leaves only one) and what [`fit`] is refused for.
pub fn card(survey: &Survey, model: Model, source: Source) -> Result<Card, Refusal> {
    let laid = Laid::of(survey, model, &source)?;
    let losses = laid.losses()?;
    let own = |at: usize| {
        let own = losses.iter().enumerate();
        own.filter_map(|(fold, beside)| beside.get(fold)?.get(at))
            .sum::<f64>()
    };
    let penalty = least(own);
    let whole = laid.without(&[], penalty)?;
    let scale = laid.scale(&whole);
    let (questions, start) = laid.asked(&whole, scale);
    let judged = in_order(laid.judged(&losses, scale, start)?);
    let poor = judged
        .iter()
        .filter(|person| person.poor)
        .map(|person| person.weight)
        .sum::<f64>();
    let weight = survey.weight.iter().sum::<f64>();
    let cut_off = cut_off_for(&judged, poor / weight).cut_off;
    let (groups, gap) = if source.group.is_some() {
        by_group(&judged, &survey.groups, cut_off, source.seed)
    } else {
        (Vec::new(), None)
    };
    let shares = (1..=TWENTIETHS).map(|twentieth| f64::from(twentieth) / 20.0);
    let evaluation = Evaluation {
        all: with_intervals(&judged, cut_off, source.seed),
        groups,
        equal_opportunity_gap: gap,
        cut_offs: shares.map(|share| cut_off_for(&judged, share)).collect(),
    };
    Ok(Card {
        form: FORM.to_owned(),
        source,
        model,
        penalty,
        intercept: rounded(whole.intercept),
        scale,
        cut_off,
        questions,
        evaluation,
    })
}

/// The mean loss of each fold under each penalty, by which other fold was left out too (itself: none was).
type Losses = Vec<Vec<[f64; PENALTIES.len()]>>;

/// The penalty with the least loss.
fn least(loss: impl Fn(usize) -> f64) -> f64 {
    let tried = PENALTIES
        .iter()
        .enumerate()
        .map(|(at, penalty)| (loss(at), *penalty));
    let least = tried.reduce(|best, next| if next.0 < best.0 { next } else { best });
    least.map_or(1.0, |(_, penalty)| penalty)
}

impl<'a> Laid<'a> {
    fn of(survey: &'a Survey, model: Model, source: &Source) -> Result<Self, Refusal> {
        if source.folds < 3 || survey.clusters < source.folds {
            let refusal = Refusal::new("targeting.too_few_clusters", Fault::Refused);
            return Err(refusal
                .fact("clusters", survey.clusters)
                .fact("folds", source.folds.max(3)));
        }
        // Folds of nearly the same size, their clusters drawn.
        let mut dealt: Vec<usize> = (0..survey.clusters)
            .map(|cluster| cluster % source.folds)
            .collect();
        SplitMix64::new(source.seed).shuffle(&mut dealt);
        let fold = survey
            .cluster
            .iter()
            .map(|cluster| dealt.get(*cluster).copied().unwrap_or_default());
        let outcome =
            survey
                .target
                .iter()
                .zip(&survey.poor)
                .map(|(target, poor)| match (model, source.line) {
                    (Model::Linear, Some(line)) => -(target / line).max(LEAST).ln(),
                    _ => f64::from(u8::from(*poor)),
                });
        let columns = columns(survey);
        let width = columns.iter().flatten().flatten().count();
        let cells = |answers: &Vec<usize>| {
            let answered = columns.iter().zip(answers);
            answered
                .filter_map(|(columns, answer)| Some((columns.get(*answer).copied()??, 1.0)))
                .collect()
        };
        let laid = Self {
            survey,
            design: Design {
                width,
                rows: survey.answers.iter().map(cells).collect(),
            },
            outcome: outcome.collect(),
            regression: match model {
                Model::Logistic => Regression::Logistic,
                Model::Linear => Regression::Linear,
            },
            fold: fold.collect(),
            folds: source.folds,
            columns,
        };
        Ok(laid)
    }

    /// The fit on all rows but those of some folds.
    fn without(&self, folds: &[usize], penalty: f64) -> Result<Fitted, Refusal> {
        let rows = self.survey.weight.iter().zip(&self.fold);
        let weight: Vec<f64> = rows
            .map(|(weight, fold)| if folds.contains(fold) { 0.0 } else { *weight })
            .collect();
        let said = || {
            self.survey
                .poor
                .iter()
                .zip(&weight)
                .filter(|(_, weight)| **weight > 0.0)
        };
        if said().all(|(poor, _)| *poor) || !said().any(|(poor, _)| *poor) {
            return Err(Refusal::new("targeting.one_class", Fault::Refused));
        }
        let said = Said {
            outcome: &self.outcome,
            weight: &weight,
        };
        fit(&self.design, said, penalty, self.regression)
    }

    /// The loss of each fold under the fit without it, alone and with each other fold left out as well.
    fn losses(&self) -> Result<Losses, Refusal> {
        let mut losses: Losses = vec![vec![[0.0; PENALTIES.len()]; self.folds]; self.folds];
        for one in 0..self.folds {
            for other in 0..=one {
                for (at, penalty) in PENALTIES.iter().enumerate() {
                    let fitted = self.without(&[one, other], *penalty)?;
                    for (fold, beside) in [(one, other), (other, one)] {
                        let loss = self.loss(&fitted, fold);
                        let cell = losses.get_mut(fold).and_then(|others| others.get_mut(beside));
                        if let Some(cell) = cell.and_then(|cell| cell.get_mut(at)) {
                            *cell = loss;
                        }
                    }
                }
            }
        }
        Ok(losses)
    }

    fn loss(&self, fitted: &Fitted, fold: usize) -> f64 {
        let said = self.outcome.iter().zip(&self.survey.weight).zip(&self.fold);
        let mut sum = 0.0;
        for (row, ((outcome, weight), own)) in self.design.rows.iter().zip(said) {
            if *own == fold {
                sum += weight * self.regression.loss(*outcome, fitted.predict(row));
            }
        }
        sum
    }

    /// Points of every row by the fit that had not seen its fold, counted from where the card's points begin.
    fn judged(&self, losses: &Losses, scale: f64, start: i64) -> Result<Vec<Judged>, Refusal> {
        let mut judged = Vec::with_capacity(self.survey.rows());
        for fold in 0..self.folds {
            // Only losses of other folds, by fits that had not seen this one either.
            let inner = |at: usize| {
                let others = losses.iter().enumerate().filter(|(other, _)| *other != fold);
                others
                    .filter_map(|(_, beside)| beside.get(fold)?.get(at))
                    .sum::<f64>()
            };
            let fitted = self.without(&[fold], least(inner))?;
            for (row, own) in self.fold.iter().enumerate() {
                if *own == fold {
                    judged.extend(self.person(row, &fitted, scale, start));
                }
            }
        }
        Ok(judged)
    }

    fn person(&self, row: usize, fitted: &Fitted, scale: f64, start: i64) -> Option<Judged> {
        let survey = self.survey;
        let counts = self.design.rows.get(row)?.iter();
        let counts = counts.filter_map(|(column, _)| fitted.coefficients.get(*column));
        let added: i64 = counts.map(|coefficient| whole(coefficient * scale)).sum();
        Some(Judged {
            points: whole(fitted.intercept * scale) + added - start,
            poor: *survey.poor.get(row)?,
            weight: *survey.weight.get(row)?,
            cluster: *survey.cluster.get(row)?,
            group: *survey.group.get(row)?,
        })
    }

    /// The coefficients of the answers of each question.
    fn coefficients(&self, fitted: &Fitted) -> Vec<Vec<f64>> {
        let of = |column: &Option<usize>| column.and_then(|column| fitted.coefficients.get(column)).copied();
        let columns = self.columns.iter();
        columns
            .map(|columns| columns.iter().map(|column| of(column).unwrap_or(0.0)).collect())
            .collect()
    }

    /// Points of one unit, so that all questions together span [`SPAN`].
    fn scale(&self, fitted: &Fitted) -> f64 {
        let span = |answers: &Vec<f64>| {
            let most = answers.iter().copied().fold(0.0, f64::max);
            most - answers.iter().copied().fold(0.0, f64::min)
        };
        let span: f64 = self.coefficients(fitted).iter().map(span).sum();
        SPAN / span.max(1e-6)
    }

    /// The questions with points from zero up, and the points that everyone would begin with: they are left out, on the
    /// card and in every cut-off, so that a worker adds what is answered and nothing else.
    fn asked(&self, fitted: &Fitted, scale: f64) -> (Vec<Asked>, i64) {
        let mut start = whole(fitted.intercept * scale);
        let mut asked = Vec::new();
        for (question, coefficients) in self.survey.questions.iter().zip(self.coefficients(fitted)) {
            let least = coefficients
                .iter()
                .map(|coefficient| whole(coefficient * scale))
                .min()
                .unwrap_or(0);
            start += least;
            let answer = |(at, coefficient): (usize, &f64)| Answer {
                label: question.label(at),
                points: whole(coefficient * scale) - least,
                coefficient: rounded(*coefficient),
            };
            asked.push(Asked {
                question: question.clone(),
                answers: coefficients.iter().enumerate().map(answer).collect(),
            });
        }
        (asked, start)
    }
}

/// The column of each answer: the heaviest answer of a question is its base and has none.
fn columns(survey: &Survey) -> Vec<Vec<Option<usize>>> {
    let mut next = 0;
    let mut columns = Vec::new();
    for (at, question) in survey.questions.iter().enumerate() {
        let mut weights = vec![0.0; question.answers()];
        for (answers, weight) in survey.answers.iter().zip(&survey.weight) {
            if let Some(sum) = answers.get(at).and_then(|answer| weights.get_mut(*answer)) {
                *sum += weight;
            }
        }
        let heaviest = weights
            .iter()
            .enumerate()
            .max_by(|one, other| one.1.total_cmp(other.1))
            .map(|(at, _)| at);
        let column = |answer: usize| {
            (Some(answer) != heaviest).then(|| {
                next += 1;
                next - 1
            })
        };
        columns.push((0..question.answers()).map(column).collect());
    }
    columns
}

/// To twelve decimals, which a JSON file gives back to the bit.
fn rounded(coefficient: f64) -> f64 {
    (coefficient * 1e12).round() / 1e12
}

/// The nearest whole number of points.
#[expect(
    clippy::cast_possible_truncation,
    reason = "held to a range that fits before it is cut"
)]
fn whole(points: f64) -> i64 {
    points.round().clamp(-1e12, 1e12) as i64
}
