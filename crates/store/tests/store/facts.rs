//! The journal: append-only, and every change behind its back is found.

use kernel::{Actor, Money, PlaceCode, Refusal, Role};
use serde_json::json;
use store::{Evidence, Fact, args};
use testkit::{TestStore, on_both};

use crate::notes;

#[tokio::test(flavor = "multi_thread")]
async fn a_fact_reads_back_as_it_was_recorded() {
    on_both(async |store| {
        let place: PlaceCode = "621126".parse().unwrap();
        let evidence = vec![
            Evidence::Document {
                sha256: "ab".repeat(32),
            },
            Evidence::Row {
                sha256: "cd".repeat(32),
                line: 17,
            },
        ];
        let body = json!({ "当归": [1, 2], "a": { "y": "\u{0}", "x": null } });
        let fact = Fact {
            kind: "contracts.settled",
            place: Some(place),
            amount: Some(Money::from_fen(-12_345)),
            evidence: evidence.clone(),
            body: body.clone(),
        };
        let lan = Actor::new("auntie-lan", Role::Household);
        let id = store
            .write(lan, move |ctx| Box::pin(async move { ctx.record(fact).await }))
            .await;
        let id: Result<_, Refusal> = id;
        let page = store.facts_page(0, 10).await.unwrap();
        let read = page.first().unwrap();
        assert_eq!((read.seq, &read.id), (1, &id.unwrap().to_string()));
        assert_eq!(
            (read.kind.as_str(), read.actor.as_str()),
            ("contracts.settled", "auntie-lan")
        );
        assert_eq!(read.role().unwrap(), Role::Household);
        assert_eq!(read.recorded_at.to_string(), "2018-07-02T04:00:00Z");
        assert_eq!(
            (read.place().unwrap(), read.amount()),
            (Some(place), Some(Money::from_fen(-12_345)))
        );
        assert_eq!((read.evidence().unwrap(), read.body().unwrap()), (evidence, body));
        assert_eq!(store.facts_head().await.unwrap().unwrap().hash, read.hash);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recorded_fact_cannot_be_changed_deleted_or_replaced() {
    on_both(async |store| {
        notes::record(store, 1).await.unwrap();
        let mut changes = vec!["UPDATE facts SET body = '{}'", "DELETE FROM facts"];
        changes.push(if store.is_postgres() {
            "TRUNCATE facts"
        } else {
            "INSERT OR REPLACE INTO facts SELECT seq, 'x', kind, 0, actor, actor_role, NULL, NULL, '[]', '{}', \
             previous_hash, previous_hash FROM facts"
        });
        for sql in changes {
            let tried = store.write(Actor::system(), move |ctx| {
                Box::pin(async move { ctx.execute(sql, args![]).await })
            });
            let refusal: Refusal = tried.await.unwrap_err();
            assert_eq!(refusal.code, "store.append_only", "{sql}");
        }
        assert_eq!(notes::numbers(store).await, [1]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fact_stays_out_of_the_journal_when_its_command_fails() {
    on_both(async |store| {
        notes::record(store, 1).await.unwrap();
        let failed = store.write(Actor::system(), |ctx| {
            Box::pin(async move {
                ctx.record(notes::fact(2)).await?;
                ctx.execute_one("UPDATE jobs SET attempts = 1 WHERE id = 'none'", args![])
                    .await
            })
        });
        let refusal: Refusal = failed.await.unwrap_err();
        assert_eq!(refusal.code, "store.not_one_row");
        notes::record(store, 3).await.unwrap();
        assert_eq!(notes::numbers(store).await, [1, 3]);
        assert_eq!(store.verify_facts().await.unwrap().findings, []);
    })
    .await;
}

/// Six facts, then a change behind the journal's back; answers what the walk finds.
async fn found_after(store: &TestStore, change: &str) -> Vec<(i64, &'static str)> {
    for number in 1..=6 {
        notes::record(store, number).await.unwrap();
    }
    let off = if store.is_postgres() {
        "ALTER TABLE facts DISABLE TRIGGER USER"
    } else {
        "DROP TRIGGER facts_refuse_update; DROP TRIGGER facts_refuse_delete; DROP TRIGGER facts_refuse_replace"
    };
    store.tamper(off).await;
    store.tamper(change).await;
    let findings = store.verify_facts().await.unwrap().findings;
    findings
        .iter()
        .map(|finding| (finding.seq, finding.code))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_fact_is_found() {
    on_both(async |store| {
        let found = found_after(store, "UPDATE facts SET body = '{\"number\":99}' WHERE seq = 3").await;
        assert_eq!(found, [(3, "store.fact_changed")]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removed_fact_is_found() {
    on_both(async |store| {
        let found = found_after(store, "DELETE FROM facts WHERE seq = 4").await;
        assert_eq!(found, [(4, "store.fact_missing")]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn facts_cut_off_the_end_are_found() {
    on_both(async |store| {
        let found = found_after(store, "DELETE FROM facts WHERE seq > 4").await;
        assert_eq!(found, [(5, "store.facts_cut")]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn facts_in_another_order_are_found() {
    on_both(async |store| {
        let swap = "UPDATE facts SET seq = 100 WHERE seq = 2; UPDATE facts SET seq = 2 WHERE seq = 3; \
            UPDATE facts SET seq = 3 WHERE seq = 100";
        let found = found_after(store, swap).await;
        assert_eq!(
            found,
            [
                (2, "store.fact_unlinked"),
                (2, "store.fact_changed"),
                (3, "store.fact_unlinked"),
                (3, "store.fact_changed"),
                (4, "store.fact_unlinked"),
            ]
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fact_that_was_slipped_in_is_found() {
    on_both(async |store| {
        let slip = "INSERT INTO facts SELECT 0 + 7, 'x', kind, 0, actor, actor_role, NULL, NULL, '[]', '{}', hash, \
            lower(hash || 'x') FROM facts WHERE seq = 6";
        let slip = slip.replace("lower(hash || 'x')", "replace(hash, 'a', 'b')");
        let found = found_after(store, &slip).await;
        assert!(found.contains(&(7, "store.fact_changed")), "{found:?}");
    })
    .await;
}
