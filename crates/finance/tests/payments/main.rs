//! Payments from the draft to the last answer of a bank, on both databases.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod answering;
mod any_order;
mod approving;
mod desk;
mod handing_out;
mod keeping;
mod payees;
