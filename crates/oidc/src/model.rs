//! Providers, and people as they are known at them.

use jiff::Timestamp;
use kernel::typed_id;
use people::staff::UserId;
use serde::Serialize;

typed_id!(
    /// One provider.
    ProviderId
);
typed_id!(
    /// One person at one provider: invited, then linked.
    IdentityId
);

/// A provider of an organisation, by which its people sign in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Provider {
    /// Its id.
    pub id: ProviderId,
    /// What it is called in addresses and on the command line.
    pub name: String,
    /// What people read.
    pub title: String,
    /// Who it says it is: the address that its metadata is found under.
    pub issuer: String,
    /// What it knows us by.
    pub client_id: String,
    /// What we ask it for.
    pub scope: String,
    /// By which claim an invited person is known at the first sign-in.
    pub claim: String,
    /// Since when.
    pub added_at: Timestamp,
    /// How many people are linked.
    pub linked: i64,
    /// How many were invited and did not come yet.
    pub invited: i64,
}

/// A provider to add, or to change.
#[derive(Clone, Debug)]
pub struct NewProvider {
    /// What it is called in addresses.
    pub name: String,
    /// What people read.
    pub title: String,
    /// Who it says it is.
    pub issuer: String,
    /// What it knows us by.
    pub client_id: String,
    /// What only it and we know.
    pub client_secret: String,
    /// By which claim an invited person is known.
    pub claim: String,
    /// What is asked for; none asks for what the claim needs.
    pub scope: Option<String>,
}

/// How far someone is with a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum IdentityState {
    /// They may come.
    Invited,
    /// They did not come in time.
    Expired,
    /// They came, and are known since.
    Linked,
}

/// A person as they are known at a provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Identity {
    /// Its id.
    pub id: IdentityId,
    /// Whose it is.
    pub user: UserId,
    /// At which provider.
    pub provider: ProviderId,
    /// What people read of the provider.
    pub provider_title: String,
    /// The claim they were invited by, for the most part hidden.
    pub masked: String,
    /// How far they are.
    pub state: IdentityState,
    /// When they were invited.
    pub invited_at: Timestamp,
    /// Until when the invitation stands.
    pub expires_at: Timestamp,
    /// When they came first.
    pub linked_at: Option<Timestamp>,
}

/// Someone at a provider, with what pages call them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Person {
    /// How they are known there.
    pub identity: Identity,
    /// What pages call them.
    pub display_name: String,
}
