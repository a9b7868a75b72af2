//! The fund (脱贫基金): who promised money, what it is for, where it went, what it moved, and who went to see.
//!
//! ```text
//! pledge --call a tranche--> owed --receive--> at the bank            (books: liabilities are not made by a promise)
//! budget version: proposed by one person, approved by another; replaces the one before
//! project: milestones  planned --commit--> held in the books --met, with evidence--> --released by another person-->
//!          the project's purse `assets:project:KEY`, from which batches of payments pay `expenses:project:KEY`
//! ```
//! - Everything is done by an [`Act`]; [`Fund::take`] does one or many in one transaction. An act is known by its identity: the
//!   same again changes nothing, with another content it is refused. Each is a fact of the journal.
//! - What was called, received, held, released and spent is read from the books and from nowhere else.
//! - A commitment is a hold of the money at the bank. A milestone that was met releases its hold into the purse of the project;
//!   the purse has a floor, so no payment can spend what no milestone released.
//! - [`leverage`] shares what others gave by the rules of the OECD; turnover stands beside it and is never added.
//!
//! Accounts: `assets:fund:bank`, `assets:pledge:KEY-N` (called and not yet received), `income:fund:pledges`,
//! `assets:project:KEY` (released and not yet spent), `expenses:project:KEY`.
//!
//! Facts: `fund.` and the name of the act, by keys and amounts. Tables: `fund_*`.
//!
//! Deliberately absent: payments themselves (`finance`), names of persons (a person is an id of the staff), other
//! currencies than the yuan.

mod accounts;
mod acts;
mod desk;
mod evidence;
pub mod leverage;
mod model;
mod queries;
mod repo;
mod rules;

pub use acts::Act;
pub use desk::{ACTS_MAX, Fund, require};
pub use evidence::journal_rows;
pub use model::*;
pub use queries::{
    BudgetVersion, DutyStanding, EventLine, FlowEdge, MilestoneStanding, PairingStanding, PillarStanding,
    PledgeStanding, ProjectStanding, TargetStanding, TrancheStanding, VisitLine, budgets, cofinance, events,
    flow, pairings, place_of_act, pledges, project_titles, projects, standing, targets, visits_seen,
};
pub use repo::STATEMENTS;
