//! Money that leaves the programme, and what banks say about it.
//!
//! - [`bank`]: messages of ISO 20022 to and from banks; knows of nothing else here.
//! - [`payments`]: batches that two persons approve, their files and their answers, through the books.

pub mod bank;
pub mod payments;
