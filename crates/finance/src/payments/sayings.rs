//! What a bank's message says, taken apart into single sayings. Nothing is decided here about lines of ours.
//!
//! Each saying has a name of its own that does not depend on the file it came in: the bank's own reference of a booking
//! (`AcctSvcrRef`), else its place in the statement of that id; of a status report the report's id, the payment and the
//! status. So a statement that is sent again, alone or with others, tells nothing new.

use kernel::{Fault, Refusal};

use super::desk::Payments;
use super::model::{SayingId, Says, Source};
use super::repo::SayingRow;
use super::rules::content;
use crate::bank::{
    AccountReport, Amount, BookedPayment, Direction, Entry, EntryState, Status, StatusReport, Verdict, mask,
};

/// What banks write where there is no reference.
const NOT_PROVIDED: &str = "NOTPROVIDED";

/// What a message says, and how much of it is not about payments out.
pub(super) struct Told {
    pub sayings: Vec<SayingRow>,
    /// Statements' accounts by their marks, with a masked number.
    pub accounts: Vec<(String, String)>,
    /// Entries that are not final, or bring money that was not ours before.
    pub passed_over: usize,
}

/// One status of a report, with the payment it is about.
pub(super) struct StatusOfPayment<'a> {
    pub status: &'a Status,
    pub reference: &'a str,
    pub bank_reference: Option<&'a str>,
}

impl Payments {
    /// The saying of one status.
    pub(super) fn status_saying(
        &self,
        file: &str,
        report: &StatusReport,
        one: &StatusOfPayment<'_>,
    ) -> SayingRow {
        let code = &one.status.code;
        let says = match Verdict::of(code) {
            Some(Verdict::Pending | Verdict::Partial) => Says::Pending,
            Some(Verdict::Accepted) => Says::Accepted,
            Some(Verdict::Settled) => Says::Settled,
            Some(Verdict::Rejected) => Says::Rejected,
            None => Says::Unknown,
        };
        let reasons = one.status.reasons.iter();
        let reasons: Vec<String> = reasons
            .flat_map(|reason| [reason.code.clone().unwrap_or_default(), reason.text.clone()])
            .filter(|text| !text.is_empty())
            .collect();
        SayingRow {
            said_sha256: content(&["status", &report.message_id, one.reference, code]),
            code: Some(code.clone()),
            text: reasons.join(" "),
            reference: Some(one.reference.to_owned()),
            bank_reference: one.bank_reference.map(str::to_owned),
            ..self.blank(file, Source::Status, says)
        }
    }

    /// What statements or notifications say of payments out.
    pub(super) fn told_by(&self, file: &str, source: Source, report: &AccountReport) -> Told {
        let mut told = Told {
            sayings: Vec::new(),
            accounts: Vec::new(),
            passed_over: 0,
        };
        for statement in &report.statements {
            let payer = self.account_mark(&statement.account);
            told.accounts.push((payer.clone(), mask(&statement.account)));
            for (entry, number) in statement.entries.iter().zip(1_usize..) {
                if entry.state != EntryState::Booked {
                    told.passed_over += 1;
                    continue;
                }
                let in_statement = || {
                    let place = entry.reference.clone().unwrap_or_else(|| number.to_string());
                    format!("{} {place}", statement.id)
                };
                let name = entry.bank_reference.clone().unwrap_or_else(in_statement);
                let sayings = self.told_by_entry(file, source, &payer, &name, entry);
                if sayings.is_empty() {
                    told.passed_over += 1;
                }
                told.sayings.extend(sayings);
            }
        }
        told
    }

    fn told_by_entry(
        &self,
        file: &str,
        source: Source,
        payer: &str,
        name: &str,
        entry: &Entry,
    ) -> Vec<SayingRow> {
        let alone = [BookedPayment::default()];
        let payments = if entry.payments.is_empty() {
            &alone[..]
        } else {
            &entry.payments
        };
        let is_alone = payments.len() == 1;
        let mut sayings = Vec::new();
        for (payment, number) in payments.iter().zip(1_usize..) {
            let direction = payment.direction.unwrap_or(entry.direction);
            let is_back = payment.returned.is_some() || entry.is_reversal;
            let reference = reference_of(payment);
            let is_ours = reference.is_some_and(|reference| reference.starts_with("FP"));
            let says = match direction {
                Direction::Debit => Says::Paid,
                Direction::Credit if is_back || is_ours => Says::Returned,
                Direction::Credit => continue,
            };
            let amount = payment.amount.or(is_alone.then_some(entry.amount));
            let within = payment
                .bank_reference
                .clone()
                .unwrap_or_else(|| number.to_string());
            let account = match says {
                Says::Paid => &payment.creditor_account,
                // The parties of a return are turned round, or are those of the payment.
                _ => payment
                    .debtor_account
                    .as_ref()
                    .map_or(&payment.creditor_account, |_| &payment.debtor_account),
            };
            let returned = payment.returned.clone().unwrap_or_default();
            sayings.push(SayingRow {
                said_sha256: content(&[
                    source.as_str(),
                    payer,
                    name,
                    &within,
                    reference.unwrap_or_default(),
                    says.as_str(),
                    &amount.map(|amount| amount.to_string()).unwrap_or_default(),
                ]),
                code: returned.code,
                text: returned.text,
                payer_mark: Some(payer.to_owned()),
                reference: reference.map(str::to_owned),
                account_mark: account.as_ref().map(|number| self.account_mark(number)),
                account_masked: account.as_deref().map(mask),
                booked_on: entry.booked_on.map(|day| day.to_string()),
                bank_reference: payment
                    .bank_reference
                    .clone()
                    .or_else(|| entry.bank_reference.clone()),
                ..with_amount(self.blank(file, source, says), amount)
            });
        }
        sayings
    }

    /// A saying that says nothing yet but where it came from.
    pub(super) fn blank(&self, file: &str, source: Source, says: Says) -> SayingRow {
        SayingRow {
            id: SayingId::from_uuid(self.ids.next()),
            said_sha256: String::new(),
            file_sha256: file.to_owned(),
            source,
            says,
            code: None,
            text: String::new(),
            payer_mark: None,
            reference: None,
            account_mark: None,
            account_masked: None,
            amount: None,
            booked_on: None,
            bank_reference: None,
            witness: None,
            line: None,
            trouble: (says == Says::Unknown).then_some("payments.unknown_status"),
        }
    }
}

/// `EndToEndId`, else `InstrId`, which is the same in our files; none where the bank says that there is none.
fn reference_of(payment: &BookedPayment) -> Option<&str> {
    let given = [&payment.end_to_end_id, &payment.instruction_id];
    let mut given = given.into_iter().flatten().map(String::as_str);
    given.find(|reference| *reference != NOT_PROVIDED)
}

/// A message that answers nothing.
pub(super) fn not_an_answer(file: &str) -> Refusal {
    Refusal::new("payments.not_an_answer", Fault::Refused).at(file)
}

/// An amount that is not whole fen of yuan, or not said, is nothing that the books can take: a person looks at it.
fn with_amount(saying: SayingRow, amount: Option<Amount>) -> SayingRow {
    match amount.map(Amount::money) {
        Some(Ok(money)) => SayingRow {
            amount: Some(money),
            ..saying
        },
        Some(Err(refusal)) => SayingRow {
            trouble: Some(refusal.code),
            ..saying
        },
        None => SayingRow {
            trouble: Some("payments.no_amount"),
            ..saying
        },
    }
}
