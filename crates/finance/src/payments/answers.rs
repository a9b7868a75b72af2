//! Taking in what a bank answers: each saying once, given to its payment, and the payment brought to what follows.
//!
//! ```text
//! file -> read whole, checked                       (bank::read_message)
//!      -> sayings                                   (sayings)
//!      -> parts of a few hundred, a command each: new sayings kept, given to lines, lines changed, money posted
//!      -> the file noted as taken in
//! ```
//! A kill between two parts leaves what was done; the same file again does the rest and nothing twice.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use futures::FutureExt as _;
use jiff::civil::Date;
use kernel::{Actor, Done, Fault, Money, Refusal};
use serde::Serialize;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use store::{Ctx, Evidence, Fact, args};

use super::change::bring_up_to_date;
use super::desk::Payments;
use super::model::{LineId, MatchedBy, Says, Source};
use super::repo::{self as sql, SayingRow, insert_saying};
use super::rules::reference;
use super::sayings::{StatusOfPayment, not_an_answer};
use crate::bank::{BankMessage, Status, StatusReport, read_message};

/// Sayings that one command takes: others wait no longer than for a large import.
const PART: usize = 250;

/// What came of a bank's file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct AnswerReport {
    /// The SHA-256 of the file.
    pub sha256: String,
    /// What the bank names the message by.
    pub message_id: String,
    /// What it said of payments out.
    pub said: usize,
    /// How much of that was new.
    pub new: usize,
    /// Payments whose state changed.
    pub changed: usize,
    /// What waits for a person.
    pub open: usize,
    /// Entries that are not final, or have nothing to do with payments out.
    pub passed_over: usize,
}

/// What one part came to.
#[derive(Default)]
struct Part {
    new: usize,
    changed: usize,
    open: usize,
}

/// What sayings without a reference are compared by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Group {
    payer_mark: String,
    account_mark: String,
    amount: i64,
    source: &'static str,
    says: &'static str,
}

impl Payments {
    /// Takes in a status report, a statement or a notification. The same file again changes nothing.
    ///
    /// # Errors
    /// Those of [`read_message`]; `payments.not_an_answer` for a file that was sent to a bank;
    /// `payments.unknown_payer` for a statement of an account that no batch pays from; what the books refuse, such as
    /// `books.below_zero`; what the store gives.
    pub async fn take_answer(&self, actor: Actor, file: &[u8]) -> Result<Done<AnswerReport>, Refusal> {
        let sha256 = hex::encode(Sha256::digest(file));
        if let Some(before) = self.taken_before(&sha256).await? {
            return Ok(Done::Already(before));
        }
        let message = read_message(file)?;
        let (kind, message_id, sayings, passed_over) = match &message {
            BankMessage::Initiation(copy) => return Err(not_an_answer(&copy.message_id)),
            BankMessage::Status(report) => {
                let sayings = self.told_by_status(&sha256, report).await?;
                ("pain.002", &report.message_id, sayings, 0)
            }
            BankMessage::Statement(report) | BankMessage::Notification(report) => {
                let (kind, source) = match message {
                    BankMessage::Statement(_) => ("camt.053", Source::Statement),
                    _ => ("camt.054", Source::Notification),
                };
                let told = self.told_by(&sha256, source, report);
                self.require_payers(&told.accounts).await?;
                (kind, &report.message_id, told.sayings, told.passed_over)
            }
        };
        let mut report = AnswerReport {
            sha256: sha256.clone(),
            message_id: message_id.clone(),
            said: sayings.len(),
            passed_over,
            ..AnswerReport::default()
        };
        let closed_through = self.closed_through().await?;
        for part in sayings.chunks(PART) {
            let (part, sha256) = (part.to_vec(), sha256.clone());
            let taken = self.store.write(actor.clone(), move |ctx| {
                async move { take_part(ctx, part, &sha256, closed_through).await }.boxed()
            });
            let taken = taken.await?;
            report.new += taken.new;
            report.changed += taken.changed;
            report.open += taken.open;
        }
        self.note_taken(actor, kind, &report).await?;
        Ok(Done::Now(report))
    }

    async fn taken_before(&self, sha256: &str) -> Result<Option<AnswerReport>, Refusal> {
        let row = self.store.read().await?.row(sql::ANSWER, args![sha256]).await?;
        row.map(|row| {
            Ok(AnswerReport {
                sha256: sha256.to_owned(),
                message_id: row.text("message_id")?,
                said: usize::try_from(row.int("said")?).unwrap_or_default(),
                ..AnswerReport::default()
            })
        })
        .transpose()
    }

    async fn note_taken(
        &self,
        actor: Actor,
        kind: &'static str,
        report: &AnswerReport,
    ) -> Result<(), Refusal> {
        let report = report.clone();
        let noted = self.store.write(actor, move |ctx| {
            async move {
                if ctx.row(sql::ANSWER, args![&report.sha256]).await?.is_some() {
                    return Ok(());
                }
                let (now, by) = (ctx.now(), ctx.actor().id.clone());
                let said = i64::try_from(report.said).unwrap_or(i64::MAX);
                let row = args![&report.sha256, kind, &report.message_id, said, now, by];
                ctx.execute_one(sql::INSERT_ANSWER, row).await?;
                let fact = Fact {
                    kind: "payments.answered",
                    place: None,
                    amount: None,
                    evidence: vec![evidence(kind, &report.sha256)],
                    body: json!({ "message": kind, "message_id": report.message_id, "said": report.said }),
                };
                ctx.record(fact).await.map(drop)
            }
            .boxed()
        });
        noted.await
    }

    /// Every statement is of an account that we pay from.
    async fn require_payers(&self, accounts: &[(String, String)]) -> Result<(), Refusal> {
        let mut reader = self.store.read().await?;
        for (mark, masked) in accounts {
            let row = reader.row(sql::PAYERS, args![mark]).await?;
            if row.map_or(Ok(0), |row| row.int("batches"))? == 0 {
                return Err(Refusal::new("payments.unknown_payer", Fault::Refused).value(masked));
            }
        }
        Ok(())
    }

    /// The last day that was closed in the books.
    pub(super) async fn closed_through(&self) -> Result<Option<Date>, Refusal> {
        let mut reader = self.store.read().await?;
        let periods = books::closed_periods(&mut reader).await?;
        Ok(periods.iter().map(|closed| closed.period.last_day()).max())
    }

    /// What a status report says of each payment: what it says of the payment itself, else of its instruction, else of
    /// the whole message.
    async fn told_by_status(&self, file: &str, report: &StatusReport) -> Result<Vec<SayingRow>, Refusal> {
        let mut sayings = Vec::new();
        let mut named: HashSet<&str> = HashSet::new();
        let mut whole: Option<&Status> = report.group.as_ref();
        for instruction in &report.instructions {
            for payment in &instruction.payments {
                let given = [&payment.original_end_to_end_id, &payment.original_instruction_id];
                let reference = given.into_iter().flatten().next().map_or("", String::as_str);
                let Some(status) = payment.status.as_ref().or(instruction.status.as_ref()) else {
                    continue;
                };
                named.insert(reference);
                let bank_reference = payment.bank_reference.as_deref();
                let one = StatusOfPayment {
                    status,
                    reference,
                    bank_reference,
                };
                sayings.push(self.status_saying(file, report, &one));
            }
            if instruction.original_id == report.original_message_id {
                whole = instruction.status.as_ref().or(whole);
            }
        }
        let Some(status) = whole else {
            return Ok(sayings);
        };
        let lines = self.references_of(&report.original_message_id).await?;
        if lines.is_empty() && sayings.is_empty() {
            let reference = report.original_message_id.as_str();
            let one = StatusOfPayment {
                status,
                reference,
                bank_reference: None,
            };
            sayings.push(self.status_saying(file, report, &one));
        }
        for reference in lines
            .iter()
            .filter(|reference| !named.contains(reference.as_str()))
        {
            let one = StatusOfPayment {
                status,
                reference,
                bank_reference: None,
            };
            sayings.push(self.status_saying(file, report, &one));
        }
        Ok(sayings)
    }

    /// The references of the payments of a message of ours; none of another.
    async fn references_of(&self, message_id: &str) -> Result<Vec<String>, Refusal> {
        let id = message_id
            .strip_prefix("FP")
            .and_then(|id| uuid::Uuid::try_parse(id).ok());
        let Some(id) = id.filter(|id| reference(*id) == message_id) else {
            return Ok(Vec::new());
        };
        let rows = self.store.read().await?.rows(sql::LINES, args![id]).await?;
        rows.iter().map(|row| row.text("reference")).collect()
    }
}

/// The file as the evidence of a fact; its bytes name people, so they stay with whoever sent it.
pub(super) fn evidence(kind: &str, sha256: &str) -> Evidence {
    Evidence::File {
        name: kind.to_owned(),
        sha256: sha256.to_owned(),
    }
}

async fn take_part(
    ctx: &mut Ctx,
    sayings: Vec<SayingRow>,
    file: &str,
    closed_through: Option<Date>,
) -> Result<Part, Refusal> {
    let (mut part, mut groups, mut lines) = (Part::default(), BTreeSet::new(), BTreeMap::new());
    let mut kept = Vec::new();
    for mut saying in sayings {
        if ctx
            .row(sql::SAID_BEFORE, args![&saying.said_sha256])
            .await?
            .is_some()
        {
            continue;
        }
        part.new += 1;
        let day = book_day(ctx, saying.booked_on.as_deref(), closed_through);
        give_by_reference(ctx, &mut saying).await?;
        insert_saying(ctx, &saying).await?;
        if let Some((line, _)) = saying.line {
            lines.insert(line, day);
            // A payment that a bank named is no candidate any more for what comes without a name.
            groups.extend(group_of_line(ctx, line, &saying).await?);
        }
        groups.extend(group_of(&saying).map(|group| (group, day)));
        kept.push(saying.id);
    }
    for (group, day) in groups {
        for line in give_by_account(ctx, &group).await? {
            lines.entry(line).or_insert(day);
        }
    }
    part.changed = bring_up_to_date(ctx, &lines, &[evidence("answer", file)]).await?;
    for id in kept {
        let row = ctx.row(sql::SAYING, args![id.as_uuid()]).await?;
        let is_open = row.is_some_and(|row| row.opt_text("line_id").is_ok_and(|line| line.is_none()));
        part.open += usize::from(is_open);
    }
    Ok(part)
}

/// The day of the books: that of the booking, but neither in a closed period nor in the future.
pub(super) fn book_day(ctx: &Ctx, booked_on: Option<&str>, closed_through: Option<Date>) -> Date {
    let today = ctx.today();
    let day = booked_on
        .and_then(|day| day.parse::<Date>().ok())
        .unwrap_or(today);
    let first_open = closed_through.and_then(|last| last.tomorrow().ok());
    first_open.map_or(day, |first| day.max(first)).min(today)
}

/// Gives a saying to the payment whose reference it repeats, where it is paid from the account that speaks.
async fn give_by_reference(ctx: &mut Ctx, saying: &mut SayingRow) -> Result<(), Refusal> {
    if saying.trouble.is_some() {
        return Ok(());
    }
    let reference = saying.reference.clone().unwrap_or_default();
    let Some(row) = ctx.row(sql::LINE_BY_REFERENCE, args![&reference]).await? else {
        saying.trouble = Some("payments.unknown_reference");
        return Ok(());
    };
    let payer = row.opt_text("payer_mark")?;
    // A bank knows nothing of what is handed out.
    if payer.is_none() || (saying.payer_mark.is_some() && saying.payer_mark != payer) {
        saying.trouble = Some("payments.other_payer");
        return Ok(());
    }
    saying.line = Some((row.text("id")?.parse()?, MatchedBy::Reference));
    Ok(())
}

/// What a saying without a line of ours is compared by, where it says enough.
fn group_of(saying: &SayingRow) -> Option<Group> {
    if saying.line.is_some() || saying.trouble != Some("payments.unknown_reference") {
        return None;
    }
    Some(Group {
        payer_mark: saying.payer_mark.clone()?,
        account_mark: saying.account_mark.clone()?,
        amount: saying.amount?.fen(),
        source: saying.source.as_str(),
        says: saying.says.as_str(),
    })
}

/// What sayings without a reference are compared by that could have meant a line.
async fn group_of_line(
    ctx: &mut Ctx,
    line: LineId,
    saying: &SayingRow,
) -> Result<Option<(Group, Date)>, Refusal> {
    let is_booking = matches!(saying.says, Says::Paid | Says::Returned);
    let today = ctx.today();
    let row = ctx.row(sql::LINE_MARKS, args![line.as_uuid()]).await?;
    let Some(row) = row.filter(|_| is_booking) else {
        return Ok(None);
    };
    let marks = (row.opt_text("payer_mark")?, row.opt_text("account_mark")?);
    let (Some(payer_mark), Some(account_mark)) = marks else {
        return Ok(None);
    };
    let group = Group {
        payer_mark,
        account_mark,
        amount: row.int("amount_fen")?,
        source: saying.source.as_str(),
        says: saying.says.as_str(),
    };
    Ok(Some((group, today)))
}

/// Gives a saying to a payment by account and amount, where there is one of each; otherwise takes back what was given
/// so. Answers the lines that this may have changed.
async fn give_by_account(ctx: &mut Ctx, group: &Group) -> Result<Vec<LineId>, Refusal> {
    let (account, amount) = (&group.account_mark, Money::from_fen(group.amount));
    let args = args![account, amount, &group.payer_mark, group.source, group.says];
    let sayings = ctx.rows(sql::WITHOUT_REFERENCE, args).await?;
    if sayings.is_empty() {
        return Ok(Vec::new());
    }
    let args = args![account, amount, &group.payer_mark, group.source, group.says];
    let candidates = ctx.rows(sql::CANDIDATES, args).await?;
    let (given, trouble) = match (&sayings[..], &candidates[..]) {
        ([_], [line]) => (Some(line.text("id")?), None),
        (_, []) => (None, Some("payments.unknown_reference")),
        _ => (None, Some("payments.several_payments")),
    };
    let mut touched = Vec::new();
    for saying in &sayings {
        let before = saying.opt_text("line_id")?;
        if before == given && given.is_some() {
            continue;
        }
        let by = given.as_ref().map(|_| MatchedBy::Account.as_str());
        let args = args![saying.text("id")?, given.clone(), by, trouble];
        ctx.execute_one(sql::GIVE_SAYING, args).await?;
        for line in before.iter().chain(&given) {
            touched.push(line.parse()?);
        }
    }
    Ok(touched)
}
