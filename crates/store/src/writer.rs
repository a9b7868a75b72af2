//! The one thread that writes. Commands queue here and are committed in groups.
//!
//! A durable commit costs a flush of the disk, a command does not. So the writer takes every command that is
//! waiting, runs each inside its own savepoint in one transaction, commits once, and only then answers them all.
//! A command that fails, or panics, takes back its own savepoint and nothing else.
//!
//! - The work belongs to this thread, not to the caller: a page request that is dropped cannot leave half a
//!   transaction behind. Its command is carried out whole, or (when it was not yet in the queue) not at all.
//! - SQLite: `BEGIN IMMEDIATE`, so a group never starts reading and then finds that it may not write.
//! - PostgreSQL: the group first takes one advisory lock for the whole database. Groups of several processes follow
//!   one another exactly as they do on SQLite: facts get numbers without gaps in the order of their commits, and
//!   two processes cannot deadlock.
//! - A commit whose answer never came from a PostgreSQL server may have happened or not. The waiters are told so
//!   (`store.outcome_unknown`) and look before they repeat.
//! - Checks that PostgreSQL would put off until the commit (deferred constraints) would fail the whole group: none
//!   of the tables has one.

use std::collections::VecDeque;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::ThreadId;
use std::time::{Duration, Instant};

use futures::FutureExt;
use futures::future::BoxFuture;
use kernel::{Actor, Clock, Fault, IdSource, Refusal};
use tokio::sync::{mpsc, oneshot};

use crate::args;
use crate::connection::Connection;
use crate::ctx::Ctx;
use crate::database::Database;
use crate::migrations;
use crate::sql;

/// How many commands may wait; one more waits at its sender.
pub(crate) const QUEUE: usize = 1024;
/// How many commands one commit carries at most.
const GROUP: usize = 256;
/// A group is committed when this much time has gone, so that slow commands do not make the quick ones wait.
const GROUP_TIME: Duration = Duration::from_millis(20);
/// The advisory lock of the writers on one PostgreSQL database ("fishpond" in ASCII).
pub(crate) const POSTGRES_WRITERS: i64 = 0x6669_7368_706F_6E64;

/// A command on its way to the writer.
pub(crate) trait Command: Send {
    fn run(self: Box<Self>, ctx: &mut Ctx) -> BoxFuture<'_, Outcome>;
    fn refuse(self: Box<Self>, refusal: Refusal);
}

/// What came of a command, and how its caller is told once it is known whether the group was committed.
pub(crate) struct Outcome {
    kept: bool,
    tell: Box<dyn FnOnce(Result<(), Refusal>) + Send>,
}

/// A message to the writer.
pub(crate) enum Message {
    Run(Box<dyn Command>),
    Close(oneshot::Sender<()>),
}

/// A command and the caller that waits for it.
pub(crate) struct Waiting<F, T, E> {
    pub(crate) actor: Actor,
    pub(crate) body: F,
    pub(crate) answer: oneshot::Sender<Result<T, E>>,
}

impl<F, T, E> Command for Waiting<F, T, E>
where
    F: for<'c> FnOnce(&'c mut Ctx) -> BoxFuture<'c, Result<T, E>> + Send + 'static,
    T: Send + 'static,
    E: From<Refusal> + Send + 'static,
{
    fn run(self: Box<Self>, ctx: &mut Ctx) -> BoxFuture<'_, Outcome> {
        let Self { actor, body, answer } = *self;
        ctx.turn_to(actor);
        Box::pin(async move {
            let run = AssertUnwindSafe(async move { body(ctx).await }).catch_unwind();
            let result = run
                .await
                .unwrap_or_else(|_| Err(E::from(Refusal::new("store.command_panicked", Fault::Broken))));
            let kept = result.is_ok();
            let tell = move |committed: Result<(), Refusal>| {
                let told = result.and_then(|value| committed.map(|()| value).map_err(E::from));
                // The caller may have gone; the command is done all the same.
                drop(answer.send(told));
            };
            Outcome {
                kept,
                tell: Box::new(tell),
            }
        })
    }

    fn refuse(self: Box<Self>, refusal: Refusal) {
        drop(self.answer.send(Err(E::from(refusal))));
    }
}

/// How many commands were carried out and how many commits they took, since the store was opened.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub(crate) commands: AtomicU64,
    pub(crate) commits: AtomicU64,
}

/// Opens the database in a thread of its own, brings its tables up to date, and lets the writer work there until the store is
/// closed or its last clone is gone. Answers when the tables are ready.
pub(crate) async fn start(mut writer: Writer, queue: mpsc::Receiver<Message>) -> Result<ThreadId, Refusal> {
    let (ready, opened) = oneshot::channel();
    let runtime = tokio::runtime::Handle::current();
    let work = async move {
        match writer.open().await {
            Ok(()) => {
                // Whoever opens the store may have gone; the queue is then closed too.
                ready.send(Ok(())).unwrap_or_default();
                writer.work(queue).await;
            }
            Err(refusal) => ready.send(Err(refusal)).unwrap_or_default(),
        }
    };
    let thread = std::thread::Builder::new().name("store-writer".to_owned());
    let thread = thread
        .spawn(move || runtime.block_on(work))
        .map_err(|error| Refusal::broken("store.database_failed", &error))?;
    let closed = |_| Err(Refusal::new("store.closed", Fault::Broken));
    opened.await.unwrap_or_else(closed)?;
    Ok(thread.thread().id())
}

pub(crate) struct Writer {
    pub(crate) database: Database,
    pub(crate) connection: Option<Connection>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn IdSource>,
    pub(crate) counts: Arc<Counts>,
}

impl Writer {
    async fn open(&mut self) -> Result<(), Refusal> {
        let mut connection = self.database.connect_writer().await?;
        migrations::apply(&mut connection, self.clock.now()).await?;
        self.connection = Some(connection);
        Ok(())
    }

    async fn work(mut self, mut queue: mpsc::Receiver<Message>) {
        let mut taken = Vec::with_capacity(GROUP);
        let mut closing = None;
        while closing.is_none() && queue.recv_many(&mut taken, GROUP).await > 0 {
            let mut waiting = VecDeque::with_capacity(taken.len());
            for message in taken.drain(..) {
                match message {
                    Message::Run(command) => waiting.push_back(command),
                    Message::Close(done) => {
                        closing = Some(done);
                        queue.close();
                    }
                }
            }
            while !waiting.is_empty() {
                self.carry_out_a_group(&mut waiting).await;
            }
        }
        if let Some(connection) = self.connection.take() {
            connection.close().await;
        }
        if let Some(done) = closing {
            // Whoever asked may have gone.
            done.send(()).unwrap_or_default();
        }
    }

    async fn carry_out_a_group(&mut self, waiting: &mut VecDeque<Box<dyn Command>>) {
        let mut ctx = match self.begin().await {
            Ok(connection) => Ctx::new(connection, self.clock.clone(), self.ids.clone()),
            Err(refusal) => {
                waiting
                    .drain(..)
                    .for_each(|command| command.refuse(refusal.clone()));
                return;
            }
        };
        let begun = Instant::now();
        let mut outcomes = Vec::with_capacity(waiting.len());
        let mut lost = None;
        while lost.is_none()
            && let Some(command) = waiting.pop_front()
        {
            match carry_out(&mut ctx, command).await {
                Ok(outcome) => outcomes.push(outcome),
                Err((outcome, refusal)) => {
                    outcomes.extend(outcome);
                    lost = Some(refusal);
                }
            }
            if begun.elapsed() > GROUP_TIME {
                break;
            }
        }
        let committed = match lost {
            None => self.commit(ctx.connection).await,
            Some(refusal) => {
                self.roll_back(ctx.connection).await;
                Err(refusal)
            }
        };
        if committed.is_ok() {
            self.counts.commits.fetch_add(1, Ordering::Relaxed);
            let kept = outcomes.iter().filter(|outcome| outcome.kept).count();
            self.counts.commands.fetch_add(kept as u64, Ordering::Relaxed);
        }
        for outcome in outcomes {
            (outcome.tell)(committed.clone());
        }
        if let Some(connection) = &self.connection {
            connection.after_commit();
        }
    }

    /// Opens the transaction of a group. Nothing has run yet, so a connection that died is replaced once.
    async fn begin(&mut self) -> Result<Connection, Refusal> {
        if let Some(mut connection) = self.connection.take() {
            match begin(&mut connection).await {
                Ok(()) => return Ok(connection),
                Err(refusal) if refusal.code == "store.busy" => {
                    self.roll_back(connection).await;
                    return Err(refusal);
                }
                Err(refusal) => {
                    tracing::warn!(code = refusal.code, "the writer connects again");
                    connection.close().await;
                }
            }
        }
        let mut connection = self.database.connect_writer().await?;
        match begin(&mut connection).await {
            Ok(()) => Ok(connection),
            Err(refusal) => {
                self.roll_back(connection).await;
                Err(refusal)
            }
        }
    }

    async fn commit(&mut self, mut connection: Connection) -> Result<(), Refusal> {
        let committed = connection.execute(sql::COMMIT, args![]).await;
        match committed {
            Ok(_) => {
                self.connection = Some(connection);
                Ok(())
            }
            Err(refusal) => {
                let unheard = refusal.code == "store.database_unreachable"
                    && matches!(connection, Connection::Postgres(_));
                self.roll_back(connection).await;
                Err(if unheard {
                    Refusal::new("store.outcome_unknown", Fault::Broken)
                } else {
                    refusal
                })
            }
        }
    }

    /// Undoes what is left of a group; a connection that cannot even do that is given up. SQLite may have rolled
    /// back by itself (a full disk), and then says that there is nothing to undo: the same outcome, a new connection.
    async fn roll_back(&mut self, mut connection: Connection) {
        match connection.execute(sql::ROLLBACK, args![]).await {
            Ok(_) => self.connection = Some(connection),
            Err(refusal) => {
                tracing::debug!(code = refusal.code, "the writer gives a connection up");
                connection.close().await;
            }
        }
    }
}

async fn begin(connection: &mut Connection) -> Result<(), Refusal> {
    match connection {
        Connection::Sqlite(_) => {
            connection.execute(sql::SQLITE_BEGIN, args![]).await?;
        }
        Connection::Postgres(_) => {
            connection.execute(sql::POSTGRES_BEGIN, args![]).await?;
            connection
                .execute(sql::POSTGRES_LOCK, args![POSTGRES_WRITERS])
                .await?;
        }
    }
    Ok(())
}

/// Runs one command in its savepoint. The error says that the savepoint could not be kept or undone, so the group
/// is lost; it carries the command's outcome when there was one.
async fn carry_out(ctx: &mut Ctx, command: Box<dyn Command>) -> Result<Outcome, (Option<Outcome>, Refusal)> {
    if let Err(refusal) = ctx.connection.execute(sql::SAVEPOINT, args![]).await {
        command.refuse(refusal.clone());
        return Err((None, refusal));
    }
    let outcome = command.run(ctx).await;
    if !outcome.kept
        && let Err(refusal) = ctx.connection.execute(sql::SAVEPOINT_UNDO, args![]).await
    {
        return Err((Some(outcome), ctx.broke.take().unwrap_or(refusal)));
    }
    match ctx.connection.execute(sql::SAVEPOINT_KEEP, args![]).await {
        Ok(_) => Ok(outcome),
        Err(refusal) => Err((Some(outcome), ctx.broke.take().unwrap_or(refusal))),
    }
}
