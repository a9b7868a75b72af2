//! A site with a village, a partner that asks, and a receiver for what comes later.

use std::sync::{Arc, Mutex};

use axum::http::Method;
use dci::SigningKey;
use exchange::NewPartner;
use jiff::civil::{Date, date};
use kernel::{Actor, Clock as _, Money, Role, SystemClock, SystemSecrets};
use outbound::Reach;
use people::staff::Scope;
use registry::{
    Act, Consent, HouseholdFacts, HouseholdId, Member, PersonFacts, PersonId, Personal, Purpose, Register,
    Registry, Relation, Sex, YearIncome,
};
use serde_json::{Value, json};
use store::Keyring;
use tempfile::TempDir;
use web::Site;
use web::testing::{Answer, Client, registry, site};
use webhooks::Webhooks;

/// A village of Bachu, and one of another county.
pub(crate) const VILLAGE: &str = "653130101201";
pub(crate) const ELSEWHERE: &str = "532528100201";
/// Numbers that pass their check, of a man and a woman.
pub(crate) const HIS: &str = "653130198001010117";
pub(crate) const HERS: &str = "653130198203040226";

pub(crate) struct House {
    pub(crate) site: Arc<Site>,
    pub(crate) client: Client,
    pub(crate) registry: Registry,
    pub(crate) folder: TempDir,
}

/// A site whose registry holds a couple with a boy in one village, and a woman alone in another.
pub(crate) async fn house() -> House {
    let folder = TempDir::new().unwrap();
    let mut site = site(folder.path()).await;
    let keyring = Keyring::from_seed(&[1; 32]).unwrap();
    let (clock, secrets) = (Arc::new(SystemClock), Arc::new(SystemSecrets));
    site.webhooks = Webhooks::new(site.store.clone(), clock, secrets, keyring, Reach::Anywhere);
    let registry = registry(&site.store, &site.programme);
    let site = Arc::new(site);
    let house = House {
        client: Client::of(Arc::clone(&site)),
        site,
        registry,
        folder,
    };
    house.take(family()).await;
    house.take(alone()).await;
    house
}

pub(crate) fn household(number: u8) -> HouseholdId {
    format!("01890000-0000-7000-8000-0000000000{number:02}")
        .parse()
        .unwrap()
}

pub(crate) fn person(number: u8) -> PersonId {
    format!("01890000-0000-7000-9000-0000000000{number:02}")
        .parse()
        .unwrap()
}

pub(crate) fn member(
    number: u8,
    name: &str,
    id: Option<&str>,
    (relation, sex, born): (Relation, Sex, Date),
) -> Member {
    Member {
        person: person(number),
        personal: Personal {
            name: Some(name.to_owned()),
            resident_id: id.map(str::to_owned),
            phone: id.map(|_| "13800000011".to_owned()),
            ..Personal::default()
        },
        facts: PersonFacts {
            relation: Some(relation),
            sex: Some(sex),
            birth_on: Some(born),
            ..PersonFacts::default()
        },
    }
}

fn earned(wages_yuan: i64) -> HouseholdFacts {
    HouseholdFacts {
        income: Some(YearIncome {
            year: 2018,
            wages_fen: Money::from_fen(wages_yuan * 100),
            operating_fen: Money::ZERO,
            property_fen: Money::ZERO,
            transfer_fen: Money::ZERO,
            costs_fen: Money::ZERO,
        }),
        ..HouseholdFacts::default()
    }
}

fn family() -> Act {
    Act::Register(Register {
        household: household(1),
        place: VILLAGE.parse().unwrap(),
        since: date(2019, 1, 1),
        facts: earned(9_000),
        members: vec![
            member(
                1,
                "张伟",
                Some(HIS),
                (Relation::Head, Sex::Male, date(1980, 1, 1)),
            ),
            member(
                2,
                "李娜",
                Some(HERS),
                (Relation::Spouse, Sex::Female, date(1982, 3, 4)),
            ),
            member(3, "张小宝", None, (Relation::Child, Sex::Male, date(2010, 5, 6))),
        ],
        recognised_elsewhere: false,
        document: None,
    })
}

fn alone() -> Act {
    Act::Register(Register {
        household: household(2),
        place: ELSEWHERE.parse().unwrap(),
        since: date(2019, 1, 1),
        facts: earned(20_000),
        members: vec![member(
            4,
            "王芳",
            None,
            (Relation::Head, Sex::Female, date(1950, 7, 8)),
        )],
        recognised_elsewhere: false,
        document: None,
    })
}

impl House {
    pub(crate) async fn take(&self, act: Act) {
        let done = self
            .registry
            .take(Actor::new("village", Role::VillageWorker), act)
            .await
            .unwrap();
        assert!(done.is_now());
    }

    /// Someone of the village agrees, or takes it back.
    pub(crate) async fn agree(&self, number: u8, purpose: Purpose, given: bool, on: Date) {
        let consent = Consent {
            person: person(number),
            purpose,
            given,
            on,
            document: None,
        };
        self.take(Act::Consent(consent)).await;
    }

    /// A partner of the village, as far as it is not said otherwise.
    pub(crate) async fn partner(&self, sender: &str, change: impl FnOnce(&mut NewPartner)) -> Partner {
        let key = SigningKey::of(&[sender.len().try_into().unwrap(); 32]).unwrap();
        let mut new = NewPartner {
            sender_id: sender.to_owned(),
            receiver_id: "SR".to_owned(),
            public_key: key.public(),
            rights: vec![Scope::ReadRegistry],
            place: Some(VILLAGE.parse().unwrap()),
            purpose: None,
            callback: None,
        };
        change(&mut new);
        let receiver = new.receiver_id.clone();
        let exchange = self.site.exchange.as_ref().unwrap();
        exchange
            .add_partner(&self.site.webhooks, Actor::system(), new)
            .await
            .unwrap();
        Partner {
            sender: sender.to_owned(),
            receiver,
            key,
        }
    }

    /// Sends a message.
    pub(crate) async fn ask(&self, path: &str, message: &Value) -> Answer {
        self.ask_with(path, &[], message).await
    }

    pub(crate) async fn ask_with(&self, path: &str, headers: &[(&str, &str)], message: &Value) -> Answer {
        let mut all = vec![("content-type", "application/json")];
        all.extend(headers);
        let path = format!("/dci/v1/registry{path}");
        self.client
            .ask(Method::POST, &path, &all, &message.to_string())
            .await
    }

    /// Takes up what happened and sends everything that is due.
    pub(crate) async fn work(&self) {
        let exchange = self.site.exchange.as_ref().unwrap();
        while exchange.turn(&self.site.webhooks).await.unwrap() {}
    }
}

/// A system that asks.
pub(crate) struct Partner {
    pub(crate) sender: String,
    pub(crate) receiver: String,
    pub(crate) key: SigningKey,
}

impl Partner {
    /// A message of this partner, signed now.
    pub(crate) fn say(&self, action: &str, id: &str, message: &Value) -> Value {
        let header = json!({
            "version": "1.0.0",
            "message_id": id,
            "message_ts": "2026-11-28T09:00:00+08:00",
            "action": action,
            "sender_id": self.sender,
            "receiver_id": self.receiver,
            "total_count": 1,
        });
        self.signed(&header, message)
    }

    pub(crate) fn signed(&self, header: &Value, message: &Value) -> Value {
        let now = SystemClock.now().as_second();
        let signature = self.key.sign(&self.sender, header, message, (now, 600));
        json!({ "signature": signature.to_string(), "header": header, "message": message })
    }

    /// A search for who has a number.
    pub(crate) fn by_number(&self, id: &str, number: &str) -> Value {
        self.search(
            id,
            &json!({ "query_type": "idtype-value", "query": { "type": "UIN", "value": number } }),
        )
    }

    pub(crate) fn search(&self, id: &str, criteria: &Value) -> Value {
        let item = json!({ "reference_id": "r1", "timestamp": "2026-11-28T09:00:00+08:00", "search_criteria": criteria });
        self.say(
            "search",
            id,
            &json!({ "transaction_id": "t1", "search_request": [item] }),
        )
    }
}

pub(crate) fn read(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.bytes).unwrap()
}

/// The first answer of a search.
pub(crate) fn first(answer: &Answer) -> Value {
    read(answer)["message"]["search_response"][0].clone()
}

pub(crate) fn records(answer: &Answer) -> Vec<Value> {
    first(answer)["data"]["reg_records"]
        .as_array()
        .cloned()
        .unwrap_or_default()
}

/// What came to a receiver: the path and the body.
pub(crate) type Inbox = Arc<Mutex<Vec<(String, Value)>>>;

/// Somebody who is sent what comes later; the address and what came.
pub(crate) async fn receiver() -> (String, Inbox) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, inbox) = (listener.local_addr().unwrap(), Inbox::default());
    let got = Arc::clone(&inbox);
    let take = async move |request: axum::extract::Request| {
        let path = request.uri().path().to_owned();
        let body = axum::body::to_bytes(request.into_body(), 1 << 20).await.unwrap();
        got.lock()
            .unwrap()
            .push((path, serde_json::from_slice(&body).unwrap()));
        "{}"
    };
    let router = axum::Router::new().fallback(take);
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    (format!("http://{address}/dci"), inbox)
}
