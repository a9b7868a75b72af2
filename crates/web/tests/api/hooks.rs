//! Webhooks managed with a key.

use axum::http::{Method, StatusCode};
use kernel::Role;
use people::staff::Scope;
use serde_json::json;

use crate::house::{code, house, json};

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_is_made_with_a_secret_shown_once_tested_and_removed() {
    let house = house().await;
    let admin = house
        .key("chen", Role::Admin, None, &[Scope::ManageWebhooks])
        .await;
    let wanted = json!({ "url": "https://example.org/hook", "events": ["periods.published"] });
    let made = house.say("/webhooks", &admin, &wanted).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let secret = json(&made)["secret"].as_str().unwrap().to_owned();
    let path = format!("/webhooks/{}", json(&made)["webhook"]["id"].as_str().unwrap());
    let shown = house.get(&path, &admin).await;
    assert_eq!(json(&shown)["state"], "active");
    assert!(secret.starts_with("whsec_") && !shown.text().contains(&secret));
    let test = house
        .ask(Method::POST, &format!("{path}/test"), &admin, &[], "")
        .await;
    assert_eq!(test.status, StatusCode::ACCEPTED);
    let log = json(&house.get(&format!("{path}/deliveries"), &admin).await);
    assert_eq!(
        (&log["items"][0]["event"], &log["items"][0]["state"]),
        (&json!("webhooks.test"), &json!("waiting"))
    );
    let enabled = house
        .ask(Method::POST, &format!("{path}/enablement"), &admin, &[], "")
        .await;
    assert_eq!(enabled.status, StatusCode::OK);
    for now in [true, false] {
        let removed = house.ask(Method::DELETE, &path, &admin, &[], "").await;
        assert_eq!(json(&removed)["now"], now);
    }
    assert_eq!(
        code(&house.get(&path, &admin).await),
        (404, "webhooks.no_such_subscription".to_owned())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_to_a_private_address_or_of_an_unknown_event_is_refused() {
    let house = house().await;
    let admin = house
        .key("chen", Role::Admin, None, &[Scope::ManageWebhooks])
        .await;
    for (url, event, expected) in [
        ("http://example.org/", "periods.published", "webhooks.bad_url"),
        (
            "https://10.0.0.1/",
            "periods.published",
            "webhooks.address_refused",
        ),
        ("https://example.org/", "staff.user_added", "webhooks.bad_event"),
    ] {
        let wanted = json!({ "url": url, "events": [event] });
        let refused = house.say("/webhooks", &admin, &wanted).await;
        assert_eq!(code(&refused), (422, expected.to_owned()));
    }
    let shape = house
        .say(
            "/webhooks",
            &admin,
            &json!({ "url": "https://example.org/", "events": "all" }),
        )
        .await;
    assert_eq!(code(&shape), (422, "api.bad_field".to_owned()));
}
