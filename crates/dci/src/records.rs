//! What is told of a household and of a person.
//!
//! Fields that this program knows are typed; what others add stays in `rest`, and is written back.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::Count;

/// A record of the registry, known by its identifiers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Record {
    /// A household.
    Group(Box<Group>),
    /// A member of one.
    Member(Box<Member>),
    /// A person.
    Person(Box<Person>),
}

/// A household.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// The vocabularies.
    #[serde(rename = "@context", default, skip_serializing_if = "Option::is_none")]
    pub context: Option<Value>,
    /// Its address as a thing.
    #[serde(rename = "@id", default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// That it is a group.
    #[serde(rename = "@type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// By what it is known.
    pub group_identifier: Vec<Identifier>,
    /// What kind of group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_type: Option<String>,
    /// Where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Value>,
    /// How poor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub poverty_score: Option<Value>,
    /// By which measure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub poverty_score_type: Option<String>,
    /// Who is its head.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_head_info: Option<Head>,
    /// How many members it has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_size: Option<Count>,
    /// Its members.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member_list: Option<Vec<Listed>>,
    /// Since when it is registered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registration_date: Option<String>,
    /// Names and values of an implementation's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub additional_attributes: Option<Vec<Value>>,
    /// What else is said.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

/// The head of a household: a member as the schema has it, a person alone as the samples have it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Head {
    /// A member.
    Member(Box<Member>),
    /// A person.
    Person {
        /// Who.
        person: Box<Person>,
    },
}

/// A member of a list: bare as the schema has it, under a name as the samples have it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Listed {
    /// Bare.
    Member(Box<Member>),
    /// Under a name.
    Named {
        /// The member.
        household_member: Box<Member>,
    },
}

/// A member of a household.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// The vocabularies.
    #[serde(rename = "@context", default, skip_serializing_if = "Option::is_none")]
    pub context: Option<Value>,
    /// That it is a member.
    #[serde(rename = "@type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// By what the member is known.
    pub member_identifier: Vec<Identifier>,
    /// Who it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub demographic_info: Option<Demographic>,
    /// How the member stands to the head.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relationship_head: Option<String>,
    /// Whether the member has a disability.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_disabled: Option<Value>,
    /// Whether the member is married.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marital_status: Option<String>,
    /// Whether the member works.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub employment_status: Option<String>,
    /// As what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occupation: Option<String>,
    /// What the member earns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub income_level: Option<String>,
    /// What the member speaks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language_code: Option<String>,
    /// What the member learnt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub education_level: Option<String>,
    /// Since when the member is registered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registration_date: Option<String>,
    /// What else is said.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

/// Who a member is: a person as the schema has it, under a name as the samples have it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Demographic {
    /// Bare.
    Person(Box<Person>),
    /// Under a name.
    Named {
        /// The person.
        person: Box<Person>,
    },
}

/// A person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The vocabularies.
    #[serde(rename = "@context", default, skip_serializing_if = "Option::is_none")]
    pub context: Option<Value>,
    /// Its address as a thing.
    #[serde(rename = "@id", default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// That it is a person.
    #[serde(rename = "@type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// By what the person is known.
    pub identifier: Vec<Identifier>,
    /// What the person is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Names>,
    /// Sex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sex: Option<String>,
    /// Day of birth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<String>,
    /// What else is said.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

/// By what something is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identifier {
    /// Of which kind, such as `UIN`.
    pub identifier_type: String,
    /// Which.
    pub identifier_value: String,
    /// What else is said.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

/// One name or several.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Names {
    /// One.
    One(Name),
    /// Several.
    Many(Vec<Name>),
}

/// A name in its parts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Name {
    /// Of the family.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub surname: Option<String>,
    /// Of the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given_name: Option<String>,
    /// What else is said.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}
