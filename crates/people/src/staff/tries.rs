//! Tries to sign in, counted before anything is looked at, so that many at once count as many.
//!
//! What is tried is a login, or whoever a provider vouches for, and an address. Too many failures of one lock it for a
//! while; after a few, the next try on a login has to wait. A try that succeeds is taken back.

use futures::FutureExt;
use jiff::Timestamp;
use kernel::{Actor, Refusal};
use store::{Ctx, args};
use uuid::Uuid;

use super::audit::address_sha256;
use super::desk::Staff;
use super::events::{StaffEvent, record};
use super::model::UserId;
use super::queries::opt_instant;
use super::repo::access as sql;
use super::rules::{ADDRESS_FAILURES_MAX, LOCK, LOGIN_FAILURES_MAX, WINDOW, after, before, wait_after};
use super::secret::sha256_hex;

/// One thing that tries are counted by.
#[derive(Clone, Debug)]
pub(super) struct Tried {
    sha256: String,
    failures_max: i64,
}

impl Tried {
    /// Someone: a login, or what a provider knows a person by.
    pub(super) fn someone(kind: &str, who: &str) -> Self {
        Self {
            sha256: sha256_hex(&format!("{kind}:{who}")),
            failures_max: LOGIN_FAILURES_MAX,
        }
    }

    /// An address.
    pub(super) fn address(address: &str) -> Self {
        Self {
            sha256: address_sha256(address),
            failures_max: ADDRESS_FAILURES_MAX,
        }
    }

    fn is_someone(&self) -> bool {
        self.failures_max == LOGIN_FAILURES_MAX
    }

    /// Only someone is made to wait: many people may share an address.
    fn wait(&self, failures: i64) -> jiff::SignedDuration {
        if self.is_someone() {
            wait_after(failures)
        } else {
            jiff::SignedDuration::ZERO
        }
    }
}

/// A try that was counted.
#[derive(Clone, Debug)]
pub struct CountedTry {
    tried: Vec<Tried>,
    /// The rows that count it; they go when it succeeds.
    rows: Vec<Uuid>,
    is_open: bool,
}

impl CountedTry {
    /// Whether it may be looked at: no lock stands, and it did not come too soon after the last.
    pub fn is_open(&self) -> bool {
        self.is_open
    }
}

impl Staff {
    /// Counts a try of someone whom a provider vouches for, by what they are known by there.
    pub async fn count_try_of(&self, who: &str) -> Result<CountedTry, Refusal> {
        self.count_try(vec![Tried::someone("oidc", who)]).await
    }

    /// Counts a try from an address; where none is known, nothing is counted.
    pub async fn count_try_from(&self, address: Option<&str>) -> Result<CountedTry, Refusal> {
        self.count_try(address.map(Tried::address).into_iter().collect())
            .await
    }

    async fn count_try(&self, tried: Vec<Tried>) -> Result<CountedTry, Refusal> {
        let counted = self.store.write(Actor::system(), move |ctx| {
            async move { count(ctx, tried).await }.boxed()
        });
        counted.await
    }

    /// Takes a try back: it led in, or could not be looked at through no fault of whoever tried.
    pub async fn take_try_back(&self, counted: CountedTry) -> Result<(), Refusal> {
        let forgotten = self.store.write(Actor::system(), move |ctx| {
            async move { forget(ctx, &counted).await }.boxed()
        });
        forgotten.await
    }

    /// Leaves a try counted that did not lead in, and locks what has failed too often.
    pub async fn leave_try(&self, user: Option<UserId>, counted: CountedTry) -> Result<(), Refusal> {
        let locked = self.store.write(Actor::system(), move |ctx| {
            async move { lock_where_due(ctx, user, &counted).await }.boxed()
        });
        locked.await
    }
}

/// Counts a try and says whether it may be looked at.
pub(super) async fn count(ctx: &mut Ctx, tried: Vec<Tried>) -> Result<CountedTry, Refusal> {
    let now = ctx.now();
    let (mut is_open, mut is_locked) = (true, false);
    for what in &tried {
        is_locked |= ctx.row(sql::LOCKED, args![&what.sha256, now]).await?.is_some();
        let (failures, last_at) = failures(ctx, what).await?;
        let is_too_soon = last_at.is_some_and(|last_at| now < after(last_at, what.wait(failures)));
        is_open &= failures < what.failures_max && !is_too_soon;
    }
    let mut rows = Vec::new();
    if !is_locked {
        for what in &tried {
            let row = ctx.new_id();
            ctx.execute_one(sql::INSERT_FAILURE, args![row, &what.sha256, now])
                .await?;
            rows.push(row);
        }
    }
    Ok(CountedTry {
        tried,
        rows,
        is_open: is_open && !is_locked,
    })
}

/// Failures of the last quarter of an hour, and when the last one was.
async fn failures(ctx: &mut Ctx, what: &Tried) -> Result<(i64, Option<Timestamp>), Refusal> {
    let since = before(ctx.now(), WINDOW);
    let row = ctx.row(sql::FAILURES, args![&what.sha256, since]).await?;
    row.map_or(Ok((0, None)), |row| {
        Ok((row.int("failures")?, opt_instant(&row, "last_at")?))
    })
}

/// The try succeeded: what was counted on someone is forgotten, and on an address this try alone.
pub(super) async fn forget(ctx: &mut Ctx, counted: &CountedTry) -> Result<(), Refusal> {
    for someone in counted.tried.iter().filter(|what| what.is_someone()) {
        ctx.execute(sql::FORGET_FAILURES, args![&someone.sha256]).await?;
    }
    for row in &counted.rows {
        ctx.execute(sql::FORGET_FAILURE, args![*row]).await?;
    }
    let long_ago = before(ctx.now(), WINDOW);
    ctx.execute(sql::SWEEP_FAILURES, args![long_ago]).await.map(drop)
}

/// Locks what has failed too often and is not locked yet.
pub(super) async fn lock_where_due(
    ctx: &mut Ctx,
    user: Option<UserId>,
    counted: &CountedTry,
) -> Result<(), Refusal> {
    let now = ctx.now();
    for what in &counted.tried {
        let (failures, _) = failures(ctx, what).await?;
        let is_locked = ctx.row(sql::LOCKED, args![&what.sha256, now]).await?.is_some();
        if failures < what.failures_max || is_locked {
            continue;
        }
        let row = args![ctx.new_id(), &what.sha256, now, after(now, LOCK)];
        ctx.execute_one(sql::INSERT_LOCK, row).await?;
        // What was counted has led to the lock; after it counting begins anew.
        ctx.execute(sql::FORGET_FAILURES, args![&what.sha256]).await?;
        let minutes = LOCK.as_mins();
        record(ctx, user, StaffEvent::LockedOut { minutes }).await?;
    }
    Ok(())
}
