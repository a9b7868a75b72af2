//! The books: accounts, double entries, holds, periods, statements, and nothing else.
//!
//! ```text
//! act      post, hold, post a hold, void it, reverse an entry
//!   -> Books::take     single acts of many callers, gathered: one command a group      (poster)
//!   -> take_all, each  inside the command of another module, in its transaction        (commands)
//!   -> sheet           what the acts need, in memory; judged one after another         (load, sheet, rules)
//!   -> rows + facts    entries, legs, holds, balances in a few statements of many rows (keep, repo)
//! ```
//! - An entry has two or more legs that add up to zero. A debit (借) is positive, a credit (贷) negative; whole fen; yuan.
//! - Entries and legs are written once: by rule, and by triggers. A wrong entry is taken back by a reversal, once.
//! - An act has a key. The same key with the same content is the same act, for ever; with other content it is refused.
//! - A hold reserves: what it would take away is no longer available. It is posted in whole or in part (the rest is free
//!   again), given up, or its time runs out.
//! - An account with a floor never goes below zero in the direction in which it grows, held amounts counted.
//! - An entry has the day on which it takes effect and the instant at which it was recorded. Both can be asked for.
//! - A closed period takes no entry any more and is sealed by a hash over all its entries.
//! - Balances are kept beside the legs and compared with them by `fishpond check`.
//!
//! Deliberately absent: other currencies than the yuan; entries of a day to come; a floor at a past day (a floor holds for
//! the books as they stand); names of persons (an owner is an id of its module).

mod chart;
mod checks;
mod commands;
mod export;
mod hash;
mod holds;
mod keep;
mod kept;
mod load;
mod model;
mod periods;
mod poster;
mod queries;
mod repo;
mod rules;
mod sheet;
mod statements;

pub use chart::{AccountCode, AccountKind, NewAccount, Owner, OwnerKind};
pub use checks::check;
pub use commands::{
    ACTS_MAX, COMMAND_LEGS_MAX, close_account, hold, open_account, post, post_hold, reverse, take, take_all,
    take_each, void_hold,
};
pub use export::{JournalForm, JournalParts, statement_workbook, trial_balance_workbook, write_journal};
pub use holds::{KeptHold, hold_by_key, hold_by_no, holds_before};
pub use model::{Act, EntryNo, HoldNo, HoldState, Leg, Made, NewEntry, NewHold, PostHold, Reversal};
pub use periods::{ClosedPeriod, close_period};
pub use poster::Books;
pub use queries::{
    Account, PostedEntry, account, accounts_of, accounts_page, closed_periods, entries_before, entries_page,
    entry, entry_by_key, reversal_of,
};
pub use repo::STATEMENTS;
pub use statements::{
    AsOf, LineKey, STATEMENTS_MAX, Statement, StatementLine, TrialBalance, TrialLine, statement,
    statement_after, statements_of, trial_balance,
};
