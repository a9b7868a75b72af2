//! The books and payments by API: read page by page, posted once, approved by two.

use std::sync::Arc;

use axum::http::{Method, StatusCode};
use books::{Leg, NewAccount};
use finance::bank::{Party, Purpose};
use finance::payments::{NewBatch, NewLine, Payer, Payments};
use kernel::{Actor, Role, SystemIds, SystemSecrets};
use people::staff::Scope;
use serde_json::{Value, json};
use store::Keyring;

use crate::house::{House, code, house, json};

/// Accounts, a pledge, a hold and a batch that waits for approval; the batch's id.
#[expect(
    clippy::too_many_lines,
    reason = "a story is read from its beginning to its end"
)]
pub(crate) async fn some_money(house: &House) -> String {
    let opened = house.store.write(Actor::system(), |ctx| {
        Box::pin(async move {
            for account in ["assets:fund:bank", "equity:pledge", "expenses:grants"] {
                let new = NewAccount {
                    code: account.parse()?,
                    owner: "fund:1".parse()?,
                    name_zh: "科目".to_owned(),
                    name_en: "account".to_owned(),
                    floor: account.starts_with("assets"),
                };
                let _now = books::open_account(ctx, new).await?;
            }
            let legs = |from: &str, to: &str, fen| -> Result<Vec<Leg>, kernel::Refusal> {
                let amount = kernel::Money::from_fen(fen);
                Ok(vec![
                    Leg::debit(to.parse()?, amount),
                    Leg::credit(from.parse()?, amount)?,
                ])
            };
            let pledge = books::NewEntry {
                key: "pledge".to_owned(),
                effective_on: jiff::civil::date(2018, 6, 30),
                memo: "承诺款".to_owned(),
                evidence: vec![],
                legs: legs("equity:pledge", "assets:fund:bank", 100_000)?,
            };
            let _now = books::post(ctx, pledge).await?;
            let hold = books::NewHold {
                key: "h".to_owned(),
                memo: String::new(),
                evidence: vec![],
                legs: legs("assets:fund:bank", "expenses:grants", 500)?,
                expires_at: None,
            };
            books::hold(ctx, hold).await.map(drop)
        })
    });
    opened.await.unwrap();
    let project = json!({ "project": {
        "key": "clinics", "pillar": "health", "title": { "zh": "卫生室", "en": "Clinics" }, "starts_on": "2018-01-01",
        "ends_on": "2018-12-31", "milestones": [
            { "title": { "zh": "开工", "en": "Begun" }, "due_on": "2018-04-30", "amount_fen": 400 },
        ],
    } });
    let own = json!({ "own": { "pillar": "health", "since": "2018-01-01", "unit": { "zh": "健康", "en": "Health" } } });
    let acts = [own, project].map(|act| serde_json::from_value(act).unwrap());
    fund::Fund::new(house.store.clone())
        .take_all(Actor::system(), acts.into())
        .await
        .unwrap();
    let keyring = Keyring::from_seed(&[1; 32]).unwrap();
    let payments = Payments::new(
        house.store.clone(),
        keyring,
        Arc::new(SystemSecrets),
        Arc::new(SystemIds),
    );
    let wang = Actor::new("wang", Role::Finance);
    let new = NewBatch {
        key: "2018-07-grants".to_owned(),
        method: finance::payments::Method::Bank,
        place: None,
        source: "assets:fund:bank".parse().unwrap(),
        execute_on: jiff::civil::date(2018, 7, 3),
        payer: Payer::Bank(Party {
            name: "鱼塘脱贫基金".to_owned(),
            account: "2711010120001234567".parse().unwrap(),
            bank: "103100000026".parse().unwrap(),
        }),
    };
    let id = payments.open_batch(wang.clone(), new).await.unwrap().into_inner();
    let line = NewLine {
        key: "a".to_owned(),
        payee: "李兰".to_owned(),
        account: Some((
            "6222021234567890128".parse().unwrap(),
            "102100099996".parse().unwrap(),
        )),
        amount: kernel::Money::from_fen(10_000),
        purpose: Purpose::Grant,
        remittance: String::new(),
        charge: "expenses:grants".parse().unwrap(),
    };
    let _added = payments.add_lines(wang.clone(), id, vec![line]).await.unwrap();
    let _prepared = payments.prepare(wang, id).await.unwrap();
    id.to_string()
}

fn entry(key: &str, fen: i64) -> Value {
    json!({
        "key": key, "effective_on": "2018-07-01", "memo": "利息",
        "legs": [
            { "account": "assets:fund:bank", "amount_fen": fen },
            { "account": "equity:pledge", "amount_fen": -fen },
        ],
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_is_posted_once_by_its_own_key_and_taken_back_once() {
    let house = house().await;
    some_money(&house).await;
    let finance = house.key("wang", Role::Finance, None, &Scope::ALL).await;
    let posted = house.say("/books/entries", &finance, &entry("e1", 700)).await;
    assert_eq!(posted.status, StatusCode::CREATED, "{}", posted.text());
    let no = json(&posted)["no"].as_i64().unwrap();
    let again = house.say("/books/entries", &finance, &entry("e1", 700)).await;
    assert_eq!(
        (again.status, json(&again)["no"].as_i64()),
        (StatusCode::OK, Some(no))
    );
    let other = house.say("/books/entries", &finance, &entry("e1", 800)).await;
    assert_eq!(code(&other), (422, "books.key_reused".to_owned()));

    let path = format!("/books/entries/{no}/reversal");
    let silent = house
        .say(
            &path,
            &finance,
            &json!({ "effective_on": "2018-07-02", "reason": " " }),
        )
        .await;
    assert_eq!(code(&silent), (422, "web.reason_missing".to_owned()));
    let back = json!({ "effective_on": "2018-07-02", "reason": "重复" });
    let reversed = house.say(&path, &finance, &back).await;
    assert_eq!(reversed.status, StatusCode::CREATED);
    assert_eq!(json(&reversed)["reverses"], no);
    assert_eq!(house.say(&path, &finance, &back).await.status, StatusCode::OK);
    let entry = json(&house.get(&format!("/books/entries/{no}"), &finance).await);
    assert_eq!(entry["reversed_by"], json(&reversed)["no"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_an_entry_is_named_and_changes_nothing() {
    let house = house().await;
    some_money(&house).await;
    let finance = house.key("wang", Role::Finance, None, &Scope::ALL).await;
    let mut odd = entry("x", 1);
    odd["legs"][0]["note"] = json!("?");
    let mut bad_account = entry("x", 1);
    bad_account["legs"][1]["account"] = json!("cash");
    let mut no_day = entry("x", 1);
    no_day["effective_on"] = json!("2018-02-30");
    let mut unbalanced = entry("x", 1);
    unbalanced["legs"][1]["amount_fen"] = json!(-2);
    for (said, refused, at) in [
        (odd, "api.bad_field", "legs"),
        (bad_account, "books.bad_account_code", "legs.2"),
        (no_day, "api.bad_field", "effective_on"),
        (unbalanced, "books.unbalanced", "legs"),
    ] {
        let answer = house.say("/books/entries", &finance, &said).await;
        assert_eq!(code(&answer), (422, refused.to_owned()));
        assert_eq!(json(&answer)["at"], at);
    }
    let listed = json(&house.get("/books/entries", &finance).await);
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_books_are_read_page_by_page_and_an_etag_saves_reading_twice() {
    let house = house().await;
    some_money(&house).await;
    let finance = house.key("wang", Role::Finance, None, &Scope::ALL).await;
    for number in 1..=5 {
        house
            .say("/books/entries", &finance, &entry(&format!("e{number}"), number))
            .await;
    }
    for (path, rows) in [
        ("/books/entries?limit=2", 6),
        ("/books/accounts?limit=2", 5),
        ("/books/accounts/assets:fund:bank/statement?limit=2", 6),
    ] {
        let (mut next, mut seen) = (path.to_owned(), 0);
        loop {
            let page = json(&house.get(&next, &finance).await);
            let lines = page["items"].as_array().or(page["lines"].as_array()).unwrap();
            seen += lines.len();
            match page["next"].as_str() {
                Some(more) => next = more.trim_start_matches("/api/v1").to_owned(),
                None => break,
            }
        }
        assert_eq!(seen, rows, "{path}");
    }
    let first = house.get("/books/trial-balance?on=2018-06-30", &finance).await;
    assert_eq!(json(&first)["debit_fen"], 100_000);
    let known = [("if-none-match", first.header("etag"))];
    let again = house
        .ask(
            Method::GET,
            "/books/trial-balance?on=2018-06-30",
            &finance,
            &known,
            "",
        )
        .await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
    let county = json(&house.get("/books/accounts?owner=county:621226", &finance).await);
    assert_eq!(county["items"], json!([]));
    assert_eq!(
        code(&house.get("/books/accounts?owner=li", &finance).await),
        (422, "books.bad_owner".to_owned())
    );
    let held = json(&house.get("/books/holds?state=held", &finance).await);
    assert_eq!(held["items"][0]["key"], "h");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_keys_of_two_persons_approve_a_batch_and_scopes_keep_reading_from_doing() {
    let house = house().await;
    let batch = some_money(&house).await;
    let path = format!("/payments/{batch}/approvals");
    let reader = house
        .key(
            "mei",
            Role::Finance,
            None,
            &[Scope::ReadPayments, Scope::ReadBooks],
        )
        .await;
    assert_eq!(
        house.get(&format!("/payments/{batch}"), &reader).await.status,
        StatusCode::OK
    );
    assert_eq!(
        code(&house.ask(Method::POST, &path, &reader, &[], "").await).0,
        403
    );
    assert_eq!(
        code(&house.say("/books/entries", &reader, &entry("e", 1)).await).0,
        403
    );
    let chen = house
        .key("chen", Role::Finance, None, &[Scope::ApprovePayments])
        .await;
    let lan = house
        .key("lan", Role::Fund, None, &[Scope::ApprovePayments])
        .await;
    assert_eq!(
        code(&house.get("/payments", &chen).await).0,
        403,
        "no scope to read"
    );
    let first = house.ask(Method::POST, &path, &chen, &[], "").await;
    assert_eq!(
        (first.status, json(&first)["state"].as_str()),
        (StatusCode::CREATED, Some("prepared"))
    );
    assert_eq!(
        house.ask(Method::POST, &path, &chen, &[], "").await.status,
        StatusCode::OK
    );
    let second = house.ask(Method::POST, &path, &lan, &[], "").await;
    assert_eq!(json(&second)["state"], "approved");
    let text = second.text();
    assert!(text.contains("李**") && !text.contains("李兰") && !text.contains("6222021234567890128"));
    let county = house.key("li", Role::County, Some("621226"), &Scope::ALL).await;
    assert_eq!(code(&house.get("/payments", &county).await).0, 403);
}
