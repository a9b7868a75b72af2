//! Long tables in the order a reader asks for: the heads are plain links, and the order stands in the address.
//!
//! `?sort=lines` is a column as it is first wanted, numbers from the largest, names from the first; `?sort=-lines` is the
//! other way round. What is no column of the table is no order.

use std::cmp::Ordering;

use crate::page::Page;

/// A column that can be sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Column {
    /// Its name in the address.
    pub name: &'static str,
    /// Whether the largest comes first unless asked otherwise.
    pub falls: bool,
}

/// The order that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sorting {
    pub column: Column,
    turned: bool,
}

/// A head of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    pub href: String,
    /// For `aria-sort`.
    pub order: &'static str,
}

impl Sorting {
    /// What the address asks for, else the first of the columns.
    pub(crate) fn asked(page: &Page, columns: &[Column]) -> Option<Self> {
        let asked = page.param("sort");
        let (name, turned) = asked
            .strip_prefix('-')
            .map_or((asked.as_str(), false), |name| (name, true));
        let found = columns.iter().find(|column| column.name == name);
        found
            .map(|column| Self {
                column: *column,
                turned,
            })
            .or_else(|| {
                let column = *columns.first()?;
                Some(Self {
                    column,
                    turned: false,
                })
            })
    }

    /// An order from the smallest, turned as it was asked for.
    pub(crate) fn turn(self, rising: Ordering) -> Ordering {
        if self.falls() { rising.reverse() } else { rising }
    }

    fn falls(self) -> bool {
        self.column.falls != self.turned
    }

    /// The head of a column: the one that is sorted by leads to its other direction.
    pub(crate) fn head(self, page: &Page, column: Column) -> Head {
        let is_here = self.column == column;
        let turn = if is_here && !self.turned { "-" } else { "" };
        Head {
            href: page.here_with("sort", &format!("{turn}{}", column.name)),
            order: match (is_here, self.falls()) {
                (false, _) => "none",
                (true, true) => "descending",
                (true, false) => "ascending",
            },
        }
    }
}
