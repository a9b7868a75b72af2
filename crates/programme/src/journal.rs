//! Tables that figures may name and that come out of the journal's modules, not out of order files: which there are and what
//! their columns are. They are sealed a period at a time, and the pack holds them as they were sealed.
//!
//! A column is a whole number or a text. A day is a text `YYYY-MM-DD`, a place its code of six digits as a number; what is
//! not known is 0 or empty.

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// Whole numbers.
    Int,
    /// Texts.
    Text,
}

/// One table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JournalTable {
    /// Its name in figure SQL.
    pub name: &'static str,
    /// Its columns.
    pub columns: &'static [(&'static str, ColumnKind)],
    /// Whether its rows are about persons, so that a value that stands on few of them is hidden.
    pub about_people: bool,
}

impl JournalTable {
    /// Whether it has a column of this name.
    #[must_use]
    pub fn has_column(&self, name: &str) -> bool {
        self.columns.iter().any(|(column, _)| *column == name)
    }
}

use ColumnKind::{Int, Text};

/// Every table, by name.
pub const JOURNAL_TABLES: [JournalTable; 9] = [
    JournalTable {
        name: "fund_budget",
        columns: &[
            ("pillar", Text),
            ("budget_fen", Int),
            ("actual_fen", Int),
            ("released_fen", Int),
            ("held_fen", Int),
            ("forecast_fen", Int),
        ],
        about_people: false,
    },
    JournalTable {
        name: "fund_cofinance",
        columns: &[
            ("project", Text),
            ("class", Text),
            ("causal", Int),
            ("amount_fen", Int),
            ("attributed_fen", Int),
        ],
        about_people: false,
    },
    JournalTable {
        name: "fund_milestones",
        columns: &[
            ("project", Text),
            ("milestone_no", Int),
            ("pillar", Text),
            ("due_on", Text),
            ("met_on", Text),
            ("amount_fen", Int),
        ],
        about_people: false,
    },
    JournalTable {
        name: "fund_model_counties",
        columns: &[("place_code", Int), ("named_on", Text)],
        about_people: false,
    },
    JournalTable {
        name: "fund_pledges",
        columns: &[
            ("signed_on", Text),
            ("through_on", Text),
            ("total_fen", Int),
            ("received_fen", Int),
            ("leverage_low_fen", Int),
            ("leverage_high_fen", Int),
        ],
        about_people: false,
    },
    JournalTable {
        name: "fund_staff_days",
        columns: &[
            ("person_no", Int),
            ("worked_on", Text),
            ("pillar", Text),
            ("place_code", Int),
            ("halves", Int),
        ],
        about_people: true,
    },
    JournalTable {
        name: "fund_targets",
        columns: &[
            ("owner", Text),
            ("indicator", Text),
            ("unit", Text),
            ("target", Int),
            ("reached", Int),
        ],
        about_people: false,
    },
    JournalTable {
        name: "fund_visits",
        columns: &[("visited_on", Text), ("place_code", Int)],
        about_people: false,
    },
    JournalTable {
        name: "registry_households",
        columns: &[("place_code", Int), ("status", Text), ("since_on", Text)],
        about_people: true,
    },
];

/// A table by its name.
#[must_use]
pub fn journal_table(name: &str) -> Option<&'static JournalTable> {
    JOURNAL_TABLES.iter().find(|table| table.name == name)
}

/// One value of a row.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum JournalValue {
    /// A whole number.
    Int(i64),
    /// A text.
    Text(String),
}

/// The rows of a table in one period, sorted, so that the same rows are the same bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalRows {
    /// Which table.
    pub table: &'static JournalTable,
    /// Its rows, each with a value a column.
    pub rows: Vec<Vec<JournalValue>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_stand_by_name_and_no_column_stands_twice() {
        assert!(JOURNAL_TABLES.is_sorted_by_key(|table| table.name));
        for table in JOURNAL_TABLES {
            let names: std::collections::BTreeSet<&str> =
                table.columns.iter().map(|(name, _)| *name).collect();
            assert_eq!(names.len(), table.columns.len(), "{}", table.name);
            assert_eq!(journal_table(table.name), Some(&table));
        }
        assert_eq!(journal_table("sales"), None);
    }
}
