//! A whole run: keys, fit, scores, clusters.
//!
//! Two visits of the pairs: the first counts the patterns of a bounded sample of blocks for the fit, the second weighs
//! every pair and keeps those that may be one person. Memory grows with the records and with the pairs that are kept.

use kernel::SplitMix64;

use crate::blocks::Blocks;
use crate::clusters;
use crate::compare::EQUAL;
use crate::model::{Model, Sample};
use crate::patterns::{Counts, Pattern, level, pattern};
use crate::plan::{Pass, Plan};
use crate::table::Table;

/// Pairs drawn at random for `u`.
const RANDOM_PAIRS: u32 = 200_000;
/// Pairs of a pass that are fitted on, about.
const SAMPLE: u64 = 60_000;
/// Rounds in which the fit and what is set aside of the random pairs follow one another.
const ROUNDS: usize = 3;

/// A fitted model with what the table adds to it: how common each value is.
#[derive(Debug)]
pub struct Weigher {
    /// The model.
    pub model: Model,
    /// Weight of each level of each comparison.
    levels: Vec<[f64; 16]>,
    /// Of each comparison by frequency, what an equal value weighs, by number of the value.
    values: Vec<Vec<f32>>,
}

/// Two records with what speaks for one person, in bits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    /// Row of the one.
    pub left: u32,
    /// Row of the other.
    pub right: u32,
    /// Sum of the weights of all comparisons.
    pub weight: f32,
}

/// What a run found.
#[derive(Debug)]
pub struct Links {
    /// The fitted weights.
    pub weigher: Weigher,
    /// Pairs of one person, by ids.
    pub pairs: Vec<Pair>,
    /// Pairs that were compared.
    pub compared: u64,
    /// Keys of records, over all passes, that more records share than `block_max` and that were therefore left out.
    pub crowded: u64,
    /// Log-likelihoods of the last fit, step by step.
    pub path: Vec<f64>,
}

/// Links the records of a table: duplicates within one file, the same persons between two.
pub fn link(table: &Table, plan: &Plan) -> Links {
    let blocks = Blocks::of(table, plan);
    let (weigher, path) = fit(table, plan, &blocks);
    let (pairs, compared) = weigh_all(table, plan, &blocks, &weigher);
    let settings = &plan.settings;
    let pairs = if !table.between {
        clusters::within(table, pairs, settings.cluster_max, |left, right| {
            weigher
                .model
                .log_odds(f64::from(weigher.weigh(table, plan, left, right)))
        })
        .into_iter()
        .map(|(left, right)| Pair {
            left,
            right,
            weight: weigher.weigh(table, plan, left, right),
        })
        .collect()
    } else if settings.one_to_one {
        clusters::one_to_one(table, pairs)
    } else {
        pairs
    };
    let mut links = Links {
        weigher,
        pairs,
        compared,
        crowded: blocks.crowded,
        path,
    };
    links.pairs.sort_unstable_by_key(|pair| (pair.left, pair.right));
    links
}

pub(crate) fn fit(table: &Table, plan: &Plan, blocks: &Blocks) -> (Weigher, Vec<f64>) {
    let random = random_pairs(table, plan);
    let mut samples = Vec::new();
    let mut once = Vec::new();
    for (number, pass) in plan.passes.iter().enumerate() {
        let (sample, first, scale) = sample(table, plan, blocks, number, pass);
        once.push((first, scale));
        if pass.fit {
            samples.push(sample);
        }
    }
    let mut model = Model::start(plan);
    let mut path = Vec::new();
    for _ in 0..ROUNDS {
        model.take_u(&random);
        path = model.take_m(&samples);
        model.take_prior(&once, table.pairs());
    }
    (Weigher::new(table, plan, model), path)
}

fn random_pairs(table: &Table, plan: &Plan) -> Counts {
    let mut counts = Counts::new();
    let mut random = SplitMix64::new(plan.settings.seed);
    let mut below = |end: u32| u32::try_from(random.below(end.into())).unwrap_or_default();
    let rows = u32::try_from(table.len()).unwrap_or(u32::MAX);
    let first = u32::try_from(table.first_len).unwrap_or(u32::MAX);
    for _ in 0..RANDOM_PAIRS {
        let (left, right) = if table.between {
            (below(first), first + below(rows - first))
        } else {
            (below(rows), below(rows))
        };
        if left != right && right < rows {
            *counts.entry(pattern(table, plan, left, right)).or_default() += 1.0;
        }
    }
    counts
}

fn sample(table: &Table, plan: &Plan, blocks: &Blocks, number: usize, pass: &Pass) -> (Sample, Counts, f64) {
    let nth = u32::try_from(blocks.count(number) / SAMPLE + 1).unwrap_or(u32::MAX);
    let (mut all, mut first) = (Counts::new(), Counts::new());
    blocks.visit(number, nth, |left, right, is_first| {
        let pattern = pattern(table, plan, left, right);
        *all.entry(pattern).or_default() += 1.0;
        if is_first {
            *first.entry(pattern).or_default() += 1.0;
        }
    });
    (
        Sample {
            counts: all,
            told: pass.told,
        },
        first,
        f64::from(nth),
    )
}

/// All pairs from the threshold on, and how many were weighed.
fn weigh_all(table: &Table, plan: &Plan, blocks: &Blocks, weigher: &Weigher) -> (Vec<Pair>, u64) {
    let threshold = plan.settings.threshold;
    let least = (threshold / (1.0 - threshold)).log2();
    let (mut pairs, mut compared) = (Vec::new(), 0);
    for pass in 0..blocks.passes() {
        blocks.visit(pass, 1, |left, right, is_first| {
            if !is_first {
                return;
            }
            compared += 1;
            let weight = weigher.weigh(table, plan, left, right);
            if weigher.model.log_odds(f64::from(weight)) >= least {
                pairs.push(Pair { left, right, weight });
            }
        });
    }
    (pairs, compared)
}

impl Weigher {
    fn new(table: &Table, plan: &Plan, model: Model) -> Self {
        let levels = plan.comparisons.iter().enumerate().map(|(place, comparison)| {
            let mut weights = [0.0; 16];
            for (level, weight) in weights
                .iter_mut()
                .enumerate()
                .take(comparison.kind.levels().len())
            {
                *weight = model.weight(place, level).min(comparison.weight_max);
            }
            weights
        });
        let values = plan
            .comparisons
            .iter()
            .zip(&model.comparisons)
            .map(|(comparison, fitted)| {
                if !comparison.frequency {
                    return Vec::new();
                }
                let known = table.counts(comparison.field);
                let all: f64 = known.iter().skip(1).map(|count| f64::from(*count)).sum();
                let of = |count: &u32| fitted.m[usize::from(EQUAL)] * all / f64::from((*count).max(2));
                known
                    .iter()
                    .map(|count| of(count).log2().min(comparison.weight_max) as f32)
                    .collect()
            });
        Self {
            levels: levels.collect(),
            values: values.collect(),
            model,
        }
    }

    /// The weight of each comparison of a pattern; `number` gives the number of the value that both share.
    pub(crate) fn parts(&self, pattern: Pattern, number: impl Fn(usize) -> u32) -> impl Iterator<Item = f32> {
        self.levels
            .iter()
            .zip(&self.values)
            .enumerate()
            .map(move |(place, (levels, values))| {
                let level = level(pattern, place);
                if level == usize::from(EQUAL)
                    && let Some(weight) = values.get(number(place) as usize)
                {
                    return *weight;
                }
                levels.get(level).copied().unwrap_or(0.0) as f32
            })
    }

    /// The weight of each comparison of two records, in bits; a pair's weight is their sum.
    pub fn explain(&self, table: &Table, plan: &Plan, left: u32, right: u32) -> Vec<f32> {
        let pattern = pattern(table, plan, left, right);
        self.parts(pattern, |place| number(table, plan, left, place))
            .collect()
    }

    /// The weight of two records, in bits.
    pub fn weigh(&self, table: &Table, plan: &Plan, left: u32, right: u32) -> f32 {
        let pattern = pattern(table, plan, left, right);
        self.parts(pattern, |place| number(table, plan, left, place))
            .sum()
    }
}

/// The number of the value that a comparison looks at.
pub(crate) fn number(table: &Table, plan: &Plan, row: u32, comparison: usize) -> u32 {
    let field = plan
        .comparisons
        .get(comparison)
        .map_or(usize::MAX, |comparison| comparison.field);
    table.cells(row).get(field).copied().unwrap_or(0)
}
