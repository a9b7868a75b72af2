//! What comes later: answers to the partner's address, and what happens to whom it asked to be told of.

use axum::http::StatusCode;
use jiff::civil::date;
use kernel::{Clock as _, SystemClock};
use people::staff::Scope;
use registry::{Act, HouseholdFacts, Join, Leave, Leaving, Relation, SayHousehold, Sex};
use serde_json::{Value, json};

use crate::house::{HIS, House, Inbox, Partner, house, household, member, person, read, receiver};

async fn partner_at(house: &House, callback: &str) -> Partner {
    house
        .partner("SP", |new| new.callback = Some(callback.to_owned()))
        .await
}

fn came(inbox: &Inbox) -> Vec<(String, Value)> {
    std::mem::take(&mut *inbox.lock().unwrap())
}

pub(crate) fn status(partner: &Partner, id: &str, kind: &str, attribute: &str, value: &Value) -> Value {
    let asked = json!({ "reference_id": "q", "txn_type": kind, "attribute_type": attribute, "attribute_value": value });
    partner.say(
        "txn-status",
        id,
        &json!({ "transaction_id": "t9", "txnstatus_request": asked }),
    )
}

#[expect(
    clippy::too_many_lines,
    reason = "a story is read from its beginning to its end"
)]
#[tokio::test(flavor = "multi_thread")]
async fn a_search_is_acknowledged_once_and_answered_to_the_partners_address() {
    let (callback, inbox) = receiver().await;
    let house = house().await;
    let partner = partner_at(&house, &callback).await;
    let message = partner.by_number("m1", HIS);
    let ack = house.ask("/search", &message).await;
    assert_eq!(
        (ack.status, &read(&ack)["message"]["ack_status"]),
        (StatusCode::OK, &json!("ACK"))
    );
    let correlation = read(&ack)["message"]["correlation_id"].clone();
    assert_eq!(
        read(&house.ask("/search", &message).await)["message"]["correlation_id"],
        correlation
    );
    let of = |answer: &web::testing::Answer| {
        let said = read(answer)["message"]["txnstatus_response"]["txn_status"]["search_response"][0].clone();
        (
            said["reference_id"].clone(),
            said["status"].clone(),
            said.get("data").is_some(),
        )
    };
    for (number, (attribute, value)) in [
        ("transaction_id", json!("t1")),
        ("correlation_id", correlation.clone()),
        ("reference_id_list", json!(["r1"])),
    ]
    .into_iter()
    .enumerate()
    {
        let asked = status(&partner, &format!("s{number}"), "search", attribute, &value);
        let waits = house.ask("/sync/txn/status", &asked).await;
        assert_eq!(
            of(&waits),
            (json!("r1"), json!("pdng"), false),
            "{attribute} {}",
            waits.text()
        );
    }
    house.work().await;
    let got = came(&inbox);
    assert_eq!(got.len(), 1, "{got:?}");
    let (path, said) = &got[0];
    assert_eq!(path, "/dci/registry/on-search");
    assert_eq!(
        (&said["header"]["action"], &said["message"]["correlation_id"]),
        (&json!("on-search"), &correlation)
    );
    assert_eq!(
        said["message"]["search_response"][0]["data"]["reg_records"][0]["name"]["given_name"],
        "张**"
    );
    let signature = dci::Signature::read(said["signature"].as_str().unwrap()).unwrap();
    let key = dci::public_key(&house.site.exchange.as_ref().unwrap().public_key().0).unwrap();
    let now = SystemClock.now().as_second();
    assert_eq!(
        signature.require(&key, &said["header"], &said["message"], now),
        Ok(())
    );
    let done = house
        .ask(
            "/sync/txn/status",
            &status(&partner, "s9", "search", "transaction_id", &json!("t1")),
        )
        .await;
    assert_eq!(of(&done), (json!("r1"), json!("succ"), false));
    let unknown = house
        .ask(
            "/sync/txn/status",
            &status(&partner, "s10", "search", "transaction_id", &json!("t7")),
        )
        .await;
    assert_eq!(of(&unknown), (json!("q"), json!("rjct"), false));
    let later = house
        .ask(
            "/txn/status",
            &status(&partner, "s11", "search", "transaction_id", &json!("t1")),
        )
        .await;
    assert_eq!(later.status, StatusCode::OK);
    house.work().await;
    assert_eq!(came(&inbox)[0].0, "/dci/registry/txn/on-status");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_goes_nowhere_but_below_the_partners_address() {
    let (callback, inbox) = receiver().await;
    let house = house().await;
    let partner = partner_at(&house, &callback).await;
    let silent = house.partner("SILENT", |_| {}).await;
    let good = partner.by_number("m1", HIS);
    for (uri, heard) in [
        (format!("{callback}/own/on-search"), true),
        (format!("{callback}/../elsewhere"), false),
        (format!("{callback}elsewhere"), false),
        ("https://elsewhere.example.org/".to_owned(), false),
    ] {
        let mut header = good["header"].clone();
        header["message_id"] = json!(uri);
        header["sender_uri"] = json!(uri);
        let answer = house
            .ask("/search", &partner.signed(&header, &good["message"]))
            .await;
        assert_eq!(answer.status == StatusCode::OK, heard, "{uri} {}", answer.text());
    }
    let nowhere = house.ask("/search", &silent.by_number("m1", HIS)).await;
    assert_eq!(read(&nowhere)["errors"][0]["code"], "err.sender_uri.invalid");
    house.work().await;
    let got = came(&inbox);
    assert_eq!((got.len(), got[0].0.as_str()), (1, "/dci/own/on-search"));
}

pub(crate) fn subscribe(partner: &Partner, id: &str, event: &str, record: &str, place: &str) -> Value {
    let criteria = json!({ "reg_event_type": event, "filter_type": "idtype-value",
        "filter": { "type": "place", "value": place }, "notify_record_type": record });
    let item = json!({ "reference_id": id, "timestamp": "2026-11-28T09:00:00+08:00", "subscribe_criteria": criteria });
    partner.say(
        "subscribe",
        id,
        &json!({ "transaction_id": id, "subscribe_request": [item] }),
    )
}

/// The answer to a subscription.
async fn subscribed(house: &House, inbox: &Inbox, message: &Value) -> Value {
    let ack = house.ask("/subscribe", message).await;
    assert_eq!(ack.status, StatusCode::OK, "{}", ack.text());
    house.work().await;
    let got = came(inbox);
    assert_eq!((got.len(), got[0].0.as_str()), (1, "/dci/registry/on-subscribe"));
    got[0].1["message"]["subscribe_response"][0].clone()
}

pub(crate) fn joins(key: &str, number: u8) -> Act {
    Act::Join(Join {
        key: key.to_owned(),
        household: household(1),
        since: date(2020, 1, 1),
        member: member(
            number,
            "张小妹",
            None,
            (Relation::Child, Sex::Female, date(2015, 5, 6)),
        ),
        document: None,
    })
}

#[expect(
    clippy::too_many_lines,
    reason = "a story is read from its beginning to its end"
)]
#[tokio::test(flavor = "multi_thread")]
async fn a_partner_is_told_what_happens_at_its_place_until_it_ends_the_subscription() {
    let (callback, inbox) = receiver().await;
    let house = house().await;
    let partner = partner_at(&house, &callback).await;
    let joined = subscribed(
        &house,
        &inbox,
        &subscribe(&partner, "s1", "NewHouseHoldMember", "Member", "653130101201"),
    )
    .await;
    let changed = subscribed(
        &house,
        &inbox,
        &subscribe(&partner, "s2", "UPDATE", "Group", "653130101201"),
    )
    .await;
    let code = |answer: &Value| answer["subscriptions"][0]["code"].as_str().unwrap().to_owned();
    let again = subscribed(
        &house,
        &inbox,
        &subscribe(&partner, "s3", "UPDATE", "Group", "653130101201"),
    )
    .await;
    assert_eq!(again["status_reason_code"], "rjct.event.already_subscribed");
    for (id, event, record, place, why) in [
        ("s4", "UPDATE", "Group", "532528", "rjct.notify_details.invalid"),
        (
            "s5",
            "BIRTH",
            "Group",
            "653130101201",
            "rjct.notify_types.invalid",
        ),
        (
            "s6",
            "UPDATE",
            "Fish",
            "653130101201",
            "rjct.notify_details.invalid",
        ),
    ] {
        let refused = subscribed(&house, &inbox, &subscribe(&partner, id, event, record, place)).await;
        assert_eq!(refused["status_reason_code"], why);
    }
    house.take(joins("k1", 5)).await;
    let said = Act::Household(SayHousehold {
        key: "k2".to_owned(),
        household: household(1),
        since: date(2020, 2, 1),
        facts: HouseholdFacts {
            causes: Some(vec![registry::Cause::Illness]),
            ..HouseholdFacts::default()
        },
        document: None,
    });
    house.take(said).await;
    let elsewhere = Act::Leave(Leave {
        person: person(4),
        on: date(2020, 1, 1),
        reason: Leaving::Moved,
        document: None,
    });
    house.take(elsewhere).await;
    house.work().await;
    let got = came(&inbox);
    let told: Vec<(String, Value)> = got
        .iter()
        .map(|(path, said)| {
            assert_eq!(
                (path.as_str(), &said["header"]["action"]),
                ("/dci/registry/notify", &json!("notify"))
            );
            let event = &said["message"]["notify_event"][0];
            (
                event["reference_id"].as_str().unwrap().to_owned(),
                event["data"].clone(),
            )
        })
        .collect();
    assert_eq!(told.len(), 2, "{got:?}");
    let of = |code: &str| told.iter().find(|(known, _)| known == code).unwrap().1.clone();
    let data = of(&code(&joined));
    assert_eq!(
        (&data["reg_event_type"], &data["reg_record_type"]),
        (&json!("NewHouseHoldMember"), &json!("Member"))
    );
    assert_eq!(
        data["reg_records"]["member_identifier"][0]["identifier_value"],
        json!(person(5))
    );
    assert_eq!(of(&code(&changed))["reg_records"]["group_size"], 4);
    let end = json!({ "transaction_id": "u1", "timestamp": "2026-11-28T09:00:00+08:00", "subscription_codes": [code(&joined)] });
    house
        .ask("/unsubscribe", &partner.say("unsubscribe", "u1", &end))
        .await;
    house.work().await;
    let ended = came(&inbox);
    assert_eq!(ended[0].0, "/dci/registry/on-unsubscribe");
    assert_eq!(
        ended[0].1["message"]["subscription_status"][0],
        json!({ "code": code(&joined), "status": "unsubscribe" })
    );
    house.take(joins("k3", 6)).await;
    house.work().await;
    assert_eq!(came(&inbox), Vec::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_waits_names_nobody_and_says_what_stands_when_it_goes() {
    let (callback, inbox) = receiver().await;
    let house = house().await;
    let full = house
        .partner("SP", |new| {
            new.callback = Some(callback.clone());
            new.rights.push(Scope::RevealPersons);
        })
        .await;
    subscribed(
        &house,
        &inbox,
        &subscribe(&full, "s1", "NewHouseHoldMember", "Person", "653130101201"),
    )
    .await;
    house.take(joins("k1", 5)).await;
    // The partner loses the right before the message goes.
    let less = partner_at(&house, &callback).await;
    assert_eq!(less.sender, full.sender);
    house.work().await;
    let got = came(&inbox);
    assert_eq!(
        got[0].1["message"]["notify_event"][0]["data"]["reg_records"]["name"]["given_name"],
        "张**"
    );
    let removed = house.site.exchange.as_ref().unwrap();
    house.take(joins("k2", 6)).await;
    let removed = removed
        .remove_partner(&house.site.webhooks, kernel::Actor::system(), "SP")
        .await
        .unwrap();
    assert!(removed.is_now());
    house.work().await;
    assert_eq!(came(&inbox), Vec::new());
}
