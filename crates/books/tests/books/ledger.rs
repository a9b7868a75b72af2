//! A ledger in a few lines, and slowly: the oracle. It keeps what was posted and held as plain lists and adds everything up
//! again for each question; a refusal is only its code.

use std::collections::BTreeMap;

use books::{Act, Leg, NewHold, PostHold, Reversal};
use jiff::Timestamp;
use jiff::civil::Date;

/// What makes two entries the same.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    key: String,
    day: Date,
    memo: String,
    legs: Vec<(String, i64)>,
    reverses: Option<usize>,
    hold: Option<usize>,
}

#[derive(Clone, Debug, PartialEq)]
struct Hold {
    key: String,
    memo: String,
    legs: Vec<(String, i64)>,
    until: Option<Timestamp>,
}

/// The oracle.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    pub entries: Vec<Entry>,
    holds: Vec<(Hold, &'static str)>,
    pub closed_through: Option<Date>,
}

/// Accounts by code: whether each has a floor.
pub type Chart = BTreeMap<String, bool>;

type Answer = Result<(&'static str, usize, bool), &'static str>;

impl Ledger {
    /// Debits less credits of an account, and what is held against each of its sides.
    pub fn sums(&self, code: &str) -> (i64, i64, i64) {
        let of = |legs: &[(String, i64)]| -> Vec<i64> {
            let own = legs.iter().filter(|(account, _)| account == code);
            own.map(|(_, amount)| *amount).collect()
        };
        let posted = self.entries.iter().flat_map(|entry| of(&entry.legs)).sum();
        let open = self.holds.iter().filter(|(_, state)| *state == "held");
        let held: Vec<i64> = open.flat_map(|(hold, _)| of(&hold.legs)).collect();
        let debits = held.iter().filter(|amount| **amount > 0).sum();
        let credits: i64 = held.iter().filter(|amount| **amount < 0).sum();
        (posted, debits, -credits)
    }

    /// What may be taken away.
    pub fn available(&self, code: &str) -> i64 {
        let (posted, held_debit, held_credit) = self.sums(code);
        if code.starts_with("assets") || code.starts_with("expenses") {
            posted - held_credit
        } else {
            -posted - held_debit
        }
    }

    /// What the books must answer: what was made, its number, whether it was there before.
    pub fn take(&mut self, act: &Act, chart: &Chart, now: Timestamp, today: Date) -> Answer {
        for (hold, state) in &mut self.holds {
            if *state == "held" && hold.until.is_some_and(|until| until <= now) {
                *state = "expired";
            }
        }
        let mut next = self.clone();
        let answer = next.judge(act, chart, now, today)?;
        let below = chart
            .iter()
            .any(|(code, floor)| *floor && next.available(code) < 0);
        if below {
            return Err("books.below_zero");
        }
        *self = next;
        Ok(answer)
    }

    fn judge(&mut self, act: &Act, chart: &Chart, now: Timestamp, today: Date) -> Answer {
        match act {
            Act::Post(new) => {
                let new = entry(&new.key, new.effective_on, &new.memo, shaped(&new.legs)?);
                if let Some(known) = self.known(&new)? {
                    return Ok(known);
                }
                self.open_day(new.day, today)?;
                exist(&new.legs, chart)?;
                Ok(self.append(new))
            }
            Act::Reverse(wanted) => self.reverse(wanted, today),
            Act::Hold(new) => self.hold(new, chart, now),
            Act::PostHold(wanted) => self.post_hold(wanted, today),
            Act::VoidHold(key) => {
                let no = self.hold_no(key)?;
                match self.holds[no].1 {
                    "voided" => Ok(("hold", no + 1, false)),
                    "held" => {
                        self.holds[no].1 = "voided";
                        Ok(("hold", no + 1, true))
                    }
                    _ => Err("books.hold_ended"),
                }
            }
        }
    }

    fn reverse(&mut self, wanted: &Reversal, today: Date) -> Answer {
        let no = usize::try_from(wanted.entry.number()).unwrap() - 1;
        let original = self.entries.get(no).ok_or("books.no_such_entry")?.clone();
        let legs = original.legs.iter().map(|(code, fen)| (code.clone(), -fen));
        let mut reversal = entry(&wanted.key, wanted.effective_on, &wanted.memo, legs.collect());
        reversal.reverses = Some(no);
        if let Some(known) = self.known(&reversal)? {
            return Ok(known);
        }
        self.open_day(reversal.day, today)?;
        if original.reverses.is_some() {
            return Err("books.reverses_a_reversal");
        }
        if self.entries.iter().any(|entry| entry.reverses == Some(no)) {
            return Err("books.already_reversed");
        }
        if reversal.day < original.day {
            return Err("books.reversal_before_entry");
        }
        Ok(self.append(reversal))
    }

    fn hold(&mut self, new: &NewHold, chart: &Chart, now: Timestamp) -> Answer {
        let hold = Hold {
            key: new.key.clone(),
            memo: new.memo.clone(),
            legs: shaped(&new.legs)?,
            until: new.expires_at,
        };
        if let Some(no) = self.holds.iter().position(|(known, _)| known.key == hold.key) {
            let same = self.holds[no].0 == hold;
            return if same {
                Ok(("hold", no + 1, false))
            } else {
                Err("books.key_reused")
            };
        }
        if hold.until.is_some_and(|until| until <= now) {
            return Err("books.hold_overdue");
        }
        exist(&hold.legs, chart)?;
        self.holds.push((hold, "held"));
        Ok(("hold", self.holds.len(), true))
    }

    fn post_hold(&mut self, wanted: &PostHold, today: Date) -> Answer {
        let part = wanted.legs.as_deref().map(shaped).transpose()?;
        let no = self.hold_no(&wanted.hold)?;
        let whole = self.holds[no].0.legs.clone();
        let legs = part.unwrap_or_else(|| whole.clone());
        let mut posted = entry(&wanted.key, wanted.effective_on, &wanted.memo, legs);
        posted.hold = Some(no);
        if let Some(known) = self.known(&posted)? {
            return Ok(known);
        }
        self.open_day(posted.day, today)?;
        if self.holds[no].1 != "held" {
            return Err("books.hold_ended");
        }
        let is_part = |(code, fen): &(String, i64)| {
            let most = whole.iter().find(|(account, _)| account == code);
            most.is_some_and(|(_, most)| fen.signum() == most.signum() && fen.abs() <= most.abs())
        };
        if !posted.legs.iter().all(is_part) {
            return Err("books.more_than_held");
        }
        self.holds[no].1 = "posted";
        Ok(self.append(posted))
    }

    fn append(&mut self, new: Entry) -> (&'static str, usize, bool) {
        self.entries.push(new);
        ("entry", self.entries.len(), true)
    }

    fn known(&self, new: &Entry) -> Result<Option<(&'static str, usize, bool)>, &'static str> {
        match self.entries.iter().position(|known| known.key == new.key) {
            None => Ok(None),
            Some(no) if self.entries[no] == *new => Ok(Some(("entry", no + 1, false))),
            Some(_) => Err("books.key_reused"),
        }
    }

    fn open_day(&self, day: Date, today: Date) -> Result<(), &'static str> {
        if day > today {
            return Err("books.future_day");
        }
        match self.closed_through {
            Some(last) if day <= last => Err("books.period_closed"),
            _ => Ok(()),
        }
    }

    fn hold_no(&self, key: &str) -> Result<usize, &'static str> {
        let found = self.holds.iter().position(|(hold, _)| hold.key == key);
        found.ok_or("books.no_such_hold")
    }
}

fn entry(key: &str, day: Date, memo: &str, legs: Vec<(String, i64)>) -> Entry {
    Entry {
        key: key.to_owned(),
        day,
        memo: memo.to_owned(),
        legs,
        reverses: None,
        hold: None,
    }
}

fn shaped(legs: &[Leg]) -> Result<Vec<(String, i64)>, &'static str> {
    if legs.len() < 2 {
        return Err("books.too_few_legs");
    }
    let mut taken: Vec<(String, i64)> = Vec::new();
    for leg in legs {
        if leg.amount.fen() == 0 {
            return Err("books.zero_leg");
        }
        if taken.iter().any(|(code, _)| code == leg.account.as_str()) {
            return Err("books.account_twice");
        }
        taken.push((leg.account.to_string(), leg.amount.fen()));
    }
    let sum: i64 = taken.iter().map(|(_, fen)| fen).sum();
    if sum == 0 {
        Ok(taken)
    } else {
        Err("books.unbalanced")
    }
}

fn exist(legs: &[(String, i64)], chart: &Chart) -> Result<(), &'static str> {
    let all = legs.iter().all(|(code, _)| chart.contains_key(code));
    if all { Ok(()) } else { Err("books.no_such_account") }
}
