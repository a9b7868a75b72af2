//! The samples of the standard: each request is answered, and each answer fits the schemas of the standard.

use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::house::{HIS, House, Partner, VILLAGE, first, house, read, receiver, records};
use crate::later::{joins, status, subscribe};

/// The samples, whom they are from, how many records are found here, and why not.
const FLOWS: [(&str, Option<usize>, &str); 6] = [
    ("1-1", Some(1), ""),
    ("1-2", Some(2), ""),
    ("1-3", None, "marital_status is not kept here"),
    ("2", Some(0), ""),
    ("3a", Some(1), ""),
    ("4", None, "gender is compared by eq only"),
];

fn sample(name: &str) -> Value {
    let folder = testkit::shared_data("dci-social-registry/samples");
    serde_json::from_slice(&std::fs::read(folder.join(format!("social__processflow{name}.json"))).unwrap())
        .unwrap()
}

/// The senders of the samples.
async fn senders(house: &House) -> [Partner; 2] {
    let of = async |sender: &str, receiver: &str| {
        let change = |new: &mut exchange::NewPartner| {
            new.place = None;
            receiver.clone_into(&mut new.receiver_id);
            new.public_key = dci::SigningKey::of(&[9; 32]).unwrap().public();
        };
        let partner = house.partner(sender, change).await;
        Partner {
            key: dci::SigningKey::of(&[9; 32]).unwrap(),
            ..partner
        }
    };
    [of("SP-System", "SR").await, of("sp-system", "social").await]
}

/// A sample as its sender would send it: with an id and a signature of its own, which it lacks.
fn sent(senders: &[Partner; 2], flow: &str) -> Value {
    let mut sample = sample(&format!("{flow}req"));
    sample["header"]["message_id"] = json!(format!("flow-{flow}"));
    let sender = senders
        .iter()
        .find(|one| sample["header"]["sender_id"] == one.sender.as_str())
        .unwrap();
    sender.signed(&sample["header"], &sample["message"])
}

#[tokio::test(flavor = "multi_thread")]
async fn every_sample_is_answered_over_the_households_that_stand_here() {
    let house = house().await;
    let senders = senders(&house).await;
    for (flow, found, why) in FLOWS {
        let answer = house.ask("/sync/search", &sent(&senders, flow)).await;
        assert_eq!(answer.status, 200, "{flow} {}", answer.text());
        let said = first(&answer);
        match found {
            Some(found) => assert_eq!(
                (&said["status"], records(&answer).len()),
                (&json!("succ"), found),
                "{flow}"
            ),
            None => assert!(
                said["status"] == "rjct" && said["status_reason_message"].as_str().unwrap().contains(why)
            ),
        }
        let read: dci::Envelope<dci::SearchResponse> = serde_json::from_slice(&answer.bytes).unwrap();
        assert_eq!(
            serde_json::to_value(&read).unwrap(),
            self::read(&answer),
            "{flow}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sample_as_it_stands_is_not_heard_for_its_signature_is_none() {
    let house = house().await;
    let _senders = senders(&house).await;
    let answer = house.ask("/sync/search", &sample("1-1req")).await;
    assert_eq!(read(&answer)["errors"][0]["code"], "err.signature.invalid");
}

/// Holds values against places of the schemas; what does not fit, a line each. None where no Python has a validator.
fn misfits(document: &str, values: &[(String, Value)]) -> Option<Vec<String>> {
    #[expect(
        clippy::disallowed_methods,
        reason = "tests have no settings but their environment"
    )]
    let python = std::env::var_os("FISHPOND_TEST_SCHEMATHESIS")?;
    let document = testkit::shared_data("dci-social-registry").join(document);
    let mut child = Command::new(python)
        .args(["-c", include_str!("validate.py")])
        .arg(document)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines: Vec<String> = values
        .iter()
        .map(|(at, value)| json!([at, value]).to_string())
        .collect();
    let lines = lines.join("\n");
    child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    Some(
        String::from_utf8(output.stdout)
            .unwrap()
            .lines()
            .map(str::to_owned)
            .collect(),
    )
}

fn answered(path: &str) -> String {
    format!("/paths/~1registry~1{path}/post/responses/default/content/application~1json/schema")
}

fn asked(path: &str) -> String {
    format!("/paths/~1registry~1{path}/post/requestBody/content/application~1json/schema")
}

const OF_THE_STANDARD: &str = "openapi/social_api_v1.0.0.yaml";
const CORRECTED: &str = "openapi-fixed/social_api_v1.0.0.yaml";

const ACK: &str = "/components/responses/Response/content/application~1json/schema";
const ERRORS: &str = "/components/responses/HttpErrorResponse/content/application~1json/schema";

#[expect(
    clippy::too_many_lines,
    reason = "a story is read from its beginning to its end"
)]
#[tokio::test(flavor = "multi_thread")]
async fn every_answer_and_everything_that_is_told_fits_the_schemas_of_the_standard() {
    let (callback, inbox) = receiver().await;
    let house = house().await;
    let senders = senders(&house).await;
    let mut values = Vec::new();
    for (flow, ..) in FLOWS {
        let answer = house.ask("/sync/search", &sent(&senders, flow)).await;
        values.push((answered("sync~1search"), read(&answer)));
    }
    let partner = house.partner("SP", |new| new.callback = Some(callback)).await;
    let mut say = async |path: &str, schema: String, message: Value| {
        values.push((schema, read(&house.ask(path, &message).await)));
        house.work().await;
    };
    say("/search", ACK.to_owned(), partner.by_number("m1", HIS)).await;
    say("/search", ACK.to_owned(), partner.by_number("m1", "1")).await;
    say("/search", ERRORS.to_owned(), sample("1-1req")).await;
    say(
        "/sync/search",
        answered("sync~1search"),
        partner.by_number("m1", "1"),
    )
    .await;
    for (id, kind) in [("m2", "search"), ("m3", "subscribe")] {
        let asked = status(&partner, id, kind, "transaction_id", &json!("t1"));
        say("/sync/txn/status", answered("sync~1txn~1status"), asked).await;
    }
    say(
        "/txn/status",
        ACK.to_owned(),
        status(&partner, "m4", "search", "transaction_id", &json!("t1")),
    )
    .await;
    for (id, event, record) in [
        ("m5", "NewHouseHoldMember", "Member"),
        ("m6", "NewHouseHoldMember", "Group"),
        ("m7", "X", "Group"),
    ] {
        say(
            "/subscribe",
            ACK.to_owned(),
            subscribe(&partner, id, event, record, VILLAGE),
        )
        .await;
    }
    house.take(joins("k1", 5)).await;
    house.work().await;
    let end = json!({ "transaction_id": "u", "timestamp": "2026-11-28T09:00:00+08:00", "subscription_codes": ["none"] });
    say(
        "/unsubscribe",
        ACK.to_owned(),
        partner.say("unsubscribe", "m8", &end),
    )
    .await;
    for (path, said) in inbox.lock().unwrap().drain(..) {
        let path = path.trim_start_matches("/dci/registry/").replace('/', "~1");
        values.push((asked(&path), said));
    }
    let of = |path: &str| {
        values
            .iter()
            .filter(|(at, _)| at.contains(&format!("1{path}/")))
            .count()
    };
    let told = [
        "sync~1search",
        "on-search",
        "on-status",
        "on-subscribe",
        "notify",
        "on-unsubscribe",
    ]
    .map(of);
    assert_eq!(told, [7, 1, 1, 3, 2, 1]);
    for document in [OF_THE_STANDARD, CORRECTED] {
        // The first edition has no subscriptions, and a pointer of its form of a status leads nowhere.
        let is_there =
            |at: &str| document == CORRECTED || at.contains("search/") || at.starts_with("/components");
        let there: Vec<_> = values.iter().filter(|(at, _)| is_there(at)).cloned().collect();
        let Some(found) = misfits(document, &there) else {
            return;
        };
        assert_eq!(found, Vec::<String>::new(), "{document}");
    }
}
