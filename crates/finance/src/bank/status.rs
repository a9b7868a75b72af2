//! Reads what a bank says about a message it was sent: `pain.002`, CustomerPaymentStatusReport.
//!
//! A report speaks of the whole message, of an instruction in it or of single payments, each with a status; what it
//! says nothing about stays as it was. Versions 03 and 10.

use std::io::BufRead;

use jiff::Timestamp;
use kernel::Refusal;
use serde::Serialize;

use super::amount::Amount;
use super::party::{self, Reason, reason};
use super::xml::Xml;

/// A report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StatusReport {
    /// What the bank names the report by.
    pub message_id: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Which message it is about.
    pub original_message_id: String,
    /// Where the whole message stands.
    pub group: Option<Status>,
    /// Where each instruction of it stands.
    pub instructions: Vec<InstructionStatus>,
}

/// A status and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Status {
    /// The code, such as `ACSC`; [`Verdict::of`] says what it means.
    pub code: String,
    /// Why.
    pub reasons: Vec<Reason>,
}

/// What was said about an instruction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InstructionStatus {
    /// Which.
    pub original_id: String,
    /// Where all of it stands.
    pub status: Option<Status>,
    /// Where single payments stand.
    pub payments: Vec<PaymentStatus>,
}

/// What was said about one payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PaymentStatus {
    /// What the bank names this line of its report by.
    pub status_id: Option<String>,
    /// `InstrId` of the payment.
    pub original_instruction_id: Option<String>,
    /// `EndToEndId` of the payment.
    pub original_end_to_end_id: Option<String>,
    /// Where it stands.
    pub status: Option<Status>,
    /// What the bank names the payment by.
    pub bank_reference: Option<String>,
    /// The amount that was asked for, where the report repeats it.
    pub amount: Option<Amount>,
    /// The account it was to go to, where the report repeats it.
    pub creditor_account: Option<String>,
}

/// What a status means for money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The bank has it and has not decided.
    Pending,
    /// The bank will pay.
    Accepted,
    /// The account of the payer is debited, or that of the payee credited.
    Settled,
    /// The bank will not pay.
    Rejected,
    /// Some payments are one thing and some another; each says which.
    Partial,
}

impl Verdict {
    /// What a code of the list ExternalPaymentTransactionStatus1Code or ExternalPaymentGroupStatus1Code means; none for
    /// one that is not known here, which a person has to look at.
    ///
    /// `ACTC` (technically checked), `RCVD`, `PDNG` and the like promise nothing. `ACWC` and `ACWP` are payments that are
    /// accepted with a change or without posting. Only `ACSC` and `ACCC` say that the money has gone.
    pub fn of(code: &str) -> Option<Self> {
        Some(match code {
            "RCVD" | "PDNG" | "ACTC" | "PATC" | "PRES" => Self::Pending,
            "ACCP" | "ACSP" | "ACWC" | "ACWP" | "ACFC" => Self::Accepted,
            "ACSC" | "ACCC" => Self::Settled,
            "RJCT" | "CANC" => Self::Rejected,
            "PART" => Self::Partial,
            _ => return None,
        })
    }
}

/// Reads the open element `CstmrPmtStsRpt`.
pub(super) fn read<B: BufRead>(xml: &mut Xml<B>) -> Result<StatusReport, Refusal> {
    let (mut header, mut original, mut instructions) = (None, None, Vec::new());
    while let Some(name) = xml.child()? {
        match name {
            "GrpHdr" => {
                let read = header_of(xml)?;
                xml.once(&mut header, read)?;
            }
            "OrgnlGrpInfAndSts" => {
                let read = group(xml)?;
                xml.once(&mut original, read)?;
            }
            "OrgnlPmtInfAndSts" => instructions.push(instruction(xml)?),
            _ => xml.skip()?,
        }
    }
    let (message_id, created_at) = xml.need(header, "GrpHdr")?;
    let (original_message_id, group) = xml.need(original, "OrgnlGrpInfAndSts")?;
    Ok(StatusReport {
        message_id,
        created_at,
        original_message_id,
        group,
        instructions,
    })
}

/// Reads the open element `GrpHdr`: `MsgId` and `CreDtTm`, which every message has.
pub(super) fn header_of<B: BufRead>(xml: &mut Xml<B>) -> Result<(String, Timestamp), Refusal> {
    let (mut id, mut created_at) = (None, None);
    while let Some(name) = xml.child()? {
        match name {
            "MsgId" => {
                let read = xml.text(35)?;
                xml.once(&mut id, read)?;
            }
            "CreDtTm" => {
                let read = xml.instant()?;
                xml.once(&mut created_at, read)?;
            }
            _ => xml.skip()?,
        }
    }
    Ok((xml.need(id, "MsgId")?, xml.need(created_at, "CreDtTm")?))
}

fn group<B: BufRead>(xml: &mut Xml<B>) -> Result<(String, Option<Status>), Refusal> {
    let (mut id, mut status, mut reasons) = (None, None, Vec::new());
    while let Some(name) = xml.child()? {
        match name {
            "OrgnlMsgId" => {
                let read = xml.text(35)?;
                xml.once(&mut id, read)?;
            }
            "GrpSts" => {
                let read = xml.text(4)?;
                xml.once(&mut status, read)?;
            }
            "StsRsnInf" => reasons.push(reason(xml)?),
            _ => xml.skip()?,
        }
    }
    let status = status.map(|code| Status { code, reasons });
    Ok((xml.need(id, "OrgnlMsgId")?, status))
}

fn instruction<B: BufRead>(xml: &mut Xml<B>) -> Result<InstructionStatus, Refusal> {
    let (mut id, mut status, mut reasons, mut payments) = (None, None, Vec::new(), Vec::new());
    while let Some(name) = xml.child()? {
        match name {
            "OrgnlPmtInfId" => {
                let read = xml.text(35)?;
                xml.once(&mut id, read)?;
            }
            "PmtInfSts" => {
                let read = xml.text(4)?;
                xml.once(&mut status, read)?;
            }
            "StsRsnInf" => reasons.push(reason(xml)?),
            "TxInfAndSts" => payments.push(payment(xml)?),
            _ => xml.skip()?,
        }
    }
    Ok(InstructionStatus {
        original_id: xml.need(id, "OrgnlPmtInfId")?,
        status: status.map(|code| Status { code, reasons }),
        payments,
    })
}

fn payment<B: BufRead>(xml: &mut Xml<B>) -> Result<PaymentStatus, Refusal> {
    let (mut status_id, mut instruction_id, mut end_to_end_id) = (None, None, None);
    let (mut status, mut reasons, mut bank_reference) = (None, Vec::new(), None);
    let mut original = None;
    while let Some(name) = xml.child()? {
        let slot = match name {
            "StsId" => &mut status_id,
            "OrgnlInstrId" => &mut instruction_id,
            "OrgnlEndToEndId" => &mut end_to_end_id,
            "TxSts" => &mut status,
            "AcctSvcrRef" => &mut bank_reference,
            "StsRsnInf" => {
                reasons.push(reason(xml)?);
                continue;
            }
            "OrgnlTxRef" => {
                let read = original_payment(xml)?;
                xml.once(&mut original, read)?;
                continue;
            }
            _ => {
                xml.skip()?;
                continue;
            }
        };
        let read = xml.text(35)?;
        xml.once(slot, read)?;
    }
    let (amount, creditor_account) = original.unwrap_or_default();
    Ok(PaymentStatus {
        status_id,
        original_instruction_id: instruction_id,
        original_end_to_end_id: end_to_end_id,
        status: status.map(|code| Status { code, reasons }),
        bank_reference,
        amount,
        creditor_account,
    })
}

fn original_payment<B: BufRead>(xml: &mut Xml<B>) -> Result<(Option<Amount>, Option<String>), Refusal> {
    let (mut amount, mut creditor_account) = (None, None);
    while let Some(name) = xml.child()? {
        match name {
            "Amt" => {
                while let Some(name) = xml.child()? {
                    if name == "InstdAmt" {
                        let read = xml.amount()?;
                        xml.once(&mut amount, read)?;
                    } else {
                        xml.skip()?;
                    }
                }
            }
            "CdtrAcct" => {
                let read = party::account(xml)?;
                if let Some(number) = read {
                    xml.once(&mut creditor_account, number)?;
                }
            }
            _ => xml.skip()?,
        }
    }
    Ok((amount, creditor_account))
}
