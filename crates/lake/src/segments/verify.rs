//! Holds a segment's file against its manifest: every number and hash is taken again from the rows.

use std::io::Error;
use std::path::Path;

use kernel::{Fault, Refusal};

use super::batch::LineBatch;
use super::manifest::{Manifest, Totals};
use super::merkle::MerkleTree;
use super::rollup::{Rollup, rollup_of_files};
use crate::files;

/// Reads a segment and its rollup and compares hash, rows, totals, Merkle root and rollup with the manifest.
///
/// # Errors
/// `lake.segment_damaged`, naming the file and what differs.
pub fn verify_segment(segment: &Path, rollup: &Path, manifest: &Manifest) -> Result<(), Refusal> {
    let damaged = |path: &Path, what: &str| {
        Refusal::new("lake.segment_damaged", Fault::Refused)
            .at(path.display().to_string())
            .fact("what", what)
    };
    for (path, expected) in [(segment, &manifest.sha256), (rollup, &manifest.rollup_sha256)] {
        let found = files::sha256(path).map_err(|error| damaged(path, &error.to_string()))?;
        if found != *expected {
            return Err(damaged(path, "sha256").value(found));
        }
    }
    let read = read_again(segment, manifest).map_err(|error| damaged(segment, &error.to_string()))?;
    if read.totals != manifest.totals {
        return Err(damaged(segment, "totals"));
    }
    if hex::encode(read.merkle.root()) != manifest.merkle_root {
        return Err(damaged(segment, "merkle_root"));
    }
    let written = rollup_of_files([rollup])
        .and_then(|sum| sum.to_record_batch())
        .map_err(|error| damaged(rollup, &error.to_string()))?;
    let from_lines = read
        .rollup
        .to_record_batch()
        .map_err(|error| damaged(segment, &error.to_string()))?;
    if written != from_lines {
        return Err(damaged(rollup, "rows"));
    }
    Ok(())
}

#[derive(Default)]
struct Read {
    totals: Totals,
    merkle: MerkleTree,
    rollup: Rollup,
}

fn read_again(segment: &Path, manifest: &Manifest) -> Result<Read, Error> {
    let mut read = Read::default();
    LineBatch::for_each_of(segment, |lines, products| {
        read.totals = read
            .totals
            .checked_add(totals_of(lines))
            .ok_or_else(|| Error::other("totals"))?;
        read.merkle.append(lines, products);
        read.rollup
            .add_lines(lines, products, &manifest.channel, &manifest.currency)
    })?;
    Ok(read)
}

fn totals_of(lines: &LineBatch) -> Totals {
    let mut totals = Totals::default();
    for row in 0..lines.len() {
        let (amount, cancelled) = (lines.amount_fen.value(row), lines.cancelled.value(row));
        totals.rows += 1;
        totals.cancelled_lines += i64::from(cancelled);
        totals.quantity_milli = totals
            .quantity_milli
            .wrapping_add(lines.quantity_milli.value(row));
        totals.gross_fen = totals.gross_fen.wrapping_add(if cancelled { 0 } else { amount });
        totals.net_fen = totals.net_fen.wrapping_add(amount);
    }
    totals
}
