//! Webhooks: telling other systems what happened, by signed requests of ours.
//!
//! ```text
//! fact        recorded by any command, of the web, the command line or a job, in its own transaction
//!   -> take up   one command: facts after the cursor -> a delivery and its job for each subscription, cursor moved
//!   -> send      a job: address checked, message signed, answer written down; again after a while, or given up
//! ```
//! The journal is the outbox: a delivery is as sure as the fact, whoever recorded it, and no command waits for one. A
//! message goes out at least once and carries one id over all tries, so that a receiver knows a repetition.
//!
//! Headers and signature are those of Standard Webhooks (`webhook-id`, `webhook-timestamp`, `webhook-signature: v1,…`,
//! HMAC-SHA256). A secret is shown once and kept encrypted ([`store::Keyring`]). A request goes to a public address only, unless
//! [`outbound::Reach::Anywhere`] was configured, and follows no redirect: nobody reaches into our network through us.
//!
//! Another module may send messages of its own this way (`exchange`): it makes a delivery in its transaction ([`deliver`]), and
//! when that is due, what goes out ([`Webhooks::hold`], [`Webhooks::carry`]).
//!
//! What a message of ours says is the body of the fact: ids, codes and numbers, no name of a person. Staff's own facts are not
//! offered. Deliberately absent: filters by place, order between messages.

mod commands;
mod model;
mod queries;
mod repo;
mod sending;
mod signature;
mod take_up;

pub use commands::{Made, NewMessage, NewSubscription, Webhooks, deliver};
pub use model::{
    Attempt, Delivery, DeliveryId, DeliveryState, EVENTS, EXCHANGE, Subscription, SubscriptionId,
    SubscriptionState, TEST_EVENT,
};
pub use repo::{SEALED, STATEMENTS};
pub use sending::{DELIVERY_JOB, Held, Holding, Parcel};
pub use signature::verifies;
