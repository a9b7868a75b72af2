//! What acts about counties and work in the field carry: pairings, targets, days worked, visits, events.

use jiff::civil::Date;
use kernel::{PlaceCode, Text};
use serde::{Deserialize, Serialize};

/// A pairing with a county or a prefecture (结对帮扶).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewPairing {
    /// Its key.
    pub key: String,
    /// With which place.
    pub place: PlaceCode,
    /// The unit that is paired with it.
    pub unit: Text,
    /// When it was signed.
    pub signed_on: Date,
    /// The agreement, by the SHA-256 of its bytes.
    pub document: String,
    /// What the unit took on.
    pub duties: Vec<NewDuty>,
}

/// One duty of a pairing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewDuty {
    /// What is to be done.
    pub title: Text,
    /// By when.
    pub due_on: Date,
}

/// How far a duty is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DutyProgress {
    /// The pairing.
    pub pairing: String,
    /// The duty, from 1.
    pub duty: u32,
    /// As seen on which day.
    pub on: Date,
    /// How much of it is done, in thousandths.
    pub done_permille: u32,
}

/// A model county (样板县) with its product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewModelCounty {
    /// The county.
    pub place: PlaceCode,
    /// When it was named.
    pub named_on: Date,
    /// Its product.
    pub product: Text,
}

/// Whose target it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TargetOwner {
    /// A model county.
    County(PlaceCode),
    /// The unit of a pillar; its target is a key result.
    Pillar(String),
}

impl TargetOwner {
    /// As it is kept: the place code, or the pillar.
    pub(crate) fn kept(&self) -> String {
        match self {
            Self::County(place) => place.to_string(),
            Self::Pillar(pillar) => pillar.clone(),
        }
    }
}

/// A target of a model county, or a key result (关键结果) of a unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewTarget {
    /// Whose.
    pub owner: TargetOwner,
    /// What is measured, a key.
    pub indicator: String,
    /// Its name.
    pub title: Text,
    /// Its unit, such as `mu`.
    pub unit: String,
    /// How much is wanted, in whole units.
    pub target: i64,
    /// By when.
    pub due_on: Date,
}

/// What was measured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measurement {
    /// Whose.
    pub owner: TargetOwner,
    /// What.
    pub indicator: String,
    /// On which day.
    pub on: Date,
    /// How much, in the unit of the target.
    pub value: i64,
    /// What shows it, by the SHA-256 of its bytes.
    pub document: String,
}

/// A day of work of a member of staff, or half of one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StaffDay {
    /// Who, an id of the staff.
    pub person: String,
    /// On which day.
    pub on: Date,
    /// For which pillar.
    pub pillar: String,
    /// Where; in the office where it is not given.
    #[serde(default)]
    pub place: Option<PlaceCode>,
    /// Half days: 1 or 2.
    pub halves: u32,
}

/// A visit in the field (实地走访).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewVisit {
    /// Its key.
    pub key: String,
    /// Who went, an id of the staff.
    pub person: String,
    /// Where.
    pub place: PlaceCode,
    /// On which day.
    pub on: Date,
    /// What was found; no names of persons.
    pub findings: String,
    /// Photos, by the SHA-256 of their bytes.
    pub photos: Vec<String>,
}

/// Something that happened (大事记).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewEvent {
    /// Its key.
    pub key: String,
    /// On which day.
    pub on: Date,
    /// The pillar, or `fund`.
    pub pillar: String,
    /// Where, as it is told; empty for the whole programme.
    #[serde(default)]
    pub place: String,
    /// What happened.
    pub title: Text,
}
