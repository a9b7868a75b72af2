//! From a driver's error to a refusal with a code. Values that were sent to the database are never repeated.

use std::error::Error;

use kernel::{Fault, Refusal};
use sqlx::error::{DatabaseError, ErrorKind};

/// The message of our own triggers.
const APPEND_ONLY: &str = "store.append_only";
/// Codes of SQLite: a constraint, and those of two rows with one key.
const SQLITE_CONSTRAINT: u32 = 19;
const SQLITE_UNIQUE: u32 = 2067;
const SQLITE_PRIMARY_KEY: u32 = 1555;
/// A whole-number primary key that stands twice has a code of its own.
const SQLITE_ROW_ID: u32 = 2579;

/// What the caller is told about an error of the driver.
#[expect(clippy::needless_pass_by_value, reason = "stands in map_err")]
pub(crate) fn from_driver(error: sqlx::Error) -> Refusal {
    let code = match &error {
        sqlx::Error::Database(cause) => return from_database(cause.as_ref()),
        sqlx::Error::PoolTimedOut => "store.busy",
        sqlx::Error::PoolClosed => "store.closed",
        sqlx::Error::Io(cause) => io_code(cause, "store.database_unreachable"),
        sqlx::Error::Tls(_) | sqlx::Error::WorkerCrashed | sqlx::Error::Configuration(_) => {
            "store.database_unreachable"
        }
        _ => "store.database_failed",
    };
    Refusal::broken(code, &error)
}

/// What the caller is told about an error of the file system, and at which file.
pub(crate) fn from_io(error: &std::io::Error, file: &std::path::Path) -> Refusal {
    Refusal::broken(io_code(error, "store.file_failed"), error).at(file.display())
}

/// A JSON text in the database that is none.
pub(crate) fn bad_stored_json(column: &str, error: &serde_json::Error) -> Refusal {
    Refusal::broken("store.bad_json", error).at(column)
}

fn io_code(error: &std::io::Error, other: &'static str) -> &'static str {
    match error.kind() {
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => "store.disk_full",
        _ => other,
    }
}

/// What the caller is told about an error of the connection that writes to an embedded database.
#[expect(clippy::needless_pass_by_value, reason = "stands in map_err")]
pub(crate) fn from_sqlite(error: rusqlite::Error) -> Refusal {
    let Some(failure) = error.sqlite_error() else {
        return Refusal::broken("store.database_failed", &error);
    };
    let message = error.to_string();
    if message.contains(APPEND_ONLY) {
        return Refusal::new(APPEND_ONLY, Fault::Denied);
    }
    let code = match u32::try_from(failure.extended_code).unwrap_or_default() {
        SQLITE_UNIQUE | SQLITE_PRIMARY_KEY | SQLITE_ROW_ID => return conflict(last_part(&message)),
        constraint if constraint & 0xFF == SQLITE_CONSTRAINT => "store.constraint",
        extended => sqlite_code(extended),
    };
    Refusal::broken(code, &error)
}

fn from_database(cause: &(dyn DatabaseError + 'static)) -> Refusal {
    if cause.message().contains(APPEND_ONLY) {
        return Refusal::new(APPEND_ONLY, Fault::Denied);
    }
    let state = cause.code().unwrap_or_default();
    // SQLite's codes are decimal numbers of up to four digits; every SQLSTATE has five characters.
    let sqlite = (state.len() < 5).then(|| state.parse::<u32>().unwrap_or_default());
    let code = match (cause.kind(), sqlite) {
        (ErrorKind::UniqueViolation, _) | (_, Some(SQLITE_ROW_ID)) => {
            return conflict(cause.constraint().unwrap_or_else(|| last_part(cause.message())));
        }
        (
            ErrorKind::ForeignKeyViolation
            | ErrorKind::NotNullViolation
            | ErrorKind::CheckViolation
            | ErrorKind::ExclusionViolation,
            _,
        ) => "store.constraint",
        (_, Some(extended)) => sqlite_code(extended),
        (_, None) => postgres_code(&state),
    };
    let error: &(dyn Error + 'static) = cause;
    Refusal::broken(code, error)
}

/// Two rows with one key. The constraint (PostgreSQL: its name; SQLite: `table.column`) lets a module say which.
fn conflict(constraint: &str) -> Refusal {
    Refusal::new("store.conflict", Fault::Refused).fact("constraint", constraint)
}

/// `table.column`, where SQLite's message names it.
fn last_part(message: &str) -> &str {
    message.rsplit("failed: ").next().unwrap_or_default()
}

/// The primary result code stands in the lowest byte of SQLite's extended one.
fn sqlite_code(extended: u32) -> &'static str {
    match extended & 0xFF {
        13 => "store.disk_full",
        5 | 6 => "store.busy",
        8 | 10 | 14 | 23 => "store.database_unreachable",
        11 | 26 => "store.database_damaged",
        _ => "store.database_failed",
    }
}

/// The classes of PostgreSQL's SQLSTATE.
fn postgres_code(state: &str) -> &'static str {
    match state {
        "53100" => "store.disk_full",
        "55P03" | "57014" | "40001" | "40P01" => "store.busy",
        "53300" | "28000" | "28P01" | "3D000" | "42501" => "store.database_unreachable",
        _ if state.starts_with("08") || state.starts_with("57P") => "store.database_unreachable",
        "XX001" | "XX002" => "store.database_damaged",
        _ => "store.database_failed",
    }
}
