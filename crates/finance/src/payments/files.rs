//! The file to the bank: made from what was approved, read back, and let out once.
//!
//! It holds names and account numbers in clear, so it is handed to whoever asked and not kept: the database knows its
//! SHA-256. The same batch makes the same bytes at any time, so the file can be fetched again and is checked against that.

use futures::FutureExt as _;
use kernel::{Actor, Currency, Done, Fault, Refusal};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use store::{Ctx, Keyring, Row, args};

use super::answers::evidence;
use super::change::record;
use super::desk::Payments;
use super::model::{BatchId, BatchState, LineId, Method};
use super::payees::require_known;
use super::repo::{self as sql, BatchRow, load_batch, money, no_such_batch};
use super::rules::{account_owner, payee_owner, payer_owner, reference, refused};
use crate::bank::{Amount, BankMessage, Decimal, Initiation, Party, Transfer, read_message};

/// A file for a bank.
#[derive(Clone, PartialEq, Eq)]
pub struct BankFile {
    /// A name for it, e.g. `FP….pain.001.xml`.
    pub name: String,
    /// The message.
    pub bytes: Vec<u8>,
    /// The SHA-256 of its bytes.
    pub sha256: String,
}

impl Payments {
    /// The file of an approved batch, which is out from now on. `Already` gives the same bytes again.
    ///
    /// # Errors
    /// `payments.no_such_batch`, `payments.no_file`, `payments.not_approved`, `payments.cancelled`,
    /// `payments.payee_in_question`; `payments.file_differs` where what was written is not what was approved; `store.secret_unreadable`; what the
    /// store gives.
    pub async fn write_file(&self, actor: Actor, id: BatchId) -> Result<Done<BankFile>, Refusal> {
        let order = self.order_of(id).await?;
        let bytes = order.to_xml()?;
        require_as_ordered(&order, &bytes)?;
        let file = BankFile {
            name: format!("{}.pain.001.xml", order.message_id),
            sha256: hex::encode(Sha256::digest(&bytes)),
            bytes,
        };
        let (keyring, sha256) = (self.keyring.clone(), file.sha256.clone());
        let out = self.store.write(actor, move |ctx| {
            async move { let_out(&keyring, ctx, id, sha256).await }.boxed()
        });
        Ok(out.await?.map(|()| file))
    }

    /// What a bank is asked to pay for a batch.
    async fn order_of(&self, id: BatchId) -> Result<Initiation, Refusal> {
        let mut reader = self.store.read().await?;
        let row = reader.row(sql::BATCH, args![id.as_uuid()]).await?;
        let batch = BatchRow::from_row(&row.ok_or_else(|| no_such_batch(id))?)?;
        let (Some(sealed), Some(bank)) = (&batch.payer_sealed, &batch.payer_bank) else {
            return Err(refused("payments.no_file", &batch.key));
        };
        require_approved(&batch)?;
        let approved_at = batch
            .approved_at
            .ok_or_else(|| refused("payments.not_approved", &batch.key))?;
        let rows = reader.rows(sql::LINES, args![id.as_uuid()]).await?;
        Ok(Initiation {
            message_id: reference(id.as_uuid()),
            created_at: approved_at,
            execute_on: batch.execute_on.parse().map_err(|error| {
                Refusal::broken("store.bad_column", &error).at("payment_batches.execute_on")
            })?,
            debtor: Party {
                name: batch.payer_name.clone(),
                account: self.unseal(sealed, &payer_owner(id))?.parse()?,
                bank: bank.parse()?,
            },
            transfers: rows
                .iter()
                .map(|row| self.transfer_of(row))
                .collect::<Result<_, _>>()?,
        })
    }

    fn transfer_of(&self, row: &Row) -> Result<Transfer, Refusal> {
        let id: LineId = row.text("id")?.parse()?;
        Ok(Transfer {
            end_to_end_id: row.text("reference")?,
            amount: money(row, "amount_fen")?,
            creditor: Party {
                name: self.unseal(&row.text("payee_sealed")?, &payee_owner(id))?,
                account: self
                    .unseal(&row.text("account_sealed")?, &account_owner(id))?
                    .parse()?,
                bank: row.text("bank_code")?.parse()?,
            },
            purpose: row.text("purpose")?.parse()?,
            remittance: row.text("remittance")?,
        })
    }
}

/// What a bank would read in the file is what was ordered: each payment by its reference, amount and account.
fn require_as_ordered(order: &Initiation, bytes: &[u8]) -> Result<(), Refusal> {
    let differs = || Refusal::new("payments.file_differs", Fault::Broken).value(&order.message_id);
    let BankMessage::Initiation(copy) = read_message(bytes)? else {
        return Err(differs());
    };
    let ordered = order.transfers.iter().map(|transfer| {
        let number = Decimal::from_money(transfer.amount);
        let amount = Amount {
            number,
            currency: Currency::CNY,
        };
        (
            transfer.end_to_end_id.as_str(),
            amount,
            Some(transfer.creditor.account.reveal()),
        )
    });
    let written = copy
        .instructions
        .iter()
        .flat_map(|instruction| &instruction.transfers);
    let written = written.map(|transfer| {
        let account = transfer.creditor_account.as_deref();
        (transfer.end_to_end_id.as_str(), transfer.amount, account)
    });
    if copy.message_id == order.message_id && ordered.eq(written) {
        return Ok(());
    }
    Err(differs())
}

fn require_approved(batch: &BatchRow) -> Result<(), Refusal> {
    match batch.state {
        BatchState::Approved | BatchState::Out => Ok(()),
        BatchState::Cancelled => Err(refused("payments.cancelled", &batch.key)),
        BatchState::Draft | BatchState::Prepared => {
            Err(refused("payments.not_approved", &batch.key).value(batch.state.as_str()))
        }
    }
}

async fn let_out(keyring: &Keyring, ctx: &mut Ctx, id: BatchId, sha256: String) -> Result<Done<()>, Refusal> {
    let batch = load_batch(ctx, id).await?;
    require_approved(&batch)?;
    if let Some(before) = &batch.file_sha256 {
        if *before == sha256 {
            return Ok(Done::Already(()));
        }
        return Err(Refusal::new("payments.file_differs", Fault::Broken).value(&batch.key));
    }
    require_known(keyring, ctx, id).await?;
    go_out(ctx, &batch, Some(&sha256)).await?;
    let found = vec![evidence("pain.001", &sha256)];
    record(ctx, &batch, "payments.file_written", None, found, json!({})).await?;
    Ok(Done::Now(()))
}

/// The batch is out: by its file, or by its first payment that was handed out.
pub(super) async fn go_out(ctx: &mut Ctx, batch: &BatchRow, file: Option<&str>) -> Result<(), Refusal> {
    debug_assert_eq!(
        file.is_some(),
        batch.method == Method::Bank,
        "only a bank gets a file"
    );
    let (now, by) = (ctx.now(), ctx.actor().id.clone());
    ctx.execute_one(sql::GO_OUT, args![batch.id.as_uuid(), now, by, file])
        .await
}
