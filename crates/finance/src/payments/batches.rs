//! Opening and filling a batch: what names a person is sealed before it reaches the database.

use futures::FutureExt as _;
use kernel::{Actor, Done, Fault, Money, Refusal};
use serde_json::json;
use store::{Ctx, Fact, args};

use super::change::record;
use super::desk::Payments;
use super::model::{BatchId, BatchState, LineId, Method, NewBatch, NewLine, Payer, mask_name};
use super::repo::{self as sql, BatchRow, load_batch, load_lines};
use super::rules::{
    account_owner, content, payee_owner, payer_owner, reference, refused, require_key, require_text,
};

/// The most payments of a batch: as many as are held in the books by one command.
pub const LINES_MAX: usize = 5_000;

/// A batch as it is kept: the payer's account number is sealed.
struct SealedBatch {
    id: BatchId,
    new: NewBatch,
    name: String,
    code: Option<String>,
    sealed: Option<String>,
    masked: Option<String>,
    mark: Option<String>,
    content_sha256: String,
}

/// A line as it is kept: what names a person is sealed.
struct SealedLine {
    id: LineId,
    new: NewLine,
    payee_sealed: String,
    account_sealed: Option<String>,
    account_mark: Option<String>,
    content_sha256: String,
}

impl Payments {
    /// Opens a batch. The same key with the same content is the same batch.
    ///
    /// # Errors
    /// `payments.bad_key`, `payments.bad_text`, `payments.payer_of_another_method`, `payments.key_taken`; what the
    /// keyring and the store give.
    pub async fn open_batch(&self, actor: Actor, new: NewBatch) -> Result<Done<BatchId>, Refusal> {
        require_key(&new.key)?;
        let id = BatchId::from_uuid(self.ids.next());
        let (name, bank) = match (&new.payer, new.method) {
            (Payer::Bank(party), Method::Bank) => (party.name.clone(), Some(party)),
            (Payer::Hands { name }, Method::Cash | Method::Agent) => (name.clone(), None),
            _ => return Err(refused("payments.payer_of_another_method", &new.key).value(new.method.as_str())),
        };
        require_text("payer", &name)?;
        let number = bank.map(|party| party.account.reveal());
        let mark = number.map(|number| self.account_mark(number));
        let sealed = number
            .map(|number| self.seal(number, &payer_owner(id)))
            .transpose()?;
        let masked = bank.map(|party| party.account.masked());
        let code = bank.map(|party| party.bank.to_string());
        let content = content(&[
            new.method.as_str(),
            &new.place.map(|place| place.to_string()).unwrap_or_default(),
            new.source.as_str(),
            &new.execute_on.to_string(),
            &name,
            code.as_deref().unwrap_or_default(),
            mark.as_deref().unwrap_or_default(),
        ]);
        let batch = SealedBatch {
            id,
            new,
            name,
            code,
            sealed,
            masked,
            mark,
            content_sha256: content,
        };
        let opened = self.store.write(actor, move |ctx| open(ctx, batch).boxed());
        opened.await
    }

    /// Adds payments to a draft, all of them or none. One that is there already under its key with the same content is
    /// not added again. Answers how many were added.
    ///
    /// # Errors
    /// The first that is broken, naming the line from 1: `payments.bad_key`, `payments.bad_text`,
    /// `payments.amount_not_positive`, `payments.account_missing`, `payments.account_not_taken`,
    /// `payments.same_account`, `payments.no_such_batch`, `payments.not_a_draft`, `payments.key_taken`,
    /// `payments.too_many_lines`; what the keyring and the store give.
    pub async fn add_lines(
        &self,
        actor: Actor,
        batch: BatchId,
        lines: Vec<NewLine>,
    ) -> Result<Done<usize>, Refusal> {
        let sealed: Result<Vec<SealedLine>, Refusal> = lines
            .into_iter()
            .zip(1..)
            .map(|(line, number)| self.seal_line(line, number))
            .collect();
        let sealed = sealed?;
        let added = self
            .store
            .write(actor, move |ctx| add(ctx, batch, sealed).boxed());
        added.await
    }

    fn seal_line(&self, new: NewLine, number: usize) -> Result<SealedLine, Refusal> {
        let at = |refusal: Refusal, field: &str| refusal.at(format!("{number}.{field}"));
        require_key(&new.key).map_err(|refusal| at(refusal, "key"))?;
        require_text("payee", &new.payee).map_err(|refusal| at(refusal, "payee"))?;
        if !new.remittance.is_empty() {
            require_text("remittance", &new.remittance).map_err(|refusal| at(refusal, "remittance"))?;
        }
        if new.amount <= Money::ZERO {
            let refusal = Refusal::new("payments.amount_not_positive", Fault::Refused);
            return Err(at(refusal.value(new.amount), "amount"));
        }
        let id = LineId::from_uuid(self.ids.next());
        let number = new.account.as_ref().map(|(account, _)| account.reveal());
        let account_mark = number.map(|number| self.account_mark(number));
        let bank = new.account.as_ref().map(|(_, bank)| bank.to_string());
        let content_sha256 = content(&[
            &self.keyring.mark("payee", &new.payee),
            account_mark.as_deref().unwrap_or_default(),
            bank.as_deref().unwrap_or_default(),
            &new.amount.fen().to_string(),
            new.purpose.as_str(),
            &new.remittance,
            new.charge.as_str(),
        ]);
        Ok(SealedLine {
            id,
            payee_sealed: self.seal(&new.payee, &payee_owner(id))?,
            account_sealed: number
                .map(|number| self.seal(number, &account_owner(id)))
                .transpose()?,
            account_mark,
            content_sha256,
            new,
        })
    }
}

async fn open(ctx: &mut Ctx, batch: SealedBatch) -> Result<Done<BatchId>, Refusal> {
    let (id, new) = (batch.id, batch.new);
    if let Some(row) = ctx.row(sql::BATCH_BY_KEY, args![&new.key]).await? {
        if row.text("content_sha256")? == batch.content_sha256 {
            return Ok(Done::Already(row.text("id")?.parse()?));
        }
        return Err(refused("payments.key_taken", &new.key));
    }
    let (now, by) = (ctx.now(), ctx.actor().id.clone());
    let row = args![
        id.as_uuid(),
        &new.key,
        new.method.as_str(),
        new.place,
        new.source.as_str(),
        new.execute_on,
        batch.name,
        batch.code,
        batch.sealed,
        batch.masked,
        batch.mark,
        batch.content_sha256,
        now,
        by
    ];
    ctx.execute_one(sql::INSERT_BATCH, row).await?;
    let fact = Fact {
        kind: "payments.opened",
        place: new.place,
        amount: None,
        evidence: Vec::new(),
        body: json!({ "batch": id, "key": new.key, "method": new.method.as_str(), "source": new.source }),
    };
    ctx.record(fact).await?;
    Ok(Done::Now(id))
}

async fn add(ctx: &mut Ctx, id: BatchId, lines: Vec<SealedLine>) -> Result<Done<usize>, Refusal> {
    let batch = load_batch(ctx, id).await?;
    let held = load_lines(ctx, id).await?.len();
    let (mut added, mut total) = (0_usize, Money::ZERO);
    for (line, number) in lines.iter().zip(1..) {
        let at = |code: &'static str, field: &str| {
            Refusal::new(code, Fault::Refused).at(format!("{number}.{field}"))
        };
        match (batch.method, &line.new.account) {
            (Method::Bank, None) => return Err(at("payments.account_missing", "account")),
            (Method::Cash | Method::Agent, Some(_)) => {
                return Err(at("payments.account_not_taken", "account"));
            }
            _ => {}
        }
        if line.new.charge == batch.source {
            return Err(at("payments.same_account", "charge").value(&line.new.charge));
        }
        if let Some(row) = ctx
            .row(sql::LINE_BY_KEY, args![id.as_uuid(), &line.new.key])
            .await?
        {
            if row.text("content_sha256")? == line.content_sha256 {
                continue;
            }
            return Err(at("payments.key_taken", "key").value(&line.new.key));
        }
        require_draft(&batch)?;
        added += 1;
        if held + added > LINES_MAX {
            return Err(refused("payments.too_many_lines", &batch.key).fact("max", LINES_MAX));
        }
        total = total.checked_add(line.new.amount)?;
        insert_line(ctx, id, held + added, line).await?;
    }
    if added == 0 {
        return Ok(Done::Already(0));
    }
    record(
        ctx,
        &batch,
        "payments.lines_added",
        Some(total),
        Vec::new(),
        json!({ "lines": added }),
    )
    .await?;
    Ok(Done::Now(added))
}

async fn insert_line(ctx: &mut Ctx, batch: BatchId, number: usize, line: &SealedLine) -> Result<(), Refusal> {
    let (now, by) = (ctx.now(), ctx.actor().id.clone());
    let new = &line.new;
    let row = args![
        line.id.as_uuid(),
        batch.as_uuid(),
        i64::try_from(number).unwrap_or(i64::MAX),
        &new.key,
        reference(line.id.as_uuid()),
        &line.payee_sealed,
        mask_name(&new.payee),
        new.account.as_ref().map(|(_, bank)| bank.to_string()),
        line.account_sealed.clone(),
        new.account.as_ref().map(|(account, _)| account.masked()),
        line.account_mark.clone(),
        new.amount,
        new.purpose.as_str(),
        &new.remittance,
        new.charge.as_str(),
        &line.content_sha256,
        by,
        now
    ];
    ctx.execute_one(sql::INSERT_LINE, row).await
}

/// Only a draft is changed.
pub(super) fn require_draft(batch: &BatchRow) -> Result<(), Refusal> {
    if batch.state == BatchState::Draft {
        return Ok(());
    }
    Err(refused("payments.not_a_draft", &batch.key).value(batch.state.as_str()))
}
