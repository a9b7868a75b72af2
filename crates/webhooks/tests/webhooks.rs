//! Webhooks from a fact to a receiver, on both databases; the receiver is a socket of this test.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::{Arc, Mutex};

use jiff::SignedDuration;
use kernel::{Actor, Clock as _, Refusal, SeededSecrets};
use outbound::Reach;
use serde_json::{Value, json};
use store::{Fact, Keyring};
use testkit::{TestStore, on_both};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;
use webhooks::{DeliveryState, NewSubscription, STATEMENTS, SubscriptionState, Webhooks, verifies};

/// What a receiver was sent: its headers and its body.
#[derive(Clone, Debug)]
struct Got {
    headers: Vec<(String, String)>,
    body: String,
}

impl Got {
    fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }
}

/// Somebody who is told, and what they answer from now on.
struct Receiver {
    url: String,
    status: Arc<Mutex<u16>>,
    got: Arc<Mutex<Vec<Got>>>,
}

impl Receiver {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let receiver = Self {
            url: format!("http://{}/hook", listener.local_addr().unwrap()),
            status: Arc::new(Mutex::new(204)),
            got: Arc::default(),
        };
        let (status, got) = (Arc::clone(&receiver.status), Arc::clone(&receiver.got));
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                let (read, mut write) = socket.split();
                let mut read = BufReader::new(read);
                let (mut headers, mut line) = (Vec::new(), String::new());
                while read.read_line(&mut line).await.unwrap() > 2 {
                    if let Some((name, value)) = line.trim().split_once(": ") {
                        headers.push((name.to_lowercase(), value.to_owned()));
                    }
                    line.clear();
                }
                let length = headers.iter().find(|(name, _)| name == "content-length");
                let mut body = vec![0; length.map_or(0, |(_, value)| value.parse().unwrap())];
                read.read_exact(&mut body).await.unwrap();
                let body = String::from_utf8(body).unwrap();
                got.lock().unwrap().push(Got { headers, body });
                let status = *status.lock().unwrap();
                let answer = format!(
                    "HTTP/1.1 {status} X\r\ncontent-length: 0\r\nlocation: /elsewhere\r\nconnection: close\r\n\r\n"
                );
                write.write_all(answer.as_bytes()).await.unwrap();
            }
        });
        receiver
    }

    fn answers(&self, status: u16) {
        *self.status.lock().unwrap() = status;
    }

    fn got(&self) -> Vec<Got> {
        self.got.lock().unwrap().clone()
    }

    fn wanted(&self) -> NewSubscription {
        NewSubscription {
            url: self.url.clone(),
            events: vec!["periods.published".to_owned()],
        }
    }
}

fn webhooks(store: &TestStore, reach: Reach) -> Webhooks {
    let secrets = Arc::new(SeededSecrets::new(3));
    let keyring = Keyring::from_seed(&[7; 32]).unwrap();
    Webhooks::new(store.store(), store.shared_clock(), secrets, keyring, reach)
}

async fn happen(store: &TestStore, kind: &'static str) {
    let recorded: Result<(), Refusal> = store
        .write(Actor::system(), move |ctx| {
            Box::pin(async move {
                let fact = Fact {
                    kind,
                    place: None,
                    amount: None,
                    evidence: Vec::new(),
                    body: json!({ "period": "2018H1", "version": 1 }),
                };
                ctx.record(fact).await.map(drop)
            })
        })
        .await;
    recorded.unwrap();
}

/// Makes and sends everything that is due now.
async fn run(hooks: &Webhooks) {
    while hooks.take_up().await.unwrap() {}
    while hooks.send_one().await.unwrap() {}
}

#[tokio::test]
async fn every_statement_stands_in_the_common_ground() {
    on_both(async |store| {
        for sql in STATEMENTS {
            store.prepare(sql).await.unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn what_happened_is_told_once_signed_and_only_to_who_asked_for_it() {
    on_both(async |store| {
        let (hooks, receiver) = (webhooks(store, Reach::Anywhere), Receiver::start().await);
        happen(store, "periods.published").await;
        store.clock().advance(SignedDuration::from_secs(1));
        let made = hooks.subscribe(Actor::system(), receiver.wanted()).await.unwrap();
        for kind in ["periods.opened", "periods.published", "staff.user_added"] {
            happen(store, kind).await;
        }
        run(&hooks).await;
        run(&webhooks(store, Reach::Anywhere)).await;
        let got = receiver.got();
        assert_eq!(got.len(), 1, "{got:?}");
        let said: Value = serde_json::from_str(&got[0].body).unwrap();
        assert_eq!(
            (&said["type"], &said["data"]["period"]),
            (&json!("periods.published"), &json!("2018H1"))
        );
        let (id, at) = (got[0].header("webhook-id"), got[0].header("webhook-timestamp"));
        let at: i64 = at.parse().unwrap();
        assert_eq!(at, store.clock().now().as_second());
        assert!(verifies(
            &made.secret,
            id,
            at,
            &got[0].body,
            got[0].header("webhook-signature")
        ));
        let log = hooks.deliveries(made.id, None, 10).await.unwrap();
        assert_eq!((log.len(), log[0].state), (1, DeliveryState::Delivered));
        assert_eq!(
            (log[0].attempts[0].status, log[0].message_id.as_str()),
            (Some(204), id)
        );
    })
    .await;
}

#[tokio::test]
async fn a_message_that_does_not_come_is_sent_again_under_its_id_and_given_up_after_days() {
    on_both(async |store| {
        let (hooks, receiver) = (webhooks(store, Reach::Anywhere), Receiver::start().await);
        let made = hooks.subscribe(Actor::system(), receiver.wanted()).await.unwrap();
        receiver.answers(302);
        happen(store, "periods.published").await;
        run(&hooks).await;
        run(&hooks).await;
        assert_eq!(
            receiver.got().len(),
            1,
            "no redirect is followed, and the next try waits"
        );
        let state = async || hooks.subscription(made.id).await.unwrap().state;
        assert_eq!(state().await, SubscriptionState::Failing);
        store.clock().advance(SignedDuration::from_secs(6));
        receiver.answers(200);
        run(&hooks).await;
        let got = receiver.got();
        assert_eq!(got.len(), 2);
        assert_eq!(got[0].header("webhook-id"), got[1].header("webhook-id"));
        assert_ne!(
            got[0].header("webhook-signature"),
            got[1].header("webhook-signature")
        );
        assert_eq!(state().await, SubscriptionState::Active);

        receiver.answers(500);
        happen(store, "periods.published").await;
        for _ in 0..12 {
            run(&hooks).await;
            store.clock().advance(SignedDuration::from_hours(15));
        }
        let log = hooks.deliveries(made.id, None, 10).await.unwrap();
        assert_eq!((log[0].state, log[0].attempts.len()), (DeliveryState::Failed, 9));
        assert_eq!(
            log[0].attempts[0].error_code.as_deref(),
            Some("webhooks.bad_status")
        );
        assert_eq!(
            state().await,
            SubscriptionState::Disabled,
            "it failed for five days"
        );
        let sent = receiver.got().len();
        happen(store, "periods.published").await;
        run(&hooks).await;
        assert_eq!(receiver.got().len(), sent);
        let refused = hooks.test(Actor::system(), made.id).await.unwrap_err();
        assert_eq!(refused.code, "webhooks.disabled");
        receiver.answers(200);
        assert!(hooks.enable(Actor::system(), made.id).await.unwrap().is_now());
        hooks.test(Actor::system(), made.id).await.unwrap();
        run(&hooks).await;
        assert!(receiver.got().last().unwrap().body.contains("webhooks.test"));
        assert_eq!(state().await, SubscriptionState::Active);
    })
    .await;
}

#[tokio::test]
async fn a_receiver_that_is_gone_is_told_nothing_more() {
    on_both(async |store| {
        let (hooks, receiver) = (webhooks(store, Reach::Anywhere), Receiver::start().await);
        let made = hooks.subscribe(Actor::system(), receiver.wanted()).await.unwrap();
        receiver.answers(410);
        happen(store, "periods.published").await;
        run(&hooks).await;
        let now = hooks.subscription(made.id).await.unwrap();
        assert_eq!(now.state, SubscriptionState::Disabled);
        assert!(hooks.remove(Actor::system(), made.id).await.unwrap().is_now());
        assert!(!hooks.remove(Actor::system(), made.id).await.unwrap().is_now());
        assert!(hooks.subscriptions().await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn no_message_goes_to_an_address_that_is_not_public_unless_that_was_configured() {
    on_both(async |store| {
        let (free, receiver) = (webhooks(store, Reach::Anywhere), Receiver::start().await);
        let hooks = webhooks(store, Reach::Public);
        for (url, code) in [
            (receiver.url.as_str(), "webhooks.bad_url"),
            ("https://169.254.169.254/latest", "webhooks.address_refused"),
        ] {
            let wanted = NewSubscription {
                url: url.to_owned(),
                ..receiver.wanted()
            };
            assert_eq!(
                hooks.subscribe(Actor::system(), wanted).await.unwrap_err().code,
                code
            );
        }
        // A name is looked at when it is used, whatever it was when the subscription was made.
        let wanted = NewSubscription {
            url: "https://localhost:9/".to_owned(),
            ..receiver.wanted()
        };
        let by_name = hooks.subscribe(Actor::system(), wanted).await.unwrap();
        let by_address = free.subscribe(Actor::system(), receiver.wanted()).await.unwrap();
        happen(store, "periods.published").await;
        run(&hooks).await;
        assert!(receiver.got().is_empty());
        for (id, code) in [
            (by_name.id, "webhooks.address_refused"),
            (by_address.id, "webhooks.bad_url"),
        ] {
            let log = hooks.deliveries(id, None, 1).await.unwrap();
            assert_eq!(log[0].attempts[0].error_code.as_deref(), Some(code));
            assert_eq!(log[0].attempts[0].status, None);
        }
    })
    .await;
}

#[tokio::test]
async fn a_secret_is_not_in_the_database_and_only_known_events_are_told() {
    on_both(async |store| {
        let hooks = webhooks(store, Reach::Anywhere);
        let receiver = Receiver::start().await;
        for events in [vec![], vec!["staff.user_added".to_owned()]] {
            let wanted = NewSubscription {
                events,
                ..receiver.wanted()
            };
            let refused = hooks.subscribe(Actor::system(), wanted).await.unwrap_err();
            assert_eq!(refused.code, "webhooks.bad_event");
        }
        let made = hooks.subscribe(Actor::system(), receiver.wanted()).await.unwrap();
        assert!(made.secret.starts_with("whsec_"));
        for fact in store.facts_page(0, 100).await.unwrap() {
            assert!(!fact.body.contains(&made.secret[6..]) && !fact.body.contains("127.0.0.1"));
        }
    })
    .await;
}
