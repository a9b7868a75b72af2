//! The rest of a batch's way up to its file: prepared, approved by two, or given up.

use books::Act;
use futures::FutureExt as _;
use kernel::{Actor, Done, Money, Refusal};
use serde_json::json;
use store::{Ctx, Keyring, args};

use super::batches::require_draft;
use super::change::{record, standing_of, take};
use super::desk::Payments;
use super::model::{BatchId, BatchState, LineState, Method};
use super::payees::require_known;
use super::repo::{self as sql, LineRow, load_batch, load_lines, people};
use super::rules::{refused, require_reason};

/// Persons who have to approve a batch.
pub const APPROVALS: usize = 2;
impl Payments {
    /// Closes a draft to changes; it waits for approvals from now on.
    ///
    /// # Errors
    /// `payments.no_such_batch`, `payments.not_a_draft`, `payments.no_lines`, `payments.payee_in_question`; what the store
    /// gives.
    pub async fn prepare(&self, actor: Actor, batch: BatchId) -> Result<Done<()>, Refusal> {
        let keyring = self.keyring.clone();
        let prepared = self.store.write(actor, move |ctx| {
            async move { prepare(&keyring, ctx, batch).await }.boxed()
        });
        prepared.await
    }

    /// Approves a prepared batch. The second approval holds the money of every payment in the books.
    ///
    /// # Errors
    /// `payments.no_such_batch`, `payments.not_prepared`, `payments.own_batch` for whoever opened, filled or prepared it,
    /// `payments.payee_in_question`;
    /// what the books refuse, such as `books.below_zero`, naming the payment; what the store gives.
    pub async fn approve(&self, actor: Actor, batch: BatchId) -> Result<Done<BatchState>, Refusal> {
        let keyring = self.keyring.clone();
        let approved = self.store.write(actor, move |ctx| {
            async move { approve(&keyring, ctx, batch).await }.boxed()
        });
        approved.await
    }

    /// Gives a batch up; what it held is free again. Of a batch that is handed out, what was not handed out yet is given
    /// up.
    ///
    /// # Errors
    /// `payments.reason_missing`, `payments.no_such_batch`, `payments.file_is_out`; what the store gives.
    pub async fn cancel(&self, actor: Actor, batch: BatchId, reason: &str) -> Result<Done<()>, Refusal> {
        let reason = require_reason(reason)?;
        let cancelled = self
            .store
            .write(actor, move |ctx| cancel(ctx, batch, reason).boxed());
        cancelled.await
    }
}

async fn prepare(keyring: &Keyring, ctx: &mut Ctx, id: BatchId) -> Result<Done<()>, Refusal> {
    let batch = load_batch(ctx, id).await?;
    if batch.state == BatchState::Prepared && batch.prepared_by.as_ref() == Some(&ctx.actor().id) {
        return Ok(Done::Already(()));
    }
    require_draft(&batch)?;
    let lines = load_lines(ctx, id).await?;
    if lines.is_empty() {
        return Err(refused("payments.no_lines", &batch.key));
    }
    require_known(keyring, ctx, id).await?;
    let (now, by) = (ctx.now(), ctx.actor().id.clone());
    ctx.execute_one(sql::PREPARE, args![id.as_uuid(), now, by])
        .await?;
    let total = total(&lines)?;
    record(
        ctx,
        &batch,
        "payments.prepared",
        Some(total),
        Vec::new(),
        json!({ "lines": lines.len() }),
    )
    .await?;
    Ok(Done::Now(()))
}

async fn approve(keyring: &Keyring, ctx: &mut Ctx, id: BatchId) -> Result<Done<BatchState>, Refusal> {
    let batch = load_batch(ctx, id).await?;
    let me = ctx.actor().id.clone();
    let approvals = people(ctx, sql::APPROVALS, "approved_by", id).await?;
    if approvals.contains(&me) {
        return Ok(Done::Already(batch.state));
    }
    if batch.state != BatchState::Prepared {
        return Err(refused("payments.not_prepared", &batch.key).value(batch.state.as_str()));
    }
    let mut hands = people(ctx, sql::ADDERS, "added_by", id).await?;
    hands.extend([batch.made_by.clone()]);
    hands.extend(batch.prepared_by.clone());
    if hands.contains(&me) {
        return Err(refused("payments.own_batch", &batch.key).value(&me));
    }
    require_known(keyring, ctx, id).await?;
    let now = ctx.now();
    ctx.execute_one(sql::INSERT_APPROVAL, args![id.as_uuid(), me, now])
        .await?;
    let lines = load_lines(ctx, id).await?;
    let total = total(&lines)?;
    let count = approvals.len() + 1;
    record(
        ctx,
        &batch,
        "payments.approved",
        Some(total),
        Vec::new(),
        json!({ "approvals": count }),
    )
    .await?;
    if count < APPROVALS {
        return Ok(Done::Now(BatchState::Prepared));
    }
    ctx.execute_one(sql::APPROVE, args![id.as_uuid(), now]).await?;
    hold(ctx, lines).await?;
    Ok(Done::Now(BatchState::Approved))
}

/// Holds the money of every payment.
async fn hold(ctx: &mut Ctx, lines: Vec<LineRow>) -> Result<(), Refusal> {
    let mut acts = Vec::with_capacity(lines.len());
    let mut changed = Vec::with_capacity(lines.len());
    for mut line in lines {
        let mut standing = standing_of(&line);
        acts.push(standing.hold(&[])?);
        (line.hold, line.acts) = (standing.hold, standing.acts);
        changed.push(line);
    }
    take(ctx, acts).await?;
    for line in &changed {
        sql::save_line(ctx, line).await?;
    }
    Ok(())
}

async fn cancel(ctx: &mut Ctx, id: BatchId, reason: String) -> Result<Done<()>, Refusal> {
    let batch = load_batch(ctx, id).await?;
    if batch.state == BatchState::Cancelled && batch.cancel_reason.as_ref() == Some(&reason) {
        return Ok(Done::Already(()));
    }
    match (batch.state, batch.method) {
        (BatchState::Cancelled, _) => return Err(refused("payments.cancelled", &batch.key)),
        (BatchState::Out, Method::Bank) => return Err(refused("payments.file_is_out", &batch.key)),
        _ => {}
    }
    let (mut acts, mut freed): (Vec<Act>, Vec<LineRow>) = (Vec::new(), Vec::new());
    for mut line in load_lines(ctx, id).await? {
        if line.state != LineState::Waiting {
            continue;
        }
        let mut standing = standing_of(&line);
        acts.extend(standing.void());
        (line.hold, line.state) = (None, LineState::Cancelled);
        freed.push(line);
    }
    take(ctx, acts).await?;
    for line in &freed {
        sql::save_line(ctx, line).await?;
    }
    let (now, by) = (ctx.now(), ctx.actor().id.clone());
    ctx.execute_one(sql::CANCEL, args![id.as_uuid(), now, by, &reason])
        .await?;
    let body = json!({ "reason": reason, "lines": freed.len() });
    record(
        ctx,
        &batch,
        "payments.cancelled",
        Some(total(&freed)?),
        Vec::new(),
        body,
    )
    .await?;
    Ok(Done::Now(()))
}

fn total(lines: &[LineRow]) -> Result<Money, Refusal> {
    Money::try_sum(lines.iter().map(|line| line.amount))
}
