//! Staff: who may sign in and what they may do.
//!
//! - A [`User`] holds grants: a role at a place and everything below it, or in the whole country. What a role may do
//!   is one table, [`reach`]; a [`Viewer`] answers it for one request ([`Viewer::may`], [`Viewer::require`],
//!   [`Viewer::places`]).
//! - [`Staff`] is the desk where people show who they are: by password (argon2id, counted tries, locks), by passkey,
//!   by a one-time link, by session token or by API key. Of every secret the database keeps a hash only. Whom an
//!   organisation vouches for is found by another crate, which opens the session here ([`open_session`]).
//! - The commands on users and grants ([`add_user`], [`grant`], [`revoke`] …) run in the caller's transaction, are safe
//!   to repeat and record a fact; a fact names people by id alone.
//! - The audit log says who saw or did what ([`AuditEntry`]); it is append-only and written in batches, so a page does
//!   not wait for it.
//!
//! Cost: a password check takes about 20 ms of one core and 19 MiB, at most two at a time, outside the writer.
//! Deliberately absent: HTTP, cookies and forms (the web's work), runtime policy languages, rights by single user.

mod api_keys;
mod audit;
mod commands;
mod desk;
mod events;
mod links;
mod model;
mod organisation_only;
mod passkeys;
mod passwords;
mod queries;
mod repo;
mod rights;
mod rules;
mod secret;
mod sessions;
mod signing_in;
mod tries;
mod viewer;

pub use api_keys::{ApiKey, ApiKeyId, MadeApiKey, NewApiKey, Scope};
pub use audit::{AuditEntry, AuditFilter, AuditRecord, Outcome};
pub use commands::{NewUser, add_user, disable, enable, grant, rename, revoke};
pub use desk::Staff;
pub use links::{Invitation, OneTimeLink};
pub use model::{Grant, GrantId, Login, User, UserId};
pub use organisation_only::{is_organisation_only, lift_organisation_only, set_organisation_only};
pub use passkeys::{Passkey, PasskeyId, RelyingParty};
pub use queries::{user_by_id, user_by_login, users};
pub use repo::STATEMENTS;
pub use rights::{Action, Reach, reach};
pub use secret::Secret;
pub use sessions::{Means, NewSession, Session, SessionId, SignedIn, end_sessions, open_session};
pub use tries::CountedTry;
pub use viewer::{PlaceFilter, Viewer};
