//! From pairs to persons: who is one with whom, without chains that no one would believe.

use crate::link::Pair;
use crate::table::Table;

/// Groups of records of one person, as all pairs within them, by rows.
///
/// The strongest pair first, two groups become one where their records speak for it on average (`log_odds` of every pair
/// between them), and where no more than `most` records come together.
pub(crate) fn within(
    table: &Table,
    pairs: &mut [Pair],
    most: usize,
    log_odds: impl Fn(u32, u32) -> f64,
) -> Vec<(u32, u32)> {
    strongest_first(pairs);
    let mut groups = Groups::of_one(table.len());
    for pair in pairs {
        let (one, other) = (groups.of(pair.left), groups.of(pair.right));
        if one == other {
            continue;
        }
        let together = groups.members(one).count() + groups.members(other).count();
        if together > most {
            continue;
        }
        if together > 2 {
            let between = groups
                .members(one)
                .flat_map(|a| groups.members(other).map(move |b| (a.min(b), a.max(b))));
            if between.map(|(a, b)| log_odds(a, b)).sum::<f64>() < 0.0 {
                continue;
            }
        }
        groups.join(one, other);
    }
    groups.pairs()
}

/// Groups of rows: each row knows the first of its group and the next one, the last the first.
struct Groups {
    firsts: Vec<u32>,
    nexts: Vec<u32>,
}

impl Groups {
    fn of_one(rows: usize) -> Self {
        let firsts: Vec<u32> = (0..).take(rows).collect();
        Self {
            nexts: firsts.clone(),
            firsts,
        }
    }

    /// The first of a row's group, which stands for it.
    fn of(&self, row: u32) -> u32 {
        self.firsts.get(row as usize).copied().unwrap_or(row)
    }

    fn next(&self, row: u32) -> u32 {
        self.nexts.get(row as usize).copied().unwrap_or(row)
    }

    fn members(&self, first: u32) -> impl Iterator<Item = u32> {
        std::iter::successors(Some(first), move |row| {
            Some(self.next(*row)).filter(|next| *next != first)
        })
    }

    fn join(&mut self, one: u32, other: u32) {
        for row in self.members(other).collect::<Vec<_>>() {
            if let Some(first) = self.firsts.get_mut(row as usize) {
                *first = one;
            }
        }
        // Two rings become one where their firsts change who comes next.
        self.nexts.swap(one as usize, other as usize);
    }

    /// All pairs within the groups, in order.
    fn pairs(&self) -> Vec<(u32, u32)> {
        let mut pairs = Vec::new();
        for (row, next) in (0..).zip(&self.nexts) {
            if row != *next {
                let others = self.members(row).skip(1).filter(|other| *other > row);
                let from = pairs.len();
                pairs.extend(others.map(|other| (row, other)));
                pairs.get_mut(from..).unwrap_or_default().sort_unstable();
            }
        }
        pairs
    }
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
