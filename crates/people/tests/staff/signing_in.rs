//! Passwords, counted tries and locks.

use jiff::SignedDuration;
use kernel::Refusal;
use people::staff::{Staff, disable};

use crate::command;
use crate::desk::{PASSWORD, add_with_password, count, desk};

async fn try_wrong(staff: &Staff, login: &str, address: Option<&str>) -> Refusal {
    staff
        .sign_in(login, "not the password", address)
        .await
        .unwrap_err()
}

#[tokio::test]
async fn the_right_password_leads_in_whatever_the_case_of_the_login() {
    testkit::on_both(async |store| {
        let staff = desk(store);
        let user = add_with_password(store, &staff, "lan").await;
        let first = staff.sign_in("LAN", PASSWORD, Some("10.0.0.1")).await.unwrap();
        let second = staff.sign_in("lan", PASSWORD, None).await.unwrap();
        assert_eq!(first.user, user);
        assert_ne!(first.token, second.token);
        let viewer = staff.viewer(first.token.as_str()).await.unwrap();
        assert_eq!((viewer.user, viewer.login.as_str()), (Some(user), "lan"));
    })
    .await;
}

#[tokio::test]
async fn every_try_that_fails_gets_the_same_answer() {
    testkit::on_both(async |store| {
        let staff = desk(store);
        let user = add_with_password(store, &staff, "lan").await;
        let wrong = try_wrong(&staff, "lan", None).await;
        let unknown = try_wrong(&staff, "nobody", None).await;
        let no_login = try_wrong(&staff, "' OR 1=1 --", None).await;
        command!(store, |ctx| disable(ctx, user)).unwrap().into_inner();
        let disabled = staff.sign_in("lan", PASSWORD, None).await.unwrap_err();
        for refusal in [unknown, no_login, disabled] {
            assert_eq!(refusal, wrong);
        }
        assert_eq!(wrong.code, "staff.sign_in_failed");
    })
    .await;
}

#[tokio::test]
async fn ten_failures_lock_a_login_for_a_quarter_of_an_hour() {
    testkit::on_both(async |store| {
        let staff = desk(store);
        add_with_password(store, &staff, "lan").await;
        for _ in 0..10 {
            try_wrong(&staff, "lan", None).await;
            store.clock().advance(SignedDuration::from_secs(33));
        }
        assert_eq!(count(store, "staff.locked_out").await, 1);
        assert!(staff.sign_in("lan", PASSWORD, None).await.is_err());
        store.clock().advance(SignedDuration::from_mins(14));
        assert!(staff.sign_in("lan", PASSWORD, None).await.is_err());
        store.clock().advance(SignedDuration::from_mins(2));
        assert!(staff.sign_in("lan", PASSWORD, None).await.is_ok());
        assert_eq!(count(store, "staff.locked_out").await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_try_that_comes_too_soon_is_not_looked_at() {
    testkit::on_both(async |store| {
        let staff = desk(store);
        add_with_password(store, &staff, "lan").await;
        for _ in 0..6 {
            try_wrong(&staff, "lan", None).await;
        }
        assert!(staff.sign_in("lan", PASSWORD, None).await.is_err(), "at once");
        store.clock().advance(SignedDuration::from_secs(5));
        assert!(
            staff.sign_in("lan", PASSWORD, None).await.is_ok(),
            "after a while"
        );
        assert!(
            staff.sign_in("lan", PASSWORD, None).await.is_ok(),
            "and it begins anew"
        );
    })
    .await;
}

#[tokio::test]
async fn tries_at_the_same_time_are_all_counted_before_any_is_looked_at() {
    testkit::on_both(async |store| {
        let staff = desk(store);
        add_with_password(store, &staff, "lan").await;
        let tries: Vec<_> = (0..16)
            .map(|_| {
                let staff = staff.clone();
                tokio::spawn(async move { try_wrong(&staff, "lan", None).await })
            })
            .collect();
        for tried in tries {
            tried.await.unwrap();
        }
        assert_eq!(count(store, "staff.locked_out").await, 1);
        assert!(staff.sign_in("lan", PASSWORD, None).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn an_address_that_tries_many_logins_is_locked_and_others_are_not() {
    testkit::on_both(async |store| {
        let staff = desk(store);
        add_with_password(store, &staff, "lan").await;
        for number in 0..50 {
            try_wrong(&staff, &format!("user{number}"), Some("10.6.6.6")).await;
        }
        assert!(staff.sign_in("lan", PASSWORD, Some("10.6.6.6")).await.is_err());
        assert!(staff.sign_in("lan", PASSWORD, Some("10.0.0.1")).await.is_ok());
    })
    .await;
}
