//! `/places`: the counties of the country by name or code.

use serde_json::{Value, json};

use super::call::{Call, Outcome, ok, to_json};

/// So many places are answered to one search.
const FOUND_MAX: usize = 50;

pub(super) async fn index(call: Call) -> Outcome {
    let places = call.site.places;
    let found = places.find(call.query("q").unwrap_or_default());
    let item = |place: &&people::places::Place| {
        json!({
            "code": place.code,
            "name_zh": place.name_zh,
            "name_en": place.name_en(),
            "full_name_zh": places.full_name(place),
            "level": place.level,
            "href": format!("/api/v1/places/{}", place.code),
        })
    };
    let items: Vec<Value> = found.iter().take(FOUND_MAX).map(item).collect();
    ok(json!({ "items": items }))
}

pub(super) async fn show(call: Call) -> Outcome {
    ok(to_json(&call.site.places.card(call.parsed("code")?)?)?)
}
