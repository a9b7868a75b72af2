//! The registry from a form in a village to an announced decision, on both databases.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod deciding;
mod keeping;
mod privacy;
mod remembering;
mod repeats;
mod rights;
mod village;
mod yearly;
