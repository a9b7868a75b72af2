//! What the figures of a report cost a running process, from rollups: DATA PERIOD TIMES.
//!
//! Prints the values and the CPU of one time in microseconds as JSON, for `cargo xtask bench report`. Each time an engine is
//! opened anew over the data folder, as for a reader of the web, and every figure is asked for its value.

use std::path::Path;
use std::sync::Arc;

use kernel::{Period, Refusal, SystemClock, SystemIds};
use lake::Lake;
use lake::figures::{FigureEngine, FigureTables};
use people::places::Places;
use programme::Programme;
use serde_json::{Map, Value, json};
use store::{Store, StoreConfig};

/// Microseconds of one tick of `/proc/self/stat`: Linux has a hundred a second.
const TICK_US: u64 = 10_000;

fn main() -> Result<(), String> {
    let words: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| word != "--bench")
        .collect();
    let [data, period, times] = words.as_slice() else {
        // `cargo test` runs benches without words, to see that they start.
        return Ok(());
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    let period: Period = period
        .parse()
        .map_err(|refusal: Refusal| refusal.code.to_owned())?;
    let times: u64 = times.parse().map_err(|_| "TIMES is a whole number".to_owned())?;
    let answer = runtime.block_on(measure(Path::new(data), period, times));
    println!("{}", answer.map_err(|refusal| format!("{refusal:?}"))?);
    Ok(())
}

async fn measure(data: &Path, period: Period, times: u64) -> Result<Value, Refusal> {
    let config = StoreConfig {
        database: format!("sqlite://{}", data.join("fishpond.db").display()),
        documents: data.join("documents").display().to_string(),
    };
    let store = Store::open(config, Arc::new(SystemClock), Arc::new(SystemIds)).await?;
    let lake = Lake::open(store, &data.join("lake"))?;
    let programme = Programme::built_in().map_err(|findings| programme::as_refusal(&findings))?;
    let tables = Arc::new(FigureTables::of(&programme, Places::national())?);
    let mut values = report(&lake, &programme, &tables, period).await?;
    let before = cpu_us();
    for _ in 0..times {
        values = report(&lake, &programme, &tables, period).await?;
    }
    let cpu_us = (cpu_us() - before) / times.max(1);
    Ok(json!({ "values": values, "cpu_us": cpu_us }))
}

async fn report(
    lake: &Lake,
    programme: &Programme,
    tables: &Arc<FigureTables>,
    period: Period,
) -> Result<Map<String, Value>, Refusal> {
    let engine = FigureEngine::over_rollups(lake, tables, period).await?;
    let mut values = Map::new();
    for figure in &programme.figures {
        values.insert(figure.id.clone(), json!(engine.value(figure).await?));
    }
    Ok(values)
}

/// User and system CPU of this process so far.
fn cpu_us() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name of the program stands in brackets and may hold anything; what follows are numbers.
    let numbers = stat.rsplit_once(')').map_or("", |(_, numbers)| numbers);
    let ticks = numbers.split_whitespace().skip(11).take(2);
    ticks.filter_map(|ticks| ticks.parse::<u64>().ok()).sum::<u64>() * TICK_US
}
