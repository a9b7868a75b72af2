//! The registry (建档立卡): who is poor, why, and whether that changed; and the public procedure that decides it.
//!
//! - Everything is done by an [`Act`]; [`Registry::take`] does one or many in one transaction, each once. Ids are given where
//!   something is written down, so that a phone without a link can; late, twice and out of order comes to the same.
//! - What is said is kept as statements: so from which day on, written down when. What stands today follows from all of them
//!   ([`HouseholdState`], [`PersonState`]); what was known at any moment can be asked again ([`AsOf`]).
//! - Who a person is (name, resident ID, phone, account) is sealed under a key of that person, found by keyed marks, and shown
//!   masked; the journal and the statements hold none of it. Who is erased loses their key.
//! - Who may be written down twice is found when someone is written down, and waits for a decision that can be taken back; money
//!   of both waits too ([`in_question`]).
//! - A case goes the way of [`cases`]: application, appraisal by the village, notice, review by the township, second notice,
//!   decision by the county, announcement. The rules are data of the programme; a decision keeps their version, what was
//!   counted, and how much was known, and is made again by [`Registry::replay`] with the same answer.
//! - Forms that other programs send from phones are received once each by [`Registry::receive`]; those that are refused wait with
//!   their reasons.
//!
//! Facts: `registry.` and the name of the act, without what names a person. Tables: `registry_*`.
//!
//! Deliberately absent: a score as a gate (`targeting` stands beside the rules), money (`finance`), names in the journal.

mod acts;
pub mod cases;
mod checks;
mod decisions;
mod desk;
mod evidence;
mod held;
mod households;
mod likeness;
mod model;
mod pairs;
mod persons;
mod queries;
mod reading;
mod repo;
mod rights;
mod rules;
mod runs;
mod scan;
mod state;
mod submissions;
mod vault;

pub use acts::{
    Act, Announce, Answer, Apply, Appraise, CloseRun, Consent, Decide, Distinct, Erase, Join, Leave, Member,
    Merge, Notice, Object, OpenRun, Register, Review, SayHousehold, SayPerson, Unmerge, Whose, Withdraw,
};
pub use decisions::Replay;
pub use desk::{ACTS_MAX, Registry};
pub use evidence::journal_rows;
pub use linkage::Part;
pub use model::*;
pub use queries::*;
pub use repo::STATEMENTS;
pub use rights::{require, require_all};
pub use rules::{Reason, Verdict, judge};
pub use runs::{Screened, ShortReasons, calendar};
pub use scan::Repeats;
pub use state::{AsOf, HouseholdState, Identity, Measures, Membership, PersonState};
pub use submissions::Received;
pub use vault::SEALED;
