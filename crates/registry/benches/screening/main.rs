//! A county's register held against the rules, for `cargo xtask bench recognition`.
//!
//! `screening fill HOUSEHOLDS` makes the register, `screening run` screens it and prints one line of JSON; both in the current
//! folder. The households are made up and written as rows: what stands today of them, without the statements behind it, which
//! screening does not read.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement ends by panicking and prints"
)]

mod repo;

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use jiff::civil::date;
use kernel::{Actor, IdSource, Role, SeededIds, SplitMix64, SystemClock, SystemIds, SystemSecrets};
use programme::Programme;
use registry::{Act, CaseKind, OpenRun, Registry};
use serde_json::json;
use store::{Ctx, Keyring, Store, StoreConfig, args};

/// The county, and its villages.
const COUNTY: u64 = 653_130;
const VILLAGES: u64 = 400;
/// Households of one command of filling.
const PART: u64 = 5_000;
const RUN: &str = "bench";

fn main() {
    let words: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| word != "--bench")
        .collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    match words.as_slice() {
        ["fill", households] => runtime.block_on(fill(households.parse().unwrap())),
        ["run"] => runtime.block_on(run()),
        _ => println!("screening fill HOUSEHOLDS | screening run"),
    }
}

async fn open() -> Store {
    let config = StoreConfig {
        database: "sqlite://fishpond.db".to_owned(),
        documents: "documents".to_owned(),
    };
    Store::open(config, Arc::new(SystemClock), Arc::new(SystemIds))
        .await
        .unwrap()
}

async fn fill(households: u64) {
    let store = open().await;
    for part in 0..households.div_ceil(PART) {
        let count = PART.min(households - part * PART);
        let filled = store.write(Actor::system(), move |ctx| {
            Box::pin(async move {
                let (ids, mut random) = (SeededIds::new(part), SplitMix64::new(part));
                for number in 0..count {
                    let village = (part * PART + number) * VILLAGES / households;
                    household(ctx, village, &ids, &mut random).await?;
                }
                Ok::<_, kernel::Refusal>(())
            })
        });
        filled.await.unwrap();
    }
    store.close().await;
}

/// A household of one to six persons in a village (registers come village by village), an income of 2017 around the line, and a look at what is guaranteed.
async fn household(
    ctx: &mut Ctx,
    village: u64,
    ids: &SeededIds,
    random: &mut SplitMix64,
) -> Result<(), kernel::Refusal> {
    let id = ids.next();
    let draw = |random: &mut SplitMix64, end: u64| i64::try_from(random.below(end)).unwrap();
    let village = i64::try_from(COUNTY * 1_000_000 + 101_201 + village).unwrap();
    let (unmet, land) = (draw(random, 3) / 2, draw(random, 12_000));
    let exclusions = (draw(random, 10) > 0).then(|| draw(random, 8) / 7);
    ctx.execute_one(repo::HOUSEHOLD, args![id, village, land, unmet, exclusions])
        .await?;
    let members = 1 + draw(random, 6);
    for place in 0..members {
        let labour = if place < 2 { "able" } else { "none" };
        let schooling = if place > 2 { "at-school" } else { "primary" };
        let health = if draw(random, 12) == 0 { "chronic" } else { "well" };
        let disability = i64::from(draw(random, 30) == 0);
        let row = args![ids.next(), id, schooling, health, disability, labour];
        ctx.execute_one(repo::PERSON, row).await?;
    }
    if draw(random, 20) > 0 {
        let net = members * (100_000 + draw(random, 500_000));
        ctx.execute_one(repo::INCOME, args![id, 2017_i64, net]).await?;
    }
    Ok(())
}

async fn run() {
    let store = open().await;
    let rules = Arc::new(Programme::built_in().unwrap().recognition.unwrap());
    let secrets = Arc::new(SystemSecrets);
    let keyring = Keyring::open_or_make(Path::new("."), secrets.as_ref()).unwrap();
    let registry = Registry::new(store.clone(), keyring, secrets, rules);
    let county = Actor::new("bench", Role::County);
    let act = Act::OpenRun(OpenRun {
        run: RUN.to_owned(),
        place: COUNTY.to_string().parse().unwrap(),
        kind: CaseKind::Recognition,
        on: date(2018, 2, 1),
        due_on: date(2018, 12, 1),
        steps: [].into(),
    });
    assert!(registry.take(county.clone(), act).await.unwrap().is_now());
    let mut reader = store.read().await.unwrap();
    let begun = Instant::now();
    let counted = reader.row(repo::BARE, args![]).await.unwrap().unwrap();
    let bare_us = begun.elapsed().as_micros();
    drop(reader);
    let begun = Instant::now();
    let screened = registry.screen(county, RUN).await.unwrap();
    let us = begun.elapsed().as_micros();
    assert_eq!(
        i64::try_from(screened.households).unwrap(),
        counted.int("households").unwrap()
    );
    store.close().await;
    let said = json!({
        "households": screened.households, "holds": screened.holds, "unknown": screened.unknown,
        "persons": counted.int("persons").unwrap(), "us": u64::try_from(us).unwrap(), "bare_us": u64::try_from(bare_us).unwrap(),
        "database_bytes": std::fs::metadata("fishpond.db").unwrap().len(),
    });
    println!("{said}");
}
