//! What names a person stays out of the log, out of every address, and out of the journal, whatever is done and refused.

use std::io;
use std::sync::{Arc, Mutex};

use axum::http::StatusCode;
use kernel::Role;
use tempfile::TempDir;
use tracing_subscriber::fmt::MakeWriter;
use web::testing::{Answer, Client, site};

use crate::led;

const NAME: &str = "古丽扎尔";
const NUMBER: &str = "653130198203040226";
const WRONG: &str = "653130198203040227";
const PHONE: &str = "13812345678";
/// Keys that two forms brought along.
const KEYS: [&str; 2] = [
    "01890a5d-ac96-774b-bbbb-b302099a8071",
    "01890a5d-ac96-774b-bbbb-b302099a8072",
];
const SECRETS: [&str; 4] = [NAME, NUMBER, WRONG, PHONE];

/// Everything that is logged, at any level and by any crate.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

fn woman<'a>(key: &'a str, number: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("key", key),
        ("place", "653130101201"),
        ("since", "2018-01-10"),
        ("name", NAME),
        ("resident_id", number),
        ("phone", PHONE),
        ("birth_on", ""),
        ("sex", "female"),
        ("labour", "able"),
        ("health", "well"),
        ("schooling", "primary"),
    ]
}

/// Every address of an answer: where it leads, and what its page links and sends to.
fn addresses(answer: &Answer) -> String {
    let page = answer.text();
    let linked = page
        .split(['"', '\''])
        .filter(|part| part.starts_with('/') || part.starts_with('?'));
    let headers = answer.headers.iter().filter_map(|(_, value)| value.to_str().ok());
    linked.chain(headers).collect::<Vec<_>>().join("\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_names_a_person_reaches_the_log_an_address_or_the_journal() {
    let log = Log::default();
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(log.clone())
        .init();
    tracing::info!("the log is read");
    let folder = TempDir::new().unwrap();
    let made = Arc::new(site(folder.path()).await);
    let nobody = Client::of(Arc::clone(&made));
    let village = nobody.signed_in(Role::VillageWorker, Some("653130101201")).await;
    let other = nobody.signed_in(Role::County, Some("532528")).await;

    let refused = village
        .post_form("/staff/registry/new", &woman(KEYS[0], WRONG))
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let created = village
        .post_form("/staff/registry/new", &woman(KEYS[0], NUMBER))
        .await;
    let household = led(&created);
    let taken = village
        .post_form("/staff/registry/new", &woman(KEYS[1], NUMBER))
        .await;
    assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY);
    let mut answers = vec![refused, created, taken];
    for text in [NAME, NUMBER, PHONE, "gulizhaer"] {
        for who in [&village, &other] {
            answers.push(who.post_form("/staff/registry/search", &[("text", text)]).await);
        }
    }
    let page = village.get(&household).await;
    let reveal = page
        .text()
        .split('"')
        .find(|part| part.contains("/persons/"))
        .unwrap()
        .to_owned();
    let revealed = village.post_form(&reveal, &[]).await;
    assert!(revealed.text().contains(NUMBER), "whoever may, sees it");
    answers.extend([page, revealed]);
    answers.push(other.post_form(&reveal, &[]).await);
    answers.push(village.get("/staff/registry/pairs").await);
    answers.push(nobody.get("/notices").await);

    for secret in SECRETS {
        for answer in &answers {
            let addresses = addresses(answer);
            assert!(!addresses.contains(secret), "{secret}: {addresses}");
        }
        let facts = format!("{:?}", made.store.facts_page(0, 1_000).await.unwrap());
        assert!(
            facts.contains("registry.register") && !facts.contains(secret),
            "{secret} in the journal"
        );
    }
    let written = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(written.contains("the log is read"));
    for secret in SECRETS {
        let line = written.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "{secret} in the log");
    }
}
