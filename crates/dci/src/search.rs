//! What is searched for, and what was found.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Count, Query, Record, Said};

/// Searches that are asked for together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchRequest {
    /// By what the sender knows the business it belongs to.
    pub transaction_id: String,
    /// The searches.
    pub search_request: Vec<SearchItem>,
}

/// One search.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchItem {
    /// By what its sender knows it.
    pub reference_id: String,
    /// When it was asked.
    pub timestamp: String,
    /// What for.
    pub search_criteria: SearchCriteria,
    /// In which language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
}

/// What is searched for, and how it is to be answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchCriteria {
    /// Of these criteria.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Which event led to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reg_event_type: Option<String>,
    /// How the query is said to be written. The samples say `expression` of lists too, so it is read by its form.
    pub query_type: String,
    /// What is to be answered: groups, members or persons.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_entity: Option<String>,
    /// What has to hold.
    pub query: Query,
    /// In which order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<Vec<Sort>>,
    /// Which page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pagination: Option<Pagination>,
    /// What the person agreed to, as the sender says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<Value>,
    /// By what the sender may ask, as it says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authorize: Option<Value>,
}

/// By what is sorted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sort {
    /// The attribute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribute_name: Option<String>,
    /// `asc` or `desc`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort_order: Option<String>,
}

/// A page; counted from 1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pagination {
    /// How many records a page has.
    pub page_size: u32,
    /// Which page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page_number: Option<u32>,
    /// How many records there are on all pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total_count: Option<Count>,
}

/// What came of searches that were asked for together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchResponse {
    /// By what the sender knows the business.
    pub transaction_id: String,
    /// By what the one who answers knows it.
    pub correlation_id: String,
    /// The answers.
    pub search_response: Vec<SearchAnswer>,
}

/// What came of one search.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchAnswer {
    /// By what its sender knows it.
    pub reference_id: String,
    /// When it was answered.
    #[serde(default, skip_serializing_if = "Said::is_missing")]
    pub timestamp: Said<String>,
    /// How far it is.
    pub status: String,
    /// Why, by a code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_reason_code: Option<String>,
    /// Why, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_reason_message: Option<String>,
    /// What was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<SearchData>,
    /// Which page of it.
    #[serde(default, skip_serializing_if = "Said::is_missing")]
    pub pagination: Said<Pagination>,
    /// In which language.
    #[serde(default, skip_serializing_if = "Said::is_missing")]
    pub locale: Said<String>,
}

/// Records that were found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchData {
    /// Of their form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Of which kind of registry they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reg_type: Option<String>,
    /// What they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reg_record_type: Option<String>,
    /// The records.
    pub reg_records: Vec<Record>,
}
