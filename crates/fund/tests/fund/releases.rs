//! Whatever is tried, in whatever order and however often: what was released is what the purse and the expenses hold, what is
//! committed is what the bank holds, and nothing is there twice.

use fund::{FlowEdge, flow, projects};
use kernel::Money;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use testkit::TestStore;

use crate::stories::BEGINNING;
use crate::teller::{TODAY, Teller};

const WORDS: [&str; 5] = ["commit", "meet", "release", "free", "pay"];

async fn amounts_hold(store: &TestStore, tried: &[(usize, u32, bool)]) {
    let teller = Teller::new(store).await;
    teller.tell("beginning", BEGINNING).await;
    for (word, milestone, by_wei) in tried {
        let name = if *by_wei { "wei" } else { "lan" };
        let number = milestone.to_string();
        // What a rule refuses changes nothing: the sums below hold it.
        let _answer = match WORDS[*word] {
            "pay" => {
                teller
                    .pay(name, "melons", "2018-07-01", &format!("{milestone}.3{milestone}"))
                    .await
            }
            "free" => teller.take(name, teller.act(&["free", "melons", &number])).await,
            verb => {
                teller
                    .take(name, teller.act(&[verb, "melons", &number, "2018-07-01"]))
                    .await
            }
        };
    }
    let mut reader = store.read().await.unwrap();
    let melons = projects(&mut reader, TODAY).await.unwrap().remove(0);
    let of = |states: &[&str]| {
        let own = melons
            .milestones
            .iter()
            .filter(|one| states.contains(&one.state.as_str()));
        Money::try_sum(own.map(|one| one.amount_fen)).unwrap()
    };
    let released = melons.released_fen.checked_add(melons.spent_fen).unwrap();
    assert_eq!(released, of(&["released"]));
    assert_eq!(melons.held_fen, of(&["committed", "met"]));
    let bank = books::account(&mut reader, &"assets:fund:bank".parse().unwrap())
        .await
        .unwrap();
    assert_eq!(bank.held, melons.held_fen);
    assert_eq!(
        bank.balance.checked_add(released).unwrap(),
        "100".parse::<Money>().unwrap()
    );
    assert_balanced(&flow(&mut reader, TODAY).await.unwrap());
    assert_eq!(books::check(store).await.unwrap(), []);
}

/// At each node between source and use, what comes in goes out.
fn assert_balanced(edges: &[FlowEdge]) {
    let sum = |picked: Vec<&FlowEdge>| picked.iter().map(|edge| edge.amount_fen.fen()).sum::<i64>();
    for edge in edges {
        let is_end = ["spent", "unspent", "held", "free", "other"].contains(&edge.to.as_str());
        if !is_end {
            let (into, out) = (
                sum(edges.iter().filter(|one| one.to == edge.to).collect()),
                sum(edges.iter().filter(|one| one.from == edge.to).collect()),
            );
            assert_eq!(into, out, "{}", edge.to);
        }
    }
}

#[test]
fn no_order_of_acts_releases_or_spends_anything_twice() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    let tried = prop::collection::vec((0..WORDS.len(), 1..4_u32, any::<bool>()), 0..40);
    let config = Config {
        cases: 12,
        failure_persistence: None,
        ..Config::default()
    };
    let ran = TestRunner::new(config).run(&tried, |tried| {
        runtime.block_on(testkit::on_both(async |store| amounts_hold(store, &tried).await));
        Ok(())
    });
    ran.unwrap();
}
