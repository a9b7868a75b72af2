//! Every route of the table, asked by nobody, by someone without a grant and by each role at two places: each gets in
//! where the table of rights says so, and nowhere else.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use axum::http::{Method, StatusCode};
use kernel::Role;
use people::staff::Viewer;
use tempfile::TempDir;
use web::testing::{Answer, Client, FROM_HERE, site};
use web::{Route, Who, table};

async fn client() -> (TempDir, Client) {
    let folder = TempDir::new().unwrap();
    let client = Client::of(site(folder.path()).await);
    (folder, client)
}

/// A path with something in each place that varies; none of it exists, so that nothing is changed by the walk.
fn filled(path: &str) -> String {
    let parts = path.split('/').map(|part| match part {
        "{id}" | "{grant}" => "01890000-0000-7000-8000-000000000000",
        part if part.starts_with('{') => "x",
        part => part,
    });
    parts.collect::<Vec<_>>().join("/")
}

async fn ask(client: &Client, route: &Route) -> Answer {
    let path = filled(route.path);
    if route.method == Method::GET {
        client.get(&path).await
    } else {
        client.post_form(&path, &[]).await
    }
}

fn leads_to_sign_in(answer: &Answer) -> bool {
    answer.status == StatusCode::SEE_OTHER && answer.header("location").starts_with("/signin")
}

/// Turned away for want of a right; a made-up passkey is refused with 403 too.
fn is_denied(answer: &Answer) -> bool {
    answer.status == StatusCode::FORBIDDEN && !answer.text().contains("staff.passkey_refused")
}

/// What the walk must not do to the session it walks with.
fn ends_the_session(route: &Route) -> bool {
    ["/signout", "/account/sessions/end"].contains(&route.path)
}

fn may(viewer: &Viewer, who: Who) -> bool {
    match who {
        Who::Everyone => true,
        Who::SignedIn => viewer.is_somebody(),
        Who::May(action) => viewer.may(action, None),
    }
}

#[test]
fn the_table_names_each_route_once_and_opens_only_what_is_for_everyone() {
    let table = table();
    let rows: BTreeSet<(String, &str)> = table
        .iter()
        .map(|route| (route.method.to_string(), route.path))
        .collect();
    assert_eq!(rows.len(), table.len());
    for route in &table {
        let is_staffs = route.path.starts_with("/staff") || route.path.starts_with("/account");
        assert_eq!(is_staffs, route.who != Who::Everyone, "{}", route.path);
    }
}

#[tokio::test]
async fn nobody_sees_what_is_public_and_is_led_to_sign_in_for_the_rest() {
    let (_folder, client) = client().await;
    for route in table() {
        let answer = ask(&client, &route).await;
        let is_open = route.who == Who::Everyone;
        assert_eq!(
            leads_to_sign_in(&answer),
            !is_open,
            "{} {}",
            route.method,
            route.path
        );
        assert!(!is_denied(&answer), "{}", route.path);
        if !is_open && route.method == Method::GET {
            let back = format!("back=%2F{}", &route.path.replace('/', "%2F")[3..]);
            assert!(
                answer.header("location").contains(&back) || route.path.contains('{'),
                "{}",
                route.path
            );
            let json = [("accept", "application/json")];
            let answer = client.get_with(&filled(route.path), &json).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{}", route.path);
        }
    }
}

#[tokio::test]
async fn each_role_gets_in_where_its_rights_reach_and_nowhere_else() {
    let (_folder, client) = client().await;
    let mut askers = vec![("stranger".to_owned(), client.stranger().await)];
    for role in Role::ALL.into_iter().filter(|role| *role != Role::System) {
        let places: &[Option<&str>] = match role {
            Role::Admin | Role::Finance => &[None],
            _ => &[Some("621226"), Some("532528")],
        };
        for place in places {
            askers.push((format!("{role} {place:?}"), client.signed_in(role, *place).await));
        }
    }
    askers.push(("fund".to_owned(), client.signed_in(Role::Fund, None).await));
    for (name, asker) in &askers {
        let viewer = client.staff.viewer(asker.token()).await.unwrap();
        for route in table().iter().filter(|route| !ends_the_session(route)) {
            let answer = ask(asker, route).await;
            let refused = is_denied(&answer);
            assert_eq!(
                !refused,
                may(&viewer, route.who),
                "{name}: {} {}",
                route.method,
                route.path
            );
            assert!(!leads_to_sign_in(&answer), "{name}: {}", route.path);
            assert!(!answer.status.is_server_error(), "{name}: {}", route.path);
            let is_page = answer.header("content-type").starts_with("text/html");
            assert!(
                !is_page || answer.header("cache-control") == "no-store",
                "{}",
                route.path
            );
        }
    }
}

#[tokio::test]
async fn every_command_is_refused_without_the_secret_of_its_session() {
    let (_folder, client) = client().await;
    let (one, other) = (
        client.signed_in(Role::Admin, None).await,
        client.signed_in(Role::Admin, None).await,
    );
    let foreign = [
        ("origin", "https://evil.example"),
        ("sec-fetch-site", "cross-site"),
    ];
    let (own, others) = (format!("csrf={}", one.csrf()), format!("csrf={}", other.csrf()));
    for route in table().iter().filter(|route| route.method != Method::GET) {
        let path = filled(route.path);
        let mut tries = vec![(&foreign[..], own.as_str()), (&[][..], own.as_str())];
        if route.who != Who::Everyone || route.path == "/signout" {
            tries.extend([(&FROM_HERE[..], ""), (&FROM_HERE[..], others.as_str())]);
        }
        for (headers, body) in tries {
            let answer = one.post_raw(&path, headers, body).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {body}");
            assert!(answer.text().contains("web.bad_csrf"), "{path}");
        }
    }
    assert!(client.staff.viewer(one.token()).await.unwrap().is_somebody());
}

#[tokio::test]
async fn who_was_turned_away_stands_in_the_audit_log() {
    let (_folder, client) = client().await;
    let (admin, county) = (
        client.signed_in(Role::Admin, None).await,
        client.signed_in(Role::County, Some("621226")).await,
    );
    assert_eq!(county.get("/staff/users").await.status, StatusCode::FORBIDDEN);
    let path = format!("/staff/audit?user={}&action=manage_users", county.user());
    let log = admin.get(&path).await.text();
    assert!(
        log.contains(&county.user().to_string()) && log.contains("拒绝"),
        "{log}"
    );
    let wrong = admin.get("/en/staff/audit?user=nobody").await.text();
    assert!(wrong.contains("is neither a login nor an id"));
}

#[tokio::test]
async fn the_navigation_shows_what_one_may_do() {
    let (_folder, client) = client().await;
    let admin = client.signed_in(Role::Admin, None).await.get("/").await.text();
    assert!(admin.contains("href=\"/staff/users\"") && !admin.contains("href=\"/staff/periods\""));
    let fund = client.signed_in(Role::Fund, None).await.get("/").await.text();
    assert!(fund.contains("href=\"/staff/periods\"") && !fund.contains("href=\"/staff/users\""));
    let nobody = client.get("/").await.text();
    assert!(!nobody.contains("/staff/") && nobody.contains("href=\"/signin\""));
}
