//! Duplicates within a simulated county register: `fishpond registry link` beside Splink 4 on DuckDB, on the same file;
//! and how long one new record takes against all of them.
//!
//! Both read the CSV, fit without labels, weigh and make clusters, and count their own F1; reading the truth is in both.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::table::{self, Row};
use super::{Bench, Cost, middle};
use crate::shell;

/// How often Fishpond runs; Splink, which takes minutes, runs once in between.
const TURNS: usize = 3;
/// Of six records one repeats another.
const REPEATS_OF: u64 = 6;

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
    let rows = [
        Row {
            name: "Fishpond registry link".to_owned(),
            cost: middle(&costs)?,
        },
        Row {
            name: "Splink on DuckDB".to_owned(),
            cost: splink,
        },
    ];
    table::print(
        &format!("Linkage: {} records within one file", table::grouped(records)),
        records,
        &rows,
    );
    println!();
    for label in ["fishpond", "splink"] {
        println!("{label}: {}", accuracy(&bench.said(label)?)?);
    }
    let ask = shell::target_dir().join("release/examples/ask");
    println!(
        "one new record: {}",
        shell::output_of(Command::new(ask).arg(&source))?.trim()
    );
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

/// The lines that matter of what a contender printed.
fn accuracy(said: &str) -> Result<String> {
    let line = said.lines().last().context("nothing was printed")?;
    let answer: serde_json::Value = serde_json::from_str(line).context("no JSON was printed")?;
    if !answer["f1"].is_number() {
        bail!("no F1 was printed");
    }
    let of = |key: &str| format!("{key} {}", answer[key]);
    Ok(["pairs", "precision", "recall", "f1"].map(of).join(", "))
}
