//! The samples of the standard, read into our messages and written back equal.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use dci::{Envelope, Names, Record, SearchRequest, SearchResponse, Signature, SignatureFault};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

const FLOWS: [&str; 6] = ["1-1", "1-2", "1-3", "2", "3a", "4"];

fn sample(name: &str) -> Value {
    let folder = testkit::shared_data("dci-social-registry");
    let path = folder.join(format!("samples/social__processflow{name}.json"));
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// Reads a sample and holds what is written of it against it.
fn both_ways<M: DeserializeOwned + Serialize>(name: &str) -> Envelope<M> {
    let sample = sample(name);
    let read: Envelope<M> = serde_json::from_value(sample.clone()).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), sample, "{name}");
    read
}

#[test]
fn every_request_and_every_response_is_read_and_written_back_equal() {
    for flow in FLOWS {
        let request = both_ways::<SearchRequest>(&format!("{flow}req"));
        assert!(
            !request.message.search_request[0]
                .search_criteria
                .query
                .comparisons()
                .unwrap()
                .is_empty()
        );
        let response = both_ways::<SearchResponse>(&format!("{flow}res"));
        assert_eq!(response.message.search_response.len(), 1);
    }
}

#[test]
fn what_the_requests_ask_is_understood() {
    for (flow, asked) in [
        ("1-1", "poverty_score Lt 5"),
        ("1-2", "household_size Lt 5"),
        (
            "1-3",
            "demographic_info.person.sex Eq \"female\", marital_status Eq \"W\"",
        ),
        ("2", "UIN Eq \"847951632\""),
        ("3a", "age Lt \"25\", poverty_score Lt \"2.5\", gender Eq \"m\""),
        ("4", "age Lt \"3\", gender Lt \"m\", poverty_score Eq \"5\""),
    ] {
        let request = both_ways::<SearchRequest>(&format!("{flow}req"));
        let found = request.message.search_request[0]
            .search_criteria
            .query
            .comparisons()
            .unwrap();
        let words = found
            .iter()
            .map(|one| format!("{} {:?} {}", one.attribute, one.operator, one.value));
        assert_eq!(words.collect::<Vec<_>>().join(", "), asked, "{flow}");
        let signature = Signature::read(request.signature.as_deref().unwrap());
        assert_eq!(
            signature.err(),
            Some(SignatureFault::Algorithm),
            "a sample's signature is no signature"
        );
    }
}

#[test]
fn what_the_responses_tell_is_understood() {
    for (flow, kind, surname) in [
        ("1-1", "group", "Test3"),
        ("1-2", "group", "Test3"),
        ("1-3", "member", "Test3"),
        ("2", "person", "Phumchai"),
        ("3a", "person", "Phumchai"),
        ("4", "person", "Phumchai"),
    ] {
        let response = both_ways::<SearchResponse>(&format!("{flow}res"));
        let data = response.message.search_response[0].data.clone().unwrap();
        let (found, person) = match &data.reg_records[0] {
            Record::Group(group) => (
                "group",
                match group.group_head_info.clone().unwrap() {
                    dci::Head::Person { person } => person,
                    dci::Head::Member(_) => panic!("{flow}"),
                },
            ),
            Record::Member(member) => (
                "member",
                match member.demographic_info.clone().unwrap() {
                    dci::Demographic::Named { person } => person,
                    dci::Demographic::Person(_) => panic!("{flow}"),
                },
            ),
            Record::Person(person) => ("person", person.clone()),
        };
        let name = match person.name.unwrap() {
            Names::One(name) => name,
            Names::Many(names) => names[0].clone(),
        };
        assert_eq!((found, name.surname.as_deref()), (kind, Some(surname)), "{flow}");
    }
}
