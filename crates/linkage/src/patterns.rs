//! A pair of records as its levels, four bits each, and how often each pattern was seen: what fitting runs over.

use hashbrown::HashMap;

use crate::compare::{EQUAL, MISSING};
use crate::plan::Plan;
use crate::table::{Record, Table};

/// Pairs that are compared together.
const TOGETHER: usize = 64;

/// Levels of a pair, comparison by comparison from the lowest bits on.
pub(crate) type Pattern = u64;

/// The level of a comparison in a pattern.
pub(crate) fn level(pattern: Pattern, comparison: usize) -> usize {
    (pattern >> (comparison * 4) & 15) as usize
}

/// How often each pattern was seen, in the order of patterns.
pub(crate) type Counts = Vec<(Pattern, f64)>;

/// Counts patterns.
#[derive(Debug, Default)]
pub(crate) struct Counter(HashMap<Pattern, u32>);

impl Counter {
    pub(crate) fn add(&mut self, pattern: Pattern) {
        *self.0.entry(pattern).or_default() += 1;
    }

    /// Both together.
    pub(crate) fn with(mut self, other: &Self) -> Self {
        for (pattern, count) in &other.0 {
            *self.0.entry(*pattern).or_default() += count;
        }
        self
    }

    pub(crate) fn counts(self) -> Counts {
        let mut counts: Counts = self
            .0
            .into_iter()
            .map(|(pattern, count)| (pattern, count.into()))
            .collect();
        counts.sort_unstable_by_key(|(pattern, _)| *pattern);
        counts
    }
}

/// Gives the patterns of pairs, in their order.
///
/// Two records at random are in no cache, nor are their texts. So all records are read before any text, and all texts of
/// a comparison are found before any is read: the waits of many pairs pass at one time.
#[expect(
    clippy::needless_bitwise_bool,
    reason = "a branch would wait for the values of each pair, which are in no cache"
)]
pub(crate) fn compare(
    table: &Table,
    plan: &Plan,
    pairs: &[(u32, u32)],
    mut give: impl FnMut((u32, u32), Pattern),
) {
    for pairs in pairs.chunks(TOGETHER) {
        let records = pairs
            .iter()
            .map(|(left, right)| (table.record(*left), table.record(*right)));
        let records: Vec<(Record<'_>, Record<'_>)> = records.collect();
        let mut patterns = [0; TOGETHER];
        let mut texts = Vec::with_capacity(pairs.len());
        for (place, comparison) in plan.comparisons.iter().enumerate() {
            let slot = table.slot(comparison.field);
            let mut unequal = Unequal::default();
            for (number, (pattern, (left, right))) in patterns.iter_mut().zip(&records).enumerate() {
                let (a, b) = (left.cell(slot), right.cell(slot));
                let (is_there, is_equal) = ((a != 0) & (b != 0), a == b);
                let level = if is_there & is_equal { EQUAL } else { MISSING };
                *pattern |= u64::from(level) << (place * 4);
                unequal.add_where(is_there & !is_equal, number);
            }
            texts.clear();
            for number in unequal.numbers() {
                if let Some((left, right)) = records.get(*number) {
                    let values = |record: &Record<'_>| table.values(comparison, *record);
                    texts.push((*number, values(left), values(right)));
                }
            }
            for (number, [a, other_a], [b, other_b]) in &texts {
                let (left, right) = ([a.as_str(), other_a.as_str()], [b.as_str(), other_b.as_str()]);
                let level = comparison.kind.level(left, right);
                if let Some(pattern) = patterns.get_mut(*number) {
                    *pattern |= u64::from(level & 15) << (place * 4);
                }
            }
        }
        for (pair, pattern) in pairs.iter().zip(patterns) {
            give(*pair, pattern);
        }
    }
}

/// The pairs whose values are there and unequal: added without a branch, which would wait for the values.
struct Unequal {
    list: [usize; TOGETHER],
    len: usize,
}

impl Default for Unequal {
    fn default() -> Self {
        Self {
            list: [0; TOGETHER],
            len: 0,
        }
    }
}

impl Unequal {
    fn add_where(&mut self, is_unequal: bool, number: usize) {
        if let Some(place) = self.list.get_mut(self.len) {
            *place = number;
        }
        self.len += usize::from(is_unequal);
    }

    fn numbers(&self) -> &[usize] {
        self.list.get(..self.len).unwrap_or_default()
    }
}

/// The pattern of two records of the table.
pub(crate) fn pattern(table: &Table, plan: &Plan, left: u32, right: u32) -> Pattern {
    let mut found = 0;
    compare(table, plan, &[(left, right)], |_, pattern| found = pattern);
    found
}
