//! Posts a second into an embedded store with full durability, for `cargo xtask bench books`.
//!
//! `posts single MIX CALLERS ACTORS SECONDS` and `posts batch MIX SIZE SECONDS`, in the current folder. MIX is `fund` (each post takes
//! from one account with a floor, as a programme pays its households) or `spread` (between two of them). Prints one line of JSON.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement ends by panicking and prints"
)]

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use books::{Act, Books, Leg, NewAccount, NewEntry};
use futures::future::join_all;
use jiff::civil::date;
use kernel::{Actor, IdSource as _, Money, Refusal, Role, SystemClock, SystemIds};
use serde_json::json;
use store::{Store, StoreConfig};

/// Accounts of households.
const HOUSEHOLDS: u64 = 10_000;
/// What the fund has, in fen: never the limit here.
const FUND: i64 = 1_000_000_000_000;

fn main() {
    let words: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| word != "--bench")
        .collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let number = |text: &str| text.parse::<u64>().unwrap();
    match words.as_slice() {
        ["single", mix, callers, actors, seconds] => {
            let wish = (number(callers), number(actors), number(seconds));
            runtime.block_on(single((*mix).to_owned(), wish));
        }
        ["batch", mix, size, seconds] => {
            runtime.block_on(batch((*mix).to_owned(), number(size), number(seconds)));
        }
        _ => println!("posts single MIX CALLERS ACTORS SECONDS | posts batch MIX SIZE SECONDS"),
    }
}

/// SplitMix64.
fn mixed(state: u64) -> u64 {
    let z = state.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb) >> 1
}

fn household(number: u64) -> books::AccountCode {
    format!("liabilities:household:{}", number % HOUSEHOLDS)
        .parse()
        .unwrap()
}

/// A post of a turn, by its number.
fn entry(mix: &str, turn: &str, number: u64) -> NewEntry {
    let random = mixed(number);
    let to = household(random);
    let from = if mix == "fund" {
        "assets:fund:cash".parse().unwrap()
    } else {
        household(random % HOUSEHOLDS + 1 + random / HOUSEHOLDS % (HOUSEHOLDS - 1))
    };
    let amount = Money::from_fen(i64::try_from(random % 10_000).unwrap() + 1);
    NewEntry {
        key: format!("{turn}-{number}"),
        effective_on: date(2018, 6, 30),
        memo: "结算".to_owned(),
        evidence: vec![],
        legs: vec![Leg::debit(to, amount), Leg::credit(from, amount).unwrap()],
    }
}

async fn open() -> Store {
    let config = StoreConfig {
        database: "sqlite://fishpond.db".to_owned(),
        documents: "documents".to_owned(),
    };
    let store = Store::open(config, Arc::new(SystemClock), Arc::new(SystemIds))
        .await
        .unwrap();
    // The accounts are made in the first turn.
    let mut reader = store.read().await.unwrap();
    if books::entry_by_key(&mut reader, "pledge")
        .await
        .unwrap()
        .is_some()
    {
        return store;
    }
    drop(reader);
    let made: Result<(), Refusal> = store
        .write(Actor::system(), |ctx| {
            Box::pin(async move {
                let account = |code: books::AccountCode, owner: String, floor| {
                    Ok::<_, Refusal>(NewAccount {
                        code,
                        owner: owner.parse()?,
                        name_zh: "科目".to_owned(),
                        name_en: "account".to_owned(),
                        floor,
                    })
                };
                for (code, floor) in [("assets:fund:cash", true), ("equity:pledge", false)] {
                    let new = account(code.parse()?, "fund:main".to_owned(), floor)?;
                    let _now = books::open_account(ctx, new).await?;
                }
                for number in 0..HOUSEHOLDS {
                    let new = account(household(number), format!("household:{number}"), false)?;
                    let _now = books::open_account(ctx, new).await?;
                }
                let pledge = NewEntry {
                    key: "pledge".to_owned(),
                    effective_on: date(2018, 1, 1),
                    memo: String::new(),
                    evidence: vec![],
                    legs: vec![
                        Leg::debit("assets:fund:cash".parse()?, Money::from_fen(FUND)),
                        Leg::credit("equity:pledge".parse()?, Money::from_fen(FUND))?,
                    ],
                };
                let _now = books::post(ctx, pledge).await?;
                Ok(())
            })
        })
        .await;
    made.unwrap();
    store
}

async fn single(mix: String, (callers, actors, seconds): (u64, u64, u64)) {
    let (store, turn) = (open().await, SystemIds.next().to_string());
    let books = Books::new(store.clone());
    let (before, begun) = (store.written().commits, Instant::now());
    let until = begun + Duration::from_secs(seconds);
    let tasks = (0..callers).map(|caller| {
        let (books, mix, turn) = (books.clone(), mix.clone(), turn.clone());
        let actor = Actor::new(format!("desk-{}", caller % actors), Role::Finance);
        tokio::spawn(async move {
            let mut waits = Vec::new();
            for number in 0.. {
                let new = entry(&mix, &turn, caller + callers * number);
                let asked = Instant::now();
                if asked >= until {
                    break;
                }
                assert!(books.post(actor.clone(), new).await.unwrap().is_now());
                waits.push(asked.elapsed());
            }
            waits
        })
    });
    let lists = join_all(tasks).await;
    let elapsed = begun.elapsed();
    let waits = lists.into_iter().flat_map(Result::unwrap).collect();
    let commits = store.written().commits - before;
    tell(waits, 1, elapsed, commits);
}

async fn batch(mix: String, size: u64, seconds: u64) {
    let (store, turn) = (open().await, SystemIds.next().to_string());
    let (before, begun) = (store.written().commits, Instant::now());
    let (mut waits, mut number) = (Vec::new(), 0);
    while begun.elapsed() < Duration::from_secs(seconds) {
        let acts: Vec<Act> = (number..number + size)
            .map(|number| Act::Post(entry(&mix, &turn, number)))
            .collect();
        number += size;
        let asked = Instant::now();
        let taken: Result<_, Refusal> = store
            .write(Actor::new("desk", Role::Finance), move |ctx| {
                Box::pin(async move { books::take_all(ctx, acts).await })
            })
            .await;
        assert!(taken.unwrap().iter().all(kernel::Done::is_now));
        waits.push(asked.elapsed());
    }
    let commits = store.written().commits - before;
    tell(waits, size, begun.elapsed(), commits);
}

fn tell(mut waits: Vec<Duration>, size: u64, elapsed: Duration, commits: u64) {
    waits.sort_unstable();
    let at = |percent: usize| {
        let place = (waits.len().saturating_sub(1)) * percent / 100;
        waits
            .get(place)
            .map_or(0, |wait| u64::try_from(wait.as_micros()).unwrap())
    };
    let wal = std::fs::metadata(Path::new("fishpond.db")).map_or(0, |about| about.len());
    println!(
        "{}",
        json!({
            "posts": u64::try_from(waits.len()).unwrap() * size,
            "us": u64::try_from(elapsed.as_micros()).unwrap(),
            "p50_us": at(50),
            "p99_us": at(99),
            "commits": commits,
            "database_bytes": wal,
        })
    );
}
