//! The exchange with partners, asked in process: the samples of the standard, signatures, rights, what comes later.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod hearing;
mod house;
mod later;
mod samples;
mod seeing;
