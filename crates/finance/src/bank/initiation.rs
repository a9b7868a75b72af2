//! Writes what a bank is asked to pay: `pain.001.001.09`, CustomerCreditTransferInitiation.
//!
//! Where the message leaves a choice, the practice in China decides: yuan with two places; account numbers as
//! `Othr/Id`, because there is no IBAN; banks by their code in the payment systems (`ClrSysId/Cd` is `CNAPS` of the list
//! ExternalClearingSystemIdentification1Code); names and remittance text in Chinese. The payer bears the charges
//! (`DEBT`), so that a household gets the whole amount, and each payment is booked by itself (`BtchBookg` is false), so
//! that a statement names each.
//!
//! The same order makes the same bytes: ids and the time of creation are part of the order.

use std::collections::HashSet;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use kernel::{Fault, Money, Refusal};

use super::account::{AccountNumber, BankCode};
use super::amount::Decimal;
use super::purpose::Purpose;
use super::writer::File;

/// The namespace that is written.
const NAMESPACE: &str = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09";
/// The most payments of one message: a larger file is refused by most banks' channels, and is not read back here.
pub const PAYMENTS_MAX: usize = 50_000;

/// Somebody with an account at a bank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// The name in which the account is held; at most 140 characters.
    pub name: String,
    /// The account.
    pub account: AccountNumber,
    /// The bank that keeps it.
    pub bank: BankCode,
}

/// One payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// What the bank's answers name the payment by; at most 35 characters.
    pub end_to_end_id: String,
    /// How much; more than nothing.
    pub amount: Money,
    /// Who gets it.
    pub creditor: Party,
    /// What for.
    pub purpose: Purpose,
    /// What the creditor reads on the statement; at most 140 characters, none where it is empty.
    pub remittance: String,
}

/// Payments from one account on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Initiation {
    /// What the bank's answers name the message by; at most 35 characters.
    pub message_id: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When the bank is to pay.
    pub execute_on: Date,
    /// Who pays, from which account.
    pub debtor: Party,
    /// The payments; at least one.
    pub transfers: Vec<Transfer>,
}

impl Initiation {
    /// The control sum.
    ///
    /// # Errors
    /// `kernel.money_overflow`.
    pub fn total(&self) -> Result<Money, Refusal> {
        Money::try_sum(self.transfers.iter().map(|transfer| transfer.amount))
    }

    /// The message as a file.
    ///
    /// # Errors
    /// `bank.no_payments`, `bank.too_many_payments`, `bank.amount_not_positive`, `bank.repeated_reference`,
    /// `bank.bad_text` for an id, a name or a text that the message does not take; `kernel.money_overflow`.
    pub fn to_xml(&self) -> Result<Vec<u8>, Refusal> {
        self.require_sound()?;
        let mut file = File::open(NAMESPACE)?;
        file.inside("CstmrCdtTrfInitn", |file| {
            self.write_group_header(file)?;
            file.inside("PmtInf", |file| self.write_instruction(file))
        })?;
        file.close()
    }

    fn require_sound(&self) -> Result<(), Refusal> {
        if self.transfers.is_empty() {
            return Err(Refusal::new("bank.no_payments", Fault::Refused));
        }
        if self.transfers.len() > PAYMENTS_MAX {
            return Err(Refusal::new("bank.too_many_payments", Fault::Refused)
                .value(self.transfers.len())
                .fact("max", PAYMENTS_MAX));
        }
        require_text("MsgId", &self.message_id, 35)?;
        require_text("Dbtr/Nm", &self.debtor.name, 140)?;
        let mut references = HashSet::new();
        for (transfer, number) in self.transfers.iter().zip(1..) {
            let at = |field: &str| format!("CdtTrfTxInf[{number}]/{field}");
            require_text(&at("EndToEndId"), &transfer.end_to_end_id, 35)?;
            require_text(&at("Cdtr/Nm"), &transfer.creditor.name, 140)?;
            if !transfer.remittance.is_empty() {
                require_text(&at("RmtInf/Ustrd"), &transfer.remittance, 140)?;
            }
            if transfer.amount <= Money::ZERO {
                let refusal = Refusal::new("bank.amount_not_positive", Fault::Refused);
                return Err(refusal.at(at("InstdAmt")).value(transfer.amount));
            }
            if !references.insert(transfer.end_to_end_id.as_str()) {
                let refusal = Refusal::new("bank.repeated_reference", Fault::Refused);
                return Err(refusal.at(at("EndToEndId")).value(&transfer.end_to_end_id));
            }
        }
        Ok(())
    }

    fn write_group_header(&self, file: &mut File) -> Result<(), Refusal> {
        let total = Decimal::from_money(self.total()?);
        file.inside("GrpHdr", |file| {
            file.text("MsgId", &self.message_id)?;
            let local = Offset::constant(8).to_datetime(self.created_at);
            file.text("CreDtTm", &local.strftime("%Y-%m-%dT%H:%M:%S+08:00").to_string())?;
            file.text("NbOfTxs", &self.transfers.len().to_string())?;
            file.text("CtrlSum", &total.to_string())?;
            file.inside("InitgPty", |file| file.text("Nm", &self.debtor.name))
        })
    }

    fn write_instruction(&self, file: &mut File) -> Result<(), Refusal> {
        let total = Decimal::from_money(self.total()?);
        // One account, one day, one instruction: it goes by the name of the message.
        file.text("PmtInfId", &self.message_id)?;
        file.text("PmtMtd", "TRF")?;
        file.text("BtchBookg", "false")?;
        file.text("NbOfTxs", &self.transfers.len().to_string())?;
        file.text("CtrlSum", &total.to_string())?;
        file.inside("PmtTpInf", |file| file.text("InstrPrty", "NORM"))?;
        file.inside("ReqdExctnDt", |file| {
            file.text("Dt", &self.execute_on.to_string())
        })?;
        file.inside("Dbtr", |file| file.text("Nm", &self.debtor.name))?;
        file.inside("DbtrAcct", |file| {
            file.account(&self.debtor.account)?;
            file.text("Ccy", "CNY")
        })?;
        file.inside("DbtrAgt", |file| file.bank(&self.debtor.bank))?;
        file.text("ChrgBr", "DEBT")?;
        for transfer in &self.transfers {
            file.inside("CdtTrfTxInf", |file| transfer.write(file))?;
        }
        Ok(())
    }
}

impl Transfer {
    fn write(&self, file: &mut File) -> Result<(), Refusal> {
        file.inside("PmtId", |file| {
            file.text("InstrId", &self.end_to_end_id)?;
            file.text("EndToEndId", &self.end_to_end_id)
        })?;
        file.inside("Amt", |file| file.yuan("InstdAmt", self.amount))?;
        file.inside("CdtrAgt", |file| file.bank(&self.creditor.bank))?;
        file.inside("Cdtr", |file| file.text("Nm", &self.creditor.name))?;
        file.inside("CdtrAcct", |file| file.account(&self.creditor.account))?;
        file.inside("Purp", |file| file.text("Cd", self.purpose.iso_code()))?;
        if self.remittance.is_empty() {
            return Ok(());
        }
        file.inside("RmtInf", |file| file.text("Ustrd", &self.remittance))
    }
}

/// A text that the message takes: not empty, no blank at its ends, not too long, no control characters.
fn require_text(at: &str, text: &str, chars_max: usize) -> Result<(), Refusal> {
    let is_plain = !text.is_empty() && text.trim() == text && !text.chars().any(is_outside);
    if is_plain && text.chars().count() <= chars_max {
        return Ok(());
    }
    Err(Refusal::new("bank.bad_text", Fault::Refused)
        .at(at)
        .value(text)
        .fact("max", chars_max))
}

/// Characters that XML 1.0 does not take (controls, U+FFFE, U+FFFF).
fn is_outside(character: char) -> bool {
    character.is_control() || matches!(character, '\u{fffe}' | '\u{ffff}')
}
