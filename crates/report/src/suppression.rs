//! Which cells of a table may not be shown, so that no small group can be recognised.
//!
//! **Primary**: a cell that stands on fewer lines than the programme's minimum is hidden. **Complementary**: while
//! what is hidden could be worked out from a shown total, the smallest shown cell is hidden too. Hidden cells are safe
//! when there are at least two of them and their lines exceed their number by at least the minimum: then
//! subtraction gives only their sum, and no cell can be narrowed to a range smaller than the minimum. Places are
//! shown with totals per province, so the rule holds inside each province and again among the provinces.
//! A table that cannot be made safe is held back as a whole. Cost: n log n for each table and round; a round
//! follows only when one table's hidden cells stand in another.

use std::collections::{BTreeMap, BTreeSet};

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

impl GroupedHidden {
    /// Nothing is hidden of a table without groups.
    #[must_use]
    pub fn none_of(parts: usize) -> Self {
        Self {
            parts: vec![false; parts],
            groups: BTreeMap::new(),
        }
    }
}

/// One table of a report: its parts, each with the lines it stands on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// What it is split by; parts of the same key in tables of one dimension may be the same thing.
    pub dimension: String,
    /// Its parts.
    pub parts: Vec<Part>,
}

/// One part of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its code.
    pub key: String,
    /// The group whose total is shown too (a county's province), if there is one.
    pub group: Option<String>,
    /// How many lines it stands on.
    pub lines: i64,
}

/// Hides parts of all tables of a report together. What is hidden in one table is hidden in every other where the
/// same key stands on the same number of lines: else one table would give away what another keeps back.
/// `None` for a table that is held back as a whole.
#[must_use]
pub fn hide_all(tables: &[Table], min_lines: i64) -> Vec<Option<GroupedHidden>> {
    let mut secret: BTreeSet<(String, String, i64)> = BTreeSet::new();
    loop {
        let before = secret.len();
        let hidden: Vec<Option<GroupedHidden>> = tables
            .iter()
            .map(|table| hide_table(table, min_lines, &secret))
            .collect();
        for (table, hidden) in tables.iter().zip(&hidden) {
            secret.extend(secrets_of(table, hidden.as_ref()));
        }
        if secret.len() == before {
            return hidden;
        }
    }
}

/// The hidden parts and groups of a table as (dimension, key, lines).
fn secrets_of(table: &Table, hidden: Option<&GroupedHidden>) -> Vec<(String, String, i64)> {
    let part_hidden =
        |index: usize| hidden.is_none_or(|hidden| hidden.parts.get(index).copied().unwrap_or(true));
    let parts = table
        .parts
        .iter()
        .enumerate()
        .filter(|(index, _)| part_hidden(*index));
    let mut secrets: Vec<_> = parts
        .map(|(_, part)| (table.dimension.clone(), part.key.clone(), part.lines))
        .collect();
    for (group, lines) in group_lines(table) {
        if hidden.is_none_or(|hidden| hidden.groups.get(&group).copied().unwrap_or(true)) {
            secrets.push((group_dimension(table), group, lines));
        }
    }
    secrets
}

fn group_dimension(table: &Table) -> String {
    format!("{}/group", table.dimension)
}

fn group_lines(table: &Table) -> BTreeMap<String, i64> {
    let mut lines: BTreeMap<String, i64> = BTreeMap::new();
    for part in &table.parts {
        if let Some(group) = &part.group {
            let sum = lines.entry(group.clone()).or_default();
            *sum = sum.saturating_add(part.lines);
        }
    }
    lines
}

fn hide_table(
    table: &Table,
    min_lines: i64,
    secret: &BTreeSet<(String, String, i64)>,
) -> Option<GroupedHidden> {
    let known = |dimension: &str, key: &str, lines: i64| {
        secret.contains(&(dimension.to_owned(), key.to_owned(), lines))
    };
    let primary = |part: &Part| part.lines < min_lines || known(&table.dimension, &part.key, part.lines);
    let mut parts: Hidden = table.parts.iter().map(primary).collect();
    let sums = group_lines(table);
    if sums.is_empty() {
        let lines: Vec<i64> = table.parts.iter().map(|part| part.lines).collect();
        return Some(GroupedHidden {
            parts: complete(&lines, min_lines, parts)?,
            groups: BTreeMap::new(),
        });
    }
    let dimension = group_dimension(table);
    let mut forced = Vec::new();
    for (group, sum) in &sums {
        let indexes: Vec<usize> = (0..)
            .zip(&table.parts)
            .filter(|(_, part)| part.group.as_ref() == Some(group))
            .map(|(index, _)| index)
            .collect();
        let of = |index: &usize| Some((table.parts.get(*index)?.lines, parts.get(*index).copied()?));
        let (lines, hidden): (Vec<i64>, Hidden) = indexes.iter().filter_map(of).unzip();
        let inside = complete(&lines, min_lines, hidden);
        forced.push(*sum < min_lines || inside.is_none() || known(&dimension, group, *sum));
        set(&mut parts, &indexes, |position| {
            inside
                .as_ref()
                .is_none_or(|inside| inside.get(position).copied().unwrap_or(true))
        });
    }
    let lines: Vec<i64> = sums.values().copied().collect();
    let groups: BTreeMap<String, bool> = sums
        .into_keys()
        .zip(complete(&lines, min_lines, forced)?)
        .collect();
    for (cell, part) in parts.iter_mut().zip(&table.parts) {
        *cell |= part
            .group
            .as_ref()
            .is_none_or(|group| groups.get(group).copied().unwrap_or(true));
    }
    Some(GroupedHidden { parts, groups })
}

fn set(cells: &mut Hidden, indexes: &[usize], value: impl Fn(usize) -> bool) {
    for (position, index) in indexes.iter().enumerate() {
        if let Some(cell) = cells.get_mut(*index) {
            *cell = value(position);
        }
    }
}

/// Hides the smallest shown cells until nothing hidden can be worked out.
fn complete(lines: &[i64], min_lines: i64, mut hidden: Hidden) -> Option<Hidden> {
    let mut shown: Vec<(i64, usize)> = lines
        .iter()
        .copied()
        .zip(0..)
        .filter(|(_, index)| !hidden.get(*index).copied().unwrap_or(true))
        .collect();
    shown.sort_unstable_by(|a, b| b.cmp(a));
    let mut count = hidden.iter().filter(|cell| **cell).count();
    let mut spread = lines
        .iter()
        .zip(&hidden)
        .filter(|(_, cell)| **cell)
        .fold(0_i64, |sum, (n, _)| sum.saturating_add(n - 1));
    while count == 1 || (count > 1 && spread < min_lines) {
        let (smallest, index) = shown.pop()?;
        *hidden.get_mut(index)? = true;
        count += 1;
        spread = spread.saturating_add(smallest - 1);
    }
    Some(hidden)
}

#[cfg(test)]
mod tests;
