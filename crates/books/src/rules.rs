//! The rules of the books, as ladders: each rung is one named refusal, and the first that applies is answered. The order
//! stands at [`crate::Books`].
//!
//! Whether an act was done before is asked before anything that time can change, so that a repeated act has the same answer
//! for ever: after its day, after its period was closed, after the account was emptied.

use std::collections::HashSet;

use jiff::civil::Date;
use kernel::{Fault, Money, Refusal};

use crate::chart::{AccountCode, AccountKind};
use crate::model::{HoldState, Leg};

/// The longest key, in characters.
pub(crate) const KEY_CHARS: usize = 120;
/// The longest memo, in characters.
const MEMO_CHARS: usize = 200;
/// The most legs of one entry.
pub(crate) const LEGS: usize = 1_000;

/// A key is 1 to 120 visible ASCII characters.
pub(crate) fn require_key(key: &str) -> Result<(), Refusal> {
    let is_key = (1..=KEY_CHARS).contains(&key.len()) && key.bytes().all(|letter| letter.is_ascii_graphic());
    if is_key {
        return Ok(());
    }
    Err(Refusal::new("books.bad_key", Fault::Refused)
        .at("key")
        .value(key)
        .fact("most", KEY_CHARS))
}

/// A memo is one line of at most 200 characters.
pub(crate) fn require_memo(memo: &str) -> Result<(), Refusal> {
    if memo.chars().count() <= MEMO_CHARS && !memo.chars().any(char::is_control) {
        return Ok(());
    }
    Err(Refusal::new("books.bad_memo", Fault::Refused)
        .at("memo")
        .value(memo)
        .fact("most", MEMO_CHARS))
}

/// Two or more legs of different accounts, none of them nothing, together zero.
pub(crate) fn require_balanced(legs: &[Leg]) -> Result<(), Refusal> {
    if legs.len() < 2 {
        return Err(Refusal::new("books.too_few_legs", Fault::Refused)
            .at("legs")
            .value(legs.len()));
    }
    if legs.len() > LEGS {
        let refusal = Refusal::new("books.too_many_legs", Fault::Refused).at("legs");
        return Err(refusal.value(legs.len()).fact("most", LEGS));
    }
    let mut seen = HashSet::with_capacity(legs.len());
    for (leg, number) in legs.iter().zip(1..) {
        if leg.amount == Money::ZERO {
            return Err(Refusal::new("books.zero_leg", Fault::Refused)
                .at(format!("legs.{number}"))
                .value(&leg.account));
        }
        if !seen.insert(&leg.account) {
            return Err(Refusal::new("books.account_twice", Fault::Refused)
                .at(format!("legs.{number}"))
                .value(&leg.account));
        }
    }
    let sum: i128 = legs.iter().map(|leg| i128::from(leg.amount.fen())).sum();
    if sum != 0 {
        let difference = i64::try_from(sum).map_or_else(|_| sum.to_string(), yuan);
        return Err(Refusal::new("books.unbalanced", Fault::Refused)
            .at("legs")
            .value(difference));
    }
    Ok(())
}

/// An entry takes effect today or on an earlier day of an open period.
pub(crate) fn require_open_day(
    effective_on: Date,
    today: Date,
    closed_through: Option<Date>,
) -> Result<(), Refusal> {
    if effective_on > today {
        return Err(Refusal::new("books.future_day", Fault::Refused)
            .at("effective_on")
            .value(effective_on)
            .fact("today", today));
    }
    match closed_through {
        Some(last) if effective_on <= last => Err(Refusal::new("books.period_closed", Fault::Refused)
            .at("effective_on")
            .value(effective_on)
            .fact("last", last)),
        _ => Ok(()),
    }
}

/// What is posted of a hold is a part of it: its accounts, its directions, no more than its amounts.
pub(crate) fn require_part(held: &[Leg], posted: &[Leg]) -> Result<(), Refusal> {
    for (leg, number) in posted.iter().zip(1..) {
        let whole = held.iter().find(|whole| whole.account == leg.account);
        let most = whole.map_or(0, |whole| whole.amount.fen());
        let is_part = leg.amount.fen().signum() == most.signum()
            && leg.amount.fen().unsigned_abs() <= most.unsigned_abs();
        if !is_part {
            return Err(Refusal::new("books.more_than_held", Fault::Refused)
                .at(format!("legs.{number}"))
                .value(format!("{} {}", leg.account, leg.amount))
                .fact("held", yuan(most)));
        }
    }
    Ok(())
}

/// A hold that ended cannot be posted or given up any more.
pub(crate) fn require_held(key: &str, state: HoldState) -> Result<(), Refusal> {
    if state == HoldState::Held {
        return Ok(());
    }
    Err(Refusal::new("books.hold_ended", Fault::Refused)
        .at("hold")
        .value(key)
        .fact("state", state.as_str()))
}

/// What an account holds: the sums of its posted legs and of those that are held, each not negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sums {
    pub(crate) debit: i64,
    pub(crate) credit: i64,
    pub(crate) held_debit: i64,
    pub(crate) held_credit: i64,
}

impl Sums {
    /// With one more posted leg.
    pub(crate) fn post(mut self, fen: i64) -> Option<Self> {
        let side = if fen > 0 {
            &mut self.debit
        } else {
            &mut self.credit
        };
        *side = side.checked_add(fen.checked_abs()?)?;
        Some(self)
    }

    /// With one more held leg.
    pub(crate) fn hold(mut self, fen: i64) -> Option<Self> {
        let side = self.held_side(fen);
        *side = side.checked_add(fen.checked_abs()?)?;
        Some(self)
    }

    /// Without a held leg.
    pub(crate) fn release(mut self, fen: i64) -> Option<Self> {
        let side = self.held_side(fen);
        *side = side.checked_sub(fen.checked_abs()?).filter(|left| *left >= 0)?;
        Some(self)
    }

    fn held_side(&mut self, fen: i64) -> &mut i64 {
        if fen > 0 {
            &mut self.held_debit
        } else {
            &mut self.held_credit
        }
    }

    /// The posted balance in the direction in which accounts of a kind grow.
    pub(crate) fn balance(self, kind: AccountKind) -> i64 {
        // Both are not negative: the difference fits.
        if kind.grows_by_debit() {
            self.debit - self.credit
        } else {
            self.credit - self.debit
        }
    }

    /// What is held against the direction in which accounts of a kind grow.
    pub(crate) fn held(self, kind: AccountKind) -> i64 {
        if kind.grows_by_debit() {
            self.held_credit
        } else {
            self.held_debit
        }
    }

    /// What may still be taken away.
    pub(crate) fn available(self, kind: AccountKind) -> i128 {
        i128::from(self.balance(kind)) - i128::from(self.held(kind))
    }
}

/// An account with a floor never goes below zero, held amounts counted. Checked on what an act leaves.
pub(crate) fn require_floor(
    code: &AccountCode,
    floor: bool,
    before: Sums,
    after: Sums,
) -> Result<(), Refusal> {
    let kind = code.kind();
    if !floor || after.available(kind) >= 0 {
        return Ok(());
    }
    let missing = i64::try_from(-after.available(kind)).unwrap_or(i64::MAX);
    Err(Refusal::new("books.below_zero", Fault::Refused)
        .at("legs")
        .value(code)
        .fact(
            "available",
            yuan(i64::try_from(before.available(kind)).unwrap_or(i64::MIN)),
        )
        .fact("missing", yuan(missing)))
}

/// A sum that no longer fits.
pub(crate) fn overflow(code: &AccountCode, fen: i64) -> Refusal {
    Refusal::new("books.balance_overflow", Fault::Refused)
        .at("legs")
        .value(code)
        .fact("amount", yuan(fen))
}

fn yuan(fen: i64) -> String {
    Money::from_fen(fen).to_string()
}
