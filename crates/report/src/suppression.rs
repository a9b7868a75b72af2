//! Which cells of a table may not be shown, so that no small group can be recognised.
//!
//! **Primary**: a cell that stands on fewer lines than the programme's minimum is hidden. **Complementary**: while
//! what is hidden could be worked out from a shown total, the smallest shown cell is hidden too. Hidden cells are safe
//! when there are at least two of them and their lines exceed their number by at least the minimum: then
//! subtraction gives only their sum, and no cell can be narrowed to a range smaller than the minimum. Places are
//! shown with totals per province, so the rule holds inside each province and again among the provinces.
//! A table that cannot be made safe is held back as a whole. Cost: n log n for each table.

use std::collections::BTreeMap;

/// Which cells are hidden, by index.
pub type Hidden = Vec<bool>;

/// What is hidden of a table of parts in groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupedHidden {
    /// By index of the part.
    pub parts: Hidden,
    /// By name of the group.
    pub groups: BTreeMap<String, bool>,
}

/// Hides cells of one table whose total is shown. `None`: the table cannot be made safe and is held back.
#[must_use]
pub fn hide(lines: &[i64], min_lines: i64) -> Option<Hidden> {
    let primary = lines.iter().map(|lines| *lines < min_lines).collect();
    complete(lines, min_lines, primary)
}

/// Hides cells of a table of parts (group, lines) where each group's total and the whole total are shown.
#[must_use]
pub fn hide_in_groups(parts: &[(String, i64)], min_lines: i64) -> Option<GroupedHidden> {
    let mut members: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, (group, _)) in parts.iter().enumerate() {
        members.entry(group).or_default().push(index);
    }
    let lines_of = |indexes: &[usize]| -> Vec<i64> {
        indexes.iter().filter_map(|index| parts.get(*index)).map(|(_, lines)| *lines).collect()
    };
    let inside: Vec<Option<Hidden>> = members.values().map(|indexes| hide(&lines_of(indexes), min_lines)).collect();
    let group_lines: Vec<i64> =
        members.values().map(|indexes| lines_of(indexes).iter().fold(0, |sum: i64, n| sum.saturating_add(*n))).collect();
    let forced = group_lines.iter().zip(&inside).map(|(lines, safe)| *lines < min_lines || safe.is_none()).collect();
    let groups = complete(&group_lines, min_lines, forced)?;
    let mut hidden = vec![false; parts.len()];
    for ((indexes, group_hidden), inside) in members.values().zip(&groups).zip(&inside) {
        for (position, index) in indexes.iter().enumerate() {
            let part_hidden = inside.as_ref().and_then(|inside| inside.get(position)).copied().unwrap_or(true);
            if let Some(cell) = hidden.get_mut(*index) {
                *cell = *group_hidden || part_hidden;
            }
        }
    }
    let groups = members.keys().map(|group| (*group).to_owned()).zip(groups).collect();
    Some(GroupedHidden { parts: hidden, groups })
}

/// Hides the smallest shown cells until nothing hidden can be worked out.
fn complete(lines: &[i64], min_lines: i64, mut hidden: Hidden) -> Option<Hidden> {
    let mut shown: Vec<(i64, usize)> =
        lines.iter().copied().zip(0..).filter(|(_, index)| !hidden.get(*index).copied().unwrap_or(true)).collect();
    shown.sort_unstable_by(|a, b| b.cmp(a));
    let mut count = hidden.iter().filter(|cell| **cell).count();
    let mut spread = lines.iter().zip(&hidden).filter(|(_, cell)| **cell).fold(0_i64, |sum, (n, _)| sum.saturating_add(n - 1));
    while count == 1 || (count > 1 && spread < min_lines) {
        let (smallest, index) = shown.pop()?;
        *hidden.get_mut(index)? = true;
        count += 1;
        spread = spread.saturating_add(smallest - 1);
    }
    Some(hidden)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn nothing_is_hidden_when_every_cell_is_large() {
        assert_eq!(hide(&[5, 9, 100], 5), Some(vec![false, false, false]));
        assert_eq!(hide(&[], 5), Some(vec![]));
    }

    #[test]
    fn a_single_small_cell_takes_the_smallest_large_one_with_it() {
        assert_eq!(hide(&[3, 900, 20, 40], 5), Some(vec![true, false, true, false]));
    }

    #[test]
    fn cells_that_could_only_be_one_line_each_are_not_left_alone() {
        // Two hidden cells of one line each: their sum of two would say it all.
        assert_eq!(hide(&[1, 1, 50, 9], 5), Some(vec![true, true, false, true]));
    }

    #[test]
    fn a_table_of_small_cells_only_is_held_back() {
        assert_eq!(hide(&[1, 1, 1], 5), None);
        assert_eq!(hide(&[4], 5), None);
    }

    #[test]
    fn a_province_with_one_small_county_is_hidden_with_another_province() {
        let parts = [("62", 3), ("53", 80), ("53", 90), ("51", 700)].map(|(group, lines)| (group.to_owned(), lines));
        let hidden = hide_in_groups(&parts, 5).unwrap();
        assert_eq!(hidden.parts, [true, true, true, false]);
        assert_eq!(hidden.groups.into_iter().collect::<Vec<_>>(), [
            ("51".to_owned(), false),
            ("53".to_owned(), true),
            ("62".to_owned(), true)
        ]);
    }

    /// Works out every cell that subtraction can reach: a known sum with one unknown part gives that part.
    fn recovered(sums: &[Vec<usize>], known: &mut [bool]) {
        loop {
            let mut gained = false;
            for sum in sums {
                let unknown: Vec<usize> = sum.iter().copied().filter(|cell| !known[*cell]).collect();
                if let [only] = unknown[..] {
                    known[only] = true;
                    gained = true;
                }
            }
            if !gained {
                return;
            }
        }
    }

    proptest! {
        #[test]
        fn no_hidden_cell_can_be_worked_out_from_the_total(lines in prop::collection::vec(1_i64..40, 0..30), min in 1_i64..12) {
            if let Some(hidden) = hide(&lines, min) {
                let mut known: Vec<bool> = hidden.iter().map(|cell| !cell).collect();
                recovered(&[(0..lines.len()).collect()], &mut known);
                for (index, cell) in hidden.iter().enumerate() {
                    prop_assert!(*cell || lines[index] >= min);
                    prop_assert!(!*cell || !known[index]);
                }
                // The range left for each hidden cell is at least the minimum wide.
                let secret: Vec<i64> = lines.iter().zip(&hidden).filter(|(_, cell)| **cell).map(|(n, _)| *n).collect();
                let slack: i64 = secret.iter().map(|n| n - 1).sum();
                prop_assert!(secret.is_empty() || slack >= min);
            }
        }

        #[test]
        fn no_hidden_county_can_be_worked_out_from_provinces_and_the_total(
            counties in prop::collection::vec((0_usize..6, 1_i64..30), 0..40),
            min in 1_i64..10,
        ) {
            let parts: Vec<(String, i64)> = counties.iter().map(|(group, lines)| (format!("{group}"), *lines)).collect();
            if let Some(hidden) = hide_in_groups(&parts, min) {
                // Cells: counties first, then provinces. A province's sum is an unknown when it is hidden.
                let names: Vec<&String> = hidden.groups.keys().collect();
                let mut known: Vec<bool> = hidden.parts.iter().map(|cell| !cell).collect();
                known.extend(hidden.groups.values().map(|cell| !cell));
                let province = |name: &str| parts.len() + names.iter().position(|n| n.as_str() == name).unwrap();
                let mut sums: Vec<Vec<usize>> = vec![names.iter().map(|name| province(name)).collect()];
                for name in &names {
                    let inside: Vec<usize> = (0..parts.len()).filter(|i| parts[*i].0 == **name).collect();
                    // Only a known province total can be subtracted from.
                    if known[province(name)] { sums.push(inside); }
                }
                recovered(&sums, &mut known);
                for (index, cell) in hidden.parts.iter().enumerate() {
                    prop_assert!(*cell || parts[index].1 >= min);
                    prop_assert!(!*cell || !known[index]);
                }
                for (name, cell) in &hidden.groups {
                    prop_assert!(!*cell || !known[province(name)]);
                }
            }
        }
    }
}
