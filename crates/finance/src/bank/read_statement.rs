//! Reads `camt.053` and `camt.054` into [`AccountReport`], element by element.

use std::io::BufRead;

use jiff::Timestamp;
use kernel::{Currency, Refusal};

use super::amount::Amount;
use super::party::{self, append, reason};
use super::statement::{
    AccountReport, Balance, BookedPayment, Direction, Entry, EntryState, Statement, Total, Totals,
};
use super::status::header_of;
use super::xml::Xml;

/// Reads the open element `BkToCstmrStmt` or `BkToCstmrDbtCdtNtfctn`; `part` is what each account's part is called.
pub(super) fn read<B: BufRead>(xml: &mut Xml<B>, part: &'static str) -> Result<AccountReport, Refusal> {
    let (mut header, mut statements): (Option<(String, Timestamp)>, _) = (None, Vec::new());
    while let Some(name) = xml.child()? {
        if name == "GrpHdr" {
            let read = header_of(xml)?;
            xml.once(&mut header, read)?;
        } else if name == part {
            statements.push(statement(xml)?);
        } else {
            xml.skip()?;
        }
    }
    let (message_id, created_at) = xml.need(header, "GrpHdr")?;
    xml.need((!statements.is_empty()).then_some(()), part)?;
    Ok(AccountReport {
        message_id,
        created_at,
        statements,
    })
}

fn statement<B: BufRead>(xml: &mut Xml<B>) -> Result<Statement, Refusal> {
    let (mut id, mut account, mut totals) = (None, None, None);
    let (mut balances, mut entries, mut page) = (Vec::new(), Vec::new(), None);
    while let Some(name) = xml.child()? {
        match name {
            "Id" => {
                let read = xml.text(35)?;
                xml.once(&mut id, read)?;
            }
            "Acct" => {
                let read = account_of(xml)?;
                xml.once(&mut account, read)?;
            }
            "Bal" => balances.push(balance(xml)?),
            "TxsSummry" => {
                let read = totals_of(xml)?;
                xml.once(&mut totals, read)?;
            }
            "StmtPgntn" | "NtfctnPgntn" => {
                let read = is_one_page(xml)?;
                xml.once(&mut page, read)?;
            }
            "Ntry" => entries.push(entry(xml)?),
            _ => xml.skip()?,
        }
    }
    let (account, currency) = xml.need(account, "Acct")?;
    let statement = Statement {
        id: xml.need(id, "Id")?,
        account,
        currency,
        balances,
        is_one_page: page.unwrap_or_default(),
        totals: totals.unwrap_or_default(),
        entries,
    };
    statement.require_complete(&xml.last_path())?;
    Ok(statement)
}

/// A first page that is the last one is the whole.
fn is_one_page<B: BufRead>(xml: &mut Xml<B>) -> Result<bool, Refusal> {
    let (mut number, mut is_last) = (None, None);
    while let Some(name) = xml.child()? {
        match name {
            "PgNb" => {
                let read = xml.count()?;
                xml.once(&mut number, read)?;
            }
            "LastPgInd" => {
                let read = flag(xml)?;
                xml.once(&mut is_last, read)?;
            }
            _ => xml.skip()?,
        }
    }
    Ok(number != Some(1) || is_last != Some(true))
}

fn flag<B: BufRead>(xml: &mut Xml<B>) -> Result<bool, Refusal> {
    xml.word("true, false", |text| match text {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    })
}

fn direction<B: BufRead>(xml: &mut Xml<B>) -> Result<Direction, Refusal> {
    xml.word("CRDT, DBIT", Direction::read)
}

/// The account a statement is about: its number, and its currency where that is said. The number is read as in
/// [`party::account`], and the element's other children are looked at too.
fn account_of<B: BufRead>(xml: &mut Xml<B>) -> Result<(String, Option<Currency>), Refusal> {
    let (mut number, mut currency) = (None, None);
    while let Some(name) = xml.child()? {
        match name {
            "Id" => {
                let read = party::account_id(xml)?;
                xml.once(&mut number, read)?;
            }
            "Ccy" => {
                let read = xml.word("[A-Z]{3}", |text| text.parse().ok())?;
                xml.once(&mut currency, read)?;
            }
            _ => xml.skip()?,
        }
    }
    let number = xml.need(number, "Id")?;
    Ok((xml.need(number, "Id/Othr/Id")?, currency))
}

fn balance<B: BufRead>(xml: &mut Xml<B>) -> Result<Balance, Refusal> {
    let (mut code, mut amount, mut side, mut on) = (None, None, None, None);
    while let Some(name) = xml.child()? {
        match name {
            "Tp" => {
                let read = balance_type(xml)?;
                xml.once(&mut code, read)?;
            }
            "Amt" => {
                let read = xml.amount()?;
                xml.once(&mut amount, read)?;
            }
            "CdtDbtInd" => {
                let read = direction(xml)?;
                xml.once(&mut side, read)?;
            }
            "Dt" => {
                let read = xml.day()?;
                xml.once(&mut on, read)?;
            }
            _ => xml.skip()?,
        }
    }
    Ok(Balance {
        code: xml.need(code, "Tp")?,
        amount: xml.need(amount, "Amt")?,
        direction: xml.need(side, "CdtDbtInd")?,
        on: xml.need(on, "Dt")?,
    })
}

fn balance_type<B: BufRead>(xml: &mut Xml<B>) -> Result<String, Refusal> {
    let mut code = None;
    while let Some(name) = xml.child()? {
        if name == "CdOrPrtry" {
            let read = xml.code()?;
            xml.once(&mut code, read)?;
        } else {
            xml.skip()?;
        }
    }
    xml.need(code, "CdOrPrtry")
}

fn totals_of<B: BufRead>(xml: &mut Xml<B>) -> Result<Totals, Refusal> {
    let (mut all, mut credit, mut debit) = (None, None, None);
    while let Some(name) = xml.child()? {
        let slot = match name {
            "TtlNtries" => &mut all,
            "TtlCdtNtries" => &mut credit,
            "TtlDbtNtries" => &mut debit,
            _ => {
                xml.skip()?;
                continue;
            }
        };
        let read = total(xml)?;
        xml.once(slot, read)?;
    }
    Ok(Totals {
        all: all.unwrap_or_default(),
        credit: credit.unwrap_or_default(),
        debit: debit.unwrap_or_default(),
    })
}

fn total<B: BufRead>(xml: &mut Xml<B>) -> Result<Total, Refusal> {
    let mut total = Total::default();
    while let Some(name) = xml.child()? {
        match name {
            "NbOfNtries" => {
                let read = xml.count()?;
                xml.once(&mut total.count, read)?;
            }
            "Sum" => {
                let read = xml.decimal()?;
                xml.once(&mut total.sum, read)?;
            }
            _ => xml.skip()?,
        }
    }
    Ok(total)
}

/// What an entry says, while it is read.
#[derive(Default)]
struct EntryParts {
    reference: Option<String>,
    amount: Option<Amount>,
    direction: Option<Direction>,
    is_reversal: Option<bool>,
    state: Option<EntryState>,
    booked_on: Option<jiff::civil::Date>,
    value_on: Option<jiff::civil::Date>,
    bank_reference: Option<String>,
    payments: Vec<BookedPayment>,
    text: String,
}

fn entry<B: BufRead>(xml: &mut Xml<B>) -> Result<Entry, Refusal> {
    let mut parts = EntryParts::default();
    while let Some(name) = xml.child()? {
        match name {
            "NtryRef" => xml
                .text(35)
                .and_then(|read| xml.once(&mut parts.reference, read))?,
            "Amt" => xml.amount().and_then(|read| xml.once(&mut parts.amount, read))?,
            "CdtDbtInd" => direction(xml).and_then(|read| xml.once(&mut parts.direction, read))?,
            "RvslInd" => flag(xml).and_then(|read| xml.once(&mut parts.is_reversal, read))?,
            "Sts" => entry_state(xml).and_then(|read| xml.once(&mut parts.state, read))?,
            "BookgDt" => xml.day().and_then(|read| xml.once(&mut parts.booked_on, read))?,
            "ValDt" => xml.day().and_then(|read| xml.once(&mut parts.value_on, read))?,
            "AcctSvcrRef" => xml
                .text(35)
                .and_then(|read| xml.once(&mut parts.bank_reference, read))?,
            "NtryDtls" => details(xml, &mut parts.payments)?,
            "AddtlNtryInf" => append(&mut parts.text, &xml.text(500)?),
            _ => xml.skip()?,
        }
    }
    Ok(Entry {
        reference: parts.reference,
        amount: xml.need(parts.amount, "Amt")?,
        direction: xml.need(parts.direction, "CdtDbtInd")?,
        is_reversal: parts.is_reversal.unwrap_or_default(),
        state: xml.need(parts.state, "Sts")?,
        booked_on: parts.booked_on,
        value_on: parts.value_on,
        bank_reference: parts.bank_reference,
        payments: parts.payments,
        text: parts.text,
    })
}

/// `Sts` is a code up to version 02, and holds one since.
fn entry_state<B: BufRead>(xml: &mut Xml<B>) -> Result<EntryState, Refusal> {
    let code = xml.text_or_code()?;
    EntryState::read(&code).ok_or_else(|| {
        let refusal = xml.refused_last("bank.bad_value").value(&code);
        refusal.fact("rule", "BOOK, PDNG, FUTR, INFO")
    })
}

fn details<B: BufRead>(xml: &mut Xml<B>, payments: &mut Vec<BookedPayment>) -> Result<(), Refusal> {
    while let Some(name) = xml.child()? {
        match name {
            "TxDtls" => payments.push(payment(xml)?),
            _ => xml.skip()?,
        }
    }
    Ok(())
}

fn payment<B: BufRead>(xml: &mut Xml<B>) -> Result<BookedPayment, Refusal> {
    let mut payment = BookedPayment::default();
    let mut told = None;
    while let Some(name) = xml.child()? {
        match name {
            "Refs" => references(xml, &mut payment)?,
            "Amt" => xml
                .amount()
                .and_then(|read| xml.once(&mut payment.amount, read))?,
            "CdtDbtInd" => direction(xml).and_then(|read| xml.once(&mut payment.direction, read))?,
            "AmtDtls" => told = amount_details(xml)?,
            "RltdPties" => parties(xml, &mut payment)?,
            "RtrInf" => reason(xml).and_then(|read| xml.once(&mut payment.returned, read))?,
            "RmtInf" => remittance(xml, &mut payment.text)?,
            "AddtlTxInf" => append(&mut payment.text, &xml.text(500)?),
            _ => xml.skip()?,
        }
    }
    payment.amount = payment.amount.or(told);
    Ok(payment)
}

fn references<B: BufRead>(xml: &mut Xml<B>, payment: &mut BookedPayment) -> Result<(), Refusal> {
    while let Some(name) = xml.child()? {
        let slot = match name {
            "MsgId" => &mut payment.message_id,
            "AcctSvcrRef" => &mut payment.bank_reference,
            "InstrId" => &mut payment.instruction_id,
            "EndToEndId" => &mut payment.end_to_end_id,
            _ => {
                xml.skip()?;
                continue;
            }
        };
        let read = xml.text(35)?;
        xml.once(slot, read)?;
    }
    Ok(())
}

/// The amount of the payment as it went over the account, else as it was asked for.
fn amount_details<B: BufRead>(xml: &mut Xml<B>) -> Result<Option<Amount>, Refusal> {
    let (mut booked, mut instructed) = (None, None);
    while let Some(name) = xml.child()? {
        let slot = match name {
            "TxAmt" => &mut booked,
            "InstdAmt" => &mut instructed,
            _ => {
                xml.skip()?;
                continue;
            }
        };
        while let Some(name) = xml.child()? {
            if name == "Amt" {
                let read = xml.amount()?;
                xml.once(slot, read)?;
            } else {
                xml.skip()?;
            }
        }
    }
    Ok(booked.or(instructed))
}

fn parties<B: BufRead>(xml: &mut Xml<B>, payment: &mut BookedPayment) -> Result<(), Refusal> {
    while let Some(name) = xml.child()? {
        match name {
            "Dbtr" => payment.debtor_name = party::name(xml)?,
            "Cdtr" => payment.creditor_name = party::name(xml)?,
            "DbtrAcct" => payment.debtor_account = party::account(xml)?,
            "CdtrAcct" => payment.creditor_account = party::account(xml)?,
            _ => xml.skip()?,
        }
    }
    Ok(())
}

fn remittance<B: BufRead>(xml: &mut Xml<B>, text: &mut String) -> Result<(), Refusal> {
    while let Some(name) = xml.child()? {
        match name {
            "Ustrd" => append(text, &xml.text(140)?),
            _ => xml.skip()?,
        }
    }
    Ok(())
}
