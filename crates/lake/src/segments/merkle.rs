//! The Merkle tree over a segment's rows: a holder of the root can be shown that a block of rows is in the segment
//! without the rest of it.
//!
//! A leaf is SHA-256 over the byte 0 and the canonical bytes of up to 1,024 rows of one row group; a node is SHA-256
//! over the byte 1 and its two children; an odd node goes up as it is (the shape of RFC 6962, section 2.1, with its
//! guard against passing a node off as a leaf).

use arrow::array::{Array, ArrayRef, AsArray};
use sha2::{Digest, Sha256};

use super::batch::LineBatch;

/// Rows of a leaf.
pub const BLOCK_ROWS: usize = 1_024;

/// The leaves of a tree, in the order of the rows.
#[derive(Debug, Clone, Default)]
pub struct MerkleTree {
    leaves: Vec<[u8; 32]>,
}

impl MerkleTree {
    /// Adds the rows of a row group, in blocks of `BLOCK_ROWS`.
    pub fn append(&mut self, lines: &LineBatch, products: &ArrayRef) {
        let mut from = 0;
        while from < lines.len() {
            let rows = BLOCK_ROWS.min(lines.len() - from);
            self.leaves.push(leaf_of(lines, products, from, rows));
            from += rows;
        }
    }

    /// The root; of no leaves, the hash of nothing.
    #[must_use]
    pub fn root(&self) -> [u8; 32] {
        let mut level = self.leaves.clone();
        while level.len() > 1 {
            level = level.chunks(2).map(parent).collect();
        }
        level
            .first()
            .copied()
            .unwrap_or_else(|| Sha256::digest([]).into())
    }
}

fn parent(children: &[[u8; 32]]) -> [u8; 32] {
    match children {
        [left, right] => Sha256::new()
            .chain_update([1])
            .chain_update(left)
            .chain_update(right)
            .finalize()
            .into(),
        [only] => *only,
        _ => [0; 32],
    }
}

/// The hash of `rows` rows from `from`. Canonical bytes: the number of rows, then column after column in the order of the
/// schema without channel, currency and month (the manifest holds the first two, the day holds the third): whole numbers
/// little-endian in 4 or 8 bytes, a column of text as the lengths in 4 bytes each and then the bytes of all, a missing line
/// number as the smallest i64.
#[must_use]
pub fn leaf_of(lines: &LineBatch, products: &ArrayRef, from: usize, rows: usize) -> [u8; 32] {
    let mut bytes = Vec::with_capacity(8 + rows * 80);
    bytes.push(0);
    bytes.extend_from_slice(&u32::try_from(rows).unwrap_or(u32::MAX).to_le_bytes());
    let to = from + rows;
    let ends = lines.order_no.value_offsets().get(from..=to).unwrap_or_default();
    for (start, end) in ends.iter().zip(ends.iter().skip(1)) {
        bytes.extend_from_slice(&(end - start).to_le_bytes());
    }
    let span = ends.first().zip(ends.last());
    let span = span.map(|(start, end)| start.cast_unsigned() as usize..end.cast_unsigned() as usize);
    bytes.extend_from_slice(
        span.and_then(|span| lines.order_no.value_data().get(span))
            .unwrap_or_default(),
    );
    for row in from..to {
        let line_no = if lines.line_no.is_null(row) {
            i64::MIN
        } else {
            lines.line_no.value(row)
        };
        bytes.extend_from_slice(&line_no.to_le_bytes());
    }
    small(&mut bytes, lines.day.values(), from, to);
    small(&mut bytes, lines.place.values(), from, to);
    let names = products.as_string::<i32>();
    let product = |row| names.value(lines.product.value(row) as usize);
    for row in from..to {
        bytes.extend_from_slice(
            &u32::try_from(product(row).len())
                .unwrap_or(u32::MAX)
                .to_le_bytes(),
        );
    }
    for row in from..to {
        bytes.extend_from_slice(product(row).as_bytes());
    }
    whole(&mut bytes, lines.quantity_milli.values(), from, to);
    whole(&mut bytes, lines.amount_fen.values(), from, to);
    bytes.extend((from..to).map(|row| u8::from(lines.cancelled.value(row))));
    whole(&mut bytes, lines.source_line.values(), from, to);
    Sha256::digest(&bytes).into()
}

fn small(bytes: &mut Vec<u8>, values: &[i32], from: usize, to: usize) {
    for value in values.get(from..to).unwrap_or_default() {
        bytes.extend_from_slice(&value.to_le_bytes());
    }
}

fn whole(bytes: &mut Vec<u8>, values: &[i64], from: usize, to: usize) {
    for value in values.get(from..to).unwrap_or_default() {
        bytes.extend_from_slice(&value.to_le_bytes());
    }
}
