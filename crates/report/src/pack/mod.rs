//! The pack: the evidence of a report in one file, so that a stranger can recompute every figure with DuckDB.
//!
//! ```text
//! fishpond-2018H1/  manifest.json manifest.sig signer.pub      the signed list of files
//!                   segments/*.parquet rollups/*.parquet       order lines, and their sums
//!                   chain.json                                 manifests of the segments, each with the hash of the one before
//!                   tables/*.parquet sales.sql views.sql       what the definitions share
//!                   programme/                                 the programme folder as it stood
//!                   evidence/*.parquet journal.sql             journal tables of the period, as they were sealed
//!                   figures/*.sql figures.json                 definitions, and the values in the report
//!                   HOWTO.md recompute.py recompute.sql        how to check it without Fishpond
//! ```
//! [`build()`] writes it, [`verify()`] checks all of it. A pack may be larger than memory: both stream.

mod build;
mod container;
mod contents;
mod tables;
mod verify;

pub use build::{PackInput, PackSegment, PackSummary, build, folder_name};
pub use container::PackFault;
pub use verify::{FigureCheck, VerifyReport, verify};
