//! The pages under load, beside a server that says hello and nothing else.
//!
//! Both stand on this machine in the same run and take turns, as does the client, which has the same two cores: what is
//! told is what a small machine does, not what the network adds. The client (`crates/app/benches/web`) asks 500 times a second
//! for a mix of public pages, whatever the answers take, then as often as it is answered.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use super::{bench_dir, table};
use crate::shell;

/// How often each server is loaded.
const TURNS: usize = 3;
/// Requests a second that have to be answered.
const RATE: u64 = 500;
/// The most a page and everything it draws on may weigh, compressed either way.
const FIRST_BYTES_MAX: u64 = 60_000;
/// The most a page may weigh to a reader who has its styles and script.
const AFTER_BYTES_MAX: u64 = 20_000;

pub(super) fn run(lines: u64) -> Result<()> {
    let dir = bench_dir("web")?;
    let (fishpond, client) = build()?;
    let data = demo(&fishpond, &dir, lines)?;
    let pond = Server::start(
        "Fishpond",
        "pond",
        Command::new(&fishpond)
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(&data)
            .stderr(std::fs::File::create(dir.join("serve.log"))?),
    )?;
    let hello = Server::start("axum hello world", "hello", Command::new(&client).arg("hello"))?;
    let weights = said(Command::new(&client).args(["weigh", &pond.address]))?;
    let mut turns: [Vec<Value>; 2] = [Vec::new(), Vec::new()];
    for turn in 1..=TURNS {
        println!("turn {turn} of {TURNS}");
        for (server, turns) in [&hello, &pond].into_iter().zip(&mut turns) {
            turns.push(server.load(&client)?);
        }
    }
    let [hello_turns, pond_turns] = &turns;
    println!(
        "\n## Public pages, demo of {} order lines\n",
        table::grouped(lines)
    );
    println!(
        "| | answers/s at {RATE}/s | p50 ms | p99 ms | p99 of the turns | max ms | errors | CPU s of 20 | answers/s at most | peak MB |"
    );
    println!("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
    print_row(&hello, hello_turns)?;
    print_row(&pond, pond_turns)?;
    let (ours, theirs) = (p99(middle(pond_turns)?)?, p99(middle(hello_turns)?)?);
    println!("\np99 beside hello world: {}", table::times(ours, theirs));
    print_weights(&weights)?;
    require_rate(pond_turns)
}

/// Builds the program and the client, in release mode.
fn build() -> Result<(PathBuf, PathBuf)> {
    let said = shell::output_of(shell::cargo().args([
        "build",
        "--release",
        "--package",
        "app",
        "--bin",
        "fishpond",
        "--bench",
        "web",
        "--message-format",
        "json-render-diagnostics",
    ]))?;
    let made = |name: &str| {
        let lines = said
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok());
        lines
            .filter(|line| line["target"]["name"] == name)
            .find_map(|line| line["executable"].as_str().map(PathBuf::from))
            .with_context(|| format!("cargo built no {name}"))
    };
    Ok((made("fishpond")?, made("web")?))
}

/// A data folder with the demo, made once and kept for the next run.
fn demo(fishpond: &Path, dir: &Path, lines: u64) -> Result<PathBuf> {
    let data = dir.join(format!("data-{lines}"));
    if !data.join("made").exists() {
        println!("making a demo of {lines} lines once");
        std::fs::remove_dir_all(&data).ok();
        let mut demo = Command::new(fishpond);
        demo.args(["demo", "--no-serve", "--lines", &lines.to_string(), "--data"]);
        shell::run(demo.arg(&data).stdout(Stdio::null()))?;
        std::fs::write(data.join("made"), "")?;
    }
    Ok(data)
}

/// A running server; ended when it is dropped.
struct Server {
    title: &'static str,
    what: &'static str,
    child: Child,
    address: String,
}

impl Server {
    /// Starts it, and waits until it says where it is.
    fn start(title: &'static str, what: &'static str, command: &mut Command) -> Result<Self> {
        let mut child = command.stdout(Stdio::piped()).spawn()?;
        let mut printed = BufReader::new(child.stdout.take().context("no output")?).lines();
        let address = loop {
            let line = printed.next().context("it never said where it listens")??;
            if let Some((_, rest)) = line.split_once("http://") {
                break rest.split('/').next().unwrap_or_default().to_owned();
            }
        };
        // Whatever else it prints is read away, so that it never waits.
        std::thread::spawn(move || printed.for_each(drop));
        Ok(Self {
            title,
            what,
            child,
            address,
        })
    }

    fn load(&self, client: &Path) -> Result<Value> {
        let process = self.child.id().to_string();
        said(Command::new(client).args(["load", self.what, &self.address, &process]))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It is over either way.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn said(command: &mut Command) -> Result<Value> {
    serde_json::from_str(&shell::output_of(command)?).context("the client printed no JSON")
}

fn number(value: &Value) -> Result<u64> {
    value.as_u64().with_context(|| format!("{value} is no number"))
}

fn p99(turn: &Value) -> Result<u64> {
    number(&turn["open"]["p99_us"])
}

/// The middle turn by p99.
fn middle(turns: &[Value]) -> Result<&Value> {
    let mut turns: Vec<&Value> = turns.iter().collect();
    turns.sort_by_key(|turn| turn["open"]["p99_us"].as_u64());
    turns
        .get(turns.len() / 2)
        .copied()
        .context("nothing was measured")
}

fn print_row(server: &Server, turns: &[Value]) -> Result<()> {
    let turn = middle(turns)?;
    let open = &turn["open"];
    let mut tails = turns.iter().map(p99).collect::<Result<Vec<_>>>()?;
    tails.sort_unstable();
    let tails: Vec<String> = tails.into_iter().map(milliseconds).collect();
    let mut errors = 0;
    for turn in turns {
        errors += number(&turn["open"]["errors"])? + number(&turn["closed"]["errors"])?;
    }
    println!(
        "| {} | {} | {} | {} | {} | {} | {errors} | {} | {} | {} |",
        server.title,
        number(&open["rate"])?,
        milliseconds(number(&open["p50_us"])?),
        milliseconds(p99(turn)?),
        tails.join(", "),
        milliseconds(number(&open["max_us"])?),
        table::seconds(number(&turn["open_cpu_us"])?),
        table::grouped(number(&turn["closed"]["rate"])?),
        number(&turn["peak_mb"])?,
    );
    Ok(())
}

/// `1.234`
fn milliseconds(us: u64) -> String {
    format!("{}.{:03}", us / 1_000, us % 1_000)
}

/// Prints the heaviest pages, and refuses those that are too heavy.
fn print_weights(pages: &Value) -> Result<()> {
    let pages = pages.as_array().context("the client weighed nothing")?;
    println!("\n{} pages weighed, compressed; the heaviest:", pages.len());
    for (when, max) in [("first", FIRST_BYTES_MAX), ("after", AFTER_BYTES_MAX)] {
        for encoding in ["brotli", "gzip"] {
            let heaviest = pages.iter().max_by_key(|page| page[when][encoding].as_u64());
            let heaviest = heaviest.context("the client weighed nothing")?;
            let bytes = number(&heaviest[when][encoding])?;
            let path = &heaviest["path"];
            println!(
                "- {when} visit, {encoding}: {} bytes, {path}",
                table::grouped(bytes)
            );
            ensure!(
                bytes <= max,
                "{path} weighs {bytes} bytes on the {when} visit; {max} are allowed"
            );
        }
    }
    Ok(())
}

/// The rate was asked for and has to be answered, without an error, in every turn.
fn require_rate(turns: &[Value]) -> Result<()> {
    for turn in turns {
        let (rate, errors) = (number(&turn["open"]["rate"])?, number(&turn["open"]["errors"])?);
        // The last answers come after the last moment, so a rate that is kept is told a little lower.
        if rate < RATE * 99 / 100 || errors > 0 {
            bail!("{rate} answers a second with {errors} errors, where {RATE} were asked for");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_page_that_is_too_heavy_and_a_rate_that_is_not_kept_fail_the_bench() {
        let page = |first, after| json!([{ "path": "/", "first": { "gzip": first, "brotli": first }, "after": { "gzip": after, "brotli": after } }]);
        assert!(print_weights(&page(60_000, 20_000)).is_ok());
        assert!(print_weights(&page(60_001, 1)).is_err());
        assert!(print_weights(&page(30_000, 20_001)).is_err());
        let turn = |rate, errors| json!({ "open": { "rate": rate, "errors": errors } });
        assert!(require_rate(&[turn(499, 0)]).is_ok());
        assert!(require_rate(&[turn(499, 0), turn(400, 0)]).is_err());
        assert!(require_rate(&[turn(500, 1)]).is_err());
    }
}
