//! Sign-in by organisations against a provider that speaks HTTP, on both databases.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod away;
mod comes_in;
mod desk;
mod people;
mod providers;
mod refused;
