//! The hash of an entry, of a hold and of a closed period: the bytes that are hashed, so that anyone can compute them again
//! from the tables without this program. SHA-256, lower-case hexadecimal where it is kept.
//!
//! ```text
//! entry    "fishpond entry 1\n" number(no) text(key) text(effective_on) number(recorded_at) text(recorded_by)
//!          text(memo) text(evidence) maybe(reverses) maybe(hold_no) legs
//! hold     "fishpond hold 1\n" number(no) text(key) maybe(expires_at) number(held_at) text(held_by)
//!          text(memo) text(evidence) legs
//! legs     number(count) and for each, by leg_no: text(account code) number(amount_fen)
//! posted   the hashes of entries (of holds) as raw bytes, one after the other, by number
//! seal     "fishpond period 1\n" text(period) text(first_day) text(last_day) text(seal before, or "")
//!          number(entries) and then the hashes of its entries as raw bytes, by day and number
//!
//! Fields are written as [`FieldHasher`] says.
//! ```
//! The fact `books.posted` names the first and the last entry it tells of and the hash `posted` over them; so the chain of
//! the journal holds every entry.

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use store::FieldHasher;

use crate::kept::{Entry, Hold};
use crate::model::Leg;

/// When something was recorded and by whom.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stamp<'s> {
    pub(crate) at: Timestamp,
    pub(crate) by: &'s str,
}

/// The hash of an entry, raw.
pub(crate) fn of_entry(no: i64, entry: &Entry, stamp: Stamp<'_>) -> [u8; 32] {
    let mut fields = FieldHasher::new("fishpond entry 1");
    fields
        .number(no)
        .text(&entry.key)
        .text(&entry.effective_on.to_string())
        .number(stamp.at.as_microsecond())
        .text(stamp.by)
        .text(&entry.memo)
        .text(&entry.evidence)
        .maybe(entry.reverses)
        .maybe(entry.hold_no);
    legs(&mut fields, &entry.legs);
    fields.finish()
}

/// The hash of a hold, raw.
pub(crate) fn of_hold(no: i64, hold: &Hold, stamp: Stamp<'_>) -> [u8; 32] {
    let mut fields = FieldHasher::new("fishpond hold 1");
    fields
        .number(no)
        .text(&hold.key)
        .maybe(hold.expires_at.map(Timestamp::as_microsecond))
        .number(stamp.at.as_microsecond())
        .text(stamp.by)
        .text(&hold.memo)
        .text(&hold.evidence);
    legs(&mut fields, &hold.legs);
    fields.finish()
}

/// What a fact says of the entries or holds it tells of.
pub(crate) fn of_many<'h>(hashes: impl IntoIterator<Item = &'h [u8; 32]>) -> String {
    let mut sha = Sha256::new();
    for hash in hashes {
        sha.update(hash);
    }
    hex::encode(sha.finalize())
}

/// A closed period, all but the hashes of its entries.
pub(crate) struct Sealing<'s> {
    pub(crate) period: &'s str,
    pub(crate) first_day: &'s str,
    pub(crate) last_day: &'s str,
    pub(crate) before: &'s str,
    pub(crate) entries: i64,
}

impl Sealing<'_> {
    /// The seal over the hashes of the entries, which stand by day and number.
    pub(crate) fn seal<'h>(&self, hashes: impl IntoIterator<Item = &'h [u8; 32]>) -> String {
        let mut fields = FieldHasher::new("fishpond period 1");
        fields
            .text(self.period)
            .text(self.first_day)
            .text(self.last_day)
            .text(self.before)
            .number(self.entries);
        for hash in hashes {
            fields.hash(hash);
        }
        hex::encode(fields.finish())
    }
}

fn legs(fields: &mut FieldHasher, legs: &[Leg]) {
    fields.number(i64::try_from(legs.len()).unwrap_or(i64::MAX));
    for leg in legs {
        fields.text(leg.account.as_str()).number(leg.amount.fen());
    }
}
