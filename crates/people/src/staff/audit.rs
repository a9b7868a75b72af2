//! The audit log: who saw or did what, and who was turned away.
//!
//! Reading a page must not wait for a commit, so entries go to a queue and a task writes them, up to 256 in one
//! command. A full queue makes the noting wait: an entry is never thrown away while the program runs. What was noted
//! and not yet written when the machine stops is lost; what changed state is a fact as well.

use futures::FutureExt;
use jiff::Timestamp;
use kernel::{Actor, Fault, PlaceCode, Refusal};
use store::{Ctx, Direction, Reader, Row, Store, args};
use tokio::sync::{mpsc, oneshot};

use super::model::UserId;
use super::repo::audit as sql;
use super::secret::sha256_hex;

const QUEUE: usize = 1024;
const GROUP: usize = 256;

/// Whether someone was let through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Let through.
    Allowed,
    /// Turned away.
    Denied,
}

impl Outcome {
    /// The name under which it is kept.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Denied => "denied",
        }
    }
}

/// Something to note.
#[derive(Clone, Debug)]
pub struct AuditEntry {
    /// Who; none when nobody is signed in.
    pub user: Option<UserId>,
    /// What: the name of an [`Action`](super::Action), or `sign_in`.
    pub action: &'static str,
    /// On what: an id, never a name.
    pub subject: Option<String>,
    /// Where.
    pub place: Option<PlaceCode>,
    /// Whether they were let through.
    pub outcome: Outcome,
    /// By which request.
    pub request_id: Option<String>,
    /// From which address; only its hash is kept. A hash of something as short as an address keeps it from being
    /// read in passing, not from being found out.
    pub address: Option<String>,
}

/// A row of the log.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct AuditRecord {
    /// Its number; ask for those before it to turn the page.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub user: Option<UserId>,
    /// What.
    pub action: String,
    /// On what.
    pub subject: Option<String>,
    /// Where.
    pub place: Option<PlaceCode>,
    /// Whether they were let through.
    pub outcome: Outcome,
    /// By which request.
    pub request_id: Option<String>,
    /// From where, as a hash.
    pub address_sha256: Option<String>,
}

/// Which rows to show.
#[derive(Clone, Debug, Default)]
pub struct AuditFilter {
    /// Of this user only.
    pub user: Option<UserId>,
    /// Of this action only.
    pub action: Option<String>,
    /// Which way they go by time.
    pub direction: Direction,
}

impl AuditRecord {
    /// Rows by time, at most `limit`: the first page, or those after the last one of the page before.
    pub async fn page(
        reader: &mut Reader,
        filter: &AuditFilter,
        after: Option<i64>,
        limit: i64,
    ) -> Result<Vec<Self>, Refusal> {
        use Direction::{Falling, Rising};
        let after = after.unwrap_or(match filter.direction {
            Falling => i64::MAX,
            Rising => 0,
        });
        let (statement, args) = match (filter.user, filter.action.as_deref(), filter.direction) {
            (None, None, Falling) => (sql::AUDIT_PAGE, args![after, limit]),
            (None, None, Rising) => (sql::AUDIT_PAGE_RISING, args![after, limit]),
            (Some(user), None, Falling) => (sql::AUDIT_PAGE_OF_USER, args![after, limit, user.as_uuid()]),
            (Some(user), None, Rising) => (
                sql::AUDIT_PAGE_OF_USER_RISING,
                args![after, limit, user.as_uuid()],
            ),
            (None, Some(action), Falling) => (sql::AUDIT_PAGE_OF_ACTION, args![after, limit, action]),
            (None, Some(action), Rising) => (sql::AUDIT_PAGE_OF_ACTION_RISING, args![after, limit, action]),
            (Some(user), Some(action), Falling) => (
                sql::AUDIT_PAGE_OF_BOTH,
                args![after, limit, user.as_uuid(), action],
            ),
            (Some(user), Some(action), Rising) => (
                sql::AUDIT_PAGE_OF_BOTH_RISING,
                args![after, limit, user.as_uuid(), action],
            ),
        };
        let rows = reader.rows(statement, args).await?;
        rows.iter().map(Self::from_row).collect()
    }

    fn from_row(row: &Row) -> Result<Self, Refusal> {
        let outcome = match row.text("outcome")?.as_str() {
            "allowed" => Outcome::Allowed,
            "denied" => Outcome::Denied,
            other => {
                return Err(Refusal::new("store.bad_column", Fault::Broken)
                    .at("staff_audit.outcome")
                    .value(other));
            }
        };
        Ok(Self {
            seq: row.int("seq")?,
            at: row.instant("at")?,
            user: row.opt_text("user_id")?.map(|id| id.parse()).transpose()?,
            action: row.text("action")?,
            subject: row.opt_text("subject")?,
            place: row.opt_int("place_code")?.map(PlaceCode::try_from).transpose()?,
            outcome,
            request_id: row.opt_text("request_id")?,
            address_sha256: row.opt_text("address_sha256")?,
        })
    }
}

enum Message {
    Note(Box<(AuditEntry, Timestamp)>),
    Flush(oneshot::Sender<()>),
}

/// The queue's end at the desk.
#[derive(Clone)]
pub(super) struct AuditLog {
    queue: mpsc::Sender<Message>,
}

impl AuditLog {
    pub(super) fn start(store: Store) -> Self {
        let (queue, taken) = mpsc::channel(QUEUE);
        tokio::spawn(write_all(store, taken));
        Self { queue }
    }

    pub(super) async fn note(&self, entry: AuditEntry, at: Timestamp) {
        if self
            .queue
            .send(Message::Note(Box::new((entry, at))))
            .await
            .is_err()
        {
            tracing::error!("the audit log no longer writes");
        }
    }

    pub(super) async fn flush(&self) {
        let (done, told) = oneshot::channel();
        if self.queue.send(Message::Flush(done)).await.is_ok() {
            // An error here says that the task has ended: there is nothing to wait for.
            drop(told.await);
        }
    }
}

/// Writes until every desk is gone.
async fn write_all(store: Store, mut queue: mpsc::Receiver<Message>) {
    let mut taken = Vec::with_capacity(GROUP);
    while queue.recv_many(&mut taken, GROUP).await > 0 {
        let (mut entries, mut waiting) = (Vec::new(), Vec::new());
        for message in taken.drain(..) {
            match message {
                Message::Note(entry) => entries.push(*entry),
                Message::Flush(done) => waiting.push(done),
            }
        }
        if !entries.is_empty() {
            let written = store.write(Actor::system(), move |ctx| insert(ctx, entries).boxed());
            if let Err(refusal) = written.await {
                let context = refusal.context().unwrap_or_default().to_owned();
                tracing::error!(code = refusal.code, context, "audit entries were not written");
            }
        }
        for done in waiting {
            // Whoever asked may have gone.
            done.send(()).unwrap_or_default();
        }
    }
}

pub(super) async fn insert(ctx: &mut Ctx, entries: Vec<(AuditEntry, Timestamp)>) -> Result<(), Refusal> {
    let row = ctx.row(sql::NEXT_AUDIT_SEQ, args![]).await?;
    let first = row.map_or(Ok(1), |row| row.int("seq"))?;
    for (seq, (entry, at)) in (first..).zip(entries) {
        let row = args![
            seq,
            at,
            entry.user.map(|user| user.as_uuid()),
            entry.action,
            entry.subject,
            entry.place,
            entry.outcome.as_str(),
            entry.request_id,
            entry.address.as_deref().map(address_sha256),
        ];
        ctx.execute_one(sql::INSERT_AUDIT, row).await?;
    }
    Ok(())
}

/// The hash under which an address is kept and counted.
pub(super) fn address_sha256(address: &str) -> String {
    sha256_hex(&format!("address:{address}"))
}
