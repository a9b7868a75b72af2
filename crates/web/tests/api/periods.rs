//! The life of a period's report with keys.

use axum::http::{Method, StatusCode};
use kernel::{Actor, Refusal, Role};
use people::staff::Scope;
use report::periods::submit_for_review;
use serde_json::{Value, json};
use web::testing::keep_sample;

use crate::house::{House, code, house, json};

/// Submits the sample in the name of someone, as the worker does for whoever asked for a draft.
async fn submit(house: &House, by: &str) -> String {
    let kept = keep_sample(&house.store, house.folder.path()).await;
    let period = "2018H1".parse().unwrap();
    let submitted = house.store.write(Actor::new(by, Role::Fund), move |ctx| {
        Box::pin(submit_for_review(ctx, period, kept))
    });
    let submitted: Result<_, Refusal> = submitted.await;
    submitted.unwrap().into_inner().to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_period_is_opened_and_a_draft_of_it_asked_for_once() {
    let house = house().await;
    let chen = house.fund().await;
    let post = async |part: &str| {
        let path = format!("/periods/2018H1/{part}");
        house.ask(Method::POST, &path, &chen, &[], "").await
    };
    assert_eq!(post("opening").await.status, StatusCode::CREATED);
    let (asked, again) = (post("drafts").await, post("drafts").await);
    assert_eq!(
        (asked.status, again.status),
        (StatusCode::ACCEPTED, StatusCode::OK)
    );
    let job = json(&asked)["href"].as_str().unwrap().to_owned();
    let job = house.get(job.trim_start_matches("/api/v1"), &chen).await;
    assert_eq!(json(&job)["kind"], "periods.draft");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_published_after_two_others_approved_it_and_corrected_with_a_reason() {
    let house = house().await;
    let chen = house.fund().await;
    house
        .ask(Method::POST, "/periods/2018H1/opening", &chen, &[], "")
        .await;
    let me = house.staff.viewer_by_key(&chen).await.unwrap().user.unwrap();
    let draft = submit(&house, &me.to_string()).await;
    let (reviews, publication) = ("/periods/2018H1/reviews", "/periods/2018H1/publication");
    let (approve, said) = (
        json!({ "draft": draft, "verdict": "approved" }),
        json!({ "draft": draft }),
    );
    let own = house.say(reviews, &chen, &approve).await;
    assert_eq!(code(&own), (422, "periods.own_draft".to_owned()));
    let early = house.say(publication, &chen, &said).await;
    assert_eq!(code(&early), (422, "periods.not_approved".to_owned()));
    for login in ["mei", "wu"] {
        let key = house.key(login, Role::Fund, None, &[Scope::ReviewPeriods]).await;
        let first = house.say(reviews, &key, &approve).await;
        let again = house.say(reviews, &key, &approve).await;
        assert_eq!(
            (first.status, again.status),
            (StatusCode::CREATED, StatusCode::OK)
        );
        let beyond = house.say(publication, &key, &said).await;
        assert_eq!(code(&beyond), (403, "staff.denied".to_owned()));
    }
    let published = house.say(publication, &chen, &said).await;
    assert_eq!(published.status, StatusCode::CREATED, "{}", published.text());
    assert_eq!(json(&published)["report"]["state"], "published");
    assert_eq!(house.say(publication, &chen, &said).await.status, StatusCode::OK);
    assert_eq!(
        json(&house.get("/reports/2018H1", "").await)["report"]["version"],
        1
    );

    let corrections = "/periods/2018H1/corrections";
    let bare = house.say(corrections, &chen, &json!({ "reason": " " })).await;
    assert_eq!(code(&bare), (422, "periods.reason_missing".to_owned()));
    let why = json!({ "reason": "六月的订单晚到" });
    let corrected = house.say(corrections, &chen, &why).await;
    assert_eq!(corrected.status, StatusCode::CREATED);
    assert_eq!(json(&corrected)["report"]["version"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_review_sent_back_says_why_and_what_is_no_json_of_its_shape_does_nothing() {
    let house = house().await;
    let key = house.fund().await;
    house
        .ask(Method::POST, "/periods/2018H1/opening", &key, &[], "")
        .await;
    let draft = submit(&house, "someone").await;
    let reviews = "/periods/2018H1/reviews";
    let refused = async |said: Value| code(&house.say(reviews, &key, &said).await).1;
    assert_eq!(
        refused(json!({ "draft": draft, "verdict": "perhaps" })).await,
        "api.bad_field"
    );
    assert_eq!(
        refused(json!({ "draft": draft, "verdict": "sent_back" })).await,
        "periods.reason_missing"
    );
    assert_eq!(refused(json!([])).await, "api.bad_body");
    let plain = house.ask(Method::POST, reviews, &key, &[], "{}").await;
    assert_eq!(code(&plain), (415, "api.media_type".to_owned()));
    let why = json!({ "draft": draft, "verdict": "sent_back", "reason": "county 621126 is missing" });
    let back = json(&house.say(reviews, &key, &why).await);
    assert_eq!(back["report"]["state"], "open");
    assert_eq!(
        back["drafts"][0]["reviews"][0]["reason"],
        "county 621126 is missing"
    );
}
