//! A whole run: keys, fit, scores, clusters.
//!
//! Two visits of the pairs: the first counts the patterns of a bounded sample of blocks for the fit, the second weighs
//! every pair and keeps those that may be one person. Memory grows with the records and with the pairs that are kept.

use kernel::SplitMix64;

use crate::blocks::Blocks;
use crate::clusters;
use crate::compare::EQUAL;
use crate::model::{Model, Sample};
use crate::patterns::{Counter, Counts, Pattern, compare, level, pattern};
use crate::plan::{Pass, Plan};
use crate::scale::Likeness;
use crate::table::Table;

/// Records drawn at random for `u`.
const RANDOM_ROWS: usize = 2_000;
/// Others of them that each is compared with.
const RANDOM_PARTNERS: usize = 50;
/// Pairs of a pass that are fitted on, about.
const SAMPLE: u64 = 30_000;
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
    pub(crate) pattern: Pattern,
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
    let (mut pairs, compared) = weigh_all(table, plan, &blocks, &weigher);
    let crowded = blocks.crowded;
    drop(blocks);
    if !table.between {
        pairs = within(table, plan, &weigher, pairs);
    } else if plan.settings.one_to_one {
        pairs = clusters::one_to_one(table, pairs);
    }
    pairs.sort_unstable_by_key(|pair| (pair.left, pair.right));
    Links {
        weigher,
        pairs,
        compared,
        crowded,
        path,
    }
}

/// The pairs of the groups that these pairs make; those that no pass had are compared now.
fn within(table: &Table, plan: &Plan, weigher: &Weigher, mut pairs: Vec<Pair>) -> Vec<Pair> {
    let grouped = clusters::within(table, &mut pairs, plan.settings.cluster_max, |left, right| {
        let weight = weigher.pair(table, plan, left, right).weight;
        weigher.model.log_odds(f64::from(weight))
    });
    pairs.sort_unstable_by_key(|pair| (pair.left, pair.right));
    let mut known = pairs.into_iter().peekable();
    let pair = |(left, right): (u32, u32)| {
        while known
            .next_if(|pair| (pair.left, pair.right) < (left, right))
            .is_some()
        {}
        known
            .next_if(|pair| (pair.left, pair.right) == (left, right))
            .unwrap_or_else(|| weigher.pair(table, plan, left, right))
    };
    grouped.into_iter().map(pair).collect()
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

/// The patterns of pairs of records drawn at random. Each record stands in many pairs, so that few have to be fetched.
fn random_pairs(table: &Table, plan: &Plan) -> Counts {
    let mut counter = Counter::default();
    let mut random = SplitMix64::new(plan.settings.seed);
    let mut below = |end: u32| u32::try_from(random.below(end.into())).unwrap_or_default();
    let rows = u32::try_from(table.len()).unwrap_or(u32::MAX);
    let first = u32::try_from(table.first_len).unwrap_or(u32::MAX);
    let mut draw = |from: u32, to: u32| -> Vec<u32> {
        let draws = if to > from { RANDOM_ROWS } else { 0 };
        (0..draws).map(|_| from + below(to - from)).collect()
    };
    let (left, right) = if table.between {
        (draw(0, first), draw(first, rows))
    } else {
        let drawn = draw(0, rows);
        (drawn.clone(), drawn)
    };
    for (place, left) in left.iter().enumerate() {
        let partners = right.iter().cycle().skip(place + 1).take(RANDOM_PARTNERS);
        let others = partners.filter(|right| *right != left);
        let pairs: Vec<(u32, u32)> = others.map(|right| (*left, *right)).collect();
        compare(table, plan, &pairs, |_, pattern| counter.add(pattern));
    }
    counter.counts()
}

fn sample(table: &Table, plan: &Plan, blocks: &Blocks, number: usize, pass: &Pass) -> (Sample, Counts, f64) {
    let nth = u32::try_from(blocks.count(number) / SAMPLE + 1).unwrap_or(u32::MAX);
    let (mut first, mut again) = (Counter::default(), Counter::default());
    let mut rows = Vec::new();
    blocks.sample(number, nth, |pairs| {
        for (is_first, counter) in [(true, &mut first), (false, &mut again)] {
            let wanted = pairs
                .iter()
                .filter(|pair| pair.is_first == is_first && (is_first || pass.fit));
            rows.clear();
            rows.extend(wanted.map(|pair| pair.rows));
            compare(table, plan, &rows, |_, pattern| counter.add(pattern));
        }
    });
    (
        Sample {
            counts: again.with(&first).counts(),
            told: pass.told,
        },
        first.counts(),
        f64::from(nth),
    )
}

/// All pairs from the threshold on, and how many were weighed.
fn weigh_all(table: &Table, plan: &Plan, blocks: &Blocks, weigher: &Weigher) -> (Vec<Pair>, u64) {
    let threshold = plan.settings.threshold;
    let least = (threshold / (1.0 - threshold)).log2();
    let (mut pairs, mut compared) = (Vec::new(), 0);
    blocks.each(|rows| {
        compared += rows.len() as u64;
        compare(table, plan, rows, |rows, pattern| {
            let pair = weigher.weighed(table, plan, rows, pattern);
            if weigher.model.log_odds(f64::from(pair.weight)) >= least {
                pairs.push(pair);
            }
        });
    });
    (pairs, compared)
}

impl Links {
    /// A pair as it is explained: each comparison with its level by name.
    pub fn likeness(&self, table: &Table, plan: &Plan, pair: &Pair) -> Likeness {
        let parts = self.weigher.explain(table, plan, pair).map(f64::from);
        let said = plan.comparisons.iter().zip(parts).enumerate();
        let said = said.map(|(place, (comparison, bits))| {
            let level = level(pair.pattern, place);
            let name = comparison.kind.levels().get(level).copied().unwrap_or("");
            (comparison.name.clone(), name, bits)
        });
        Likeness::of(self.weigher.model.prior, said)
    }
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

    /// The weight of each comparison of a pair, in bits; the pair's weight is their sum.
    pub fn explain(&self, table: &Table, plan: &Plan, pair: &Pair) -> impl Iterator<Item = f32> {
        let left = pair.left;
        self.parts(pair.pattern, move |place| number(table, plan, left, place))
    }

    /// Two records compared and weighed.
    pub fn pair(&self, table: &Table, plan: &Plan, left: u32, right: u32) -> Pair {
        let pattern = pattern(table, plan, left, right);
        self.weighed(table, plan, (left, right), pattern)
    }

    fn weighed(&self, table: &Table, plan: &Plan, (left, right): (u32, u32), pattern: Pattern) -> Pair {
        let weight = self
            .parts(pattern, |place| number(table, plan, left, place))
            .sum();
        Pair {
            left,
            right,
            weight,
            pattern,
        }
    }
}

/// The number of the value that a comparison looks at.
pub(crate) fn number(table: &Table, plan: &Plan, row: u32, comparison: usize) -> u32 {
    let comparison = plan.comparisons.get(comparison);
    let slot = comparison.map(|comparison| table.slot(comparison.field));
    slot.map_or(0, |slot| table.record(row).cell(slot) as u32)
}
