//! Statements of accounts, and trial balances, as of a day and as of an instant. Each is read from one snapshot.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{Fault, Money, Refusal};
use serde::Serialize;
use store::{Reader, Row, ToArg as _, args};

use crate::chart::{AccountCode, Owner};
use crate::load;
use crate::model::EntryNo;
use crate::periods::FIRST_DAY;
use crate::queries::{account, accounts_of};
use crate::repo as sql;
use crate::rules::Sums;

/// After every day.
const LAST_DAY: &str = "9999-99-99";

/// The most accounts of an owner whose statements are read at once.
pub const STATEMENTS_MAX: i64 = 200;

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
    #[serde(rename = "amount_fen")]
    pub amount: Money,
    /// The balance after it, in fen, in the direction in which the account grows.
    #[serde(rename = "balance_fen")]
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
    #[serde(rename = "opening_fen")]
    pub opening: Money,
    /// All debits of these days, in fen.
    #[serde(rename = "debit_fen")]
    pub debit: Money,
    /// All credits of these days, in fen.
    #[serde(rename = "credit_fen")]
    pub credit: Money,
    /// The balance after the last day, in fen.
    #[serde(rename = "closing_fen")]
    pub closing: Money,
    /// The lines, by day and number.
    pub lines: Vec<StatementLine>,
    /// Whether there are more lines than were asked for.
    pub cut: bool,
}

/// Which line of a statement: an account stands in an entry once. Printed `2018-06-30.17`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineKey {
    /// The business day on which the entry took effect.
    pub effective_on: Date,
    /// The entry.
    pub entry: EntryNo,
}

impl fmt::Display for LineKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.effective_on, self.entry)
    }
}

impl FromStr for LineKey {
    type Err = Refusal;

    /// Reads what is printed; anything else is refused with `books.bad_line_key`.
    fn from_str(text: &str) -> Result<Self, Refusal> {
        let bad = || Refusal::new("books.bad_line_key", Fault::Refused).value(text);
        let (day, entry) = text.split_once('.').ok_or_else(bad)?;
        Ok(Self {
            effective_on: day.parse().map_err(|_| bad())?,
            entry: entry.parse().map_err(|_| bad())?,
        })
    }
}

impl StatementLine {
    /// What the lines after this one are asked for by.
    #[must_use]
    pub fn key(&self) -> LineKey {
        LineKey {
            effective_on: self.effective_on,
            entry: self.entry,
        }
    }
}

/// The statement of an account over some days, with at most `limit` lines.
///
/// # Errors
/// `books.no_such_account`; what the store gives.
pub async fn statement(
    reader: &mut Reader,
    code: &AccountCode,
    days: (Date, Date),
    limit: i64,
) -> Result<Statement, Refusal> {
    statement_after(reader, code, days, None, limit).await
}

/// The same with the lines after one. What is before them counts in each balance, and the sums are of all the days.
///
/// # Errors
/// As [`statement`].
pub async fn statement_after(
    reader: &mut Reader,
    code: &AccountCode,
    (from, through): (Date, Date),
    after: Option<LineKey>,
    limit: i64,
) -> Result<Statement, Refusal> {
    let account = account(reader, code).await?;
    let (first, last) = (from.to_string(), through.to_string());
    let before = sums_of_days(reader, code, FIRST_DAY, &first).await?;
    let inside = sums_of_days(reader, code, &first, &format!("{last}~")).await?;
    let opening = before.balance(code.kind());
    let mut lines = lines(
        reader,
        code,
        (&first, &last),
        (opening, after),
        limit.saturating_add(1),
    )
    .await?;
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

/// The lines of some days, those after one or from the first, with the balance after each.
async fn lines(
    reader: &mut Reader,
    code: &AccountCode,
    (first, last): (&str, &str),
    (opening, after): (i64, Option<LineKey>),
    limit: i64,
) -> Result<Vec<StatementLine>, Refusal> {
    let added = |fen: i64| if code.kind().grows_by_debit() { fen } else { -fen };
    let (rows, mut balance) = match after {
        None => {
            let args = args![code, first, last, limit];
            (reader.rows(sql::STATEMENT_LINES, args).await?, opening)
        }
        Some(key) => {
            let (day, no) = (key.effective_on.to_string(), key.entry.number());
            let args = args![code, first, &day, no];
            let passed = reader.row(sql::SUMS_THROUGH_LINE, args).await?;
            let passed = passed.map_or(Ok(0), |row| row.int("sum_fen"))?;
            let args = args![code, &day, no, last, limit];
            let rows = reader.rows(sql::STATEMENT_LINES_AFTER, args).await?;
            (rows, opening + added(passed))
        }
    };
    let mut lines = Vec::with_capacity(rows.len());
    for row in &rows {
        let fen = row.int("amount_fen")?;
        balance += added(fen);
        lines.push(StatementLine {
            entry: EntryNo(row.int("no")?),
            effective_on: load::day(&row.text("effective_on")?)?,
            memo: row.text("memo")?,
            amount: Money::from_fen(fen),
            balance: Money::from_fen(balance),
        });
    }
    Ok(lines)
}

/// The statements of all accounts of an owner over some days, by code, each with at most `limit` lines.
///
/// # Errors
/// `books.too_many_accounts` above [`STATEMENTS_MAX`]; what the store gives.
pub async fn statements_of(
    reader: &mut Reader,
    owner: &Owner,
    days: (Date, Date),
    limit: i64,
) -> Result<Vec<Statement>, Refusal> {
    let own = accounts_of(reader, owner, None, STATEMENTS_MAX + 1).await?;
    if i64::try_from(own.len()).unwrap_or(i64::MAX) > STATEMENTS_MAX {
        return Err(Refusal::new("books.too_many_accounts", Fault::Refused)
            .value(owner)
            .fact("most", STATEMENTS_MAX));
    }
    let mut statements = Vec::with_capacity(own.len());
    for account in own {
        statements.push(statement(reader, &account.code, days, limit).await?);
    }
    Ok(statements)
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
    #[serde(rename = "debit_fen")]
    pub debit: Money,
    /// All its credits, in fen.
    #[serde(rename = "credit_fen")]
    pub credit: Money,
    /// Its balance where debits outweigh, in fen; else nothing.
    #[serde(rename = "debit_balance_fen")]
    pub debit_balance: Money,
    /// Its balance where credits outweigh, in fen; else nothing.
    #[serde(rename = "credit_balance_fen")]
    pub credit_balance: Money,
}

/// All accounts that anything was posted to, and their sums.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TrialBalance {
    /// The accounts by code.
    pub lines: Vec<TrialLine>,
    /// The sum of all debits, in fen: the same as that of all credits.
    #[serde(rename = "debit_fen")]
    pub debit: Money,
    /// The sum of all credits, in fen.
    #[serde(rename = "credit_fen")]
    pub credit: Money,
    /// The sum of all balances on the debit side, in fen: the same as that on the credit side.
    #[serde(rename = "debit_balance_fen")]
    pub debit_balance: Money,
    /// The sum of all balances on the credit side, in fen.
    #[serde(rename = "credit_balance_fen")]
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
