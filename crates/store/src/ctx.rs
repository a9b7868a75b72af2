//! What a command works with: the open transaction, who gives the command, the time and new ids.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{Actor, Clock, Fault, IdSource, Refusal, day_in_china};
use uuid::Uuid;

use crate::connection::Connection;
use crate::value::{Arg, Row};

/// The transaction of one command. The writer opens and commits it; nothing in it is ambient.
pub struct Ctx {
    pub(crate) connection: Connection,
    actor: Actor,
    now: Timestamp,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdSource>,
    /// What the database last could not do. Some of its failures undo the whole group, and this is why.
    pub(crate) broke: Option<Refusal>,
}

impl Ctx {
    pub(crate) fn new(connection: Connection, clock: Arc<dyn Clock>, ids: Arc<dyn IdSource>) -> Self {
        let now = clock.now();
        Self {
            connection,
            actor: Actor::system(),
            now,
            clock,
            ids,
            broke: None,
        }
    }

    /// Turns to the next command of the group.
    pub(crate) fn turn_to(&mut self, actor: Actor) {
        self.actor = actor;
        self.now = self.clock.now();
        self.broke = None;
    }

    /// Runs a statement; answers how many rows it changed.
    pub async fn execute(&mut self, sql: &'static str, args: Vec<Arg>) -> Result<u64, Refusal> {
        let done = self.connection.execute(sql, args).await;
        self.noting(done)
    }

    /// Runs a statement that must change exactly one row; another number is refused with `store.not_one_row`.
    pub async fn execute_one(&mut self, sql: &'static str, args: Vec<Arg>) -> Result<(), Refusal> {
        match self.execute(sql, args).await? {
            1 => Ok(()),
            count => Err(Refusal::new("store.not_one_row", Fault::Broken).fact("count", count.to_string())),
        }
    }

    /// All rows that a statement answers.
    pub async fn rows(&mut self, sql: &'static str, args: Vec<Arg>) -> Result<Vec<Row>, Refusal> {
        let rows = self.connection.rows(sql, args).await;
        self.noting(rows)
    }

    /// The first row that a statement answers, if there is one.
    pub async fn row(&mut self, sql: &'static str, args: Vec<Arg>) -> Result<Option<Row>, Refusal> {
        Ok(self.rows(sql, args).await?.into_iter().next())
    }

    /// The instant of this command: the same for all its rows.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// The business day of this command, in China.
    pub fn today(&self) -> Date {
        day_in_china(self.now)
    }

    /// A new id.
    pub fn new_id(&self) -> Uuid {
        self.ids.next()
    }

    /// Where typed ids come from: `JobId::next(ctx.ids())`.
    pub fn ids(&self) -> &dyn IdSource {
        self.ids.as_ref()
    }

    /// Who gives this command.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// Turns to another actor, for a command that carries what several asked for at once: what is recorded from here on
    /// names that one. Whoever gathers such a command has checked the rights of each.
    pub fn act_as(&mut self, actor: Actor) {
        self.actor = actor;
    }

    pub(crate) fn is_postgres(&self) -> bool {
        matches!(self.connection, Connection::Postgres(_))
    }

    fn noting<T>(&mut self, answer: Result<T, Refusal>) -> Result<T, Refusal> {
        if let Err(refusal) = &answer
            && refusal.fault == Fault::Broken
        {
            self.broke = Some(refusal.clone());
        }
        answer
    }
}
