//! Staff on both databases: users and rights, signing in, links, keys, passkeys and the audit log.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod audit;
mod authenticator;
mod desk;
mod keys;
mod links;
mod passkeys;
mod sessions;
mod signing_in;
mod users;
