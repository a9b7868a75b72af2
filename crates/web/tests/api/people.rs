//! Users, their roles and the audit log, managed with a key.

use axum::http::{Method, StatusCode};
use kernel::Role;
use people::staff::Scope;
use serde_json::json;

use crate::house::{code, house, json};

#[tokio::test(flavor = "multi_thread")]
async fn a_user_is_added_given_and_taken_a_role_shut_out_and_let_in_again() {
    let house = house().await;
    let admin = house.key("chen", Role::Admin, None, &[Scope::ManageUsers]).await;
    let new = json!({ "login": "lan.li", "display_name": "李兰" });
    let (first, again) = (
        house.say("/users", &admin, &new).await,
        house.say("/users", &admin, &new).await,
    );
    assert_eq!(
        (first.status, again.status),
        (StatusCode::CREATED, StatusCode::OK)
    );
    let path = format!("/users/{}", json(&first)["id"].as_str().unwrap());
    let grants = format!("{path}/grants");
    let county = json!({ "role": "county", "place": "621226" });
    let given = house.say(&grants, &admin, &county).await;
    assert_eq!(given.status, StatusCode::CREATED);
    let given = json(&given);
    assert_eq!(
        (&given["grants"][0]["place"], &given["login"]),
        (&json!("621226"), &json!("lan.li"))
    );
    let nowhere = house.say(&grants, &admin, &json!({ "role": "county" })).await;
    assert_eq!(code(&nowhere), (422, "staff.place_needed".to_owned()));
    let post = async |part: &str| {
        let answer = house
            .ask(Method::POST, &format!("{path}/{part}"), &admin, &[], "")
            .await;
        assert!(answer.status.is_success(), "{part}: {}", answer.text());
        json(&answer)
    };
    assert!(post("disablement").await["disabled_at"].is_string());
    assert!(post("enablement").await["disabled_at"].is_null());
    let grant = format!("{grants}/{}", given["grants"][0]["id"].as_str().unwrap());
    for _ in 0..2 {
        let taken = house.ask(Method::DELETE, &grant, &admin, &[], "").await;
        assert_eq!(
            (taken.status, json(&taken)["grants"].clone()),
            (StatusCode::OK, json!([]))
        );
    }
    let link = post("link").await["path"].as_str().unwrap().to_owned();
    assert_eq!(house.client.get(&link).await.status, StatusCode::OK);
    let found = json(&house.get("/users?q=LAN", &admin).await);
    assert_eq!(found["items"].as_array().unwrap().len(), 1);
    let missing = "/users/01890a5d-ac96-774b-bcce-b302099a8057";
    assert_eq!(
        code(&house.get(missing, &admin).await),
        (404, "staff.no_such_user".to_owned())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_changes_their_own_roles_with_a_key_either() {
    let house = house().await;
    let admin = house.key("chen", Role::Admin, None, &[Scope::ManageUsers]).await;
    let me = json(&house.get("/users?q=chen", &admin).await)["items"][0].clone();
    let grants = format!("/users/{}/grants", me["id"].as_str().unwrap());
    let taken = house.say(&grants, &admin, &json!({ "role": "fund" })).await;
    assert_eq!(code(&taken), (422, "staff.own_roles".to_owned()));
    let grant = format!("{grants}/{}", me["grants"][0]["id"].as_str().unwrap());
    let left = house.ask(Method::DELETE, &grant, &admin, &[], "").await;
    assert_eq!(code(&left), (422, "staff.own_roles".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_kept_nowhere_so_its_address_hears_no_idempotency_key() {
    let house = house().await;
    let admin = house.key("chen", Role::Admin, None, &[Scope::ManageUsers]).await;
    let new = json!({ "login": "lan", "display_name": "兰" });
    let user = json(&house.say("/users", &admin, &new).await)["id"].clone();
    let path = format!("/users/{}/link", user.as_str().unwrap());
    let once = [("idempotency-key", "one")];
    let (first, second) = (
        house.ask(Method::POST, &path, &admin, &once, "").await,
        house.ask(Method::POST, &path, &admin, &once, "").await,
    );
    assert_eq!(second.header("idempotency-replayed"), "");
    assert_ne!(json(&first)["path"], json(&second)["path"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_audit_log_is_read_page_by_page_and_by_user_and_action() {
    let house = house().await;
    let admin = house.key("chen", Role::Admin, None, &Scope::ALL).await;
    let fund = house.fund().await;
    for _ in 0..3 {
        assert_eq!(house.get("/users", &admin).await.status, StatusCode::OK);
    }
    assert_eq!(house.get("/users", &fund).await.status, StatusCode::FORBIDDEN);
    let first = json(&house.get("/audit?action=manage_users&limit=2", &admin).await);
    assert_eq!(first["items"][0]["outcome"], "denied");
    let next = first["next"].as_str().unwrap().trim_start_matches("/api/v1");
    let second = json(&house.get(next, &admin).await);
    let seq = |page: &serde_json::Value, row: usize| page["items"][row]["seq"].as_i64().unwrap();
    assert!(seq(&first, 1) > seq(&second, 0));
    let whose = second["items"][0]["user"].as_str().unwrap();
    let theirs = json(&house.get(&format!("/audit?user={whose}"), &admin).await);
    assert!(
        theirs["items"]
            .as_array()
            .unwrap()
            .iter()
            .all(|row| row["user"] == whose)
    );
    assert_eq!(
        code(&house.get("/audit?cursor=eA", &admin).await),
        (422, "api.bad_cursor".to_owned())
    );
}
