//! The folder of 2018H1 as it ships, and folders that were broken on the way.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;

use programme::published::Relation;
use programme::{Dimension, Programme, embedded};

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    embedded::write_to(folder.path()).unwrap();
    folder
}

fn codes(folder: &Path) -> Vec<(String, usize, &'static str)> {
    let findings = Programme::check(folder);
    findings
        .into_iter()
        .map(|finding| (finding.file, finding.line, finding.code))
        .collect()
}

fn edit(folder: &Path, file: &str, from: &str, to: &str) {
    let path = folder.join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{file} has no {from}");
    fs::write(path, text.replacen(from, to, 1)).unwrap();
}

#[test]
fn the_programme_that_ships_has_no_fault() {
    let programme = Programme::built_in().unwrap();
    assert_eq!(programme.published.len(), 37);
    assert_eq!(
        (programme.milestones.len(), programme.model_counties.len()),
        (11, 10)
    );
    assert_eq!(
        (programme.counties.len(), programme.head.suppression.min_lines),
        (141, 5)
    );
    assert_eq!(
        programme
            .counties
            .iter()
            .filter(|county| county.is_poverty_county)
            .count(),
        51
    );
    assert_eq!(
        programme
            .products
            .iter()
            .filter(|product| product.place.is_some())
            .count(),
        701
    );
    let defined = programme
        .published
        .iter()
        .filter(|row| programme.figure_for(row).is_some())
        .count();
    assert_eq!(defined, 21);
    assert_eq!(programme.rule_book().unwrap().rules.len(), 1);
    assert_eq!(programme.figures[0].id, "fund.pledge");
    assert!(
        programme
            .figure("channel.sales")
            .unwrap()
            .breakdowns
            .contains_key(&Dimension::Place)
    );
}

#[test]
fn the_published_list_keeps_its_relations_and_decimals() {
    let programme = Programme::built_in().unwrap();
    let row = programme.published_figure("sales.poverty_counties").unwrap();
    assert_eq!(
        (row.relation, row.value.to_string().as_str()),
        (Relation::MoreThan, "26000000000")
    );
    assert!(row.holds(2_603_122_451_840) && !row.holds(2_600_000_000_000));
    let price = programme.published_figure("case.yuanyang.floor_before").unwrap();
    assert!(price.holds(360));
}

#[test]
fn a_written_folder_is_the_same_programme_and_a_changed_file_is_not_overwritten() {
    let folder = folder();
    let programme = Programme::open(folder.path()).unwrap();
    assert_eq!(programme, Programme::built_in().unwrap());
    edit(folder.path(), "programme.toml", "互联网脱贫项目", "另一个项目");
    assert_eq!(embedded::write_to(folder.path()).unwrap(), Vec::<String>::new());
    assert_eq!(embedded::changed_in(folder.path()), ["programme.toml"]);
    assert_eq!(
        Programme::open(folder.path()).unwrap().head.title.zh,
        "另一个项目"
    );
    fs::remove_file(folder.path().join("published.csv")).unwrap();
    assert_eq!(embedded::write_to(folder.path()).unwrap(), ["published.csv"]);
}

/// A file, what is replaced by what in it, and the file and code of a finding this gives.
type Fault = (
    &'static str,
    &'static str,
    &'static str,
    (&'static str, &'static str),
);

const FAULTS: [Fault; 13] = [
    (
        "programme.toml",
        "min_lines = 5",
        "min_lines = 0",
        ("programme.toml", "programme.bad_value"),
    ),
    (
        "programme.toml",
        "id = \"women\"",
        "id = \"men\"",
        ("milestones.csv", "programme.unknown_pillar"),
    ),
    (
        "published.csv",
        "channel.products",
        "channel.goods",
        ("figures/channel.products.toml", "programme.unknown_published"),
    ),
    (
        "published.csv",
        "701,products",
        "701,yuan",
        ("figures/channel.products.toml", "programme.unit_mismatch"),
    ),
    (
        "published.csv",
        "id,pillar",
        "id,column",
        ("published.csv", "programme.wrong_columns"),
    ),
    (
        "figures/views.sql",
        "VIEW poverty_sales",
        "VIEW poor_sales",
        ("figures/sales.poverty_counties.toml", "programme.unknown_view"),
    ),
    (
        "figures/channel.sales.toml",
        "commerce",
        "trade",
        ("figures/channel.sales.toml", "programme.unknown_pillar"),
    ),
    (
        "channels/xingnong.toml",
        "name = ",
        "nam = ",
        ("channels/xingnong.toml", "programme.unknown_key"),
    ),
    (
        "products.csv",
        "\"Wengniute mung beans, 1 kg\",150426",
        "beans,15042",
        ("products.csv", "kernel.bad_place_code"),
    ),
    (
        "recognition.toml",
        "below = \"line\"",
        "below = \"line\"\nat_most = 3",
        ("recognition.toml", "programme.not_one_limit"),
    ),
    (
        "recognition.toml",
        "measure = \"exclusions\"",
        "measure = \"cars\"",
        ("recognition.toml", "programme.bad_value"),
    ),
    (
        "recognition.toml",
        "year = 2012",
        "year = 2011",
        ("recognition.toml", "programme.bad_value"),
    ),
    (
        "recognition.toml",
        "attended_permille = 667",
        "attended_permille = 1001",
        ("recognition.toml", "programme.bad_value"),
    ),
];

#[test]
fn every_fault_is_named_by_file_line_and_code() {
    for (file, from, to, (at, code)) in FAULTS {
        let folder = folder();
        edit(folder.path(), file, from, to);
        let found = codes(folder.path());
        assert!(
            found.iter().any(|(file, _, found)| file == at && *found == code),
            "{file}: {found:?}"
        );
    }
}

#[test]
fn an_absent_file_or_folder_is_named() {
    let folder = folder();
    fs::remove_file(folder.path().join("figures/channel.sales.sql")).unwrap();
    fs::remove_file(folder.path().join("figures/sales.lines.toml")).unwrap();
    let found: Vec<_> = codes(folder.path())
        .into_iter()
        .map(|(file, _, code)| (file, code))
        .collect();
    assert_eq!(
        found,
        [
            ("figures/channel.sales.sql".to_owned(), "programme.missing_file"),
            ("figures/sales.lines.toml".to_owned(), "programme.missing_file")
        ]
    );
    let absent = codes(&folder.path().join("nowhere"));
    assert_eq!(absent[0].2, "programme.file_unreadable");
}
