//! Pages by cursor, ETags, languages, hostile requests, the documentation.

use std::collections::BTreeSet;

use axum::http::{Method, StatusCode};
use serde_json::Value;

use crate::house::{ORDERS, code, document, house, json};

#[tokio::test(flavor = "multi_thread")]
async fn a_walk_by_cursor_gives_every_row_once() {
    let house = house().await;
    let whole = json(
        &house
            .get("/figures/sales.poverty_counties/breakdowns/place?limit=200", "")
            .await,
    );
    let all: Vec<Value> = whole["items"].as_array().unwrap().clone();
    assert!(all.len() > 4 && whole["next"].is_null());
    let (mut walked, mut next) = (
        Vec::new(),
        "/api/v1/figures/sales.poverty_counties/breakdowns/place?limit=3".to_owned(),
    );
    loop {
        let page = json(&house.get(next.trim_start_matches("/api/v1"), "").await);
        walked.extend(page["items"].as_array().unwrap().clone());
        match page["next"].as_str() {
            Some(more) => more.clone_into(&mut next),
            None => break,
        }
    }
    assert_eq!(walked, all);
    let key = house.fund().await;
    for number in 0..5 {
        let path = format!("/uploads?layout=xingnong&name={number}.csv");
        let sent = house
            .ask(Method::POST, &path, &key, &[], &format!("{ORDERS}\n{number}"))
            .await;
        assert_eq!(sent.status, StatusCode::CREATED);
    }
    let (mut ids, mut next) = (BTreeSet::new(), "/uploads?limit=2".to_owned());
    loop {
        let page = json(&house.get(next.trim_start_matches("/api/v1"), &key).await);
        for item in page["items"].as_array().unwrap() {
            assert!(ids.insert(item["id"].to_string()), "twice");
        }
        match page["next"].as_str() {
            Some(more) => more.clone_into(&mut next),
            None => break,
        }
    }
    assert_eq!(ids.len(), 5);
    for cursor in ["%00", "!!!", "bm93aGVyZQ"] {
        let path = format!("/figures/sales.poverty_counties/breakdowns/place?cursor={cursor}");
        let status = house.get(&path, "").await;
        assert_eq!(code(&status).0, 422, "{cursor}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_not_changed_is_not_sent_again() {
    let house = house().await;
    for path in [
        "/figures",
        "/openapi.json",
        "/reports/2018H1/versions/1",
        "/reports/2018H1/files/report.json",
    ] {
        let first = house.get(path, "").await;
        let tag = first.header("etag").to_owned();
        let again = house
            .ask(Method::GET, path, "", &[("if-none-match", &tag)], "")
            .await;
        assert_eq!(
            (again.status, again.bytes.len()),
            (StatusCode::NOT_MODIFIED, 0),
            "{path}"
        );
        let head = house.ask(Method::HEAD, path, "", &[], "").await;
        assert_eq!((head.status, head.bytes.len()), (StatusCode::OK, 0), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn problems_speak_the_language_that_was_asked_for() {
    let house = house().await;
    let ask = async |path: &str, accept: &str| {
        let answer = house
            .ask(Method::GET, path, "", &[("accept-language", accept)], "")
            .await;
        json(&answer)["title"].as_str().unwrap().to_owned()
    };
    assert!(ask("/nothing", "").await.contains("没有"));
    assert!(ask("/nothing", "fr, en-GB;q=0.8").await.contains("no such"));
    assert!(ask("/nothing?lang=zh", "en").await.contains("没有"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_kept_for_everyone_is_given_in_each_readers_language_and_to_no_wrong_key() {
    let house = house().await;
    let path = "/openapi.json";
    let ask = async |headers: &[(&str, &str)]| house.ask(Method::GET, path, "", headers, "").await;
    let (zh, en) = (ask(&[]).await, ask(&[("accept-language", "en")]).await);
    assert_ne!(json(&zh)["info"], json(&en)["info"]);
    for (first, language) in [(&zh, "zh"), (&en, "en")] {
        let again = ask(&[("accept-language", language)]).await;
        assert_eq!((again.status, &again.bytes), (StatusCode::OK, &first.bytes));
        for header in ["etag", "vary", "cache-control", "content-type"] {
            assert_eq!(again.header(header), first.header(header), "{header}");
        }
        let known = ask(&[
            ("accept-language", language),
            ("if-none-match", first.header("etag")),
        ])
        .await;
        assert_eq!(known.status, StatusCode::NOT_MODIFIED);
    }
    assert_eq!(code(&house.get(path, "nobody's").await).0, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_requests_are_refused_as_problems() {
    let house = house().await;
    let key = house.fund().await;
    for (path, status, expected) in [
        ("/nothing", 404, "web.no_such_page"),
        ("/", 404, "web.no_such_page"),
        ("/figures/no.such", 404, "programme.no_such_figure"),
        ("/figures/%2e%2e%2fetc", 422, "api.bad_parameter"),
        ("/figures/x%00y", 422, "api.bad_parameter"),
        ("/figures?pillar=%27--", 422, "api.bad_parameter"),
        ("/figures?nothing=1", 422, "api.unknown_parameter"),
        ("/figures?lang=fr", 422, "api.bad_parameter"),
        (
            "/figures/sales.poverty_counties?version=0",
            422,
            "api.bad_parameter",
        ),
        (
            "/figures/sales.poverty_counties?version=9",
            404,
            "web.no_such_page",
        ),
        (
            "/figures/sales.poverty_counties/trace",
            422,
            "api.missing_parameter",
        ),
        (
            "/figures/sales.poverty_counties/trace?place=532528",
            404,
            "web.no_evidence",
        ),
        ("/figures/sales.poverty_counties/rows", 404, "web.no_evidence"),
        ("/places", 422, "api.missing_parameter"),
        ("/places/999999", 404, "places.unknown_code"),
        ("/reports/2018H1/files/passwd", 404, "web.no_such_page"),
        ("/reports/2018H3", 422, "api.bad_parameter"),
        ("/uploads?limit=201", 422, "api.bad_parameter"),
        ("/uploads?limit=1&limit=2", 422, "api.bad_parameter"),
        ("/uploads/1", 422, "api.bad_parameter"),
        (
            "/jobs/01890a5d-ac96-774b-bcce-b302099a8057",
            404,
            "api.no_such_job",
        ),
    ] {
        assert_eq!(
            code(&house.get(path, &key).await),
            (status, expected.to_owned()),
            "{path}"
        );
    }
    let wrong = house.ask(Method::PUT, "/figures", "", &[], "").await;
    assert_eq!(code(&wrong), (405, "web.method_not_allowed".to_owned()));
    assert_eq!(wrong.header("allow"), "GET, HEAD");
    let large = "x".repeat(100_000);
    let large = house
        .ask(Method::POST, "/periods/2018H2/opening", &key, &[], &large)
        .await;
    assert_eq!(code(&large), (413, "api.body_too_large".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_documentation_shows_every_endpoint_in_both_languages() {
    let house = house().await;
    let (_, document) = document(&house).await;
    for page in ["/api", "/en/api"] {
        let answer = house.client.get(page).await;
        assert_eq!(answer.status, StatusCode::OK);
        let text = answer.text();
        for path in document["paths"].as_object().unwrap().keys() {
            assert!(text.contains(path.as_str()), "{page} {path}");
        }
        assert!(!text.contains(">op.") && !text.contains("=\"https://"), "{page}");
    }
}
