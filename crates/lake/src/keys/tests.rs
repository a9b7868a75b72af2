//! The key index against a few lines that do the same with a map.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

/// Three small numbers stand for order, line and what it says; the order's is spread over the partitions.
type Small = (u8, u8, u8);

fn key((order, line, says): Small) -> LineKey {
    LineKey {
        order: u64::from(order).wrapping_mul(0x9e37_79b9_7f4a_7c15),
        line: u64::from(line) << 32 | u64::from(says),
    }
}

/// The lines kept and the lines that changed one, by number.
type Taken = (Vec<usize>, Vec<usize>);

fn settle(folder: &std::path::Path, files: &[Vec<Small>], sameness: Sameness) -> Vec<(u64, Taken)> {
    let mut runs = Vec::new();
    files
        .iter()
        .enumerate()
        .map(|(number, file)| {
            let mut spill = KeySpill::create(&folder.join("spill")).unwrap();
            for (line, &small) in file.iter().enumerate() {
                spill.push(key(small), line as u64).unwrap();
            }
            let path = folder.join(format!("run-{number}"));
            let settled = spill.settle(&runs, sameness, &path).unwrap();
            runs.push(Run::open(&path).unwrap());
            if number % 3 == 2 {
                let merged = folder.join(format!("merged-{number}"));
                merge(&runs, &merged).unwrap();
                runs = vec![Run::open(&merged).unwrap()];
            }
            let number = |line: &usize| i64::try_from(*line).unwrap();
            let kept = (0..file.len())
                .filter(|line| settled.is_new(number(line)))
                .collect();
            let changed = (0..file.len())
                .filter(|line| settled.changes.contains(number(line)))
                .collect();
            (settled.orders, (kept, changed))
        })
        .collect()
}

/// Named lines: the first of a name counts for ever, and every other that says the same repeats it.
fn named(file: &[Small], held: &mut BTreeMap<(u8, u8), u8>) -> Taken {
    let (mut kept, mut changed) = (Vec::new(), Vec::new());
    for (number, &(order, line, says)) in file.iter().enumerate() {
        match held.get(&(order, line)) {
            None => {
                held.insert((order, line), says);
                kept.push(number);
            }
            Some(before) if *before != says => changed.push(number),
            Some(_) => {}
        }
    }
    (kept, changed)
}

/// Counted lines: the lake holds as many equal ones as the fullest file had.
fn counted(file: &[Small], held: &mut BTreeMap<Small, usize>) -> Taken {
    let before = held.clone();
    let mut kept = Vec::new();
    for (number, small) in file.iter().enumerate() {
        let in_file = file.iter().filter(|other| *other == small).count();
        let nth = 1 + file.iter().take(number).filter(|other| *other == small).count();
        if nth + before.get(small).copied().unwrap_or(0) <= in_file {
            kept.push(number);
            *held.entry(*small).or_insert(0) += 1;
        }
    }
    (kept, Vec::new())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn a_line_counts_once_however_files_overlap(files in prop::collection::vec(prop::collection::vec((0_u8..6, 0_u8..4, 0_u8..3), 0..40), 1..6)) {
        let folder = tempfile::tempdir().unwrap();
        let (mut by_name, mut by_content) = (BTreeMap::new(), BTreeMap::new());
        let named_too = settle(folder.path(), &files, Sameness::Named).into_iter();
        let settled = named_too.zip(settle(folder.path(), &files, Sameness::Counted));
        for (file, ((orders, as_named), (also_orders, as_counted))) in files.iter().zip(settled) {
            prop_assert_eq!(as_named, named(file, &mut by_name));
            prop_assert_eq!(as_counted, counted(file, &mut by_content));
            let distinct: std::collections::BTreeSet<u8> = file.iter().map(|small| small.0).collect();
            prop_assert_eq!((orders, also_orders), (distinct.len() as u64, distinct.len() as u64));
        }
    }
}

#[test]
fn a_line_that_says_something_else_has_its_name_and_another_key() {
    let keying = Keying::of("tmall");
    let line = Content {
        epoch_days: 17_600,
        place: 621_226,
        product: Keying::product(b"apple"),
        quantity_milli: 1_000,
        amount_fen: 1_990,
        cancelled: false,
    };
    let others = [
        Content {
            amount_fen: 1_991,
            ..line
        },
        Content {
            quantity_milli: 2_000,
            ..line
        },
    ];
    for other in others {
        for (a, b) in [
            (keying.daily(&line), keying.daily(&other)),
            (
                keying.numbered(b"A1", 1, &line),
                keying.numbered(b"A1", 1, &other),
            ),
        ] {
            assert_eq!(Sameness::Named.name(a), Sameness::Named.name(b));
            assert_ne!(a, b);
        }
    }
    let elsewhere = [
        Content {
            epoch_days: 17_601,
            ..line
        },
        Content {
            place: 530_129,
            ..line
        },
        Content {
            product: Keying::product(b"pear"),
            ..line
        },
        Content {
            cancelled: true,
            ..line
        },
    ];
    for other in elsewhere {
        assert_ne!(
            Sameness::Named.name(keying.daily(&line)),
            Sameness::Named.name(keying.daily(&other))
        );
    }
    let names: std::collections::BTreeSet<LineKey> = (0..100_000)
        .map(|number| Sameness::Named.name(keying.numbered(b"A1", number, &line)))
        .collect();
    assert_eq!(names.len(), 100_000);
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
                    line: (line / 2) << 32,
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
        (settled.orders, settled.repeats.count()),
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
