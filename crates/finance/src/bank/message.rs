//! Which message a file is, by the namespace of its root, and the reader for it.

use std::io::BufRead;

use kernel::Refusal;
use serde::Serialize;

use super::read_initiation::{self, InitiationCopy};
use super::read_statement;
use super::statement::AccountReport;
use super::status::{self, StatusReport};
use super::xml::Xml;

/// What a file can be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "message", rename_all = "snake_case")]
pub enum BankMessage {
    /// `pain.001`: what a bank was asked to pay.
    Initiation(InitiationCopy),
    /// `pain.002`: what it says about that.
    Status(StatusReport),
    /// `camt.053`: what it booked, up to the end of a day.
    Statement(AccountReport),
    /// `camt.054`: what it booked, as it comes.
    Notification(AccountReport),
}

/// The namespaces that are read, with the element that holds the message: those of the standard's releases of 2009 and
/// 2019, which banks offer.
const MESSAGES: [(&str, &str); 8] = [
    ("pain.001.001.03", "CstmrCdtTrfInitn"),
    ("pain.001.001.09", "CstmrCdtTrfInitn"),
    ("pain.002.001.03", "CstmrPmtStsRpt"),
    ("pain.002.001.10", "CstmrPmtStsRpt"),
    ("camt.053.001.02", "BkToCstmrStmt"),
    ("camt.053.001.08", "BkToCstmrStmt"),
    ("camt.054.001.02", "BkToCstmrDbtCdtNtfctn"),
    ("camt.054.001.08", "BkToCstmrDbtCdtNtfctn"),
];

/// What every namespace of the standard begins with.
const PREFIX: &str = "urn:iso:std:iso:20022:tech:xsd:";

/// Reads a file, whichever message it is; it is read once, from front to end, in bounded memory.
///
/// # Errors
/// `bank.unknown_message` for another message or version; `bank.not_a_message`, `bank.bad_xml`, `bank.document_type`,
/// `bank.unknown_entity`, `bank.not_utf8`, `bank.file_too_large`, `bank.piece_too_long`, `bank.too_deep`,
/// `bank.file_unreadable` for what is no sound XML; `bank.missing_element`, `bank.repeated_element`,
/// `bank.empty_element`, `bank.unexpected_element`, `bank.unexpected_text`, `bank.text_too_long`,
/// `bank.missing_attribute`, `bank.bad_value` for what does not follow the standard; `bank.count_differs`,
/// `bank.sum_differs`, `bank.sum_too_large`, `bank.balance_differs` for what does not add up. Each names the path of the
/// element.
pub fn read_message(source: impl BufRead) -> Result<BankMessage, Refusal> {
    let mut xml = Xml::open(source)?;
    let known = MESSAGES
        .iter()
        .find(|(name, _)| xml.namespace().strip_prefix(PREFIX) == Some(name));
    let Some((name, holder)) = known else {
        let names = MESSAGES.map(|(name, _)| name).join(", ");
        let refusal = xml.refusal("bank.unknown_message").value(xml.namespace());
        return Err(refusal.fact("known", names));
    };
    let mut message = None;
    while let Some(child) = xml.child()? {
        if child != *holder {
            return Err(xml.refusal("bank.unexpected_element"));
        }
        let read = match name.split_at(8).0 {
            "pain.001" => BankMessage::Initiation(read_initiation::read(&mut xml)?),
            "pain.002" => BankMessage::Status(status::read(&mut xml)?),
            "camt.053" => BankMessage::Statement(read_statement::read(&mut xml, "Stmt")?),
            _ => BankMessage::Notification(read_statement::read(&mut xml, "Ntfctn")?),
        };
        xml.once(&mut message, read)?;
    }
    let message = xml.need(message, holder)?;
    xml.end()?;
    Ok(message)
}
