//! The store as everyone else holds it: one handle to the database, the documents and the writer.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::{self, ThreadId};

use futures::future::BoxFuture;
use kernel::{Actor, Clock, Fault, IdSource, Refusal};
use tokio::sync::{mpsc, oneshot};

use crate::args;
use crate::ctx::Ctx;
use crate::database::{Database, Reader, Readers};
use crate::documents::Documents;
use crate::jobs::Jobs;
use crate::sql;
use crate::writer::{self, Counts, Message, QUEUE, Waiting, Writer};

/// Where the store keeps things.
#[derive(Clone, Debug)]
pub struct StoreConfig {
    /// `sqlite:///path/fishpond.db`, or `postgres://user:password@host:5432/name`.
    pub database: String,
    /// A folder, or `s3://bucket/prefix` with the usual `AWS_…` settings in the environment.
    pub documents: String,
}

/// A handle to the database and the documents; cloning it is cheap.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    database: Database,
    readers: Readers,
    documents: Documents,
    writer: mpsc::Sender<Message>,
    writer_thread: ThreadId,
    counts: Arc<Counts>,
}

impl Store {
    /// Opens the store, brings the tables up to date and starts the writer. Needs a Tokio runtime.
    ///
    /// Refuses with `store.bad_database`, `store.database_unreachable`, `store.migration_changed`,
    /// `store.schema_newer`, `store.bad_documents`.
    pub async fn open(
        config: StoreConfig,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn IdSource>,
    ) -> Result<Self, Refusal> {
        let database = Database::from_url(&config.database)?;
        let documents = Documents::open(&config.documents)?;
        let counts = Arc::new(Counts::default());
        let (sender, queue) = mpsc::channel(QUEUE);
        let writer = Writer {
            database: database.clone(),
            connection: None,
            clock,
            ids,
            counts: Arc::clone(&counts),
        };
        let writer_thread = writer::start(writer, queue).await?;
        let inner = Inner {
            readers: database.readers(),
            database,
            documents,
            writer: sender,
            writer_thread,
            counts,
        };
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    /// Carries out a command in a transaction of its own and answers after it is safely committed.
    ///
    /// The command runs in the writer's thread ([`crate`] explains how commits are grouped). When it answers an error,
    /// or panics, nothing of it stays. It must not wait for another `write` of this store: that would wait for
    /// itself, and is refused with `store.write_in_write`.
    pub async fn write<F, T, E>(&self, actor: Actor, body: F) -> Result<T, E>
    where
        F: for<'c> FnOnce(&'c mut Ctx) -> BoxFuture<'c, Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: From<Refusal> + Send + 'static,
    {
        if thread::current().id() == self.inner.writer_thread {
            return Err(E::from(Refusal::new("store.write_in_write", Fault::Broken)));
        }
        let (answer, told) = oneshot::channel();
        let waiting = Box::new(Waiting { actor, body, answer });
        if self.inner.writer.send(Message::Run(waiting)).await.is_err() {
            return Err(E::from(closed()));
        }
        told.await.unwrap_or_else(|_| Err(E::from(closed())))
    }

    /// Opens a snapshot to read from.
    pub async fn read(&self) -> Result<Reader, Refusal> {
        self.inner.readers.snapshot().await
    }

    /// The documents, by the SHA-256 of their bytes.
    pub fn documents(&self) -> &Documents {
        &self.inner.documents
    }

    /// The jobs, with their leases and progress.
    pub fn jobs(&self) -> Jobs {
        Jobs::new(self.clone())
    }

    /// How many commands were kept and how many commits they took since the store was opened.
    pub fn written(&self) -> Written {
        Written {
            commands: self.inner.counts.commands.load(Ordering::Relaxed),
            commits: self.inner.counts.commits.load(Ordering::Relaxed),
        }
    }

    /// How many commands wait for the writer.
    pub fn waiting(&self) -> usize {
        let writer = &self.inner.writer;
        writer.max_capacity().saturating_sub(writer.capacity())
    }

    /// The newest migration that the tables have.
    pub async fn schema(&self) -> Result<String, Refusal> {
        let rows = self.read().await?.rows(sql::MIGRATIONS_APPLIED, args![]).await?;
        rows.last().map_or(Ok(String::new()), |row| row.text("name"))
    }

    /// Lets the database read a statement without running it: `fishpond check` and tests prove with it that a
    /// statement stands in the common ground of both databases.
    pub async fn prepare(&self, sql: &'static str) -> Result<(), Refusal> {
        let mut reader = self.read().await?;
        reader.prepare(sql).await
    }

    /// The names and texts of this crate's statements that this database is asked to run.
    pub fn statements(&self) -> Vec<(&'static str, &'static str)> {
        let own = match self.inner.database {
            Database::Sqlite(_) => sql::ONLY_SQLITE,
            Database::Postgres(_) => sql::ONLY_POSTGRES,
        };
        sql::COMMON.iter().chain(own).copied().collect()
    }

    /// Finishes what is in the queue and closes every connection; later commands are refused with `store.closed`.
    pub async fn close(&self) {
        let (done, closed) = oneshot::channel();
        if self.inner.writer.send(Message::Close(done)).await.is_ok() {
            // An error here says that the writer had ended already.
            drop(closed.await);
        }
        self.inner.readers.close().await;
    }

    pub(crate) fn database(&self) -> &Database {
        &self.inner.database
    }
}

/// How busy the writer was: see [`Store::written`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// Commands that were kept.
    pub commands: u64,
    /// Commits that carried them.
    pub commits: u64,
}

fn closed() -> Refusal {
    Refusal::new("store.closed", Fault::Broken)
}
