//! The store: the database, the journal of facts, the jobs and the documents, behind one handle.
//!
//! SQLite in one file is the default; PostgreSQL is the same code by another URL. SQL is written once, in the
//! common ground of both (text, 64-bit whole numbers, `$1`, `RETURNING`, `ON CONFLICT`), and always as a constant:
//! no statement is put together at run time, so no value can become part of one.
//!
//! - Writing: [`Store::write`] hands a command to the one writer, which commits many waiting commands together.
//!   A command works with its [`Ctx`]: the transaction, who gives the command, the time and new ids.
//! - Reading: [`Store::read`] opens a snapshot; readers never wait for the writer.
//! - The journal: [`Ctx::record`] appends a fact, linked by hash to the one before; `verify_facts` walks the chain.
//! - Jobs: [`Jobs`], asked for in the transaction of a command, claimed under a lease.
//! - Documents: [`Documents`], by the SHA-256 of their bytes, in a folder or a bucket.
//! - Secrets: [`Keyring`] seals what must not be read from a copy of the database; its keys change by [`Store::reseal`].
//!
//! Deliberately absent: storage traits, an ORM, writes outside the writer, UPDATE or DELETE on facts (a trigger
//! refuses them too), a clock or a random source outside [`Ctx`].
//!
//! Waiting for the writer inside a command would wait for itself, so a command must not call [`Store::write`]; and
//! a command must not wait for the network or for long computations, because everyone else waits behind it.

mod backup;
mod bucket;
mod chain;
mod checkpoints;
mod connection;
mod ctx;
mod database;
mod documents;
mod embedded;
mod error;
mod facts;
mod folder;
mod hashing;
mod jobs;
mod keyring;
mod listing;
pub mod many;
mod migrations;
mod reseal;
mod sql;
mod store;
mod value;
mod writer;

pub use backup::{Backup, BackupReport, check_backup};
pub use chain::{FactFinding, FactsReport};
pub use ctx::Ctx;
pub use database::Reader;
pub use documents::Documents;
pub use facts::{Evidence, Fact, FactHead, FactId, RecordedFact};
pub use hashing::FieldHasher;
pub use jobs::{Claim, Job, JobId, JobState, Jobs};
pub use keyring::Keyring;
pub use listing::{Direction, JobColumn, JobOrder};
pub use reseal::SealedColumn;
pub use store::{Store, StoreConfig, Written};
pub use value::{Arg, Row, ToArg};
