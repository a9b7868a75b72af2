//! What was measured: latencies, and what a process used.

use std::fs;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

/// Microseconds of one tick of `/proc/PID/stat`: Linux has a hundred a second.
const TICK_US: u64 = 10_000;

/// Answers of one phase.
#[derive(Default)]
pub struct Measured {
    latencies_us: Vec<u64>,
    not_modified: u64,
    errors: u64,
    bytes: u64,
}

impl Measured {
    pub fn answered(&mut self, latency_us: u64, not_modified: bool, bytes: usize) {
        self.latencies_us.push(latency_us);
        self.not_modified += u64::from(not_modified);
        self.bytes += u64::try_from(bytes).unwrap_or_default();
    }

    pub fn failed(&mut self) {
        self.errors += 1;
    }

    /// Another reader's answers.
    pub fn add(&mut self, other: Self) {
        self.latencies_us.extend(other.latencies_us);
        self.not_modified += other.not_modified;
        self.errors += other.errors;
        self.bytes += other.bytes;
    }

    /// Latencies in microseconds, and the rate in answers a second.
    pub fn said(mut self, wall_us: u64) -> Value {
        self.latencies_us.sort_unstable();
        let answers = u64::try_from(self.latencies_us.len()).unwrap_or_default();
        json!({
            "answers": answers,
            "errors": self.errors,
            "not_modified": self.not_modified,
            "bytes": self.bytes,
            "rate": answers.saturating_mul(1_000_000) / wall_us.max(1),
            "p50_us": self.at(500),
            "p99_us": self.at(990),
            "max_us": self.latencies_us.last(),
        })
    }

    /// The latency that so many of a thousand answers do not exceed.
    fn at(&self, per_mille: usize) -> u64 {
        let count = self.latencies_us.len();
        let rank = (count * per_mille).div_ceil(1_000).max(1);
        self.latencies_us.get(rank - 1).copied().unwrap_or_default()
    }
}

/// User and system CPU of a process so far, microseconds.
pub fn cpu_us(process: u32) -> Result<u64> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
    // The name stands in brackets and may hold anything.
    let (_, after) = stat.rsplit_once(") ").context("no name in stat")?;
    let mut ticks = 0;
    for field in after.split(' ').skip(11).take(2) {
        ticks += field.parse::<u64>()?;
    }
    Ok(ticks * TICK_US)
}

/// The largest resident set of a process, MiB.
pub fn peak_mb(process: u32) -> Result<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    Ok(number.context("no VmHWM")?.parse::<u64>()? / 1024)
}
