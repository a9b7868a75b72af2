//! Which database, and how its connections are opened.
//!
//! SQLite: one writing connection with a write-ahead log, flushed at each commit (synchronous=FULL), and a pool of
//! connections that can only read. PostgreSQL: one writing connection and a pool for reading. Nothing ever writes
//! through a pool: a `begin` that is cancelled half-way leaves a pooled PostgreSQL connection inside a transaction,
//! and what the next user writes there would be lost. Readers are guarded against the same trap below, or they
//! would read an old snapshot.

use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool, SqlitePoolOptions};
use sqlx::{ConnectOptions, PgConnection, Postgres, Row as _, Sqlite, Transaction};

use kernel::{Fault, Refusal};

use crate::connection::{self, Connection, postgres_rows, sqlite_rows};
use crate::embedded::Embedded;
use crate::error::{from_driver, from_io};
use crate::sql;
use crate::value::{Arg, Row};

/// How long a statement waits for another process before it gives up.
const BUSY: Duration = Duration::from_secs(10);
/// How long a reader waits for a free connection.
const ACQUIRE: Duration = Duration::from_secs(20);
/// How many readers are served at the same time.
const READERS: u32 = 8;
/// Prepared statements that a connection keeps: statements of many rows stand in several lengths.
const STATEMENTS: usize = 512;
/// The server ends a writer of ours that stands still inside a transaction: others wait for its lock.
const POSTGRES_IDLE: &str = "60s";
/// How long a writer waits for the writers of other processes.
const POSTGRES_LOCK_WAIT: &str = "30s";

/// The database that was asked for.
#[derive(Clone, Debug)]
pub(crate) enum Database {
    Sqlite(Box<SqliteConnectOptions>),
    Postgres(Box<PgConnectOptions>),
}

impl Database {
    /// Reads `sqlite://FILE` or `postgres://USER:PASSWORD@HOST:PORT/NAME`. The password is never repeated.
    pub(crate) fn from_url(url: &str) -> Result<Self, Refusal> {
        if let Some(file) = url.strip_prefix("sqlite://").filter(|file| !file.is_empty()) {
            return Ok(Self::Sqlite(Box::new(
                SqliteConnectOptions::new()
                    .filename(file)
                    .create_if_missing(false)
                    .pragma("query_only", "on")
                    .busy_timeout(BUSY)
                    .statement_cache_capacity(STATEMENTS)
                    .disable_statement_logging(),
            )));
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let options = PgConnectOptions::from_str(url).map_err(|_| bad_url("postgres://…"))?;
            return Ok(Self::Postgres(Box::new(
                options
                    .application_name("fishpond")
                    .statement_cache_capacity(STATEMENTS)
                    .disable_statement_logging(),
            )));
        }
        Err(bad_url(url.split("://").next().unwrap_or_default()))
    }

    /// Reads a copy of an embedded database that nobody writes to, and leaves nothing beside it.
    pub(crate) fn snapshot_of_file(file: &Path) -> Readers {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .read_only(true)
            .immutable(true);
        Readers::Sqlite(
            SqlitePoolOptions::new()
                .max_connections(1)
                .connect_lazy_with(options),
        )
    }

    /// Opens the connection that writes; makes the folder and the file of an embedded database.
    pub(crate) async fn connect_writer(&self) -> Result<Connection, Refusal> {
        match self {
            Self::Sqlite(options) => {
                let file = options.get_filename();
                make_folder(file)?;
                Embedded::open(file, BUSY, STATEMENTS).map(Connection::Sqlite)
            }
            Self::Postgres(options) => {
                let options = options.as_ref().clone().options([
                    ("lock_timeout", POSTGRES_LOCK_WAIT),
                    ("idle_in_transaction_session_timeout", POSTGRES_IDLE),
                ]);
                let connection = options.connect().await.map_err(from_driver)?;
                Ok(Connection::Postgres(connection))
            }
        }
    }

    /// The pool that readers share; opens its connections when they are needed.
    pub(crate) fn readers(&self) -> Readers {
        match self {
            Self::Sqlite(options) => {
                let pool = SqlitePoolOptions::new()
                    .max_connections(READERS)
                    .acquire_timeout(ACQUIRE);
                Readers::Sqlite(pool.connect_lazy_with(options.as_ref().clone()))
            }
            Self::Postgres(options) => {
                let pool = PgPoolOptions::new()
                    .max_connections(READERS)
                    .acquire_timeout(ACQUIRE)
                    .before_acquire(|connection, _| Box::pin(outside_transactions(connection)));
                Readers::Postgres(pool.connect_lazy_with(options.as_ref().clone()))
            }
        }
    }
}

/// True when a pooled connection stands outside every transaction, or could be brought there. Inside one that was
/// opened earlier, its beginning (`now()`) lies before this statement; a simple query is its own transaction.
async fn outside_transactions(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    let probe = sqlx::raw_sql(sql::POSTGRES_INSIDE)
        .fetch_one(&mut *connection)
        .await;
    let inside = match probe {
        Ok(row) => row.try_get::<bool, _>("inside")?,
        Err(sqlx::Error::Database(_)) => true,
        Err(_) => return Ok(false),
    };
    if inside {
        sqlx::raw_sql(sql::ROLLBACK).execute(connection).await?;
    }
    Ok(true)
}

/// The connections that only read.
#[derive(Clone, Debug)]
pub(crate) enum Readers {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

impl Readers {
    pub(crate) async fn snapshot(&self) -> Result<Reader, Refusal> {
        let transaction = match self {
            Self::Sqlite(pool) => Snapshot::Sqlite(pool.begin().await.map_err(from_driver)?),
            Self::Postgres(pool) => {
                let begun = pool.begin_with(sql::POSTGRES_SNAPSHOT).await;
                Snapshot::Postgres(begun.map_err(from_driver)?)
            }
        };
        Ok(Reader { transaction })
    }

    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite(pool) => pool.close().await,
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

/// Reads one snapshot: everything a reader sees stood in the database at one moment. Keep it short; a long one
/// keeps the log of an embedded database from being cut.
#[derive(Debug)]
pub struct Reader {
    transaction: Snapshot,
}

#[derive(Debug)]
enum Snapshot {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

impl Reader {
    /// All rows that a statement answers.
    pub async fn rows(&mut self, sql: &'static str, args: Vec<Arg>) -> Result<Vec<Row>, Refusal> {
        match &mut self.transaction {
            Snapshot::Sqlite(transaction) => sqlite_rows(transaction, sql, args).await,
            Snapshot::Postgres(transaction) => postgres_rows(transaction, sql, args).await,
        }
    }

    /// The first row that a statement answers, if there is one.
    pub async fn row(&mut self, sql: &'static str, args: Vec<Arg>) -> Result<Option<Row>, Refusal> {
        Ok(self.rows(sql, args).await?.into_iter().next())
    }

    /// Lets the database read a statement without running it.
    pub(crate) async fn prepare(&mut self, sql: &'static str) -> Result<(), Refusal> {
        match &mut self.transaction {
            Snapshot::Sqlite(transaction) => connection::prepare(&mut **transaction, sql).await,
            Snapshot::Postgres(transaction) => connection::prepare(&mut **transaction, sql).await,
        }
    }
}

fn make_folder(file: &Path) -> Result<(), Refusal> {
    let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) else {
        return Ok(());
    };
    std::fs::create_dir_all(folder).map_err(|error| from_io(&error, folder))
}

fn bad_url(shown: &str) -> Refusal {
    Refusal::new("store.bad_database", Fault::Refused).value(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_pooled_connection_that_was_left_inside_a_transaction_is_brought_out_of_it() {
        let Some(server) = testkit::postgres_server() else {
            return;
        };
        for left in [
            "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1",
            "BEGIN; SELECT 1 / 0",
        ] {
            let Readers::Postgres(pool) = Database::from_url(&server).unwrap().readers() else {
                panic!("readers of PostgreSQL")
            };
            let mut connection = pool.acquire().await.unwrap();
            // The second script ends with an error, as it should; the driver does not count this BEGIN.
            drop(sqlx::raw_sql(left).execute(&mut *connection).await);
            drop(connection);
            tokio::time::sleep(Duration::from_millis(100)).await;
            let mut connection = pool.acquire().await.unwrap();
            let probe = sqlx::raw_sql(sql::POSTGRES_INSIDE)
                .fetch_one(&mut *connection)
                .await;
            assert!(!probe.unwrap().get::<bool, _>("inside"), "{left}");
            assert_eq!(pool.size(), 1, "it was the same connection");
        }
    }
}
