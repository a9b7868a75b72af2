//! The pack from a small lake: checked by Fishpond, by a stranger with DuckDB, and with its bytes changed.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod bytes;
mod evidence;
mod stranger;
