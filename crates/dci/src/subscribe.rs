//! Who wants to be told of what, and what is told.

use serde::{Deserialize, Serialize};

use crate::{Query, Record};

/// Subscriptions that are asked for together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubscribeRequest {
    /// By what the sender knows the business it belongs to.
    pub transaction_id: String,
    /// The subscriptions.
    pub subscribe_request: Vec<SubscribeItem>,
}

/// One subscription.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubscribeItem {
    /// By what its sender knows it.
    pub reference_id: String,
    /// When it was asked.
    pub timestamp: String,
    /// What of.
    pub subscribe_criteria: SubscribeCriteria,
    /// In which language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
}

/// What is to be told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubscribeCriteria {
    /// Of these criteria.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Of which kind of registry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reg_type: Option<String>,
    /// Which event.
    pub reg_event_type: String,
    /// How often, from when to when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frequency: Option<Frequency>,
    /// How the filter is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter_type: Option<String>,
    /// Of whom.
    pub filter: Query,
    /// As what.
    pub notify_record_type: String,
}

/// From when to when, and how often in between.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frequency {
    /// From when.
    pub start_time: String,
    /// To when.
    pub end_time: String,
    /// How often.
    pub frequency: String,
}

/// What came of subscriptions that were asked for together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubscribeResponse {
    /// By what the sender knows the business.
    pub transaction_id: String,
    /// By what the one who answers knows it.
    pub correlation_id: String,
    /// The answers.
    pub subscribe_response: Vec<SubscribeAnswer>,
}

/// What came of one subscription.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubscribeAnswer {
    /// By what its sender knows it.
    pub reference_id: String,
    /// When it was answered.
    pub timestamp: String,
    /// How far it is.
    pub status: String,
    /// Why, by a code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_reason_code: Option<String>,
    /// Why, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_reason_message: Option<String>,
    /// The subscriptions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subscriptions: Option<Vec<SubscriptionInfo>>,
}

/// A subscription as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubscriptionInfo {
    /// By what it is ended.
    pub code: String,
    /// `subscribe` or `unsubscribe`.
    pub status: String,
    /// Since when.
    pub timestamp: String,
    /// Which event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reg_event_type: Option<String>,
    /// As what it is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notify_record_type: Option<String>,
}

/// Ends subscriptions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnSubscribeRequest {
    /// By what the sender knows the business it belongs to.
    pub transaction_id: String,
    /// When it was asked.
    pub timestamp: String,
    /// Which.
    pub subscription_codes: Vec<String>,
}

/// What came of that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnSubscribeResponse {
    /// By what the sender knows the business.
    pub transaction_id: String,
    /// By what the one who answers knows it.
    pub correlation_id: String,
    /// When it was answered.
    pub timestamp: String,
    /// How far it is.
    pub status: String,
    /// Why, by a code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_reason_code: Option<String>,
    /// Why, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_reason_message: Option<String>,
    /// Each with how it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subscription_status: Option<Vec<SubscriptionEnd>>,
}

/// How a subscription stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubscriptionEnd {
    /// Which.
    pub code: String,
    /// `subscribe` or `unsubscribe`.
    pub status: String,
}

/// Tells what happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotifyEventRequest {
    /// By what the one who tells knows it.
    pub transaction_id: String,
    /// What happened, a record each.
    pub notify_event: Vec<NotifyEvent>,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotifyEvent {
    /// Of which subscription.
    pub reference_id: String,
    /// When it was written down.
    pub timestamp: String,
    /// Whose record it is about, as it stands.
    pub data: NotifyData,
}

/// The record that something happened to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotifyData {
    /// Of its form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Of which kind of registry it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reg_type: Option<String>,
    /// Which event, where the schema has a word for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reg_event_type: Option<String>,
    /// What the record is.
    pub reg_record_type: String,
    /// The record; one, as the schema has it.
    pub reg_records: Record,
}
