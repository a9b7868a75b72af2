//! A connection to either database, and what is done with it.

use std::sync::Arc;

use sqlx::postgres::{PgConnection, PgRow};
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{Column, Connection as _, Executor, Row as _, SqlStr, TypeInfo, ValueRef};

use kernel::{Fault, Refusal};

use crate::embedded::Embedded;
use crate::error::from_driver;
use crate::value::{Arg, Row, Value};

/// The connection that writes, in no pool. That to an embedded database works in the thread that calls it.
#[derive(Debug)]
pub(crate) enum Connection {
    Sqlite(Embedded),
    Postgres(PgConnection),
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

impl Connection {
    /// Runs a statement; answers how many rows it changed.
    pub(crate) async fn execute(&mut self, sql: &'static str, args: Vec<Arg>) -> Result<u64, Refusal> {
        match self {
            Self::Sqlite(connection) => connection.execute(sql, &args),
            Self::Postgres(connection) => {
                let done = bound!(sql, args).execute(connection).await.map_err(from_driver)?;
                Ok(done.rows_affected())
            }
        }
    }

    /// Runs a statement; answers all its rows.
    pub(crate) async fn rows(&mut self, sql: &'static str, args: Vec<Arg>) -> Result<Vec<Row>, Refusal> {
        match self {
            Self::Sqlite(connection) => connection.rows(sql, &args),
            Self::Postgres(connection) => postgres_rows(connection, sql, args).await,
        }
    }

    /// Runs several statements without arguments, as a migration holds them.
    pub(crate) async fn script(&mut self, sql: &'static str) -> Result<(), Refusal> {
        match self {
            Self::Sqlite(connection) => connection.script(sql),
            Self::Postgres(connection) => {
                let run = sqlx::raw_sql(sql).execute(connection).await;
                run.map(drop).map_err(from_driver)
            }
        }
    }

    /// What is due between two transactions, when the callers have their answers.
    pub(crate) fn after_commit(&self) {
        if let Self::Sqlite(connection) = self {
            connection.after_commit();
        }
    }

    /// Says good-bye to the server; what fails here no longer matters.
    pub(crate) async fn close(self) {
        if let Self::Postgres(connection) = self
            && let Err(error) = connection.close().await
        {
            tracing::debug!(%error, "closing a database connection");
        }
    }
}

/// All rows that a statement answers to a reader of an embedded database.
pub(crate) async fn sqlite_rows(
    connection: &mut SqliteConnection,
    sql: &'static str,
    args: Vec<Arg>,
) -> Result<Vec<Row>, Refusal> {
    let rows = bound!(sql, args).fetch_all(connection).await;
    let rows = rows.map_err(from_driver)?;
    let names = names_of(rows.first());
    rows.iter().map(|row| sqlite_row(&names, row)).collect()
}

/// The same on a server.
pub(crate) async fn postgres_rows(
    connection: &mut PgConnection,
    sql: &'static str,
    args: Vec<Arg>,
) -> Result<Vec<Row>, Refusal> {
    let rows = bound!(sql, args).fetch_all(connection).await;
    let rows = rows.map_err(from_driver)?;
    let names = names_of(rows.first());
    rows.iter().map(|row| postgres_row(&names, row)).collect()
}

/// Lets a database read a statement without running it.
pub(crate) async fn prepare<'c, E: Executor<'c>>(connection: E, sql: &'static str) -> Result<(), Refusal> {
    let text = SqlStr::from_static(sql);
    connection.prepare(text).await.map(drop).map_err(from_driver)
}

fn names_of<R: sqlx::Row>(first: Option<&R>) -> Arc<[String]> {
    let columns = first.map(R::columns).unwrap_or_default();
    columns.iter().map(|column| column.name().to_owned()).collect()
}

fn sqlite_row(names: &Arc<[String]>, row: &SqliteRow) -> Result<Row, Refusal> {
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
        values.push(value);
    }
    let names = Arc::clone(names);
    Ok(Row { names, values })
}

fn postgres_row(names: &Arc<[String]>, row: &PgRow) -> Result<Row, Refusal> {
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
        values.push(value);
    }
    let names = Arc::clone(names);
    Ok(Row { names, values })
}

/// Neither text nor a whole number: the statement needs a cast (a PostgreSQL sum of BIGINT is NUMERIC).
pub(crate) fn unreadable(column: &str, database_type: &str) -> Refusal {
    Refusal::new("store.bad_column", Fault::Broken)
        .at(column)
        .fact("wanted", "text or BIGINT")
        .fact("found", database_type.to_owned())
}
