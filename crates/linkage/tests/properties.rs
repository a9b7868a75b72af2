//! What has to hold of every run: order changes nothing, weights add up, the fit climbs, both sides are alike.

#![expect(
    clippy::float_arithmetic,
    clippy::unwrap_used,
    reason = "weights are sums of bits; a test fails by panicking"
)]

use std::collections::BTreeSet;

use linkage::{Index, Links, Loader, Plan, Settings, Table, link};
use proptest::prelude::*;

const SETTINGS: &str = r#"
id = ["id"]
[[fields]]
name = "name"
form = "text"
[[fields]]
name = "born_on"
form = "date"
[[fields]]
name = "number"
form = "id"
[[comparisons]]
fields = ["name"]
kind = "text"
frequency = true
[[comparisons]]
fields = ["born_on"]
kind = "date"
[[comparisons]]
fields = ["number"]
kind = "number"
[[passes]]
on = ["name"]
[[passes]]
on = ["born_on"]
[[passes]]
on = ["number"]
"#;

type Row = [String; 4];

fn run(files: &[Vec<Row>]) -> (Plan, Table, Links) {
    let heads = ["id", "name", "born_on", "number"].map(str::to_owned).to_vec();
    let heads = vec![heads; files.len()];
    let plan = Plan::of(&Settings::parse(SETTINGS).unwrap(), &heads).unwrap();
    let mut loader = Loader::new(&plan);
    for (number, file) in files.iter().enumerate() {
        for row in file {
            loader.push(number, |place| &row[place]).unwrap();
        }
    }
    let table = loader.finish().unwrap();
    let links = link(&table, &plan);
    (plan, table, links)
}

/// The pairs by id, each with its weight as bits.
fn pairs(files: &[Vec<Row>]) -> BTreeSet<(String, String, u32)> {
    let (_, table, links) = run(files);
    let of = |pair: &linkage::Pair| {
        let (left, right) = table.ids_of(pair.left, pair.right);
        (left.to_owned(), right.to_owned(), pair.weight.to_bits())
    };
    links.pairs.iter().map(of).collect()
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let values = (0..12_u32, 0..9_u32, 0..20_u32, any::<bool>());
    prop::collection::vec(values, 2..60).prop_map(|list| {
        let row = |(number, (name, day, code, missing)): (usize, (u32, u32, u32, bool))| {
            let code = if missing {
                String::new()
            } else {
                format!("{:07}", code * 7919)
            };
            [
                format!("r{number:03}"),
                format!("name{name}son"),
                format!("196{day}0101"),
                code,
            ]
        };
        list.into_iter().enumerate().map(row).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_rows_changes_neither_pairs_nor_weights(rows in rows().prop_shuffle(), seed in any::<u64>()) {
        let mut other = rows.clone();
        let len = other.len();
        other.rotate_left(usize::try_from(seed % len as u64).unwrap());
        other.swap(0, len - 1);
        prop_assert_eq!(pairs(&[rows]), pairs(&[other]));
    }

    #[test]
    fn the_order_of_files_turns_the_pairs_and_changes_nothing_else(left in rows(), right in rows()) {
        let turned = pairs(&[right.clone(), left.clone()]).into_iter().map(|(a, b, weight)| (b, a, weight));
        prop_assert_eq!(pairs(&[left, right]), turned.collect());
    }

    #[test]
    fn a_pairs_weight_is_the_sum_of_its_parts_and_no_step_of_the_fit_lowers_the_likelihood(rows in rows()) {
        let (plan, table, links) = run(&[rows]);
        for pair in &links.pairs {
            let turned = links.weigher.pair(&table, &plan, pair.right, pair.left);
            let parts = |pair| links.weigher.explain(&table, &plan, pair).collect::<Vec<f32>>();
            prop_assert!((parts(pair).iter().sum::<f32>() - pair.weight).abs() < 1e-3);
            prop_assert_eq!(parts(pair), parts(&turned));
        }
        for (before, after) in links.path.iter().zip(links.path.iter().skip(1)) {
            prop_assert!(*after >= before - before.abs() * 1e-9 - 1e-9, "{before} {after}");
        }
    }
}

#[test]
fn a_new_record_finds_the_person_who_is_there_already() {
    let row = |number: u32| {
        let day = format!("19{:02}0{}11", 20 + number % 70, 1 + number % 9);
        [
            format!("r{number:03}"),
            format!("{}son", "abcdefghij".repeat(3).split_at(number as usize % 20).1),
            day,
            format!("{:07}", number * 7919),
        ]
    };
    let mut rows: Vec<Row> = (0..200).map(row).collect();
    rows.extend((0..40).map(|number| {
        let [_, name, day, code] = row(number);
        [format!("s{number:03}"), name, day, code]
    }));
    let (plan, table, links) = run(&[rows]);
    assert!(links.pairs.len() >= 40);
    let index = Index::new(table, plan);
    let [_, name, day, code] = row(150);
    let value = |field: &str| match field {
        "name" => name.as_str(),
        "born_on" => day.as_str(),
        _ => code.as_str(),
    };
    let found = index.find(value, 0.5);
    assert_eq!(index.table().id(found[0].row), "r150");
    assert!((found[0].parts.iter().sum::<f32>() - found[0].weight).abs() < 1e-3);
    assert!(index.find(|_| "", 0.0).is_empty());
}

#[test]
fn a_key_that_too_many_share_is_left_out_and_counted_and_one_record_alone_has_no_pair() {
    let row = |number: usize| {
        [
            format!("r{number:05}"),
            "same".to_owned(),
            String::new(),
            String::new(),
        ]
    };
    let (_, _, links) = run(&[(0..1500).map(row).collect()]);
    assert_eq!((links.pairs.len(), links.compared, links.crowded), (0, 0, 1500));
    let (_, _, links) = run(&[vec![row(1)]]);
    assert_eq!((links.pairs.len(), links.crowded), (0, 0));
}
