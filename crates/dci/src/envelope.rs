//! What every message stands in: a signature, a header, and the message itself.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A message with its header and its signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope<M> {
    /// The signature over header and message, as [`crate::Signature`] reads it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<String>,
    /// Who says it to whom, and what it is.
    pub header: Header,
    /// What is said.
    pub message: M,
}

/// The header of a request and of an answer; an answer has a status.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// The version of the protocol.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// What makes it one and the same when it comes again.
    pub message_id: String,
    /// When it was said.
    pub message_ts: String,
    /// What it is: `search`, `on-search` and so on.
    pub action: String,
    /// How far it is: `rcvd`, `pdng`, `succ`, `rjct`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Why, by a code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_reason_code: Option<String>,
    /// Why, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_reason_message: Option<String>,
    /// How many requests it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total_count: Option<Count>,
    /// How many of them were answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completed_count: Option<Count>,
    /// Who says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender_id: Option<String>,
    /// Where an answer goes that comes later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender_uri: Option<String>,
    /// Whom it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receiver_id: Option<String>,
    /// Whether the message is encrypted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_msg_encrypted: Option<bool>,
    /// What else is said of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meta: Option<Value>,
}

/// A number, which the samples write as text and the schema as a number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Count {
    /// As the schema has it.
    Number(u64),
    /// As the samples have it.
    Text(String),
}

impl Count {
    /// The number; none where the text is none, as the empty one of the samples.
    #[must_use]
    pub fn number(&self) -> Option<u64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Text(text) => text.parse().ok(),
        }
    }
}
