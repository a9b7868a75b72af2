//! The desk: what signing in needs besides the store, behind one handle.

use std::sync::Arc;

use futures::FutureExt as _;
use jiff::Timestamp;
use kernel::{Actor, Clock, Refusal, SecretSource};
use store::Store;

use super::audit::{AuditEntry, AuditLog, insert};
use super::passwords::Hasher;
use super::secret::Secret;

/// Where people show who they are. Cloning it is cheap. The other files of this module add what it does.
#[derive(Clone)]
pub struct Staff {
    pub(super) store: Store,
    pub(super) hasher: Hasher,
    pub(super) secrets: Arc<dyn SecretSource>,
    clock: Arc<dyn Clock>,
    audit: AuditLog,
}

impl Staff {
    /// Opens the desk. Needs a Tokio runtime.
    pub fn new(store: Store, clock: Arc<dyn Clock>, secrets: Arc<dyn SecretSource>) -> Self {
        Self {
            audit: AuditLog::start(store.clone()),
            hasher: Hasher::new(),
            store,
            secrets,
            clock,
        }
    }

    /// Notes who saw or did what. Answers at once; the row is written together with others soon after.
    pub async fn note(&self, entry: AuditEntry) {
        self.audit.note(entry, self.now()).await;
    }

    /// Notes it and answers once the row is written: for what nobody may see without it.
    ///
    /// # Errors
    /// What the store gives; nothing is noted then.
    pub async fn note_first(&self, entry: AuditEntry) -> Result<(), Refusal> {
        let rows = vec![(entry, self.now())];
        let written = self
            .store
            .write(Actor::system(), move |ctx| insert(ctx, rows).boxed());
        written.await
    }

    /// Writes what was noted so far; call it before the store is closed.
    pub async fn flush(&self) {
        self.audit.flush().await;
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(super) fn draw(&self) -> Result<Secret, Refusal> {
        Secret::draw(self.secrets.as_ref())
    }
}
