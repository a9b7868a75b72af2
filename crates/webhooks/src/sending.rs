//! Sending messages: each is a job, tried again after longer and longer whiles, and every try is written down.

use std::time::Duration;

use futures::FutureExt as _;
use jiff::SignedDuration;
use kernel::{Actor, Fault, Refusal};
use outbound::{Request, Unreached};
use serde_json::{Value, json};
use store::{Claim, Jobs, args};
use tokio::sync::watch;

use super::commands::{Webhooks, record};
use super::model::{DeliveryId, DeliveryState, SubscriptionId, SubscriptionState};
use super::queries::{self, Kept, Message};
use super::{repo as sql, signature};

/// The kind of the jobs.
pub const DELIVERY_JOB: &str = "webhooks.deliver";
/// So long a silent sender keeps its message: longer than a try takes.
const LEASE: Duration = Duration::from_mins(1);
/// So long a receiver has for an answer.
const ANSWER: Duration = Duration::from_secs(10);
/// The receiver is gone for good.
const GONE: u16 = 410;
/// So many messages are under way at once: one slow receiver does not hold up the others.
const SENDERS: usize = 4;
/// A sender without work looks again after this long.
const IDLE: Duration = Duration::from_secs(2);
/// After the first, second … try that failed, the next one waits so long; after the last it is given up.
const WAITS: [Duration; 8] = [
    Duration::from_secs(5),
    Duration::from_mins(1),
    Duration::from_mins(5),
    Duration::from_mins(30),
    Duration::from_hours(2),
    Duration::from_hours(5),
    Duration::from_hours(10),
    Duration::from_hours(14),
];
/// A subscription that has failed for so long, without one message that came, is disabled.
const FAILING_MAX: SignedDuration = SignedDuration::from_hours(5 * 24);

/// What came of a try.
struct Tried {
    status: Option<u16>,
    error: Option<Refusal>,
    took_ms: i64,
}

impl Tried {
    fn is_delivered(&self) -> bool {
        self.status.is_some_and(|status| (200..300).contains(&status))
    }

    fn is_gone(&self) -> bool {
        self.status == Some(GONE)
    }

    fn code(&self) -> Option<&'static str> {
        match (&self.error, self.is_delivered()) {
            (Some(refusal), _) => Some(refusal.code),
            (None, true) => None,
            (None, false) => Some("webhooks.bad_status"),
        }
    }
}

/// A message that this sender holds.
pub struct Held {
    claim: Claim,
    id: DeliveryId,
    kept: Kept,
    message: Message,
}

impl Held {
    /// What happened.
    #[must_use]
    pub fn event(&self) -> &str {
        &self.message.event
    }

    /// The id of the message.
    #[must_use]
    pub fn message_id(&self) -> &str {
        &self.message.id
    }

    /// What is sent, or what another module makes it of.
    #[must_use]
    pub fn body(&self) -> &str {
        &self.message.body
    }
}

/// What there is to send.
pub enum Holding {
    /// Nothing is due.
    Nothing,
    /// A message that could not be sent any more was ended.
    Ended,
    /// A message.
    Message(Box<Held>),
}

/// What is sent.
#[derive(Debug)]
pub struct Parcel {
    /// Where to.
    pub url: String,
    /// Headers beside that of the content.
    pub headers: Vec<(&'static str, String)>,
    /// JSON.
    pub body: String,
}

impl Webhooks {
    /// Makes deliveries of what happens and sends them, until `stopped` says so; what is under way is finished first.
    pub async fn work(&self, stopped: watch::Receiver<bool>) {
        let senders = (0..SENDERS).map(|number| self.run(number == 0, stopped.clone()));
        futures::future::join_all(senders).await;
    }

    async fn run(&self, takes_up: bool, mut stopped: watch::Receiver<bool>) {
        loop {
            let worked = self.turn(takes_up).await;
            let pause = match worked {
                Ok(true) => Duration::ZERO,
                Ok(false) => IDLE,
                Err(refusal) => {
                    tracing::error!(code = refusal.code, context = refusal.context(), "webhooks");
                    IDLE
                }
            };
            tokio::select! {
                biased;
                _ = stopped.wait_for(|stop| *stop) => return,
                () = tokio::time::sleep(pause) => {}
                () = self.wake.notified() => {}
            }
        }
    }

    async fn turn(&self, takes_up: bool) -> Result<bool, Refusal> {
        let taken = takes_up && self.take_up().await?;
        Ok(self.send_one().await? || taken)
    }

    /// Sends one message that is due; `false` where none is.
    ///
    /// # Errors
    /// What the store gives; what the receiver gives stands in the message's log.
    pub async fn send_one(&self) -> Result<bool, Refusal> {
        let held = match self.hold(DELIVERY_JOB).await? {
            Holding::Nothing => return Ok(false),
            Holding::Ended => return Ok(true),
            Holding::Message(held) => held,
        };
        let parcel = self.signed(&held);
        self.carry(*held, parcel).await?;
        Ok(true)
    }

    /// Takes the next message that a job of this kind sends.
    ///
    /// # Errors
    /// What the store gives.
    pub async fn hold(&self, job: &'static str) -> Result<Holding, Refusal> {
        let Some(claim) = self.store.jobs().claim(job, LEASE).await? else {
            return Ok(Holding::Nothing);
        };
        let delivery = claim.payload.get("delivery").and_then(Value::as_str);
        let id: DeliveryId = delivery.unwrap_or_default().parse()?;
        let Some(message) = queries::message(&self.store, id).await? else {
            let jobs = self.store.jobs();
            jobs.fail(&claim, "webhooks.no_such_subscription", None).await?;
            return Ok(Holding::Ended);
        };
        let kept = queries::by_id(&self.store, message.subscription).await?;
        let Some(kept) = kept.filter(|kept| kept.subscription.state != SubscriptionState::Disabled) else {
            self.give_up(&claim, id, "webhooks.disabled").await?;
            return Ok(Holding::Ended);
        };
        Ok(Holding::Message(Box::new(Held {
            claim,
            id,
            kept,
            message,
        })))
    }

    /// Sends what was made of a message, and writes the try down; where nothing could be made, it is tried again as well.
    ///
    /// # Errors
    /// What the store gives; what the receiver gives stands in the message's log.
    pub async fn carry(&self, held: Held, parcel: Result<Parcel, Refusal>) -> Result<(), Refusal> {
        let began = self.clock.now();
        let to = held.kept.subscription.id;
        let answered = match parcel {
            Ok(parcel) => self.send(to, parcel).await,
            Err(refusal) => Err(refusal),
        };
        let took = self.clock.now().duration_since(began).as_millis();
        let (status, error) = match answered {
            Ok(status) => (Some(status), None),
            Err(refusal) => (None, Some(refusal)),
        };
        let tried = Tried {
            status,
            error,
            took_ms: i64::try_from(took).unwrap_or_default().max(0),
        };
        match self.note(&held.claim, held.id, to, tried).await {
            // Another sender has it by now.
            Err(refusal) if refusal.code == "store.lease_lost" => Ok(()),
            noted => noted,
        }
    }

    /// Ends a message that has nothing to say any more.
    ///
    /// # Errors
    /// What the store gives.
    pub async fn let_go(&self, held: Held, code: &'static str) -> Result<(), Refusal> {
        self.give_up(&held.claim, held.id, code).await
    }

    /// A message as Standard Webhooks has it, signed now.
    fn signed(&self, held: &Held) -> Result<Parcel, Refusal> {
        let (url, message) = (&held.kept.subscription.url, &held.message);
        let secret = self.keyring.open(&held.kept.sealed_secret, url)?;
        let timestamp = self.clock.now().as_second();
        let signed = signature::sign(&secret, &message.id, timestamp, &message.body);
        Ok(Parcel {
            url: url.clone(),
            headers: vec![
                ("webhook-id", message.id.clone()),
                ("webhook-timestamp", timestamp.to_string()),
                ("webhook-signature", signed),
            ],
            body: message.body.clone(),
        })
    }

    /// One request; the status of its answer.
    async fn send(&self, to: SubscriptionId, parcel: Parcel) -> Result<u16, Refusal> {
        let mut headers = vec![("content-type", "application/json".to_owned())];
        headers.extend(parcel.headers);
        let request = Request {
            url: &parcel.url,
            agent: "Fishpond-Webhooks/1",
            headers,
            body: Some(parcel.body.into_bytes()),
            wait: ANSWER,
            // What the answer says beside its status is not read.
            answer_bytes_max: None,
        };
        match outbound::send(request, self.reach).await {
            Ok(answer) => Ok(answer.status),
            Err(unreached) => {
                if let Unreached::NoAnswer(error) = &unreached {
                    tracing::info!(subscription = %to, error, "a webhook got no answer");
                }
                Err(refused(unreached))
            }
        }
    }

    /// Writes a try down, and what follows from it.
    async fn note(
        &self,
        claim: &Claim,
        id: DeliveryId,
        to: SubscriptionId,
        tried: Tried,
    ) -> Result<(), Refusal> {
        let retry = usize::try_from(claim.attempt - 1)
            .ok()
            .and_then(|past| WAITS.get(past));
        let retry = retry
            .filter(|_| !tried.is_delivered() && !tried.is_gone())
            .copied();
        let (code, held) = (tried.code(), claim.clone());
        self.store
            .write(Actor::system(), move |ctx| {
                async move {
                    let now = ctx.now();
                    let status = tried.status.map(i64::from);
                    let row = args![
                        id.as_uuid(),
                        held.attempt,
                        now,
                        tried.took_ms,
                        status,
                        tried.code()
                    ];
                    ctx.execute_one(sql::INSERT_ATTEMPT, row).await?;
                    if tried.is_delivered() {
                        ctx.execute(sql::SUBSCRIPTION_WORKS, args![to.as_uuid()]).await?;
                        let state = DeliveryState::Delivered.as_str();
                        ctx.execute_one(sql::END_DELIVERY, args![id.as_uuid(), state, now])
                            .await?;
                        return Jobs::finish_in(ctx, &held).await;
                    }
                    ctx.execute(sql::SUBSCRIPTION_FAILS, args![to.as_uuid(), now])
                        .await?;
                    let since = queries::by_id_in(ctx, to).await?.failing_since;
                    let is_too_long = since.is_some_and(|since| now.duration_since(since) >= FAILING_MAX);
                    if (tried.is_gone() || is_too_long)
                        && ctx
                            .execute(sql::DISABLE_SUBSCRIPTION, args![to.as_uuid(), now])
                            .await?
                            == 1
                    {
                        let why = if tried.is_gone() { "gone" } else { "failing" };
                        record(ctx, "webhooks.disabled", to, json!({ "why": why })).await?;
                    }
                    if retry.is_none() {
                        let state = DeliveryState::Failed.as_str();
                        ctx.execute_one(sql::END_DELIVERY, args![id.as_uuid(), state, now])
                            .await?;
                        return Jobs::fail_in(ctx, &held, tried.code().unwrap_or("webhooks.bad_status"))
                            .await;
                    }
                    Ok(())
                }
                .boxed()
            })
            .await?;
        match (retry, code) {
            (Some(wait), Some(code)) => self.store.jobs().fail(claim, code, Some(wait)).await,
            _ => Ok(()),
        }
    }

    /// A message that will not be sent.
    async fn give_up(&self, claim: &Claim, id: DeliveryId, code: &'static str) -> Result<(), Refusal> {
        let held = claim.clone();
        self.store
            .write(Actor::system(), move |ctx| {
                async move {
                    let (state, now) = (DeliveryState::Failed.as_str(), ctx.now());
                    ctx.execute(sql::END_DELIVERY, args![id.as_uuid(), state, now])
                        .await?;
                    Jobs::fail_in(ctx, &held, code).await
                }
                .boxed()
            })
            .await
    }
}

/// Why a message did not get out, in the words of webhooks.
pub(crate) fn refused(unreached: Unreached) -> Refusal {
    let code = match unreached {
        Unreached::BadUrl => "webhooks.bad_url",
        Unreached::AddressRefused => "webhooks.address_refused",
        Unreached::NoSuchHost => "webhooks.no_such_host",
        Unreached::NoAnswer(_) | Unreached::TooLong => "webhooks.no_answer",
        Unreached::NoClient(cause) => {
            return Refusal::broken("webhooks.no_client", &std::io::Error::other(cause));
        }
    };
    Refusal::new(code, Fault::Refused)
}
