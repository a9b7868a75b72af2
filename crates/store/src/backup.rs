//! A backup is a folder that can be opened again as it stands.
//!
//! ```text
//! backup/
//!   fishpond.db     one consistent moment of the embedded database
//!   documents/      every document that was stored by then, or a little later
//!   backup.json     the SHA-256 of fishpond.db and the newest fact: keep a copy elsewhere
//! ```
//!
//! To restore: put `fishpond.db` and `documents/` where the settings point to, after [`check_backup`] found nothing.
//! Work goes on while a backup is made. The lake's files are copied by the lake.
//!
//! On PostgreSQL the database has its own tools (`pg_dump --format=custom`, or `pg_basebackup` with an archived
//! write-ahead log), so [`Store::backup`] refuses with `store.backup_elsewhere`. Take the dump first and copy the
//! documents after it: then every document that a fact names is in the copy. After `pg_restore`, `fishpond check`
//! walks the chain of facts.

use std::collections::BTreeSet;
use std::path::Path;

use kernel::{Fault, Refusal};
use serde::{Deserialize, Serialize};

use crate::args;
use crate::chain::FactsReport;
use crate::database::Database;
use crate::documents::Documents;
use crate::error::{bad_stored_json, from_io};
use crate::facts::{Evidence, FactHead};
use crate::folder::{Incoming, sha256_of_file};
use crate::sql;
use crate::store::Store;

const DATABASE: &str = "fishpond.db";
const DOCUMENTS: &str = "documents";
const NOTE: &str = "backup.json";

/// What was copied; also what `backup.json` says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backup {
    /// The SHA-256 of the copy of the database.
    pub database_sha256: String,
    /// The newest fact in it.
    pub head: Option<FactHead>,
    /// How many documents were copied.
    pub documents: u64,
    /// Their bytes together.
    pub document_bytes: u64,
}

/// What the check of a backup found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupReport {
    /// What the backup says of itself.
    pub backup: Backup,
    /// What the walk along the facts found.
    pub facts: FactsReport,
    /// Everything that is wrong; empty when the backup can be restored.
    pub findings: Vec<Refusal>,
}

impl Store {
    /// Copies the embedded database and the documents into a folder that is new or empty.
    ///
    /// Refuses with `store.backup_not_empty`, `store.backup_elsewhere` (PostgreSQL), `store.disk_full`.
    pub async fn backup(&self, folder: &Path) -> Result<Backup, Refusal> {
        let Database::Sqlite(_) = self.database() else {
            return Err(Refusal::new("store.backup_elsewhere", Fault::Refused));
        };
        require_empty(folder)?;
        let file = folder.join(DATABASE);
        let (database, to) = (self.database().clone(), file.display().to_string());
        let runtime = tokio::runtime::Handle::current();
        // It copies in the thread that asks, for as long as it takes.
        let copied = tokio::task::spawn_blocking(move || {
            runtime.block_on(async move {
                let mut connection = database.connect_writer().await?;
                connection.execute(sql::SQLITE_BACKUP, args![to]).await
            })
        });
        copied
            .await
            .map_err(|error| Refusal::broken("store.database_failed", &error))??;
        let mut backup = Backup {
            database_sha256: sha256_of_file(&file)?,
            head: Database::snapshot_of_file(&file)
                .snapshot()
                .await?
                .facts_head()
                .await?,
            documents: 0,
            document_bytes: 0,
        };
        let documents = folder.join(DOCUMENTS);
        for name in self.documents().list().await? {
            let to = documents.join(name.get(..2).unwrap_or_default()).join(&name);
            backup.document_bytes += self.documents().get_file(&name, &to).await?;
            backup.documents += 1;
        }
        write_note(&folder.join(NOTE), &backup)?;
        Ok(backup)
    }
}

/// Reads a whole backup: the database's own check, the chain of facts, every document, and that every document a
/// fact names is there. Changes nothing in the folder.
pub async fn check_backup(folder: &Path) -> Result<BackupReport, Refusal> {
    let note = folder.join(NOTE);
    let text = std::fs::read_to_string(&note).map_err(|error| from_io(&error, &note))?;
    let backup: Backup = serde_json::from_str(&text).map_err(|error| bad_stored_json(NOTE, &error))?;
    let mut findings = Vec::new();
    let file = folder.join(DATABASE);
    if sha256_of_file(&file)? != backup.database_sha256 {
        findings.push(Refusal::new("store.backup_changed", Fault::Broken).at(file.display()));
    }
    let readers = Database::snapshot_of_file(&file);
    let mut reader = readers.snapshot().await?;
    for row in reader.rows(sql::SQLITE_CHECK, args![]).await? {
        let said = row.text("integrity_check")?;
        if said != "ok" {
            findings.push(
                Refusal::new("store.database_damaged", Fault::Broken)
                    .at(file.display())
                    .value(said),
            );
        }
    }
    let mut named = BTreeSet::new();
    let facts = reader
        .verify_facts(|fact| named.extend(documents_of(fact)))
        .await?;
    drop(reader);
    readers.close().await;
    findings.extend(facts.findings.iter().map(crate::FactFinding::to_refusal));
    if facts.head != backup.head {
        findings.push(Refusal::new("store.backup_changed", Fault::Broken).at("facts"));
    }
    let documents = Documents::open(&folder.join(DOCUMENTS).display().to_string())?;
    findings.extend(documents.check().await?);
    let there = documents.list().await?;
    let lost = named.iter().filter(|name| there.binary_search(name).is_err());
    findings.extend(lost.map(|name| crate::documents::missing(name)));
    Ok(BackupReport {
        backup,
        facts,
        findings,
    })
}

/// The documents of this store that a fact names. Evidence that cannot be read is found by the chain.
fn documents_of(fact: &crate::RecordedFact) -> Vec<String> {
    let evidence = fact.evidence().unwrap_or_default().into_iter();
    let names = evidence.filter_map(|evidence| match evidence {
        Evidence::Document { sha256 } => Some(sha256),
        Evidence::File { .. } | Evidence::Row { .. } => None,
    });
    names.collect()
}

fn require_empty(folder: &Path) -> Result<(), Refusal> {
    std::fs::create_dir_all(folder).map_err(|error| from_io(&error, folder))?;
    let mut entries = std::fs::read_dir(folder).map_err(|error| from_io(&error, folder))?;
    match entries.next() {
        None => Ok(()),
        Some(_) => Err(Refusal::new("store.backup_not_empty", Fault::Refused).at(folder.display())),
    }
}

fn write_note(file: &Path, backup: &Backup) -> Result<(), Refusal> {
    let text =
        serde_json::to_string_pretty(backup).map_err(|error| Refusal::broken("store.bad_json", &error))?;
    let mut incoming = Incoming::beside(file)?;
    incoming.write(text.as_bytes())?;
    incoming.rename(file)
}
