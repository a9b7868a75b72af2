//! Payments as people write them: the fields of a form or of a command, and the rows of a CSV file.

use kernel::{Fault, Refusal};

use super::batches::LINES_MAX;
use super::model::NewLine;
use crate::bank::{AccountNumber, BankCode};

/// The columns of a file, in any order.
const COLUMNS: [&str; 8] = [
    "key", "payee", "account", "bank", "amount", "purpose", "text", "charge",
];
/// The row of the first payment; the names of the columns stand above it.
const FIRST_ROW: usize = 2;

/// The fields of one payment, as they were written. Empty is what is not given.
#[derive(Clone, Copy, Debug, Default)]
pub struct TypedLine<'a> {
    /// What makes it one and the same within its batch.
    pub key: &'a str,
    /// Who gets it.
    pub payee: &'a str,
    /// The payee's account; empty where the money is handed out.
    pub account: &'a str,
    /// The code of the payee's bank; empty likewise.
    pub bank: &'a str,
    /// How much, in yuan.
    pub amount: &'a str,
    /// What for, by its name.
    pub purpose: &'a str,
    /// What the payee reads on the statement.
    pub text: &'a str,
    /// The account in the books that it is charged to.
    pub charge: &'a str,
}

impl TypedLine<'_> {
    /// The payment.
    ///
    /// # Errors
    /// What a field is refused for, naming the field.
    pub fn line(&self) -> Result<NewLine, Refusal> {
        let at = |column: &'static str| move |refusal: Refusal| refusal.at(column);
        Ok(NewLine {
            key: self.key.to_owned(),
            payee: self.payee.to_owned(),
            account: account(self.account, self.bank).map_err(at("account"))?,
            amount: self.amount.parse().map_err(at("amount"))?,
            purpose: self.purpose.parse().map_err(at("purpose"))?,
            remittance: self.text.to_owned(),
            charge: self.charge.parse().map_err(at("charge"))?,
        })
    }
}

/// An account at a bank; none where neither is given, for money that is handed out.
///
/// # Errors
/// `payments.account_missing` where one is given without the other; what the number or the code is refused for.
pub fn account(number: &str, bank: &str) -> Result<Option<(AccountNumber, BankCode)>, Refusal> {
    match (number, bank) {
        ("", "") => Ok(None),
        (_, "") | ("", _) => Err(Refusal::new("payments.account_missing", Fault::Refused)),
        (number, bank) => Ok(Some((number.parse()?, bank.parse()?))),
    }
}

/// The payments of a CSV file in UTF-8, whose first row names the columns.
///
/// # Errors
/// `payments.bad_columns`, `payments.bad_row`, `payments.too_many_lines`, and what a field is refused for, each as
/// `row:column`.
pub fn read_lines(file: &[u8]) -> Result<Vec<NewLine>, Refusal> {
    let file = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
    let mut rows = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(file);
    let head = rows.headers().map_err(|error| bad_row(1, &error))?.clone();
    let place = |column: &str| head.iter().position(|name| name == column);
    if COLUMNS.iter().any(|column| place(column).is_none()) || head.len() != COLUMNS.len() {
        return Err(Refusal::new("payments.bad_columns", Fault::Refused)
            .at(1)
            .value(head.iter().collect::<Vec<_>>().join(","))
            .fact("wanted", COLUMNS.join(",")));
    }
    let mut lines = Vec::new();
    for (row, number) in rows.records().zip(FIRST_ROW..) {
        let row = row.map_err(|error| bad_row(number, &error))?;
        if lines.len() == LINES_MAX {
            return Err(Refusal::new("payments.too_many_lines", Fault::Refused).fact("max", LINES_MAX));
        }
        let field = |column: &str| place(column).and_then(|place| row.get(place)).unwrap_or_default();
        let typed = TypedLine {
            key: field("key"),
            payee: field("payee"),
            account: field("account"),
            bank: field("bank"),
            amount: field("amount"),
            purpose: field("purpose"),
            text: field("text"),
            charge: field("charge"),
        };
        lines.push(typed.line().map_err(|refusal| {
            let column = refusal.at.clone().unwrap_or_default();
            refusal.at(format!("{number}:{column}"))
        })?);
    }
    Ok(lines)
}

/// A refusal about the payment with a number, from 1, as one about a row of a file: `row:column`.
pub fn in_rows(refusal: Refusal) -> Refusal {
    let at = refusal.at.clone().unwrap_or_default();
    let numbered = at
        .split_once('.')
        .map(|(number, field)| (number.parse::<usize>(), field));
    match numbered {
        Some((Ok(number), field)) => {
            let row = number.saturating_add(FIRST_ROW - 1);
            refusal.at(format!("{row}:{field}"))
        }
        _ => refusal,
    }
}

fn bad_row(row: usize, error: &csv::Error) -> Refusal {
    Refusal::new("payments.bad_row", Fault::Refused)
        .at(row)
        .fact("cause", error)
}
