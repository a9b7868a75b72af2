//! What acts of cases and yearly runs carry.

use std::collections::BTreeMap;

use jiff::civil::Date;
use kernel::PlaceCode;
use serde::{Deserialize, Serialize};

use crate::model::{CaseId, CaseKind, HouseholdId, RunStep};

/// A yearly run of a county is opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenRun {
    /// Its key, such as `653130-2018`.
    pub run: String,
    /// The county.
    pub place: PlaceCode,
    /// Recognition or exit.
    pub kind: CaseKind,
    /// On which day; the rules of that day hold for all of it.
    pub on: Date,
    /// By when it is to be closed.
    pub due_on: Date,
    /// By when each step is to be done.
    #[serde(default)]
    pub steps: BTreeMap<RunStep, Date>,
}

/// A yearly run is closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CloseRun {
    /// Which.
    pub run: String,
    /// On which day.
    pub on: Date,
}

/// A case is opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Apply {
    /// Its id.
    pub case: CaseId,
    /// Whose.
    pub household: HouseholdId,
    /// Recognition or exit.
    pub kind: CaseKind,
    /// On which day.
    pub on: Date,
    /// The application.
    pub document: String,
    /// The yearly run it belongs to.
    #[serde(default)]
    pub run: Option<String>,
}

/// The village appraised a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Appraise {
    /// Which.
    pub case: CaseId,
    /// On which day.
    pub on: Date,
    /// How many may vote.
    pub eligible: u32,
    /// How many came.
    pub attended: u32,
    /// How many agreed.
    pub in_favour: u32,
    /// How many did not.
    pub against: u32,
    /// The minutes, with the names and thumbprints of those who came.
    pub document: String,
}

/// A notice is put up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    /// Of which case.
    pub case: CaseId,
    /// The first (in the village) or the second (after the review).
    pub number: u8,
    /// From which day; it stands for the days of the rules, this one not counted.
    pub on: Date,
    /// A photo of it.
    pub document: String,
}

/// Someone objects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Object {
    /// What makes it one and the same.
    pub key: String,
    /// To which case.
    pub case: CaseId,
    /// On which day.
    pub on: Date,
    /// What is objected; no names of persons.
    pub text: String,
    /// What shows it.
    #[serde(default)]
    pub document: Option<String>,
}

/// An objection is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// Which.
    pub objection: String,
    /// On which day.
    pub on: Date,
    /// Whether it is right.
    pub upheld: bool,
    /// Why.
    pub text: String,
    /// What was found when it was looked into.
    #[serde(default)]
    pub document: Option<String>,
}

/// The township reviewed a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Review {
    /// Which.
    pub case: CaseId,
    /// On which day.
    pub on: Date,
    /// Whether it agrees.
    pub agreed: bool,
    /// Why.
    pub reason: String,
}

/// The county decided a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decide {
    /// Which.
    pub case: CaseId,
    /// On which day; the rules of that day hold.
    pub on: Date,
    /// Whether it is granted.
    pub granted: bool,
    /// Why.
    pub reason: String,
}

/// A decision was announced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Announce {
    /// Of which case.
    pub case: CaseId,
    /// On which day.
    pub on: Date,
}

/// The household takes its case back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Withdraw {
    /// Which.
    pub case: CaseId,
    /// On which day.
    pub on: Date,
    /// Why.
    pub reason: String,
}
