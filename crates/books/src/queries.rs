//! The books, read: accounts with their balances, entries, statements, trial balances. All from one snapshot.

use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{Fault, Money, Refusal};
use serde::Serialize;
use store::{Evidence, Reader, Row, ToArg as _, args};

use crate::load;
use crate::model::{AccountCode, EntryNo, HoldNo, HoldState, Leg, Owner};
use crate::periods::{ClosedPeriod, FIRST_DAY};
use crate::repo as sql;
use crate::rules::Sums;

/// After every day.
const LAST_DAY: &str = "9999-99-99";

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
    pub debit: Money,
    /// All credits, in fen.
    pub credit: Money,
    /// Debits less credits, in fen; the other way round where credits make it grow.
    pub balance: Money,
    /// What is reserved of the balance, in fen.
    pub held: Money,
    /// What may be taken away, in fen: the balance less what is held.
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

/// A hold of the books.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KeptHold {
    /// Its number.
    pub no: HoldNo,
    /// Its key.
    pub key: String,
    /// What it is for.
    pub memo: String,
    /// When it is given up by itself.
    pub expires_at: Option<Timestamp>,
    /// Where it stands.
    pub state: HoldState,
    /// Its legs, in their order.
    pub legs: Vec<Leg>,
}

/// The hold that was made under a key.
///
/// # Errors
/// What the store gives.
pub async fn hold_by_key(reader: &mut Reader, key: &str) -> Result<Option<KeptHold>, Refusal> {
    let Some(row) = reader.row(sql::HOLD, args![key]).await? else {
        return Ok(None);
    };
    let no = row.int("no")?;
    let legs = reader.rows(sql::HOLD_LEGS, args![no]).await?;
    let legs = legs.iter().map(load::leg).collect::<Result<_, _>>()?;
    let hold = load::hold(&row, legs)?;
    Ok(Some(KeptHold {
        no: HoldNo(no),
        key: hold.key,
        memo: hold.memo,
        expires_at: hold.expires_at,
        state: HoldState::stored(&row.text("state")?)?,
        legs: hold.legs,
    }))
}

/// The closed periods, the first one first.
///
/// # Errors
/// What the store gives.
pub async fn closed_periods(reader: &mut Reader) -> Result<Vec<ClosedPeriod>, Refusal> {
    let rows = reader.rows(sql::PERIODS, args![]).await?;
    rows.iter().map(ClosedPeriod::from_row).collect()
}

/// One line of a statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StatementLine {
    /// The entry.
    pub entry: EntryNo,
    /// The business day on which it took effect.
    pub effective_on: Date,
    /// What it was for.
    pub memo: String,
    /// In fen; a debit is positive, a credit negative.
    pub amount: Money,
    /// The balance after it, in fen, in the direction in which the account grows.
    pub balance: Money,
}

/// An account over some days: what it held before, what came and went, what it held after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Statement {
    /// The account.
    pub code: AccountCode,
    /// Whose it is.
    pub owner: Owner,
    /// What it is called in Chinese.
    pub name_zh: String,
    /// What it is called in English.
    pub name_en: String,
    /// The first day.
    pub from: Date,
    /// The last day, which belongs to it.
    pub through: Date,
    /// The balance before the first day, in fen, in the direction in which the account grows.
    pub opening: Money,
    /// All debits of these days, in fen.
    pub debit: Money,
    /// All credits of these days, in fen.
    pub credit: Money,
    /// The balance after the last day, in fen.
    pub closing: Money,
    /// The lines, by day and number.
    pub lines: Vec<StatementLine>,
    /// Whether there are more lines than were asked for.
    pub cut: bool,
}

/// The statement of an account over some days, with at most `limit` lines.
///
/// # Errors
/// `books.no_such_account`; what the store gives.
pub async fn statement(
    reader: &mut Reader,
    code: &AccountCode,
    (from, through): (Date, Date),
    limit: i64,
) -> Result<Statement, Refusal> {
    let account = account(reader, code).await?;
    let (first, last) = (from.to_string(), through.to_string());
    let before = sums_of_days(reader, code, FIRST_DAY, &first).await?;
    let inside = sums_of_days(reader, code, &first, &format!("{last}~")).await?;
    let opening = before.balance(code.kind());
    let mut balance = opening;
    let args = args![code, &first, &last, limit.saturating_add(1)];
    let mut lines = Vec::new();
    for row in reader.rows(sql::STATEMENT_LINES, args).await? {
        let fen = row.int("amount_fen")?;
        balance += if code.kind().grows_by_debit() { fen } else { -fen };
        lines.push(StatementLine {
            entry: EntryNo(row.int("no")?),
            effective_on: load::day(&row.text("effective_on")?)?,
            memo: row.text("memo")?,
            amount: Money::from_fen(fen),
            balance: Money::from_fen(balance),
        });
    }
    let most = usize::try_from(limit).unwrap_or_default();
    let cut = lines.len() > most;
    lines.truncate(most);
    Ok(Statement {
        code: account.code,
        owner: account.owner,
        name_zh: account.name_zh,
        name_en: account.name_en,
        from,
        through,
        opening: Money::from_fen(opening),
        debit: Money::from_fen(inside.debit),
        credit: Money::from_fen(inside.credit),
        closing: Money::from_fen(opening + inside.balance(code.kind())),
        lines,
        cut,
    })
}

/// What the legs of an account add up to from one day to before another, as texts that sort.
async fn sums_of_days(
    reader: &mut Reader,
    code: &AccountCode,
    from: &str,
    before: &str,
) -> Result<Sums, Refusal> {
    let row = reader.row(sql::SUMS_OF_DAYS, args![code, from, before]).await?;
    row.map_or(Ok(Sums::default()), |row| {
        Ok(Sums {
            debit: row.int("debit_fen")?,
            credit: row.int("credit_fen")?,
            ..Sums::default()
        })
    })
}

/// As of when the books are asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AsOf {
    /// Entries that had taken effect by this day; all of them where it is not given.
    pub effective: Option<Date>,
    /// Entries that had been recorded by this instant; all of them where it is not given.
    pub recorded: Option<Timestamp>,
}

/// One account of a trial balance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TrialLine {
    /// The account.
    pub code: AccountCode,
    /// What it is called in Chinese.
    pub name_zh: String,
    /// What it is called in English.
    pub name_en: String,
    /// All its debits, in fen.
    pub debit: Money,
    /// All its credits, in fen.
    pub credit: Money,
    /// Its balance where debits outweigh, in fen; else nothing.
    pub debit_balance: Money,
    /// Its balance where credits outweigh, in fen; else nothing.
    pub credit_balance: Money,
}

/// All accounts that anything was posted to, and their sums.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TrialBalance {
    /// The accounts by code.
    pub lines: Vec<TrialLine>,
    /// The sum of all debits, in fen: the same as that of all credits.
    pub debit: Money,
    /// The sum of all credits, in fen.
    pub credit: Money,
    /// The sum of all balances on the debit side, in fen: the same as that on the credit side.
    pub debit_balance: Money,
    /// The sum of all balances on the credit side, in fen.
    pub credit_balance: Money,
}

/// The trial balance as of a day and an instant. Adds up the legs; grows with them.
///
/// # Errors
/// `kernel.money_overflow`; what the store gives.
pub async fn trial_balance(reader: &mut Reader, as_of: AsOf) -> Result<TrialBalance, Refusal> {
    let through = as_of.effective.map_or(LAST_DAY.to_owned(), |day| day.to_string());
    let rows = match as_of.recorded {
        None => reader.rows(sql::TRIAL_BALANCE, args![&through]).await?,
        Some(at) => {
            let args = vec![(&through).to_arg(), at.to_arg()];
            reader.rows(sql::TRIAL_BALANCE_RECORDED, args).await?
        }
    };
    let lines: Vec<TrialLine> = rows.iter().map(trial_line).collect::<Result<_, _>>()?;
    let sum = |pick: fn(&TrialLine) -> Money| Money::try_sum(lines.iter().map(pick));
    Ok(TrialBalance {
        debit: sum(|line| line.debit)?,
        credit: sum(|line| line.credit)?,
        debit_balance: sum(|line| line.debit_balance)?,
        credit_balance: sum(|line| line.credit_balance)?,
        lines,
    })
}

fn trial_line(row: &Row) -> Result<TrialLine, Refusal> {
    let (debit, credit) = (row.int("debit_fen")?, row.int("credit_fen")?);
    Ok(TrialLine {
        code: row.text("code")?.parse()?,
        name_zh: row.text("name_zh")?,
        name_en: row.text("name_en")?,
        debit: Money::from_fen(debit),
        credit: Money::from_fen(credit),
        debit_balance: Money::from_fen((debit - credit).max(0)),
        credit_balance: Money::from_fen((credit - debit).max(0)),
    })
}
