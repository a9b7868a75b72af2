//! Sign-in by organisations: OpenID Connect Core 1.0, authorization code flow with PKCE, for any number of providers.
//!
//! ```text
//! begin     state, nonce and verifier drawn; the browser keeps one secret, the database a hash of the state
//!   -> provider       the person signs in there and is sent back with a code
//!   -> finish         request taken once -> code exchanged -> ID token checked -> person found -> session opened
//! ```
//! Who may come in is decided here and not by a provider: an administrator invites a user by a claim ([`Oidc::invite`]);
//! the first sign-in that brings the claim links the provider's subject to the user, and from then on the subject alone
//! counts. Nobody is made a user, and nobody gets a right, by signing in.
//!
//! An ID token is checked as OpenID Connect Core 3.1.3.7 asks, signatures by `ring`: RS256, PS256, ES256 and EdDSA, never
//! `none` and never a shared secret. Every reason not to let someone in has one answer, `oidc.sign_in_failed`; the log knows
//! the rule. Discovery and keys are fetched when they are needed, kept for an hour, bounded in size and time
//! ([`outbound`]). What identifies a person at a provider is kept as a fingerprint, what an invitation waits for encrypted.
//!
//! Deliberately absent: implicit and hybrid flow, encrypted tokens, requests by reference, dynamic registration, sign-out
//! at the provider (it ends what other programs rely on), rights from claims.

mod cache;
mod desk;
mod exchange;
mod failure;
mod id_token;
mod identities;
mod jwk;
mod metadata;
mod model;
mod providers;
mod queries;
mod repo;
mod requests;
mod rules;
mod signing_in;

pub use desk::Oidc;
pub use model::{Identity, IdentityId, IdentityState, NewProvider, Person, Provider, ProviderId};
pub use repo::{SEALED, STATEMENTS};
pub use requests::Begun;
pub use signing_in::{Callback, Finished};
