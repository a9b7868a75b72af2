//! Partners, what they send, and what they are answered.

use jiff::Timestamp;
use kernel::{PlaceCode, Refusal};
use people::staff::{PlaceFilter, Scope, Viewer};
use registry::Purpose;
use serde::Serialize;
use serde_json::Value;
use webhooks::SubscriptionId;

/// A partner to add, or to change where there is one of this name.
#[derive(Clone, Debug)]
pub struct NewPartner {
    /// By what it names itself in messages.
    pub sender_id: String,
    /// By what it names us.
    pub receiver_id: String,
    /// Its public key, in base64 or hexadecimal.
    pub public_key: String,
    /// What it may do: [`Scope::ReadRegistry`], and [`Scope::RevealPersons`] where it may see who a person is.
    pub rights: Vec<Scope>,
    /// Where; in the whole country where there is none.
    pub place: Option<PlaceCode>,
    /// What it serves: it sees those only who agreed to that. Where there is none, it asks by law.
    pub purpose: Option<Purpose>,
    /// Below which address it is answered later and told what happens.
    pub callback: Option<String>,
}

/// A partner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Partner {
    /// By what it names itself.
    pub sender_id: String,
    /// By what it names us.
    pub receiver_id: String,
    /// Its public key, in hexadecimal.
    pub public_key: String,
    /// What it may do.
    #[serde(serialize_with = "names")]
    pub rights: Vec<Scope>,
    /// Where.
    pub place: Option<PlaceCode>,
    /// What it serves.
    pub purpose: Option<Purpose>,
    /// Below which address it is answered.
    pub callback: Option<String>,
    /// The webhook by which messages go there.
    pub webhook: Option<SubscriptionId>,
    /// When it was added or changed last.
    pub made_at: Timestamp,
}

fn names<S: serde::Serializer>(rights: &[Scope], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(rights.iter().map(|right| right.as_str()))
}

impl Partner {
    /// The places whose persons it may see.
    #[must_use]
    pub fn seen(&self) -> PlaceFilter {
        self.place
            .map_or(PlaceFilter::All, |place| PlaceFilter::Within(vec![place]))
    }

    pub(crate) fn may(&self, right: Scope) -> bool {
        self.rights.contains(&right)
    }
}

/// What a message asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Records.
    Search,
    /// To be told.
    Subscribe,
    /// Not to be told any more.
    Unsubscribe,
    /// How far something is.
    TxnStatus,
}

impl Kind {
    /// The action of a message that asks for it.
    #[must_use]
    pub fn action(self) -> &'static str {
        match self {
            Self::Search => "search",
            Self::Subscribe => "subscribe",
            Self::Unsubscribe => "unsubscribe",
            Self::TxnStatus => "txn-status",
        }
    }

    /// The action of its answer.
    pub(crate) fn answer(self) -> &'static str {
        match self {
            Self::Search => "on-search",
            Self::Subscribe => "on-subscribe",
            Self::Unsubscribe => "on-unsubscribe",
            Self::TxnStatus => "txn-on-status",
        }
    }

    /// Where below a partner's address its answer goes.
    pub(crate) fn path(self) -> &'static str {
        match self {
            Self::Search => "/registry/on-search",
            Self::Subscribe => "/registry/on-subscribe",
            Self::Unsubscribe => "/registry/on-unsubscribe",
            Self::TxnStatus => "/registry/txn/on-status",
        }
    }
}

/// A message as it came.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// What its address asks for.
    pub kind: Kind,
    /// Whether it is answered at once.
    pub is_sync: bool,
    /// Its bytes.
    pub body: &'a [u8],
    /// Who stands behind the API key it came with.
    pub viewer: &'a Viewer,
    /// The number of the request.
    pub request_id: &'a str,
    /// From where, as far as it is known.
    pub address: Option<&'a str>,
}

/// What a message is answered, with the status it goes under.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The status of HTTP.
    pub status: u16,
    /// JSON.
    pub body: Value,
}

/// Why a message is not answered as it asks.
#[derive(Debug)]
pub(crate) enum No {
    /// The message cannot be heard: a code of the transport, `err.*`.
    Turned {
        status: u16,
        code: &'static str,
        why: String,
    },
    /// The message is heard and not done: a code of its header, `rjct.*`.
    Rejected { code: &'static str, why: String },
    /// Something broke here.
    Broken(Refusal),
}

impl No {
    pub(crate) fn bad(why: impl Into<String>) -> Self {
        Self::turned(400, "err.request.bad", why)
    }

    pub(crate) fn turned(status: u16, code: &'static str, why: impl Into<String>) -> Self {
        Self::Turned {
            status,
            code,
            why: why.into(),
        }
    }

    pub(crate) fn rejected(code: &'static str, why: impl Into<String>) -> Self {
        Self::Rejected {
            code,
            why: why.into(),
        }
    }
}

impl From<Refusal> for No {
    fn from(refusal: Refusal) -> Self {
        Self::Broken(refusal)
    }
}

/// Why one request of a message is not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rejection {
    pub code: &'static str,
    pub why: String,
}

impl Rejection {
    pub(crate) fn new(code: &'static str, why: impl Into<String>) -> Self {
        Self {
            code,
            why: why.into(),
        }
    }
}
