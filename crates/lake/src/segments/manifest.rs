//! What a segment's manifest says: its totals, hashes and the manifest before it.

use std::io::Error;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Exact totals of rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Rows.
    pub rows: i64,
    /// Rows that take an earlier one back.
    pub cancelled_lines: i64,
    /// Thousandths of the channel's unit, summed.
    pub quantity_milli: i64,
    /// Hundredths of the currency, without cancellations.
    pub gross_fen: i64,
    /// Hundredths of the currency, with them.
    pub net_fen: i64,
}

impl Totals {
    /// Both together, or none beyond what an i64 holds.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        Some(Self {
            rows: self.rows.checked_add(other.rows)?,
            cancelled_lines: self.cancelled_lines.checked_add(other.cancelled_lines)?,
            quantity_milli: self.quantity_milli.checked_add(other.quantity_milli)?,
            gross_fen: self.gross_fen.checked_add(other.gross_fen)?,
            net_fen: self.net_fen.checked_add(other.net_fen)?,
        })
    }

    /// What is left when a part that is nearer to zero in each sum is taken out.
    #[must_use]
    pub fn less(self, part: Self) -> Self {
        Self {
            rows: self.rows - part.rows,
            cancelled_lines: self.cancelled_lines - part.cancelled_lines,
            quantity_milli: self.quantity_milli - part.quantity_milli,
            gross_fen: self.gross_fen - part.gross_fen,
            net_fen: self.net_fen - part.net_fen,
        }
    }

    /// Both together.
    ///
    /// # Errors
    /// A total beyond what an i64 holds.
    pub fn plus(self, other: Self) -> Result<Self, Error> {
        self.checked_add(other)
            .ok_or_else(|| Error::other("a total is beyond what 64 bits hold"))
    }
}

/// The manifest of one segment. Its SHA-256 is taken over its JSON with the keys in this order and no spaces; the next
/// segment's manifest holds that hash, so that no segment can be taken out, changed or put in unseen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Version of this layout.
    pub version: u32,
    /// Place in the chain, from 1.
    pub chain_no: i64,
    /// SHA-256 of the manifest before, in hex; empty for the first.
    pub previous_sha256: String,
    /// SHA-256 of the Parquet file.
    pub sha256: String,
    /// SHA-256 of its rollup.
    pub rollup_sha256: String,
    /// Merkle root over the rows.
    pub merkle_root: String,
    /// Totals of the rows.
    pub totals: Totals,
    /// First day sold on, `YYYY-MM-DD`.
    pub day_first: String,
    /// Last day sold on.
    pub day_last: String,
    /// Channel.
    pub channel: String,
    /// ISO 4217 code.
    pub currency: String,
    /// Whether the evidence is simulated.
    pub simulated: bool,
    /// The import the segment came from.
    pub import_id: String,
    /// Name of the order file.
    pub file_name: String,
    /// SHA-256 of the order file.
    pub file_sha256: String,
}

impl Manifest {
    /// The canonical JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// SHA-256 of the canonical JSON, in hex.
    #[must_use]
    pub fn sha256_of(&self) -> String {
        hex::encode(Sha256::digest(self.to_json()))
    }
}
