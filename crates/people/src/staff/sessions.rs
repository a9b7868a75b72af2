//! Sessions: a token shows who is here until it is idle for 12 hours, a week old, or ended.

use futures::FutureExt;
use jiff::Timestamp;
use kernel::{Actor, Done, Fault, Refusal, typed_id};
use serde::Serialize;
use store::{Ctx, Row, args};

use super::audit::address_sha256;
use super::commands::require_user;
use super::desk::Staff;
use super::model::UserId;
use super::queries::user_by_id;
use super::repo::access as sql;
use super::rules::{SESSION_IDLE, SESSION_LIFE, SESSION_NOTED_EVERY, after, before};
use super::secret::{Secret, sha256_hex};
use super::viewer::Viewer;

typed_id!(
    /// One session.
    SessionId
);

/// How someone showed who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Means {
    /// By password.
    Password,
    /// By passkey.
    Passkey,
    /// By a provider of an organisation, in OpenID Connect.
    Oidc,
}

impl Means {
    /// The name under which it is kept.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Passkey => "passkey",
            Self::Oidc => "oidc",
        }
    }
}

/// Someone is in: the token belongs into their cookie, and nowhere else.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Who.
    pub user: UserId,
    /// The session.
    pub session: SessionId,
    /// What the browser shows from now on.
    pub token: Secret,
    /// When the session ends at the latest.
    pub expires_at: Timestamp,
}

/// A session as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Session {
    /// The session.
    pub id: SessionId,
    /// How it began.
    pub means: String,
    /// When it began.
    pub began_at: Timestamp,
    /// When it was used last, to five minutes.
    pub seen_at: Timestamp,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
}

/// What a new session needs, drawn before the command that opens it.
#[derive(Debug)]
pub struct NewSession {
    token: Secret,
    csrf: Secret,
}

impl Staff {
    /// Who stands behind a token: nobody, when it is unknown, idle, too old or ended, or its user is shut out.
    pub async fn viewer(&self, token: &str) -> Result<Viewer, Refusal> {
        let mut reader = self.store.read().await?;
        let row = reader
            .row(sql::SESSION_BY_TOKEN, args![sha256_hex(token)])
            .await?;
        let Some(row) = row else {
            return Ok(Viewer::nobody());
        };
        let (now, seen_at) = (self.now(), row.instant("seen_at")?);
        if row.instant("expires_at")? <= now || seen_at <= before(now, SESSION_IDLE) {
            return Ok(Viewer::nobody());
        }
        let user = user_by_id(&mut reader, row.text("user_id")?.parse()?).await?;
        drop(reader);
        let Some(user) = user.filter(|user| user.disabled_at.is_none()) else {
            return Ok(Viewer::nobody());
        };
        let session: SessionId = row.text("id")?.parse()?;
        if seen_at <= before(now, SESSION_NOTED_EVERY) {
            self.note_session_seen(session).await?;
        }
        Ok(Viewer {
            session: Some(session),
            csrf: Some(Secret::kept(row.text("csrf")?)),
            ..Viewer::of(user)
        })
    }

    /// Ends the session of a token. `Already` says that there is none.
    pub async fn sign_out(&self, token: &str) -> Result<Done<()>, Refusal> {
        let sha256 = sha256_hex(token);
        let ended = self.store.write(Actor::system(), move |ctx| {
            async move {
                let now = ctx.now();
                ctx.execute(sql::END_SESSION_BY_TOKEN, args![sha256, now]).await
            }
            .boxed()
        });
        Ok(done(ended.await?))
    }

    /// Gives a session a new token and a new form secret; the old token shows nobody from now on.
    pub async fn renew(&self, token: &str) -> Result<SignedIn, Refusal> {
        let (old, fresh) = (sha256_hex(token), self.fresh()?);
        let renewed = self.store.write(Actor::system(), move |ctx| {
            async move {
                let now = ctx.now();
                let args = args![
                    old,
                    fresh.token.sha256(),
                    fresh.csrf.as_str(),
                    now,
                    before(now, SESSION_IDLE)
                ];
                let row = ctx.row(sql::RENEW_SESSION, args).await?;
                let row = row.ok_or_else(|| Refusal::new("staff.sign_in_required", Fault::Denied))?;
                Ok(SignedIn {
                    user: row.text("user_id")?.parse()?,
                    session: row.text("id")?.parse()?,
                    token: fresh.token,
                    expires_at: row.instant("expires_at")?,
                })
            }
            .boxed()
        });
        renewed.await
    }

    /// The open sessions of a user, newest first.
    pub async fn sessions_of(&self, user: UserId) -> Result<Vec<Session>, Refusal> {
        let now = self.now();
        let args = args![user.as_uuid(), now, before(now, SESSION_IDLE)];
        let mut reader = self.store.read().await?;
        let rows = reader.rows(sql::SESSIONS_OF_USER, args).await?;
        rows.iter().map(Session::from_row).collect()
    }

    /// Ends one session of a user.
    pub async fn end_session(
        &self,
        actor: Actor,
        user: UserId,
        session: SessionId,
    ) -> Result<Done<()>, Refusal> {
        let ended = self.store.write(actor, move |ctx| {
            async move {
                let (now, by) = (ctx.now(), ctx.actor().to_string());
                let args = args![session.as_uuid(), user.as_uuid(), now, by];
                ctx.execute(sql::END_SESSION, args).await
            }
            .boxed()
        });
        Ok(done(ended.await?))
    }

    /// Ends every session of a user.
    pub async fn end_sessions(&self, actor: Actor, user: UserId) -> Result<Done<()>, Refusal> {
        let ended = self.store.write(actor, move |ctx| {
            async move { end_sessions(ctx, user).await }.boxed()
        });
        Ok(done(ended.await?))
    }

    /// Draws what a new session needs. Refused with `kernel.no_randomness`.
    pub fn fresh(&self) -> Result<NewSession, Refusal> {
        Ok(NewSession {
            token: self.draw()?,
            csrf: self.draw()?,
        })
    }

    async fn note_session_seen(&self, session: SessionId) -> Result<(), Refusal> {
        let noted = self.store.write(Actor::system(), move |ctx| {
            async move {
                let now = ctx.now();
                ctx.execute(sql::SESSION_SEEN, args![session.as_uuid(), now])
                    .await
            }
            .boxed()
        });
        noted.await.map(drop)
    }
}

impl Session {
    fn from_row(row: &Row) -> Result<Self, Refusal> {
        Ok(Self {
            id: row.text("id")?.parse()?,
            means: row.text("means")?,
            began_at: row.instant("began_at")?,
            seen_at: row.instant("seen_at")?,
            expires_at: row.instant("expires_at")?,
        })
    }
}

/// Opens a session for a user who has just shown who they are. Always a new row and a new token.
pub(super) async fn open(
    ctx: &mut Ctx,
    user: UserId,
    means: Means,
    address_sha256: Option<String>,
    fresh: NewSession,
) -> Result<SignedIn, Refusal> {
    let session = SessionId::next(ctx.ids());
    let now = ctx.now();
    let expires_at = after(now, SESSION_LIFE);
    let row = args![
        session.as_uuid(),
        user.as_uuid(),
        fresh.token.sha256(),
        fresh.csrf.as_str(),
        means.as_str(),
        address_sha256,
        now,
        expires_at,
    ];
    ctx.execute_one(sql::INSERT_SESSION, row).await?;
    Ok(SignedIn {
        user,
        session,
        token: fresh.token,
        expires_at,
    })
}

/// Opens a session for someone whom another part of the program found to be who they say, in the caller's transaction.
/// None where the user is shut out.
pub async fn open_session(
    ctx: &mut Ctx,
    user: UserId,
    means: Means,
    address: Option<&str>,
    fresh: NewSession,
) -> Result<Option<SignedIn>, Refusal> {
    if require_user(ctx, user).await?.disabled_at.is_some() {
        return Ok(None);
    }
    open(ctx, user, means, address.map(address_sha256), fresh)
        .await
        .map(Some)
}

/// Ends every session of a user; answers how many.
pub async fn end_sessions(ctx: &mut Ctx, user: UserId) -> Result<u64, Refusal> {
    let (now, by) = (ctx.now(), ctx.actor().to_string());
    ctx.execute(sql::END_SESSIONS_OF_USER, args![user.as_uuid(), now, by])
        .await
}

fn done(rows: u64) -> Done<()> {
    if rows == 0 {
        Done::Already(())
    } else {
        Done::Now(())
    }
}
