//! What follows from everything that was said about a payment, and how the books are brought there.
//!
//! The outcome is worked out from the set of sayings, never from their order: answers of banks come late, twice and
//! crosswise. A bank's bookings outrank its status reports. A statement and a notification may both tell of one
//! booking, so each source is added up by itself and the larger sum counts.

use books::{Act, Leg, NewEntry, NewHold, PostHold};
use jiff::civil::Date;
use kernel::{Money, Refusal};
use store::Evidence;

use super::model::{LineState, Says, Source};

/// One saying, as far as the outcome depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Said {
    pub source: Source,
    pub says: Says,
    pub amount: Money,
}

/// What follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Outcome {
    pub state: LineState,
    pub paid: Money,
    pub returned: Money,
    pub trouble: Option<&'static str>,
}

/// What everything that was said about a payment of an amount comes to.
///
/// # Errors
/// `kernel.money_overflow`.
pub(super) fn outcome(amount: Money, said: &[Said]) -> Result<Outcome, Refusal> {
    let is_said = |says| said.iter().any(|one| one.says == says);
    let booked = largest(said, Says::Paid)?;
    let paid = if booked > Money::ZERO {
        booked
    } else if is_said(Says::Settled) {
        amount
    } else {
        Money::ZERO
    };
    let came_back = largest(said, Says::Returned)?;
    let returned = came_back.min(paid);
    let kept = paid.checked_sub(returned)?;
    let is_rejected = is_said(Says::Rejected);
    let state = if paid == Money::ZERO {
        if is_rejected {
            LineState::Rejected
        } else if is_said(Says::Accepted) {
            LineState::Accepted
        } else {
            LineState::Waiting
        }
    } else if kept == Money::ZERO {
        LineState::Returned
    } else if kept < amount {
        LineState::Partly
    } else {
        LineState::Settled
    };
    let trouble = if paid > amount {
        Some("payments.paid_too_much")
    } else if came_back > paid {
        Some("payments.returned_too_much")
    } else if is_rejected && paid > Money::ZERO {
        Some("payments.rejected_but_paid")
    } else {
        None
    };
    Ok(Outcome {
        state,
        paid,
        returned,
        trouble,
    })
}

/// The largest sum of one kind that one source told.
fn largest(said: &[Said], says: Says) -> Result<Money, Refusal> {
    let mut most = Money::ZERO;
    for source in [Source::Statement, Source::Notification, Source::Receipt] {
        let told = said.iter().filter(|one| one.source == source && one.says == says);
        most = most.max(Money::try_sum(told.map(|one| one.amount))?);
    }
    Ok(most)
}

/// A payment as it stands in the books.
#[derive(Clone, Debug)]
pub(super) struct Standing {
    /// What its keys in the books begin with.
    pub key: String,
    /// What the entries say they are for.
    pub memo: String,
    pub amount: Money,
    /// The account that is charged.
    pub charge: books::AccountCode,
    /// The account that the money is taken from.
    pub source: books::AccountCode,
    pub paid: Money,
    pub returned: Money,
    /// The hold, while there is one.
    pub hold: Option<String>,
    /// How many acts there were so far.
    pub acts: i64,
}

impl Standing {
    /// The legs of a payment of an amount.
    fn legs(&self, amount: Money) -> Result<Vec<Leg>, Refusal> {
        Ok(vec![
            Leg::debit(self.charge.clone(), amount),
            Leg::credit(self.source.clone(), amount)?,
        ])
    }

    fn next_key(&mut self) -> String {
        self.acts += 1;
        format!("{}:{}", self.key, self.acts)
    }

    /// Reserves the whole amount.
    pub fn hold(&mut self, evidence: &[Evidence]) -> Result<Act, Refusal> {
        let key = self.next_key();
        self.hold = Some(key.clone());
        Ok(Act::Hold(NewHold {
            key,
            memo: self.memo.clone(),
            evidence: evidence.to_vec(),
            legs: self.legs(self.amount)?,
            expires_at: None,
        }))
    }

    /// Gives the reserved amount up, where it is still reserved.
    pub fn void(&mut self) -> Option<Act> {
        self.hold.take().map(Act::VoidHold)
    }

    /// The acts that bring the books to an outcome, in their order.
    ///
    /// The first payment posts the hold, as far as it goes; what is paid beyond it or later is an entry of its own. What
    /// was taken for a payment of this line and turned out to be another's is taken back, and reserved again.
    pub fn bring_to(
        &mut self,
        wanted: Outcome,
        day: Date,
        evidence: &[Evidence],
    ) -> Result<Vec<Act>, Refusal> {
        let mut acts = Vec::new();
        let mut more = wanted.paid.checked_sub(self.paid)?;
        if more > Money::ZERO
            && let Some(hold) = self.hold.take()
        {
            let part = more.min(self.amount);
            let legs = (part < self.amount).then(|| self.legs(part)).transpose()?;
            let key = self.next_key();
            acts.push(Act::PostHold(PostHold {
                hold,
                key,
                effective_on: day,
                memo: self.memo.clone(),
                legs,
            }));
            more = more.checked_sub(part)?;
        }
        let back = wanted.returned.checked_sub(self.returned)?;
        for change in [more, back.checked_neg()?] {
            if change != Money::ZERO {
                let key = self.next_key();
                acts.push(Act::Post(NewEntry {
                    key,
                    effective_on: day,
                    memo: self.memo.clone(),
                    evidence: evidence.to_vec(),
                    legs: self.legs(change)?,
                }));
            }
        }
        (self.paid, self.returned) = (wanted.paid, wanted.returned);
        let is_reserved = matches!(wanted.state, LineState::Waiting | LineState::Accepted);
        if is_reserved && self.hold.is_none() {
            acts.push(self.hold(evidence)?);
        } else if !is_reserved {
            acts.extend(self.void());
        }
        Ok(acts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `source says yuan; …` of a payment of 100 yuan, then what follows: `state paid returned trouble`.
    const TABLE: &str = "
                                                            | waiting   0   0   -
        status pending 0                                    | waiting   0   0   -
        status accepted 0                                   | accepted  0   0   -
        status accepted 0; status rejected 0                | rejected  0   0   -
        status settled 0                                    | settled   100 0   -
        statement paid 100                                  | settled   100 0   -
        statement paid 100; notification paid 100           | settled   100 0   -
        statement paid 100; notification paid 100; status settled 0 | settled 100 0 -
        statement paid 80                                   | partly    80  0   -
        statement paid 80; status settled 0                 | partly    80  0   -
        statement paid 80; statement paid 20                | settled   100 0   -
        statement paid 80; notification paid 20             | partly    80  0   -
        statement paid 100; statement returned 100          | returned  100 100 -
        statement paid 100; statement returned 30           | partly    100 30  -
        status settled 0; notification returned 100         | returned  100 100 -
        statement returned 100                              | waiting   0   0   payments.returned_too_much
        statement paid 100; statement returned 130          | returned  100 100 payments.returned_too_much
        statement paid 120                                  | settled   120 0   payments.paid_too_much
        statement paid 100; status rejected 0               | settled   100 0   payments.rejected_but_paid
        status settled 0; status rejected 0                 | settled   100 0   payments.rejected_but_paid
        status unknown 0                                    | waiting   0   0   -
        receipt paid 100                                    | settled   100 0   -
    ";

    fn yuan(text: &str) -> Money {
        text.parse().unwrap()
    }

    fn said(text: &str) -> Vec<Said> {
        let sayings = text.split(';').filter(|one| !one.trim().is_empty());
        sayings
            .map(|one| {
                let words: Vec<&str> = one.split_whitespace().collect();
                Said {
                    source: Source::stored(words[0]).unwrap(),
                    says: Says::stored(words[1]).unwrap(),
                    amount: yuan(words[2]),
                }
            })
            .collect()
    }

    #[test]
    fn what_was_said_comes_to_what_the_table_says_in_any_order() {
        let lines = TABLE.lines().filter(|line| !line.trim().is_empty());
        for line in lines {
            let (left, right) = line.split_once('|').unwrap();
            let wanted: Vec<&str> = right.split_whitespace().collect();
            let mut said = said(left);
            for _turn in 0..said.len().max(1) {
                let found = outcome(yuan("100"), &said).unwrap();
                let shown = (
                    found.state.as_str(),
                    found.paid,
                    found.returned,
                    found.trouble.unwrap_or("-"),
                );
                assert_eq!(
                    shown,
                    (wanted[0], yuan(wanted[1]), yuan(wanted[2]), wanted[3]),
                    "{line}"
                );
                let step = 1.min(said.len());
                said.rotate_left(step);
            }
        }
    }
}
