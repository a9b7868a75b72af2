//! Keys and what they open.

use axum::http::{Method, StatusCode};
use kernel::{Actor, Role};
use people::staff::Scope;

use crate::house::{code, house};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_public_needs_no_key_and_the_rest_a_key_that_may() {
    let house = house().await;
    let fund = house.fund().await;
    let figures_only = house.key("mei", Role::Fund, None, &[Scope::ReadFigures]).await;
    let county = house.key("li", Role::County, Some("621226"), &Scope::ALL).await;
    for path in [
        "",
        "/programme",
        "/figures",
        "/reports/2018H1",
        "/places/532528",
        "/layouts",
    ] {
        assert_eq!(house.get(path, "").await.status, StatusCode::OK, "{path}");
    }
    for path in ["/imports", "/uploads", "/periods", "/jobs"] {
        let nobody = house.get(path, "").await;
        assert_eq!(code(&nobody), (401, "staff.sign_in_required".to_owned()));
        assert_eq!(nobody.header("www-authenticate"), "Bearer");
        assert_eq!(
            code(&house.get(path, &county).await),
            (403, "staff.denied".to_owned()),
            "{path}"
        );
        assert_eq!(house.get(path, &fund).await.status, StatusCode::OK);
    }
    assert_eq!(code(&house.get("/imports", &figures_only).await).0, 403);
    assert_eq!(house.get("/periods", &figures_only).await.status, StatusCode::OK);
    for wrong in ["fp_guessed", "nothing", " "] {
        assert_eq!(
            code(&house.get("/figures", wrong).await),
            (401, "api.bad_key".to_owned())
        );
    }
    let cookie = [("cookie", "session=abc")];
    let by_cookie = house
        .ask(Method::POST, "/periods/2018H2/opening", "", &cookie, "")
        .await;
    assert_eq!(code(&by_cookie).0, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_key_opens_nothing() {
    let house = house().await;
    let key = house.fund().await;
    let viewer = house.staff.viewer_by_key(&key).await.unwrap();
    let user = viewer.user.unwrap();
    let id = house.staff.api_keys_of(user).await.unwrap()[0].id;
    assert!(
        house
            .staff
            .revoke_api_key(Actor::system(), user, id)
            .await
            .unwrap()
            .is_now()
    );
    assert_eq!(
        code(&house.get("/jobs", &key).await),
        (401, "api.bad_key".to_owned())
    );
}
