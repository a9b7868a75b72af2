//! Brings the tables up to date when the store is opened.
//!
//! The files of `migrations/sqlite` and `migrations/postgres` are embedded in the binary. All that are missing are
//! applied in one transaction, in the order of their numbers, so a failed upgrade leaves the database as it was.
//! The SHA-256 of each applied file is kept: a file that was edited afterwards is refused, and so is a database
//! that a newer Fishpond has upgraded.

use std::collections::BTreeMap;

use include_dir::{Dir, include_dir};
use jiff::Timestamp;
use kernel::{Fault, Refusal};
use sha2::{Digest, Sha256};

use crate::args;
use crate::connection::Connection;
use crate::sql;
use crate::writer::POSTGRES_WRITERS;

static SQLITE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../migrations/sqlite");
static POSTGRES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../migrations/postgres");

/// One embedded file.
struct Migration {
    name: &'static str,
    text: &'static str,
}

/// Applies what is missing; does nothing when everything is there.
pub(crate) async fn apply(connection: &mut Connection, now: Timestamp) -> Result<(), Refusal> {
    let folder = match connection {
        Connection::Sqlite(_) => &SQLITE,
        Connection::Postgres(_) => &POSTGRES,
    };
    let migrations = embedded(folder)?;
    match connection {
        Connection::Sqlite(_) => connection.execute(sql::SQLITE_BEGIN, args![]).await?,
        Connection::Postgres(_) => {
            connection.execute(sql::POSTGRES_BEGIN, args![]).await?;
            connection
                .execute(sql::POSTGRES_LOCK, args![POSTGRES_WRITERS])
                .await?
        }
    };
    match apply_missing(connection, &migrations, now).await {
        Ok(()) => connection.execute(sql::COMMIT, args![]).await.map(drop),
        Err(refusal) => {
            // The connection is not used again; closing it would roll back too.
            connection.execute(sql::ROLLBACK, args![]).await?;
            Err(refusal)
        }
    }
}

async fn apply_missing(
    connection: &mut Connection,
    migrations: &[Migration],
    now: Timestamp,
) -> Result<(), Refusal> {
    let table = match connection {
        Connection::Sqlite(_) => sql::SQLITE_MIGRATIONS_TABLE,
        Connection::Postgres(_) => sql::POSTGRES_MIGRATIONS_TABLE,
    };
    connection.execute(table, args![]).await?;
    let mut applied = BTreeMap::new();
    for row in connection.rows(sql::MIGRATIONS_APPLIED, args![]).await? {
        applied.insert(row.text("name")?, row.text("sha256")?);
    }
    for migration in migrations {
        let sha256 = hex::encode(Sha256::digest(migration.text));
        match applied.remove(migration.name) {
            Some(before) if before == sha256 => {}
            Some(_) => return Err(changed(migration.name)),
            None => {
                let named = |refusal: Refusal| refusal.at(migration.name);
                connection.script(migration.text).await.map_err(named)?;
                let note = args![migration.name, sha256, now];
                connection.execute(sql::MIGRATION_NOTE, note).await?;
                tracing::info!(migration = migration.name, "applied");
            }
        }
    }
    match applied.into_keys().next_back() {
        None => Ok(()),
        Some(newer) => Err(Refusal::new("store.schema_newer", Fault::Refused).value(newer)),
    }
}

/// The files of a folder by their names, which begin with their numbers.
fn embedded(folder: &Dir<'static>) -> Result<Vec<Migration>, Refusal> {
    let mut migrations = Vec::new();
    for file in folder.files() {
        let name = file.path().file_name().and_then(std::ffi::OsStr::to_str);
        let (Some(name), Some(text)) = (name, file.contents_utf8()) else {
            return Err(changed(&file.path().display().to_string()));
        };
        migrations.push(Migration { name, text });
    }
    migrations.sort_by_key(|migration| migration.name);
    Ok(migrations)
}

fn changed(name: &str) -> Refusal {
    Refusal::new("store.migration_changed", Fault::Broken).value(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_folders_hold_the_same_files_each_with_a_number_of_its_own() {
        let names = |dir| -> Vec<&str> { embedded(dir).unwrap().iter().map(|m| m.name).collect() };
        assert_eq!(names(&SQLITE), names(&POSTGRES));
        let numbers: Vec<&str> = names(&SQLITE).iter().map(|name| &name[..4]).collect();
        let mut unique = numbers.clone();
        unique.dedup();
        assert_eq!(numbers, unique);
        assert!(numbers.iter().all(|number| number.parse::<u16>().is_ok()));
    }
}
