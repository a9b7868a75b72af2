//! Reads a `pain.001` back: what it asks for, and whether its control sums hold. Versions 03 and 09.
//!
//! No file leaves without having been read back: the bank gets what was approved, or nothing.

use std::io::BufRead;

use jiff::Timestamp;
use kernel::{Fault, Refusal};
use serde::Serialize;

use super::amount::{Amount, Decimal};
use super::party;
use super::statement::{require_sum, sum};
use super::xml::Xml;

/// What a message asks a bank to pay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InitiationCopy {
    /// What the bank's answers name it by.
    pub message_id: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// How many payments it says it holds, and holds.
    pub count: u64,
    /// Their amounts added up, whatever their currencies.
    pub sum: Decimal,
    /// Its instructions.
    pub instructions: Vec<InstructionCopy>,
}

/// Payments from one account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InstructionCopy {
    /// What the bank's answers name it by.
    pub id: String,
    /// The account that pays.
    pub debtor_account: Option<String>,
    /// The payments.
    pub transfers: Vec<TransferCopy>,
}

/// One payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TransferCopy {
    /// What the bank's answers name it by.
    pub end_to_end_id: String,
    /// How much.
    pub amount: Amount,
    /// The account that gets it; none for a cheque.
    pub creditor_account: Option<String>,
    /// Who gets it.
    pub creditor_name: Option<String>,
}

/// The numbers that a header says of what follows.
#[derive(Default)]
struct Control {
    count: Option<u64>,
    sum: Option<Decimal>,
}

impl Control {
    /// The numbers are those of the payments.
    fn require(&self, at: &str, transfers: &[&TransferCopy]) -> Result<(), Refusal> {
        let count = u64::try_from(transfers.len()).unwrap_or(u64::MAX);
        if let Some(said) = self.count.filter(|said| *said != count) {
            return Err(Refusal::new("bank.count_differs", Fault::Refused)
                .at(format!("{at}/NbOfTxs"))
                .value(said)
                .fact("counted", count));
        }
        let added = sum(transfers.iter().map(|transfer| transfer.amount.number));
        require_sum(&format!("{at}/CtrlSum"), self.sum, added)
    }
}

/// Reads the open element `CstmrCdtTrfInitn`.
pub(super) fn read<B: BufRead>(xml: &mut Xml<B>) -> Result<InitiationCopy, Refusal> {
    let (mut header, mut instructions) = (None, Vec::new());
    while let Some(name) = xml.child()? {
        match name {
            "GrpHdr" => header_of(xml).and_then(|read| xml.once(&mut header, read))?,
            "PmtInf" => instructions.push(instruction(xml)?),
            _ => xml.skip()?,
        }
    }
    let (message_id, created_at, control) = xml.need(header, "GrpHdr")?;
    xml.need((!instructions.is_empty()).then_some(()), "PmtInf")?;
    let all: Vec<&TransferCopy> = instructions
        .iter()
        .flat_map(|instruction: &InstructionCopy| &instruction.transfers)
        .collect();
    control.require(&format!("{}/GrpHdr", xml.last_path()), &all)?;
    let added = sum(all.iter().map(|transfer| transfer.amount.number));
    Ok(InitiationCopy {
        message_id,
        created_at,
        count: xml.need(control.count, "GrpHdr/NbOfTxs")?,
        sum: added.ok_or_else(|| xml.refused_last("bank.sum_too_large"))?,
        instructions,
    })
}

fn header_of<B: BufRead>(xml: &mut Xml<B>) -> Result<(String, Timestamp, Control), Refusal> {
    let (mut id, mut created_at, mut control) = (None, None, Control::default());
    while let Some(name) = xml.child()? {
        match name {
            "MsgId" => xml.text(35).and_then(|read| xml.once(&mut id, read))?,
            "CreDtTm" => xml.instant().and_then(|read| xml.once(&mut created_at, read))?,
            "NbOfTxs" => xml.count().and_then(|read| xml.once(&mut control.count, read))?,
            "CtrlSum" => xml.decimal().and_then(|read| xml.once(&mut control.sum, read))?,
            _ => xml.skip()?,
        }
    }
    Ok((xml.need(id, "MsgId")?, xml.need(created_at, "CreDtTm")?, control))
}

fn instruction<B: BufRead>(xml: &mut Xml<B>) -> Result<InstructionCopy, Refusal> {
    let (mut id, mut account, mut control) = (None, None, Control::default());
    let mut transfers = Vec::new();
    while let Some(name) = xml.child()? {
        match name {
            "PmtInfId" => xml.text(35).and_then(|read| xml.once(&mut id, read))?,
            "NbOfTxs" => xml.count().and_then(|read| xml.once(&mut control.count, read))?,
            "CtrlSum" => xml.decimal().and_then(|read| xml.once(&mut control.sum, read))?,
            "DbtrAcct" => party::account(xml).and_then(|read| xml.once(&mut account, read))?,
            "CdtTrfTxInf" => transfers.push(transfer(xml)?),
            _ => xml.skip()?,
        }
    }
    xml.need((!transfers.is_empty()).then_some(()), "CdtTrfTxInf")?;
    control.require(&xml.last_path(), &transfers.iter().collect::<Vec<_>>())?;
    Ok(InstructionCopy {
        id: xml.need(id, "PmtInfId")?,
        debtor_account: xml.need(account, "DbtrAcct")?,
        transfers,
    })
}

fn transfer<B: BufRead>(xml: &mut Xml<B>) -> Result<TransferCopy, Refusal> {
    let (mut id, mut amount, mut account, mut creditor) = (None, None, None, None);
    while let Some(name) = xml.child()? {
        match name {
            "PmtId" => {
                let read = party::child_text(xml, "EndToEndId", 35)?;
                let read = xml.need(read, "EndToEndId")?;
                xml.once(&mut id, read)?;
            }
            "Amt" => amount_of(xml).and_then(|read| xml.once(&mut amount, read))?,
            "CdtrAcct" => party::account(xml).and_then(|read| xml.once(&mut account, read))?,
            "Cdtr" => party::name(xml).and_then(|read| xml.once(&mut creditor, read))?,
            _ => xml.skip()?,
        }
    }
    Ok(TransferCopy {
        end_to_end_id: xml.need(id, "PmtId")?,
        amount: xml.need(amount, "Amt")?,
        creditor_account: account.flatten(),
        creditor_name: creditor.flatten(),
    })
}

/// The amount that is asked for: `InstdAmt`, or the one that another is to be worth (`EqvtAmt`).
fn amount_of<B: BufRead>(xml: &mut Xml<B>) -> Result<Amount, Refusal> {
    let mut amount = None;
    while let Some(name) = xml.child()? {
        match name {
            "InstdAmt" => xml.amount().and_then(|read| xml.once(&mut amount, read))?,
            "EqvtAmt" => {
                while let Some(name) = xml.child()? {
                    match name {
                        "Amt" => xml.amount().and_then(|read| xml.once(&mut amount, read))?,
                        _ => xml.skip()?,
                    }
                }
            }
            _ => xml.skip()?,
        }
    }
    xml.need(amount, "InstdAmt")
}
