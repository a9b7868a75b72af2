//! Bank files against the standard's schemas, the shared samples and hostile files.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    clippy::too_many_lines,
    reason = "a test fails by panicking, and may be a table"
)]

mod answers;
mod hostile;
mod samples;
mod written;
