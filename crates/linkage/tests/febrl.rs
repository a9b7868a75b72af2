//! The settings for FEBRL on real FEBRL files: dataset1 of the shared data, and the others where a folder is named.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::path::Path;

use linkage::{Accuracy, Known, Loader, Plan, Settings, accuracy, link};

const SETTINGS: &str = include_str!("../../../examples/linkage/febrl.toml");

struct Csv {
    heads: Vec<String>,
    rows: Vec<csv::StringRecord>,
}

fn read(path: &Path, without: &str) -> Csv {
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_path(path)
        .unwrap();
    let hide = |head: &str| {
        if head == without {
            format!("hidden {head}")
        } else {
            head.to_owned()
        }
    };
    let heads = reader.headers().unwrap().iter().map(hide).collect();
    Csv {
        heads,
        rows: reader.records().collect::<Result<_, _>>().unwrap(),
    }
}

/// `rec-N-org` and `rec-N-dup-K` are the same person.
fn person(id: &str) -> String {
    id.split('-').take(2).collect::<Vec<_>>().join("-")
}

fn truth(files: &[Csv]) -> Known {
    let mut of_person: BTreeMap<String, Vec<(usize, String)>> = BTreeMap::new();
    for (number, file) in files.iter().enumerate() {
        for row in &file.rows {
            of_person
                .entry(person(&row[0]))
                .or_default()
                .push((number, row[0].to_owned()));
        }
    }
    let mut known = Known::new(files.len() > 1);
    for ids in of_person.values() {
        for (place, (file, left)) in ids.iter().enumerate() {
            for (other, right) in &ids[place + 1..] {
                if files.len() == 1 || file != other {
                    known.add(left, right);
                }
            }
        }
    }
    known
}

fn run(paths: &[&Path], without: &str) -> Accuracy {
    let files: Vec<Csv> = paths.iter().map(|path| read(path, without)).collect();
    let heads: Vec<Vec<String>> = files.iter().map(|file| file.heads.clone()).collect();
    let plan = Plan::of(&Settings::parse(SETTINGS).unwrap(), &heads).unwrap();
    let mut loader = Loader::new(&plan);
    for (number, file) in files.iter().enumerate() {
        for row in &file.rows {
            loader.push(number, |place| &row[place]).unwrap();
        }
    }
    let table = loader.finish().unwrap();
    let links = link(&table, &plan);
    let accuracy = accuracy(&links, &table, &truth(&files));
    eprintln!(
        "{paths:?} without {without:?}: compared {} {accuracy:?}",
        links.compared
    );
    accuracy
}

#[test]
fn dataset1_is_linked_with_and_without_the_social_security_number() {
    let file = testkit::shared_data("febrl").join("dataset1.csv");
    for without in ["", "soc_sec_id"] {
        let found = run(&[&file], without);
        assert!(found.f1 >= 0.998, "{found:?}");
    }
}

/// For datasets 2 to 4, which are not in the shared data: `FISHPOND_FEBRL=DIR cargo nextest run -p linkage --run-ignored all`.
#[test]
#[ignore = "needs a folder with dataset2.csv, dataset3.csv, dataset4a.csv and dataset4b.csv in FISHPOND_FEBRL"]
#[expect(
    clippy::disallowed_methods,
    reason = "a test has no settings but its environment"
)]
fn the_same_settings_serve_the_other_datasets() {
    let folder = std::env::var_os("FISHPOND_FEBRL").unwrap();
    let at = |name: &str| Path::new(&folder).join(name);
    for files in [
        vec![at("dataset2.csv")],
        vec![at("dataset3.csv")],
        vec![at("dataset4a.csv"), at("dataset4b.csv")],
    ] {
        let paths: Vec<&Path> = files.iter().map(AsRef::as_ref).collect();
        for without in ["", "soc_sec_id"] {
            let found = run(&paths, without);
            assert!(found.f1 >= 0.99, "{found:?}");
        }
    }
}
