//! The connection that writes to the embedded database.
//!
//! The writer has a thread of its own, so its statements run in that thread, one call each. The driver of the readers would
//! hand every statement to another thread and wait for it: for a commit of thirty small posts that waiting was most of the
//! time. Both drivers stand on the same SQLite.

use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use kernel::Refusal;
use rusqlite::types::ValueRef;
use rusqlite::{OpenFlags, Statement, ToSql};

use crate::checkpoints::Checkpoints;
use crate::connection::unreadable;
use crate::error::from_sqlite;
use crate::value::{Arg, Row, Value};

/// Pages kept in memory, as SQLite counts them: 64 MiB, taken as needed. With its default of 2 MiB a command of a few
/// thousand rows writes the same pages to the log again and again.
const CACHE: i64 = -65_536;
/// Pages of the log after which they are copied back: 32 MiB. A page that changed in many commits is copied once.
const CHECKPOINT: i64 = 8_192;
/// Pages of the log after which a commit copies them itself, where the thread beside it cannot keep up.
const CHECKPOINT_BY_COMMIT: i64 = 8 * CHECKPOINT;

/// The writing connection to a file.
#[derive(Debug)]
pub(crate) struct Embedded {
    connection: rusqlite::Connection,
    checkpoints: Checkpoints,
}

impl Embedded {
    /// Opens the file, and makes it where it is missing. A statement waits so long for another process; so many statements
    /// stay prepared.
    pub(crate) fn open(file: &Path, busy: Duration, statements: usize) -> Result<Self, Refusal> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = rusqlite::Connection::open_with_flags(file, flags).map_err(from_sqlite)?;
        let prepared = || {
            connection.busy_timeout(busy)?;
            connection.set_prepared_statement_cache_capacity(statements);
            connection.pragma_update(None, "journal_mode", "wal")?;
            connection.pragma_update(None, "synchronous", "full")?;
            connection.pragma_update(None, "foreign_keys", "on")?;
            connection.pragma_update(None, "cache_size", CACHE)?;
            connection.pragma_update(None, "temp_store", "memory")?;
            connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_BY_COMMIT)
        };
        prepared().map_err(from_sqlite)?;
        let checkpoints = Checkpoints::start(file, CHECKPOINT)?;
        Ok(Self {
            connection,
            checkpoints,
        })
    }

    /// Keeps the log short. What was committed stands, whatever comes of this.
    pub(crate) fn after_commit(&self) {
        if let Err(error) = self.checkpoints.after_commit(&self.connection) {
            tracing::warn!(%error, "the log of the database was not copied back");
        }
    }

    /// Runs a statement; answers how many rows the last change of this connection changed.
    pub(crate) fn execute(&self, sql: &str, args: &[Arg]) -> Result<u64, Refusal> {
        let run = || {
            let mut statement = self.prepared(sql, args)?;
            let mut rows = statement.raw_query();
            while rows.next()?.is_some() {}
            Ok(self.connection.changes())
        };
        run().map_err(from_sqlite)
    }

    /// Runs a statement; answers all its rows.
    pub(crate) fn rows(&self, sql: &str, args: &[Arg]) -> Result<Vec<Row>, Refusal> {
        let mut statement = self.prepared(sql, args).map_err(from_sqlite)?;
        let names: Arc<[String]> = statement.column_names().into_iter().map(str::to_owned).collect();
        let mut rows = statement.raw_query();
        let mut answer = Vec::new();
        while let Some(row) = rows.next().map_err(from_sqlite)? {
            let value = |(at, name): (usize, &String)| value(name, row.get_ref(at).map_err(from_sqlite)?);
            let values: Result<Vec<_>, Refusal> = names.iter().enumerate().map(value).collect();
            answer.push(Row {
                names: Arc::clone(&names),
                values: values?,
            });
        }
        Ok(answer)
    }

    /// Runs several statements without arguments, as a migration holds them.
    pub(crate) fn script(&self, sql: &str) -> Result<(), Refusal> {
        self.connection.execute_batch(sql).map_err(from_sqlite)
    }

    fn prepared(&self, sql: &str, args: &[Arg]) -> rusqlite::Result<rusqlite::CachedStatement<'_>> {
        let mut statement = self.connection.prepare_cached(&numbered(sql))?;
        bind(&mut statement, args)?;
        Ok(statement)
    }
}

/// To SQLite `$2` is a name, which it numbers as it comes; `?2` is the second argument wherever it stands.
fn numbered(sql: &str) -> Cow<'_, str> {
    if sql.contains('$') {
        Cow::Owned(sql.replace('$', "?"))
    } else {
        Cow::Borrowed(sql)
    }
}

fn bind(statement: &mut Statement<'_>, args: &[Arg]) -> rusqlite::Result<()> {
    for (arg, number) in args.iter().zip(1..) {
        let value: &dyn ToSql = match arg {
            Arg::Text(text) => text,
            Arg::Int(number) => number,
        };
        statement.raw_bind_parameter(number, value)?;
    }
    Ok(())
}

fn value(column: &str, found: ValueRef<'_>) -> Result<Value, Refusal> {
    match found {
        ValueRef::Null => Ok(Value::Null),
        ValueRef::Integer(number) => Ok(Value::Int(number)),
        ValueRef::Text(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Value::Text(text.to_owned())),
            Err(_) => Err(unreadable(column, "text that is not UTF-8")),
        },
        ValueRef::Real(_) => Err(unreadable(column, "REAL")),
        ValueRef::Blob(_) => Err(unreadable(column, "BLOB")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(folder: &tempfile::TempDir) -> Embedded {
        Embedded::open(&folder.path().join("a.db"), Duration::from_secs(1), 8).unwrap()
    }

    #[test]
    fn an_argument_is_known_by_its_number_wherever_and_however_often_it_stands() {
        let folder = tempfile::TempDir::new().unwrap();
        let args = [
            Arg::Text(Some("一".to_owned())),
            Arg::Int(Some(2)),
            Arg::Int(None),
        ];
        let sql = "SELECT $2 AS second, $1 AS first, $2 + $2 AS twice, $3 AS none";
        let rows = open(&folder).rows(sql, &args).unwrap();
        let row = rows.first().unwrap();
        assert_eq!((row.int("second"), row.int("twice")), (Ok(2), Ok(4)));
        assert_eq!(
            (row.text("first"), row.opt_int("none")),
            (Ok("一".to_owned()), Ok(None))
        );
    }

    #[test]
    fn what_is_committed_is_on_the_disk_before_the_answer() {
        let folder = tempfile::TempDir::new().unwrap();
        let connection = open(&folder);
        let asked = |name: &str| {
            let rows = connection.rows(&format!("PRAGMA {name}"), &[]).unwrap();
            format!("{:?}", rows.first().unwrap().values)
        };
        assert!(asked("synchronous").contains("Int(2)"), "full");
        assert!(asked("journal_mode").contains("wal"));
        assert!(asked("foreign_keys").contains("Int(1)"));
    }

    #[test]
    fn a_value_that_is_no_text_and_no_whole_number_is_named() {
        let folder = tempfile::TempDir::new().unwrap();
        for sql in ["SELECT 1.5 AS x", "SELECT x'00' AS x"] {
            let refusal = open(&folder).rows(sql, &[]).unwrap_err();
            assert_eq!(
                (refusal.code, refusal.at.as_deref()),
                ("store.bad_column", Some("x"))
            );
        }
    }
}
