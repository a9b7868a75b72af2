//! The Merkle tree over a segment's rows: a holder of the root can be shown that a block of rows is in the segment
//! without the rest of it.
//!
//! A leaf is SHA-256 over the byte 0 and the canonical bytes of up to 1,024 rows of one row group; a node is SHA-256
//! over the byte 1 and its two children; an odd node goes up as it is (the shape of RFC 6962, section 2.1, with its
//! guard against passing a node off as a leaf).

#![expect(
    clippy::inline_always,
    reason = "what is compiled for newer processors must be the whole of it"
)]

use arrow::array::{Array, ArrayRef, AsArray, StringArray};
use sha2::{Digest, Sha256};

use super::batch::LineBatch;
use super::chunk::{BLOCK, lay};
use super::digests::digests;
#[cfg(target_arch = "x86_64")]
use kernel::processor;

/// Rows of a leaf.
const BLOCK_ROWS: usize = 1_024;

/// The leaves of a tree, in the order of the rows.
#[derive(Debug, Clone, Default)]
pub struct MerkleTree {
    leaves: Vec<[u8; 32]>,
}

impl MerkleTree {
    /// Adds the rows of a row group, in blocks of `BLOCK_ROWS`.
    pub fn append(&mut self, lines: &LineBatch, products: &ArrayRef) {
        let starts: Vec<usize> = (0..lines.len()).step_by(BLOCK_ROWS).collect();
        let text = |from: usize| leaf_of(lines, products, from, BLOCK_ROWS.min(lines.len() - from));
        let (pairs, alone) = starts.as_chunks::<2>();
        for pair in pairs {
            self.leaves.extend(digests(pair.map(text)));
        }
        for &from in alone {
            self.leaves.push(Sha256::digest(text(from)).into());
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

/// What the leaf of `rows` rows from `from` is the hash of: the byte 0 and their canonical bytes. Those are the number of
/// rows, then column after column in the order of the schema without channel, currency and month (the manifest holds the
/// first two, the day holds the third). A column of whole numbers is written by [`numbers`], a missing line number as the
/// smallest i64; a column of text as the lengths, written so, and then the bytes of all; the cancelled lines as their
/// count and the position of each.
fn leaf_of(lines: &LineBatch, products: &ArrayRef, from: usize, rows: usize) -> Vec<u8> {
    #[cfg(target_arch = "x86_64")]
    if processor::is_wide() {
        #[expect(unsafe_code, reason = "the processor was asked whether it can")]
        return unsafe { leaf_with_avx2(lines, products, from, rows) };
    }
    leaf(lines, products, from, rows)
}

/// The same, in the words of newer processors: comparing whole numbers of 64 bits side by side is one of theirs.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,bmi1,popcnt")]
fn leaf_with_avx2(lines: &LineBatch, products: &ArrayRef, from: usize, rows: usize) -> Vec<u8> {
    leaf(lines, products, from, rows)
}

#[inline(always)]
fn leaf(lines: &LineBatch, products: &ArrayRef, from: usize, rows: usize) -> Vec<u8> {
    let to = from + rows;
    let mut bytes = Vec::with_capacity(64 + rows * 80);
    bytes.push(0);
    bytes.extend_from_slice(&counted(rows));
    let ends = lines.order_no.value_offsets().get(from..=to).unwrap_or_default();
    let lengths: Vec<i32> = ends
        .iter()
        .zip(ends.iter().skip(1))
        .map(|(start, end)| end - start)
        .collect();
    numbers(&mut bytes, &lengths);
    let span = ends.first().zip(ends.last());
    let span = span.map(|(start, end)| start.cast_unsigned() as usize..end.cast_unsigned() as usize);
    bytes.extend_from_slice(
        span.and_then(|span| lines.order_no.value_data().get(span))
            .unwrap_or_default(),
    );
    line_numbers(&mut bytes, lines, from, to);
    numbers(&mut bytes, part(lines.day.values(), from, to));
    numbers(&mut bytes, part(lines.place.values(), from, to));
    product_codes(
        &mut bytes,
        products.as_string(),
        part(lines.product.values(), from, to),
    );
    numbers(&mut bytes, part(lines.quantity_milli.values(), from, to));
    numbers(&mut bytes, part(lines.amount_fen.values(), from, to));
    let cancelled = lines.cancelled.values().slice(from, rows);
    bytes.extend_from_slice(&counted(cancelled.count_set_bits()));
    for position in cancelled.set_indices() {
        bytes.extend_from_slice(&counted(position));
    }
    numbers(&mut bytes, part(lines.source_line.values(), from, to));
    bytes
}

fn part<T>(values: &[T], from: usize, to: usize) -> &[T] {
    values.get(from..to).unwrap_or_default()
}

fn counted(count: usize) -> [u8; 4] {
    u32::try_from(count).unwrap_or(u32::MAX).to_le_bytes()
}

#[inline(always)]
fn product_codes(bytes: &mut Vec<u8>, codes: &StringArray, listed: &[u32]) {
    let span = |product: u32| {
        let ends = codes.value_offsets().get(product as usize..).unwrap_or_default();
        match ends {
            [start, end, ..] => (*start, end - start),
            _ => (0, 0),
        }
    };
    let lengths: Vec<i32> = listed.iter().map(|&product| span(product).1).collect();
    numbers(bytes, &lengths);
    let mut filled = bytes.len();
    let all: usize = lengths.iter().map(|length| length.cast_unsigned() as usize).sum();
    bytes.resize(filled + all + BLOCK, 0);
    for &product in listed {
        let (start, length) = span(product);
        let source = codes.value_data().get(start.cast_unsigned() as usize..);
        filled = lay(
            bytes,
            filled,
            source.unwrap_or_default(),
            length.cast_unsigned() as usize,
        );
    }
    bytes.truncate(filled);
}

#[inline(always)]
fn line_numbers(bytes: &mut Vec<u8>, lines: &LineBatch, from: usize, to: usize) {
    if lines.line_no.null_count() == 0 {
        return numbers(bytes, part(lines.line_no.values(), from, to));
    }
    let or_least = |row| {
        if lines.line_no.is_null(row) {
            i64::MIN
        } else {
            lines.line_no.value(row)
        }
    };
    numbers(bytes, &(from..to).map(or_least).collect::<Vec<i64>>());
}

/// The smallest number in 8 bytes, a width of 0, 1, 2, 4 or 8, and in so many bytes what each number is above the
/// smallest, all little-endian: sorted and small columns, which most are, take few bytes to hash.
#[inline(always)]
fn numbers<T: Copy + Into<i64>>(bytes: &mut Vec<u8>, values: &[T]) {
    let wide = || values.iter().map(|&value| -> i64 { value.into() });
    let (least, most) = (wide().min().unwrap_or(0), wide().max().unwrap_or(0));
    let above = || wide().map(|value| value.wrapping_sub(least).cast_unsigned().to_le_bytes());
    let width = match most.wrapping_sub(least).cast_unsigned() {
        0 => 0,
        1..=0xff => 1,
        0x100..=0xffff => 2,
        0x1_0000..=0xffff_ffff => 4,
        _ => 8,
    };
    bytes.extend_from_slice(&least.to_le_bytes());
    bytes.push(width);
    match width {
        0 => {}
        1 => bytes.extend(above().map(|[a, ..]| a)),
        2 => bytes.extend(above().flat_map(|[a, b, ..]| [a, b])),
        4 => bytes.extend(above().flat_map(|[a, b, c, d, ..]| [a, b, c, d])),
        _ => bytes.extend(above().flatten()),
    }
}
