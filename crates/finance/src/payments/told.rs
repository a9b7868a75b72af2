//! What was said of payments, as people read it: of one payment, by one file, and what waits for a person.

use books::EntryNo;
use jiff::Timestamp;
use kernel::{Money, Refusal};
use serde::Serialize;
use store::{Row, Store, args};

use super::model::{LineId, MatchedBy, SayingId, Says, Source};
use super::queries::PAGE_MAX;
use super::repo as sql;

/// One thing that was said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Saying {
    /// Its id.
    pub id: SayingId,
    /// Who said it.
    pub source: Source,
    /// What.
    pub says: Says,
    /// The bank's code.
    pub code: Option<String>,
    /// The bank's words.
    pub text: String,
    /// The reference it names.
    pub reference: Option<String>,
    /// The account it names, masked.
    pub account: Option<String>,
    /// How much.
    #[serde(rename = "amount_fen")]
    pub amount: Option<Money>,
    /// When it was booked, or handed out.
    pub booked_on: Option<String>,
    /// What the bank books it under, or the number of the receipt.
    pub bank_reference: Option<String>,
    /// Who was there when it was handed out.
    pub witness: Option<String>,
    /// The SHA-256 of the file it came in.
    pub file_sha256: String,
    /// When it was taken in.
    pub taken_at: Timestamp,
    /// The payment it is about.
    pub line: Option<LineId>,
    /// By what it was given to that payment.
    pub matched_by: Option<MatchedBy>,
    /// Why it was not, by its code.
    pub trouble: Option<String>,
    /// Why a person says that it is about no payment of ours.
    pub closed_note: Option<String>,
}

/// A file of a bank that was taken in, and what it said first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// The SHA-256 of the file.
    pub sha256: String,
    /// Which message it is, such as `pain.002`.
    pub message: String,
    /// What the bank names it by.
    pub message_id: String,
    /// What it said of payments out.
    pub said: i64,
    /// When it was taken in.
    pub taken_at: Timestamp,
    /// By whom.
    pub taken_by: String,
}

/// What was said of a payment, oldest first.
///
/// # Errors
/// What the store gives.
pub async fn sayings_of(store: &Store, line: LineId) -> Result<Vec<Saying>, Refusal> {
    let mut reader = store.read().await?;
    let rows = reader.rows(sql::TOLD_OF_LINE, args![line.as_uuid()]).await?;
    rows.iter().map(saying).collect()
}

/// Sayings that wait for a person, after one, oldest first.
///
/// # Errors
/// What the store gives.
pub async fn open_sayings(
    store: &Store,
    after: Option<SayingId>,
    limit: i64,
) -> Result<Vec<Saying>, Refusal> {
    let after = after.map(|id| id.to_string()).unwrap_or_default();
    let mut reader = store.read().await?;
    let rows = reader
        .rows(sql::OPEN_SAYINGS, args![after, limit.clamp(1, PAGE_MAX)])
        .await?;
    rows.iter().map(saying).collect()
}

/// The files that were taken in, the newest first, those before one of them or from the last.
///
/// # Errors
/// What the store gives.
pub async fn answers(store: &Store, before: Option<&str>, limit: i64) -> Result<Vec<Answer>, Refusal> {
    let mut reader = store.read().await?;
    let limit = limit.clamp(1, PAGE_MAX);
    let rows = match before {
        None => reader.rows(sql::ANSWERS, args![limit]).await?,
        Some(sha256) => reader.rows(sql::ANSWERS_BEFORE, args![sha256, limit]).await?,
    };
    rows.iter().map(answer_from).collect()
}

/// A file that was taken in, with what it was the first to say; none where there is no such file.
///
/// # Errors
/// What the store gives.
pub async fn answer(store: &Store, sha256: &str) -> Result<Option<(Answer, Vec<Saying>)>, Refusal> {
    let mut reader = store.read().await?;
    let Some(row) = reader.row(sql::ANSWER, args![sha256]).await? else {
        return Ok(None);
    };
    let rows = reader.rows(sql::TOLD_BY_FILE, args![sha256, PAGE_MAX]).await?;
    let sayings = rows.iter().map(saying).collect::<Result<_, _>>()?;
    Ok(Some((answer_from(&row)?, sayings)))
}

/// The entries of the books that a payment came to, in their order.
///
/// # Errors
/// `payments.no_such_line`; what the store gives.
pub async fn entries_of(store: &Store, line: LineId) -> Result<Vec<EntryNo>, Refusal> {
    let mut reader = store.read().await?;
    let row = reader.row(sql::LINE, args![line.as_uuid()]).await?;
    let acts = row.ok_or_else(|| sql::no_such_line(line))?.int("acts")?;
    let mut entries = Vec::new();
    for act in 1..=acts {
        let key = format!("{}:{act}", super::rules::book_key(line));
        entries.extend(
            books::entry_by_key(&mut reader, &key)
                .await?
                .map(|entry| entry.no),
        );
    }
    Ok(entries)
}

/// The payment that an entry or a hold of the books belongs to, by its key.
pub fn line_of_key(key: &str) -> Option<LineId> {
    let rest = key.strip_prefix("payments:")?;
    rest.split(':').next()?.parse().ok()
}

fn answer_from(row: &Row) -> Result<Answer, Refusal> {
    Ok(Answer {
        sha256: row.text("sha256")?,
        message: row.text("message")?,
        message_id: row.text("message_id")?,
        said: row.int("said")?,
        taken_at: row.instant("taken_at")?,
        taken_by: row.text("taken_by")?,
    })
}

fn saying(row: &Row) -> Result<Saying, Refusal> {
    let matched_by = row.opt_text("matched_by")?;
    let line = row.opt_text("line_id")?;
    Ok(Saying {
        id: row.text("id")?.parse()?,
        source: Source::stored(&row.text("source")?)?,
        says: Says::stored(&row.text("says")?)?,
        code: row.opt_text("code")?,
        text: row.text("text")?,
        reference: row.opt_text("reference")?,
        account: row.opt_text("account_masked")?,
        amount: row.opt_int("amount_fen")?.map(Money::from_fen),
        booked_on: row.opt_text("booked_on")?,
        bank_reference: row.opt_text("bank_reference")?,
        witness: row.opt_text("witness")?,
        file_sha256: row.text("file_sha256")?,
        taken_at: row.instant("taken_at")?,
        line: line.map(|id| id.parse()).transpose()?,
        matched_by: matched_by.map(|by| MatchedBy::stored(&by)).transpose()?,
        trouble: row.opt_text("trouble")?,
        closed_note: row.opt_text("closed_note")?,
    })
}
