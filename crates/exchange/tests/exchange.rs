//! The exchange on both databases: its statements, its migration, and a story that touches each table.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::sync::Arc;

use dci::SigningKey;
use exchange::{Asked, Exchange, Kind, NewPartner, STATEMENTS};
use jiff::civil::date;
use kernel::{Actor, Clock as _, Role, SeededIds, SeededSecrets};
use outbound::Reach;
use people::staff::{Scope, Staff, Viewer};
use programme::Programme;
use registry::{
    Act, HouseholdFacts, Leave, Leaving, Member, PersonFacts, Personal, Register, Registry, Relation, Sex,
    YearIncome,
};
use serde_json::{Value, json};
use store::Keyring;
use testkit::{TestStore, on_both};
use webhooks::Webhooks;

const VILLAGE: &str = "653130101201";
const NUMBER: &str = "653130198001010117";

struct Desk {
    exchange: Exchange,
    registry: Registry,
    webhooks: Webhooks,
    key: SigningKey,
    now: i64,
}

fn desk(store: &TestStore) -> Desk {
    let keyring = || Keyring::from_seed(&[7; 32]).unwrap();
    let secrets = Arc::new(SeededSecrets::new(3));
    let rules = Arc::new(Programme::built_in().unwrap().recognition.unwrap());
    let clock = store.shared_clock();
    let registry = Registry::new(store.store(), keyring(), secrets.clone(), rules);
    let staff = Staff::new(store.store(), clock.clone(), secrets.clone());
    let parts = (store.store(), registry.clone(), staff);
    let ids = Arc::new(SeededIds::new(9));
    let now = clock.now().as_second();
    Desk {
        exchange: Exchange::new(parts, clock.clone(), ids, keyring(), secrets.clone()).unwrap(),
        webhooks: Webhooks::new(store.store(), clock, secrets, keyring(), Reach::Anywhere),
        key: SigningKey::of(&[5; 32]).unwrap(),
        registry,
        now,
    }
}

impl Desk {
    async fn register(&self, number: u8, wages_yuan: i64) {
        let member = Member {
            person: format!("01890000-0000-7000-9000-0000000000{number:02}")
                .parse()
                .unwrap(),
            personal: Personal {
                name: Some("张伟".to_owned()),
                resident_id: (number == 1).then(|| NUMBER.to_owned()),
                ..Personal::default()
            },
            facts: PersonFacts {
                relation: Some(Relation::Head),
                sex: Some(Sex::Male),
                birth_on: Some(date(1980, 1, 1)),
                ..PersonFacts::default()
            },
        };
        let zero = kernel::Money::ZERO;
        let income = YearIncome {
            year: 2017,
            wages_fen: kernel::Money::from_fen(wages_yuan * 100),
            operating_fen: zero,
            property_fen: zero,
            transfer_fen: zero,
            costs_fen: zero,
        };
        let act = Act::Register(Register {
            household: format!("01890000-0000-7000-8000-0000000000{number:02}")
                .parse()
                .unwrap(),
            place: VILLAGE.parse().unwrap(),
            since: date(2018, 1, 1),
            facts: HouseholdFacts {
                income: Some(income),
                ..HouseholdFacts::default()
            },
            members: vec![member],
            recognised_elsewhere: false,
            document: None,
        });
        assert!(
            self.registry
                .take(Actor::new("village", Role::VillageWorker), act)
                .await
                .unwrap()
                .is_now()
        );
    }

    async fn partner(&self, purpose: Option<registry::Purpose>) {
        let new = NewPartner {
            sender_id: "SP".to_owned(),
            receiver_id: "SR".to_owned(),
            public_key: self.key.public(),
            rights: vec![Scope::ReadRegistry],
            place: Some("653130".parse().unwrap()),
            purpose,
            callback: Some("http://127.0.0.1:1/dci".to_owned()),
        };
        self.exchange
            .add_partner(&self.webhooks, Actor::system(), new)
            .await
            .unwrap();
    }

    async fn say(&self, kind: Kind, is_sync: bool, id: &str, message: &Value) -> Value {
        let header = json!({ "message_id": id, "message_ts": "2018-07-02T12:00:00+08:00", "action": kind.action(),
            "sender_id": "SP", "receiver_id": "SR", "total_count": 1 });
        let signature = self.key.sign("SP", &header, message, (self.now, 600)).to_string();
        let body = json!({ "signature": signature, "header": header, "message": message }).to_string();
        let (viewer, request_id) = (Viewer::nobody(), "1");
        let asked = Asked {
            kind,
            is_sync,
            body: body.as_bytes(),
            viewer: &viewer,
            request_id,
            address: None,
        };
        let answer = self.exchange.take(asked).await.unwrap();
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.body
    }

    /// How many are found, and how many are on the page.
    async fn found(&self, id: &str, criteria: &Value) -> (Value, usize) {
        let item = json!({ "reference_id": "r", "timestamp": "2018-07-02T12:00:00+08:00", "search_criteria": criteria });
        let message = json!({ "transaction_id": "t", "search_request": [item] });
        let said = self.say(Kind::Search, true, id, &message).await;
        let answer = &said["message"]["search_response"][0];
        let records = answer["data"]["reg_records"].as_array();
        (
            answer["pagination"]["total_count"].clone(),
            records.unwrap_or_else(|| panic!("{answer}")).len(),
        )
    }
}

#[tokio::test]
async fn every_statement_stands_in_the_common_ground_of_both_databases() {
    on_both(async |store| {
        for statement in STATEMENTS {
            let prepared = store.prepare(statement).await;
            prepared.unwrap_or_else(|refusal| panic!("{statement}: {refusal}"));
        }
    })
    .await;
}

#[tokio::test]
async fn the_migration_runs_twice_without_harm() {
    on_both(async |store| {
        let desk = desk(store);
        desk.partner(None).await;
        let file = if store.is_postgres() {
            include_str!("../../../migrations/postgres/0018_create_exchange.sql")
        } else {
            include_str!("../../../migrations/sqlite/0018_create_exchange.sql")
        };
        store.tamper(file).await;
        assert_eq!(desk.exchange.partners().await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn searches_answer_the_same_on_both_databases() {
    on_both(async |store| {
        let desk = desk(store);
        for (number, wages) in [(1, 2_000), (2, 3_000), (3, 40_000)] {
            desk.register(number, wages).await;
        }
        desk.partner(None).await;
        let with = |entity: &str, query: Value, sort: &str| {
            json!({ "query_type": "expression", "response_entity": entity, "query": query,
                "sort": [{ "attribute_name": sort, "sort_order": "desc" }],
                "pagination": { "page_size": 2, "page_number": 1 } })
        };
        let of = |attribute: &str, operator: &str, value: Value| {
            json!([{ "expression1": { "attribute_name": attribute, "operator": operator, "attribute_value": value } }])
        };
        for (number, (entity, query, sort, found)) in [
            ("Group", of("group_size", "eq", json!(1)), "poverty_score", (3, 2)),
            ("Group", of("poverty_score", "lt", json!(1)), "poverty_score", (1, 1)),
            ("Group", of("poverty_score", "ge", json!("1.01")), "household_size", (2, 2)),
            ("Person", of("age", "ge", json!(38)), "age", (3, 2)),
            ("Person", of("sex", "eq", json!("f")), "birth_date", (0, 0)),
            ("Member", of("is_disabled", "eq", json!("0")), "UIN", (0, 0)),
            ("Member", of("UIN", "eq", json!(NUMBER)), "UIN", (1, 1)),
        ].into_iter().enumerate() {
            let answer = desk.found(&format!("m{number}"), &with(entity, query.clone(), sort)).await;
            assert_eq!(answer, (json!(found.0), found.1), "{query}");
        }
        desk.partner(Some(registry::Purpose::Cover)).await;
        let nobody = desk.found("m9", &with("Group", of("group_size", "eq", json!(1)), "UIN")).await;
        assert_eq!(nobody, (json!(0), 0));
    })
    .await;
}

#[tokio::test]
async fn what_happens_is_told_once_by_a_delivery_that_names_nobody() {
    on_both(async |store| {
        let desk = desk(store);
        desk.register(1, 2_000).await;
        desk.partner(None).await;
        let criteria = json!({ "reg_event_type": "UPDATE", "notify_record_type": "Person",
            "filter": { "type": "place", "value": VILLAGE } });
        let item = json!({ "reference_id": "r", "timestamp": "2018-07-02T12:00:00+08:00", "subscribe_criteria": criteria });
        let message = json!({ "transaction_id": "t", "subscribe_request": [item] });
        let ack = desk.say(Kind::Subscribe, false, "m1", &message).await;
        assert_eq!(ack, desk.say(Kind::Subscribe, false, "m1", &message).await);
        let leaves = Act::Leave(Leave {
            person: "01890000-0000-7000-9000-000000000001".parse().unwrap(),
            on: date(2018, 6, 1),
            reason: Leaving::Moved,
            document: None,
        });
        let taken = desk.registry.take(Actor::new("village", Role::VillageWorker), leaves).await;
        assert!(taken.unwrap().is_now());
        while desk.exchange.turn(&desk.webhooks).await.unwrap() {}
        let partner = &desk.exchange.partners().await.unwrap()[0];
        let webhook = partner.webhook.unwrap();
        let log = desk.webhooks.deliveries(webhook, None, 10).await.unwrap();
        let mut events: Vec<&str> = log.iter().map(|one| one.event.as_str()).collect();
        events.sort_unstable();
        assert_eq!(events, ["dci.notify", "dci.on-subscribe"]);
        let asked = json!({ "reference_id": "q", "txn_type": "subscribe", "attribute_type": "reference_id_list", "attribute_value": ["r"] });
        let status = desk.say(Kind::TxnStatus, true, "m2", &json!({ "transaction_id": "t", "txnstatus_request": asked })).await;
        assert_eq!(status["message"]["txnstatus_response"]["txn_status"]["search_response"][0]["status"], "succ");
    })
    .await;
}
