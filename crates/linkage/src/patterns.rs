//! A pair of records as its levels, four bits each, and how often each pattern was seen: what fitting runs over.

use std::collections::BTreeMap;

use crate::compare::{EQUAL, MISSING};
use crate::plan::Plan;
use crate::table::Table;

/// Levels of a pair, comparison by comparison from the lowest bits on.
pub(crate) type Pattern = u64;

/// The level of a comparison in a pattern.
pub(crate) fn level(pattern: Pattern, comparison: usize) -> usize {
    (pattern >> (comparison * 4) & 15) as usize
}

/// How often each pattern was seen, in the order of patterns.
pub(crate) type Counts = BTreeMap<Pattern, f64>;

/// The pattern of two records of the table.
pub(crate) fn pattern(table: &Table, plan: &Plan, left: u32, right: u32) -> Pattern {
    let (left, right) = (table.cells(left), table.cells(right));
    let cell = |cells: &[u32], field: usize| cells.get(field).copied().unwrap_or(0);
    let mut pattern = 0;
    for (place, comparison) in plan.comparisons.iter().enumerate() {
        let (a, b) = (cell(left, comparison.field), cell(right, comparison.field));
        let level = if a == 0 || b == 0 {
            MISSING
        } else if a == b {
            EQUAL
        } else {
            let values = |cells: &[u32], number| {
                let partner = comparison
                    .partner
                    .map_or("", |field| table.value(field, cell(cells, field)));
                [table.value(comparison.field, number), partner]
            };
            comparison.kind.level(values(left, a), values(right, b))
        };
        pattern |= u64::from(level & 15) << (place * 4);
    }
    pattern
}
