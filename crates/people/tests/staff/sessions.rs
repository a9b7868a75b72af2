//! Sessions: their ends, their tokens, and what ends them.

use jiff::SignedDuration;
use kernel::{Actor, Role};
use people::staff::{disable, grant};

use crate::command;
use crate::desk::{PASSWORD, add_with_password, desk};

#[tokio::test]
async fn a_session_ends_when_it_is_idle_or_a_week_old() {
    testkit::on_both(async |store| {
        let staff = desk(store);
        add_with_password(store, &staff, "lan").await;
        let idle = staff.sign_in("lan", PASSWORD, None).await.unwrap();
        let used = staff.sign_in("lan", PASSWORD, None).await.unwrap();
        let is_somebody = async |token: &str| staff.viewer(token).await.unwrap().is_somebody();
        for _ in 0..15 {
            store.clock().advance(SignedDuration::from_hours(11));
            assert!(is_somebody(used.token.as_str()).await);
        }
        assert!(!is_somebody(idle.token.as_str()).await);
        assert_eq!(staff.sessions_of(used.user).await.unwrap().len(), 1);
        store.clock().advance(SignedDuration::from_hours(4));
        assert!(!is_somebody(used.token.as_str()).await);
    })
    .await;
}

#[tokio::test]
async fn a_token_is_kept_as_a_hash_and_a_form_secret_goes_with_it() {
    testkit::on_both(async |store| {
        let staff = desk(store);
        add_with_password(store, &staff, "lan").await;
        let first = staff.sign_in("lan", PASSWORD, None).await.unwrap();
        let second = staff.sign_in("lan", PASSWORD, None).await.unwrap();
        let csrf = async |token: &str| staff.viewer(token).await.unwrap().csrf.unwrap();
        let (one, other) = (
            csrf(first.token.as_str()).await,
            csrf(second.token.as_str()).await,
        );
        assert!(one.is(one.as_str()) && !one.is(other.as_str()));
        let mut reader = store.read().await.unwrap();
        let rows = reader
            .rows("SELECT token_sha256 FROM user_sessions", vec![])
            .await
            .unwrap();
        for row in rows {
            assert_ne!(row.text("token_sha256").unwrap(), first.token.as_str());
        }
        assert!(!staff.viewer("").await.unwrap().is_somebody());
        assert!(!staff.viewer("guessed").await.unwrap().is_somebody());
    })
    .await;
}

#[tokio::test]
async fn a_renewed_session_leaves_its_old_token_behind() {
    testkit::on_both(async |store| {
        let staff = desk(store);
        add_with_password(store, &staff, "lan").await;
        let old = staff.sign_in("lan", PASSWORD, None).await.unwrap();
        let new = staff.renew(old.token.as_str()).await.unwrap();
        assert_eq!(new.session, old.session);
        assert!(!staff.viewer(old.token.as_str()).await.unwrap().is_somebody());
        assert!(staff.viewer(new.token.as_str()).await.unwrap().is_somebody());
        let refused = staff.renew(old.token.as_str()).await.unwrap_err();
        assert_eq!(refused.code, "staff.sign_in_required");
    })
    .await;
}

#[tokio::test]
async fn signing_out_new_rights_a_new_password_and_shutting_out_end_sessions() {
    testkit::on_both(async |store| {
        let staff = desk(store);
        let user = add_with_password(store, &staff, "lan").await;
        let enter = async || staff.sign_in("lan", PASSWORD, None).await.unwrap();
        let is_in = async |token: &str| staff.viewer(token).await.unwrap().is_somebody();

        let (mine, other) = (enter().await, enter().await);
        assert!(staff.sign_out(mine.token.as_str()).await.unwrap().is_now());
        assert!(!staff.sign_out(mine.token.as_str()).await.unwrap().is_now());
        assert!(!is_in(mine.token.as_str()).await && is_in(other.token.as_str()).await);

        let actor = Actor::new(user.to_string(), Role::County);
        assert!(
            staff
                .end_session(actor, user, other.session)
                .await
                .unwrap()
                .is_now()
        );
        assert!(!is_in(other.token.as_str()).await);

        let before = enter().await;
        command!(store, |ctx| grant(ctx, user, Role::Fund, None))
            .unwrap()
            .into_inner();
        assert!(!is_in(before.token.as_str()).await);

        let before = enter().await;
        let wrong = staff
            .change_password(user, "not the password", "a better one by far", None)
            .await;
        assert_eq!(wrong.unwrap_err().code, "staff.sign_in_failed");
        let short = staff.change_password(user, PASSWORD, "short", None).await;
        assert_eq!(short.unwrap_err().code, "staff.password_short");
        assert!(is_in(before.token.as_str()).await);
        let changed = staff
            .change_password(user, PASSWORD, "a better one by far", None)
            .await
            .unwrap();
        assert!(!is_in(before.token.as_str()).await && is_in(changed.token.as_str()).await);
        assert!(staff.sign_in("lan", PASSWORD, None).await.is_err());

        command!(store, |ctx| disable(ctx, user)).unwrap().into_inner();
        assert!(!is_in(changed.token.as_str()).await);
    })
    .await;
}
