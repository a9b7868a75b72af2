//! Signing in by password.
//!
//! A try is counted before the password is looked at, so many tries at once count as many. Then the password is hashed
//! outside the writer, and a second command opens the session or leaves the try counted. An unknown login, a wrong
//! password, a user who is shut out, a lock and a try that came too soon all get one answer, `staff.sign_in_failed`,
//! after the same work.

use futures::FutureExt;
use jiff::Timestamp;
use kernel::{Actor, Fault, Refusal};
use store::{Ctx, args};
use uuid::Uuid;

use super::audit::{AuditEntry, Outcome, address_sha256};
use super::commands::require_user;
use super::desk::Staff;
use super::events::{StaffEvent, record};
use super::model::{Login, UserId};
use super::queries::{by_login_in, opt_instant};
use super::repo::access as sql;
use super::rules::{
    ADDRESS_FAILURES_MAX, LOCK, LOGIN_FAILURES_MAX, WINDOW, after, before, require_password, wait_after,
};
use super::secret::sha256_hex;
use super::sessions::{Fresh, Means, SignedIn, end_all, open};

/// One thing that tries are counted by.
#[derive(Clone)]
struct Tried {
    sha256: String,
    failures_max: i64,
}

/// A try that was counted, and what it is to be held against.
struct Counted {
    user: Option<UserId>,
    hash: Option<String>,
    /// The rows that count it; they go when it succeeds.
    rows: Vec<Uuid>,
    is_open: bool,
}

impl Staff {
    /// Signs someone in by password. Refused with `staff.sign_in_failed`, whatever the reason.
    pub async fn sign_in(
        &self,
        login: &str,
        password: &str,
        address: Option<&str>,
    ) -> Result<SignedIn, Refusal> {
        let address_hash = address.map(address_sha256);
        let proved = self.prove(login, password, address).await;
        let signed_in = match proved {
            Ok(user) => self.enter(user, Means::Password, address_hash).await,
            Err(refusal) => Err(refusal),
        };
        self.note_sign_in(signed_in.as_ref().ok().map(|done| done.user), address)
            .await;
        signed_in
    }

    /// Sets a new password for someone who is signed in and, where there was a password, knows it. Every session ends;
    /// the answer is a new one.
    pub async fn change_password(
        &self,
        user: UserId,
        old: &str,
        new: &str,
        address: Option<&str>,
    ) -> Result<SignedIn, Refusal> {
        let mut reader = self.store.read().await?;
        let found = super::queries::user_by_id(&mut reader, user).await?;
        let found = found.ok_or_else(|| Refusal::new("staff.no_such_user", Fault::Missing).value(user))?;
        let has_password = reader
            .row(sql::PASSWORD_OF_USER, args![user.as_uuid()])
            .await?
            .is_some();
        drop(reader);
        require_password(new, found.login.as_str())?;
        if has_password {
            self.prove(found.login.as_str(), old, address).await?;
        }
        let hash = self.hasher.hash(new, self.secrets.as_ref()).await?;
        let (fresh, address) = (self.fresh()?, address.map(address_sha256));
        let actor = Actor::new(user.to_string(), first_role(&found));
        let set = self.store.write(actor, move |ctx| {
            async move { set_password(ctx, user, hash, address, fresh).await }.boxed()
        });
        set.await
    }

    /// Opens a session for someone who was found to be who they say.
    pub(super) async fn enter(
        &self,
        user: UserId,
        means: Means,
        address_sha256: Option<String>,
    ) -> Result<SignedIn, Refusal> {
        let fresh = self.fresh()?;
        let entered = self.store.write(Actor::system(), move |ctx| {
            async move {
                if require_user(ctx, user).await?.disabled_at.is_some() {
                    return Err(failed());
                }
                open(ctx, user, means, address_sha256, fresh).await
            }
            .boxed()
        });
        entered.await
    }

    /// Notes in the audit log that someone came in, or was turned away.
    pub(super) async fn note_sign_in(&self, user: Option<UserId>, address: Option<&str>) {
        let entry = AuditEntry {
            user,
            action: "sign_in",
            subject: None,
            place: None,
            outcome: user.map_or(Outcome::Denied, |_| Outcome::Allowed),
            request_id: None,
            address: address.map(str::to_owned),
        };
        self.note(entry).await;
    }

    /// The user whose login and password these are; counts the try.
    async fn prove(&self, login: &str, password: &str, address: Option<&str>) -> Result<UserId, Refusal> {
        let tried = tried(login, address);
        // What is no login belongs to nobody, and is counted and hashed like one that is.
        let parsed = login.parse::<Login>().ok();
        let first = tried.clone();
        let counted = self.store.write(Actor::system(), move |ctx| {
            async move { count(ctx, parsed, &first).await }.boxed()
        });
        let counted = counted.await?;
        let is_right = self.hasher.is_right(password, counted.hash).await?;
        let (user, is_open) = (counted.user, counted.is_open);
        match user {
            Some(user) if is_right && is_open => {
                let forgotten = self.store.write(Actor::system(), move |ctx| {
                    async move { forget(ctx, &tried, &counted.rows).await }.boxed()
                });
                forgotten.await?;
                Ok(user)
            }
            _ => {
                let locked = self.store.write(Actor::system(), move |ctx| {
                    async move { lock_where_due(ctx, user, &tried).await }.boxed()
                });
                locked.await?;
                Err(failed())
            }
        }
    }
}

/// The one answer to every try that does not lead in.
pub(super) fn failed() -> Refusal {
    Refusal::new("staff.sign_in_failed", Fault::Denied)
}

/// Keeps a new password, ends every session and opens a new one.
pub(super) async fn set_password(
    ctx: &mut Ctx,
    user: UserId,
    hash: String,
    address_sha256: Option<String>,
    fresh: Fresh,
) -> Result<SignedIn, Refusal> {
    let now = ctx.now();
    ctx.execute_one(sql::SET_PASSWORD, args![user.as_uuid(), hash, now])
        .await?;
    end_all(ctx, user).await?;
    record(ctx, user, StaffEvent::PasswordSet).await?;
    open(ctx, user, Means::Password, address_sha256, fresh).await
}

fn first_role(user: &super::model::User) -> kernel::Role {
    let first = user.grants.first();
    first.map_or(kernel::Role::Observer, |grant| grant.role)
}

fn tried(login: &str, address: Option<&str>) -> Vec<Tried> {
    let login = login.trim().to_lowercase();
    let mut tried = vec![Tried {
        sha256: sha256_hex(&format!("login:{login}")),
        failures_max: LOGIN_FAILURES_MAX,
    }];
    tried.extend(address.map(|address| Tried {
        sha256: address_sha256(address),
        failures_max: ADDRESS_FAILURES_MAX,
    }));
    tried
}

/// Counts a try and says whether it may be looked at: no lock stands, and it did not come too soon after the last.
async fn count(ctx: &mut Ctx, login: Option<Login>, tried: &[Tried]) -> Result<Counted, Refusal> {
    let now = ctx.now();
    let user = match login {
        Some(login) => by_login_in(ctx, &login).await?,
        None => None,
    };
    let user = user.filter(|user| user.disabled_at.is_none()).map(|user| user.id);
    let mut hash = None;
    if let Some(user) = user {
        let row = ctx.row(sql::PASSWORD_OF_USER, args![user.as_uuid()]).await?;
        hash = row.map(|row| row.text("hash")).transpose()?;
    }
    let (mut is_open, mut is_locked) = (true, false);
    for what in tried {
        is_locked |= ctx.row(sql::LOCKED, args![&what.sha256, now]).await?.is_some();
        let (failures, last_at) = failures(ctx, what).await?;
        let is_too_soon = last_at.is_some_and(|last_at| now < after(last_at, wait(what, failures)));
        is_open &= failures < what.failures_max && !is_too_soon;
    }
    let mut rows = Vec::new();
    if !is_locked {
        for what in tried {
            let row = ctx.new_id();
            ctx.execute_one(sql::INSERT_FAILURE, args![row, &what.sha256, now])
                .await?;
            rows.push(row);
        }
    }
    Ok(Counted {
        user,
        hash,
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

/// Only a login makes one wait: many people may share an address.
fn wait(what: &Tried, failures: i64) -> jiff::SignedDuration {
    if what.failures_max == LOGIN_FAILURES_MAX {
        wait_after(failures)
    } else {
        jiff::SignedDuration::ZERO
    }
}

/// The try succeeded: what was counted on the login is forgotten, and on the address this try alone.
async fn forget(ctx: &mut Ctx, tried: &[Tried], rows: &[Uuid]) -> Result<(), Refusal> {
    if let Some(login) = tried.first() {
        ctx.execute(sql::FORGET_FAILURES, args![&login.sha256]).await?;
    }
    for row in rows {
        ctx.execute(sql::FORGET_FAILURE, args![*row]).await?;
    }
    let long_ago = before(ctx.now(), WINDOW);
    ctx.execute(sql::SWEEP_FAILURES, args![long_ago]).await.map(drop)
}

/// Locks what has failed too often and is not locked yet.
async fn lock_where_due(ctx: &mut Ctx, user: Option<UserId>, tried: &[Tried]) -> Result<(), Refusal> {
    let now = ctx.now();
    for what in tried {
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
