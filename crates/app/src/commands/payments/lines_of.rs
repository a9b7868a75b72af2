//! Payments to add, as they are typed or stand in a CSV file.

use std::path::Path;

use finance::payments::{NewLine, TypedLine, in_rows, read_lines};
use kernel::Refusal;

use super::read_limited;
use crate::cli::payments::PaymentsAdd;

/// The largest file, in bytes.
const FILE_BYTES_MAX: u64 = 8 * 1024 * 1024;

/// The payment that was typed.
pub fn typed(wanted: &PaymentsAdd) -> Result<NewLine, Refusal> {
    fn text(given: Option<&str>) -> &str {
        given.unwrap_or_default()
    }
    let typed = TypedLine {
        key: text(wanted.key.as_deref()),
        payee: text(wanted.payee.as_deref()),
        account: text(wanted.account.as_deref()),
        bank: text(wanted.bank.as_deref()),
        amount: text(wanted.amount.as_deref()),
        purpose: text(wanted.purpose.as_deref()),
        text: text(wanted.text.as_deref()),
        charge: text(wanted.charge.as_deref()),
    };
    typed.line()
}

/// The payments of a CSV file.
///
/// # Errors
/// `app.file_unreadable`, `app.file_too_large`, and those of [`read_lines`], each as `file:row:column`.
pub fn read(file: &Path) -> Result<Vec<NewLine>, Refusal> {
    let bytes = read_limited(file, FILE_BYTES_MAX)?;
    read_lines(&bytes).map_err(|refusal| of_file(file, refusal))
}

/// A refusal about the payment with a number, as one about a row of a file.
pub fn in_file(file: &Path, refusal: Refusal) -> Refusal {
    let in_row = in_rows(refusal.clone());
    if in_row.at == refusal.at {
        return refusal;
    }
    of_file(file, in_row)
}

fn of_file(file: &Path, refusal: Refusal) -> Refusal {
    let at = match &refusal.at {
        Some(at) => format!("{}:{at}", file.display()),
        None => file.display().to_string(),
    };
    refusal.at(at)
}
