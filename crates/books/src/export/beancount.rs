//! beancount: account names begin with capitals there, word by word; the rest is the same.

use std::io::{Result, Write};

use kernel::Lang;

use super::{amount, name};
use crate::chart::AccountCode;
use crate::queries::{Account, PostedEntry};

pub(super) const HEAD: &str = "; 鱼塘账簿 The books of Fishpond\n\
    option \"title\" \"鱼塘账簿 The books of Fishpond\"\noption \"operating_currency\" \"CNY\"\n\n";

/// An account is open from the first day there may be: entries may take effect before the day of its opening.
pub(super) fn account(out: &mut impl Write, account: &Account) -> Result<()> {
    writeln!(out, "1900-01-01 open {} CNY", capital(&account.code))?;
    writeln!(out, "  name-zh: {}", quoted(name(account, Lang::Zh)))?;
    writeln!(out, "  name-en: {}", quoted(name(account, Lang::En)))?;
    writeln!(out, "  owner: {}", quoted(&account.owner.to_string()))
}

/// A transaction; what else is known stands in its metadata.
pub(super) fn entry(out: &mut impl Write, entry: &PostedEntry) -> Result<()> {
    writeln!(out, "\n{} * {}", entry.effective_on, quoted(&entry.memo))?;
    writeln!(out, "  entry: \"{}\"", entry.no)?;
    writeln!(out, "  key: {}", quoted(&entry.key))?;
    writeln!(out, "  recorded: \"{}\"", entry.recorded_at)?;
    writeln!(out, "  sha256: \"{}\"", entry.sha256)?;
    if let Some(reversed) = entry.reverses {
        writeln!(out, "  reverses: \"{reversed}\"")?;
    }
    for leg in &entry.legs {
        writeln!(out, "  {:<60}  {:>24}", capital(&leg.account), amount(leg.amount))?;
    }
    Ok(())
}

/// `assets:fund:cash` is `Assets:Fund:Cash`. Codes have no capitals, so no two become one.
fn capital(code: &AccountCode) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    };
    code.as_str().split(':').map(word).collect::<Vec<_>>().join(":")
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
