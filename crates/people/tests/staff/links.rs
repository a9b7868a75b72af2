//! One-time links.

use jiff::SignedDuration;
use kernel::{Actor, Role};
use people::staff::{Action, disable};

use crate::command;
use crate::desk::{PASSWORD, add, count, desk, new_user};

#[tokio::test]
async fn the_first_start_makes_one_admin_and_no_more() {
    testkit::on_both(async |store| {
        let staff = desk(store);
        let link = staff.first_admin(new_user("admin")).await.unwrap().unwrap();
        assert!(link.path().starts_with("/invitations/"));
        assert!(staff.first_admin(new_user("admin")).await.unwrap().is_none());
        assert!(staff.first_admin(new_user("other")).await.unwrap().is_none());
        let done = staff
            .set_password_by_link(link.secret.as_str(), PASSWORD, None)
            .await
            .unwrap();
        let viewer = staff.viewer(done.token.as_str()).await.unwrap();
        assert!(viewer.may(Action::ManageUsers, None));
        assert!(!viewer.may(Action::PublishPeriod, None));
    })
    .await;
}

#[tokio::test]
async fn a_link_is_used_once_and_only_when_the_password_is_good() {
    testkit::on_both(async |store| {
        let staff = desk(store);
        let user = add(store, "lan", Role::Fund, None).await;
        let link = staff.make_link(Actor::system(), user).await.unwrap();
        let secret = link.secret.as_str();
        let short = staff
            .set_password_by_link(secret, "short", None)
            .await
            .unwrap_err();
        assert_eq!(short.code, "staff.password_short");
        assert_eq!(staff.open_link(secret).await.unwrap().user.id, user);
        assert!(staff.set_password_by_link(secret, PASSWORD, None).await.is_ok());
        let again = staff
            .set_password_by_link(secret, PASSWORD, None)
            .await
            .unwrap_err();
        assert_eq!(again.code, "staff.link_spent");
        assert_eq!(
            staff.open_link(secret).await.unwrap_err().code,
            "staff.link_spent"
        );
        assert_eq!(count(store, "staff.link_used").await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_link_ends_after_a_day_when_a_new_one_is_made_and_with_its_user() {
    testkit::on_both(async |store| {
        let staff = desk(store);
        let user = add(store, "lan", Role::Fund, None).await;
        let make = async || staff.make_link(Actor::system(), user).await;
        let is_open = async |secret: &str| staff.open_link(secret).await.is_ok();
        let old = make().await.unwrap();
        let new = make().await.unwrap();
        assert!(!is_open(old.secret.as_str()).await && is_open(new.secret.as_str()).await);
        store.clock().advance(SignedDuration::from_hours(25));
        assert!(!is_open(new.secret.as_str()).await);
        let last = make().await.unwrap();
        command!(store, |ctx| disable(ctx, user)).unwrap().into_inner();
        assert!(!is_open(last.secret.as_str()).await);
        assert_eq!(make().await.unwrap_err().code, "staff.user_disabled");
    })
    .await;
}
