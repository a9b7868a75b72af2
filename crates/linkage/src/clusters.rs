//! From pairs to persons: who is one with whom, without chains that no one would believe.

use std::collections::HashMap;

use crate::link::Pair;
use crate::table::Table;

/// Groups of records of one person, as all pairs within them.
///
/// The strongest pair first, two groups become one where their records speak for it on average (`log_odds` of every pair
/// between them), and where no more than `most` records come together.
pub(crate) fn within(
    table: &Table,
    mut pairs: Vec<Pair>,
    most: usize,
    log_odds: impl Fn(u32, u32) -> f64,
) -> Vec<(u32, u32)> {
    strongest_first(&mut pairs);
    let mut group_of: Vec<u32> = (0..).take(table.len()).collect();
    let mut groups: HashMap<u32, Vec<u32>> = HashMap::new();
    for pair in pairs {
        let of = |row: u32| group_of.get(row as usize).copied().unwrap_or(row);
        let (one, other) = (of(pair.left), of(pair.right));
        if one == other {
            continue;
        }
        let members = |group: u32| groups.get(&group).cloned().unwrap_or_else(|| vec![group]);
        let (mut kept, moved) = (members(one), members(other));
        if kept.len() + moved.len() > most {
            continue;
        }
        if kept.len() + moved.len() > 2 {
            let between = kept
                .iter()
                .flat_map(|a| moved.iter().map(|b| log_odds(*a.min(b), *a.max(b))));
            if between.sum::<f64>() < 0.0 {
                continue;
            }
        }
        for row in &moved {
            if let Some(group) = group_of.get_mut(*row as usize) {
                *group = one;
            }
        }
        kept.extend(moved);
        groups.remove(&other);
        groups.insert(one, kept);
    }
    all_pairs(groups)
}

fn all_pairs(groups: HashMap<u32, Vec<u32>>) -> Vec<(u32, u32)> {
    let mut pairs = Vec::new();
    for mut group in groups.into_values() {
        group.sort_unstable();
        for (place, left) in group.iter().enumerate() {
            pairs.extend(group.iter().skip(place + 1).map(|right| (*left, *right)));
        }
    }
    pairs
}

/// The strongest pair first, each record once.
pub(crate) fn one_to_one(table: &Table, mut pairs: Vec<Pair>) -> Vec<Pair> {
    strongest_first(&mut pairs);
    let mut taken = vec![false; table.len()];
    pairs.retain(|pair| {
        let (left, right) = (pair.left as usize, pair.right as usize);
        let free = taken.get(left) == Some(&false) && taken.get(right) == Some(&false);
        if free {
            for row in [left, right] {
                if let Some(taken) = taken.get_mut(row) {
                    *taken = true;
                }
            }
        }
        free
    });
    pairs
}

fn strongest_first(pairs: &mut [Pair]) {
    pairs.sort_unstable_by(|a, b| {
        b.weight
            .total_cmp(&a.weight)
            .then((a.left, a.right).cmp(&(b.left, b.right)))
    });
}
