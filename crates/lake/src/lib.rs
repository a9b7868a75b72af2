//! The lake: sales evidence as immutable Parquet segments, their rollups, and the figures computed from them.
//!
//! Order files of channels come in through [`intake`], land as [`segments`], and become visible by one transaction
//! ([`Lake::import`]). [`uploads`] are files that people sent, imported as jobs. [`keys`] keeps a line from counting twice. `figures` answers questions in SQL over rollups or
//! lines. This is the only crate that links DataFusion.

mod days;
mod error;
pub mod figures;
mod files;
mod import;
pub mod intake;
mod keep;
pub mod keys;
mod lake;
mod own_places;
mod repo;
mod sealed;
pub mod segments;
mod staging;
pub mod uploads;

pub use import::Imported;
pub use lake::{Import, Lake, Segment};
pub use repo::STATEMENTS;
pub use sealed::{SealedTable, Seals, read_sealed};
