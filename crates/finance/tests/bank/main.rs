//! Bank files against the standard's schemas, the shared samples and hostile files.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod answers;
mod hostile;
mod samples;
mod written;
