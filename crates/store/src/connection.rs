//! One connection to either database, and the four things that are done with it.

use sqlx::postgres::{PgConnection, PgRow};
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{Column, Executor, Row as _, SqlStr, TypeInfo, ValueRef};

use kernel::{Fault, Refusal};

use crate::error::from_driver;
use crate::value::{Arg, Row, Value};

/// A connection of our own, in no pool.
#[derive(Debug)]
pub(crate) enum Connection {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Connection {
    pub(crate) fn borrow(&mut self) -> Borrowed<'_> {
        match self {
            Self::Sqlite(connection) => Borrowed::Sqlite(connection),
            Self::Postgres(connection) => Borrowed::Postgres(connection),
        }
    }

    /// Says good-bye to the server; what fails here no longer matters.
    pub(crate) async fn close(self) {
        let closed = match self {
            Self::Sqlite(connection) => sqlx::Connection::close(connection).await,
            Self::Postgres(connection) => sqlx::Connection::close(connection).await,
        };
        if let Err(error) = closed {
            tracing::debug!(%error, "closing a database connection");
        }
    }
}

/// A connection for the length of one statement, whoever owns it.
pub(crate) enum Borrowed<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut PgConnection),
}

macro_rules! bound {
    ($sql:expr, $args:expr) => {{
        let mut query = sqlx::query($sql);
        for arg in $args {
            query = match arg {
                Arg::Text(text) => query.bind(text),
                Arg::Int(number) => query.bind(number),
            };
        }
        query
    }};
}

impl Borrowed<'_> {
    /// Runs a statement; answers how many rows it changed.
    pub(crate) async fn execute(self, sql: &'static str, args: Vec<Arg>) -> Result<u64, Refusal> {
        match self {
            Self::Sqlite(connection) => {
                let done = bound!(sql, args).execute(connection).await.map_err(from_driver)?;
                Ok(done.rows_affected())
            }
            Self::Postgres(connection) => {
                let done = bound!(sql, args).execute(connection).await.map_err(from_driver)?;
                Ok(done.rows_affected())
            }
        }
    }

    /// Runs a statement; answers all its rows.
    pub(crate) async fn rows(self, sql: &'static str, args: Vec<Arg>) -> Result<Vec<Row>, Refusal> {
        match self {
            Self::Sqlite(connection) => {
                let rows = bound!(sql, args)
                    .fetch_all(connection)
                    .await
                    .map_err(from_driver)?;
                rows.iter().map(sqlite_row).collect()
            }
            Self::Postgres(connection) => {
                let rows = bound!(sql, args)
                    .fetch_all(connection)
                    .await
                    .map_err(from_driver)?;
                rows.iter().map(postgres_row).collect()
            }
        }
    }

    /// Runs several statements without arguments, as a migration holds them.
    pub(crate) async fn script(self, sql: &'static str) -> Result<(), Refusal> {
        match self {
            Self::Sqlite(connection) => {
                sqlx::raw_sql(sql)
                    .execute(connection)
                    .await
                    .map_err(from_driver)?;
            }
            Self::Postgres(connection) => {
                sqlx::raw_sql(sql)
                    .execute(connection)
                    .await
                    .map_err(from_driver)?;
            }
        }
        Ok(())
    }

    /// Lets the database read a statement without running it.
    pub(crate) async fn prepare(self, sql: &'static str) -> Result<(), Refusal> {
        let text = SqlStr::from_static(sql);
        match self {
            Self::Sqlite(connection) => {
                connection.prepare(text).await.map_err(from_driver)?;
            }
            Self::Postgres(connection) => {
                connection.prepare(text).await.map_err(from_driver)?;
            }
        }
        Ok(())
    }
}

fn sqlite_row(row: &SqliteRow) -> Result<Row, Refusal> {
    let mut values = Vec::with_capacity(row.len());
    for column in row.columns() {
        let at = column.ordinal();
        let raw = row.try_get_raw(at).map_err(from_driver)?;
        let value = match raw.type_info().name() {
            _ if raw.is_null() => Value::Null,
            "INTEGER" => Value::Int(row.try_get_unchecked(at).map_err(from_driver)?),
            "TEXT" => Value::Text(row.try_get_unchecked(at).map_err(from_driver)?),
            other => return Err(unreadable(column.name(), other)),
        };
        values.push((column.name().to_owned(), value));
    }
    Ok(Row(values))
}

fn postgres_row(row: &PgRow) -> Result<Row, Refusal> {
    let mut values = Vec::with_capacity(row.len());
    for column in row.columns() {
        let at = column.ordinal();
        let raw = row.try_get_raw(at).map_err(from_driver)?;
        let value = match raw.type_info().name() {
            _ if raw.is_null() => Value::Null,
            "VOID" => Value::Null,
            "INT8" => Value::Int(row.try_get(at).map_err(from_driver)?),
            "INT4" => Value::Int(row.try_get::<i32, _>(at).map_err(from_driver)?.into()),
            "BOOL" => Value::Int(row.try_get::<bool, _>(at).map_err(from_driver)?.into()),
            "TEXT" | "VARCHAR" | "CHAR" | "NAME" => Value::Text(row.try_get(at).map_err(from_driver)?),
            other => return Err(unreadable(column.name(), other)),
        };
        values.push((column.name().to_owned(), value));
    }
    Ok(Row(values))
}

/// Neither text nor a whole number: the statement needs a cast (a PostgreSQL sum of BIGINT is NUMERIC).
fn unreadable(column: &str, database_type: &str) -> Refusal {
    Refusal::new("store.bad_column", Fault::Broken)
        .at(column)
        .fact("wanted", "text or BIGINT")
        .fact("found", database_type.to_owned())
}
