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

use crate::model::EntryNo;
use crate::queries::{Account, PostedEntry, accounts_page, entries_page};

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
    let head = match form {
        JournalForm::Hledger => hledger::HEAD,
        JournalForm::Beancount => beancount::HEAD,
    };
    out.write_all(head.as_bytes()).map_err(|error| failed(&error))?;
    let mut after = None;
    loop {
        let accounts: Vec<Account> = accounts_page(reader, after.as_ref(), PAGE).await?;
        for account in &accounts {
            let written = match form {
                JournalForm::Hledger => hledger::account(out, account),
                JournalForm::Beancount => beancount::account(out, account),
            };
            written.map_err(|error| failed(&error))?;
        }
        match accounts.into_iter().next_back() {
            Some(last) => after = Some(last.code),
            None => break,
        }
    }
    let mut after: Option<EntryNo> = None;
    loop {
        let entries: Vec<PostedEntry> = entries_page(reader, after, PAGE).await?;
        let Some(last) = entries.last() else { break };
        after = Some(last.no);
        for entry in &entries {
            let written = match form {
                JournalForm::Hledger => hledger::entry(out, entry),
                JournalForm::Beancount => beancount::entry(out, entry),
            };
            written.map_err(|error| failed(&error))?;
        }
    }
    out.flush().map_err(|error| failed(&error))
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
