//! Entries, holds and what can be done with them, as callers name them.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{Fault, Money, Refusal};
use serde::{Deserialize, Serialize};
use store::Evidence;

use crate::chart::AccountCode;

macro_rules! numbered {
    ($(#[$meta:meta])* $name:ident, $code:literal) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub(crate) i64);

        impl $name {
            /// The number itself.
            #[must_use]
            pub fn number(self) -> i64 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl FromStr for $name {
            type Err = Refusal;

            /// Reads a whole number from 1.
            fn from_str(text: &str) -> Result<Self, Refusal> {
                let number = text.parse().ok().filter(|number| *number > 0);
                number.map(Self).ok_or_else(|| Refusal::new($code, Fault::Refused).value(text))
            }
        }
    };
}

numbered!(
    /// The number of an entry (凭证号): from 1, without gaps, in the order in which entries were recorded.
    EntryNo, "books.bad_entry_no"
);
numbered!(
    /// The number of a hold: from 1, without gaps.
    HoldNo, "books.bad_hold_no"
);

/// One line of an entry: an account and what is added to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leg {
    /// The account.
    pub account: AccountCode,
    /// In fen; a debit (借) is positive, a credit (贷) negative.
    #[serde(rename = "amount_fen")]
    pub amount: Money,
}

impl Leg {
    /// A debit (借).
    #[must_use]
    pub fn debit(account: AccountCode, amount: Money) -> Self {
        Self { account, amount }
    }

    /// A credit (贷). Refused with `kernel.money_overflow` for the one amount that has no opposite.
    pub fn credit(account: AccountCode, amount: Money) -> Result<Self, Refusal> {
        let amount = amount.checked_neg()?;
        Ok(Self { account, amount })
    }
}

/// An entry to post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewEntry {
    /// What makes it one and the same when it is sent again: 1 to 120 visible ASCII characters.
    pub key: String,
    /// The business day on which it takes effect.
    pub effective_on: Date,
    /// What it is for, at most 200 characters; no name of a person.
    #[serde(default)]
    pub memo: String,
    /// What proves it.
    #[serde(default)]
    pub evidence: Vec<Evidence>,
    /// Two or more, of different accounts; together zero.
    pub legs: Vec<Leg>,
}

/// Money to reserve.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewHold {
    /// As that of an entry, among holds.
    pub key: String,
    /// What it is for, as that of an entry.
    #[serde(default)]
    pub memo: String,
    /// What proves it.
    #[serde(default)]
    pub evidence: Vec<Evidence>,
    /// As those of the entry to come.
    pub legs: Vec<Leg>,
    /// When it is given up by itself.
    #[serde(default)]
    pub expires_at: Option<Timestamp>,
}

/// A hold to post, in whole or in part. The rest is free again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PostHold {
    /// The key of the hold.
    pub hold: String,
    /// The key of the entry.
    pub key: String,
    /// The business day on which the entry takes effect.
    pub effective_on: Date,
    /// What the entry is for.
    #[serde(default)]
    pub memo: String,
    /// The part that is posted; the whole where it is not given.
    #[serde(default)]
    pub legs: Option<Vec<Leg>>,
}

/// An entry to take back, by one with the opposite legs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reversal {
    /// The entry.
    pub entry: EntryNo,
    /// The key of the reversal.
    pub key: String,
    /// The business day on which the reversal takes effect; not before the entry's.
    pub effective_on: Date,
    /// Why.
    #[serde(default)]
    pub memo: String,
}

/// One thing to do to the books. As JSON: `{"post": {"key": …, "effective_on": …, "legs": [{"account": …, "amount_fen": …}, …]}}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Post an entry.
    Post(NewEntry),
    /// Reserve money.
    Hold(NewHold),
    /// Post what was reserved.
    PostHold(PostHold),
    /// Give up what was reserved under a key.
    VoidHold(String),
    /// Take an entry back.
    Reverse(Reversal),
}

impl Act {
    /// The legs that it names.
    #[must_use]
    pub fn legs(&self) -> &[Leg] {
        match self {
            Self::Post(new) => &new.legs,
            Self::Hold(new) => &new.legs,
            Self::PostHold(wanted) => wanted.legs.as_deref().unwrap_or_default(),
            Self::VoidHold(_) | Self::Reverse(_) => &[],
        }
    }
}

/// What an act left in the books.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Made {
    /// An entry.
    Entry(EntryNo),
    /// A hold.
    Hold(HoldNo),
}

/// Where a hold stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HoldState {
    /// The money is reserved.
    Held,
    /// It was posted, in whole or in part.
    Posted,
    /// It was given up.
    Voided,
    /// Its time ran out.
    Expired,
}

impl HoldState {
    /// Every state, in the order of the list above.
    pub const ALL: [Self; 4] = [Self::Held, Self::Posted, Self::Voided, Self::Expired];

    /// The name under which it is kept.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Posted => "posted",
            Self::Voided => "voided",
            Self::Expired => "expired",
        }
    }

    pub(crate) fn stored(text: &str) -> Result<Self, Refusal> {
        let found = Self::ALL.into_iter().find(|state| state.as_str() == text);
        found.ok_or_else(|| {
            Refusal::new("store.bad_column", Fault::Broken)
                .at("book_holds.state")
                .value(text)
        })
    }
}
