//! `cargo xtask bench NAME`: Fishpond beside DuckDB and Polars on the same file, in the same run; its pages under load
//! beside a server that says hello (`web`); its books beside PostgreSQL (`books`);
//! its linkage beside Splink (`linkage`); a register held against the rules beside a bare count of its rows (`recognition`).
//!
//! Of the former, every measurement is a fresh process; CPU seconds are user and system time of that process, peak memory is its
//! largest resident set. The contenders take turns, five times, so that a slow minute of the machine hits all of
//! them; the middle of the five stands in the table. Only numbers of one run may be compared.

mod books;
mod intake;
mod linkage;
mod recognition;
mod report;
mod table;
mod web;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::shell;

/// How often each contender runs.
const TURNS: usize = 5;

/// Runs the benchmark `name` with so many order lines (else its own default).
pub(crate) fn run(name: &str, lines: Option<&str>) -> Result<()> {
    let lines = lines
        .map(|text| text.replace('_', "").parse::<u64>())
        .transpose()
        .context("--lines takes a whole number")?;
    match name {
        "intake" => intake::run(lines.unwrap_or(10_000_000)),
        "report" => report::run(lines.unwrap_or(50_000_000)),
        "books" => books::run(),
        "linkage" => linkage::run(lines.unwrap_or(1_200_000)),
        "recognition" => recognition::run(lines.unwrap_or(1_000_000)),
        "web" => web::run(lines.unwrap_or(200_000)),
        _ => bail!(
            "no benchmark `{name}`; there are `intake`, `report`, `web`, `books`, `linkage` and `recognition`"
        ),
    }
}

/// The working folder of a benchmark, under the target folder.
fn bench_dir(name: &str) -> Result<PathBuf> {
    let dir = shell::target_dir().join("bench").join(name);
    std::fs::create_dir_all(&dir)?;
    Ok(dir)
}

/// Builds a bench of a crate in release mode; answers where it is.
fn built_bench(package: &str, name: &str) -> Result<PathBuf> {
    let said = shell::output_of(shell::cargo().args([
        "build",
        "--release",
        "--package",
        package,
        "--bench",
        name,
        "--message-format",
        "json-render-diagnostics",
    ]))?;
    said.lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter(|line| line["target"]["name"] == name)
        .find_map(|line| line["executable"].as_str().map(PathBuf::from))
        .with_context(|| format!("cargo built no bench `{name}`"))
}

/// What one process cost.
#[derive(Clone, Copy, Debug)]
struct Cost {
    /// User and system CPU, microseconds.
    cpu_us: u64,
    /// Time on the clock, microseconds.
    wall_us: u64,
    /// Largest resident set, MiB.
    peak_mb: u64,
}

/// A working folder for one benchmark, under the target folder, and the programs it needs.
struct Bench {
    dir: PathBuf,
    python: PathBuf,
    fishpond: PathBuf,
}

impl Bench {
    /// Builds `fishpond` in release mode and finds Python with `packages`.
    fn prepare(name: &str, packages: &[&str]) -> Result<Self> {
        shell::run(shell::cargo().args(["build", "--release", "--package", "app"]))?;
        let dir = bench_dir(name)?;
        let fishpond = shell::target_dir().join("release/fishpond");
        Ok(Self {
            dir,
            python: crate::python::with(packages)?,
            fishpond,
        })
    }

    /// A script that stands beside this crate's sources.
    fn script(name: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("bench").join(name)
    }

    /// Makes the simulated order file of so many lines, or takes the one of an earlier run.
    fn order_file(&self, lines: u64) -> Result<PathBuf> {
        let folder = self.dir.join(format!("lines-{lines}"));
        if !folder.join("done").exists() {
            println!("making a clean order file of {lines} lines");
            shell::run(
                Command::new(&self.fishpond)
                    .args(["simulate", "--seed", "1", "--clean"])
                    .args(["--lines", &lines.to_string(), "--out"])
                    .arg(&folder),
            )?;
            std::fs::write(folder.join("done"), "")?;
        }
        let mut files: Vec<PathBuf> = std::fs::read_dir(&folder)?
            .flatten()
            .map(|entry| entry.path())
            .collect();
        files.retain(|path| path.extension().is_some_and(|extension| extension == "csv"));
        files.sort_by_key(|path| std::cmp::Reverse(std::fs::metadata(path).map_or(0, |about| about.len())));
        files
            .into_iter()
            .next()
            .context("`fishpond simulate` wrote no CSV file")
    }

    /// Runs one command in a fresh process and says what it cost; what it prints goes to a file in the folder.
    fn measure(&self, label: &str, command: &[impl AsRef<std::ffi::OsStr>]) -> Result<Cost> {
        let said = self.dir.join(format!("{label}.out"));
        let line = shell::output_of(
            Command::new(&self.python)
                .arg(Self::script("measure.py"))
                .arg(&said)
                .args(command),
        )?;
        let cost: serde_json::Value = serde_json::from_str(&line).context("measure.py printed no JSON")?;
        if cost["status"] != 0 {
            bail!(
                "{label} ended with {}; it printed to {}",
                cost["status"],
                said.display()
            );
        }
        let number = |key: &str| {
            cost[key]
                .as_u64()
                .with_context(|| format!("measure.py printed no {key}"))
        };
        Ok(Cost {
            cpu_us: number("cpu_us")?,
            wall_us: number("wall_us")?,
            peak_mb: number("peak_mb")?,
        })
    }

    /// What a measured command printed.
    fn said(&self, label: &str) -> Result<String> {
        Ok(std::fs::read_to_string(self.dir.join(format!("{label}.out")))?)
    }
}

/// The middle by CPU of the turns of one contender.
fn middle(turns: &[Cost]) -> Result<Cost> {
    let mut turns = turns.to_vec();
    turns.sort_by_key(|cost| cost.cpu_us);
    turns
        .get(turns.len() / 2)
        .copied()
        .context("nothing was measured")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_turn_is_taken_by_cpu() {
        let cost = |cpu_us| Cost {
            cpu_us,
            wall_us: 1,
            peak_mb: 1,
        };
        assert_eq!(middle(&[cost(9), cost(1), cost(4)]).unwrap().cpu_us, 4);
        assert!(middle(&[]).is_err());
    }
}
