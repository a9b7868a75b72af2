//! Parts that several messages share: accounts, reasons and references.

use std::io::BufRead;

use kernel::Refusal;
use serde::Serialize;

use super::xml::Xml;

/// The number of an account, in an element such as `CdtrAcct`, which is closed; none where it names none.
pub(super) fn account<B: BufRead>(xml: &mut Xml<B>) -> Result<Option<String>, Refusal> {
    let mut number = None;
    while let Some(name) = xml.child()? {
        if name == "Id" {
            let read = account_id(xml)?;
            xml.once(&mut number, read)?;
        } else {
            xml.skip()?;
        }
    }
    Ok(number.flatten())
}

/// The number of an account as banks write it, an IBAN or `Othr/Id`, in an element `Id`, which is closed.
pub(super) fn account_id<B: BufRead>(xml: &mut Xml<B>) -> Result<Option<String>, Refusal> {
    let mut number = None;
    while let Some(name) = xml.child()? {
        match name {
            "IBAN" => {
                let text = xml.text(34)?;
                xml.once(&mut number, text)?;
            }
            "Othr" => {
                let text = child_text(xml, "Id", 34)?;
                let text = xml.need(text, "Id")?;
                xml.once(&mut number, text)?;
            }
            _ => xml.skip()?,
        }
    }
    Ok(number)
}

/// The name of a party. Since version 08 it may stand one element deeper, in `Pty`. Closes the element.
pub(super) fn name<B: BufRead>(xml: &mut Xml<B>) -> Result<Option<String>, Refusal> {
    let mut found = None;
    while let Some(name) = xml.child()? {
        match name {
            "Nm" => {
                let text = xml.text(140)?;
                xml.once(&mut found, text)?;
            }
            "Pty" => {
                let text = child_text(xml, "Nm", 140)?;
                if let Some(text) = text {
                    xml.once(&mut found, text)?;
                }
            }
            _ => xml.skip()?,
        }
    }
    Ok(found)
}

/// The text of one child of the open element, which is closed; none where it has no such child.
pub(super) fn child_text<B: BufRead>(
    xml: &mut Xml<B>,
    wanted: &str,
    chars_max: usize,
) -> Result<Option<String>, Refusal> {
    let mut found = None;
    while let Some(name) = xml.child()? {
        if name == wanted {
            let text = xml.text(chars_max)?;
            xml.once(&mut found, text)?;
        } else {
            xml.skip()?;
        }
    }
    Ok(found)
}

/// Why a bank did not do something.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// A code of the lists ExternalStatusReason1Code or ExternalReturnReason1Code, such as `AC04` (account closed), or
    /// one of the bank's own.
    pub code: Option<String>,
    /// What the bank adds in words.
    pub text: String,
}

/// Reads `StsRsnInf` or `RtrInf`; closes the element.
pub(super) fn reason<B: BufRead>(xml: &mut Xml<B>) -> Result<Reason, Refusal> {
    let mut code = None;
    let mut text = String::new();
    while let Some(name) = xml.child()? {
        match name {
            "Rsn" => {
                let read = xml.code()?;
                xml.once(&mut code, read)?;
            }
            "AddtlInf" => append(&mut text, &xml.text(105)?),
            _ => xml.skip()?,
        }
    }
    Ok(Reason { code, text })
}

/// Puts one line of text behind another; what goes beyond a readable length is left out.
pub(super) fn append(text: &mut String, line: &str) {
    const CHARS_MAX: usize = 500;
    let separator = if text.is_empty() { "" } else { " " };
    let left = CHARS_MAX.saturating_sub(text.chars().count());
    text.extend(separator.chars().chain(line.chars()).take(left));
}
