//! Load on a server: at a given rate whatever its answers take, then as much as it answers.
//!
//! At a given rate (open loop), each request has its moment, and its latency counts from that moment: a server that
//! stops for a while pays for every request that waits meanwhile, and for a late client too. The moments are kept by a thread
//! of its own, because a runtime's timers are a millisecond coarse.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;
use axum::http::StatusCode;
use serde_json::{Value, json};
use tokio::sync::Mutex;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::JoinSet;

use crate::measured::{self, Measured};
use crate::mix::{Mix, Wish};
use crate::reader::{BROWSER, Reader};

/// Requests a second.
const RATE: u64 = 500;
/// Until the counting begins.
const WARM_UP: Duration = Duration::from_secs(5);
/// At the given rate.
const OPEN: Duration = Duration::from_secs(20);
/// As much as is answered.
const CLOSED: Duration = Duration::from_secs(10);
/// Connections that take the next request at the given rate; many, so that one is always free.
const OPEN_READERS: usize = 64;
/// Connections that ask without a pause.
const CLOSED_READERS: usize = 16;

/// A request and its moment.
type Due = (Instant, Wish);
/// The tag under which a reader has an address.
type Tags = Arc<Mutex<HashMap<String, String>>>;

/// Runs all phases; what was measured.
pub async fn run(address: SocketAddr, process: u32, mut mix: Mix) -> Result<Value> {
    let tags = Tags::default();
    open_loop(address, &mut mix, &tags, WARM_UP).await?;
    let (cpu, start) = (measured::cpu_us(process)?, Instant::now());
    let open = open_loop(address, &mut mix, &tags, OPEN).await?;
    let open = open.said(micros(start.elapsed()));
    let open_cpu_us = measured::cpu_us(process)? - cpu;
    let (cpu, start) = (measured::cpu_us(process)?, Instant::now());
    let closed = closed_loop(address, mix, &tags).await?;
    let closed = closed.said(micros(start.elapsed()));
    Ok(json!({
        "open": open,
        "open_cpu_us": open_cpu_us,
        "closed": closed,
        "closed_cpu_us": measured::cpu_us(process)? - cpu,
        "peak_mb": measured::peak_mb(process)?,
    }))
}

async fn open_loop(address: SocketAddr, mix: &mut Mix, tags: &Tags, within: Duration) -> Result<Measured> {
    let (sender, due) = unbounded_channel::<Due>();
    let due = Arc::new(Mutex::new(due));
    let mut readers = JoinSet::new();
    for _ in 0..OPEN_READERS {
        let reader = Reader::connect(address).await?;
        readers.spawn(take(reader, Arc::clone(&due), Arc::clone(tags)));
    }
    let count = RATE * within.as_secs();
    let wishes: Vec<Wish> = (0..count).map(|_| mix.next()).collect();
    let clock = std::thread::spawn(move || {
        let start = Instant::now();
        for (number, wish) in wishes.into_iter().enumerate() {
            let number = u64::try_from(number).unwrap_or_default();
            let moment = start + Duration::from_micros(number * 1_000_000 / RATE);
            std::thread::sleep(moment.saturating_duration_since(Instant::now()));
            if sender.send((moment, wish)).is_err() {
                return;
            }
        }
    });
    let mut all = Measured::default();
    while let Some(reader) = readers.join_next().await {
        all.add(reader?);
    }
    drop(clock.join());
    Ok(all)
}

/// Takes requests whose moment has come until there are no more.
async fn take(mut reader: Reader, due: Arc<Mutex<UnboundedReceiver<Due>>>, tags: Tags) -> Measured {
    let mut measured = Measured::default();
    loop {
        let next = due.lock().await.recv().await;
        let Some((moment, wish)) = next else {
            return measured;
        };
        ask(&mut reader, &wish, moment, &tags, &mut measured).await;
    }
}

async fn closed_loop(address: SocketAddr, mix: Mix, tags: &Tags) -> Result<Measured> {
    let mix = Arc::new(Mutex::new(mix));
    let end = Instant::now() + CLOSED;
    let mut readers = JoinSet::new();
    for _ in 0..CLOSED_READERS {
        let mut reader = Reader::connect(address).await?;
        let (mix, tags) = (Arc::clone(&mix), Arc::clone(tags));
        readers.spawn(async move {
            let mut measured = Measured::default();
            while Instant::now() < end {
                let wish = mix.lock().await.next();
                ask(&mut reader, &wish, Instant::now(), &tags, &mut measured).await;
            }
            measured
        });
    }
    let mut all = Measured::default();
    while let Some(reader) = readers.join_next().await {
        all.add(reader?);
    }
    Ok(all)
}

async fn ask(reader: &mut Reader, wish: &Wish, moment: Instant, tags: &Tags, measured: &mut Measured) {
    let known = if wish.returns {
        tags.lock().await.get(&wish.path).cloned()
    } else {
        None
    };
    match reader.get(&wish.path, BROWSER, known.as_deref()).await {
        Ok(answer) if matches!(answer.status, StatusCode::OK | StatusCode::NOT_MODIFIED) => {
            let not_modified = answer.status == StatusCode::NOT_MODIFIED;
            measured.answered(micros(moment.elapsed()), not_modified, answer.body.len());
            if let Some(tag) = answer.tag() {
                tags.lock().await.entry(wish.path.clone()).or_insert(tag);
            }
        }
        _ => measured.failed(),
    }
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}
