//! Are the books still what was kept? A plain list of checks over one snapshot, each with findings that point at the record:
//! entries (numbers without gaps, balance, hash), the journal (every entry and hold is told of, and as it is), balances
//! (added up again from the legs and the open holds), floors, seals of closed periods.
//!
//! Everything is read in pages; the cost is that of reading the books once, and the balances once more.

use std::collections::{BTreeMap, VecDeque};

use kernel::{Fault, Money, Refusal};
use store::{Reader, Row, Store, args};

use crate::chart::AccountCode;
use crate::hash::{self, Sealing, Stamp};
use crate::load;
use crate::model::Leg;
use crate::periods::{FIRST_DAY, PAGE, raw};
use crate::repo as sql;
use crate::rules::Sums;

/// Accounts whose balances are added up again at a time.
const ACCOUNTS: i64 = 1_000;
/// Findings after which a check stops: the books are lost long before.
const FINDINGS: usize = 1_000;

/// Checks the books.
///
/// # Errors
/// What kept it from looking.
pub async fn check(store: &Store) -> Result<Vec<Refusal>, Refusal> {
    let mut reader = store.read().await?;
    let mut findings = Vec::new();
    check_entries(&mut reader, &mut findings).await?;
    check_holds(&mut reader, &mut findings).await?;
    check_balances(&mut reader, &mut findings).await?;
    check_seals(&mut reader, &mut findings).await?;
    Ok(findings)
}

fn found(code: &'static str, value: impl std::fmt::Display) -> Refusal {
    Refusal::new(code, Fault::Broken).at("books").value(value)
}

/// What facts tell: the numbers from the first to the last, and the hash over their hashes.
struct Told {
    first: i64,
    last: i64,
    sha256: String,
}

/// Walks facts of a kind and the rows they tell of, side by side.
struct Walk {
    kind: &'static str,
    names: [&'static str; 2],
    after_seq: i64,
    told: VecDeque<Told>,
    open: Vec<(i64, [u8; 32])>,
}

impl Walk {
    fn new(kind: &'static str, names: [&'static str; 2]) -> Self {
        Self {
            kind,
            names,
            after_seq: 0,
            told: VecDeque::new(),
            open: Vec::new(),
        }
    }

    /// Takes the next row; answers the numbers of rows that the journal tells otherwise.
    async fn step(&mut self, reader: &mut Reader, no: i64, hash: [u8; 32]) -> Result<Vec<i64>, Refusal> {
        self.open.push((no, hash));
        if self.told.is_empty() {
            self.read_on(reader).await?;
        }
        let Some(told) = self.told.pop_front() else {
            self.open.clear();
            return Ok(vec![no]);
        };
        if no < told.last {
            self.told.push_front(told);
            return Ok(Vec::new());
        }
        let numbers: Vec<i64> = self.open.iter().map(|(no, _)| *no).collect();
        let hashes: Vec<[u8; 32]> = self.open.drain(..).map(|(_, hash)| hash).collect();
        let is_whole = numbers.first() == Some(&told.first) && numbers.last() == Some(&told.last);
        let is_same = hash::of_many(&hashes) == told.sha256;
        Ok(if is_whole && is_same { Vec::new() } else { numbers })
    }

    /// What the journal still tells of after the last row.
    async fn end(mut self, reader: &mut Reader) -> Result<Vec<i64>, Refusal> {
        let mut missing: Vec<i64> = self.open.iter().map(|(no, _)| *no).collect();
        if self.told.is_empty() {
            self.read_on(reader).await?;
        }
        missing.extend(self.told.front().map(|told| told.last));
        Ok(missing)
    }

    async fn read_on(&mut self, reader: &mut Reader) -> Result<(), Refusal> {
        let facts = reader.facts_of_kind_page(self.kind, self.after_seq, PAGE).await?;
        for fact in facts {
            self.after_seq = fact.seq;
            let body = fact.body()?;
            let number = |name: &str| body.get(name).and_then(serde_json::Value::as_i64);
            let [first, last] = self.names;
            self.told.push_back(Told {
                first: number(first).unwrap_or_default(),
                last: number(last).unwrap_or_default(),
                sha256: body
                    .get("sha256")
                    .and_then(|text| text.as_str())
                    .unwrap_or_default()
                    .to_owned(),
            });
        }
        Ok(())
    }
}

async fn check_entries(reader: &mut Reader, findings: &mut Vec<Refusal>) -> Result<(), Refusal> {
    let mut walk = Walk::new("books.posted", ["first_entry", "last_entry"]);
    let mut last = 0;
    while findings.len() < FINDINGS {
        let rows = reader.rows(sql::ENTRIES_AFTER, args![last, PAGE]).await?;
        let Some(end) = rows.last() else { break };
        let legs = reader
            .rows(sql::LEGS_BETWEEN, args![last, end.int("no")?])
            .await?;
        let mut legs = by_parent(&legs)?;
        for row in &rows {
            let no = row.int("no")?;
            findings.extend(
                (last + 1..no)
                    .take(FINDINGS)
                    .map(|no| found("books.entry_missing", no)),
            );
            last = no;
            let hash = check_entry(row, legs.remove(&no).unwrap_or_default(), findings)?;
            let untold = walk.step(reader, no, hash).await?;
            findings.extend(untold.into_iter().map(|no| found("books.entry_untold", no)));
        }
    }
    let missing = walk.end(reader).await?;
    findings.extend(missing.into_iter().map(|no| found("books.entry_missing", no)));
    Ok(())
}

fn check_entry(row: &Row, legs: Vec<Leg>, findings: &mut Vec<Refusal>) -> Result<[u8; 32], Refusal> {
    let no = row.int("no")?;
    let sum: i128 = legs.iter().map(|leg| i128::from(leg.amount.fen())).sum();
    if sum != 0 || legs.len() < 2 {
        findings.push(found("books.entry_unbalanced", no));
    }
    let by = row.text("recorded_by")?;
    let stamp = Stamp {
        at: row.instant("recorded_at")?,
        by: &by,
    };
    let hash = hash::of_entry(no, &load::entry(row, legs)?, stamp);
    if hex::encode(hash) != row.text("sha256")? {
        findings.push(found("books.entry_changed", no));
    }
    Ok(hash)
}

async fn check_holds(reader: &mut Reader, findings: &mut Vec<Refusal>) -> Result<(), Refusal> {
    let mut walk = Walk::new("books.held", ["first_hold", "last_hold"]);
    let mut last = 0;
    while findings.len() < FINDINGS {
        let rows = reader.rows(sql::HOLDS_AFTER, args![last, PAGE]).await?;
        let Some(end) = rows.last() else { break };
        let legs = reader
            .rows(sql::HOLD_LEGS_BETWEEN, args![last, end.int("no")?])
            .await?;
        let mut legs = by_parent(&legs)?;
        for row in &rows {
            last = row.int("no")?;
            let by = row.text("held_by")?;
            let stamp = Stamp {
                at: row.instant("held_at")?,
                by: &by,
            };
            let hold = load::hold(row, legs.remove(&last).unwrap_or_default())?;
            let hash = hash::of_hold(last, &hold, stamp);
            let is_posted = row.opt_int("entry_no")?.is_some();
            let state = row.text("state")?;
            let mut changed = walk.step(reader, last, hash).await?;
            if hex::encode(hash) != row.text("sha256")? || is_posted != (state == "posted") {
                changed.push(last);
            }
            changed.dedup();
            findings.extend(changed.into_iter().map(|no| found("books.hold_changed", no)));
        }
    }
    let missing = walk.end(reader).await?;
    findings.extend(missing.into_iter().map(|no| found("books.hold_changed", no)));
    Ok(())
}

fn by_parent(rows: &[Row]) -> Result<BTreeMap<i64, Vec<Leg>>, Refusal> {
    let mut legs: BTreeMap<i64, Vec<Leg>> = BTreeMap::new();
    for row in rows {
        legs.entry(row.int("parent")?).or_default().push(load::leg(row)?);
    }
    Ok(legs)
}

/// Adds the legs and the open holds up again, and compares.
async fn check_balances(reader: &mut Reader, findings: &mut Vec<Refusal>) -> Result<(), Refusal> {
    let mut after = 0;
    while findings.len() < FINDINGS {
        let kept = reader.rows(sql::BALANCES_AFTER, args![after, ACCOUNTS]).await?;
        let Some(end) = kept.last() else { break };
        let range = args![after, end.int("no")?];
        let mut summed: BTreeMap<i64, Sums> = BTreeMap::new();
        for row in reader.rows(sql::LEG_SUMS, range.clone()).await? {
            let sums = summed.entry(row.int("account_no")?).or_default();
            (sums.debit, sums.credit) = (row.int("debit_fen")?, row.int("credit_fen")?);
        }
        for row in reader.rows(sql::HOLD_SUMS, range).await? {
            let sums = summed.entry(row.int("account_no")?).or_default();
            (sums.held_debit, sums.held_credit) = (row.int("debit_fen")?, row.int("credit_fen")?);
        }
        for row in &kept {
            after = row.int("no")?;
            let code: AccountCode = row.text("code")?.parse()?;
            let sums = summed.remove(&after).unwrap_or_default();
            let kept = load::sums(row)?;
            findings.extend(differences(&code, kept, sums));
            if row.int("floor")? == 1 && kept.available(code.kind()) < 0 {
                let available = i64::try_from(kept.available(code.kind())).unwrap_or(i64::MIN);
                let finding = found("books.below_zero_found", &code);
                findings.push(finding.fact("available", Money::from_fen(available)));
            }
        }
    }
    Ok(())
}

fn differences(code: &AccountCode, kept: Sums, summed: Sums) -> Vec<Refusal> {
    let pairs = [
        ("debit", kept.debit, summed.debit),
        ("credit", kept.credit, summed.credit),
        ("held_debit", kept.held_debit, summed.held_debit),
        ("held_credit", kept.held_credit, summed.held_credit),
    ];
    let differing = pairs.into_iter().filter(|(_, kept, summed)| kept != summed);
    let finding = |(what, kept, summed)| {
        found("books.balance_differs", code)
            .fact("what", what)
            .fact("kept", Money::from_fen(kept))
            .fact("summed", Money::from_fen(summed))
    };
    differing.map(finding).collect()
}

/// Makes every seal again from the entries of its days.
async fn check_seals(reader: &mut Reader, findings: &mut Vec<Refusal>) -> Result<(), Refusal> {
    let (mut after, mut before) = (FIRST_DAY.to_owned(), String::new());
    for row in reader.rows(sql::PERIODS, args![]).await? {
        let (period, first, last) = (row.text("period")?, row.text("first_day")?, row.text("last_day")?);
        let (mut hashes, mut from) = (Vec::new(), (after, i64::MAX));
        loop {
            let page = reader
                .rows(sql::HASHES, args![&from.0, from.1, &last, PAGE])
                .await?;
            let Some(end) = page.last() else { break };
            from = (end.text("effective_on")?, end.int("no")?);
            for row in &page {
                hashes.push(raw(&row.text("sha256")?)?);
            }
        }
        let sealing = Sealing {
            period: &period,
            first_day: &first,
            last_day: &last,
            before: &before,
            entries: i64::try_from(hashes.len()).unwrap_or(i64::MAX),
        };
        let kept = row.text("seal_sha256")?;
        if sealing.seal(&hashes) != kept || sealing.entries != row.int("entries")? {
            findings.push(found("books.seal_broken", &period));
        }
        (after, before) = (last, kept);
    }
    Ok(())
}
