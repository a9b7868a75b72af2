//! Accounts and who owns them, as callers name them.

use std::fmt;
use std::str::FromStr;

use kernel::{Fault, Refusal};
use serde::{Deserialize, Serialize, Serializer};
use store::{Arg, ToArg};

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
