//! Opening, migrations, statements and readers.

use std::sync::Arc;
use std::time::Duration;

use kernel::{Lang, SystemClock, SystemIds};
use store::{Store, StoreConfig, args};
use testkit::{TestStore, on_both};

use crate::notes;

async fn open_again(store: &TestStore) -> Result<Store, kernel::Refusal> {
    Store::open(store.config().clone(), Arc::new(SystemClock), Arc::new(SystemIds)).await
}

/// A row of the one table that a migration makes anew.
const AN_IMPORT_BOUND_TO_A_PLACE: &str = "INSERT INTO sales_imports (id, layout, channel, currency, simulated,
    file_name, file_sha256, file_bytes, lines, accepted, rejected, duplicates, cancelled_lines, orders, gross_fen,
    net_fen, imported_at, imported_by, places)
  VALUES ('one', 'l', 'c', 'CNY', 0, 'f', '0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
    1, 1, 1, 0, 0, 0, 1, 1, 1, 0, 'x', '621226')";

/// A session that began at a provider, and the people and rows it stands on.
const A_SESSION_OF_AN_ORGANISATION: &str = "
  INSERT INTO users (id, login, login_folded, display_name, added_at, added_by) VALUES ('u', 'lan', 'lan', 'Lan', 0, 'x');
  INSERT INTO user_sessions (id, user_id, token_sha256, csrf, means, began_at, seen_at, expires_at) VALUES ('s', 'u',
    '0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef', 'c', 'oidc', 0, 0, 1);
  INSERT INTO oidc_providers (id, name, title, issuer, client_id, sealed_secret, scope, claim, added_at, added_by)
    VALUES ('p', 'li', 'Li', 'https://li.example', 'pond', 'sealed', 'openid', 'email', 0, 'x');
  INSERT INTO oidc_identities (id, user_id, provider_id, claim_print, sealed_claim, invited_at, invited_by, expires_at)
    VALUES ('i', 'u', 'p', '0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef', 'sealed', 0, 'x', 1);
  INSERT INTO user_organisation_only (id, user_id, set_at, set_by) VALUES ('o', 'u', 0, 'x');";

#[tokio::test(flavor = "multi_thread")]
async fn every_statement_is_understood_by_the_database() {
    on_both(async |store| {
        assert!(store.statements().len() > 15);
        for (name, sql) in store.statements() {
            if let Err(refusal) = store.prepare(sql).await {
                panic!("{name}: {:?}", refusal.context());
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn migrations_applied_twice_do_no_harm() {
    on_both(async |store| {
        notes::record(store, 1).await.unwrap();
        store.tamper(AN_IMPORT_BOUND_TO_A_PLACE).await;
        store.tamper(A_SESSION_OF_AN_ORGANISATION).await;
        let folder = if store.is_postgres() { "postgres" } else { "sqlite" };
        let folder = format!("{}/../../migrations/{folder}", env!("CARGO_MANIFEST_DIR"));
        let mut files: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|file| file.unwrap().path())
            .collect();
        files.sort();
        for file in files {
            store.tamper(&std::fs::read_to_string(file).unwrap()).await;
        }
        let again = open_again(store).await.unwrap();
        notes::record(&again, 2).await.unwrap();
        assert_eq!(notes::numbers(store).await, [1, 2]);
        let mut reader = store.read().await.unwrap();
        let bound = "SELECT places FROM sales_imports";
        let rows = reader.rows(bound, args![]).await.unwrap();
        assert_eq!(rows[0].text("places").unwrap(), "621226");
        let kept = "SELECT s.means AS means FROM user_sessions s JOIN oidc_identities i ON i.user_id = s.user_id \
            JOIN oidc_providers p ON p.id = i.provider_id JOIN user_organisation_only o ON o.user_id = s.user_id";
        let rows = reader.rows(kept, args![]).await.unwrap();
        assert_eq!(rows[0].text("means").unwrap(), "oidc");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_with_another_past_or_a_later_future_is_refused() {
    on_both(async |store| {
        store
            .tamper("INSERT INTO schema_migrations VALUES ('9999_later.sql', '', 0)")
            .await;
        let refusal = open_again(store).await.err().unwrap();
        assert_eq!(
            (refusal.code, refusal.value.as_deref()),
            ("store.schema_newer", Some("9999_later.sql"))
        );
        store
            .tamper("UPDATE schema_migrations SET sha256 = 'other' WHERE name LIKE '0001%'")
            .await;
        let refusal = open_again(store).await.err().unwrap();
        assert_eq!(refusal.code, "store.migration_changed");
    })
    .await;
}

#[tokio::test]
async fn an_address_that_cannot_work_is_refused_without_showing_the_password() {
    let cases = [
        ("mysql://root:secret@host/x", "store.bad_database"),
        ("sqlite://", "store.bad_database"),
        ("postgres://root:secret@host:notaport/x", "store.bad_database"),
        (
            "postgres://root:secret@127.0.0.1:1/x",
            "store.database_unreachable",
        ),
        ("sqlite:///proc/nowhere/fishpond.db", "store.file_failed"),
    ];
    for (database, code) in cases {
        let config = StoreConfig {
            database: database.to_owned(),
            documents: "documents".to_owned(),
        };
        let opened = Store::open(config, Arc::new(SystemClock), Arc::new(SystemIds)).await;
        let refusal = opened.err().unwrap();
        assert_eq!(refusal.code, code, "{database}");
        for lang in [Lang::Zh, Lang::En] {
            assert_ne!(refusal.message(lang), code, "the catalogue has a sentence");
            assert!(!refusal.message(lang).contains("secret"));
        }
        assert!(!refusal.context().unwrap_or_default().contains("secret"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_sees_one_moment_and_cannot_write() {
    on_both(async |store| {
        notes::create(store).await;
        let mut reader = store.read().await.unwrap();
        let count = "SELECT count(*) AS n FROM notes";
        assert_eq!(
            reader
                .row(count, args![])
                .await
                .unwrap()
                .unwrap()
                .int("n")
                .unwrap(),
            0
        );
        notes::write(store, "one".to_owned()).await.unwrap();
        assert_eq!(
            reader
                .row(count, args![])
                .await
                .unwrap()
                .unwrap()
                .int("n")
                .unwrap(),
            0
        );
        drop(reader);
        let mut reader = store.read().await.unwrap();
        assert_eq!(
            reader
                .row(count, args![])
                .await
                .unwrap()
                .unwrap()
                .int("n")
                .unwrap(),
            1
        );
        assert!(
            reader
                .rows("DELETE FROM notes RETURNING id", args![])
                .await
                .is_err()
        );
        drop(reader);
        assert_eq!(notes::ids(store).await, ["one"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_that_were_given_up_half_way_leave_no_old_snapshot_behind() {
    on_both(async |store| {
        notes::create(store).await;
        for n in 0..200_u64 {
            notes::write(store, format!("{n:03}")).await.unwrap();
            let given_up = async {
                let mut reader = store.read().await.unwrap();
                reader.rows("SELECT id FROM notes", args![]).await.unwrap();
            };
            drop(tokio::time::timeout(Duration::from_micros(n * 10), given_up).await);
            assert_eq!(notes::ids(store).await.len() as u64, n + 1);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn values_of_every_kind_read_back_and_wrong_questions_are_refused() {
    on_both(async |store| {
        let mut reader = store.read().await.unwrap();
        let sql = "SELECT CAST($1 AS TEXT) AS t, CAST($2 AS BIGINT) AS i, CAST($3 AS TEXT) AS nt, \
            CAST($4 AS BIGINT) AS ni";
        let args = args!["岷县 😀", i64::MIN, None::<String>, None::<i64>];
        let row = reader.row(sql, args).await.unwrap().unwrap();
        assert_eq!(
            (row.text("t").unwrap(), row.int("i").unwrap()),
            ("岷县 😀".to_owned(), i64::MIN)
        );
        assert_eq!(
            (row.opt_text("nt").unwrap(), row.opt_int("ni").unwrap()),
            (None, None)
        );
        for wrong in [
            row.text("i").map(drop),
            row.int("t").map(drop),
            row.int("ni").map(drop),
        ] {
            assert_eq!(wrong.unwrap_err().code, "store.bad_column");
        }
        assert_eq!(row.opt_text("none").unwrap_err().code, "store.bad_column");
        let float = reader.rows("SELECT CAST(1.5 AS REAL) AS f", args![]).await;
        assert_eq!(float.unwrap_err().code, "store.bad_column");
    })
    .await;
}
