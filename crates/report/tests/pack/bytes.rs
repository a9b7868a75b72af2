//! A pack verifies as it was written, and not with any byte changed.

use std::path::Path;

use crate::evidence::{evidence, repack};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use report::pack::{VerifyReport, verify};

async fn checked(pack: &Path) -> VerifyReport {
    verify(pack, pack.parent().unwrap()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_untouched_pack_verifies_with_every_figure_equal() {
    let evidence = evidence().await;
    let report = checked(&evidence.pack).await;
    assert_eq!(report.faults, []);
    assert!(report.ok && report.simulated);
    assert_eq!(
        (report.segments, report.signer.as_str()),
        (2, evidence.report.signature.public_key.as_str())
    );
    assert_eq!(report.rows, evidence.report.evidence.rows);
    assert_eq!(report.figures.len(), evidence.report.figures.len());
    assert!(
        report
            .figures
            .iter()
            .all(|figure| figure.equal && figure.value.is_some())
    );
    let left = std::fs::read_dir(evidence.store.folder())
        .unwrap()
        .filter(|entry| {
            entry
                .as_ref()
                .unwrap()
                .file_name()
                .to_string_lossy()
                .starts_with("verify-")
        });
    assert_eq!(left.count(), 0, "what was unpacked is gone");
}

#[tokio::test(flavor = "multi_thread")]
async fn small_counties_are_hidden_in_every_face_and_in_the_pack() {
    let evidence = evidence().await;
    let places = evidence
        .report
        .figure("channel.sales")
        .unwrap()
        .breakdown("place")
        .unwrap();
    for code in ["540127", "632624"] {
        assert_eq!(
            places.rows.iter().find(|row| row.key == code).unwrap().value,
            None
        );
    }
    let total: i64 = places.rows.iter().filter_map(|row| row.value).sum();
    assert!(total < evidence.report.figure("channel.sales").unwrap().value.unwrap());
    assert!(places.hidden >= 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_byte_changed_anywhere_fails_and_names_the_file_it_is_in() {
    let evidence = evidence().await;
    let bytes = std::fs::read(&evidence.pack).unwrap();
    let changed = evidence.pack.with_file_name("changed.tar");
    let runtime = tokio::runtime::Handle::current();
    let fails_in = |index: usize, flip: u8| {
        let mut bytes = bytes.clone();
        bytes[index] ^= flip;
        std::fs::write(&changed, &bytes).unwrap();
        let report = tokio::task::block_in_place(|| runtime.block_on(checked(&changed)));
        (!report.ok).then(|| report.faults[0].file.clone())
    };
    let mut archive = tar::Archive::new(bytes.as_slice());
    let entries: Vec<(String, usize, usize)> = archive
        .entries()
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            let name = entry
                .path()
                .unwrap()
                .to_str()
                .unwrap()
                .trim_start_matches("fishpond-2018H1/")
                .to_owned();
            (
                name,
                usize::try_from(entry.raw_file_position()).unwrap(),
                usize::try_from(entry.size()).unwrap(),
            )
        })
        .collect();
    for (name, start, size) in entries.iter().filter(|(_, _, size)| *size > 0) {
        assert_eq!(fails_in(*start, 1).as_ref(), Some(name), "first byte");
        assert_eq!(fails_in(start + size - 1, 128).as_ref(), Some(name), "last byte");
    }
    let mut runner = TestRunner::new(Config::with_cases(100));
    let places = (any::<prop::sample::Index>(), 1_u8..=255);
    runner
        .run(&places, |(at, flip)| {
            let index = at.index(bytes.len());
            let inside = entries
                .iter()
                .find(|(_, start, size)| (*start..start + size).contains(&index))
                .map(|(name, _, _)| name.clone());
            let found = fails_in(index, flip);
            prop_assert!(found.is_some(), "byte {} changed unseen", index);
            prop_assert!(
                inside.is_none() || found == inside,
                "byte {}: {:?} is not {:?}",
                index,
                found,
                inside
            );
            Ok(())
        })
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pack_signed_again_after_a_change_still_fails_on_its_figures() {
    let mut evidence = evidence().await;
    evidence.report.figures[0].value = evidence.report.figures[0].value.map(|value| value + 1);
    let again = repack(&evidence).await;
    let report = checked(&again).await;
    assert!(!report.ok);
    assert_eq!(report.faults[0].code, "pack.figure_differs");
}

#[tokio::test]
async fn a_missing_pack_is_missing_and_a_text_is_no_pack() {
    let place = tempfile::tempdir().unwrap();
    let refusal = verify(&place.path().join("none.tar"), place.path())
        .await
        .unwrap_err();
    assert_eq!(
        (refusal.code, refusal.fault),
        ("pack.unreadable", kernel::Fault::Missing)
    );
    let text = place.path().join("letter.txt");
    std::fs::write(&text, "dear").unwrap();
    let report = verify(&text, place.path()).await.unwrap();
    assert_eq!(report.faults[0].code, "pack.cut_off");
}
