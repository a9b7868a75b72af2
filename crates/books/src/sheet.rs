//! The sheet that acts are judged on: what they need of the books, in memory, changed as the acts are taken one after
//! another. No I/O: [`crate::repo`] fills it before and writes it back after, so a group of acts costs a few
//! statements however many there are.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{Done, Fault, Refusal};

use crate::chart::AccountCode;
use crate::kept::{Account, Entry, Hold, KnownHold, evidence_text, whole_micros};
use crate::model::{Act, EntryNo, HoldNo, HoldState, Leg, Made, NewEntry, NewHold, PostHold, Reversal};
use crate::rules::{self, Sums};

/// The part of the books that some acts need.
#[derive(Debug)]
pub(crate) struct Sheet {
    pub(crate) now: Timestamp,
    pub(crate) today: Date,
    pub(crate) closed_through: Option<Date>,
    /// The newest entry and the newest hold, counted on as acts are taken.
    pub(crate) last_entry: i64,
    pub(crate) last_hold: i64,
    accounts: Vec<Account>,
    by_code: HashMap<String, usize>,
    entries: HashMap<i64, Entry>,
    entry_by_key: HashMap<String, i64>,
    reversed_by: HashMap<i64, i64>,
    holds: HashMap<String, KnownHold>,
    /// The numbers of what the acts made, in their order.
    pub(crate) new_entries: Vec<i64>,
    pub(crate) new_holds: Vec<String>,
    pub(crate) ended_holds: Vec<String>,
}

/// How much was done on a sheet so far.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Taken {
    pub(crate) entries: usize,
    pub(crate) holds: usize,
    pub(crate) ended: usize,
}

impl Sheet {
    pub(crate) fn new(now: Timestamp, today: Date) -> Self {
        Self {
            now,
            today,
            closed_through: None,
            last_entry: 0,
            last_hold: 0,
            accounts: Vec::new(),
            by_code: HashMap::new(),
            entries: HashMap::new(),
            entry_by_key: HashMap::new(),
            reversed_by: HashMap::new(),
            holds: HashMap::new(),
            new_entries: Vec::new(),
            new_holds: Vec::new(),
            ended_holds: Vec::new(),
        }
    }

    pub(crate) fn add_account(&mut self, account: Account) {
        self.by_code
            .insert(account.code.as_str().to_owned(), self.accounts.len());
        self.accounts.push(account);
    }

    pub(crate) fn add_entry(&mut self, no: i64, entry: Entry) {
        self.entry_by_key.insert(entry.key.clone(), no);
        if let Some(reversed) = entry.reverses {
            self.reversed_by.insert(reversed, no);
        }
        self.entries.insert(no, entry);
    }

    pub(crate) fn add_hold(&mut self, hold: KnownHold) {
        self.holds.insert(hold.hold.key.clone(), hold);
    }

    pub(crate) fn account(&self, code: &AccountCode) -> Option<&Account> {
        self.by_code
            .get(code.as_str())
            .and_then(|place| self.accounts.get(*place))
    }

    pub(crate) fn entry(&self, no: i64) -> Option<&Entry> {
        self.entries.get(&no)
    }

    pub(crate) fn hold(&self, key: &str) -> Option<&KnownHold> {
        self.holds.get(key)
    }

    pub(crate) fn changed_accounts(&self) -> impl Iterator<Item = &Account> {
        self.accounts.iter().filter(|account| account.changed)
    }

    /// Every account that a loaded entry or hold names.
    pub(crate) fn codes(&self) -> impl Iterator<Item = &AccountCode> {
        let of_entries = self.entries.values().flat_map(|entry| &entry.legs);
        let of_holds = self.holds.values().flat_map(|known| &known.hold.legs);
        of_entries.chain(of_holds).map(|leg| &leg.account)
    }

    /// How much was done so far.
    pub(crate) fn taken(&self) -> Taken {
        Taken {
            entries: self.new_entries.len(),
            holds: self.new_holds.len(),
            ended: self.ended_holds.len(),
        }
    }

    /// Takes one act, or changes nothing and says which rule it breaks.
    pub(crate) fn take(&mut self, act: Act) -> Result<Done<Made>, Refusal> {
        match act {
            Act::Post(new) => self.post(new),
            Act::Hold(new) => self.reserve(new),
            Act::PostHold(wanted) => self.post_hold(wanted),
            Act::VoidHold(key) => self.void_hold(&key),
            Act::Reverse(wanted) => self.reverse(wanted),
        }
    }

    fn post(&mut self, new: NewEntry) -> Result<Done<Made>, Refusal> {
        rules::require_key(&new.key)?;
        rules::require_memo(&new.memo)?;
        rules::require_balanced(&new.legs)?;
        let entry = Entry {
            key: new.key,
            effective_on: new.effective_on,
            memo: new.memo,
            evidence: evidence_text(&new.evidence)?,
            reverses: None,
            hold_no: None,
            legs: new.legs,
        };
        if let Some(before) = self.posted_before(&entry)? {
            return Ok(before);
        }
        rules::require_open_day(entry.effective_on, self.today, self.closed_through)?;
        self.move_legs(&[(Step::Post, &entry.legs)])?;
        Ok(self.append(entry))
    }

    fn reverse(&mut self, wanted: Reversal) -> Result<Done<Made>, Refusal> {
        rules::require_key(&wanted.key)?;
        rules::require_memo(&wanted.memo)?;
        let EntryNo(no) = wanted.entry;
        let original = self
            .entries
            .get(&no)
            .ok_or_else(|| Refusal::new("books.no_such_entry", Fault::Missing).value(no))?;
        let opposite = original.legs.iter().map(|leg| {
            Ok(Leg {
                account: leg.account.clone(),
                amount: leg.amount.checked_neg()?,
            })
        });
        let entry = Entry {
            key: wanted.key,
            effective_on: wanted.effective_on,
            memo: wanted.memo,
            evidence: original.evidence.clone(),
            reverses: Some(no),
            hold_no: None,
            legs: opposite.collect::<Result<_, Refusal>>()?,
        };
        if let Some(before) = self.posted_before(&entry)? {
            return Ok(before);
        }
        rules::require_open_day(entry.effective_on, self.today, self.closed_through)?;
        self.require_reversible(no, entry.effective_on)?;
        self.move_legs(&[(Step::Post, &entry.legs)])?;
        Ok(self.append(entry))
    }

    fn require_reversible(&self, no: i64, on: Date) -> Result<(), Refusal> {
        let refused = |code| Refusal::new(code, Fault::Refused).value(no);
        let original = self.entries.get(&no);
        if let Some(first) = original.and_then(|entry| entry.reverses) {
            return Err(refused("books.reverses_a_reversal").fact("entry", first));
        }
        if let Some(by) = self.reversed_by.get(&no) {
            return Err(refused("books.already_reversed").fact("by", by));
        }
        match original.map(|entry| entry.effective_on) {
            Some(day) if on < day => Err(refused("books.reversal_before_entry").fact("day", day)),
            _ => Ok(()),
        }
    }

    fn reserve(&mut self, new: NewHold) -> Result<Done<Made>, Refusal> {
        rules::require_key(&new.key)?;
        rules::require_memo(&new.memo)?;
        rules::require_balanced(&new.legs)?;
        let hold = Hold {
            key: new.key,
            memo: new.memo,
            evidence: evidence_text(&new.evidence)?,
            // As exactly as it is kept.
            expires_at: new.expires_at.map(whole_micros),
            legs: new.legs,
        };
        if let Some(known) = self.holds.get(&hold.key) {
            if known.hold == hold {
                return Ok(Done::Already(Made::Hold(HoldNo(known.no))));
            }
            return Err(key_reused(&hold.key, known.no));
        }
        if let Some(at) = hold.expires_at.filter(|at| *at <= self.now) {
            return Err(Refusal::new("books.hold_overdue", Fault::Refused)
                .at("expires_at")
                .value(at));
        }
        self.move_legs(&[(Step::Hold, &hold.legs)])?;
        self.last_hold += 1;
        let (no, key) = (self.last_hold, hold.key.clone());
        let state = HoldState::Held;
        self.holds.insert(key.clone(), KnownHold { no, hold, state });
        self.new_holds.push(key);
        Ok(Done::Now(Made::Hold(HoldNo(no))))
    }

    fn post_hold(&mut self, wanted: PostHold) -> Result<Done<Made>, Refusal> {
        rules::require_key(&wanted.key)?;
        rules::require_memo(&wanted.memo)?;
        if let Some(legs) = &wanted.legs {
            rules::require_balanced(legs)?;
        }
        let known = self.known_hold(&wanted.hold)?.clone();
        let held = known.hold.legs;
        let entry = Entry {
            key: wanted.key,
            effective_on: wanted.effective_on,
            memo: wanted.memo,
            evidence: known.hold.evidence,
            reverses: None,
            hold_no: Some(known.no),
            legs: wanted.legs.unwrap_or_else(|| held.clone()),
        };
        if let Some(before) = self.posted_before(&entry)? {
            return Ok(before);
        }
        rules::require_open_day(entry.effective_on, self.today, self.closed_through)?;
        rules::require_held(&wanted.hold, known.state)?;
        rules::require_part(&held, &entry.legs)?;
        self.move_legs(&[(Step::Release, &held), (Step::Post, &entry.legs)])?;
        self.end_hold(&wanted.hold, HoldState::Posted);
        Ok(self.append(entry))
    }

    fn void_hold(&mut self, key: &str) -> Result<Done<Made>, Refusal> {
        let known = self.known_hold(key)?;
        let made = Made::Hold(HoldNo(known.no));
        if known.state == HoldState::Voided {
            return Ok(Done::Already(made));
        }
        rules::require_held(key, known.state)?;
        self.release(key, HoldState::Voided)?;
        Ok(Done::Now(made))
    }

    /// Ends a hold and frees what it held.
    pub(crate) fn release(&mut self, key: &str, state: HoldState) -> Result<(), Refusal> {
        let legs = self.known_hold(key)?.hold.legs.clone();
        self.move_legs(&[(Step::Release, &legs)])?;
        self.end_hold(key, state);
        Ok(())
    }

    fn known_hold(&self, key: &str) -> Result<&KnownHold, Refusal> {
        let none = || {
            Refusal::new("books.no_such_hold", Fault::Missing)
                .at("hold")
                .value(key)
        };
        self.holds.get(key).ok_or_else(none)
    }

    fn end_hold(&mut self, key: &str, state: HoldState) {
        if let Some(known) = self.holds.get_mut(key) {
            known.state = state;
        }
        self.ended_holds.push(key.to_owned());
    }

    fn posted_before(&self, entry: &Entry) -> Result<Option<Done<Made>>, Refusal> {
        let Some(no) = self.entry_by_key.get(&entry.key) else {
            return Ok(None);
        };
        if self.entries.get(no) == Some(entry) {
            return Ok(Some(Done::Already(Made::Entry(EntryNo(*no)))));
        }
        Err(key_reused(&entry.key, *no))
    }

    fn append(&mut self, entry: Entry) -> Done<Made> {
        self.last_entry += 1;
        let no = self.last_entry;
        self.new_entries.push(no);
        self.add_entry(no, entry);
        Done::Now(Made::Entry(EntryNo(no)))
    }

    /// Changes the sums of the accounts of all legs, or none of them.
    fn move_legs(&mut self, moves: &[(Step, &[Leg])]) -> Result<(), Refusal> {
        let mut after: Vec<(usize, Sums)> = Vec::new();
        for (step, legs) in moves {
            for (leg, number) in legs.iter().zip(1..) {
                let place = self.usable(leg, number, *step)?;
                let known = after.iter_mut().find(|(known, _)| *known == place);
                let before = match &known {
                    Some((_, sums)) => *sums,
                    None => self
                        .accounts
                        .get(place)
                        .map(|account| account.sums)
                        .unwrap_or_default(),
                };
                let fen = leg.amount.fen();
                let sums = match step {
                    Step::Post => before.post(fen),
                    Step::Hold => before.hold(fen),
                    Step::Release => before.release(fen),
                };
                let sums = sums.ok_or_else(|| rules::overflow(&leg.account, fen))?;
                match known {
                    Some(known) => known.1 = sums,
                    None => after.push((place, sums)),
                }
            }
        }
        for (place, sums) in &after {
            if let Some(account) = self.accounts.get(*place) {
                rules::require_floor(&account.code, account.floor, account.sums, *sums)?;
            }
        }
        for (place, sums) in after {
            if let Some(account) = self.accounts.get_mut(place) {
                account.sums = sums;
                account.changed = true;
            }
        }
        Ok(())
    }

    /// Where the account of a leg stands. Money that was held is freed whatever became of the account.
    fn usable(&self, leg: &Leg, number: usize, step: Step) -> Result<usize, Refusal> {
        let refused = |code, fault| {
            Refusal::new(code, fault)
                .at(format!("legs.{number}"))
                .value(&leg.account)
        };
        let place = self.by_code.get(leg.account.as_str()).copied();
        let place = place.ok_or_else(|| refused("books.no_such_account", Fault::Missing))?;
        let closed = self.accounts.get(place).is_some_and(|account| account.closed);
        if closed && step != Step::Release {
            return Err(refused("books.account_closed", Fault::Refused));
        }
        Ok(place)
    }
}

/// What is done with legs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Post,
    Hold,
    Release,
}

fn key_reused(key: &str, no: i64) -> Refusal {
    Refusal::new("books.key_reused", Fault::Refused)
        .at("key")
        .value(key)
        .fact("no", no)
}
