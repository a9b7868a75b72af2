//! Keys and what they open.

use axum::http::{Method, StatusCode};
use kernel::{Actor, Role};
use people::staff::Scope;
use web::Who;

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

/// A path with something in each place that varies; nobody has it, so that nothing is changed by the walk.
fn filled(path: &str) -> String {
    let parts = path
        .trim_start_matches("/api/v1")
        .split('/')
        .map(|part| match part {
            "{period}" => "2031H1",
            "{version}" => "1",
            "{code}" => "621226",
            "{segment}" => "1c5b7d0f5e7f3f4c6a1d2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f70",
            "{dimension}" => "place",
            "{upload}" | "{job}" | "{user}" | "{grant}" | "{webhook}" => {
                "01890000-0000-7000-8000-000000000000"
            }
            part if part.starts_with('{') => "x",
            part => part,
        });
    parts.collect::<Vec<_>>().join("/")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_endpoint_asks_nobody_for_a_key_and_lets_each_role_in_where_its_rights_reach() {
    let house = house().await;
    let mut askers = Vec::new();
    for role in Role::ALL.into_iter().filter(|role| *role != Role::System) {
        let place = match role {
            Role::Admin | Role::Finance => None,
            _ => Some("621226"),
        };
        let login = format!("{role}-there");
        askers.push((login.clone(), house.key(&login, role, place, &Scope::ALL).await));
    }
    askers.push(("fund".to_owned(), house.fund().await));
    askers.push((
        "fund that reads".to_owned(),
        house.key("mei", Role::Fund, None, &[Scope::ReadFigures]).await,
    ));
    askers.push(("stranger".to_owned(), house.stranger("wei").await));
    for route in web::api_table() {
        let path = filled(route.path);
        let ask = async |key: &str| house.ask(route.method.clone(), &path, key, &[], "").await;
        let nobody = ask("").await;
        let is_open = route.who == Who::Everyone;
        assert_eq!(
            nobody.status != StatusCode::UNAUTHORIZED,
            is_open,
            "{} {path}",
            route.method
        );
        for (name, key) in &askers {
            let viewer = house.staff.viewer_by_key(key).await.unwrap();
            let may = match route.who {
                Who::May(action) => viewer.may_everywhere(action),
                Who::Everyone | Who::SignedIn => true,
            };
            let answer = ask(key).await;
            assert_eq!(
                answer.status != StatusCode::FORBIDDEN,
                may,
                "{name}: {} {path}",
                route.method
            );
            assert!(answer.status != StatusCode::UNAUTHORIZED, "{name}: {path}");
            assert!(
                !answer.status.is_server_error(),
                "{name}: {path} {}",
                answer.text()
            );
        }
    }
}
