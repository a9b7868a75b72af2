//! Examples and answers against the shapes of the document.

use axum::http::{Method, StatusCode};
use kernel::Role;
use people::staff::Scope;
use serde_json::Value;

use crate::house::{House, ORDERS, document, house, json};

/// What does not fit a schema of the kind that the document uses.
fn misfits(document: &Value, schema: &Value, value: &Value, at: &str) -> Vec<String> {
    if let Some(reference) = schema["$ref"].as_str() {
        return misfits(document, &document[reference_of(reference)], value, at);
    }
    if let Some(either) = schema["anyOf"].as_array() {
        let tries = either.iter().map(|one| misfits(document, one, value, at));
        return tries.min_by_key(Vec::len).unwrap();
    }
    let fits = match schema["type"].as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("integer") => value.is_i64(),
        Some("number") => value.is_number(),
        Some("boolean") => value.is_boolean(),
        Some("null") => value.is_null(),
        _ => true,
    };
    let mut found = Vec::new();
    if !fits
        || schema["enum"]
            .as_array()
            .is_some_and(|names| !names.contains(value))
    {
        found.push(format!("{at}: {value} is no {schema}"));
    }
    for name in schema["required"].as_array().into_iter().flatten() {
        if value.get(name.as_str().unwrap()).is_none() {
            found.push(format!("{at}: lacks {name}"));
        }
    }
    for (name, inner) in value.as_object().into_iter().flatten() {
        match schema["properties"].get(name) {
            Some(schema) => found.extend(misfits(document, schema, inner, &format!("{at}.{name}"))),
            None if schema["additionalProperties"] == false => found.push(format!("{at}: has {name}")),
            None => {}
        }
    }
    for inner in value.as_array().into_iter().flatten() {
        found.extend(misfits(document, &schema["items"], inner, at));
    }
    found
}

fn reference_of(reference: &str) -> &str {
    reference.rsplit('/').next().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_example_of_the_document_fits_its_schema() {
    let house = house().await;
    let (shapes, document) = document(&house).await;
    let mut seen = 0;
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let sent = &operation["requestBody"]["content"]["application/json"];
            if sent.is_object() {
                let at = format!("{method} {path}");
                assert_eq!(
                    misfits(&shapes, &sent["schema"], &sent["example"], &at),
                    Vec::<String>::new()
                );
            }
            for (status, response) in operation["responses"].as_object().unwrap() {
                for content in response["content"].as_object().unwrap().values() {
                    let Some(example) = content.get("example") else {
                        continue;
                    };
                    seen += 1;
                    let at = format!("{method} {path} {status}");
                    assert_eq!(
                        misfits(&shapes, &content["schema"], example, &at),
                        Vec::<String>::new()
                    );
                }
            }
        }
    }
    assert!(seen > 40, "{seen}");
}

/// A webhook that has a message.
async fn webhook(house: &House, admin: &str) -> Value {
    let hook = serde_json::json!({ "url": "https://example.org/", "events": ["periods.published"] });
    let hook = json(&house.say("/webhooks", admin, &hook).await)["webhook"]["id"].clone();
    let test = format!("/webhooks/{}/test", hook.as_str().unwrap());
    let tested = house.ask(Method::POST, &test, admin, &[], "").await;
    assert_eq!(tested.status, StatusCode::ACCEPTED);
    hook
}

#[tokio::test(flavor = "multi_thread")]
#[expect(
    clippy::too_many_lines,
    reason = "a story is read from its beginning to its end"
)]
async fn every_answer_fits_the_shape_that_the_document_names() {
    let house = house().await;
    let key = house.fund().await;
    let made = house
        .ask(Method::POST, "/periods/2018H2/opening", &key, &[], "")
        .await;
    assert_eq!(made.status, StatusCode::CREATED);
    let sent = house
        .ask(
            Method::POST,
            "/uploads?layout=xingnong&name=a.csv&then=import",
            &key,
            &[],
            ORDERS,
        )
        .await;
    assert_eq!(sent.status, StatusCode::CREATED, "{}", sent.text());
    let (upload, job) = (json(&sent)["id"].clone(), json(&sent)["job"].clone());
    let admin = house.key("chen", Role::Admin, None, &Scope::ALL).await;
    let me = json(&house.get("/users", &admin).await)["items"][0]["id"].clone();
    let hook = webhook(&house, &admin).await;
    let batch = crate::money::some_money(&house).await;
    let (shapes, document) = document(&house).await;
    let fill = |path: &str| {
        [
            ("{id}", "sales.poverty_counties"),
            ("{dimension}", "place"),
            ("{period}", "2018H1"),
            ("{version}", "1"),
            ("{code}", "532528"),
            ("{upload}", upload.as_str().unwrap()),
            ("{job}", job.as_str().unwrap()),
            ("{user}", me.as_str().unwrap()),
            ("{webhook}", hook.as_str().unwrap()),
            ("{account}", "assets:fund:bank"),
            ("{no}", "1"),
            ("{batch}", &batch),
            ("{project}", "clinics"),
        ]
        .into_iter()
        .fold(
            path.replace("/periods/{period}", "/periods/2018H2"),
            |path, (name, value)| path.replace(name, value),
        )
    };
    let mut asked = 0;
    for (path, operations) in document["paths"].as_object().unwrap() {
        // Files are no JSON; the sample site has no order lines and no sealed tables.
        let needs_evidence = path.contains("/trace") || path.ends_with("/rows");
        if operations.get("get").is_none() || path.contains("/files/") || needs_evidence {
            continue;
        }
        let is_search = path == "/api/v1/places";
        let query = if is_search { "?q=%E5%85%83%E9%98%B3" } else { "" };
        let at = format!("{}{query}", fill(path));
        let is_operators = ["/users", "/audit", "/webhooks"]
            .iter()
            .any(|part| path.contains(part));
        let key = if is_operators { &admin } else { &key };
        let answer = house.get(at.trim_start_matches("/api/v1"), key).await;
        assert_eq!(answer.status, StatusCode::OK, "{at}: {}", answer.text());
        let shape = &operations["get"]["responses"]["200"]["content"]["application/json"]["schema"];
        assert_eq!(misfits(&shapes, shape, &json(&answer), &at), Vec::<String>::new());
        asked += 1;
    }
    assert!(asked >= 45, "{asked}");
}
