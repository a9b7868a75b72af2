//! The books for other programs: journals in plain text, of hledger and of beancount, and a workbook.
//!
//! The journals hold every account and every entry in the order of their numbers, and are written a page at a time, so their
//! size does not matter. Holds are not in them: nothing of a hold has moved.

mod beancount;
mod hledger;
mod xlsx;

use std::io::Write;

use kernel::{Fault, Lang, Money, Refusal};
use store::Reader;

use crate::chart::AccountCode;
use crate::model::EntryNo;
use crate::queries::{Account, PostedEntry, accounts_page, entries_page, last_entry};

pub use xlsx::{statement_workbook, trial_balance_workbook};

/// How many accounts and entries are read at a time.
const PAGE: i64 = 1_000;

/// A form of journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JournalForm {
    /// <https://hledger.org/hledger.html#journal>
    Hledger,
    /// <https://beancount.github.io/docs/beancount_language_syntax.html>
    Beancount,
}

/// Writes all accounts and entries of the books as a journal in plain text.
///
/// # Errors
/// `books.export_failed`, what the writer said; what the store gives.
pub async fn write_journal(
    reader: &mut Reader,
    form: JournalForm,
    out: &mut (impl Write + Send),
) -> Result<(), Refusal> {
    let mut parts = JournalParts::new(form);
    while let Some(part) = parts.next(reader).await? {
        out.write_all(&part).map_err(|error| failed(&error))?;
    }
    out.flush().map_err(|error| failed(&error))
}

/// A journal in parts, each a page of accounts or entries, for whoever sends it on as it is read. The parts may be read from
/// different snapshots: which entry is the last is settled with the first part, and an entry never changes.
pub struct JournalParts {
    form: JournalForm,
    next: Next,
    last_entry: i64,
}

enum Next {
    Head,
    Accounts(Option<AccountCode>),
    Entries(EntryNo),
    Nothing,
}

impl JournalParts {
    /// The journal of some books, from its head.
    #[must_use]
    pub fn new(form: JournalForm) -> Self {
        Self {
            form,
            next: Next::Head,
            last_entry: 0,
        }
    }

    /// The next part; none after the last.
    ///
    /// # Errors
    /// `books.export_failed`; what the store gives.
    pub async fn next(&mut self, reader: &mut Reader) -> Result<Option<Vec<u8>>, Refusal> {
        let mut part = Vec::new();
        let next = match &self.next {
            Next::Nothing => return Ok(None),
            Next::Head => {
                self.last_entry = last_entry(reader).await?;
                part.extend(self.head().bytes());
                Next::Accounts(None)
            }
            Next::Accounts(after) => {
                let accounts = accounts_page(reader, after.as_ref(), PAGE).await?;
                for account in &accounts {
                    self.account(&mut part, account).map_err(|error| failed(&error))?;
                }
                match accounts.into_iter().next_back() {
                    Some(account) => Next::Accounts(Some(account.code)),
                    None => Next::Entries(EntryNo(0)),
                }
            }
            Next::Entries(after) => {
                let left = self.last_entry - after.number();
                let entries = entries_page(reader, Some(*after), left.clamp(0, PAGE)).await?;
                for entry in &entries {
                    self.entry(&mut part, entry).map_err(|error| failed(&error))?;
                }
                entries
                    .last()
                    .map_or(Next::Nothing, |entry| Next::Entries(entry.no))
            }
        };
        self.next = next;
        Ok(Some(part))
    }

    fn head(&self) -> &'static str {
        match self.form {
            JournalForm::Hledger => hledger::HEAD,
            JournalForm::Beancount => beancount::HEAD,
        }
    }

    fn account(&self, out: &mut impl Write, account: &Account) -> std::io::Result<()> {
        match self.form {
            JournalForm::Hledger => hledger::account(out, account),
            JournalForm::Beancount => beancount::account(out, account),
        }
    }

    fn entry(&self, out: &mut impl Write, entry: &PostedEntry) -> std::io::Result<()> {
        match self.form {
            JournalForm::Hledger => hledger::entry(out, entry),
            JournalForm::Beancount => beancount::entry(out, entry),
        }
    }
}

fn failed(error: &std::io::Error) -> Refusal {
    Refusal::new("books.export_failed", Fault::Broken).fact("cause", error)
}

/// An amount with its currency: `-1234.50 CNY`.
fn amount(money: Money) -> String {
    format!("{money} CNY")
}

/// The name of an account in a language.
fn name(account: &Account, lang: Lang) -> &str {
    match lang {
        Lang::Zh => &account.name_zh,
        Lang::En => &account.name_en,
    }
}
