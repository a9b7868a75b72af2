//! How well a run did, held against pairs that are known; never used for fitting.

use std::collections::HashSet;
use std::hash::BuildHasher;

use crate::link::Links;
use crate::table::Table;

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

/// Holds links against known pairs of ids; within one file the order of two ids does not matter.
pub fn accuracy<S: BuildHasher>(
    links: &Links,
    table: &Table,
    known: &HashSet<(String, String), S>,
) -> Accuracy {
    let unordered = |(a, b)| if table.between || a <= b { (a, b) } else { (b, a) };
    let known = known.iter().map(|(a, b)| unordered((a.as_str(), b.as_str())));
    let known: HashSet<(&str, &str)> = known.collect();
    let found = links
        .pairs
        .iter()
        .map(|pair| unordered(table.ids_of(pair.left, pair.right)));
    let right = found.filter(|pair| known.contains(pair)).count();
    let share = |part: usize, whole: usize| {
        if whole == 0 {
            0.0
        } else {
            part as f64 / whole as f64
        }
    };
    Accuracy {
        found: links.pairs.len(),
        known: known.len(),
        right,
        precision: share(right, links.pairs.len()),
        recall: share(right, known.len()),
        f1: share(2 * right, links.pairs.len() + known.len()),
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
