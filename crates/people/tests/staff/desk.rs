//! A desk over a test's store, and a user who works in Li County.

use std::sync::Arc;

use kernel::{Actor, PlaceCode, Refusal, Role, SeededSecrets};
use people::staff::{NewUser, Staff, User, UserId, add_user, grant, user_by_id};
use serde_json::Value;
use testkit::TestStore;

/// A password that nothing is wrong with.
pub const PASSWORD: &str = "correct horse battery";

/// A desk whose secrets repeat.
pub fn desk(store: &TestStore) -> Staff {
    let secrets = Arc::new(SeededSecrets::new(7));
    Staff::new(store.store(), store.shared_clock(), secrets)
}

/// Li County.
pub fn li() -> PlaceCode {
    "621226".parse().unwrap()
}

/// Someone to add.
pub fn new_user(login: &str) -> NewUser {
    NewUser {
        login: login.parse().unwrap(),
        display_name: "兰姨".to_owned(),
    }
}

/// Runs a command on the store as the system.
#[macro_export]
macro_rules! command {
    ($store:expr, |$ctx:ident| $body:expr) => {
        $store
            .write(kernel::Actor::system(), move |$ctx| {
                Box::pin(async move { $body.await })
            })
            .await
    };
}

/// Adds a user with a role in the whole country or at a place.
pub async fn add(store: &TestStore, login: &str, role: Role, place: Option<PlaceCode>) -> UserId {
    let new = new_user(login);
    let added = store.write(Actor::system(), move |ctx| {
        Box::pin(async move {
            let user = add_user(ctx, new).await?.into_inner();
            let granted = grant(ctx, user, role, place).await?;
            assert!(granted.is_now());
            Ok::<_, Refusal>(user)
        })
    });
    added.await.unwrap()
}

/// Adds a user with the password above.
pub async fn add_with_password(store: &TestStore, staff: &Staff, login: &str) -> UserId {
    let user = add(store, login, Role::County, Some(li())).await;
    let link = staff.make_link(Actor::system(), user).await.unwrap();
    let done = staff
        .set_password_by_link(link.secret.as_str(), PASSWORD, None)
        .await;
    assert_eq!(done.unwrap().user, user);
    user
}

/// A user as they stand.
pub async fn user(store: &TestStore, id: UserId) -> User {
    let mut reader = store.read().await.unwrap();
    user_by_id(&mut reader, id).await.unwrap().unwrap()
}

/// The kinds and bodies of the facts of staff, in the order of the journal.
pub async fn facts(store: &TestStore) -> Vec<(String, Value)> {
    let facts = store.facts_page(0, 10_000).await.unwrap();
    let staff = facts.into_iter().filter(|fact| fact.kind.starts_with("staff."));
    staff
        .map(|fact| (fact.kind.clone(), fact.body().unwrap()))
        .collect()
}

/// How many facts of a kind there are.
pub async fn count(store: &TestStore, kind: &str) -> usize {
    let facts = facts(store).await;
    facts.iter().filter(|(found, _)| found == kind).count()
}
