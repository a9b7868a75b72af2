//! What machines ask: `/healthz` (alive), `/readyz` (able to work, else why not), `/metrics`.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use axum::http::{Response, StatusCode};
use kernel::{Fault, Refusal};
use serde_json::{Value, json};
use store::Store;
use tokio::sync::Mutex;

use super::limits::ROOM_BYTES_MIN;
use super::metrics::{Metrics, Reading, reading};

/// The addresses, which are their own routes.
pub const HEALTH: &str = "/healthz";
/// Whether the service can work.
pub const READY: &str = "/readyz";
/// Numbers for Prometheus.
pub const METRICS: &str = "/metrics";

/// The database has to answer within this.
const DATABASE_WAIT: Duration = Duration::from_secs(5);
/// However often it is asked, the service looks no more often than this.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// Whether a route is one of them.
pub fn is_probe(route: &str) -> bool {
    [HEALTH, READY, METRICS].contains(&route)
}

/// When it was looked, and how database and disk were.
type Look = (Instant, Result<(), Refusal>, Result<(), Refusal>);

/// Answers them.
pub struct Probes {
    store: Store,
    data: PathBuf,
    metrics: Arc<Metrics>,
    stopping: AtomicBool,
    looked: Mutex<Option<Look>>,
}

impl Probes {
    /// Probes of a store and its data folder.
    pub fn new(store: Store, data: PathBuf, metrics: Arc<Metrics>) -> Self {
        Self {
            store,
            data,
            metrics,
            stopping: AtomicBool::new(false),
            looked: Mutex::default(),
        }
    }

    /// From now on the service is not ready.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    /// The process answers.
    pub fn health() -> Response<Body> {
        answer(StatusCode::OK, "text/plain; charset=utf-8", "ok\n".to_owned())
    }

    /// Whether it can work, with a reason for each thing that keeps it from it.
    pub async fn ready(&self) -> Response<Body> {
        let mut looked = self.looked.lock().await;
        let fresh = looked.take().filter(|(at, ..)| at.elapsed() < LOOK_AGAIN);
        let (at, database, disk) = match fresh {
            Some(fresh) => fresh,
            None => (Instant::now(), self.database().await, room(&self.data).map(drop)),
        };
        let stopping = if self.stopping.load(Ordering::Relaxed) {
            Err(Refusal::new("app.stopping", Fault::Refused))
        } else {
            Ok(())
        };
        let checks = [("service", &stopping), ("database", &database), ("disk", &disk)];
        let ready = checks.iter().all(|(_, checked)| checked.is_ok());
        let checks: Vec<Value> = checks.iter().map(|(name, checked)| line(name, checked)).collect();
        *looked = Some((at, database, disk));
        let status = if ready {
            StatusCode::OK
        } else {
            StatusCode::SERVICE_UNAVAILABLE
        };
        let body = json!({ "ready": ready, "checks": checks });
        answer(status, "application/json", format!("{body}\n"))
    }

    /// The database answers and the journal's head can be read.
    async fn database(&self) -> Result<(), Refusal> {
        match tokio::time::timeout(DATABASE_WAIT, self.store.facts_head()).await {
            Ok(head) => head.map(drop),
            Err(_) => Err(Refusal::new("app.database_silent", Fault::Broken)),
        }
    }

    /// The numbers.
    pub async fn metrics(&self) -> Response<Body> {
        let text = self.metrics.text(&self.readings().await);
        answer(StatusCode::OK, "text/plain; version=0.0.4; charset=utf-8", text)
    }

    async fn readings(&self) -> Vec<Reading> {
        let one = |value: u64| vec![(String::new(), value)];
        let whole = |value: usize| u64::try_from(value).unwrap_or(u64::MAX);
        let written = self.store.written();
        let version = format!("{{version=\"{}\"}}", env!("CARGO_PKG_VERSION"));
        let mut readings = vec![
            reading(
                "fishpond_build_info",
                "gauge",
                "The version that runs.",
                vec![(version, 1)],
            ),
            reading(
                "fishpond_commands_waiting",
                "gauge",
                "Commands that wait for the writer.",
                one(whole(self.store.waiting())),
            ),
            reading(
                "fishpond_commands_total",
                "counter",
                "Commands kept.",
                one(written.commands),
            ),
            reading(
                "fishpond_commits_total",
                "counter",
                "Commits that carried them.",
                one(written.commits),
            ),
        ];
        self.jobs(&mut readings).await;
        self.machine(&mut readings);
        readings
    }

    async fn jobs(&self, readings: &mut Vec<Reading>) {
        let one = |value: u64| vec![(String::new(), value)];
        let counted = tokio::time::timeout(DATABASE_WAIT, self.store.jobs().counts()).await;
        let up = matches!(counted, Ok(Ok(_)));
        readings.push(reading(
            "fishpond_database_up",
            "gauge",
            "Whether the database answers.",
            one(u64::from(up)),
        ));
        if let Ok(Ok(counts)) = counted {
            let of = |state: &str| {
                let found = counts.iter().find(|(known, _)| known == state);
                found.map_or(0, |(_, jobs)| u64::try_from(*jobs).unwrap_or_default())
            };
            let states =
                ["waiting", "running", "failed"].map(|state| (format!("{{state=\"{state}\"}}"), of(state)));
            readings.push(reading(
                "fishpond_jobs",
                "gauge",
                "Jobs by state.",
                states.to_vec(),
            ));
        }
    }

    fn machine(&self, readings: &mut Vec<Reading>) {
        let one = |value: u64| vec![(String::new(), value)];
        let whole = |value: usize| u64::try_from(value).unwrap_or(u64::MAX);
        if let Some(bytes) = room_of(&self.data) {
            readings.push(reading(
                "fishpond_disk_free_bytes",
                "gauge",
                "Free space of the data folder.",
                one(bytes),
            ));
        }
        if let Some(bytes) = resident_bytes() {
            readings.push(reading(
                "process_resident_memory_bytes",
                "gauge",
                "Memory in use.",
                one(bytes),
            ));
        }
        if let Ok(files) = std::fs::read_dir("/proc/self/fd") {
            readings.push(reading(
                "process_open_fds",
                "gauge",
                "Open files.",
                one(whole(files.count())),
            ));
        }
    }
}

fn line(name: &str, checked: &Result<(), Refusal>) -> Value {
    match checked {
        Ok(()) => json!({ "name": name, "ok": true }),
        Err(refusal) => json!({
            "name": name,
            "ok": false,
            "code": refusal.code,
            "zh": refusal.message(kernel::Lang::Zh),
            "en": refusal.message(kernel::Lang::En),
        }),
    }
}

/// Free space of a folder's disk, in bytes.
pub fn room_of(folder: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

/// Free space of a folder's disk, where there is enough to go on.
///
/// # Errors
/// `app.disk_low`, naming how much there is.
pub fn room(folder: &Path) -> Result<Option<u64>, Refusal> {
    match room_of(folder) {
        Some(bytes) if bytes < ROOM_BYTES_MIN => Err(Refusal::new("app.disk_low", Fault::Broken)
            .fact("free_mb", bytes >> 20)
            .fact("wanted_mb", ROOM_BYTES_MIN >> 20)),
        found => Ok(found),
    }
}

/// What this process holds in memory.
fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    let kibibytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kibibytes << 10)
}

fn answer(status: StatusCode, kind: &'static str, body: String) -> Response<Body> {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
