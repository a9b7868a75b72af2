//! What agreement and disagreement are worth: the Fellegi-Sunter model and how it is fitted without labels.
//!
//! Of each level of a comparison, `m` is how often pairs of one person show it and `u` how often pairs of two persons do
//! (Fellegi and Sunter, "A Theory for Record Linkage", 1969). A level weighs log2(m/u) bits; a missing value weighs
//! nothing; the weight of a pair is the sum. A pair's odds are the prior odds times 2 to its weight.
//!
//! `u` comes from pairs drawn at random, those that look like one person set aside. `m` comes from the pairs of the
//! passes by expectation and maximisation (Dempster, Laird and Rubin, 1977; for linkage Winkler, 1988): each pass is a
//! mixture with a share of its own and the same `m`, `u` held; what a pass blocks on is not fitted on it. With that the
//! likelihood of no step is lower than of the one before.

use crate::patterns::{Counts, Pattern, level};
use crate::plan::Plan;

/// Levels of a comparison at the most.
const LEVELS: usize = 16;
/// Steps of a fit at the most.
const STEPS_MAX: usize = 200;
/// Where a step moves no share by more, the fit has come to rest.
const REST: f64 = 1e-5;
/// What a level is given beforehand, in pairs, so that nothing is impossible.
const BEFOREHAND: f64 = 0.3;

/// Shares of the levels of a comparison.
pub type Shares = [f64; LEVELS];

/// One comparison of a fitted model.
#[derive(Clone, Debug)]
pub struct Fitted {
    /// Levels it has.
    pub levels: usize,
    /// Share of each level among pairs of one person, missing values aside.
    pub m: Shares,
    /// Share of each level among pairs of two persons, missing values aside.
    pub u: Shares,
}

/// A fitted model.
#[derive(Clone, Debug)]
pub struct Model {
    /// Probability that two records drawn at random are of one person.
    pub prior: f64,
    /// The comparisons, in the order of the plan.
    pub comparisons: Vec<Fitted>,
}

/// What is fitted on: the patterns of a pass and the comparisons that it tells of.
#[derive(Clone, Debug)]
pub(crate) struct Sample {
    pub(crate) counts: Counts,
    pub(crate) told: u32,
}

impl Model {
    /// A model before it is fitted.
    pub(crate) fn start(plan: &Plan) -> Self {
        let comparisons = plan.comparisons.iter().map(|comparison| {
            let levels = comparison.kind.levels().len().clamp(3, LEVELS);
            let (mut m, mut u) = ([0.0; LEVELS], [0.0; LEVELS]);
            let rest = (levels - 2) as f64;
            for level in 1..levels {
                m[level] = if level == 1 { 0.85 } else { 0.15 / rest };
                u[level] = if level == 1 { 0.01 } else { 0.99 / rest };
            }
            Fitted { levels, m, u }
        });
        Self {
            prior: 1e-4,
            comparisons: comparisons.collect(),
        }
    }

    /// What a level of a comparison weighs, in bits.
    pub fn weight(&self, comparison: usize, level: usize) -> f64 {
        if level == 0 {
            return 0.0;
        }
        self.comparisons.get(comparison).map_or(0.0, |fitted| {
            (fitted.m[level % LEVELS] / fitted.u[level % LEVELS]).log2()
        })
    }

    /// Odds of a pattern, from the odds before and all comparisons that are not `told`.
    fn odds(&self, pattern: Pattern, before: f64, told: u32) -> f64 {
        let mut odds = before;
        for (place, fitted) in self.comparisons.iter().enumerate() {
            let level = level(pattern, place);
            if level > 0 && told & (1 << place) == 0 {
                odds *= fitted.m[level] / fitted.u[level];
            }
        }
        odds
    }

    /// Takes `u` from patterns of random pairs, each counted as far as it is of two persons.
    pub(crate) fn take_u(&mut self, random: &Counts) {
        let before = self.prior / (1.0 - self.prior);
        let mut sums = vec![[0.0; LEVELS]; self.comparisons.len()];
        for (pattern, count) in random {
            let odds = self.odds(*pattern, before, 0);
            add(&mut sums, *pattern, count / (1.0 + odds));
        }
        for (fitted, sums) in self.comparisons.iter_mut().zip(&sums) {
            fitted.u = shares(sums, fitted.levels, BEFOREHAND);
        }
    }

    /// Fits `m` on the samples; gives the log-likelihood before each step and after the last.
    pub(crate) fn take_m(&mut self, samples: &[Sample]) -> Vec<f64> {
        let mut pass_shares = vec![0.1; samples.len()];
        let mut path = Vec::new();
        for _ in 0..STEPS_MAX {
            let (likelihood, moved) = self.step(samples, &mut pass_shares, 0.0);
            path.push(likelihood);
            if moved < REST {
                break;
            }
        }
        path.push(self.clone().step(samples, &mut pass_shares.clone(), 0.0).0);
        self.step(samples, &mut pass_shares, BEFOREHAND);
        path
    }

    fn step(&mut self, samples: &[Sample], pass_shares: &mut [f64], beforehand: f64) -> (f64, f64) {
        let mut sums = vec![[0.0; LEVELS]; self.comparisons.len()];
        let (mut likelihood, mut moved) = (0.0, 0.0_f64);
        for (sample, share) in samples.iter().zip(pass_shares) {
            let (mut ones, mut all) = (0.0, 0.0);
            let mut own = vec![[0.0; LEVELS]; self.comparisons.len()];
            for (pattern, count) in &sample.counts {
                let odds = self.odds(*pattern, *share / (1.0 - *share), sample.told);
                let probability = if odds.is_finite() {
                    odds / (1.0 + odds)
                } else {
                    1.0
                };
                // Up to what does not change: the likelihood of the pattern among pairs of two persons.
                likelihood += count * ((1.0 - *share).ln() + odds.ln_1p());
                ones += count * probability;
                all += count;
                add(&mut own, *pattern, count * probability);
            }
            for (place, (sums, own)) in sums.iter_mut().zip(own).enumerate() {
                if sample.told & (1 << place) == 0 {
                    sums.iter_mut().zip(own).for_each(|(sum, own)| *sum += own);
                }
            }
            let next = if all > 0.0 {
                (ones / all).clamp(1e-9, 1.0 - 1e-9)
            } else {
                *share
            };
            moved = moved.max((next - *share).abs());
            *share = next;
        }
        for (fitted, sums) in self.comparisons.iter_mut().zip(&sums) {
            if sums.iter().skip(1).sum::<f64>() > 1.0 {
                let next = shares(sums, fitted.levels, beforehand);
                let most = fitted
                    .m
                    .iter()
                    .zip(&next)
                    .map(|(a, b)| (a - b).abs())
                    .fold(0.0, f64::max);
                moved = moved.max(most);
                fitted.m = next;
            }
        }
        (likelihood, moved)
    }

    /// Takes the prior from the pairs of all passes, each once: what they are expected to hold of pairs of one person.
    pub(crate) fn take_prior(&mut self, once: &[(Counts, f64)], pairs: f64) {
        for _ in 0..50 {
            let before = self.prior / (1.0 - self.prior);
            let mut ones = 0.0;
            for (counts, scale) in once {
                for (pattern, count) in counts {
                    let odds = self.odds(*pattern, before, 0);
                    ones += scale
                        * count
                        * if odds.is_finite() {
                            odds / (1.0 + odds)
                        } else {
                            1.0
                        };
                }
            }
            self.prior = (ones.max(1.0) / pairs.max(2.0)).clamp(1e-15, 0.5);
        }
    }

    /// The probability of a pair of this weight.
    pub fn probability(&self, weight: f64) -> f64 {
        1.0 / (1.0 + (-self.log_odds(weight) * std::f64::consts::LN_2).exp())
    }

    /// The odds of a pair of this weight, in bits.
    pub fn log_odds(&self, weight: f64) -> f64 {
        (self.prior / (1.0 - self.prior)).log2() + weight
    }
}

fn add(sums: &mut [Shares], pattern: Pattern, count: f64) {
    for (place, sums) in sums.iter_mut().enumerate() {
        sums[level(pattern, place)] += count;
    }
}

/// Shares of the levels from 1 on.
fn shares(sums: &Shares, levels: usize, beforehand: f64) -> Shares {
    let mut shares = [0.0; LEVELS];
    let total: f64 = sums.iter().take(levels).skip(1).map(|sum| sum + beforehand).sum();
    for (share, sum) in shares.iter_mut().zip(sums).take(levels).skip(1) {
        *share = (sum + beforehand) / total.max(f64::MIN_POSITIVE);
    }
    shares
}
