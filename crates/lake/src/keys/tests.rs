//! The key index against a few lines that do the same with a map.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

/// Two small numbers stand for order and line; the order's is spread over the partitions.
fn key((order, line): (u8, u8)) -> LineKey {
    LineKey {
        order: u64::from(order).wrapping_mul(0x9e37_79b9_7f4a_7c15),
        line: u64::from(line),
    }
}

fn settle(folder: &std::path::Path, files: &[Vec<(u8, u8)>], sameness: Sameness) -> Vec<(u64, Vec<usize>)> {
    let mut runs = Vec::new();
    files
        .iter()
        .enumerate()
        .map(|(number, file)| {
            let mut spill = KeySpill::create(&folder.join("spill")).unwrap();
            for (line, &pair) in file.iter().enumerate() {
                spill.push(key(pair), line as u64).unwrap();
            }
            let path = folder.join(format!("run-{number}"));
            let settled = spill.settle(&runs, sameness, &path).unwrap();
            runs.push(Run::open(&path).unwrap());
            if number % 3 == 2 {
                let merged = folder.join(format!("merged-{number}"));
                merge(&runs, &merged).unwrap();
                runs = vec![Run::open(&merged).unwrap()];
            }
            let kept = (0..file.len())
                .filter(|&line| !settled.is_repeat(i64::try_from(line).unwrap()))
                .collect();
            (settled.orders, kept)
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn a_line_counts_once_however_files_overlap(files in prop::collection::vec(prop::collection::vec((0_u8..6, 0_u8..4), 0..40), 1..6)) {
        let folder = tempfile::tempdir().unwrap();
        for sameness in [Sameness::Named, Sameness::Counted] {
            let mut held: BTreeMap<(u8, u8), usize> = BTreeMap::new();
            for (file, (orders, kept)) in files.iter().zip(settle(folder.path(), &files, sameness)) {
                let mut in_file: BTreeMap<(u8, u8), usize> = BTreeMap::new();
                let expected: Vec<usize> = file.iter().enumerate().filter(|(_, pair)| {
                    let nth = in_file.entry(**pair).or_insert(0);
                    *nth += 1;
                    let before = held.get(*pair).copied().unwrap_or(0);
                    match sameness { Sameness::Named => before == 0 && *nth == 1, Sameness::Counted => *nth + before <= (*nth).max(file.iter().filter(|p| p == pair).count()) }
                }).map(|(line, _)| line).collect();
                prop_assert_eq!(&kept, &expected);
                let distinct: std::collections::BTreeSet<u8> = file.iter().map(|pair| pair.0).collect();
                prop_assert_eq!(orders, distinct.len() as u64);
                for line in kept { *held.entry(file[line]).or_insert(0) += 1; }
            }
        }
    }
}

#[test]
fn keys_beyond_memory_go_to_the_spill_file_and_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut spill = KeySpill::create(&folder.path().join("spill")).unwrap();
    let lines = 100_000_u64;
    for line in 0..lines {
        spill
            .push(
                LineKey {
                    order: line % 3,
                    line: line / 2,
                },
                line,
            )
            .unwrap();
    }
    let settled = spill
        .settle(&[], Sameness::Named, &folder.path().join("run"))
        .unwrap();
    let distinct: std::collections::BTreeSet<(u64, u64)> =
        (0..lines).map(|line| (line % 3, line / 2)).collect();
    assert_eq!(
        (settled.orders, settled.duplicates),
        (3, lines - distinct.len() as u64)
    );
    assert_eq!(
        Run::open(&folder.path().join("run")).unwrap().keys(),
        distinct.len() as u64
    );
}

#[test]
fn a_run_whose_head_does_not_fit_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run");
    std::fs::write(&path, vec![1; 5_000]).unwrap();
    assert!(Run::open(&path).is_err());
}
