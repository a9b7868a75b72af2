//! A county's register of a million households held against the rules of recognition, with the reasons of each kept, beside a
//! bare count of the same rows by the database.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::{Bench, bench_dir, built_bench, table};
use crate::shell;

/// The longest it may take, in seconds on the clock.
const SECONDS_MAX: u64 = 30;
/// How often it is screened, each time on a register made anew.
const TURNS: usize = 3;

pub(super) fn run(households: u64) -> Result<()> {
    let dir = bench_dir("recognition")?;
    // Its script needs nothing but the standard library.
    let python = Path::new("python3");
    let screening = built_bench("registry", "screening")?;
    let filled = dir.join(format!("filled-{households}"));
    if !filled.join("done").exists() {
        println!("making a register of {households} households");
        std::fs::remove_dir_all(&filled).ok();
        std::fs::create_dir_all(&filled)?;
        let mut fill = Command::new(&screening);
        shell::run(fill.args(["fill", &households.to_string()]).current_dir(&filled))?;
        std::fs::write(filled.join("done"), "")?;
    }
    println!("\n| households | persons | clock s | bare count s | beside it | peak MB | hold | not known |");
    println!("|---:|---:|---:|---:|---:|---:|---:|---:|");
    let mut slowest = 0;
    for _ in 0..TURNS {
        let (said, cost) = screen(&dir, &filled, (python, &screening))?;
        let number = |name: &str| {
            let number = said[name].as_u64();
            number.with_context(|| format!("the bench printed no {name}"))
        };
        let (us, bare) = (number("us")?, number("bare_us")?);
        slowest = slowest.max(us);
        println!(
            "| {} | {} | {} | {} | {} | {} | {} | {} |",
            table::grouped(number("households")?),
            table::grouped(number("persons")?),
            table::seconds(us),
            table::seconds(bare),
            table::times(us, bare),
            cost["peak_mb"],
            table::grouped(number("holds")?),
            table::grouped(number("unknown")?),
        );
    }
    ensure!(
        slowest <= SECONDS_MAX * 1_000_000,
        "{} s; at most {SECONDS_MAX} are asked",
        table::seconds(slowest)
    );
    Ok(())
}

/// Screens a copy of the register in a process of its own.
fn screen(dir: &Path, filled: &Path, (python, screening): (&Path, &Path)) -> Result<(Value, Value)> {
    let folder = dir.join("screened");
    std::fs::remove_dir_all(&folder).ok();
    std::fs::create_dir_all(&folder)?;
    std::fs::copy(filled.join("fishpond.db"), folder.join("fishpond.db"))?;
    let said = folder.join("said.json");
    let mut measured = Command::new(python);
    measured
        .arg(Bench::script("measure.py"))
        .arg(&said)
        .arg(screening)
        .arg("run");
    let cost: Value = serde_json::from_str(&shell::output_of(measured.current_dir(&folder))?)?;
    ensure!(cost["status"] == 0, "screening failed in {}", folder.display());
    let said = serde_json::from_str(&std::fs::read_to_string(said)?).context("the bench printed no JSON")?;
    Ok((said, cost))
}
