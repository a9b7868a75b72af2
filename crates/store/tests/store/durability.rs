//! What was acknowledged is there after the process was killed in the middle of its work.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::sync::Arc;

use kernel::{SystemClock, SystemIds};
use store::{Store, StoreConfig};
use testkit::on_both;

use crate::notes;

const DATABASE: &str = "FISHPOND_TEST_KILLED_DATABASE";
const DOCUMENTS: &str = "FISHPOND_TEST_KILLED_DOCUMENTS";
const ACKNOWLEDGED: &str = "acknowledged ";

/// The process that is killed: this same test binary, running only the function below.
fn writing_process(config: &StoreConfig) -> std::process::Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args([
        "--exact",
        "durability::writes_until_it_is_killed",
        "--ignored",
        "--nocapture",
    ]);
    command
        .env(DATABASE, &config.database)
        .env(DOCUMENTS, &config.documents);
    command.stdout(Stdio::piped()).spawn().unwrap()
}

#[expect(
    clippy::disallowed_methods,
    reason = "the process that is killed is told its database in this way"
)]
fn told(name: &str) -> String {
    std::env::var(name).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "a part of the test below, which starts it in a process of its own"]
async fn writes_until_it_is_killed() {
    let config = StoreConfig {
        database: told(DATABASE),
        documents: told(DOCUMENTS),
    };
    let store = Store::open(config, Arc::new(SystemClock), Arc::new(SystemIds))
        .await
        .unwrap();
    let writers = (0..8).map(|writer| {
        let store = store.clone();
        tokio::spawn(async move {
            for step in 0.. {
                let number = writer * 1_000_000 + step;
                notes::record(&store, number).await.unwrap();
                let mut out = std::io::stdout().lock();
                writeln!(out, "\n{ACKNOWLEDGED}{number}")
                    .and_then(|()| out.flush())
                    .unwrap();
            }
        })
    });
    futures::future::join_all(writers).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_acknowledged_command_survives_a_killed_process() {
    on_both(async |store| {
        store.close().await;
        let mut child = writing_process(store.config());
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut acknowledged = Vec::new();
        for line in lines {
            if let Some(number) = line.unwrap().strip_prefix(ACKNOWLEDGED) {
                acknowledged.push(number.parse::<i64>().unwrap());
            }
            if acknowledged.len() == 400 {
                child.kill().unwrap();
            }
        }
        child.wait().unwrap();
        assert!(acknowledged.len() >= 400);

        let reopened = store.open_again(3).await;
        let numbers = notes::numbers(&reopened).await;
        let lost: Vec<_> = acknowledged
            .iter()
            .filter(|number| !numbers.contains(number))
            .collect();
        assert!(lost.is_empty(), "{lost:?}");
        let report = reopened.verify_facts().await.unwrap();
        assert_eq!(
            (report.facts, report.findings),
            (i64::try_from(numbers.len()).unwrap(), vec![])
        );
        notes::record(&reopened, -1).await.unwrap();
    })
    .await;
}
