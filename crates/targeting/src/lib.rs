//! Who is poor, how poor, and how unequal incomes are: computation over survey files, without a database.
//!
//! - [`table`]: a CSV file read row by row, each fault named by file, line and column;
//! - [`measures`]: headcount, gap, severity, Gini, quintile ratio, the at-risk-of-poverty line, by group.
//!
//! Survey weights and equivalised incomes are measurements and not money that moves, so this crate computes with `f64`.
//! The same rows in another order give the same bits: sums are taken in the order of income.

#![expect(
    clippy::float_arithmetic,
    reason = "statistics over surveys; no money is moved by them"
)]

pub mod measures;
mod order;
pub mod table;
