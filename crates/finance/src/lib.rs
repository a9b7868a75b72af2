//! Money that leaves the programme and what banks say about it.

pub mod bank;
