//! What the tests of every crate share: both databases, the shared data, a clock that stands still.
//!
//! A test that touches the store is written once and runs on SQLite and on PostgreSQL:
//!
//! ```no_run
//! # async fn outcome() {
//! testkit::on_both(async |store| {
//!     assert!(store.facts_head().await.unwrap().is_none());
//! })
//! .await;
//! # }
//! ```
//!
//! `FISHPOND_TEST_POSTGRES` names a server on which databases may be created (`postgres://user:password@host/postgres`).
//! Without it the tests run on SQLite alone, and say so.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a helper of tests fails the test by panicking, and says what to do"
)]
#![expect(
    clippy::disallowed_methods,
    reason = "the tests have no settings but their environment, and each test database needs a name of its own"
)]

mod disk;

use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::date;
use kernel::{FixedClock, SeededIds};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use store::{Store, StoreConfig};
use tempfile::TempDir;

pub use disk::Disk;

const POSTGRES: &str = "FISHPOND_TEST_POSTGRES";
const SHARED_DATA: &str = "FISHPOND_SHARED_DATA";

/// A folder of the shared data, such as `programme-2018h1`: under `FISHPOND_SHARED_DATA`, or under `shared/data`
/// beside one of the folders above this crate. A test that cannot find it fails; it is never skipped in silence.
pub fn shared_data(folder: &str) -> PathBuf {
    let root = std::env::var_os(SHARED_DATA).map(PathBuf::from).or_else(|| {
        let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
        above.map(|up| up.join("shared/data")).find(|data| data.is_dir())
    });
    let Some(root) = root else {
        panic!("the shared data is missing: put it at ../shared/data or name its folder in {SHARED_DATA}");
    };
    let found = root.join(folder);
    assert!(
        found.exists(),
        "the shared data has no {folder}: looked at {}",
        found.display()
    );
    found
}

/// The clock of the tests: noon in China on 2018-07-02, the first working day after the half-year.
pub fn clock() -> Arc<FixedClock> {
    Arc::new(FixedClock::on_day(date(2018, 7, 2)))
}

/// A fresh store for one test; its database and its documents are gone when it is dropped.
pub struct TestStore {
    store: Store,
    clock: Arc<FixedClock>,
    config: StoreConfig,
    postgres: Option<(String, String)>,
    folder: TempDir,
}

impl Deref for TestStore {
    type Target = Store;

    fn deref(&self) -> &Store {
        &self.store
    }
}

impl TestStore {
    /// A fresh store on SQLite.
    pub async fn sqlite() -> Self {
        let folder = TempDir::new().expect("a folder for the test");
        let database = format!("sqlite://{}", folder.path().join("fishpond.db").display());
        Self::open(folder, database, None).await
    }

    /// A fresh store on PostgreSQL, when a server is named.
    pub async fn postgres() -> Option<Self> {
        let server = postgres_server()?;
        let name = format!("fishpond_test_{}", uuid::Uuid::now_v7().simple());
        on_server(&server, format!("CREATE DATABASE {name}")).await;
        let folder = TempDir::new().expect("a folder for the test");
        let database = with_database(&server, &name);
        Some(Self::open(folder, database, Some((server, name))).await)
    }

    async fn open(folder: TempDir, database: String, postgres: Option<(String, String)>) -> Self {
        let documents = folder.path().join("documents").display().to_string();
        let config = StoreConfig { database, documents };
        let clock = clock();
        let ids = Arc::new(SeededIds::new(1));
        let store = Store::open(config.clone(), clock.clone(), ids)
            .await
            .expect("a fresh store opens");
        Self {
            store,
            clock,
            config,
            postgres,
            folder,
        }
    }

    /// The store itself, to keep or to pass on.
    pub fn store(&self) -> Store {
        self.store.clone()
    }

    /// Its clock, to move on.
    pub fn clock(&self) -> &FixedClock {
        &self.clock
    }

    /// Its clock, to hand to what tells the time itself.
    pub fn shared_clock(&self) -> Arc<FixedClock> {
        Arc::clone(&self.clock)
    }

    /// Where it keeps things.
    pub fn config(&self) -> &StoreConfig {
        &self.config
    }

    /// A folder of the test's own, gone afterwards.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Whether this is the one on PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        self.postgres.is_some()
    }

    /// Another process on the same database and documents, as far as a test can tell: a store with its own writer,
    /// its own connections and ids of its own.
    pub async fn open_again(&self, seed: u64) -> Store {
        let ids = Arc::new(SeededIds::new(seed));
        let opened = Store::open(self.config.clone(), self.clock.clone(), ids).await;
        opened.expect("the store opens again")
    }

    /// Runs SQL past the store, as someone with the rights of a database administrator can.
    pub async fn tamper(&self, script: &str) {
        let sql = AssertSqlSafe(script.to_owned());
        let ran = if self.is_postgres() {
            let connected = PgConnection::connect(&self.config.database).await;
            let mut connection = connected.expect("the database answers");
            sqlx::raw_sql(sql).execute(&mut connection).await.map(drop)
        } else {
            let connected = sqlx::SqliteConnection::connect(&self.config.database).await;
            let mut connection = connected.expect("the database opens");
            sqlx::raw_sql(sql).execute(&mut connection).await.map(drop)
        };
        ran.expect("the script runs");
    }
}

impl Drop for TestStore {
    /// Drops the PostgreSQL database, also when the test failed: on a thread of its own, because a test's runtime
    /// cannot wait here.
    fn drop(&mut self) {
        let Some((server, name)) = self.postgres.take() else {
            return;
        };
        let gone = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let drop = on_server(&server, format!("DROP DATABASE {name} WITH (FORCE)"));
            runtime.expect("a runtime for the clean-up").block_on(drop);
        });
        if gone.join().is_err() {
            eprintln!("a test database was left behind on PostgreSQL");
        }
    }
}

/// The PostgreSQL server of the tests; without one, the output says that this test left PostgreSQL out.
pub fn postgres_server() -> Option<String> {
    let server = std::env::var(POSTGRES).ok();
    if server.is_none() {
        eprintln!("not run on PostgreSQL: {POSTGRES} is not set");
    }
    server
}

/// One fresh store for each database that this machine can test on.
pub async fn databases() -> Vec<TestStore> {
    let mut stores = vec![TestStore::sqlite().await];
    stores.extend(TestStore::postgres().await);
    stores
}

/// Runs the body of a test on every database, one after the other; the output says on which it failed.
pub async fn on_both(body: impl AsyncFn(&TestStore)) {
    for store in databases().await {
        eprintln!(
            "on {}",
            if store.is_postgres() {
                "PostgreSQL"
            } else {
                "SQLite"
            }
        );
        body(&store).await;
    }
}

async fn on_server(server: &str, sql: String) {
    let mut connection = PgConnection::connect(server)
        .await
        .expect("the PostgreSQL server answers");
    let ran = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await;
    ran.expect("the server lets this user create and drop databases");
}

/// The server's URL with another database at its end; what follows a `?` stays.
fn with_database(server: &str, name: &str) -> String {
    let (address, settings) = server
        .split_once('?')
        .map_or((server, None), |(a, s)| (a, Some(s)));
    let start = address.find("://").map_or(0, |at| at + 3);
    let host = address
        .get(start..)
        .and_then(|rest| rest.find('/'))
        .map_or(address.len(), |at| start + at);
    let settings = settings
        .map(|settings| format!("?{settings}"))
        .unwrap_or_default();
    format!("{}/{name}{settings}", address.get(..host).unwrap_or(address))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_database_stands_on_the_same_server() {
        let cases = [
            ("postgres://u:p@h:5432/postgres", "postgres://u:p@h:5432/t"),
            ("postgres://u@h", "postgres://u@h/t"),
            (
                "postgres://h/postgres?sslmode=disable",
                "postgres://h/t?sslmode=disable",
            ),
        ];
        for (server, wanted) in cases {
            assert_eq!(with_database(server, "t"), wanted);
        }
    }

    #[test]
    fn the_shared_data_is_found_above_this_crate() {
        assert!(shared_data("programme-2018h1").is_dir());
    }
}
