//! hledger: a debit is positive there, too, and our account codes are names of its accounts.

use std::io::{Result, Write};

use kernel::Lang;

use super::{amount, name};
use crate::queries::{Account, PostedEntry};

pub(super) const HEAD: &str = "; 鱼塘账簿 The books of Fishpond\ncommodity 1000.00 CNY\n\n";

/// A declaration. Comments end at the line, and names have no line breaks.
pub(super) fn account(out: &mut impl Write, account: &Account) -> Result<()> {
    let (zh, en) = (name(account, Lang::Zh), name(account, Lang::En));
    writeln!(
        out,
        "account {}  ; {zh} {en}, owner:{}",
        account.code, account.owner
    )
}

/// A transaction: its code is the number, its tags are what else is known.
pub(super) fn entry(out: &mut impl Write, entry: &PostedEntry) -> Result<()> {
    writeln!(
        out,
        "\n{} ({}) {}",
        entry.effective_on,
        entry.no,
        description(&entry.memo)
    )?;
    writeln!(out, "    ; key:{}", comma_free(&entry.key))?;
    writeln!(out, "    ; recorded:{}", entry.recorded_at)?;
    writeln!(out, "    ; sha256:{}", entry.sha256)?;
    if let Some(reversed) = entry.reverses {
        writeln!(out, "    ; reverses:{reversed}")?;
    }
    for leg in &entry.legs {
        writeln!(out, "    {:<60}  {:>24}", leg.account, amount(leg.amount))?;
    }
    Ok(())
}

/// A description ends at a semicolon; without one of our own, hledger would read a memo that begins so as a status or
/// a code.
fn description(memo: &str) -> String {
    let memo = memo.replace(';', "；");
    if memo.is_empty() {
        "-".to_owned()
    } else {
        format!("| {memo}")
    }
}

/// The value of a tag ends at a comma.
fn comma_free(text: &str) -> String {
    text.replace(',', "%2C")
}
