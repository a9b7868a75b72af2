//! Payments from the draft to the last answer of a bank, on both databases.

#![expect(
    clippy::unwrap_used,
    clippy::too_many_lines,
    reason = "a test fails by panicking, and tells a story in order"
)]

mod answering;
mod any_order;
mod approving;
mod desk;
mod handing_out;
mod keeping;
