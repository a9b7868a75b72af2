//! What acts on households and persons carry.

use jiff::civil::Date;
use kernel::PlaceCode;
use serde::{Deserialize, Serialize};

use crate::model::{HouseholdFacts, HouseholdId, Leaving, PersonFacts, PersonId, Personal, Purpose};

/// A household is written down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Register {
    /// Its id.
    pub household: HouseholdId,
    /// Its village, by twelve digits.
    pub place: PlaceCode,
    /// Since when what follows is so.
    pub since: Date,
    /// What is said of it.
    #[serde(default)]
    pub facts: HouseholdFacts,
    /// Its members; exactly one is the head.
    pub members: Vec<Member>,
    /// Whether the national register has it as poor since then; a document shows it, and the county says so.
    #[serde(default)]
    pub recognised_elsewhere: bool,
    /// The form it was written on, by the SHA-256 of its bytes.
    #[serde(default)]
    pub document: Option<String>,
}

/// A member of a household that is written down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// The person's id.
    pub person: PersonId,
    /// Who they are.
    #[serde(default)]
    pub personal: Personal,
    /// What is said of them.
    #[serde(default)]
    pub facts: PersonFacts,
}

/// Something of a household is said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SayHousehold {
    /// What makes it one and the same.
    pub key: String,
    /// Of which.
    pub household: HouseholdId,
    /// Since when it is so.
    pub since: Date,
    /// What.
    pub facts: HouseholdFacts,
    /// What shows it.
    #[serde(default)]
    pub document: Option<String>,
}

/// Someone is a member from a day on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Join {
    /// What makes it one and the same.
    pub key: String,
    /// Of which household.
    pub household: HouseholdId,
    /// Since when.
    pub since: Date,
    /// Who; known already where they come from another household.
    pub member: Member,
    /// What shows it.
    #[serde(default)]
    pub document: Option<String>,
}

/// Something of a person is said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SayPerson {
    /// What makes it one and the same.
    pub key: String,
    /// Of whom.
    pub person: PersonId,
    /// Since when it is so.
    pub since: Date,
    /// Who they are.
    #[serde(default)]
    pub personal: Personal,
    /// What else.
    #[serde(default)]
    pub facts: PersonFacts,
    /// What shows it.
    #[serde(default)]
    pub document: Option<String>,
}

/// Someone is no longer a member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leave {
    /// Who.
    pub person: PersonId,
    /// From which day on.
    pub on: Date,
    /// Why.
    pub reason: Leaving,
    /// What shows it.
    #[serde(default)]
    pub document: Option<String>,
}

/// Someone agreed to something, or took it back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consent {
    /// Who.
    pub person: PersonId,
    /// To what.
    pub purpose: Purpose,
    /// Whether they agree.
    pub given: bool,
    /// On which day.
    pub on: Date,
    /// The signed form.
    #[serde(default)]
    pub document: Option<String>,
}

/// Who someone is is forgotten: their key and what they are found by. What was counted stays, and names nobody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Erase {
    /// Who.
    pub person: PersonId,
    /// On which day.
    pub on: Date,
    /// Why: what they asked for, or what the law says.
    pub reason: String,
    /// What they signed.
    #[serde(default)]
    pub document: Option<String>,
}
