//! Making, testing and removing subscriptions.

use std::sync::Arc;

use futures::FutureExt as _;
use jiff::Timestamp;
use kernel::{Actor, Clock, Done, Fault, Refusal, SecretSource};
use outbound::{Reach, require_url};
use serde_json::{Value, json};
use store::{Ctx, Fact, JobId, Jobs, Keyring, Store, args};
use tokio::sync::Notify;

use super::model::{
    Delivery, DeliveryId, EVENTS, EXCHANGE, Subscription, SubscriptionId, SubscriptionState, TEST_EVENT,
};
use super::sending::{DELIVERY_JOB, refused};
use super::{queries, repo as sql, signature};

/// A subscription to make.
#[derive(Clone, Debug)]
pub struct NewSubscription {
    /// Where messages go.
    pub url: String,
    /// What is told; at least one of [`EVENTS`].
    pub events: Vec<String>,
}

/// A subscription that was made: the one time that its secret is shown.
#[derive(Clone, Debug)]
pub struct Made {
    /// Its id.
    pub id: SubscriptionId,
    /// What its receiver checks signatures with.
    pub secret: String,
}

/// The webhooks of a store.
pub struct Webhooks {
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) keyring: Keyring,
    pub(crate) reach: Reach,
    secrets: Arc<dyn SecretSource>,
    /// Tells the senders that there is something to send.
    pub(crate) wake: Notify,
}

impl Webhooks {
    /// The webhooks of a store. [`Webhooks::work`] sends.
    pub fn new(
        store: Store,
        clock: Arc<dyn Clock>,
        secrets: Arc<dyn SecretSource>,
        keyring: Keyring,
        reach: Reach,
    ) -> Self {
        Self {
            store,
            clock,
            keyring,
            reach,
            secrets,
            wake: Notify::new(),
        }
    }

    /// Makes a subscription; it is told what happens from now on.
    ///
    /// # Errors
    /// `webhooks.bad_url`, `webhooks.address_refused`, `webhooks.bad_event`; what the store gives.
    pub async fn subscribe(&self, actor: Actor, new: NewSubscription) -> Result<Made, Refusal> {
        let url = self.reached(&new.url)?;
        let events = require_events(&new.events)?;
        self.make(actor, url, events).await
    }

    /// Makes the subscription of a partner of the exchange, whose messages `exchange` makes.
    ///
    /// # Errors
    /// `webhooks.bad_url`, `webhooks.address_refused`; what the store gives.
    pub async fn correspond(&self, actor: Actor, url: &str) -> Result<SubscriptionId, Refusal> {
        let url = self.reached(url)?;
        Ok(self.make(actor, url, EXCHANGE.to_owned()).await?.id)
    }

    /// An address that may be reached.
    fn reached(&self, wanted: &str) -> Result<String, Refusal> {
        let url = require_url(wanted, self.reach);
        let url = url.map_err(|unreached| refused(unreached).at("url").value(wanted))?;
        Ok(url.to_string())
    }

    async fn make(&self, actor: Actor, url: String, events: String) -> Result<Made, Refusal> {
        let mut secret = [0_u8; 32];
        self.secrets.fill(&mut secret)?;
        // Sealed for the address: a row whose address was changed by another hand signs nothing.
        let sealed = self.keyring.seal(&secret, &url, self.secrets.as_ref())?;
        // What was recorded before the first subscription is told to nobody.
        let head = self.store.facts_head().await?.map_or(0, |head| head.seq);
        let made = self.store.write(actor, move |ctx| {
            async move {
                ctx.execute(sql::START_CURSOR, args![head]).await?;
                let id = SubscriptionId::next(ctx.ids());
                let (now, by) = (ctx.now(), ctx.actor().to_string());
                let row = args![id.as_uuid(), url, &events, sealed, now, by];
                ctx.execute_one(sql::INSERT_SUBSCRIPTION, row).await?;
                record(ctx, "webhooks.subscribed", id, json!({ "events": events })).await?;
                Ok::<_, Refusal>(id)
            }
            .boxed()
        });
        Ok(Made {
            id: made.await?,
            secret: signature::shown(&secret),
        })
    }

    /// Removes a subscription; what waits for it is not sent any more. `Already` says that there is none.
    ///
    /// # Errors
    /// What the store gives.
    pub async fn remove(&self, actor: Actor, id: SubscriptionId) -> Result<Done<()>, Refusal> {
        let removed = self.store.write(actor, move |ctx| {
            async move {
                let (now, by) = (ctx.now(), ctx.actor().to_string());
                let args = args![id.as_uuid(), now, by];
                if ctx.execute(sql::REMOVE_SUBSCRIPTION, args).await? == 0 {
                    return Ok(Done::Already(()));
                }
                record(ctx, "webhooks.removed", id, json!({})).await?;
                Ok(Done::Now(()))
            }
            .boxed()
        });
        removed.await
    }

    /// Serves a subscription again that was disabled. `Already` says that it was not.
    ///
    /// # Errors
    /// `webhooks.no_such_subscription`; what the store gives.
    pub async fn enable(&self, actor: Actor, id: SubscriptionId) -> Result<Done<()>, Refusal> {
        let enabled = self.store.write(actor, move |ctx| {
            async move {
                queries::by_id_in(ctx, id).await?;
                if ctx.execute(sql::ENABLE_SUBSCRIPTION, args![id.as_uuid()]).await? == 0 {
                    return Ok(Done::Already(()));
                }
                record(ctx, "webhooks.enabled", id, json!({})).await?;
                Ok(Done::Now(()))
            }
            .boxed()
        });
        enabled.await
    }

    /// Sends a message that says nothing happened, to see whether messages come.
    ///
    /// # Errors
    /// `webhooks.no_such_subscription`, `webhooks.disabled`; what the store gives.
    pub async fn test(&self, actor: Actor, id: SubscriptionId) -> Result<DeliveryId, Refusal> {
        let asked = self.store.write(actor, move |ctx| {
            async move {
                let subscription = queries::by_id_in(ctx, id).await?;
                if subscription.state == SubscriptionState::Disabled {
                    return Err(Refusal::new("webhooks.disabled", Fault::Refused).value(id));
                }
                let message = ctx.new_id().to_string();
                let body = body(TEST_EVENT, ctx.now(), &json!({ "subscription": id }));
                let new = NewMessage {
                    to: id,
                    id: &message,
                    event: TEST_EVENT,
                    body: &body,
                    job: DELIVERY_JOB,
                };
                deliver(ctx, new).await
            }
            .boxed()
        });
        let asked = asked.await?;
        self.wake.notify_waiters();
        Ok(asked)
    }

    /// Every subscription, the oldest first.
    ///
    /// # Errors
    /// What the store gives.
    pub async fn subscriptions(&self) -> Result<Vec<Subscription>, Refusal> {
        queries::all(&self.store).await
    }

    /// One subscription.
    ///
    /// # Errors
    /// `webhooks.no_such_subscription`; what the store gives.
    pub async fn subscription(&self, id: SubscriptionId) -> Result<Subscription, Refusal> {
        let found = queries::by_id(&self.store, id).await?;
        Ok(found.ok_or_else(|| queries::no_such(id))?.subscription)
    }

    /// Messages to a subscription with their tries, the newest first; those before one, or from the newest.
    ///
    /// # Errors
    /// What the store gives.
    pub async fn deliveries(
        &self,
        of: SubscriptionId,
        before: Option<DeliveryId>,
        limit: i64,
    ) -> Result<Vec<Delivery>, Refusal> {
        queries::deliveries(&self.store, of, before, limit).await
    }
}

/// What a message says: the kind of the fact, when it was recorded, and its body.
pub(crate) fn body(event: &str, at: Timestamp, data: &Value) -> String {
    json!({ "type": event, "timestamp": at, "data": data }).to_string()
}

/// A message to a subscription.
#[derive(Clone, Copy, Debug)]
pub struct NewMessage<'a> {
    /// To whom.
    pub to: SubscriptionId,
    /// Its id, the same over all tries.
    pub id: &'a str,
    /// What happened.
    pub event: &'a str,
    /// What is sent, or what another module makes it of.
    pub body: &'a str,
    /// The kind of the job that sends it.
    pub job: &'static str,
}

/// Makes a message and the job that sends it, in the caller's transaction.
///
/// # Errors
/// What the store gives.
pub async fn deliver(ctx: &mut Ctx, new: NewMessage<'_>) -> Result<DeliveryId, Refusal> {
    let (id, now) = (DeliveryId::next(ctx.ids()), ctx.now());
    let row = args![id.as_uuid(), new.to.as_uuid(), new.id, new.event, new.body, now];
    ctx.execute_one(sql::INSERT_DELIVERY, row).await?;
    let (key, payload) = (id.to_string(), json!({ "delivery": id }));
    let _new: Done<JobId> = Jobs::enqueue(ctx, new.job, &key, &payload).await?;
    Ok(id)
}

pub(crate) async fn record(
    ctx: &mut Ctx,
    kind: &'static str,
    id: SubscriptionId,
    mut body: Value,
) -> Result<(), Refusal> {
    if let Value::Object(map) = &mut body {
        map.insert("subscription".to_owned(), json!(id));
    }
    let fact = Fact {
        kind,
        place: None,
        amount: None,
        evidence: Vec::new(),
        body,
    };
    ctx.record(fact).await.map(drop)
}

fn require_events(events: &[String]) -> Result<String, Refusal> {
    let mut events: Vec<&str> = events.iter().map(String::as_str).collect();
    events.sort_unstable();
    events.dedup();
    let bad = |value: &str| {
        let refusal = Refusal::new("webhooks.bad_event", Fault::Refused).at("events");
        refusal.value(value).fact("events", EVENTS.join(", "))
    };
    if let Some(unknown) = events.iter().find(|event| !EVENTS.contains(event)) {
        return Err(bad(unknown));
    }
    if events.is_empty() {
        return Err(bad(""));
    }
    Ok(events.join(" "))
}
