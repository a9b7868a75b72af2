//! Who is heard: by a signature that holds, or by an API key where nothing is left behind; and each message once.

use axum::http::{Method, StatusCode};
use kernel::{Actor, Clock as _, Role, SystemClock};
use people::staff::{NewApiKey, Scope};
use serde_json::{Value, json};

use crate::house::{HIS, House, VILLAGE, first, house, read, records};

fn code(answer: &web::testing::Answer) -> (u16, String) {
    let said = read(answer)["errors"][0]["code"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    (answer.status.as_u16(), said)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_partner_finds_a_person_by_number_and_gets_an_answer_signed_by_us() {
    let house = house().await;
    let partner = house.partner("SP", |_| {}).await;
    let answer = house.ask("/sync/search", &partner.by_number("m1", HIS)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let said = read(&answer);
    let header = &said["header"];
    for (field, value) in [
        ("action", "on-search"),
        ("status", "succ"),
        ("sender_id", "SR"),
        ("receiver_id", "SP"),
        ("message_id", "m1"),
    ] {
        assert_eq!(header[field], value);
    }
    assert_eq!(records(&answer).len(), 1);
    let (public, key_id) = house.site.exchange.as_ref().unwrap().public_key();
    let signature = dci::Signature::read(said["signature"].as_str().unwrap()).unwrap();
    assert_eq!((signature.sender_id.as_str(), &signature.key_id), ("SR", &key_id));
    let now = SystemClock.now().as_second();
    let key = dci::public_key(&public).unwrap();
    assert_eq!(signature.require(&key, header, &said["message"], now), Ok(()));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_signed_by_a_known_key_is_not_heard() {
    let house = house().await;
    let partner = house.partner("SP", |_| {}).await;
    let other = house.partner("OTHER", |_| {}).await;
    let good = partner.by_number("m1", HIS);
    let with = |change: &dyn Fn(&mut Value)| {
        let mut message = good.clone();
        change(&mut message);
        message
    };
    for (message, expected) in [
        (
            with(&|m| m["signature"] = json!("")),
            (401, "err.signature.missing"),
        ),
        (
            with(&|m| m["signature"] = json!("Signature: none")),
            (401, "err.signature.invalid"),
        ),
        (
            with(&|m| m["message"]["transaction_id"] = json!("t2")),
            (401, "err.signature.invalid"),
        ),
        (
            with(&|m| m["header"]["message_id"] = json!("m2")),
            (401, "err.signature.invalid"),
        ),
        (
            with(&|m| m["header"]["sender_id"] = json!("nobody")),
            (401, "err.sender_id.invalid"),
        ),
        (with(&|m| m["header"] = json!(1)), (400, "err.request.bad")),
        (
            other.signed(&good["header"], &good["message"]),
            (401, "err.signature.invalid"),
        ),
        (
            partner.say("search", "m3", &json!({ "transaction_id": "t" })),
            (400, "err.request.bad"),
        ),
    ] {
        let answer = house.ask("/sync/search", &message).await;
        assert_eq!(code(&answer), (expected.0, expected.1.to_owned()), "{message}");
    }
    let removed = house.site.exchange.as_ref().unwrap();
    let removed = removed
        .remove_partner(&house.site.webhooks, Actor::system(), "SP")
        .await
        .unwrap();
    assert!(removed.is_now());
    let gone = house.ask("/sync/search", &good).await;
    assert_eq!(code(&gone), (401, "err.sender_id.invalid".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_message_gets_the_same_answer_and_another_under_its_id_is_refused() {
    let house = house().await;
    let partner = house.partner("SP", |_| {}).await;
    let message = partner.by_number("m1", HIS);
    let one = read(&house.ask("/sync/search", &message).await);
    let again = read(&house.ask("/sync/search", &message).await);
    assert_eq!(
        (&one["header"], &one["message"]),
        (&again["header"], &again["message"])
    );
    let other = house.ask("/sync/search", &partner.by_number("m1", "1")).await;
    assert_eq!(
        read(&other)["header"]["status_reason_code"],
        "rjct.message_id.duplicate"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_header_that_says_something_else_is_rejected_by_its_code() {
    let house = house().await;
    let partner = house.partner("SP", |_| {}).await;
    let good = partner.by_number("m1", HIS);
    for (field, value, code) in [
        ("action", json!("subscribe"), "rjct.action.invalid"),
        ("version", json!("2.0.0"), "rjct.version.invalid"),
        ("message_ts", json!("yesterday"), "rjct.message_ts.invalid"),
        ("total_count", json!(2), "rjct.total_count.invalid"),
    ] {
        let mut header = good["header"].clone();
        header[field] = value;
        let answer = house
            .ask("/sync/search", &partner.signed(&header, &good["message"]))
            .await;
        assert_eq!(
            read(&answer)["header"]["status_reason_code"],
            code,
            "{}",
            answer.text()
        );
    }
}

async fn key(house: &House, role: Role, place: &str) -> String {
    let signed_in = house.client.signed_in(role, Some(place)).await;
    let new = NewApiKey {
        user: signed_in.user(),
        name: "key".to_owned(),
        scopes: vec![Scope::ReadRegistry],
        days: 30,
    };
    let made = house.site.staff.make_api_key(Actor::system(), new).await.unwrap();
    format!("Bearer {}", made.secret.as_str())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_api_key_stands_for_a_signature_where_its_owner_sees_the_place_and_nothing_is_left_behind() {
    let house = house().await;
    let reveals = |new: &mut exchange::NewPartner| new.rights.push(Scope::RevealPersons);
    let partner = house.partner("SP", reveals).await;
    let mut message = partner.by_number("m1", HIS);
    message["signature"] = json!("");
    let (there, elsewhere) = (
        key(&house, Role::County, "653130").await,
        key(&house, Role::County, "532528").await,
    );
    let answer = house
        .ask_with("/sync/search", &[("authorization", &there)], &message)
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(records(&answer).len(), 1);
    assert!(!answer.text().contains(HIS), "an API key shows nobody in full");
    let denied = house
        .ask_with("/sync/search", &[("authorization", &elsewhere)], &message)
        .await;
    assert_eq!(code(&denied), (403, "err.request.forbidden".to_owned()));
    let later = house
        .ask_with("/search", &[("authorization", &there)], &message)
        .await;
    assert_eq!(code(&later), (401, "err.signature.missing".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_address_turns_away_nobody_a_stranger_and_each_role_with_a_session() {
    let house = house().await;
    let partner = house.partner("SP", |_| {}).await;
    let mut unsigned = partner.by_number("m1", HIS);
    unsigned["signature"] = json!("");
    let mut askers = vec![house.client.clone(), house.client.stranger().await];
    for role in Role::ALL.into_iter().filter(|role| *role != Role::System) {
        let place = (!matches!(role, Role::Admin | Role::Finance)).then_some(VILLAGE);
        askers.push(house.client.signed_in(role, place).await);
    }
    assert_eq!(web::dci_table().len(), 6);
    for route in web::dci_table() {
        for asker in &askers {
            for body in ["", "[]", "{}", &unsigned.to_string()] {
                let answer = asker
                    .ask(
                        Method::POST,
                        route.path,
                        &[("content-type", "application/json")],
                        body,
                    )
                    .await;
                assert!(
                    matches!(answer.status.as_u16(), 400 | 401),
                    "{} {}",
                    route.path,
                    answer.text()
                );
            }
        }
        let read = house.client.get(route.path).await;
        assert_eq!(read.status, StatusCode::METHOD_NOT_ALLOWED);
        let long = " ".repeat(300 << 10);
        let answer = house.client.ask(Method::POST, route.path, &[], &long).await;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_is_sent_breaks_the_server() {
    let house = house().await;
    let partner = house.partner("SP", |_| {}).await;
    let query = |query: Value| json!({ "query_type": "expression", "query": query });
    let deep = (0..40).fold(json!({ "sex": "m" }), |inner, _| json!({ "$and": [inner] }));
    for (number, (criteria, status)) in [
        (query(json!({ "type": "UIN", "value": { "a": [1] } })), "rjct"),
        (
            query(json!({ "type": "UIN", "value": "'; DROP TABLE dci_partners; --" })),
            "succ",
        ),
        (query(json!({ "type": "FPID", "value": "x" })), "succ"),
        (query(json!({ "type": "poverty_score", "value": 1e300 })), "rjct"),
        (query(json!({ "type": "age", "value": -1 })), "rjct"),
        (
            query(json!({ "type": "birth_date", "value": "二〇一八年一月一日" })),
            "rjct",
        ),
        (
            query(json!({ "type": "x", "value": { "expression": { "query": deep } } })),
            "succ",
        ),
        (
            json!({ "query_type": "x", "query": { "type": "sex", "value": "m" },
                 "pagination": { "page_size": 4_294_967_295_u32 } }),
            "rjct",
        ),
        (
            json!({ "query_type": "x", "query": { "type": "sex", "value": "m" },
                 "pagination": { "page_size": 100, "page_number": 4_294_967_295_u32 } }),
            "rjct",
        ),
        (
            json!({ "query_type": "x", "query": { "type": "sex", "value": "m" },
                 "pagination": { "page_size": 1, "page_number": 0 } }),
            "rjct",
        ),
        (
            json!({ "query_type": "x", "query": { "type": "place", "value": "532528" } }),
            "rjct",
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let answer = house
            .ask("/sync/search", &partner.search(&format!("m{number}"), &criteria))
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{criteria} {}", answer.text());
        assert_eq!(first(&answer)["status"], status, "{criteria} {}", answer.text());
    }
}
