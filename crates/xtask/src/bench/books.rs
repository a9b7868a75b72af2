//! Posts a second: the books on their embedded default beside PostgreSQL doing the same post as one function call.
//!
//! Both with full durability, on the same disk, in the same run, in turns, on books that grow. The callers of ours are tasks in its process, as
//! the pages and modules are that post; those of PostgreSQL are pgbench, in C, with prepared statements. Two mixes: `fund`, where
//! each post takes from the one account of the fund, as a programme pays its households, and `spread`, where no two posts need
//! meet. PostgreSQL is spared the fact in the journal.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::{bench_dir, built_bench, table};
use crate::postgres::{self, Durability};
use crate::shell;

/// Callers that post one at a time.
const CALLERS: u64 = 32;
/// Posts of a batch.
const BATCH: u64 = 8_190;
/// How long each turn posts.
const SECONDS: u64 = 10;
/// How often each contender runs.
const TURNS: usize = 5;
/// Singly, ours must be this many times as fast where all posts meet at one account.
const TIMES_MIN: u64 = 10;

/// What a turn of a contender came to.
#[derive(Clone, Copy, Debug)]
struct Turn {
    posts: u64,
    us: u64,
    p50_us: u64,
    p99_us: u64,
    /// Commits, where they are counted.
    commits: Option<u64>,
}

impl Turn {
    fn per_second(self) -> u64 {
        self.posts.saturating_mul(1_000_000) / self.us.max(1)
    }
}

/// A contender with its turns.
struct Row {
    name: String,
    mix: &'static str,
    turns: Vec<Turn>,
}

impl Row {
    fn middle(&self) -> Result<Turn> {
        let mut turns = self.turns.clone();
        turns.sort_by_key(|turn| turn.per_second());
        turns
            .get(turns.len() / 2)
            .copied()
            .context("nothing was measured")
    }
}

pub(super) fn run() -> Result<()> {
    let dir = bench_dir("books")?;
    let posts = built_bench("books", "posts")?;
    std::fs::remove_dir_all(dir.join("embedded")).ok();
    let server = server(&dir)?;
    let mut rows = Vec::new();
    for mix in ["fund", "spread"] {
        for name in [
            "ours, one desk",
            "ours, 32 people",
            "PostgreSQL",
            "ours, batches",
            "PostgreSQL, batches",
        ] {
            rows.push(Row {
                name: name.to_owned(),
                mix,
                turns: Vec::new(),
            });
        }
    }
    for turn in 1..=TURNS {
        println!("turn {turn} of {TURNS}");
        for row in &mut rows {
            let measured = measure(row, &posts, &server, &dir)?;
            row.turns.push(measured);
        }
    }
    print_rows(&rows)?;
    require_times(&rows)
}

fn measure(row: &Row, posts: &Path, server: &postgres::Server, dir: &Path) -> Result<Turn> {
    let (callers, seconds) = (CALLERS.to_string(), SECONDS.to_string());
    let words = match row.name.as_str() {
        "ours, one desk" => vec!["single", row.mix, &callers, "1", &seconds],
        "ours, 32 people" => vec!["single", row.mix, &callers, &callers, &seconds],
        "ours, batches" => vec!["batch", row.mix, "8190", &seconds],
        "PostgreSQL" => return postgres_singly(row.mix, server, dir),
        _ => return postgres_in_batches(row.mix, server, dir),
    };
    let folder = dir.join("embedded");
    std::fs::create_dir_all(&folder)?;
    let said = shell::output_of(Command::new(posts).args(words).current_dir(&folder))?;
    let said: Value = serde_json::from_str(&said).context("the bench printed no JSON")?;
    let number = |name: &str| {
        said[name]
            .as_u64()
            .with_context(|| format!("the bench printed no {name}"))
    };
    Ok(Turn {
        posts: number("posts")?,
        us: number("us")?,
        p50_us: number("p50_us")?,
        p99_us: number("p99_us")?,
        commits: Some(number("commits")?),
    })
}

/// A server with our tables and the functions, on the disk that ours is measured on.
fn server(dir: &Path) -> Result<postgres::Server> {
    let server = postgres::start(dir, Durability::Full)?;
    let migration = |name: &str| shell::root().join("migrations/postgres").join(name);
    for file in [
        migration("0001_create_journal_jobs_documents.sql"),
        migration("0011_create_books.sql"),
        super::Bench::script("books.sql"),
    ] {
        let mut psql = server.program("psql");
        psql.args(["-q", "-v", "ON_ERROR_STOP=1", "-f"]).arg(file);
        shell::run(psql.arg(server.url()))?;
    }
    Ok(server)
}

fn postgres_singly(mix: &str, server: &postgres::Server, dir: &Path) -> Result<Turn> {
    let credited = if mix == "fund" {
        "\\set credited 1\n".to_owned()
    } else {
        "\\set credited 2 + (:debited - 1 + random(0, 9998)) % 10000\n".to_owned()
    };
    let script = format!(
        "\\set debited random(2, 10001)\n{credited}\\set amount random(1, 10000)\n\\set number random(1, 4611686018427387904)\n\
         SELECT post('post-' || :number, '2018-06-30', :debited, :credited, :amount);\n"
    );
    pgbench(server, dir, &script, (CALLERS, 1))
}

fn postgres_in_batches(mix: &str, server: &postgres::Server, dir: &Path) -> Result<Turn> {
    let hot = mix == "fund";
    let script = format!(
        "\\set number random(1, 4611686018427387904)\nSELECT post_many(:number || '', {BATCH}, {hot});\n"
    );
    pgbench(server, dir, &script, (1, BATCH))
}

/// Runs a script from so many connections, each call so many posts; waits come from pgbench's log of every call.
fn pgbench(server: &postgres::Server, dir: &Path, script: &str, (callers, size): (u64, u64)) -> Result<Turn> {
    let folder = dir.join("pgbench");
    std::fs::remove_dir_all(&folder).ok();
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join("post.sql"), script)?;
    let mut command = server.program("pgbench");
    command.args([
        "-n",
        "-M",
        "prepared",
        "-j",
        "2",
        "-l",
        "--log-prefix",
        "calls",
        "-f",
        "post.sql",
    ]);
    command.args(["-c", &callers.to_string(), "-T", &SECONDS.to_string()]);
    let said = shell::output_of(command.arg(server.url()).current_dir(&folder))?;
    ensure!(
        said.contains("number of failed transactions: 0"),
        "pgbench: {said}"
    );
    let mut waits = Vec::new();
    for file in std::fs::read_dir(&folder)?.flatten() {
        if !file.file_name().to_string_lossy().starts_with("calls") {
            continue;
        }
        for line in std::fs::read_to_string(file.path())?.lines() {
            let wait = line.split(' ').nth(2).and_then(|word| word.parse::<u64>().ok());
            waits.push(wait.context("a line of pgbench's log has no wait")?);
        }
    }
    waits.sort_unstable();
    let at = |percent: usize| {
        waits
            .get(waits.len().saturating_sub(1) * percent / 100)
            .copied()
            .unwrap_or(0)
    };
    let seconds = if size == 1 {
        SECONDS * 1_000_000
    } else {
        waits.iter().sum()
    };
    Ok(Turn {
        posts: u64::try_from(waits.len())? * size,
        us: seconds,
        p50_us: at(50),
        p99_us: at(99),
        commits: None,
    })
}

fn print_rows(rows: &[Row]) -> Result<()> {
    println!(
        "\n## Posts: {CALLERS} callers one at a time, and batches of {}\n",
        table::grouped(BATCH)
    );
    println!("| mix | | posts/s | p50 ms | p99 ms | posts a commit | beside PostgreSQL |");
    println!("|---|---|---:|---:|---:|---:|---:|");
    for row in rows {
        let turn = row.middle()?;
        let peer = peer(rows, row)?;
        let group = turn.commits.map_or("-".to_owned(), |commits| {
            table::grouped(turn.posts / commits.max(1))
        });
        println!(
            "| {} | {} | {} | {} | {} | {group} | {} |",
            row.mix,
            row.name,
            table::grouped(turn.per_second()),
            millis(turn.p50_us),
            millis(turn.p99_us),
            table::times(turn.per_second(), peer.per_second()),
        );
    }
    println!("\n{}", limits(rows)?);
    Ok(())
}

/// The turn of PostgreSQL that did the same.
fn peer(rows: &[Row], row: &Row) -> Result<Turn> {
    let name = if row.name.ends_with("batches") {
        "PostgreSQL, batches"
    } else {
        "PostgreSQL"
    };
    let found = rows
        .iter()
        .find(|other| other.mix == row.mix && other.name == name);
    found.context("no peer was measured")?.middle()
}

/// What holds each back: how long a flush takes, and how many posts share one.
fn limits(rows: &[Row]) -> Result<String> {
    let ours = rows.first().context("nothing was measured")?.middle()?;
    let commits = ours.commits.unwrap_or(1).max(1);
    Ok(format!(
        "Limit: {CALLERS} callers wait for a commit together ({} posts in each, one every {} ms). PostgreSQL's wait one \
         after another for the row of the fund, a flush each; in `spread` they share its flushes, too.",
        ours.posts / commits,
        millis(ours.us / commits)
    ))
}

fn require_times(rows: &[Row]) -> Result<()> {
    let ours = rows.first().context("nothing was measured")?;
    let (turn, peer) = (ours.middle()?, peer(rows, ours)?);
    ensure!(
        turn.per_second() >= peer.per_second() * TIMES_MIN,
        "{} posts/s are not {TIMES_MIN} times {}",
        turn.per_second(),
        peer.per_second()
    );
    Ok(())
}

/// `1.23`, cut off.
fn millis(us: u64) -> String {
    format!("{}.{:02}", us / 1_000, us % 1_000 / 10)
}
