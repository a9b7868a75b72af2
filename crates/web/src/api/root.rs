//! `/api/v1` itself: where everything is; and the OpenAPI document.

use serde_json::{Map, Value, json};

use super::call::{Call, Outcome, ok};
use super::document;
use super::table::{ENDPOINTS, Verb};

pub(super) async fn show(_call: Call) -> Outcome {
    ok(links())
}

/// Every list and document that can be asked for as it stands.
pub(super) fn links() -> Value {
    let plain = ENDPOINTS.iter().filter(|endpoint| {
        endpoint.verb == Verb::Get && endpoint.id != "root" && !endpoint.path.contains('{')
    });
    let links: Map<String, Value> = plain
        .map(|endpoint| (endpoint.id.to_owned(), json!(endpoint.path)))
        .collect();
    json!({ "version": "v1", "documentation": "/api", "links": links })
}

pub(super) async fn openapi(call: Call) -> Outcome {
    ok(document::of(call.page.lang))
}
