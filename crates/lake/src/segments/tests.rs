//! A segment written and read again, and what happens when a byte of it changes.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray};
use proptest::prelude::*;

use super::*;

fn line(order_no: &[u8], number: i64) -> Line<'_> {
    Line {
        order_no,
        line_no: (number % 3 != 0).then_some(number),
        epoch_days: 17_600 + i32::try_from(number % 30).unwrap(),
        place: 620_000 + i32::try_from(number % 7).unwrap(),
        product: u32::try_from(number % 2).unwrap(),
        quantity_milli: number * 1_000,
        amount_fen: if number % 5 == 0 { -number } else { number * 10 },
        cancelled: number % 5 == 0,
        source_line: number.unsigned_abs(),
    }
}

fn products() -> ArrayRef {
    Arc::new(StringArray::from(vec!["melon", "rice"]))
}

fn write(folder: &Path, rows: i64) -> (SegmentFile, Manifest) {
    let mut writer = SegmentWriter::create(&folder.join("s.parquet"), "import", "xingnong", "CNY").unwrap();
    let mut chunk = Chunk::default();
    for number in 1..=rows {
        let order_no = format!("SIM{number}");
        chunk.push(&line(order_no.as_bytes(), number));
        if chunk.len() == 1_500 {
            writer.append(&chunk.to_batch(), &products()).unwrap();
            chunk.clear();
        }
    }
    writer.append(&chunk.to_batch(), &products()).unwrap();
    let file = writer.finish().unwrap().unwrap();
    let manifest = Manifest {
        version: 1,
        chain_no: 1,
        previous_sha256: String::new(),
        sha256: file.sha256.clone(),
        rollup_sha256: file.rollup_sha256.clone(),
        merkle_root: file.merkle_root.clone(),
        totals: file.totals,
        day_first: String::new(),
        day_last: String::new(),
        channel: "xingnong".to_owned(),
        currency: "CNY".to_owned(),
        simulated: true,
        import_id: String::new(),
        file_name: String::new(),
        file_sha256: String::new(),
    };
    (file, manifest)
}

#[test]
fn a_segment_read_again_has_the_totals_and_the_root_it_was_written_with() {
    let folder = tempfile::tempdir().unwrap();
    let (file, manifest) = write(folder.path(), 4_000);
    assert_eq!(file.totals.rows, 4_000);
    assert_eq!(file.totals.cancelled_lines, 800);
    verify_segment(&file.path, &file.rollup_path, &manifest).unwrap();
}

#[test]
fn a_recount_sums_to_the_rollup_and_splits_every_cell_of_several_lines() {
    let folder = tempfile::tempdir().unwrap();
    let (file, _) = write(folder.path(), 4_000);
    let counted = recount([file.path.as_path()]).unwrap();
    let mut sum = Rollup::default();
    for batch in &counted {
        sum.add_rollup(batch).unwrap();
    }
    let kept = rollup_of_files([file.rollup_path.as_path()]).unwrap();
    let kept = kept.to_record_batch().unwrap();
    assert_eq!(sum.to_record_batch().unwrap(), kept);
    let rows: Vec<usize> = counted.iter().map(RecordBatch::num_rows).collect();
    assert_eq!(rows, [kept.num_rows(), kept.num_rows()]);
}

#[test]
fn the_same_lines_give_the_same_bytes() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (first, second) = (write(one.path(), 3_000).1, write(other.path(), 3_000).1);
    assert_eq!(first, second);
}

#[test]
fn a_manifest_with_another_number_is_found_out() {
    let folder = tempfile::tempdir().unwrap();
    let (file, manifest) = write(folder.path(), 2_000);
    let verify = |manifest: &Manifest| {
        verify_segment(&file.path, &file.rollup_path, manifest).map_err(|refusal| refusal.code)
    };
    let mut totals = manifest.clone();
    totals.totals.net_fen += 1;
    assert_eq!(verify(&totals), Err("lake.segment_damaged"));
    let root = Manifest {
        merkle_root: hex::encode([7; 32]),
        ..manifest.clone()
    };
    assert_eq!(verify(&root), Err("lake.segment_damaged"));
    let mut bytes = std::fs::read(&file.path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&file.path, bytes).unwrap();
    assert_eq!(verify(&manifest), Err("lake.segment_damaged"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn a_rollup_of_parts_is_the_rollup_of_the_whole(cut in 1_usize..199) {
        let mut chunk = Chunk::default();
        for number in 1..200 {
            chunk.push(&line(b"SIM", number));
        }
        let whole = chunk.to_batch();
        let mut one = Rollup::default();
        one.add_lines(&whole, &products(), "a", "CNY").unwrap();
        let mut parts = Rollup::default();
        for part in [0..cut, cut..whole.len()] {
            let keep = (0..whole.len()).map(|row| Some(part.contains(&row))).collect();
            let mut rollup = Rollup::default();
            rollup.add_lines(&whole.filter(&keep).unwrap(), &products(), "a", "CNY").unwrap();
            parts.add_rollup(&rollup.to_record_batch().unwrap()).unwrap();
        }
        prop_assert_eq!(one.to_record_batch().unwrap(), parts.to_record_batch().unwrap());
    }
}
