//! Accounts, entries and holds, as callers name them.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{Fault, Money, Refusal};
use serde::{Deserialize, Serialize, Serializer};
use store::{Arg, Evidence, ToArg};

/// The longest account code, in characters.
const CODE_CHARS: usize = 120;

/// What an account is of; the first word of its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountKind {
    /// What is owned or owed to the programme (资产).
    Assets,
    /// What the programme owes (负债).
    Liabilities,
    /// What was put in (净资产).
    Equity,
    /// What comes in (收入).
    Income,
    /// What is spent (费用).
    Expenses,
}

impl AccountKind {
    /// Every kind, in the order of a trial balance.
    pub const ALL: [Self; 5] = [
        Self::Assets,
        Self::Liabilities,
        Self::Equity,
        Self::Income,
        Self::Expenses,
    ];

    /// The first word of the codes of this kind.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Assets => "assets",
            Self::Liabilities => "liabilities",
            Self::Equity => "equity",
            Self::Income => "income",
            Self::Expenses => "expenses",
        }
    }

    /// Whether debits make an account of this kind grow: assets and expenses; credits do the others.
    #[must_use]
    pub fn grows_by_debit(self) -> bool {
        matches!(self, Self::Assets | Self::Expenses)
    }
}

/// The name of an account: words of `a-z`, `0-9` and `-` with colons between them, a kind first:
/// `assets:fund:cash`. hledger reads it as it is, beancount with capitals.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AccountCode {
    text: String,
    kind: AccountKind,
}

impl AccountCode {
    /// What the account is of.
    #[must_use]
    pub fn kind(&self) -> AccountKind {
        self.kind
    }

    /// The code itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl FromStr for AccountCode {
    type Err = Refusal;

    /// Reads a code of at most 120 characters; anything else is refused with `books.bad_account_code`.
    fn from_str(text: &str) -> Result<Self, Refusal> {
        let bad = || Refusal::new("books.bad_account_code", Fault::Refused).value(text);
        let mut words = text.split(':');
        let first = words.next().unwrap_or_default();
        let kind = AccountKind::ALL.into_iter().find(|kind| kind.as_str() == first);
        let rest: Vec<&str> = words.collect();
        let is_word = |word: &&str| {
            let inside =
                |letter: u8| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == b'-';
            !word.is_empty() && !word.starts_with('-') && word.bytes().all(inside)
        };
        if rest.is_empty() || text.len() > CODE_CHARS || !rest.iter().all(is_word) {
            return Err(bad());
        }
        Ok(Self {
            text: text.to_owned(),
            kind: kind.ok_or_else(bad)?,
        })
    }
}

impl fmt::Display for AccountCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl Serialize for AccountCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for AccountCode {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl ToArg for &AccountCode {
    const NULL: Arg = Arg::Text(None);

    fn to_arg(self) -> Arg {
        self.text.as_str().to_arg()
    }
}

/// Whose money an account tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OwnerKind {
    /// The fund that pays for the programme (基金).
    Fund,
    /// A pillar of the programme (板块).
    Pillar,
    /// A project (项目).
    Project,
    /// A county (县); its id is the place code.
    County,
    /// A household (户).
    Household,
    /// A sales channel (渠道).
    Channel,
    /// A lender (贷款机构).
    Lender,
    /// An insurer (保险机构).
    Insurer,
    /// A bank (银行).
    Bank,
}

impl OwnerKind {
    /// Every kind, in the order of the list above.
    pub const ALL: [Self; 9] = [
        Self::Fund,
        Self::Pillar,
        Self::Project,
        Self::County,
        Self::Household,
        Self::Channel,
        Self::Lender,
        Self::Insurer,
        Self::Bank,
    ];

    /// The name under which it is kept.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fund => "fund",
            Self::Pillar => "pillar",
            Self::Project => "project",
            Self::County => "county",
            Self::Household => "household",
            Self::Channel => "channel",
            Self::Lender => "lender",
            Self::Insurer => "insurer",
            Self::Bank => "bank",
        }
    }
}

/// Who owns an account, printed `kind:id`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Owner {
    /// What the owner is.
    pub kind: OwnerKind,
    /// Which one: an id of its module, 1 to 80 visible ASCII characters. Never a name of a person.
    pub id: String,
}

impl FromStr for Owner {
    type Err = Refusal;

    /// Reads `kind:id`; anything else is refused with `books.bad_owner`.
    fn from_str(text: &str) -> Result<Self, Refusal> {
        let bad = || Refusal::new("books.bad_owner", Fault::Refused).value(text);
        let (kind, id) = text.split_once(':').ok_or_else(bad)?;
        let kind = OwnerKind::ALL.into_iter().find(|known| known.as_str() == kind);
        let is_id = (1..=80).contains(&id.len()) && id.bytes().all(|letter| letter.is_ascii_graphic());
        match kind {
            Some(kind) if is_id => Ok(Self {
                kind,
                id: id.to_owned(),
            }),
            _ => Err(bad()),
        }
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind.as_str(), self.id)
    }
}

impl Serialize for Owner {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// An account to open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAccount {
    /// Its name in the chart.
    pub code: AccountCode,
    /// Whose it is.
    pub owner: Owner,
    /// What it is called in Chinese; 1 to 80 characters.
    pub name_zh: String,
    /// What it is called in English; 1 to 80 characters.
    pub name_en: String,
    /// Whether it may never go below zero, in the direction in which it grows, held amounts counted.
    pub floor: bool,
}

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
pub struct Leg {
    /// The account.
    pub account: AccountCode,
    /// In fen; a debit (借) is positive, a credit (贷) negative.
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEntry {
    /// What makes it one and the same when it is sent again: 1 to 120 visible ASCII characters.
    pub key: String,
    /// The business day on which it takes effect.
    pub effective_on: Date,
    /// What it is for, at most 200 characters; no name of a person.
    pub memo: String,
    /// What proves it.
    pub evidence: Vec<Evidence>,
    /// Two or more, of different accounts; together zero.
    pub legs: Vec<Leg>,
}

/// Money to reserve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewHold {
    /// As that of an entry, among holds.
    pub key: String,
    /// What it is for, as that of an entry.
    pub memo: String,
    /// What proves it.
    pub evidence: Vec<Evidence>,
    /// As those of the entry to come.
    pub legs: Vec<Leg>,
    /// When it is given up by itself.
    pub expires_at: Option<Timestamp>,
}

/// A hold to post, in whole or in part. The rest is free again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostHold {
    /// The key of the hold.
    pub hold: String,
    /// The key of the entry.
    pub key: String,
    /// The business day on which the entry takes effect.
    pub effective_on: Date,
    /// What the entry is for.
    pub memo: String,
    /// The part that is posted; the whole where it is not given.
    pub legs: Option<Vec<Leg>>,
}

/// An entry to take back, by one with the opposite legs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reversal {
    /// The entry.
    pub entry: EntryNo,
    /// The key of the reversal.
    pub key: String,
    /// The business day on which the reversal takes effect; not before the entry's.
    pub effective_on: Date,
    /// Why.
    pub memo: String,
}

/// One thing to do to the books.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    const ALL: [Self; 4] = [Self::Held, Self::Posted, Self::Voided, Self::Expired];

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
