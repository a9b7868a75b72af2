//! Order lines from CSV to Parquet: Fishpond's import against DuckDB's COPY and Polars' streaming scan.
//!
//! The three do not do the same work: Fishpond checks every field, keeps rejected rows, counts a line once across files,
//! sorts, hashes and chains; the other two read typed columns and write them.

use std::ffi::OsStr;

use anyhow::{Context, Result, bail};

use super::table::{self, Row};
use super::{Bench, TURNS, middle};
use crate::shell;

const LAYOUT: &str = "programmes/2018h1/channels/platform.toml";

pub(super) fn run(lines: u64) -> Result<()> {
    let bench = Bench::prepare("intake", &["duckdb", "polars"])?;
    let source = bench.order_file(lines)?;
    let layout = shell::root().join(LAYOUT);
    let target = bench.dir.join("other.parquet");
    let data = bench.dir.join("data");

    let mut fishpond = Vec::new();
    let mut duckdb = Vec::new();
    let mut polars = Vec::new();
    for turn in 1..=TURNS {
        println!("turn {turn} of {TURNS}");
        // A new data folder each time: the same file twice would be answered from the journal.
        std::fs::remove_dir_all(&data).ok();
        let words = ["sales", "import", "--layout", "platform", "--json", "--data"].map(OsStr::new);
        let mut command = vec![bench.fishpond.as_os_str()];
        command.extend(words);
        command.extend([data.as_os_str(), source.as_os_str()]);
        fishpond.push(bench.measure("fishpond", &command)?);
        require_all_accepted(&bench.said("fishpond")?, lines)?;

        for (label, costs) in [("duckdb", &mut duckdb), ("polars", &mut polars)] {
            let script = Bench::script(&format!("{label}_intake.py"));
            let paths = [
                bench.python.as_os_str(),
                script.as_os_str(),
                layout.as_os_str(),
                source.as_os_str(),
            ];
            let mut command = paths.to_vec();
            command.push(target.as_os_str());
            costs.push(bench.measure(label, &command)?);
        }
    }
    let rows = [
        ("Fishpond import", &fishpond),
        ("DuckDB COPY", &duckdb),
        ("Polars sink", &polars),
    ]
    .into_iter()
    .map(|(name, turns)| {
        Ok(Row {
            name: name.to_owned(),
            cost: middle(turns)?,
        })
    })
    .collect::<Result<Vec<Row>>>()?;
    let size_mb = std::fs::metadata(&source)?.len() / (1024 * 1024);
    table::print(
        &format!(
            "Intake: {} order lines, {size_mb} MB of CSV, to Parquet",
            table::grouped(lines)
        ),
        lines,
        &rows,
    );
    Ok(())
}

/// A quick import that lost lines would be no result.
fn require_all_accepted(said: &str, lines: u64) -> Result<()> {
    let answer: serde_json::Value =
        serde_json::from_str(said).context("`sales import --json` printed no JSON")?;
    if answer["accepted"] != lines || answer["rejected"] != 0 {
        bail!(
            "of {lines} lines {} were accepted and {} rejected",
            answer["accepted"],
            answer["rejected"]
        );
    }
    Ok(())
}
