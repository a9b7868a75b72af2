//! The samples of the standard: each request is answered, and each answer fits the schemas of the standard.

use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::house::{House, Partner, first, house, read, receiver, records};

/// The samples, whom they are from, how many records are found here, and why not.
const FLOWS: [(&str, Option<usize>, &str); 6] = [
    ("1-1", Some(2), ""),
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
    let lines: String = values
        .iter()
        .map(|(at, value)| format!("{}\n", json!([at, value])))
        .collect();
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
    let ack = house
        .ask("/search", &partner.by_number("m1", crate::house::HIS))
        .await;
    assert_eq!(misfits_of_ack(&ack), Value::Null);
    let status = json!({ "reference_id": "q", "txn_type": "search", "attribute_type": "transaction_id", "attribute_value": "t1" });
    let status = json!({ "transaction_id": "t2", "txnstatus_request": status });
    let mut ask_status = async |id: &str| {
        let answer = house
            .ask("/sync/txn/status", &partner.say("txn-status", id, &status))
            .await;
        values.push((answered("sync~1txn~1status"), read(&answer)));
    };
    ask_status("m2").await;
    house.work().await;
    ask_status("m3").await;
    let rejected = house.ask("/sync/search", &partner.by_number("m3", "1")).await;
    values.push((answered("sync~1search"), read(&rejected)));
    for (path, said) in inbox.lock().unwrap().drain(..) {
        let path = path.trim_start_matches("/dci/registry/").replace('/', "~1");
        values.push((asked(&path), said));
    }
    assert_eq!(values.len(), 10);
    for document in [OF_THE_STANDARD, CORRECTED] {
        let Some(found) = misfits(document, &values) else {
            return;
        };
        assert_eq!(found, Vec::<String>::new(), "{document}");
    }
}

/// What an acknowledgement says is wrong.
fn misfits_of_ack(ack: &web::testing::Answer) -> Value {
    read(ack)["message"]["error"].clone()
}
