//! From the journal to partners: facts of the registry become messages to those who subscribed, and these are sent by the
//! machinery of `webhooks`.
//!
//! Messages, their jobs and the cursor's step are one command, as there. What a message will say is not in it.

use std::time::Duration;

use futures::FutureExt as _;
use kernel::{Actor, PlaceCode, Refusal};
use registry::{Told, told};
use store::{Ctx, RecordedFact, Row, args};
use tokio::sync::watch;
use webhooks::{Holding, NewMessage, SubscriptionId, Webhooks};

use crate::composing::{JOB, NOTIFY, ToTell};
use crate::desk::Exchange;
use crate::repo as sql;
use crate::subscriptions::event_of;

/// Facts of one step.
const PAGE: i64 = 200;
/// Who has nothing to do looks again after this long.
const IDLE: Duration = Duration::from_secs(2);

impl Exchange {
    /// Tells partners what happens and answers what waits, until `stopped` says so; what is under way is finished first.
    pub async fn work(&self, webhooks: &Webhooks, mut stopped: watch::Receiver<bool>) {
        loop {
            let pause = match self.turn(webhooks).await {
                Ok(true) => Duration::ZERO,
                Ok(false) => IDLE,
                Err(refusal) => {
                    tracing::error!(code = refusal.code, context = refusal.context(), "exchange");
                    IDLE
                }
            };
            tokio::select! {
                biased;
                _ = stopped.wait_for(|stop| *stop) => return,
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Takes the next facts up and sends one message; `false` where there is nothing to do.
    ///
    /// # Errors
    /// What the store gives.
    pub async fn turn(&self, webhooks: &Webhooks) -> Result<bool, Refusal> {
        let taken = self.take_up().await?;
        Ok(self.send_one(webhooks).await? || taken)
    }

    async fn send_one(&self, webhooks: &Webhooks) -> Result<bool, Refusal> {
        let held = match webhooks.hold(JOB).await? {
            Holding::Nothing => return Ok(false),
            Holding::Ended => return Ok(true),
            Holding::Message(held) => held,
        };
        match self.parcel(held.event(), held.message_id(), held.body()).await {
            Ok(None) => webhooks.let_go(*held, "dci.nothing_to_say").await?,
            Ok(Some(parcel)) => webhooks.carry(*held, Ok(parcel)).await?,
            Err(refusal) => webhooks.carry(*held, Err(refusal)).await?,
        }
        Ok(true)
    }

    async fn take_up(&self) -> Result<bool, Refusal> {
        let mut reader = self.store.read().await?;
        let Some(row) = reader.row(sql::CURSOR, args![]).await? else {
            return Ok(false);
        };
        let cursor = row.int("seq")?;
        let facts = reader.facts_page(cursor, PAGE).await?;
        drop(reader);
        let Some(last) = facts.last().map(|fact| fact.seq) else {
            return Ok(false);
        };
        let taken = self.store.write(Actor::system(), move |ctx| {
            async move {
                if ctx.execute(sql::MOVE_CURSOR, args![cursor, last]).await? == 0 {
                    return Ok(false);
                }
                tell(ctx, &facts).await?;
                Ok::<_, Refusal>(true)
            }
            .boxed()
        });
        taken.await
    }
}

/// Someone who wants to be told.
struct Listener {
    code: String,
    event: String,
    wants_group: bool,
    place: Option<PlaceCode>,
    webhook: SubscriptionId,
    row: Row,
}

async fn tell(ctx: &mut Ctx, facts: &[RecordedFact]) -> Result<(), Refusal> {
    let rows = ctx.rows(sql::SUBSCRIPTIONS_NOW, args![]).await?;
    let listeners: Vec<Listener> = rows.into_iter().map(listener).collect::<Result<_, _>>()?;
    if listeners.is_empty() {
        return Ok(());
    }
    for fact in facts {
        let Some(told) = told(ctx, fact).await? else {
            continue;
        };
        for listener in &listeners {
            if wants(listener, fact, &told)? {
                deliver(ctx, listener, fact, &told).await?;
            }
        }
    }
    Ok(())
}

fn listener(row: Row) -> Result<Listener, Refusal> {
    Ok(Listener {
        code: row.text("code")?,
        event: row.text("event")?,
        wants_group: row.text("record_type")? == "Group",
        place: sql::opt_place(&row)?,
        webhook: row.text("webhook_id")?.parse()?,
        row,
    })
}

fn wants(listener: &Listener, fact: &RecordedFact, told: &Told) -> Result<bool, Refusal> {
    let starts = listener.row.instant("starts_at")?;
    let ends = match listener.row.opt_int("ends_at")? {
        Some(_) => Some(listener.row.instant("ends_at")?),
        None => None,
    };
    let is_then = starts <= fact.recorded_at && ends.is_none_or(|ends| fact.recorded_at < ends);
    let is_there = listener.place.is_none_or(|place| told.place.is_within(place));
    let is_whom = listener.wants_group || !told.persons.is_empty();
    Ok(listener.event == event_of(told.event) && is_then && is_there && is_whom)
}

async fn deliver(
    ctx: &mut Ctx,
    listener: &Listener,
    fact: &RecordedFact,
    told: &Told,
) -> Result<(), Refusal> {
    let tell = ToTell {
        subscription: listener.code.clone(),
        household: told.household.to_string(),
        persons: told.persons.iter().map(ToString::to_string).collect(),
        at: fact.recorded_at.to_string(),
    };
    let body = crate::desk::to_json(&tell)?.to_string();
    let id = format!("{}.{}", fact.id, listener.code);
    let new = NewMessage {
        to: listener.webhook,
        id: &id,
        event: NOTIFY,
        body: &body,
        job: JOB,
    };
    webhooks::deliver(ctx, new).await.map(drop)
}
