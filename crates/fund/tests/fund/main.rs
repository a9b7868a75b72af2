//! The fund from the pledge to the money that was spent, on both databases.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod keeping;
mod releases;
mod seen;
mod stories;
mod teller;
