//! How payments are kept: sealed, masked, in tables that a migration makes once.

use finance::payments::check;
use testkit::on_both;

use crate::desk::{ACCOUNTS, Desk, PAYER};

#[tokio::test]
async fn every_statement_stands_in_the_common_ground_of_both_databases() {
    on_both(async |store| {
        for statement in finance::payments::STATEMENTS {
            let prepared = store.prepare(statement).await;
            prepared.unwrap_or_else(|refusal| panic!("{statement}: {refusal}"));
        }
    })
    .await;
}

#[tokio::test]
async fn no_name_and_no_account_number_is_kept_or_shown_in_clear() {
    on_both(async |store| {
        let desk = Desk::open(store).await;
        let id = desk.out("july").await;
        let shown = serde_json::to_string(&desk.batch(id).await).unwrap();
        assert!(shown.contains("李**") && shown.contains("**** 0128"), "{shown}");
        let mut reader = store.read().await.unwrap();
        let mut kept = vec![shown];
        for table in [
            "SELECT * FROM payment_batches",
            "SELECT * FROM payment_lines",
            "SELECT * FROM facts",
            "SELECT * FROM book_entries",
            "SELECT * FROM book_holds",
        ] {
            for row in reader.rows(table, Vec::new()).await.unwrap() {
                kept.push(format!("{row:?}"));
            }
        }
        for secret in ACCOUNTS.iter().copied().chain([PAYER, "李兰"]) {
            assert!(!kept.iter().any(|text| text.contains(secret)), "{secret}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_migration_runs_twice_without_harm_and_keeps_its_rows() {
    on_both(async |store| {
        let desk = Desk::open(store).await;
        let id = desk.out("july").await;
        let before = desk.batch(id).await;
        let script = if store.is_postgres() {
            include_str!("../../../../migrations/postgres/0012_create_payments.sql")
        } else {
            include_str!("../../../../migrations/sqlite/0012_create_payments.sql")
        };
        store.tamper(script).await;
        store.tamper(script).await;
        assert_eq!(desk.batch(id).await, before);
    })
    .await;
}

#[tokio::test]
async fn a_payment_that_another_hand_changed_is_found() {
    on_both(async |store| {
        let desk = Desk::open(store).await;
        let id = desk.out("july").await;
        assert_eq!(check(store).await.unwrap(), []);
        let line = desk.lines(id).await[0].id;
        for (change, code) in [
            (
                format!("UPDATE payment_lines SET paid_fen = 10000 WHERE id = '{line}'"),
                "payments.line_differs",
            ),
            (
                format!("UPDATE payment_lines SET paid_fen = 0, hold_key = NULL WHERE id = '{line}'"),
                "payments.hold_differs",
            ),
        ] {
            store.tamper(&change).await;
            let found = check(store).await.unwrap();
            let found: Vec<_> = found.iter().map(|one| (one.code, one.at.clone())).collect();
            assert_eq!(found, [(code, Some(line.to_string()))], "{change}");
        }
    })
    .await;
}
