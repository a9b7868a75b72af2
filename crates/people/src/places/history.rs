//! What became of old codes: each code's records since 1981, and the chain from an old one to the places of today.

use std::collections::{BTreeSet, HashMap};

use kernel::PlaceCode;

/// One unit under one code and name, for the years it stood.
#[derive(Clone, Debug)]
pub(super) struct FormerRecord {
    pub code: PlaceCode,
    /// The prefecture of its time; `直辖` directly under the province, empty above the county.
    pub prefecture: &'static str,
    pub name: &'static str,
    /// The first year in which it stood.
    pub start_year: i16,
    /// How it ended; none while it stands.
    pub ending: Option<Ending>,
}

/// How a record ended: in which year (the first in which it no longer stood), and what it became.
#[derive(Clone, Debug)]
pub(super) struct Ending {
    pub year: i16,
    /// The codes it became, each with the year of that change.
    pub new_codes: Vec<(PlaceCode, i16)>,
}

impl FormerRecord {
    pub fn stands_in(&self, year: i16) -> bool {
        self.start_year <= year && self.ending.as_ref().is_none_or(|ending| year < ending.year)
    }
}

/// All records, with the places each code leads to worked out once.
pub(super) struct History {
    pub records: Vec<FormerRecord>,
    by_code: HashMap<PlaceCode, Vec<usize>>,
}

impl History {
    pub fn new(records: Vec<FormerRecord>) -> Self {
        let mut by_code: HashMap<PlaceCode, Vec<usize>> = HashMap::new();
        for (position, record) in records.iter().enumerate() {
            by_code.entry(record.code).or_default().push(position);
        }
        for positions in by_code.values_mut() {
            positions.sort_by_key(|position| records.get(*position).map(|record| record.start_year));
        }
        Self { records, by_code }
    }

    /// Every code that ever stood.
    pub fn codes(&self) -> impl Iterator<Item = PlaceCode> {
        self.by_code.keys().copied()
    }

    /// The records of a code, the oldest first.
    pub fn of_code(&self, code: PlaceCode) -> impl DoubleEndedIterator<Item = &FormerRecord> {
        self.by_code
            .get(&code)
            .into_iter()
            .flatten()
            .filter_map(|position| self.records.get(*position))
    }

    /// The places of today that a record leads to, sorted. Each step goes to the record that stood in the year of
    /// the change, and no record is visited twice, so the walk ends.
    pub fn places_of_today(&self, from: &FormerRecord) -> Vec<PlaceCode> {
        let mut today = BTreeSet::new();
        let mut visited: BTreeSet<(PlaceCode, i16)> = BTreeSet::new();
        let mut open = vec![from];
        while let Some(record) = open.pop() {
            if !visited.insert((record.code, record.start_year)) {
                continue;
            }
            match &record.ending {
                None => {
                    today.insert(record.code);
                }
                Some(ending) => {
                    open.extend(
                        ending
                            .new_codes
                            .iter()
                            .filter_map(|(code, year)| self.standing_in(*code, *year)),
                    );
                }
            }
        }
        today.into_iter().collect()
    }

    /// The record of a code that stood in a year; where a unit came and went within one year, the next one after.
    fn standing_in(&self, code: PlaceCode, year: i16) -> Option<&FormerRecord> {
        self.of_code(code)
            .find(|record| record.stands_in(year))
            .or_else(|| self.of_code(code).find(|record| record.start_year >= year))
            .or_else(|| self.of_code(code).next_back())
    }
}
