//! What acts on pairs of persons carry.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::model::PersonId;

/// Two persons are one: the one is kept, the other was that one all along.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Merge {
    /// What makes it one and the same.
    pub key: String,
    /// Who is kept; lives in a household.
    pub keep: PersonId,
    /// Who turned out to be the same.
    pub gone: PersonId,
    /// When that was decided.
    pub on: Date,
    /// Why.
    pub reason: String,
    /// What shows it.
    #[serde(default)]
    pub document: Option<String>,
}

/// It was wrong to take someone for another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unmerge {
    /// What makes it one and the same.
    pub key: String,
    /// Who is again someone of their own.
    pub gone: PersonId,
    /// When that was decided.
    pub on: Date,
    /// Why.
    pub reason: String,
    /// What shows it.
    #[serde(default)]
    pub document: Option<String>,
}

/// Two persons who look alike are two.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Distinct {
    /// What makes it one and the same.
    pub key: String,
    /// The one.
    pub one: PersonId,
    /// The other.
    pub other: PersonId,
    /// When that was decided.
    pub on: Date,
    /// Why.
    pub reason: String,
    /// What shows it.
    #[serde(default)]
    pub document: Option<String>,
}
