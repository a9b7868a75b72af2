//! Segments: the lake's immutable Parquet files of order lines, with their exact totals, hashes and rollups.
//!
//! A segment holds lines of one import. Its rows are gathered in chunks, each sorted by place and day and written as
//! one row group, so that a county's lines lie together. While a chunk is written its totals, its rollup and the
//! leaves of the Merkle tree are taken from the same arrays, so the manifest can't disagree with the rows.

mod batch;
mod chunk;
mod columns;
mod constant;
mod digests;
mod manifest;
mod merkle;
mod packed;
mod recount;
mod rollup;
mod runs;
mod schema;
mod verify;
mod writer;

pub use batch::LineBatch;
pub use chunk::{Chunk, Line};
pub use manifest::{Manifest, Totals};
pub use merkle::MerkleTree;
pub use recount::recount;
pub use rollup::{Rollup, rollup_of_files, write_rollup};
pub use schema::{line_schema, rollup_schema};
pub use verify::verify_segment;
pub use writer::{SegmentFile, SegmentWriter};

#[cfg(test)]
mod tests;
