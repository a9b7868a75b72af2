//! Signing in by password.
//!
//! A try is counted before the password is looked at, so many tries at once count as many. Then the password is hashed
//! outside the writer, and a second command opens the session or leaves the try counted. An unknown login, a wrong
//! password, a user who is shut out, a lock and a try that came too soon all get one answer, `staff.sign_in_failed`,
//! after the same work.

use futures::FutureExt;
use kernel::{Actor, Fault, Refusal};
use store::{Ctx, args};

use super::audit::{AuditEntry, Outcome, address_sha256};
use super::commands::require_user;
use super::desk::Staff;
use super::events::{StaffEvent, record};
use super::model::{Login, User, UserId};
use super::organisation_only::require_own_means;
use super::queries::{by_login_in, user_by_id};
use super::repo::access as sql;
use super::rules::require_password;
use super::sessions::{Means, NewSession, SignedIn, end_sessions, open};
use super::tries::{CountedTry, Tried, count};
use super::viewer::Viewer;

/// A try that was counted, and what it is to be held against.
struct Counted {
    user: Option<UserId>,
    hash: Option<String>,
    tried: CountedTry,
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
        self.note_sign_in(signed_in.as_ref().ok().map(|done| done.user), None, address)
            .await;
        signed_in
    }

    /// Who someone is by login and password, for a program that shows both with each request and keeps no session. A password
    /// that is an API key of the login's user counts as one. Tries are counted as in signing in; what leads in is not noted.
    ///
    /// # Errors
    /// `staff.sign_in_failed`, whatever the reason.
    pub async fn viewer_by_password(
        &self,
        login: &str,
        password: &str,
        address: Option<&str>,
    ) -> Result<Viewer, Refusal> {
        let by_key = self.viewer_by_key(password).await?;
        if by_key.is_somebody() && by_key.login == login {
            return Ok(by_key);
        }
        let proved = self.prove(login, password, address).await;
        let user = match &proved {
            Ok(user) => user_by_id(&mut self.store.read().await?, *user).await?,
            Err(_) => None,
        };
        let may_enter = |user: &User| user.disabled_at.is_none() && user.organisation_only_since.is_none();
        if let Some(user) = user.filter(may_enter) {
            return Ok(Viewer::of(user));
        }
        self.note_sign_in(None, None, address).await;
        Err(proved.err().unwrap_or_else(failed))
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
        let found = user_by_id(&mut reader, user).await?;
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
                let found = require_user(ctx, user).await?;
                if found.disabled_at.is_some() || found.organisation_only_since.is_some() {
                    return Err(failed());
                }
                open(ctx, user, means, address_sha256, fresh).await
            }
            .boxed()
        });
        entered.await
    }

    /// Notes in the audit log that someone came in, or was turned away; where a provider vouched, also by which.
    pub async fn note_sign_in(&self, user: Option<UserId>, provider: Option<String>, address: Option<&str>) {
        let entry = AuditEntry {
            user,
            action: "sign_in",
            subject: provider,
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
        let counted = self.store.write(Actor::system(), move |ctx| {
            async move { count_on(ctx, parsed, tried).await }.boxed()
        });
        let Counted { user, hash, tried } = counted.await?;
        let is_right = self.hasher.is_right(password, hash).await?;
        match user {
            Some(user) if is_right && tried.is_open() => {
                self.take_try_back(tried).await?;
                Ok(user)
            }
            _ => {
                self.leave_try(user, tried).await?;
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
    fresh: NewSession,
) -> Result<SignedIn, Refusal> {
    require_own_means(ctx, user).await?;
    let now = ctx.now();
    ctx.execute_one(sql::SET_PASSWORD, args![user.as_uuid(), hash, now])
        .await?;
    end_sessions(ctx, user).await?;
    record(ctx, user, StaffEvent::PasswordSet).await?;
    open(ctx, user, Means::Password, address_sha256, fresh).await
}

fn first_role(user: &super::model::User) -> kernel::Role {
    let first = user.grants.first();
    first.map_or(kernel::Role::Observer, |grant| grant.role)
}

fn tried(login: &str, address: Option<&str>) -> Vec<Tried> {
    let login = Tried::someone("login", &login.trim().to_lowercase());
    let address = address.map(Tried::address);
    [login].into_iter().chain(address).collect()
}

/// Counts a try on a login, and finds what it is to be held against.
async fn count_on(ctx: &mut Ctx, login: Option<Login>, tried: Vec<Tried>) -> Result<Counted, Refusal> {
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
    Ok(Counted {
        user,
        hash,
        tried: count(ctx, tried).await?,
    })
}
