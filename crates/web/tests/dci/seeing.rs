//! What a partner sees: persons of its place, who agreed, masked unless it may see who they are.

use jiff::civil::date;
use kernel::Role;
use people::staff::Scope;
use registry::Purpose;
use serde_json::{Value, json};

use crate::house::{HERS, HIS, Partner, first, house, read, records};

fn search(partner: &Partner, id: &str, entity: &str, conditions: &Value) -> Value {
    let query = json!({ "type": "ns:org:QueryType:NoSql", "value": { "expression": { "query": { "$and": conditions } } } });
    partner.search(
        id,
        &json!({ "query_type": "expression", "response_entity": entity, "query": query }),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_right_a_person_is_masked_and_nothing_is_kept_in_the_open() {
    let house = house().await;
    let partner = house.partner("SP", |_| {}).await;
    let answer = house.ask("/sync/search", &partner.by_number("m1", HIS)).await;
    let text = answer.text();
    for hidden in [HIS, "张伟", "13800000011", "1980-01-01"] {
        assert!(!text.contains(hidden), "{hidden}: {text}");
    }
    let person = &records(&answer)[0];
    assert_eq!(person["name"]["given_name"], "张**");
    assert_eq!(person["birth_date"], "1980");
    assert!(
        person["identifier"][1]["identifier_value"]
            .as_str()
            .unwrap()
            .starts_with("653130*"),
        "{text}"
    );
    let kept = std::fs::read(house.folder.path().join("fishpond.db")).unwrap();
    let mut log = std::fs::read(house.folder.path().join("fishpond.db-wal")).unwrap_or_default();
    log.extend(kept);
    for hidden in [HIS, "张伟"] {
        assert!(
            !log.windows(hidden.len()).any(|part| part == hidden.as_bytes()),
            "{hidden}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn with_the_right_a_person_is_shown_in_full_and_each_read_is_written_down() {
    let house = house().await;
    let partner = house
        .partner("SP", |new| new.rights.push(Scope::RevealPersons))
        .await;
    let answer = house.ask("/sync/search", &partner.by_number("m1", HIS)).await;
    let person = &records(&answer)[0];
    assert_eq!(person["name"]["given_name"], "张伟");
    assert_eq!(
        person["identifier"][1],
        json!({ "identifier_type": "UIN", "identifier_value": HIS })
    );
    assert_eq!(
        (&person["birth_date"], &person["phone_number"][0]),
        (&json!("1980-01-01"), &json!("13800000011"))
    );
    let admin = house.client.signed_in(Role::Admin, None).await;
    let audit = admin.get("/staff/audit?action=reveal_persons").await.text();
    assert!(audit.matches(">dci:SP<").count() == 1, "{audit}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_partner_finds_nobody_outside_of_its_place() {
    let house = house().await;
    let there = house
        .partner("SP", |new| new.place = Some("532528".parse().unwrap()))
        .await;
    let everywhere = house.partner("ALL", |new| new.place = None).await;
    let groups = json!([{ "group_size": { "$ge": 1 } }]);
    for (partner, number, found) in [(&there, 0, 1), (&everywhere, 1, 2)] {
        let by_number = house.ask("/sync/search", &partner.by_number("m1", HIS)).await;
        assert_eq!(records(&by_number).len(), number);
        let answer = house
            .ask("/sync/search", &search(partner, "m2", "Group", &groups))
            .await;
        assert_eq!(
            first(&answer)["pagination"]["total_count"],
            found,
            "{}",
            answer.text()
        );
        assert_eq!(records(&answer).len(), found);
    }
    let by_id = json!({ "query_type": "idtype-value", "response_entity": "Group",
        "query": { "type": "FPID", "value": crate::house::household(1) } });
    assert_eq!(
        records(&house.ask("/sync/search", &there.search("m3", &by_id)).await).len(),
        0
    );
    assert_eq!(
        records(&house.ask("/sync/search", &everywhere.search("m3", &by_id)).await).len(),
        1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_partner_with_a_purpose_sees_those_who_agreed_as_long_as_they_do() {
    let house = house().await;
    let insurer = house
        .partner("SP", |new| new.purpose = Some(Purpose::Cover))
        .await;
    let persons = json!([{ "household_size": { "$ge": 1 } }]);
    let seen = async |id: &str| {
        let group = house
            .ask(
                "/sync/search",
                &search(&insurer, &format!("g{id}"), "Group", &persons),
            )
            .await;
        let one = house
            .ask("/sync/search", &insurer.by_number(&format!("n{id}"), HERS))
            .await;
        let members = records(&group)
            .first()
            .map_or(0, |group| group["member_list"].as_array().unwrap().len());
        (members, records(&one).len())
    };
    assert_eq!(seen("1").await, (0, 0));
    house.agree(2, Purpose::Cover, true, date(2020, 1, 1)).await;
    house.agree(1, Purpose::Credit, true, date(2020, 1, 1)).await;
    assert_eq!(seen("2").await, (1, 1));
    house.agree(2, Purpose::Cover, false, date(2021, 1, 1)).await;
    assert_eq!(seen("3").await, (0, 0));
}

#[expect(
    clippy::too_many_lines,
    reason = "a story is read from its beginning to its end"
)]
#[tokio::test(flavor = "multi_thread")]
async fn households_and_persons_are_found_by_what_is_said_of_them_sorted_and_paged() {
    let house = house().await;
    let partner = house.partner("SP", |new| new.place = None).await;
    for (number, (entity, conditions, found)) in [
        ("Group", json!([{ "poverty_score": { "$lt": 2 } }]), 1),
        ("Group", json!([{ "poverty_score": { "$ge": "1.01" } }]), 1),
        (
            "Household",
            json!([{ "household_size": { "$lt": 5 } }, { "group_size": { "$gt": 1 } }]),
            1,
        ),
        ("member", json!([{ "sex": { "$eq": "female" } }]), 2),
        (
            "Member",
            json!([{ "demographic_info.person.sex": { "$eq": "F" } }, { "age": { "$ge": 60 } }]),
            1,
        ),
        (
            "Person",
            json!([{ "age": { "$lt": 25 } }, { "poverty_score": { "$lt": "2.5" } }]),
            1,
        ),
        ("Person", json!([{ "birth_date": { "$eq": "1950-07-08" } }]), 1),
        ("Person", json!([{ "place": { "$eq": "532528" } }]), 1),
        (
            "Person",
            json!([{ "sex": { "$eq": "m" } }, { "sex": { "$eq": "f" } }]),
            0,
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let answer = house
            .ask(
                "/sync/search",
                &search(&partner, &format!("m{number}"), entity, &conditions),
            )
            .await;
        assert_eq!(records(&answer).len(), found, "{conditions} {}", answer.text());
    }
    let by_age = |id: &str, page: u32| {
        let criteria = json!({ "query_type": "expression", "query": { "type": "household_size", "value": 3 },
            "sort": [{ "attribute_name": "age", "sort_order": "desc" }],
            "pagination": { "page_size": 2, "page_number": page } });
        partner.search(id, &criteria)
    };
    let names = async |message: Value| {
        let answer = house.ask("/sync/search", &message).await;
        let names = records(&answer)
            .iter()
            .map(|one| one["birth_date"].as_str().unwrap().to_owned())
            .collect();
        (names, first(&answer)["pagination"]["total_count"].clone())
    };
    assert_eq!(
        names(by_age("p1", 1)).await,
        (vec!["1980".to_owned(), "1982".to_owned()], json!(3))
    );
    assert_eq!(names(by_age("p2", 2)).await, (vec!["2010".to_owned()], json!(3)));
    let status = read(&house.ask("/sync/search", &by_age("p3", 9)).await);
    assert_eq!(
        status["message"]["search_response"][0]["data"]["reg_records"],
        json!([])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_household_is_told_with_its_size_its_score_and_its_head() {
    let house = house().await;
    let partner = house.partner("SP", |_| {}).await;
    let answer = house
        .ask(
            "/sync/search",
            &search(&partner, "m1", "Group", &json!([{ "group_size": { "$eq": 3 } }])),
        )
        .await;
    let group = &records(&answer)[0];
    // 3,000 yuan a head over the line of 2,995.
    assert_eq!(
        (&group["poverty_score"], &group["poverty_score_type"]),
        (&json!("1.00"), &json!("income-to-line-2018"))
    );
    assert_eq!(
        (&group["group_size"], &group["group_type"]),
        (&json!(3), &json!("household"))
    );
    assert_eq!(group["group_head_info"]["relationship_head"], "head");
    assert_eq!(group["member_list"].as_array().unwrap().len(), 3);
    assert_eq!(
        group["additional_attributes"][0]["household_status"],
        "registered"
    );
}
