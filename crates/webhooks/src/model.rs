//! Subscriptions, messages and tries, as people see them.

use jiff::Timestamp;
use kernel::{Refusal, typed_id};
use serde::Serialize;

typed_id!(
    /// One subscription.
    SubscriptionId
);
typed_id!(
    /// One message to one subscription.
    DeliveryId
);

/// The facts that can be subscribed to, by their kinds in the journal. No fact of staff: who has which role is nobody
/// else's business.
pub const EVENTS: [&str; 7] = [
    "periods.opened",
    "periods.submitted",
    "periods.approved",
    "periods.sent_back",
    "periods.published",
    "periods.correction_opened",
    "sales.imported",
];
/// What a subscription of a partner of the exchange is told of: messages that `exchange` makes and signs, no facts.
pub const EXCHANGE: &str = "exchange";
/// What a test delivery says, whatever was subscribed to.
pub const TEST_EVENT: &str = "webhooks.test";

/// Whether a subscription is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SubscriptionState {
    /// What happens is sent.
    Active,
    /// The last tries failed; what happens is sent on.
    Failing,
    /// It failed for too long, or its receiver said that it is gone; nothing is sent.
    Disabled,
}

impl SubscriptionState {
    /// The name under which it is shown.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Failing => "failing",
            Self::Disabled => "disabled",
        }
    }
}

/// Who wants to be told what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Subscription {
    /// Its id.
    pub id: SubscriptionId,
    /// Where messages go.
    pub url: String,
    /// What is told.
    pub events: Vec<String>,
    /// Whether it is served.
    pub state: SubscriptionState,
    /// Since when its messages fail.
    pub failing_since: Option<Timestamp>,
    /// When it was made.
    pub made_at: Timestamp,
    /// By whom.
    pub made_by: String,
}

/// Where a message stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// It is still to be sent, for the first time or again.
    Waiting,
    /// Its receiver said that it came.
    Delivered,
    /// It was given up.
    Failed,
}

impl DeliveryState {
    pub(crate) const ALL: [Self; 3] = [Self::Waiting, Self::Delivered, Self::Failed];

    /// The name under which it is kept.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
        }
    }
}

impl std::str::FromStr for DeliveryState {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let found = Self::ALL.into_iter().find(|state| state.as_str() == text);
        found.ok_or_else(|| {
            Refusal::new("store.bad_column", kernel::Fault::Broken)
                .at("webhook_deliveries.state")
                .value(text)
        })
    }
}

/// One message to one subscription, with its tries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Delivery {
    /// Its id.
    pub id: DeliveryId,
    /// The id of the message: that of the fact, the same for every subscription.
    pub message_id: String,
    /// What happened.
    pub event: String,
    /// Where it stands.
    pub state: DeliveryState,
    /// When it was made.
    pub made_at: Timestamp,
    /// Its tries, the first one first.
    pub attempts: Vec<Attempt>,
}

/// One try.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Attempt {
    /// Which, from 1.
    pub attempt: i64,
    /// When.
    pub tried_at: Timestamp,
    /// How long it took, in milliseconds.
    pub took_ms: i64,
    /// The status that was answered.
    pub status: Option<i64>,
    /// What went wrong, by its code; none where the message came.
    pub error_code: Option<String>,
}
