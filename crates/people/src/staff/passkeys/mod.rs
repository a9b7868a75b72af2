//! Passkeys: WebAuthn registration and sign-in with resident keys and user verification, attestation none.
//!
//! The page asks for options (`begin_…`), hands them to the browser as JSON, and sends back what the browser answers
//! (`credential.toJSON()`). A challenge stands in the database for five minutes and is taken away by the first answer,
//! right or wrong. Checked are: kind of ceremony, challenge, origin, relying party, presence and verification of the
//! user, the signature (ES256, EdDSA, RS256, by `ring`), and the counter, where the authenticator keeps one.
//!
//! Deliberately absent: attestation (nobody is asked which make of key they hold), extensions, cross-origin frames.

mod adding;
mod cose;
mod response;
mod signing_in;

use futures::FutureExt;
use jiff::Timestamp;
use kernel::{Actor, Done, Fault, Refusal, typed_id};
use serde::Serialize;
use store::{Row, args};

use super::desk::Staff;
use super::events::{StaffEvent, record};
use super::model::UserId;
use super::queries::opt_instant;
use super::repo::keys as sql;
use super::rules::{CHALLENGE_LIFE, after};
use super::secret::{Secret, sha256_hex};

typed_id!(
    /// One passkey.
    PasskeyId
);

/// Who asks for passkeys: the site, as browsers know it.
#[derive(Clone, Debug)]
pub struct RelyingParty {
    /// The domain, such as `fishpond.example.org` or `localhost`.
    pub id: String,
    /// What the browser shows.
    pub name: String,
    /// Where pages come from, such as `https://fishpond.example.org`; at least one.
    pub origins: Vec<String>,
}

/// A passkey as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Passkey {
    /// The passkey.
    pub id: PasskeyId,
    /// What the owner knows it by.
    pub name: String,
    /// Whether the authenticator keeps a copy elsewhere.
    pub backed_up: bool,
    /// Since when.
    pub added_at: Timestamp,
    /// When it was used last.
    pub used_at: Option<Timestamp>,
}

impl Staff {
    /// The passkeys of a user.
    pub async fn passkeys_of(&self, user: UserId) -> Result<Vec<Passkey>, Refusal> {
        let mut reader = self.store.read().await?;
        let rows = reader.rows(sql::PASSKEYS_OF_USER, args![user.as_uuid()]).await?;
        rows.iter().map(Passkey::from_row).collect()
    }

    /// Removes a passkey of a user. `Already` says that it was removed before, or is not theirs.
    pub async fn remove_passkey(
        &self,
        actor: Actor,
        user: UserId,
        passkey: PasskeyId,
    ) -> Result<Done<()>, Refusal> {
        let removed = self.store.write(actor, move |ctx| {
            async move {
                let (now, by) = (ctx.now(), ctx.actor().to_string());
                let args = args![passkey.as_uuid(), user.as_uuid(), now, by];
                if ctx.execute(sql::REMOVE_PASSKEY, args).await? == 0 {
                    return Ok(Done::Already(()));
                }
                let passkey = passkey.to_string();
                record(ctx, user, StaffEvent::PasskeyRemoved { passkey }).await?;
                Ok(Done::Now(()))
            }
            .boxed()
        });
        removed.await
    }

    /// Puts a challenge up that one answer may take: for a user who adds a passkey, or for whoever signs in.
    async fn challenge(&self, user: Option<UserId>) -> Result<Secret, Refusal> {
        let challenge = self.draw()?;
        let sha256 = challenge.sha256();
        let put = self.store.write(Actor::system(), move |ctx| {
            async move {
                let now = ctx.now();
                ctx.execute(sql::SWEEP_CHALLENGES, args![now]).await?;
                let user = user.map(|user| user.as_uuid());
                let row = args![sha256, user, after(now, CHALLENGE_LIFE)];
                ctx.execute_one(sql::INSERT_CHALLENGE, row).await
            }
            .boxed()
        });
        put.await?;
        Ok(challenge)
    }

    /// Takes a challenge away, in a command of its own, so that it is gone whatever becomes of the answer.
    async fn take_challenge(&self, challenge: &str, user: Option<UserId>) -> Result<(), Refusal> {
        let sha256 = sha256_hex(challenge);
        let taken = self.store.write(Actor::system(), move |ctx| {
            async move {
                let row = ctx.row(sql::TAKE_CHALLENGE, args![sha256]).await?;
                let Some(row) = row else { return Ok(false) };
                let of = row
                    .opt_text("user_id")?
                    .map(|id| id.parse::<UserId>())
                    .transpose()?;
                Ok::<_, Refusal>(of == user && row.instant("expires_at")? > ctx.now())
            }
            .boxed()
        });
        if taken.await? {
            Ok(())
        } else {
            Err(refused("challenge"))
        }
    }
}

impl Passkey {
    fn from_row(row: &Row) -> Result<Self, Refusal> {
        Ok(Self {
            id: row.text("id")?.parse()?,
            name: row.text("name")?,
            backed_up: row.int("backed_up")? == 1,
            added_at: row.instant("added_at")?,
            used_at: opt_instant(row, "used_at")?,
        })
    }
}

/// The answer of an authenticator breaks a rule, named for the log and for whoever helps.
fn refused(rule: &'static str) -> Refusal {
    Refusal::new("staff.passkey_refused", Fault::Denied).fact("rule", rule)
}
