//! Who acts is whoever is signed in, whatever a form says: nobody approves as another, and no state is typed.

use axum::http::StatusCode;
use kernel::Role;

use crate::payments::{LINE, batch_fields, money};
use crate::{led, pond};

#[tokio::test(flavor = "multi_thread")]
async fn nobody_approves_their_own_batch_in_the_name_of_another() {
    let (_folder, nobody) = pond().await;
    money(&nobody).await;
    let wang = nobody.signed_in(Role::Finance, None).await;
    let chen = nobody.signed_in(Role::Finance, None).await;
    let batch = led(&wang.post_form("/staff/payments", &batch_fields("b-1", "")).await);
    led(&wang.post_form(&format!("{batch}/lines"), &LINE).await);
    led(&wang.post_form(&format!("{batch}/preparation"), &[]).await);
    let (other, key) = (chen.user().to_string(), chen.csrf().to_owned());
    let names = ["by", "actor", "user", "approved_by", "reviewer"].map(|name| (name, other.as_str()));
    let approved = wang.post_form(&format!("{batch}/approvals"), &names).await;
    assert_eq!(approved.status, StatusCode::UNPROCESSABLE_ENTITY);
    let typed = [("state", "approved"), ("approved_by", other.as_str())];
    let sent = wang.post_form(&format!("{batch}/bank-file"), &typed).await;
    assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", sent.text());
    // The secret of another's session does not help either.
    let borrowed = format!("csrf={key}");
    let answer = wang
        .post_raw(&format!("{batch}/approvals"), &web::testing::FROM_HERE, &borrowed)
        .await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    let page = chen.get(&batch).await.text();
    assert!(
        page.contains("/approvals\"") && page.contains("批准 0/2"),
        "{page}"
    );
}
