//! The books, read: accounts with their balances, entries, closed periods.

use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{Fault, Money, Refusal};
use serde::Serialize;
use store::{Evidence, Reader, Row, args};

use crate::chart::{AccountCode, Owner};
use crate::load;
use crate::model::{EntryNo, HoldNo, Leg};
use crate::periods::ClosedPeriod;
use crate::repo as sql;
use crate::rules::Sums;

/// An account as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Account {
    /// Its name in the chart.
    pub code: AccountCode,
    /// Whose it is.
    pub owner: Owner,
    /// What it is called in Chinese.
    pub name_zh: String,
    /// What it is called in English.
    pub name_en: String,
    /// Whether it may never go below zero.
    pub floor: bool,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// All debits, in fen.
    #[serde(rename = "debit_fen")]
    pub debit: Money,
    /// All credits, in fen.
    #[serde(rename = "credit_fen")]
    pub credit: Money,
    /// Debits less credits, in fen; the other way round where credits make it grow.
    #[serde(rename = "balance_fen")]
    pub balance: Money,
    /// What is reserved of the balance, in fen.
    #[serde(rename = "held_fen")]
    pub held: Money,
    /// What may be taken away, in fen: the balance less what is held.
    #[serde(rename = "available_fen")]
    pub available: Money,
}

impl Account {
    fn from_row(row: &Row) -> Result<Self, Refusal> {
        let code: AccountCode = row.text("code")?.parse()?;
        let sums = load::sums(row)?;
        let owner = format!("{}:{}", row.text("owner_kind")?, row.text("owner_id")?);
        let closed_at = row.opt_int("closed_at")?;
        Ok(Self {
            owner: owner.parse()?,
            name_zh: row.text("name_zh")?,
            name_en: row.text("name_en")?,
            floor: row.int("floor")? == 1,
            opened_at: row.instant("opened_at")?,
            closed_at: closed_at.map(|_| row.instant("closed_at")).transpose()?,
            debit: Money::from_fen(sums.debit),
            credit: Money::from_fen(sums.credit),
            balance: Money::from_fen(sums.balance(code.kind())),
            held: Money::from_fen(sums.held(code.kind())),
            available: available(sums, &code)?,
            code,
        })
    }
}

fn available(sums: Sums, code: &AccountCode) -> Result<Money, Refusal> {
    let fen = i64::try_from(sums.available(code.kind()));
    fen.map(Money::from_fen)
        .map_err(|_| Refusal::new("kernel.money_overflow", Fault::Refused).value(code))
}

/// Accounts by code, those after one or from the first.
///
/// # Errors
/// What the store gives.
pub async fn accounts_page(
    reader: &mut Reader,
    after: Option<&AccountCode>,
    limit: i64,
) -> Result<Vec<Account>, Refusal> {
    let after = after.map_or("", AccountCode::as_str);
    let rows = reader.rows(sql::ACCOUNTS_AFTER, args![after, limit]).await?;
    rows.iter().map(Account::from_row).collect()
}

/// The accounts of an owner by code, those after one or from the first.
///
/// # Errors
/// What the store gives.
pub async fn accounts_of(
    reader: &mut Reader,
    owner: &Owner,
    after: Option<&AccountCode>,
    limit: i64,
) -> Result<Vec<Account>, Refusal> {
    let after = after.map_or("", AccountCode::as_str);
    let args = args![owner.kind.as_str(), &owner.id, after, limit];
    let rows = reader.rows(sql::ACCOUNTS_OF, args).await?;
    rows.iter().map(Account::from_row).collect()
}

/// One account.
///
/// # Errors
/// `books.no_such_account`; what the store gives.
pub async fn account(reader: &mut Reader, code: &AccountCode) -> Result<Account, Refusal> {
    let row = reader.row(sql::ACCOUNT_BALANCE, args![code]).await?;
    let none = || Refusal::new("books.no_such_account", Fault::Missing).value(code);
    Account::from_row(&row.ok_or_else(none)?)
}

/// An entry of the books.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PostedEntry {
    /// Its number.
    pub no: EntryNo,
    /// Its key.
    pub key: String,
    /// The business day on which it takes effect.
    pub effective_on: Date,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// By whom.
    pub recorded_by: String,
    /// What it is for.
    pub memo: String,
    /// What proves it.
    pub evidence: Vec<Evidence>,
    /// The entry that it takes back.
    pub reverses: Option<EntryNo>,
    /// The hold that it posts.
    pub hold: Option<HoldNo>,
    /// Its hash.
    pub sha256: String,
    /// The fact of the journal that tells of it.
    pub fact_id: String,
    /// Its legs, in their order.
    pub legs: Vec<Leg>,
}

/// Entries by number, those after one, at most `limit` of them.
///
/// # Errors
/// What the store gives.
pub async fn entries_page(
    reader: &mut Reader,
    after: Option<EntryNo>,
    limit: i64,
) -> Result<Vec<PostedEntry>, Refusal> {
    let after = after.map_or(0, EntryNo::number);
    let rows = reader.rows(sql::ENTRIES_AFTER, args![after, limit]).await?;
    let Some(last) = rows.last() else {
        return Ok(Vec::new());
    };
    let legs = reader
        .rows(sql::LEGS_BETWEEN, args![after, last.int("no")?])
        .await?;
    let mut legs = legs.iter().peekable();
    let mut entries = Vec::with_capacity(rows.len());
    for row in &rows {
        let no = row.int("no")?;
        let mut own = Vec::new();
        while let Some(leg) = legs.next_if(|leg| leg.int("parent") == Ok(no)) {
            own.push(load::leg(leg)?);
        }
        entries.push(posted(row, own)?);
    }
    Ok(entries)
}

/// One entry.
///
/// # Errors
/// `books.no_such_entry`; what the store gives.
pub async fn entry(reader: &mut Reader, no: EntryNo) -> Result<PostedEntry, Refusal> {
    let before = EntryNo(no.number() - 1);
    let found = entries_page(reader, Some(before), 1).await?.pop();
    let found = found.filter(|entry| entry.no == no);
    found.ok_or_else(|| Refusal::new("books.no_such_entry", Fault::Missing).value(no))
}

/// Entries by number, the newest first: those before one, or from the last. As numbers have no gaps, a page is read forwards
/// from where it ends.
///
/// # Errors
/// What the store gives.
pub async fn entries_before(
    reader: &mut Reader,
    before: Option<EntryNo>,
    limit: i64,
) -> Result<Vec<PostedEntry>, Refusal> {
    let last = match before {
        Some(no) => no.number() - 1,
        None => last_entry(reader).await?,
    };
    let after = EntryNo((last - limit).max(0));
    let mut entries = entries_page(reader, Some(after), last - after.number()).await?;
    entries.reverse();
    Ok(entries)
}

/// The number of the newest entry; nought where there is none.
pub(crate) async fn last_entry(reader: &mut Reader) -> Result<i64, Refusal> {
    let row = reader.row(sql::LAST_ENTRY, args![]).await?;
    row.map_or(Ok(0), |row| row.int("last"))
}

/// The entry that takes an entry back.
///
/// # Errors
/// What the store gives.
pub async fn reversal_of(reader: &mut Reader, no: EntryNo) -> Result<Option<EntryNo>, Refusal> {
    let row = reader.row(sql::REVERSAL_OF, args![no.number()]).await?;
    row.map(|row| row.int("no").map(EntryNo)).transpose()
}

/// The entry that was posted under a key.
///
/// # Errors
/// What the store gives.
pub async fn entry_by_key(reader: &mut Reader, key: &str) -> Result<Option<PostedEntry>, Refusal> {
    let Some(row) = reader.row(sql::ENTRY_NO, args![key]).await? else {
        return Ok(None);
    };
    entry(reader, EntryNo(row.int("no")?)).await.map(Some)
}

fn posted(row: &Row, legs: Vec<Leg>) -> Result<PostedEntry, Refusal> {
    let entry = load::entry(row, legs)?;
    let evidence = serde_json::from_str(&entry.evidence)
        .map_err(|error| Refusal::broken("store.bad_json", &error).at("book_entries.evidence"))?;
    Ok(PostedEntry {
        no: EntryNo(row.int("no")?),
        key: entry.key,
        effective_on: entry.effective_on,
        recorded_at: row.instant("recorded_at")?,
        recorded_by: row.text("recorded_by")?,
        memo: entry.memo,
        evidence,
        reverses: entry.reverses.map(EntryNo),
        hold: entry.hold_no.map(HoldNo),
        sha256: row.text("sha256")?,
        fact_id: row.text("fact_id")?,
        legs: entry.legs,
    })
}

/// The closed periods, the first one first.
///
/// # Errors
/// What the store gives.
pub async fn closed_periods(reader: &mut Reader) -> Result<Vec<ClosedPeriod>, Refusal> {
    let rows = reader.rows(sql::PERIODS, args![]).await?;
    rows.iter().map(ClosedPeriod::from_row).collect()
}
