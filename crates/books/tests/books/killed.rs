//! A program with 32 callers that is killed at any moment, a hundred times: what it acknowledged is there once, and nothing is
//! there by half.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use books::{Act, Books, NewHold, PostHold};
use kernel::{Actor, Role, SystemClock, SystemIds};
use store::{Store, StoreConfig};
use testkit::TestStore;

use crate::periods::{gift, some_books};

const KILLS: u64 = 100;
const CALLERS: u64 = 32;

async fn open(folder: &Path) -> Store {
    let config = StoreConfig {
        database: format!("sqlite://{}", folder.join("fishpond.db").display()),
        documents: folder.join("documents").display().to_string(),
    };
    Store::open(config, Arc::new(SystemClock), Arc::new(SystemIds))
        .await
        .unwrap()
}

/// Posts, holds and posts holds until it is killed, and says which keys were acknowledged.
async fn call(books: Books, caller: u64, round: String) {
    let actor = Actor::new(format!("caller-{}", caller % 4), Role::Finance);
    for number in 0_u64.. {
        let key = format!("{round}-{caller}-{number}");
        let mut new = gift(1);
        new.effective_on = jiff::civil::date(2018, 7, 1);
        new.key.clone_from(&key);
        if number % 4 == 3 {
            let reserve = NewHold {
                key: format!("h-{key}"),
                memo: String::new(),
                evidence: vec![],
                legs: new.legs,
                expires_at: None,
            };
            let post = PostHold {
                hold: reserve.key.clone(),
                key: key.clone(),
                effective_on: new.effective_on,
                memo: String::new(),
                legs: None,
            };
            let held = books.take(actor.clone(), Act::Hold(reserve)).await.unwrap();
            assert!(held.is_now());
            let posted = books.take(actor.clone(), Act::PostHold(post)).await.unwrap();
            assert!(posted.is_now());
        } else {
            assert!(books.post(actor.clone(), new).await.unwrap().is_now());
        }
        writeln!(std::io::stdout().lock(), "\nacknowledged {key}").unwrap();
    }
}

/// The program that is killed: it reads its folder and its round from the first line of its input.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "started and killed by the test below"]
async fn callers_until_killed() {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).unwrap();
    let (round, folder) = line.trim().split_once(' ').unwrap();
    let books = Books::new(open(Path::new(folder)).await);
    let callers = (0..CALLERS).map(|caller| tokio::spawn(call(books.clone(), caller, round.to_owned())));
    futures::future::join_all(callers).await;
}

/// Starts the program, lets it work, kills it; answers what it acknowledged.
fn kill_one(folder: &Path, round: u64, random: u64) -> BTreeSet<String> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "killed::callers_until_killed",
            "--ignored",
            "--nocapture",
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    writeln!(input, "r{round} {}", folder.display()).unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut acknowledged = BTreeSet::new();
    let mut listen = |line: std::io::Result<String>| {
        if let Some(key) = line.unwrap().strip_prefix("acknowledged ") {
            // A line that was cut off by the end is a key that does not exist, and has fewer marks.
            if key.matches('-').count() == 2 {
                acknowledged.insert(key.to_owned());
            }
        }
    };
    // The first acknowledgement says that the callers are at work.
    for line in lines.by_ref() {
        let is_first = line.as_ref().is_ok_and(|line| line.starts_with("acknowledged"));
        listen(line);
        if is_first {
            break;
        }
    }
    std::thread::sleep(Duration::from_micros(random % 40_000));
    child.kill().unwrap();
    child.wait().unwrap();
    lines.for_each(listen);
    acknowledged
}

/// SplitMix64, so that the kills fall at other moments each time but the same in each run.
fn mixed(state: u64) -> u64 {
    let z = state.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb) >> 1
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_before_a_hundred_kills_is_there_once_and_nothing_by_half() {
    let made = TestStore::sqlite().await;
    some_books(&made).await;
    let folder = made.folder().to_path_buf();
    made.store().close().await;
    let mut acknowledged = BTreeSet::new();
    for round in 0..KILLS {
        let place = folder.clone();
        let kill = move || kill_one(&place, round, mixed(round));
        let keys = tokio::task::spawn_blocking(kill).await.unwrap();
        assert!(!keys.is_empty(), "round {round} was killed before it began");
        let store = open(&folder).await;
        let mut reader = store.read().await.unwrap();
        for key in &keys {
            let found = books::entry_by_key(&mut reader, key).await.unwrap();
            assert!(found.is_some(), "{key} was acknowledged and is gone");
        }
        drop(reader);
        acknowledged.extend(keys);
        if round % 10 == 9 {
            assert_eq!(books::check(&store).await.unwrap(), [], "after {round} kills");
            assert_eq!(store.verify_facts().await.unwrap().findings, []);
        }
        store.close().await;
    }
    let store = open(&folder).await;
    let mut reader = store.read().await.unwrap();
    let entries = books::entries_page(&mut reader, None, 1_000_000).await.unwrap();
    let keys: BTreeSet<&str> = entries.iter().map(|entry| entry.key.as_str()).collect();
    assert_eq!(keys.len(), entries.len(), "a key stands once");
    assert!(acknowledged.iter().all(|key| keys.contains(key.as_str())));
    println!(
        "{KILLS} kills: {} posts acknowledged, {} entries",
        acknowledged.len(),
        entries.len()
    );
}
