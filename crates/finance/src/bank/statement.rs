//! What a bank says it booked: the statements of `camt.053` and the notifications of `camt.054`, versions 02 and 08.
//!
//! One model for both. A statement tells its balances, and must then tell every entry between them
//! ([`Statement::require_complete`]); a notification tells entries as they come.

use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{Currency, Fault, Refusal};
use serde::Serialize;

use super::amount::{Amount, Decimal};
use super::party::Reason;

/// A message with the accounts it tells of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AccountReport {
    /// What the bank names the message by.
    pub message_id: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// What it tells of each account.
    pub statements: Vec<Statement>,
}

/// What a message tells of one account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Statement {
    /// What the bank names it by; the same one twice has the same id.
    pub id: String,
    /// The number of the account.
    pub account: String,
    /// Its currency, where it is said.
    pub currency: Option<Currency>,
    /// Balances, none in a notification.
    pub balances: Vec<Balance>,
    /// Whether it is one page of several, so that it tells a part of the entries only.
    pub is_one_page: bool,
    /// Totals as the bank counted them.
    pub totals: Totals,
    /// What was booked or is expected.
    pub entries: Vec<Entry>,
}

/// A balance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Balance {
    /// Which, by the list ExternalBalanceType1Code: `OPBD` at the opening, `CLBD` at the close, and others.
    pub code: String,
    /// How much.
    pub amount: Amount,
    /// On which side.
    pub direction: Direction,
    /// On which day.
    pub on: Date,
}

/// Totals as the bank counted them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// All entries.
    pub all: Total,
    /// Those that add to the account.
    pub credit: Total,
    /// Those that take from it.
    pub debit: Total,
}

/// A number of entries and their sum, where they are said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Total {
    /// How many.
    pub count: Option<u64>,
    /// Their amounts added up, whatever their direction.
    pub sum: Option<Decimal>,
}

/// Whether money comes or goes, seen from the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// It comes.
    Credit,
    /// It goes.
    Debit,
}

impl Direction {
    pub(super) fn read(text: &str) -> Option<Self> {
        match text {
            "CRDT" => Some(Self::Credit),
            "DBIT" => Some(Self::Debit),
            _ => None,
        }
    }

    /// A number with the sign of the direction.
    fn signed(self, number: Decimal) -> Decimal {
        match self {
            Self::Credit => number,
            Self::Debit => number.negated(),
        }
    }
}

/// Whether an entry is final.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryState {
    /// It stands in the bank's books.
    Booked,
    /// It is expected, and may not come.
    Pending,
    /// It is told for information.
    Information,
}

impl EntryState {
    /// By the list ExternalEntryStatus1Code.
    pub(super) fn read(text: &str) -> Option<Self> {
        match text {
            "BOOK" => Some(Self::Booked),
            "PDNG" | "FUTR" => Some(Self::Pending),
            "INFO" => Some(Self::Information),
            _ => None,
        }
    }
}

/// One line of a statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// What the statement names it by.
    pub reference: Option<String>,
    /// How much.
    pub amount: Amount,
    /// Whether it comes or goes.
    pub direction: Direction,
    /// Whether it takes back an earlier one.
    pub is_reversal: bool,
    /// Whether it is final.
    pub state: EntryState,
    /// The day it was booked.
    pub booked_on: Option<Date>,
    /// The day it counts for interest.
    pub value_on: Option<Date>,
    /// What the bank names it by, wherever it tells of it.
    pub bank_reference: Option<String>,
    /// The payments it is made of; none where the bank tells of none.
    pub payments: Vec<BookedPayment>,
    /// The bank's own words.
    pub text: String,
}

/// One payment inside an entry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct BookedPayment {
    /// `MsgId` of the message that asked for it.
    pub message_id: Option<String>,
    /// `InstrId`.
    pub instruction_id: Option<String>,
    /// `EndToEndId`.
    pub end_to_end_id: Option<String>,
    /// What the bank names it by.
    pub bank_reference: Option<String>,
    /// How much, where it is said for this payment.
    pub amount: Option<Amount>,
    /// Whether it comes or goes, where it is said for this payment.
    pub direction: Option<Direction>,
    /// The account it came from.
    pub debtor_account: Option<String>,
    /// The account it went to.
    pub creditor_account: Option<String>,
    /// Who sent it.
    pub debtor_name: Option<String>,
    /// Who got it.
    pub creditor_name: Option<String>,
    /// Why it came back, where it did.
    pub returned: Option<Reason>,
    /// What was written with it.
    pub text: String,
}

impl Statement {
    /// What can be added up must add up: the totals that the bank counted, and, where all pages and one currency are
    /// there, the booked entries between the opening and the closing balance. A bank file that lost a line on its way
    /// is not taken for a whole one. `at` is the path of the statement.
    ///
    /// # Errors
    /// `bank.count_differs`, `bank.sum_differs`, `bank.balance_differs`.
    pub(super) fn require_complete(&self, at: &str) -> Result<(), Refusal> {
        if self.is_one_page {
            return Ok(());
        }
        let totals = &self.totals;
        for (name, total, direction) in [
            ("TtlNtries", totals.all, None),
            ("TtlCdtNtries", totals.credit, Some(Direction::Credit)),
            ("TtlDbtNtries", totals.debit, Some(Direction::Debit)),
        ] {
            let counted = self
                .entries
                .iter()
                .filter(|entry| direction.is_none_or(|direction| entry.direction == direction));
            total.require(&format!("{at}/TxsSummry/{name}"), counted)?;
        }
        self.require_balance(at)
    }

    fn require_balance(&self, at: &str) -> Result<(), Refusal> {
        let find = |codes: [&str; 2]| {
            let mut found = self.balances.iter();
            found.find(|balance| codes.contains(&balance.code.as_str()))
        };
        let (Some(opening), Some(closing)) = (find(["OPBD", "PRCD"]), find(["CLBD", "CLBD"])) else {
            return Ok(());
        };
        let currency = opening.amount.currency;
        let booked: Vec<&Entry> = self
            .entries
            .iter()
            .filter(|entry| entry.state == EntryState::Booked)
            .collect();
        let is_comparable = closing.amount.currency == currency
            && booked.iter().all(|entry| entry.amount.currency == currency);
        if !is_comparable {
            return Ok(());
        }
        let start = opening.direction.signed(opening.amount.number);
        let end = closing.direction.signed(closing.amount.number);
        let moved = sum(booked
            .iter()
            .map(|entry| entry.direction.signed(entry.amount.number)));
        let reached = moved.and_then(|moved| start.plus(moved));
        if reached == Some(end) {
            return Ok(());
        }
        Err(Refusal::new("bank.balance_differs", Fault::Refused)
            .at(format!("{at}/Bal"))
            .value(end)
            .fact("opening", start)
            .fact(
                "reached",
                reached.map_or_else(String::new, |reached| reached.to_string()),
            ))
    }
}

impl Total {
    fn require<'a>(self, at: &str, entries: impl Iterator<Item = &'a Entry> + Clone) -> Result<(), Refusal> {
        let count = u64::try_from(entries.clone().count()).unwrap_or(u64::MAX);
        if let Some(said) = self.count.filter(|said| *said != count) {
            return Err(Refusal::new("bank.count_differs", Fault::Refused)
                .at(format!("{at}/NbOfNtries"))
                .value(said)
                .fact("counted", count));
        }
        let added = sum(entries.map(|entry| entry.amount.number));
        require_sum(&format!("{at}/Sum"), self.sum, added)
    }
}

/// A control sum that a message names is the sum of its parts.
///
/// # Errors
/// `bank.sum_differs`.
pub(super) fn require_sum(at: &str, said: Option<Decimal>, added: Option<Decimal>) -> Result<(), Refusal> {
    let Some(said) = said.filter(|said| Some(*said) != added) else {
        return Ok(());
    };
    Err(Refusal::new("bank.sum_differs", Fault::Refused)
        .at(at)
        .value(said)
        .fact("added", added.map_or_else(String::new, |added| added.to_string())))
}

/// All numbers together; none where they do not fit.
pub(super) fn sum(numbers: impl Iterator<Item = Decimal>) -> Option<Decimal> {
    let mut numbers = numbers;
    numbers.try_fold(Decimal::ZERO, Decimal::plus)
}
