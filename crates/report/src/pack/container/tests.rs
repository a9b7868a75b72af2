//! The container byte by byte.

use proptest::prelude::*;

use super::*;
use crate::signing::ReportKey;

/// A pack of three small files, one empty and one of exactly a block.
fn packed() -> (tempfile::TempDir, PathBuf) {
    let place = tempfile::tempdir().unwrap();
    let sources = [
        ("a/one.txt", b"first".to_vec()),
        ("b.bin", vec![9; BLOCK]),
        ("c.empty", vec![]),
    ];
    let sources = sources.map(|(path, bytes)| (path, Source::Bytes(bytes)));
    let files: Vec<(FileEntry, Source)> = sources
        .into_iter()
        .map(|(path, source)| (measure(path, &source).unwrap(), source))
        .collect();
    let mut manifest = Manifest {
        schema: 1,
        kind: "pack".into(),
        programme: "2018h1".into(),
        period: "2018H1".into(),
        made_at: "2026-11-23T00:00:00Z".into(),
        simulated: true,
        signer: String::new(),
        files: files.iter().map(|(entry, _)| entry.clone()).collect(),
    };
    let seal = manifest.seal(&ReportKey::from_seed([5; 32])).unwrap();
    let path = place.path().join("pack.tar");
    write(&path, "fishpond-2018H1", &seal, &files).unwrap();
    (place, path)
}

fn faults(pack: &Path) -> Vec<PackFault> {
    unpack(pack, tempfile::tempdir().unwrap().path()).unwrap().1
}

#[test]
fn an_untouched_pack_has_no_fault_and_any_tar_reads_it() {
    let (_place, path) = packed();
    assert_eq!(faults(&path), []);
    let mut archive = tar::Archive::new(File::open(&path).unwrap());
    let names: Vec<String> = archive
        .entries()
        .unwrap()
        .map(|entry| entry.unwrap().path().unwrap().to_str().unwrap().to_owned())
        .collect();
    assert_eq!(names[0], "fishpond-2018H1/manifest.json");
    assert_eq!(
        names[3..],
        [
            "fishpond-2018H1/a/one.txt",
            "fishpond-2018H1/b.bin",
            "fishpond-2018H1/c.empty"
        ]
    );
}

#[test]
fn a_longer_or_shorter_pack_fails() {
    let (_place, path) = packed();
    let bytes = std::fs::read(&path).unwrap();
    for cut in [1, BLOCK, BLOCK * 2, BLOCK * 3, bytes.len() - 1] {
        std::fs::write(&path, &bytes[..bytes.len() - cut]).unwrap();
        assert!(!faults(&path).is_empty(), "{cut} bytes less");
    }
    std::fs::write(&path, [bytes.as_slice(), &[0]].concat()).unwrap();
    assert_eq!(faults(&path)[0].code, "pack.end_changed");
}

/// Which entry a byte of the container belongs to: its header, its bytes or its padding.
fn owner(bytes: &[u8], index: usize) -> Option<String> {
    let mut archive = tar::Archive::new(bytes);
    let mut last = None;
    for entry in archive.entries().unwrap() {
        let entry = entry.unwrap();
        if usize::try_from(entry.raw_header_position()).unwrap() > index {
            break;
        }
        let end = entry.raw_file_position() + entry.size().next_multiple_of(BLOCK as u64);
        let name = entry
            .path()
            .unwrap()
            .to_str()
            .unwrap()
            .trim_start_matches("fishpond-2018H1/")
            .to_owned();
        last = (usize::try_from(end).unwrap() > index).then_some(name);
    }
    last
}

proptest! {
    #[test]
    fn any_changed_byte_fails_and_names_its_file(at in any::<prop::sample::Index>(), flip in 1_u8..=255) {
        let (_place, path) = packed();
        let mut bytes = std::fs::read(&path).unwrap();
        let index = at.index(bytes.len());
        let expected = owner(&bytes, index).unwrap_or_else(|| "pack.tar".to_owned());
        bytes[index] ^= flip;
        std::fs::write(&path, bytes).unwrap();
        let found = faults(&path);
        prop_assert_eq!(found.first().map(|fault| fault.file.clone()), Some(expected), "byte {}", index);
    }
}
