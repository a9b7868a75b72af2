//! Money that is handed out, in cash or by an agent: each payment against a receipt and before a witness.

use std::collections::BTreeMap;

use futures::FutureExt as _;
use jiff::civil::Date;
use kernel::{Actor, Done, Fault, Refusal};
use serde_json::json;
use store::{Ctx, Evidence, args};

use super::change::{bring_up_to_date, record};
use super::desk::Payments;
use super::files::go_out;
use super::model::{BatchState, LineId, LineState, MatchedBy, Method, Says, Source};
use super::repo::{self as sql, BatchRow, LineRow, SayingRow, insert_saying, load_batch, load_line};
use super::rules::{content, refused, require_text};

/// How a payment was handed out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The number on the receipt; at most 140 characters.
    pub number: String,
    /// The receipt itself, photographed or scanned: a document of the store.
    pub document_sha256: String,
    /// On which day.
    pub paid_on: Date,
    /// The id of the user who was there; another than the one who records it.
    pub witness: String,
}

impl Payments {
    /// Records that a payment of an approved batch was handed out: it is posted in the books.
    ///
    /// # Errors
    /// `payments.bad_text`, `payments.own_witness`, `store.document_missing`, `payments.no_such_line`,
    /// `payments.paid_by_bank`, `payments.not_approved`, `payments.cancelled`, `payments.handed_out_already` for another
    /// receipt of the same payment, `payments.receipt_used`, `payments.future_day`; what the books refuse; what the
    /// store gives.
    pub async fn hand_out(&self, actor: Actor, line: LineId, receipt: Receipt) -> Result<Done<()>, Refusal> {
        require_text("receipt", &receipt.number)?;
        if receipt.witness == actor.id {
            return Err(refused("payments.own_witness", "witness").value(&receipt.witness));
        }
        let documents = self.store.documents();
        if !documents.exists(&receipt.document_sha256).await? {
            let missing = Refusal::new("store.document_missing", Fault::Missing);
            return Err(missing.fact("sha256", &receipt.document_sha256));
        }
        let mut saying = self.blank(&receipt.document_sha256, Source::Receipt, Says::Paid);
        saying.line = Some((line, MatchedBy::Person));
        saying.booked_on = Some(receipt.paid_on.to_string());
        saying.bank_reference = Some(receipt.number.clone());
        saying.witness = Some(receipt.witness.clone());
        saying.said_sha256 = content(&["receipt", &line.to_string(), &receipt.number]);
        let closed = self.closed_through().await?;
        let first_open = closed.and_then(|last| last.tomorrow().ok());
        let handed = self.store.write(actor, move |ctx| {
            async move { hand_out(ctx, line, receipt, saying, first_open).await }.boxed()
        });
        handed.await
    }
}

async fn hand_out(
    ctx: &mut Ctx,
    id: LineId,
    receipt: Receipt,
    mut saying: SayingRow,
    first_open: Option<Date>,
) -> Result<Done<()>, Refusal> {
    let line = load_line(ctx, id).await?;
    let batch = load_batch(ctx, line.batch).await?;
    if batch.method == Method::Bank {
        return Err(refused("payments.paid_by_bank", &batch.key));
    }
    if ctx
        .row(sql::SAID_BEFORE, args![&saying.said_sha256])
        .await?
        .is_some()
    {
        return Ok(Done::Already(()));
    }
    require_to_hand_out(&batch, &line)?;
    if receipt.paid_on > ctx.today() {
        return Err(refused("payments.future_day", "paid_on").value(receipt.paid_on));
    }
    if ctx
        .row(sql::RECEIPT_USED, args![&receipt.number, batch.id.as_uuid()])
        .await?
        .is_some()
    {
        return Err(refused("payments.receipt_used", &batch.key).value(&receipt.number));
    }
    if batch.state == BatchState::Approved {
        go_out(ctx, &batch, None).await?;
    }
    saying.amount = Some(line.amount);
    insert_saying(ctx, &saying).await?;
    let day = first_open.map_or(receipt.paid_on, |first| receipt.paid_on.max(first));
    let document = Evidence::Document {
        sha256: receipt.document_sha256,
    };
    let evidence = [document];
    bring_up_to_date(ctx, &BTreeMap::from([(id, day)]), &evidence).await?;
    let body = json!({
        "line": id, "receipt": receipt.number, "witness": receipt.witness, "paid_on": receipt.paid_on.to_string(),
    });
    record(
        ctx,
        &batch,
        "payments.handed_out",
        Some(line.amount),
        evidence.to_vec(),
        body,
    )
    .await?;
    Ok(Done::Now(()))
}

fn require_to_hand_out(batch: &BatchRow, line: &LineRow) -> Result<(), Refusal> {
    match (batch.state, line.state) {
        (BatchState::Cancelled, _) | (_, LineState::Cancelled) => {
            Err(refused("payments.cancelled", &batch.key))
        }
        (BatchState::Draft | BatchState::Prepared, _) => {
            Err(refused("payments.not_approved", &batch.key).value(batch.state.as_str()))
        }
        (_, LineState::Waiting) => Ok(()),
        (_, state) => Err(refused("payments.handed_out_already", &batch.key).value(state.as_str())),
    }
}
