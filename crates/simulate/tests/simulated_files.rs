//! The files are read again and held against the published figures, against `expected.json`, and against each other.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod reading;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use kernel::PlaceCode;
use people::places::Places;
use programme::Programme;
use reading::{FileRead, Row, Seen};
use simulate::{Simulated, Simulation, bench_file, simulate};

/// Channel, month, county and product.
type Cell = (String, u8, PlaceCode, String);

fn programme() -> Programme {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../programmes/2018h1");
    Programme::open(&folder).unwrap()
}

fn make(seed: u64, lines: u64, clean: bool) -> (tempfile::TempDir, Simulated) {
    let out = tempfile::tempdir().unwrap();
    let simulation = Simulation { seed, lines, clean };
    let made = simulate(
        &simulation,
        &programme(),
        Places::national(),
        out.path(),
        &mut |_, _| {},
    )
    .unwrap();
    (out, made)
}

fn read_all(out: &Path, made: &Simulated) -> Vec<FileRead> {
    let mut seen = Seen::default();
    made.files
        .iter()
        .map(|file| reading::read(&out.join(&file.file), &file.layout, &mut seen))
        .collect()
}

fn cells(rows: &[Row]) -> BTreeMap<Cell, (i64, i64)> {
    let mut cells = BTreeMap::new();
    for row in rows {
        let key = (row.channel.clone(), row.month, row.place, row.product.clone());
        let (gross, net): &mut (i64, i64) = cells.entry(key).or_default();
        *gross += if row.cancelled { 0 } else { row.amount_fen };
        *net += row.amount_fen;
    }
    cells
}

fn all_rows(out: &Path, made: &Simulated) -> Vec<Row> {
    read_all(out, made)
        .into_iter()
        .flat_map(|file| file.rows)
        .collect()
}

#[test]
fn the_published_figures_come_out_of_the_files() {
    let (out, made) = make(2018, 10_000, false);
    let rows = all_rows(out.path(), &made);
    assert_eq!(rows.len(), 10_000);
    let poverty: BTreeSet<PlaceCode> = Places::national()
        .poverty_codes()
        .into_iter()
        .map(|(code, _)| code)
        .collect();
    let mut by_county: BTreeMap<PlaceCode, i64> = BTreeMap::new();
    for row in rows.iter().filter(|row| poverty.contains(&row.place)) {
        *by_county.entry(row.place).or_default() += row.amount_fen;
    }
    assert_eq!(by_county.values().sum::<i64>(), 2_603_122_451_840);
    assert_eq!(by_county.len(), 830);
    assert_eq!(
        by_county.values().filter(|net| **net > 10_000_000_000).count(),
        53
    );
    let channel: Vec<&Row> = rows.iter().filter(|row| row.channel == "xingnong").collect();
    let counties: BTreeSet<PlaceCode> = channel.iter().map(|row| row.place).collect();
    let provinces: BTreeSet<PlaceCode> = counties.iter().map(|code| code.province()).collect();
    let products: BTreeSet<&str> = channel.iter().map(|row| row.product.as_str()).collect();
    assert_eq!((provinces.len(), counties.len(), products.len()), (8, 141, 701));
    assert_eq!(counties.intersection(&poverty).count(), 51);
}

#[test]
fn every_seed_keeps_the_total_and_the_53_counties() {
    let poverty: BTreeSet<PlaceCode> = Places::national()
        .poverty_codes()
        .into_iter()
        .map(|(code, _)| code)
        .collect();
    for seed in [0, 1, 42, u64::MAX] {
        let (out, made) = make(seed, 10_000, true);
        let mut by_county: BTreeMap<PlaceCode, i64> = BTreeMap::new();
        for row in all_rows(out.path(), &made)
            .iter()
            .filter(|row| poverty.contains(&row.place))
        {
            *by_county.entry(row.place).or_default() += row.amount_fen;
        }
        assert_eq!(by_county.values().sum::<i64>(), 2_603_122_451_840, "seed {seed}");
        assert_eq!(
            by_county.values().filter(|net| **net > 10_000_000_000).count(),
            53,
            "seed {seed}"
        );
    }
}

#[test]
fn the_model_counties_of_its_provinces_are_on_the_channel() {
    let codes = [
        500_236,
        532_528,
        621_226,
        653_130,
        654_326,
        150_430,
        341_524,
        222_406,
        522_634_u64,
    ];
    let counties: BTreeSet<u64> = programme()
        .counties
        .iter()
        .map(|county| county.code.as_u64())
        .collect();
    assert!(codes.iter().all(|code| counties.contains(code)));
    assert!(
        !counties.contains(&350_821),
        "Changting is in Fujian, which the channel does not cover"
    );
}

#[test]
fn each_file_holds_what_is_expected_of_it() {
    let (out, made) = make(7, 12_345, false);
    let mut kinds = (0, 0, 0);
    for (file, read) in made.files.iter().zip(read_all(out.path(), &made)) {
        let gross: i64 = read
            .rows
            .iter()
            .filter(|row| !row.cancelled)
            .map(|row| row.amount_fen)
            .sum();
        let net: i64 = read.rows.iter().map(|row| row.amount_fen).sum();
        let cancelled = read.rows.iter().filter(|row| row.cancelled).count() as u64;
        let found = (
            read.rows.len() as u64,
            read.rejected,
            read.duplicates,
            cancelled,
            gross,
            net,
        );
        let expected = (
            file.lines_accepted,
            file.rejected,
            file.duplicates,
            file.cancelled_lines,
            file.gross_fen,
            file.net_fen,
        );
        assert_eq!(found, expected, "{}", file.file);
        assert!(file.file.contains("SIMULATED"));
        kinds = (
            kinds.0 + file.rejected,
            kinds.1 + file.duplicates,
            kinds.2 + file.cancelled_lines,
        );
    }
    assert!(kinds.0 > 40 && kinds.1 > 100 && kinds.2 > 300, "{kinds:?}");
    let written: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(out.path().join("expected.json")).unwrap()).unwrap();
    assert_eq!(written, serde_json::to_value(&made).unwrap());
    assert!(
        fs::read_to_string(out.path().join("README.txt"))
            .unwrap()
            .starts_with("模拟数据 SIMULATED")
    );
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let (one, made) = make(11, 15_000, false);
    let (other, again) = make(11, 15_000, false);
    assert_eq!(made, again);
    for entry in fs::read_dir(one.path()).unwrap() {
        let name = entry.unwrap().file_name();
        let same = fs::read(one.path().join(&name)).unwrap() == fs::read(other.path().join(&name)).unwrap();
        assert!(same, "{name:?}");
    }
    let (_, different) = make(12, 15_000, false);
    assert_ne!(made.files, different.files);
}

#[test]
fn another_number_of_lines_keeps_every_total() {
    let (out, made) = make(3, 10_000, false);
    let few = cells(&all_rows(out.path(), &made));
    for lines in [37_123, 200_000] {
        let (out, made) = make(3, lines, false);
        let rows = all_rows(out.path(), &made);
        assert_eq!(rows.len() as u64, lines);
        assert!(cells(&rows) == few, "{lines} lines give other totals");
    }
}

#[test]
fn a_clean_simulation_has_nothing_to_reject_or_repeat() {
    let (out, made) = make(5, 10_500, true);
    let read = read_all(out.path(), &made);
    assert_eq!(
        read.iter()
            .map(|file| file.rejected + file.duplicates)
            .sum::<u64>(),
        0
    );
    assert_eq!(
        made.files
            .iter()
            .map(|file| file.rejected + file.duplicates)
            .sum::<u64>(),
        0
    );
    assert_eq!(made.lines, 10_500);
}

#[test]
fn refuses_fewer_lines_than_there_are_cells_and_more_than_half_a_billion() {
    let out = tempfile::tempdir().unwrap();
    for (lines, code) in [
        (5_000, "simulate.too_few_lines"),
        (500_000_001, "simulate.too_many_lines"),
    ] {
        let simulation = Simulation {
            seed: 1,
            lines,
            clean: false,
        };
        let refused = simulate(
            &simulation,
            &programme(),
            Places::national(),
            out.path(),
            &mut |_, _| {},
        )
        .unwrap_err();
        assert_eq!(refused.code, code);
        assert_eq!(fs::read_dir(out.path()).unwrap().count(), 0);
    }
}

#[test]
fn the_bench_file_is_one_plain_table_of_the_published_total() {
    let out = tempfile::tempdir().unwrap();
    let path = out.path().join("platform.csv");
    let file = bench_file(&path, 20_000, 1, &programme(), Places::national()).unwrap();
    assert_eq!((file.lines_accepted, file.net_fen), (20_000, 2_603_122_451_840));
    let read = reading::read(&path, "platform", &mut Seen::default());
    assert_eq!((read.rows.len(), read.rejected, read.duplicates), (20_000, 0, 0));
    let bytes_a_line = fs::metadata(&path).unwrap().len() / 20_000;
    assert!((80..=130).contains(&bytes_a_line), "{bytes_a_line}");
}

#[test]
fn a_daily_summary_has_one_row_for_a_day_a_place_a_product_and_a_kind() {
    for seed in [7, 2018] {
        let (out, made) = make(seed, 10_000, false);
        let mut days = BTreeSet::new();
        for row in all_rows(out.path(), &made) {
            if row.channel == "hema" {
                let day = (row.month, row.day, row.place, row.product, row.cancelled);
                assert!(days.insert(day.clone()), "seed {seed}: {day:?} twice");
            }
        }
        assert!(days.len() > 500, "seed {seed}: {}", days.len());
    }
}
