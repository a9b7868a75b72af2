//! A report's figures from rollups, and from all order lines, beside DuckDB's scan of the same lines.
//!
//! Both compute the same definitions: the figure SQL of the programme. DuckDB reads Fishpond's own Parquet segments, so
//! the comparison is of the engines and of the rollups, not of file formats. What a fresh process costs is mostly its
//! start and the planning of its queries, so two readings are given of each: the whole process, and the figures alone
//! within a process that runs, as a server does.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::table::{self, Row};
use super::{Bench, Cost, TURNS, middle};
use crate::shell;

const PERIOD: &str = "2018H1";
/// The months of the period, as the segments write them.
const MONTHS: [&str; 2] = ["201801", "201806"];
const FIGURES: &str = "programmes/2018h1/figures";
const PLACES: &str = "crates/people/data";
const ROLLUPS: &str = "rollups";
const AUDIT: &str = "audit";
const DUCKDB: &str = "duckdb";
/// So many times the figures are computed within one process; the mean is told.
const REPORTS: &str = "300";

/// One program with its arguments and what its turns cost.
struct Contender {
    title: &'static str,
    label: &'static str,
    command: Vec<OsString>,
    turns: Vec<Cost>,
}

pub(super) fn run(lines: u64) -> Result<()> {
    let bench = Bench::prepare("report", &["duckdb"])?;
    let data = imported(&bench, lines)?;
    let mut contenders = contenders(&bench, &data);
    for turn in 1..=TURNS {
        println!("turn {turn} of {TURNS}");
        for contender in &mut contenders {
            contender
                .turns
                .push(bench.measure(contender.label, &contender.command)?);
        }
        require_same_values(&bench)?;
    }
    let rows = contenders
        .iter()
        .map(|contender| {
            Ok(Row {
                name: contender.title.to_owned(),
                cost: middle(&contender.turns)?,
            })
        })
        .collect::<Result<Vec<Row>>>()?;
    table::print(
        &format!("Figures of {PERIOD} over {} order lines", table::grouped(lines)),
        lines,
        &rows,
    );
    print_ratios(&rows);
    print_running(&bench, &data)
}

/// A data folder with the order file imported, made once and kept for the next run.
fn imported(bench: &Bench, lines: u64) -> Result<PathBuf> {
    let data = bench.dir.join(format!("data-{lines}"));
    if !data.join("imported").exists() {
        let source = bench.order_file(lines)?;
        println!("importing {lines} lines once");
        std::fs::remove_dir_all(&data).ok();
        let mut import = Command::new(&bench.fishpond);
        import
            .args(["sales", "import", "--layout", "platform", "--data"])
            .arg(&data)
            .arg(&source);
        shell::run(&mut import)?;
        std::fs::write(data.join("imported"), "")?;
    }
    Ok(data)
}

fn contenders(bench: &Bench, data: &Path) -> Vec<Contender> {
    let fishpond = |words: &[&str]| {
        let mut command = vec![bench.fishpond.clone().into_os_string()];
        command.extend(words.iter().map(OsString::from));
        command.extend([OsString::from("--data"), data.into()]);
        command
    };
    let (figures, places) = (shell::root().join(FIGURES), shell::root().join(PLACES));
    let mut duckdb: Vec<OsString> = vec![
        bench.python.clone().into(),
        Bench::script("duckdb_report.py").into(),
        data.into(),
    ];
    duckdb.extend([figures.into(), places.into()]);
    duckdb.extend(MONTHS.map(OsString::from));

    let contender = |title, label, command| Contender {
        title,
        label,
        command,
        turns: Vec::new(),
    };
    let list = ["figures", "list", "--json", "--period", PERIOD];
    let audit = ["figures", "list", "--json", "--period", PERIOD, "--audit"];
    vec![
        contender("Fishpond, rollups", ROLLUPS, fishpond(&list)),
        contender(
            "Fishpond, start-up only",
            "startup",
            fishpond(&["sales", "imports", "--json"]),
        ),
        contender("Fishpond, audit of all lines", AUDIT, fishpond(&audit)),
        contender("DuckDB, all lines", DUCKDB, duckdb),
    ]
}

/// Every figure DuckDB computed is the one Fishpond answers, from rollups and from the lines.
fn require_same_values(bench: &Bench) -> Result<()> {
    let read = |label: &str| -> Result<serde_json::Value> {
        serde_json::from_str(&bench.said(label)?).with_context(|| format!("{label} printed no JSON"))
    };
    let expected = read(DUCKDB)?;
    let expected = expected["values"]
        .as_object()
        .context("duckdb_report.py printed no object")?;
    for label in [ROLLUPS, AUDIT] {
        let answer = read(label)?;
        let figures = answer
            .get("figures")
            .unwrap_or(&answer)
            .as_array()
            .context("no list of figures")?;
        for (id, value) in expected {
            let ours = figures
                .iter()
                .find(|figure| figure["id"] == **id)
                .map(|figure| &figure["value"]);
            if ours != Some(value) {
                bail!("{id}: DuckDB says {value}, Fishpond ({label}) says {ours:?}");
            }
        }
    }
    Ok(())
}

fn print_ratios(rows: &[Row]) {
    println!("\nCPU of DuckDB's scan of all lines beside");
    let duckdb = rows.iter().find(|row| row.name.starts_with("DuckDB"));
    for row in rows.iter().filter(|row| row.name.starts_with("Fishpond")) {
        let ratio = duckdb.map(|duckdb| table::times(duckdb.cost.cpu_us, row.cost.cpu_us));
        println!("- {}, whole process: {}", row.name, ratio.unwrap_or_default());
    }
}

/// The figures alone, within a running process: Fishpond opens its evidence anew each time, DuckDB only runs its queries.
fn print_running(bench: &Bench, data: &Path) -> Result<()> {
    let said = shell::output_of(
        shell::cargo()
            .args(["bench", "--package", "lake", "--bench", "figures", "--"])
            .arg(data)
            .args([PERIOD, REPORTS]),
    )?;
    let ours: serde_json::Value =
        serde_json::from_str(&said).context("the bench `figures` printed no JSON")?;
    let theirs: serde_json::Value = serde_json::from_str(&bench.said(DUCKDB)?)?;
    if ours["values"] != theirs["values"] {
        bail!("within a process Fishpond says {ours}, DuckDB {theirs}");
    }
    let cost = |answer: &serde_json::Value| answer["cpu_us"].as_u64().context("no cpu_us");
    let (ours, theirs) = (cost(&ours)?, cost(&theirs)?);
    println!(
        "- the figures alone, within a running process: {} ({} s against {} s)",
        table::times(theirs, ours),
        table::seconds(theirs),
        table::seconds(ours)
    );
    Ok(())
}
