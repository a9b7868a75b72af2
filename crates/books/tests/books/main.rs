//! The books on both databases.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod durable;
mod ledger;
mod model;
mod periods;
mod reading;
mod stories;
