//! beancount: account names begin with capitals there, word by word; the rest is the same.

use std::fmt::Write as _;

use kernel::Lang;

use super::{amount, name};
use crate::chart::AccountCode;
use crate::queries::{Account, PostedEntry};

pub(super) const HEAD: &str = "; 鱼塘账簿 The books of Fishpond\n\
    option \"title\" \"鱼塘账簿 The books of Fishpond\"\noption \"operating_currency\" \"CNY\"\n\n";

/// An account is open from the first day there may be: entries may take effect before the day of its opening.
pub(super) fn account(account: &Account) -> String {
    format!(
        "1900-01-01 open {} CNY\n  name-zh: {}\n  name-en: {}\n  owner: {}\n",
        capital(&account.code),
        quoted(name(account, Lang::Zh)),
        quoted(name(account, Lang::En)),
        quoted(&account.owner.to_string())
    )
}

pub(super) fn entry(entry: &PostedEntry) -> String {
    let mut text = format!("\n{} * {}\n", entry.effective_on, quoted(&entry.memo));
    text += &format!("  entry: \"{}\"\n  key: {}\n", entry.no, quoted(&entry.key));
    text += &format!(
        "  recorded: \"{}\"\n  sha256: \"{}\"\n",
        entry.recorded_at, entry.sha256
    );
    if let Some(reversed) = entry.reverses {
        text += &format!("  reverses: \"{reversed}\"\n");
    }
    for leg in &entry.legs {
        // Writing to a String does not fail.
        let _infallible = writeln!(
            text,
            "  {:<60}  {:>24}",
            capital(&leg.account),
            amount(leg.amount)
        );
    }
    text
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
