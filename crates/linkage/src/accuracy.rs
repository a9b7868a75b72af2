//! How well a run did, held against pairs that are known; never used for fitting.

use hashbrown::HashSet;
use xxhash_rust::xxh3::xxh3_64;

use crate::link::Links;
use crate::table::Table;

/// Pairs of ids that are known to be of one person, each as the hashes of both.
#[derive(Clone, Debug)]
pub struct Known {
    pairs: HashSet<u128>,
    /// Of two files, the id of the first first; within one the order does not matter.
    between: bool,
}

impl Known {
    /// None yet, of two files or within one.
    pub fn new(between: bool) -> Self {
        Self {
            pairs: HashSet::new(),
            between,
        }
    }

    /// Takes a pair in.
    pub fn add(&mut self, left: &str, right: &str) {
        let pair = self.number(left, right);
        self.pairs.insert(pair);
    }

    fn number(&self, left: &str, right: &str) -> u128 {
        let (first, second) = if self.between || left <= right {
            (left, right)
        } else {
            (right, left)
        };
        u128::from(xxh3_64(first.as_bytes())) << 64 | u128::from(xxh3_64(second.as_bytes()))
    }
}

/// Precision, recall and their harmonic mean.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Accuracy {
    /// Pairs found.
    pub found: usize,
    /// Pairs known.
    pub known: usize,
    /// Pairs found that are known.
    pub right: usize,
    /// Share of the found that are known.
    pub precision: f64,
    /// Share of the known that were found.
    pub recall: f64,
    /// 2pr/(p+r).
    pub f1: f64,
}

/// Holds links against known pairs.
pub fn accuracy(links: &Links, table: &Table, known: &Known) -> Accuracy {
    let is_known = |(left, right)| known.pairs.contains(&known.number(left, right));
    let found = links.pairs.iter().map(|pair| table.ids_of(pair.left, pair.right));
    let right = found.filter(|pair| is_known(*pair)).count();
    let known = known.pairs.len();
    let share = |part: usize, whole: usize| {
        if whole == 0 {
            0.0
        } else {
            part as f64 / whole as f64
        }
    };
    Accuracy {
        found: links.pairs.len(),
        known,
        right,
        precision: share(right, links.pairs.len()),
        recall: share(right, known),
        f1: share(2 * right, links.pairs.len() + known),
    }
}

impl Table {
    /// The ids of two rows: of two files, that of the file given first first.
    pub fn ids_of(&self, left: u32, right: u32) -> (&str, &str) {
        if self.turned {
            (self.id(right), self.id(left))
        } else {
            (self.id(left), self.id(right))
        }
    }
}
