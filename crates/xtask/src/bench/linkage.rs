//! Duplicates within a simulated county register: `fishpond registry link` beside Splink 4 on DuckDB, on the same file;
//! and how long one new record takes against all of them.
//!
//! Both read the CSV, fit without labels, weigh and make clusters, and count their own F1; reading the truth is in both.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::table::{self, Row};
use super::{Bench, Cost, middle};
use crate::shell;

/// How often Fishpond runs; Splink, which takes minutes, runs once in between.
const TURNS: usize = 3;
/// Of six records one repeats another.
const REPEATS_OF: u64 = 6;
/// How many times the CPU of Fishpond Splink has to take.
const CPU_TIMES: u64 = 20;
/// How many times its memory.
const MEMORY_TIMES: u64 = 5;
/// The least F1.
const F1_LEAST: f64 = 0.996;
/// Microseconds in which 99 of 100 new records have to be answered.
const ASK_MAX_US: u64 = 10_000;

pub(super) fn run(records: u64) -> Result<()> {
    let bench = Bench::prepare("linkage", &["splink==4.0.17"])?;
    let example = ["build", "--release", "--package", "linkage", "--example", "ask"];
    shell::run(shell::cargo().args(example))?;
    let folder = register(&bench, records)?;
    let (source, truth) = (
        folder.join("persons.SIMULATED.csv"),
        folder.join("truth.SIMULATED.csv"),
    );
    let pairs = bench.dir.join("pairs.csv");
    let ours = [
        bench.fishpond.as_os_str(),
        "registry".as_ref(),
        "link".as_ref(),
        source.as_os_str(),
        "--truth".as_ref(),
        truth.as_os_str(),
        "--out".as_ref(),
        pairs.as_os_str(),
        "--json".as_ref(),
    ];
    let mut costs: Vec<Cost> = Vec::new();
    for _ in 1..TURNS {
        costs.push(bench.measure("fishpond", &ours)?);
    }
    let script = Bench::script("splink_linkage.py");
    let theirs = [
        bench.python.as_os_str(),
        script.as_os_str(),
        source.as_os_str(),
        truth.as_os_str(),
    ];
    let splink = bench.measure("splink", &theirs)?;
    costs.push(bench.measure("fishpond", &ours)?);
    let fishpond = middle(&costs)?;
    let rows = [("Fishpond registry link", fishpond), ("Splink on DuckDB", splink)].map(|(name, cost)| Row {
        name: name.to_owned(),
        cost,
    });
    table::print(
        &format!("Linkage: {} records within one file", table::grouped(records)),
        records,
        &rows,
    );
    println!();
    let (ours, theirs) = (answer(&bench.said("fishpond")?)?, answer(&bench.said("splink")?)?);
    for (label, answer) in [("fishpond", &ours), ("splink", &theirs)] {
        let of = |key: &str| format!("{key} {}", answer[key]);
        println!(
            "{label}: {}",
            ["pairs", "precision", "recall", "f1"].map(of).join(", ")
        );
    }
    let ask = shell::target_dir().join("release/examples/ask");
    let asked = answer(&shell::output_of(Command::new(ask).arg(&source))?)?;
    println!("one new record: {asked}");
    require_aims((fishpond, splink), [&ours, &theirs], &asked)
}

/// Says every aim that was not reached.
fn require_aims((ours, theirs): (Cost, Cost), found: [&Value; 2], asked: &Value) -> Result<()> {
    let [f1, of_splink] = found.map(|answer| answer["f1"].as_f64().unwrap_or(0.0));
    let aims = [
        (
            format!("a {CPU_TIMES}th of Splink's CPU"),
            ours.cpu_us * CPU_TIMES <= theirs.cpu_us,
        ),
        (
            format!("a {MEMORY_TIMES}th of its memory"),
            ours.peak_mb * MEMORY_TIMES <= theirs.peak_mb,
        ),
        (format!("an F1 of {F1_LEAST}"), f1 >= F1_LEAST),
        ("an F1 not below Splink's".to_owned(), f1 >= of_splink),
        (
            format!("one record within {ASK_MAX_US} us"),
            asked["p99_us"].as_u64().is_some_and(|us| us <= ASK_MAX_US),
        ),
    ];
    let missed: Vec<String> = aims
        .into_iter()
        .filter(|(_, is_reached)| !is_reached)
        .map(|(aim, _)| aim)
        .collect();
    ensure!(missed.is_empty(), "not reached: {}", missed.join("; "));
    Ok(())
}

/// Makes the simulated register, or takes the one of an earlier run.
fn register(bench: &Bench, records: u64) -> Result<PathBuf> {
    let folder = bench.dir.join(format!("records-{records}"));
    if !folder.join("done").exists() {
        let repeats = records / REPEATS_OF;
        let command = ["registry", "simulate", "--seed", "1", "--persons"];
        shell::run(
            Command::new(&bench.fishpond)
                .args(command)
                .arg((records - repeats).to_string())
                .args(["--repeats", &repeats.to_string(), "--out"])
                .arg(&folder),
        )?;
        std::fs::write(folder.join("done"), "")?;
    }
    Ok(folder)
}

/// The JSON that stands on the last line of what was printed.
fn answer(said: &str) -> Result<Value> {
    let line = said.lines().last().context("nothing was printed")?;
    serde_json::from_str(line).context("no JSON was printed")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_aim_that_is_not_reached_is_named() {
        let cost = |cpu_us, peak_mb| Cost {
            cpu_us,
            wall_us: 1,
            peak_mb,
        };
        let (found, asked) = (json!({"f1": 0.997}), json!({"p99_us": 55}));
        require_aims((cost(1, 1), cost(20, 5)), [&found, &json!({"f1": 0.994})], &asked).unwrap();
        let missed = require_aims((cost(1, 1), cost(19, 4)), [&json!({}), &found], &json!({})).unwrap_err();
        assert_eq!(
            missed.to_string(),
            "not reached: a 20th of Splink's CPU; a 5th of its memory; an F1 of 0.996; an F1 not below Splink's; \
             one record within 10000 us"
        );
    }
}
