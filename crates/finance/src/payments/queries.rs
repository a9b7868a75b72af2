//! Questions about payments, each answered from one snapshot; names and account numbers masked.

use kernel::Refusal;
use people::staff::PlaceFilter;
use serde::Serialize;
use store::{Reader, Row, Store, args};

use super::BatchState;
use super::model::{Batch, BatchId, Line, LineId, LineState, Method};
use super::repo::{self as sql, instant, money, no_such_batch, place};

/// The most rows of a page.
pub(super) const PAGE_MAX: i64 = 500;

/// A batch with its payments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BatchWithLines {
    /// The batch.
    #[serde(flatten)]
    pub batch: Batch,
    /// Who added payments to it.
    pub filled_by: Vec<String>,
    /// Its payments, in their order.
    pub payments: Vec<Line>,
}

impl BatchWithLines {
    /// Whether someone opened, filled or prepared it, and so does not approve it.
    pub fn is_by(&self, user: &str) -> bool {
        let hands = self.filled_by.iter().chain(&self.batch.prepared_by);
        hands.chain([&self.batch.made_by]).any(|hand| hand == user)
    }
}

/// A batch with its payments.
///
/// # Errors
/// `payments.no_such_batch`; what the store gives.
pub async fn by_id(store: &Store, id: BatchId) -> Result<BatchWithLines, Refusal> {
    let mut reader = store.read().await?;
    let row = reader.row(sql::BATCH, args![id.as_uuid()]).await?;
    let row = row.ok_or_else(|| no_such_batch(id))?;
    let sums = reader.row(sql::BATCH_SUMS, args![id.as_uuid()]).await?;
    let batch = batch(&mut reader, &row, sums.as_ref().unwrap_or(&row)).await?;
    let fillers = reader.rows(sql::ADDERS, args![id.as_uuid()]).await?;
    let lines = reader.rows(sql::LINES, args![id.as_uuid()]).await?;
    Ok(BatchWithLines {
        batch,
        filled_by: fillers
            .iter()
            .map(|row| row.text("added_by"))
            .collect::<Result<_, _>>()?,
        payments: lines.iter().map(line).collect::<Result<_, _>>()?,
    })
}

/// The batch that was opened under a key; none where there is none.
///
/// # Errors
/// What the store gives.
pub async fn id_by_key(store: &Store, key: &str) -> Result<Option<BatchId>, Refusal> {
    let row = store.read().await?.row(sql::BATCH_BY_KEY, args![key]).await?;
    row.map(|row| row.text("id")?.parse()).transpose()
}

/// The batch that a payment belongs to.
///
/// # Errors
/// `payments.no_such_line`; what the store gives.
pub async fn batch_of_line(store: &Store, id: LineId) -> Result<BatchWithLines, Refusal> {
    let row = store.read().await?.row(sql::LINE, args![id.as_uuid()]).await?;
    let row = row.ok_or_else(|| sql::no_such_line(id))?;
    by_id(store, row.text("batch_id")?.parse()?).await
}

/// Batches after one, oldest first, of the places that may be seen; a batch of the whole country is seen by those who
/// see all places.
///
/// # Errors
/// What the store gives.
pub async fn page(
    store: &Store,
    seen: &PlaceFilter,
    after: Option<BatchId>,
    limit: i64,
) -> Result<Vec<Batch>, Refusal> {
    let mut reader = store.read().await?;
    let after = after.map(|id| id.to_string()).unwrap_or_default();
    let rows = reader
        .rows(sql::BATCHES_AFTER, args![after, limit.clamp(1, PAGE_MAX)])
        .await?;
    let mut batches = Vec::new();
    for row in &rows {
        if is_seen(row, seen)? {
            batches.push(batch(&mut reader, row, row).await?);
        }
    }
    Ok(batches)
}

/// Batches before one, the newest first, of the places that may be seen; as [`page`], but as many as are asked for where
/// there are so many.
///
/// # Errors
/// What the store gives.
pub async fn newest(
    store: &Store,
    seen: &PlaceFilter,
    before: Option<BatchId>,
    limit: usize,
) -> Result<Vec<Batch>, Refusal> {
    let mut reader = store.read().await?;
    // Ids are hexadecimal digits and hyphens, so this is after every one of them.
    let mut before = before.map_or_else(|| "g".to_owned(), |id| id.to_string());
    let mut batches = Vec::new();
    loop {
        let rows = reader.rows(sql::BATCHES_BEFORE, args![&before, PAGE_MAX]).await?;
        let Some(last) = rows.last() else {
            return Ok(batches);
        };
        before = last.text("id")?;
        for row in &rows {
            if !is_seen(row, seen)? {
                continue;
            }
            batches.push(batch(&mut reader, row, row).await?);
            if batches.len() == limit {
                return Ok(batches);
            }
        }
    }
}

fn is_seen(row: &Row, seen: &PlaceFilter) -> Result<bool, Refusal> {
    Ok(match place(row)? {
        Some(place) => seen.covers(place),
        None => *seen == PlaceFilter::All,
    })
}

async fn batch(reader: &mut Reader, row: &Row, sums: &Row) -> Result<Batch, Refusal> {
    let id: BatchId = row.text("id")?.parse()?;
    let approvals = reader.rows(sql::APPROVALS, args![id.as_uuid()]).await?;
    Ok(Batch {
        id,
        key: row.text("key")?,
        method: Method::stored(&row.text("method")?)?,
        place: place(row)?,
        source: row.text("source_account")?.parse()?,
        execute_on: row
            .text("execute_on")?
            .parse()
            .map_err(|error| Refusal::broken("store.bad_column", &error).at("payment_batches.execute_on"))?,
        payer_name: row.text("payer_name")?,
        payer_account: row.opt_text("payer_masked")?,
        state: BatchState::stored(&row.text("state")?)?,
        made_at: row.instant("made_at")?,
        made_by: row.text("made_by")?,
        prepared_by: row.opt_text("prepared_by")?,
        approved_by: approvals
            .iter()
            .map(|row| row.text("approved_by"))
            .collect::<Result<_, _>>()?,
        approved_at: instant(row, "approved_at")?,
        file_sha256: row.opt_text("file_sha256")?,
        cancel_reason: row.opt_text("cancel_reason")?,
        lines: sums.int("lines")?,
        total: money(sums, "total_fen")?,
        paid: money(sums, "kept_fen")?,
    })
}

fn line(row: &Row) -> Result<Line, Refusal> {
    Ok(Line {
        id: row.text("id")?.parse()?,
        batch: row.text("batch_id")?.parse()?,
        number: row.int("line_no")?,
        key: row.text("key")?,
        reference: row.text("reference")?,
        payee: row.text("payee_masked")?,
        account: row.opt_text("account_masked")?,
        bank: row.opt_text("bank_code")?,
        amount: money(row, "amount_fen")?,
        purpose: row.text("purpose")?.parse()?,
        remittance: row.text("remittance")?,
        charge: row.text("book_account")?.parse()?,
        state: LineState::stored(&row.text("state")?)?,
        trouble: row.opt_text("trouble")?,
        paid: money(row, "paid_fen")?,
        returned: money(row, "returned_fen")?,
    })
}
