//! The OpenAPI 3.1 document, made from the table of endpoints, the shapes and the examples.

use kernel::{Lang, Words};
use people::staff::Scope;
use serde_json::{Map, Value, json};

use super::params::{Kind, LANG, Param, Place};
use super::table::{ENDPOINTS, Endpoint, Takes};
use super::uploads::MEDIA_TYPES;
use super::{examples, schemas, words};

/// The document in a language.
pub(super) fn of(lang: Lang) -> Value {
    let a = words::WORDS.of(lang);
    let mut paths: Map<String, Value> = Map::new();
    for endpoint in ENDPOINTS {
        let path = paths.entry(endpoint.path).or_insert_with(|| json!({}));
        if let Value::Object(path) = path {
            path.insert(
                endpoint.verb.as_str().to_ascii_lowercase(),
                operation(endpoint, a),
            );
        }
    }
    let shapes: Map<String, Value> = schemas::shapes()
        .map(|(name, shape)| ((*name).to_owned(), schemas::schema(shape)))
        .collect();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": a.get("page.title"),
            "version": "1",
            "description": a.get("page.lead"),
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "tags": tags(),
        "paths": paths,
        "components": {
            "schemas": shapes,
            "securitySchemes": {
                "key": { "type": "http", "scheme": "bearer", "description": a.get("page.key") },
            },
        },
    })
}

fn tags() -> Value {
    let mut tags: Vec<&str> = ENDPOINTS.iter().map(tag).collect();
    tags.dedup();
    let mut seen = std::collections::BTreeSet::new();
    tags.retain(|tag| seen.insert(*tag));
    json!(
        tags.into_iter()
            .map(|tag| json!({ "name": tag }))
            .collect::<Vec<_>>()
    )
}

/// The first part of a path behind the version.
fn tag(endpoint: &Endpoint) -> &'static str {
    let part = endpoint.path.split('/').nth(3);
    part.unwrap_or("root")
}

fn operation(endpoint: &Endpoint, a: &Words) -> Value {
    let params = endpoint.params.iter().chain([&LANG]);
    let mut operation = json!({
        "operationId": endpoint.id,
        "tags": [tag(endpoint)],
        "summary": a.get(&format!("op.{}", endpoint.id)),
        "parameters": params.map(|param| parameter(param, a)).collect::<Vec<_>>(),
    });
    if let Takes::Json(shape) = endpoint.takes {
        let content = json!({ "schema": schemas::reference(shape), "example": examples::of(shape) });
        let body = json!({ "required": true, "content": { "application/json": content } });
        put(&mut operation, "requestBody", body);
    }
    if endpoint.takes == Takes::File {
        let content: Map<String, Value> = MEDIA_TYPES
            .iter()
            .map(|kind| {
                (
                    (*kind).to_owned(),
                    json!({ "schema": { "type": "string", "format": "binary" } }),
                )
            })
            .collect();
        put(
            &mut operation,
            "requestBody",
            json!({ "required": true, "content": content }),
        );
    }
    let mut responses = Map::new();
    for (status, shape) in endpoint.answers {
        responses.insert(status.to_string(), response(*status, shape, a));
    }
    let problem = json!({
        "description": a.get("page.problem"),
        "content": { "application/problem+json": {
            "schema": schemas::reference("Problem"),
            "example": examples::of("Problem"),
        } },
    });
    responses.insert("default".to_owned(), problem);
    put(&mut operation, "responses", Value::Object(responses));
    if let Some(action) = endpoint.needs {
        put(&mut operation, "security", json!([{ "key": [] }]));
        let scopes = Scope::ALL
            .into_iter()
            .filter(|scope| scope.actions().contains(&action));
        let scopes: Vec<&str> = scopes.map(Scope::as_str).collect();
        let text = a.fill("page.scope", &[("scopes", &scopes.join(", "))]);
        put(&mut operation, "description", json!(text));
    }
    operation
}

fn put(object: &mut Value, key: &str, value: Value) {
    if let Value::Object(map) = object {
        map.insert(key.to_owned(), value);
    }
}

fn parameter(param: &Param, a: &Words) -> Value {
    let place = match param.place {
        Place::Path => "path",
        Place::Query => "query",
        Place::Header => "header",
    };
    let mut made = json!({
        "name": param.name,
        "in": place,
        "required": param.required,
        "description": a.get(&format!("param.{}", param.about)),
        "schema": param.kind.schema(),
    });
    if !param.example.is_empty() {
        let number = param.example.parse::<i64>().ok();
        let number = number.filter(|_| matches!(param.kind, Kind::Number(..)));
        put(
            &mut made,
            "example",
            number.map_or_else(|| json!(param.example), |number| json!(number)),
        );
    }
    made
}

fn response(status: u16, shape: &str, a: &Words) -> Value {
    let about = match status {
        201 => "page.made",
        202 => "page.accepted",
        _ => "page.ok",
    };
    if shape.is_empty() {
        return json!({
            "description": a.get(about),
            "content": { "*/*": {} },
        });
    }
    let mut content = json!({ "schema": schemas::reference(shape) });
    if let Some(example) = examples::of(shape) {
        put(&mut content, "example", example);
    }
    json!({ "description": a.get(about), "content": { "application/json": content } })
}
