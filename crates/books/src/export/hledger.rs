//! hledger: a debit is positive there, too, and our account codes are names of its accounts.

use std::fmt::Write as _;

use kernel::Lang;

use super::{amount, name};
use crate::queries::{Account, PostedEntry};

pub(super) const HEAD: &str = "; 鱼塘账簿 The books of Fishpond\ncommodity 1000.00 CNY\n\n";

/// A declaration. Comments end at the line, and names have no line breaks.
pub(super) fn account(account: &Account) -> String {
    let names = format!("{} {}", name(account, Lang::Zh), name(account, Lang::En));
    format!("account {}  ; {names}, owner:{}\n", account.code, account.owner)
}

/// A transaction: its code is the number, its tags are what else is known.
pub(super) fn entry(entry: &PostedEntry) -> String {
    let mut text = format!(
        "\n{} ({}) {}\n",
        entry.effective_on,
        entry.no,
        description(&entry.memo)
    );
    text += &format!("    ; key:{}\n", comma_free(&entry.key));
    text += &format!(
        "    ; recorded:{}\n    ; sha256:{}\n",
        entry.recorded_at, entry.sha256
    );
    if let Some(reversed) = entry.reverses {
        text += &format!("    ; reverses:{reversed}\n");
    }
    for leg in &entry.legs {
        // Writing to a String does not fail.
        let _infallible = writeln!(text, "    {:<60}  {:>24}", leg.account, amount(leg.amount));
    }
    text
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
