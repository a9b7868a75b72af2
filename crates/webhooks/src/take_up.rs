//! From the journal to deliveries: facts after the cursor become a message to each subscription that wants them.
//!
//! The messages, their jobs and the cursor's step are one command, so a fact is told once whatever dies in between, and two
//! servers on one database do not tell it twice.

use futures::FutureExt as _;
use kernel::{Actor, Refusal};
use store::{Ctx, RecordedFact, args};

use super::commands::{NewMessage, Webhooks, body, deliver};
use super::model::{EVENTS, Subscription};
use super::sending::DELIVERY_JOB;
use super::{queries, repo as sql};

/// Facts of one step.
const PAGE: i64 = 200;

impl Webhooks {
    /// Makes deliveries of the next facts; `false` where there are none, or another server makes them.
    ///
    /// # Errors
    /// What the store gives.
    pub async fn take_up(&self) -> Result<bool, Refusal> {
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

async fn tell(ctx: &mut Ctx, facts: &[RecordedFact]) -> Result<(), Refusal> {
    let subscriptions = queries::all_in(ctx).await?;
    for fact in facts.iter().filter(|fact| EVENTS.contains(&fact.kind.as_str())) {
        let wanting: Vec<&Subscription> = subscriptions.iter().filter(|one| wants(one, fact)).collect();
        if wanting.is_empty() {
            continue;
        }
        let body = body(&fact.kind, fact.recorded_at, &fact.body()?);
        for subscription in wanting {
            let new = NewMessage {
                to: subscription.id,
                id: &fact.id,
                event: &fact.kind,
                body: &body,
                job: DELIVERY_JOB,
            };
            deliver(ctx, new).await?;
        }
    }
    Ok(())
}

/// A subscription is told what it asked for and what happened since it was made. What happens while it is disabled is kept
/// as failed by the sender, so that its owner sees what was missed.
fn wants(subscription: &Subscription, fact: &RecordedFact) -> bool {
    subscription.made_at <= fact.recorded_at && subscription.events.contains(&fact.kind)
}
