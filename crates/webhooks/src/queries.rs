//! Subscriptions and deliveries, read from a snapshot or inside a command.

use jiff::Timestamp;
use kernel::{Fault, Refusal};
use store::{Ctx, Row, Store, args};

use super::model::{Attempt, Delivery, DeliveryId, Subscription, SubscriptionId, SubscriptionState};
use super::repo as sql;

/// Behind every id there is.
const MAX: &str = "ffffffff-ffff-ffff-ffff-ffffffffffff";

/// A subscription with what is not shown of it.
pub(crate) struct Kept {
    pub subscription: Subscription,
    pub sealed_secret: String,
}

pub(crate) async fn all(store: &Store) -> Result<Vec<Subscription>, Refusal> {
    let rows = store.read().await?.rows(sql::SUBSCRIPTIONS, args![]).await?;
    rows.iter().map(|row| Ok(kept(row)?.subscription)).collect()
}

pub(crate) async fn all_in(ctx: &mut Ctx) -> Result<Vec<Subscription>, Refusal> {
    let rows = ctx.rows(sql::SUBSCRIPTIONS, args![]).await?;
    rows.iter().map(|row| Ok(kept(row)?.subscription)).collect()
}

pub(crate) async fn by_id(store: &Store, id: SubscriptionId) -> Result<Option<Kept>, Refusal> {
    let mut reader = store.read().await?;
    let row = reader.row(sql::SUBSCRIPTION, args![id.as_uuid()]).await?;
    row.as_ref().map(kept).transpose()
}

pub(crate) async fn by_id_in(ctx: &mut Ctx, id: SubscriptionId) -> Result<Subscription, Refusal> {
    let row = ctx.row(sql::SUBSCRIPTION, args![id.as_uuid()]).await?;
    let row = row.ok_or_else(|| no_such(id))?;
    Ok(kept(&row)?.subscription)
}

pub(crate) fn no_such(id: SubscriptionId) -> Refusal {
    Refusal::new("webhooks.no_such_subscription", Fault::Missing).value(id)
}

fn kept(row: &Row) -> Result<Kept, Refusal> {
    let (failing_since, disabled_at) = (opt_instant(row, "failing_since")?, row.opt_int("disabled_at")?);
    let state = match (disabled_at, failing_since) {
        (Some(_), _) => SubscriptionState::Disabled,
        (None, Some(_)) => SubscriptionState::Failing,
        (None, None) => SubscriptionState::Active,
    };
    Ok(Kept {
        subscription: Subscription {
            id: row.text("id")?.parse()?,
            url: row.text("url")?,
            events: row.text("events")?.split(' ').map(str::to_owned).collect(),
            state,
            failing_since,
            made_at: row.instant("made_at")?,
            made_by: row.text("made_by")?,
        },
        sealed_secret: row.text("sealed_secret")?,
    })
}

/// A message as it is sent.
pub(crate) struct Message {
    pub subscription: SubscriptionId,
    pub id: String,
    pub event: String,
    pub body: String,
}

pub(crate) async fn message(store: &Store, id: DeliveryId) -> Result<Option<Message>, Refusal> {
    let row = store
        .read()
        .await?
        .row(sql::DELIVERY, args![id.as_uuid()])
        .await?;
    let read = |row: Row| {
        Ok(Message {
            subscription: row.text("subscription_id")?.parse()?,
            id: row.text("message_id")?,
            event: row.text("event")?,
            body: row.text("body")?,
        })
    };
    row.map(read).transpose()
}

/// Messages to a subscription with their tries, the newest first.
pub(crate) async fn deliveries(
    store: &Store,
    of: SubscriptionId,
    before: Option<DeliveryId>,
    limit: i64,
) -> Result<Vec<Delivery>, Refusal> {
    let before = before.map_or(MAX.to_owned(), |id| id.to_string());
    let mut reader = store.read().await?;
    let rows = reader
        .rows(sql::DELIVERIES_BEFORE, args![of.as_uuid(), before, limit])
        .await?;
    let mut deliveries = Vec::new();
    for row in &rows {
        let id: DeliveryId = row.text("id")?.parse()?;
        let attempts = reader.rows(sql::ATTEMPTS, args![id.as_uuid()]).await?;
        deliveries.push(Delivery {
            id,
            message_id: row.text("message_id")?,
            event: row.text("event")?,
            state: row.text("state")?.parse()?,
            made_at: row.instant("made_at")?,
            attempts: attempts.iter().map(attempt).collect::<Result<_, _>>()?,
        });
    }
    Ok(deliveries)
}

fn attempt(row: &Row) -> Result<Attempt, Refusal> {
    Ok(Attempt {
        attempt: row.int("attempt")?,
        tried_at: row.instant("tried_at")?,
        took_ms: row.int("took_ms")?,
        status: row.opt_int("status")?,
        error_code: row.opt_text("error_code")?,
    })
}

fn opt_instant(row: &Row, column: &str) -> Result<Option<Timestamp>, Refusal> {
    match row.opt_int(column)? {
        None => Ok(None),
        Some(_) => row.instant(column).map(Some),
    }
}
