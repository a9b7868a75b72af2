//! Who gets in, and what is no submission.

use axum::http::{Method, StatusCode};
use kernel::Role;
use people::staff::{NewApiKey, Scope};
use web::testing::PASSWORD;
use web::{Who, openrosa_table};

use crate::phone::{NUMBER, Phone, filled, house, standing};

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gets_in_without_the_right_and_a_wrong_password_is_counted() {
    let house = house().await;
    let nobody = house.village.nobody();
    let other = nobody.signed_in(Role::County, Some("532528")).await;
    let fund = nobody.signed_in(Role::Fund, None).await;
    for route in openrosa_table() {
        assert!(matches!(route.who, Who::May(_)), "{}", route.path);
        let path = route.path.replace("{id}", "household");
        let answer = nobody.ask(route.method.clone(), &path, &[], "").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
        // A session is not heard here.
        let cookie = house.village.ask(route.method.clone(), &path, &[], "").await;
        assert_eq!(cookie.status, StatusCode::UNAUTHORIZED, "{path}");
        let phone = Phone::of(&nobody, fund.login(), PASSWORD);
        let answer = phone.ask(route.method, &path).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
    }
    let elsewhere = Phone::of(&nobody, other.login(), PASSWORD);
    let sent = elsewhere.send(&filled("uuid:4", "张伟", NUMBER), &[]).await;
    assert_eq!(sent.status, StatusCode::FORBIDDEN, "{}", sent.text());
    let new = NewApiKey {
        user: house.village.user(),
        name: "phone".to_owned(),
        scopes: vec![Scope::WriteRegistry],
        days: 30,
    };
    let viewer = house.village.staff.viewer(house.village.token()).await.unwrap();
    let made = house
        .village
        .staff
        .make_api_key(viewer.actor().unwrap(), new)
        .await;
    let key = made.unwrap().secret;
    let by_key = Phone::of(&nobody, house.village.login(), key.as_str());
    assert_eq!(
        by_key.ask(Method::GET, "/openrosa/formList").await.status,
        StatusCode::OK
    );
    let of_other = Phone::of(&nobody, other.login(), key.as_str());
    assert_eq!(
        of_other.ask(Method::GET, "/openrosa/formList").await.status,
        StatusCode::UNAUTHORIZED
    );
    let wrong = Phone::of(&nobody, house.village.login(), "a wrong password");
    for _ in 0..10 {
        assert_eq!(
            wrong.ask(Method::GET, "/openrosa/formList").await.status,
            StatusCode::UNAUTHORIZED
        );
    }
    let locked = house.phone.ask(Method::GET, "/openrosa/formList").await;
    assert_eq!(
        locked.status,
        StatusCode::UNAUTHORIZED,
        "the right one too, for a while"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_submission_is_refused_in_words_and_keeps_nothing() {
    let house = house().await;
    let good = filled("uuid:5", "张伟", NUMBER);
    for (xml, status) in [
        (String::new(), StatusCode::BAD_REQUEST),
        ("<data".to_owned(), StatusCode::BAD_REQUEST),
        ("\u{0}".to_owned(), StatusCode::BAD_REQUEST),
        (
            good.replace("<instanceID>uuid:5</instanceID>", ""),
            StatusCode::BAD_REQUEST,
        ),
        (
            good.replace("id=\"household\"", "id=\"other\""),
            StatusCode::NOT_FOUND,
        ),
        (
            format!("{good}{}", " ".repeat(1 << 20)),
            StatusCode::PAYLOAD_TOO_LARGE,
        ),
        (
            good.replace("uuid:5", &"x".repeat(300)),
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
    ] {
        let answer = house.phone.send(&xml, &[]).await;
        assert_eq!(
            answer.status,
            status,
            "{} {}",
            answer.text(),
            &xml[..xml.len().min(80)]
        );
        assert!(answer.text().contains("<message>"), "{}", answer.text());
    }
    let path = house.phone.send(&good, &[("../1.jpg", b"x")]).await;
    assert_eq!(path.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", path.text());
    let large = vec![0_u8; 21 << 20];
    let answer = house.phone.send(&good, &[("1.jpg", &large)]).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(standing(&house).await, (vec!["files 0".to_owned()], 0));
}
