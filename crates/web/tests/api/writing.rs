//! Writes sent twice, and files sent in.

use axum::http::{Method, StatusCode};
use kernel::Role;
use people::staff::Scope;

use crate::house::{ORDERS, code, house, json};

#[tokio::test(flavor = "multi_thread")]
async fn a_write_sent_again_gets_the_same_answer_and_another_under_its_key_is_refused() {
    let house = house().await;
    let key = house.fund().await;
    let once = [("idempotency-key", "one")];
    let open = async |period: &str| {
        let path = format!("/periods/{period}/opening");
        house.ask(Method::POST, &path, &key, &once, "").await
    };
    let (first, again) = (open("2018H2").await, open("2018H2").await);
    assert_eq!(
        (first.status, again.status),
        (StatusCode::CREATED, StatusCode::CREATED)
    );
    assert_eq!(first.bytes, again.bytes);
    assert_eq!(
        (
            first.header("idempotency-replayed"),
            again.header("idempotency-replayed")
        ),
        ("", "true")
    );
    assert_eq!(
        code(&open("2019H1").await),
        (422, "api.idempotency_conflict".to_owned())
    );
    // The key of another user is another key.
    let other = house.key("mei", Role::Fund, None, &Scope::ALL).await;
    let theirs = house
        .ask(Method::POST, "/periods/2019H1/opening", &other, &once, "")
        .await;
    assert_eq!(theirs.status, StatusCode::CREATED);
    let without = house
        .ask(Method::POST, "/periods/2018H2/opening", &key, &[], "")
        .await;
    assert_eq!(without.status, StatusCode::OK);
    assert_eq!(json(&without)["now"], false);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_write_leaves_its_key_free() {
    let house = house().await;
    let key = house.fund().await;
    let once = [("idempotency-key", "one")];
    let missing = "/uploads/01890a5d-ac96-774b-bcce-b302099a8057/import";
    let refused = house.ask(Method::POST, missing, &key, &once, "").await;
    assert_eq!(code(&refused), (404, "sales.no_such_upload".to_owned()));
    let open = house
        .ask(Method::POST, "/periods/2018H2/opening", &key, &once, "")
        .await;
    assert_eq!(open.status, StatusCode::CREATED);
    let long = "x".repeat(201);
    for bad in ["", "a b", long.as_str()] {
        let refused = house
            .ask(
                Method::POST,
                "/periods/2018H2/opening",
                &key,
                &[("idempotency-key", bad)],
                "",
            )
            .await;
        assert_eq!(code(&refused), (422, "api.bad_idempotency_key".to_owned()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_sent_checked_against_its_digest_imported_once_and_taken_back() {
    use base64::Engine as _;
    use sha2::Digest as _;
    let house = house().await;
    let key = house.fund().await;
    let coded = base64::engine::general_purpose::STANDARD.encode(sha2::Sha256::digest(ORDERS));
    let digest = format!("sha-256=:{coded}:");
    let path = "/uploads?layout=xingnong&name=a.csv";
    let send =
        async |headers: &[(&str, &str)], body: &str| house.ask(Method::POST, path, &key, headers, body).await;
    let keyed = [("idempotency-key", "f1"), ("content-digest", digest.as_str())];
    let (first, again) = (send(&keyed, ORDERS).await, send(&keyed, ORDERS).await);
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.text());
    assert_eq!(
        (first.bytes.clone(), again.header("idempotency-replayed")),
        (again.bytes.clone(), "true")
    );
    assert_eq!(json(&first)["state"], "held");
    for (headers, status, refused) in [
        (vec![("idempotency-key", "f2")], 422, "api.digest_missing"),
        (
            vec![("content-digest", "sha-256=:AAAA:")],
            422,
            "api.bad_parameter",
        ),
        (vec![("content-type", "text/html")], 415, "api.media_type"),
    ] {
        assert_eq!(code(&send(&headers, ORDERS).await), (status, refused.to_owned()));
    }
    let other = send(&[("content-digest", digest.as_str())], "another file").await;
    assert_eq!(code(&other), (422, "api.digest_mismatch".to_owned()));
    assert_eq!(code(&send(&[], "").await), (422, "sales.upload_empty".to_owned()));
    let id = json(&first)["id"].as_str().unwrap().to_owned();
    let start = async || {
        house
            .ask(Method::POST, &format!("/uploads/{id}/import"), &key, &[], "")
            .await
    };
    assert_eq!(
        (start().await.status, start().await.status),
        (StatusCode::ACCEPTED, StatusCode::OK)
    );
    let back = house
        .ask(Method::DELETE, &format!("/uploads/{id}"), &key, &[], "")
        .await;
    assert_eq!(
        (back.status, json(&back)["state"].clone()),
        (StatusCode::OK, "discarded".into())
    );
}
