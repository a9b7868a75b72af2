//! One request to an endpoint, with everything known about it, and what an endpoint answers.

use axum::body::Body;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use futures::future::BoxFuture;
use kernel::{Actor, Fault, Refusal};
use serde::Serialize;
use serde_json::Value;

use super::problem::ApiError;
use crate::Shared;
use crate::page::Page;

/// A request whose key, parameters and rights were checked.
pub(super) struct Call {
    pub site: Shared,
    pub page: Page,
    /// Who gives the command; none where nobody needs to be known.
    pub actor: Option<Actor>,
    pub headers: HeaderMap,
    /// Parts of the path and of the query, each checked against the table.
    pub in_path: Vec<(String, String)>,
    pub in_query: Vec<(String, String)>,
    pub body: Body,
    /// The JSON that was sent, of the shape the table names; null where it names none.
    pub said: Value,
}

/// What an endpoint gives.
pub(super) enum Answer {
    /// JSON with its status.
    Json(StatusCode, Value),
    /// Something else, ready to be sent.
    Ready(Response),
}

/// What an endpoint gives, or why it does not.
pub(super) type Outcome = Result<Answer, ApiError>;

/// The work of an endpoint.
pub(super) type Run = fn(Call) -> BoxFuture<'static, Outcome>;

impl Call {
    /// A part of the path.
    pub(super) fn part(&self, name: &str) -> &str {
        value_of(&self.in_path, name).unwrap_or_default()
    }

    /// A parameter of the query; none where it is missing or empty.
    pub(super) fn query(&self, name: &str) -> Option<&str> {
        value_of(&self.in_query, name).filter(|value| !value.is_empty())
    }

    pub(super) fn queries(&self) -> impl Iterator<Item = (&str, &str)> {
        self.in_query
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// A part of the path as a type of its own. What is none was refused by the table already.
    ///
    /// # Errors
    /// What the type gives.
    pub(super) fn parsed<T: std::str::FromStr<Err = Refusal>>(&self, name: &str) -> Result<T, Refusal> {
        self.part(name).parse()
    }

    /// A text of the JSON that was sent; empty where it is missing or null.
    pub(super) fn text(&self, field: &str) -> &str {
        self.said.get(field).and_then(Value::as_str).unwrap_or_default()
    }

    /// Who gives the command.
    ///
    /// # Errors
    /// `staff.sign_in_required`.
    pub(super) fn actor(&self) -> Result<Actor, Refusal> {
        let actor = self.actor.clone();
        actor.ok_or_else(|| Refusal::new("staff.sign_in_required", Fault::Denied))
    }
}

fn value_of<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs
        .iter()
        .find(|(other, _)| other == name)
        .map(|(_, value)| value.as_str())
}

/// An answer of success.
#[expect(clippy::unnecessary_wraps, reason = "every endpoint ends with it")]
pub(super) fn ok(value: Value) -> Outcome {
    Ok(Answer::Json(StatusCode::OK, value))
}

/// An answer to a command: 201 where it did something, 200 where that was done before.
#[expect(clippy::unnecessary_wraps, reason = "endpoints end with it")]
pub(super) fn made(now: bool, value: Value) -> Outcome {
    let status = if now { StatusCode::CREATED } else { StatusCode::OK };
    Ok(Answer::Json(status, value))
}

/// A value as JSON.
///
/// # Errors
/// `web.page_failed`.
pub(super) fn to_json(value: &impl Serialize) -> Result<Value, Refusal> {
    serde_json::to_value(value).map_err(|error| Refusal::broken("web.page_failed", &error))
}
