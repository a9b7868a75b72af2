//! Who is poor, how poor, and how unequal incomes are: computation over survey files, without a database.
//!
//! - [`table`]: a CSV file read row by row, each fault named by file, line and column;
//! - [`measures`]: headcount, gap, severity, Gini, quintile ratio, the at-risk-of-poverty line, by group;
//! - [`survey`], [`fitting`]: a proxy means test from a labelled survey, judged out of fold;
//! - [`card`]: the score card, with points that a village worker adds by hand, and the scoring of a file;
//! - [`judged`]: inclusion and exclusion error, AUC, intervals, groups, cut-offs;
//! - [`solve`]: ridge regression, linear and logistic.
//!
//! A score stands beside the rules of recognition and decides nothing by itself.
//!
//! Survey weights and equivalised incomes are measurements and not money that moves, so this crate computes with `f64`.
//! The same rows in another order give the same bits: sums are taken in the order of income.

#![expect(
    clippy::float_arithmetic,
    reason = "statistics over surveys; no money is moved by them"
)]

pub mod card;
pub mod fitting;
mod hashed;
pub mod judged;
pub mod measures;
mod order;
pub mod questions;
pub mod solve;
pub mod survey;
pub mod table;

pub use hashed::Hashed;
