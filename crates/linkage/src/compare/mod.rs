//! Comparisons: how far two values of a field agree, as a level of a short list.
//!
//! Level 0 says that a value is missing on a side, level 1 that both are equal; the others go from nearly alike to
//! different, and each has a name. A comparison looks at nothing but the two values (and, for a name that may have
//! changed places with another, at the other), costs a bounded time, uses no heap, and is the same both ways
//! round.

mod address;
mod chinese;
mod latin;
mod numbers;

pub use numbers::{checked_id, has_valid_check_digit};

/// The level of a value that is missing on a side.
pub const MISSING: u8 = 0;
/// The level of equal values.
pub const EQUAL: u8 = 1;

/// Values of one record that a comparison looks at: the field's own and its partner's; empty is missing.
pub type Values<'a> = [&'a str; 2];

/// How a field is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Equal or not.
    Exact,
    /// Words with slips of the pen: edit steps, then Jaro-Winkler.
    Text,
    /// A given name or surname in Latin letters, which may have changed places with its partner.
    LatinName,
    /// A full Chinese name: other script, same sound, like shape, order changed.
    ChineseName,
    /// A day as eight digits: day and month changed places, one digit off.
    Date,
    /// Digits that name something: one or two steps off.
    Number,
    /// A resident ID of GB 11643, with its check digit.
    IdNumber,
    /// An address: shared words, or shared pairs of Chinese characters.
    Address,
    /// A telephone number.
    Phone,
}

/// Every kind with its name in settings and the names of its levels.
const KINDS: [(Kind, &str, &[&str]); 9] = [
    (Kind::Exact, "exact", &["missing", "equal", "different"]),
    (
        Kind::Text,
        "text",
        &[
            "missing",
            "equal",
            "one_step",
            "two_steps",
            "close",
            "alike",
            "different",
        ],
    ),
    (
        Kind::LatinName,
        "latin_name",
        &[
            "missing",
            "equal",
            "swapped",
            "one_step",
            "close",
            "alike",
            "different",
        ],
    ),
    (
        Kind::ChineseName,
        "chinese_name",
        &[
            "missing",
            "equal",
            "other_script",
            "same_sound",
            "like_shape",
            "reordered",
            "one_character",
            "surname",
            "different",
        ],
    ),
    (
        Kind::Date,
        "date",
        &[
            "missing",
            "equal",
            "day_month_swapped",
            "one_digit",
            "transposed",
            "same_day_other_year",
            "same_year",
            "different",
        ],
    ),
    (
        Kind::Number,
        "number",
        &["missing", "equal", "one_step", "two_steps", "different"],
    ),
    (
        Kind::IdNumber,
        "id_number",
        &[
            "missing",
            "equal",
            "one_step",
            "two_steps",
            "birth_one_wrong",
            "birth_both_valid",
            "different_one_wrong",
            "different_both_valid",
        ],
    ),
    (
        Kind::Address,
        "address",
        &[
            "missing",
            "equal",
            "all_words",
            "most_words",
            "half_of_words",
            "some_words",
            "different",
        ],
    ),
    (
        Kind::Phone,
        "phone",
        &["missing", "equal", "one_step", "same_end", "different"],
    ),
];

impl Kind {
    /// A kind by its name in settings.
    pub fn named(name: &str) -> Option<Self> {
        KINDS
            .iter()
            .find(|(_, known, _)| *known == name)
            .map(|(kind, _, _)| *kind)
    }

    /// Its name in settings.
    pub fn name(self) -> &'static str {
        KINDS
            .iter()
            .find(|(kind, _, _)| *kind == self)
            .map_or("", |(_, name, _)| name)
    }

    /// The names of all kinds, as settings write them.
    pub fn names() -> impl Iterator<Item = &'static str> {
        KINDS.iter().map(|(_, name, _)| *name)
    }

    /// The names of its levels, `missing` first, `equal` second.
    pub fn levels(self) -> &'static [&'static str] {
        KINDS
            .iter()
            .find(|(kind, _, _)| *kind == self)
            .map_or(&[], |(_, _, levels)| levels)
    }

    /// How far two values agree.
    pub fn level(self, left: Values<'_>, right: Values<'_>) -> u8 {
        let ([a, _], [b, _]) = (left, right);
        if a.is_empty() || b.is_empty() {
            return MISSING;
        }
        if a == b {
            return EQUAL;
        }
        match self {
            Self::Exact => 2,
            Self::Text => latin::text(a, b),
            Self::LatinName => latin::name(left, right),
            Self::ChineseName => chinese::name(a, b),
            Self::Date => numbers::date(a, b),
            Self::Number => numbers::number(a, b),
            Self::IdNumber => numbers::id_number(a, b),
            Self::Address => address::address(a, b),
            Self::Phone => numbers::phone(a, b),
        }
    }

    /// The name of the level of two values; for tests and explanations.
    pub fn level_name(self, left: Values<'_>, right: Values<'_>) -> &'static str {
        let level = usize::from(self.level(left, right));
        self.levels().get(level).copied().unwrap_or("different")
    }
}

#[cfg(test)]
mod tests;
