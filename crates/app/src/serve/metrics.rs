//! Numbers about the service in Prometheus' text form. Labels have few values: route templates, methods, statuses and
//! reasons; never an address, a name or an id.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Upper edges of the duration buckets in microseconds, with their text in seconds.
const EDGES: [(u64, &str); 12] = [
    (500, "0.0005"),
    (1_000, "0.001"),
    (2_500, "0.0025"),
    (5_000, "0.005"),
    (10_000, "0.01"),
    (25_000, "0.025"),
    (100_000, "0.1"),
    (250_000, "0.25"),
    (1_000_000, "1"),
    (2_500_000, "2.5"),
    (10_000_000, "10"),
    (60_000_000, "60"),
];

/// Why a connection was ended by us.
#[derive(Clone, Copy, Debug)]
pub enum Cut {
    /// Its headers did not come in time, or no request at all.
    SlowHeader,
    /// Its body came too slowly.
    SlowBody,
    /// It did not take its answer.
    SlowReader,
    /// Its TLS handshake failed or took too long.
    Handshake,
    /// There was no room for another connection.
    NoRoom,
    /// Its page took too long to make.
    LateAnswer,
}

const CUTS: [(Cut, &str); 6] = [
    (Cut::SlowHeader, "slow_header"),
    (Cut::SlowBody, "slow_body"),
    (Cut::SlowReader, "slow_reader"),
    (Cut::Handshake, "handshake"),
    (Cut::NoRoom, "no_room"),
    (Cut::LateAnswer, "late_answer"),
];

#[derive(Default)]
struct OfRoute {
    answers: BTreeMap<(&'static str, u16), u64>,
    buckets: [u64; EDGES.len()],
    count: u64,
    sum_us: u64,
}

/// What is counted while the service runs.
#[derive(Default)]
pub struct Metrics {
    routes: Mutex<HashMap<String, OfRoute>>,
    open: AtomicU64,
    accepted: AtomicU64,
    cuts: [AtomicU64; CUTS.len()],
    received_bytes: AtomicU64,
    sent_bytes: AtomicU64,
}

/// A number that is asked for when the metrics are.
pub struct Reading {
    /// Name, with labels.
    pub name: &'static str,
    /// What it says.
    pub help: &'static str,
    /// `gauge` or `counter`.
    pub kind: &'static str,
    /// Labels in braces, or nothing, each with its value.
    pub values: Vec<(String, u64)>,
}

impl Metrics {
    /// A connection was opened; it is counted as open until [`Metrics::closed`].
    pub fn opened(&self) {
        self.accepted.fetch_add(1, Relaxed);
        self.open.fetch_add(1, Relaxed);
    }

    /// A connection was closed.
    pub fn closed(&self) {
        self.open.fetch_sub(1, Relaxed);
    }

    /// A connection was ended by us.
    pub fn cut(&self, cut: Cut) {
        if let Some(count) = self.cuts.get(cut as usize) {
            count.fetch_add(1, Relaxed);
        }
    }

    /// Bytes of a body came in.
    pub fn received(&self, bytes: u64) {
        self.received_bytes.fetch_add(bytes, Relaxed);
    }

    /// A request was answered.
    pub fn answered(&self, route: &str, method: &'static str, status: u16, took: Duration, bytes: u64) {
        self.sent_bytes.fetch_add(bytes, Relaxed);
        let took_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let mut routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        if !routes.contains_key(route) {
            routes.insert(route.to_owned(), OfRoute::default());
        }
        let Some(of_route) = routes.get_mut(route) else {
            return;
        };
        *of_route.answers.entry((method, status)).or_default() += 1;
        of_route.count += 1;
        of_route.sum_us = of_route.sum_us.saturating_add(took_us);
        let bucket = EDGES.iter().position(|(edge, _)| took_us <= *edge);
        if let Some(bucket) = bucket.and_then(|index| of_route.buckets.get_mut(index)) {
            *bucket += 1;
        }
    }

    /// Everything as text, with what was read for the moment.
    pub fn text(&self, readings: &[Reading]) -> String {
        let mut out = String::new();
        self.requests(&mut out);
        let load = |number: &AtomicU64| number.load(Relaxed);
        let plain = |number: &AtomicU64| vec![(String::new(), load(number))];
        let cuts = CUTS.iter().zip(&self.cuts);
        let own = [
            reading(
                "fishpond_connections_open",
                "gauge",
                "Open connections.",
                plain(&self.open),
            ),
            reading(
                "fishpond_connections_total",
                "counter",
                "Connections accepted.",
                plain(&self.accepted),
            ),
            reading(
                "fishpond_connections_cut_total",
                "counter",
                "Connections ended by the service, by reason.",
                cuts.map(|((_, name), count)| (format!("{{reason=\"{name}\"}}"), load(count)))
                    .collect(),
            ),
            reading(
                "fishpond_received_bytes_total",
                "counter",
                "Bytes of request bodies.",
                plain(&self.received_bytes),
            ),
            reading(
                "fishpond_sent_bytes_total",
                "counter",
                "Bytes of answers' bodies.",
                plain(&self.sent_bytes),
            ),
        ];
        for reading in own.iter().chain(readings) {
            head(&mut out, reading.name, reading.kind, reading.help);
            for (labels, value) in &reading.values {
                let _ = writeln!(out, "{}{labels} {value}", reading.name);
            }
        }
        out
    }

    fn requests(&self, out: &mut String) {
        let routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        let mut sorted: Vec<(&String, &OfRoute)> = routes.iter().collect();
        sorted.sort_by_key(|(route, _)| *route);
        let name = "fishpond_requests_total";
        head(out, name, "counter", "Requests answered.");
        for (route, of_route) in &sorted {
            for ((method, status), count) in &of_route.answers {
                let labels = format!("route=\"{route}\",method=\"{method}\",status=\"{status}\"");
                let _ = writeln!(out, "{name}{{{labels}}} {count}");
            }
        }
        let name = "fishpond_request_seconds";
        head(
            out,
            name,
            "histogram",
            "From a request to the last byte of its answer.",
        );
        for (route, of_route) in &sorted {
            let mut below = 0;
            for ((_, edge), count) in EDGES.iter().zip(&of_route.buckets) {
                below += count;
                let _ = writeln!(out, "{name}_bucket{{route=\"{route}\",le=\"{edge}\"}} {below}");
            }
            let (sum, count) = (of_route.sum_us, of_route.count);
            let _ = writeln!(out, "{name}_bucket{{route=\"{route}\",le=\"+Inf\"}} {count}");
            let (whole, part) = (sum / 1_000_000, sum % 1_000_000);
            let _ = writeln!(out, "{name}_sum{{route=\"{route}\"}} {whole}.{part:06}");
            let _ = writeln!(out, "{name}_count{{route=\"{route}\"}} {count}");
        }
    }
}

/// A reading.
pub fn reading(
    name: &'static str,
    kind: &'static str,
    help: &'static str,
    values: Vec<(String, u64)>,
) -> Reading {
    Reading {
        name,
        help,
        kind,
        values,
    }
}

fn head(out: &mut String, name: &str, kind: &str, help: &str) {
    let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} {kind}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_stands_in_its_bucket_and_in_all_above() {
        let metrics = Metrics::default();
        metrics.answered("/figures/{id}", "GET", 200, Duration::from_micros(700), 10);
        metrics.answered("/figures/{id}", "GET", 404, Duration::from_secs(100), 10);
        metrics.cut(Cut::SlowBody);
        let text = metrics.text(&[]);
        for line in [
            "fishpond_requests_total{route=\"/figures/{id}\",method=\"GET\",status=\"200\"} 1",
            "fishpond_request_seconds_bucket{route=\"/figures/{id}\",le=\"0.0005\"} 0",
            "fishpond_request_seconds_bucket{route=\"/figures/{id}\",le=\"0.001\"} 1",
            "fishpond_request_seconds_bucket{route=\"/figures/{id}\",le=\"60\"} 1",
            "fishpond_request_seconds_bucket{route=\"/figures/{id}\",le=\"+Inf\"} 2",
            "fishpond_request_seconds_sum{route=\"/figures/{id}\"} 100.000700",
            "fishpond_connections_cut_total{reason=\"slow_body\"} 1",
            "fishpond_sent_bytes_total 20",
        ] {
            assert!(text.lines().any(|have| have == line), "{line}\n{text}");
        }
        for (place, (cut, _)) in CUTS.iter().enumerate() {
            assert_eq!(*cut as usize, place);
        }
    }
}
