//! Payments to add, as they are typed or stand in a CSV file.

use std::path::Path;

use finance::payments::{LINES_MAX, NewLine};
use kernel::{Fault, Refusal};

use super::{account, read_limited};
use crate::cli::payments::PaymentsAdd;

/// The columns of a file, in any order.
const COLUMNS: [&str; 8] = [
    "key", "payee", "account", "bank", "amount", "purpose", "text", "charge",
];
/// The largest file, in bytes.
const FILE_BYTES_MAX: u64 = 8 * 1024 * 1024;
/// The row of the first payment; the names of the columns stand above it.
const FIRST_ROW: usize = 2;

/// The payment that was typed.
pub fn typed(wanted: &PaymentsAdd) -> Result<NewLine, Refusal> {
    line(&|column| {
        let typed = match column {
            "key" => &wanted.key,
            "payee" => &wanted.payee,
            "account" => &wanted.account,
            "bank" => &wanted.bank,
            "amount" => &wanted.amount,
            "purpose" => &wanted.purpose,
            "text" => &wanted.text,
            _ => &wanted.charge,
        };
        typed.as_deref().unwrap_or_default()
    })
}

/// The payments of a CSV file in UTF-8, whose first row names the columns.
///
/// # Errors
/// `app.file_unreadable`, `app.file_too_large`, `payments.bad_columns`, `payments.bad_row`, `payments.too_many_lines`, and
/// what a field is refused for, each as `file:row:column`.
pub fn read(file: &Path) -> Result<Vec<NewLine>, Refusal> {
    let bytes = read_limited(file, FILE_BYTES_MAX)?;
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let mut rows = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
    let at = |row: usize| format!("{}:{row}", file.display());
    let head = rows.headers().map_err(|error| bad_row(&at(1), &error))?.clone();
    let place = |column: &str| head.iter().position(|name| name == column);
    if COLUMNS.iter().any(|column| place(column).is_none()) || head.len() != COLUMNS.len() {
        return Err(Refusal::new("payments.bad_columns", Fault::Refused)
            .at(at(1))
            .value(head.iter().collect::<Vec<_>>().join(","))
            .fact("wanted", COLUMNS.join(",")));
    }
    let mut lines = Vec::new();
    for (row, number) in rows.records().zip(FIRST_ROW..) {
        let row = row.map_err(|error| bad_row(&at(number), &error))?;
        if lines.len() == LINES_MAX {
            let refusal = Refusal::new("payments.too_many_lines", Fault::Refused).at(file.display());
            return Err(refusal.fact("max", LINES_MAX));
        }
        let field = |column: &str| place(column).and_then(|place| row.get(place)).unwrap_or_default();
        lines.push(line(&field).map_err(|refusal| {
            let column = refusal.at.clone().unwrap_or_default();
            refusal.at(format!("{}:{column}", at(number)))
        })?);
    }
    Ok(lines)
}

/// A refusal about the payment with a number, as one about a row of a file.
pub fn in_file(file: &Path, refusal: Refusal) -> Refusal {
    let place = refusal.at.clone().unwrap_or_default();
    let numbered = place
        .split_once('.')
        .map(|(number, field)| (number.parse::<usize>(), field));
    match numbered {
        Some((Ok(number), field)) => {
            let row = number.saturating_add(FIRST_ROW - 1);
            refusal.at(format!("{}:{row}:{field}", file.display()))
        }
        _ => refusal,
    }
}

/// A payment by its fields; a refusal names the field.
fn line<'a>(field: &impl Fn(&'static str) -> &'a str) -> Result<NewLine, Refusal> {
    let some = |text: &'a str| (!text.is_empty()).then_some(text);
    let at = |column: &'static str| move |refusal: Refusal| refusal.at(column);
    Ok(NewLine {
        key: field("key").to_owned(),
        payee: field("payee").to_owned(),
        account: account(some(field("account")), some(field("bank"))).map_err(at("account"))?,
        amount: field("amount").parse().map_err(at("amount"))?,
        purpose: field("purpose").parse().map_err(at("purpose"))?,
        remittance: field("text").to_owned(),
        charge: field("charge").parse().map_err(at("charge"))?,
    })
}

fn bad_row(at: &str, error: &csv::Error) -> Refusal {
    Refusal::new("payments.bad_row", Fault::Refused)
        .at(at)
        .fact("cause", error)
}
