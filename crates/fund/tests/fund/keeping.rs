//! How the fund is kept: in tables that a migration makes once, with a fact for each act.

use kernel::{Actor, Role};
use testkit::on_both;

use crate::stories::BEGINNING;
use crate::teller::{TODAY, Teller};

#[tokio::test]
async fn every_statement_stands_in_the_common_ground_of_both_databases() {
    on_both(async |store| {
        for statement in fund::STATEMENTS {
            let prepared = store.prepare(statement).await;
            prepared.unwrap_or_else(|refusal| panic!("{statement}: {refusal}"));
        }
    })
    .await;
}

#[tokio::test]
async fn the_migration_runs_twice_without_harm_and_keeps_its_rows() {
    on_both(async |store| {
        Teller::new(store).await.tell("beginning", BEGINNING).await;
        let before = fund::projects(&mut store.read().await.unwrap(), TODAY)
            .await
            .unwrap();
        assert_eq!(before.len(), 1);
        let file = if store.is_postgres() {
            include_str!("../../../../migrations/postgres/0013_create_fund.sql")
        } else {
            include_str!("../../../../migrations/sqlite/0013_create_fund.sql")
        };
        store.tamper(file).await;
        let after = fund::projects(&mut store.read().await.unwrap(), TODAY)
            .await
            .unwrap();
        assert_eq!(after, before);
    })
    .await;
}

#[tokio::test]
async fn each_act_is_one_fact_with_its_amount_and_its_document_and_a_repeat_is_none() {
    on_both(async |store| {
        let teller = Teller::new(store).await;
        teller.tell("beginning", BEGINNING).await;
        let facts = store.facts_page(0, 500).await.unwrap();
        let own: Vec<_> = facts
            .iter()
            .filter(|fact| fact.kind.starts_with("fund."))
            .collect();
        assert_eq!(own.len(), 8);
        let received = own.iter().find(|fact| fact.kind == "fund.receive").unwrap();
        assert_eq!(received.amount_fen, Some(10_000));
        assert!(received.evidence.contains(&teller.document));
        let again = teller.act(&["receive", "b-1", "main", "1", "2018-01-20", "100"]);
        assert_eq!(teller.take("fin", again).await.unwrap(), "again");
        assert_eq!(store.facts_page(0, 500).await.unwrap().len(), facts.len());
    })
    .await;
}

#[tokio::test]
async fn of_many_acts_all_are_taken_or_none_and_the_refused_one_is_named() {
    on_both(async |store| {
        let teller = Teller::new(store).await;
        let acts = vec![
            teller.act(&["own", "commerce", "2017-12-01"]),
            teller.act(&["own", "health", "2018-12-01"]),
        ];
        let actor = Actor::new("lan", Role::Fund);
        let refusal = teller
            .fund
            .take_all(actor.clone(), acts.clone())
            .await
            .unwrap_err();
        assert_eq!(
            (refusal.code, refusal.at.as_deref()),
            ("fund.future_day", Some("2.since"))
        );
        assert!(store.facts_head().await.unwrap().is_none());
        let taken = teller.fund.take_all(actor, acts[..1].to_vec()).await.unwrap();
        assert!(taken[0].is_now());
    })
    .await;
}

#[tokio::test]
async fn an_act_whose_document_is_not_kept_is_refused() {
    on_both(async |store| {
        let mut teller = Teller::new(store).await;
        for unknown in ["ab", &"0".repeat(64)] {
            teller.document = unknown.to_owned();
            let act = teller.act(&["pledge", "main", "2017-12-01", "2022-11-30", "1", "2018-01-15:1"]);
            let refusal = teller.take("lan", act).await.unwrap_err();
            assert_eq!(refusal.code, "fund.no_such_document");
        }
    })
    .await;
}
