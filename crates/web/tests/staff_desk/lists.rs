//! The lists of staff: in whatever order their heads ask for, page by page, each row stands there once.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use kernel::{Actor, Role};
use people::staff::{self, NewUser};
use web::testing::Client;

use crate::{desk, rows, upload};

/// The text of the first cell of each row.
fn firsts(page: &str) -> Vec<String> {
    let rows = page.split("<th scope=\"row\"").skip(1);
    rows.map(|row| {
        let cell = row.split("</th>").next().unwrap();
        cell.split_once('>').unwrap().1.to_owned()
    })
    .collect()
}

/// The first cells of all pages of a list, from `path` on by the links to the next page.
async fn walk(client: &Client, path: &str) -> Vec<String> {
    let (mut seen, mut next) = (Vec::new(), path.to_owned());
    loop {
        let answer = client.get(&next).await;
        assert_eq!(answer.status, StatusCode::OK, "{next}");
        let page = answer.text();
        seen.extend(firsts(&page));
        let Some((before, _)) = page.split_once("\" rel=\"next\"") else {
            return seen;
        };
        next = before.rsplit_once("href=\"").unwrap().1.replace("&#38;", "&");
    }
}

/// Walks a list both ways by a column, as its head leads, and sees the same rows in the other order.
async fn turns(client: &Client, path: &str, column: &str) -> Vec<String> {
    let list = walk(client, &format!("{path}?sort={column}")).await;
    let mut turned = walk(client, &format!("{path}?sort=-{column}")).await;
    let once: BTreeSet<&String> = list.iter().collect();
    assert_eq!(once.len(), list.len(), "{path} by {column}: a row twice");
    turned.sort();
    let mut sorted = list.clone();
    sorted.sort();
    assert_eq!(turned, sorted, "{path} by {column}");
    let page = client.get(&format!("{path}?sort={column}")).await.text();
    assert!(
        page.contains(&format!("<a class=\"sort\" href=\"{path}?sort=-{column}\"")),
        "{path} by {column}"
    );
    list
}

#[tokio::test(flavor = "multi_thread")]
async fn uploads_are_sorted_by_time_name_and_size_over_several_pages() {
    let desk = desk().await;
    let fund = desk.nobody.signed_in(Role::Fund, None).await;
    let county = desk.nobody.signed_in(Role::County, Some("621226")).await;
    for number in 0..33_u32 {
        let name = format!("{:02}.csv", (number * 7) % 33);
        let file = rows(number * 100, number * 100 + 1 + number % 3);
        let sent = upload(&fund, &name, &file).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
    }
    let names = turns(&fund, "/staff/intake", "name").await;
    assert_eq!(names.len(), 33);
    let bare = |cell: &String| cell.split('>').nth(1).unwrap().trim_end_matches("</a").to_owned();
    let bare: Vec<String> = names.iter().map(bare).collect();
    assert!(bare.is_sorted(), "{bare:?}");
    turns(&fund, "/staff/intake", "size").await;
    let newest = turns(&fund, "/staff/intake", "sent").await;
    assert_eq!(
        newest,
        walk(&fund, "/staff/intake").await,
        "the newest first unless asked otherwise"
    );
    assert!(walk(&county, "/staff/intake?sort=name").await.is_empty());
    let sheet = fund.get("/staff/intake.csv?sort=name&after=x").await.text();
    let listed: Vec<&str> = sheet.lines().skip(1).map(|line| &line[..6]).collect();
    assert_eq!(listed, bare, "the file has the order of the page");
    assert_eq!(county.get("/staff/intake.csv").await.text().lines().count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn users_are_sorted_by_login_state_and_day_over_several_pages() {
    let desk = desk().await;
    let admin = desk.nobody.signed_in(Role::Admin, None).await;
    for number in 0..60_u32 {
        let new = NewUser {
            login: format!("u{:02}", (number * 7) % 60).parse().unwrap(),
            display_name: "同名的人".to_owned(),
        };
        let added = desk.site.store.write(Actor::system(), move |ctx| {
            Box::pin(async move { staff::add_user(ctx, new).await })
        });
        let user = added.await.unwrap().into_inner();
        if number % 4 == 0 {
            admin
                .post_form(&format!("/staff/users/{user}/disablement"), &[])
                .await;
        }
    }
    for column in ["login", "added", "state"] {
        assert_eq!(turns(&admin, "/staff/users", column).await.len(), 61, "{column}");
    }
    let page = admin.get("/staff/users?sort=state").await.text();
    let (shut, open) = (page.find("badge bad").unwrap(), page.rfind("badge bad").unwrap());
    assert!(
        shut < open && page[open..].matches("<tr>").count() > 30,
        "the shut out come first"
    );
    let found = admin.get("/staff/users?q=u1&sort=-login").await.text();
    assert!(
        found.contains("href=\"/staff/users?q=u1&#38;sort=login\""),
        "a search stays"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_audit_log_is_read_from_its_beginning_too() {
    let desk = desk().await;
    let admin = desk.nobody.signed_in(Role::Admin, None).await;
    let county = desk.nobody.signed_in(Role::County, Some("621226")).await;
    for _ in 0..60 {
        assert_eq!(county.get("/staff/users").await.status, StatusCode::FORBIDDEN);
    }
    let newest = admin.get("/staff/audit?action=manage_users").await.text();
    let oldest = admin
        .get("/staff/audit?action=manage_users&sort=-when")
        .await
        .text();
    assert_eq!((firsts(&newest).len(), firsts(&oldest).len()), (50, 50));
    assert!(newest.contains("aria-sort=\"descending\"") && oldest.contains("aria-sort=\"ascending\""));
    let next = oldest.split_once("\" rel=\"next\"").unwrap().0;
    let next = next.rsplit_once("href=\"").unwrap().1;
    assert!(
        next.contains("sort=-when") && next.contains("action=manage_users"),
        "{next}"
    );
    let rest = admin.get(&next.replace("&#38;", "&")).await.text();
    assert!(
        (10..50).contains(&firsts(&rest).len()),
        "each stands on one page only"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn webhooks_are_sorted_by_address() {
    let desk = desk().await;
    let admin = desk.nobody.signed_in(Role::Admin, None).await;
    for name in ["b", "c", "a"] {
        let url = format!("https://{name}.example.org/");
        let made = admin
            .post_form("/staff/webhooks", &[("url", &url), ("events", "sales.imported")])
            .await;
        assert_eq!(made.status, StatusCode::OK);
    }
    let listed = turns(&admin, "/staff/webhooks", "address").await;
    let place = |name: &str| {
        listed
            .iter()
            .position(|row| row.contains(&format!("//{name}.")))
            .unwrap()
    };
    assert_eq!((place("a"), place("b"), place("c")), (0, 1, 2));
    turns(&admin, "/staff/webhooks", "made").await;
}
