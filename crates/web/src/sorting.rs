//! Long tables in the order a reader asks for: the heads are plain links, and the order stands in the address.
//!
//! `?sort=lines` is a column as it is first wanted, numbers from the largest, names from the first; `?sort=-lines` is the
//! other way round. What is no column of the table is no order.

use std::cmp::Ordering;

use store::Direction;

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

/// A head of a table, as `_components/_heads.html` prints it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    pub title: String,
    /// The classes of its column: `n` for numbers, `wide-only`.
    pub class: &'static str,
    /// Where the order by it is; empty where the table is not sorted by it.
    pub href: String,
    /// For `aria-sort`.
    pub order: &'static str,
}

impl Head {
    /// A head that nothing is sorted by.
    pub(crate) fn plain(title: &str, class: &'static str) -> Self {
        Self {
            title: title.to_owned(),
            class,
            href: String::new(),
            order: "none",
        }
    }
}

impl Column {
    /// A column of names, from the first.
    pub(crate) const fn rising(name: &'static str) -> Self {
        Self { name, falls: false }
    }

    /// A column of numbers or days, from the largest or the latest.
    pub(crate) const fn falling(name: &'static str) -> Self {
        Self { name, falls: true }
    }
}

impl Sorting {
    /// What the address asks for: one of `others`, else the `first`.
    pub(crate) fn asked(page: &Page, first: Column, others: &[Column]) -> Self {
        let asked = page.param("sort");
        let (name, turned) = asked
            .strip_prefix('-')
            .map_or((asked.as_str(), false), |name| (name, true));
        let fits = |column: &&Column| column.name == name;
        if let Some(column) = [first].iter().chain(others).find(fits) {
            return Self {
                column: *column,
                turned,
            };
        }
        Self {
            column: first,
            turned: false,
        }
    }

    /// An order from the smallest, turned as it was asked for.
    pub(crate) fn turn(self, rising: Ordering) -> Ordering {
        if self.falls() { rising.reverse() } else { rising }
    }

    /// The same for what the database sorts.
    pub(crate) fn direction(self) -> Direction {
        if self.falls() {
            Direction::Falling
        } else {
            Direction::Rising
        }
    }

    fn falls(self) -> bool {
        self.column.falls != self.turned
    }

    /// The head of a column: the one that is sorted by leads to its other direction.
    pub(crate) fn head(self, page: &Page, column: Column, title: &str, class: &'static str) -> Head {
        let is_here = self.column == column;
        let turn = if is_here && !self.turned { "-" } else { "" };
        Head {
            title: title.to_owned(),
            class,
            href: page.here_with("sort", &format!("{turn}{}", column.name)),
            order: match (is_here, self.falls()) {
                (false, _) => "none",
                (true, true) => "descending",
                (true, false) => "ascending",
            },
        }
    }
}
