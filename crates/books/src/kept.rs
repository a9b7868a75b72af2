//! Accounts, entries and holds as they are kept: what rows become and are made of.

use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{Money, Refusal};
use store::Evidence;

use crate::chart::AccountCode;
use crate::model::{HoldState, Leg};
use crate::rules::Sums;

/// An account that acts name.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub(crate) no: i64,
    pub(crate) code: AccountCode,
    pub(crate) floor: bool,
    pub(crate) closed: bool,
    pub(crate) sums: Sums,
    pub(crate) changed: bool,
}

/// An entry without the number and the time it was given: what makes two of them the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) effective_on: Date,
    pub(crate) memo: String,
    /// JSON, as it is kept.
    pub(crate) evidence: String,
    pub(crate) reverses: Option<i64>,
    pub(crate) hold_no: Option<i64>,
    pub(crate) legs: Vec<Leg>,
}

/// A hold without its number, its time and its state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hold {
    pub(crate) key: String,
    pub(crate) memo: String,
    pub(crate) evidence: String,
    pub(crate) expires_at: Option<Timestamp>,
    pub(crate) legs: Vec<Leg>,
}

/// A hold of the books and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct KnownHold {
    pub(crate) no: i64,
    pub(crate) hold: Hold,
    pub(crate) state: HoldState,
}

/// Evidence as it is kept: JSON, compact, the names in the order in which they are declared.
pub(crate) fn evidence_text(evidence: &[Evidence]) -> Result<String, Refusal> {
    if evidence.is_empty() {
        return Ok("[]".to_owned());
    }
    serde_json::to_string(evidence).map_err(|error| Refusal::broken("store.bad_json", &error))
}

/// An instant as exactly as it is kept.
pub(crate) fn whole_micros(at: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(at.as_microsecond()).unwrap_or(at)
}

/// What an entry moves: the sum of its debits. An entry whose debits do not fit has no amount.
pub(crate) fn turnover<'l>(legs: impl IntoIterator<Item = &'l Leg>) -> Option<Money> {
    let debits = legs
        .into_iter()
        .map(|leg| leg.amount)
        .filter(|amount| *amount > Money::ZERO);
    Money::try_sum(debits).ok()
}
