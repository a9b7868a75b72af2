//! That a message came: what is answered at once where the answer itself comes later, and where nothing can be answered.

use serde::{Deserialize, Serialize};

/// Says that a message came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ack {
    /// What is said.
    pub message: AckMessage,
}

/// Whether a message came, and what follows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AckMessage {
    /// Whether it is worked on.
    pub ack_status: AckStatus,
    /// When it came.
    pub timestamp: String,
    /// What is wrong with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<Failure>,
    /// By what the one who answers knows it.
    pub correlation_id: String,
}

/// Whether a message is worked on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum AckStatus {
    /// It is, and an answer comes.
    Ack,
    /// It came, and no answer comes.
    Nack,
    /// It cannot be.
    Err,
}

/// What is wrong, by its code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The code, such as `err.signature.invalid`.
    pub code: String,
    /// The same in words.
    pub message: String,
}

/// Faults where no message is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HttpErrors {
    /// The faults.
    pub errors: Vec<Failure>,
}
