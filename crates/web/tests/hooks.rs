//! The pages of webhooks, as an administrator uses them without script.

use axum::http::StatusCode;
use kernel::Role;
use tempfile::TempDir;
use web::testing::{Client, site};

#[tokio::test]
async fn an_administrator_adds_tests_and_removes_a_webhook_and_sees_its_secret_once() {
    let folder = TempDir::new().unwrap();
    let admin = Client::of(site(folder.path()).await)
        .signed_in(Role::Admin, None)
        .await;
    assert!(admin.get("/staff/webhooks").await.text().contains("还没有推送"));
    let bad = [("url", "https://127.0.0.1/"), ("events", "periods.published")];
    let refused = admin.post_form("/en/staff/webhooks", &bad).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = refused.text();
    assert!(
        text.contains("href=\"#url\"") && text.contains("value=\"periods.published\" checked"),
        "{text}"
    );
    let none = admin
        .post_form("/en/staff/webhooks", &[("url", "https://example.org/")])
        .await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    let good = [("url", "https://example.org/"), ("events", "periods.published")];
    let made = admin.post_form("/en/staff/webhooks", &good).await.text();
    let (_, secret) = made.split_once("<code>whsec_").unwrap();
    let secret = secret.split('<').next().unwrap();
    let list = admin.get("/en/staff/webhooks").await.text();
    let (_, path) = list.split_once("href=\"/en/staff/webhooks/").unwrap();
    let path = format!("/en/staff/webhooks/{}", path.split('"').next().unwrap());
    let tested = admin.post_form(&format!("{path}/test"), &[]).await;
    assert_eq!(tested.status, StatusCode::SEE_OTHER);
    let shown = admin.get(&path).await.text();
    assert!(
        shown.contains("webhooks.test") && !shown.contains(secret),
        "{shown}"
    );
    admin.post_form(&format!("{path}/removal"), &[]).await;
    assert_eq!(admin.get(&path).await.status, StatusCode::NOT_FOUND);
}
