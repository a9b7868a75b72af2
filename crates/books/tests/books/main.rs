//! The books on both databases.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod durable;
mod export;
mod killed;
mod ledger;
mod model;
mod no_room;
mod periods;
mod reading;
mod stories;
