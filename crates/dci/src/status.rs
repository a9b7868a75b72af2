//! How far something is that was asked before.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::SearchResponse;

/// Asks how far something is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TxnStatusRequest {
    /// By what the sender knows this business.
    pub transaction_id: String,
    /// What is asked.
    pub txnstatus_request: TxnAsked,
}

/// What is asked about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TxnAsked {
    /// By what the sender knows this question.
    pub reference_id: String,
    /// About a `search` or a `subscribe`.
    pub txn_type: String,
    /// By what it is found: `transaction_id`, `reference_id_list`, `correlation_id`.
    pub attribute_type: String,
    /// A text, or a list of texts.
    pub attribute_value: Value,
    /// In which language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
}

/// Says how far it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TxnStatusResponse {
    /// By what the sender knows the question.
    pub transaction_id: String,
    /// By what the one who answers knows it.
    pub correlation_id: String,
    /// The answer.
    pub txnstatus_response: TxnStatus,
}

/// How far it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TxnStatus {
    /// Of a `search` or a `subscribe`.
    pub txn_type: String,
    /// Each request that was found with its status; the schema has one form for both kinds.
    pub txn_status: SearchResponse,
}
