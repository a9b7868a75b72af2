//! What is closed and what is written once stays so, whoever writes; what someone changed past the books is found.

use books::{Leg, NewAccount, NewEntry};
use jiff::civil::date;
use kernel::{Actor, Money, Refusal};
use store::Store;
use testkit::TestStore;

/// Opens accounts by code, some of which never go below zero.
pub async fn open_accounts_of(store: &Store, accounts: &[(&'static str, bool)]) {
    for (code, floor) in accounts.iter().copied() {
        let new = NewAccount {
            code: code.parse().unwrap(),
            owner: "fund:alipay".parse().unwrap(),
            name_zh: "科目".to_owned(),
            name_en: "account".to_owned(),
            floor,
        };
        let opened: Result<_, Refusal> = store
            .write(Actor::system(), move |ctx| {
                Box::pin(async move { books::open_account(ctx, new).await })
            })
            .await;
        assert!(opened.unwrap().is_now());
    }
}

/// A cash account that never goes below zero, and a pledge.
pub async fn open_accounts(store: &Store) {
    open_accounts_of(store, &[("assets:fund:cash", true), ("equity:pledge", false)]).await;
}

/// Those accounts, three entries of June, which is closed, and a hold.
pub async fn some_books(store: &TestStore) {
    open_accounts(store).await;
    let made: Result<(), Refusal> = store
        .write(Actor::system(), |ctx| {
            Box::pin(async move {
                for number in 1..=3 {
                    let _now = books::post(ctx, gift(number)).await?;
                }
                let hold = books::NewHold {
                    key: "h".to_owned(),
                    memo: String::new(),
                    evidence: vec![],
                    legs: vec![
                        Leg::debit("equity:pledge".parse()?, Money::from_fen(100)),
                        Leg::credit("assets:fund:cash".parse()?, Money::from_fen(100))?,
                    ],
                    expires_at: None,
                };
                let _now = books::hold(ctx, hold).await?;
                let _now = books::close_period(ctx, "2018-06".parse()?).await?;
                Ok(())
            })
        })
        .await;
    made.unwrap();
}

/// A gift of 10 yuan, by its number.
pub fn gift(number: i64) -> NewEntry {
    NewEntry {
        key: format!("gift-{number}"),
        effective_on: date(2018, 6, 10),
        memo: format!("捐赠 {number}"),
        evidence: vec![],
        legs: vec![
            Leg::debit("assets:fund:cash".parse().unwrap(), Money::from_fen(1_000)),
            Leg::credit("equity:pledge".parse().unwrap(), Money::from_fen(1_000)).unwrap(),
        ],
    }
}

#[tokio::test]
async fn the_database_refuses_to_change_entries_legs_and_closed_periods() {
    testkit::on_both(async |store| {
        some_books(store).await;
        let changes = [
            "UPDATE book_entries SET memo = 'x' WHERE no = 1",
            "DELETE FROM book_entries WHERE no = 3",
            "UPDATE book_legs SET amount_fen = amount_fen + 1",
            "DELETE FROM book_legs",
            "UPDATE book_periods SET last_day = '2018-05-31'",
            "DELETE FROM book_periods",
        ];
        for sql in changes {
            let done: Result<u64, Refusal> = store
                .write(Actor::system(), move |ctx| {
                    Box::pin(async move { ctx.execute(sql, vec![]).await })
                })
                .await;
            assert_eq!(done.unwrap_err().code, "store.append_only", "{sql}");
        }
        let replaced = "INSERT OR REPLACE INTO book_entries SELECT 4, key, effective_on, recorded_at, recorded_by, \
            memo, evidence, reverses, hold_no, sha256, fact_id FROM book_entries WHERE no = 1";
        if !store.is_postgres() {
            let done: Result<u64, Refusal> = store
                .write(Actor::system(), move |ctx| {
                    Box::pin(async move { ctx.execute(replaced, vec![]).await })
                })
                .await;
            assert_eq!(done.unwrap_err().code, "store.append_only");
        }
        assert_eq!(books::check(store).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn what_is_changed_past_the_books_is_found_and_named() {
    let changes = [
        (
            "UPDATE book_entries SET memo = 'x' WHERE no = 2",
            "books.entry_changed",
            "2",
        ),
        (
            "UPDATE book_legs SET amount_fen = amount_fen + 1 WHERE entry_no = 2 AND leg_no = 1",
            "books.entry_unbalanced",
            "2",
        ),
        (
            "UPDATE book_entries SET sha256 = (SELECT sha256 FROM book_entries WHERE no = 1) WHERE no = 2",
            "books.seal_broken",
            "2018-06",
        ),
        (
            "UPDATE book_balances SET debit_fen = debit_fen + 1 WHERE account_no = 1",
            "books.balance_differs",
            "assets:fund:cash",
        ),
        (
            "UPDATE book_balances SET credit_fen = 2901 WHERE account_no = 1",
            "books.below_zero_found",
            "assets:fund:cash",
        ),
        ("UPDATE book_holds SET memo = 'x'", "books.hold_changed", "1"),
        (
            "UPDATE book_holds SET state = 'voided', ended_at = 1",
            "books.balance_differs",
            "assets:fund:cash",
        ),
        (
            "UPDATE book_periods SET entries = 2",
            "books.seal_broken",
            "2018-06",
        ),
        (
            "DELETE FROM book_legs WHERE entry_no = 3; DELETE FROM book_entries WHERE no = 3",
            "books.entry_missing",
            "3",
        ),
    ];
    for (change, code, value) in changes {
        testkit::on_both(async |store| {
            some_books(store).await;
            assert_eq!(books::check(store).await.unwrap(), [], "before {change}");
            store.tamper(&disarmed(store, change)).await;
            let findings = books::check(store).await.unwrap();
            let found: Vec<_> = findings
                .iter()
                .map(|finding| (finding.code, finding.value.clone().unwrap()))
                .collect();
            assert!(found.contains(&(code, value.to_owned())), "{change}: {found:?}");
        })
        .await;
    }
}

/// The change by someone who switches the triggers off first.
fn disarmed(store: &TestStore, change: &str) -> String {
    if store.is_postgres() {
        return format!("SET session_replication_role = replica; {change}");
    }
    let triggers = ["entries", "legs", "periods"].map(|table| {
        format!("DROP TRIGGER book_{table}_refuse_update; DROP TRIGGER book_{table}_refuse_delete;")
    });
    format!("{} {change}", triggers.concat())
}

#[tokio::test]
async fn the_migration_runs_twice_without_harm() {
    testkit::on_both(async |store| {
        some_books(store).await;
        let file = if store.is_postgres() { "postgres" } else { "sqlite" };
        let file = format!(
            "{}/../../migrations/{file}/0011_create_books.sql",
            env!("CARGO_MANIFEST_DIR")
        );
        store.tamper(&std::fs::read_to_string(file).unwrap()).await;
        assert_eq!(books::check(store).await.unwrap(), []);
        let mut reader = store.read().await.unwrap();
        let cash = books::account(&mut reader, &"assets:fund:cash".parse().unwrap())
            .await
            .unwrap();
        assert_eq!((cash.balance.fen(), cash.held.fen()), (3_000, 100));
    })
    .await;
}

#[tokio::test]
async fn every_statement_is_understood_by_both_databases() {
    testkit::on_both(async |store| {
        for sql in books::STATEMENTS.iter().copied().flatten() {
            if let Err(refusal) = store.prepare(sql).await {
                panic!("{sql}: {refusal:?}");
            }
        }
    })
    .await;
}
