//! Users and grants.

use kernel::{Actor, Done, Role};
use people::staff::{
    STATEMENTS, UserId, add_user, disable, enable, grant, rename, revoke, user_by_login, users,
};

use crate::command;
use crate::desk::{add, count, facts, li, new_user, user};

#[tokio::test]
async fn every_statement_stands_in_the_common_ground() {
    testkit::on_both(async |store| {
        let mut count = 0;
        for sql in STATEMENTS.into_iter().flatten() {
            store.prepare(sql).await.unwrap_or_else(|refusal| {
                panic!("{sql}: {refusal} {:?}", refusal.context());
            });
            count += 1;
        }
        assert!(count > 50);
    })
    .await;
}

#[tokio::test]
async fn a_login_is_added_once_whatever_its_case() {
    testkit::on_both(async |store| {
        let first = command!(store, |ctx| add_user(ctx, new_user("Lan.Li"))).unwrap();
        let again = command!(store, |ctx| add_user(ctx, new_user("lan.LI"))).unwrap();
        assert!(first.is_now() && !again.is_now());
        assert_eq!(first.value(), again.value());
        assert_eq!(count(store, "staff.user_added").await, 1);
        let mut reader = store.read().await.unwrap();
        let found = user_by_login(&mut reader, &"LAN.LI".parse().unwrap())
            .await
            .unwrap();
        assert_eq!(found.unwrap().login.as_str(), "Lan.Li");
    })
    .await;
}

#[tokio::test]
async fn a_role_is_given_and_taken_once_and_its_row_stays() {
    testkit::on_both(async |store| {
        let id = add(store, "lan", Role::County, Some(li())).await;
        let again = command!(store, |ctx| grant(ctx, id, Role::County, Some(li()))).unwrap();
        assert!(matches!(again, Done::Already(_)));
        assert_eq!(user(store, id).await.grants[0].place, Some(li()));
        assert!(
            command!(store, |ctx| revoke(ctx, id, Role::County, Some(li())))
                .unwrap()
                .is_now()
        );
        assert!(
            !command!(store, |ctx| revoke(ctx, id, Role::County, Some(li())))
                .unwrap()
                .is_now()
        );
        assert!(user(store, id).await.grants.is_empty());
        assert!(
            command!(store, |ctx| grant(ctx, id, Role::County, Some(li())))
                .unwrap()
                .is_now()
        );
        assert_eq!(count(store, "staff.role_granted").await, 2);
        let refused = command!(store, |ctx| grant(ctx, id, Role::County, None)).unwrap_err();
        assert_eq!(refused.code, "staff.place_needed");
    })
    .await;
}

#[tokio::test]
async fn nobody_changes_their_own_roles() {
    testkit::on_both(async |store| {
        let chen = add(store, "chen", Role::Admin, None).await;
        let lan = add(store, "lan", Role::Admin, None).await;
        let by = |id: UserId| Actor::new(id.to_string(), Role::Admin);
        let give = |actor, user, role| {
            store.write(actor, move |ctx| {
                Box::pin(async move { grant(ctx, user, role, None).await })
            })
        };
        for role in [Role::Fund, Role::Admin] {
            let refused = give(by(chen), chen, role).await.unwrap_err();
            assert_eq!(refused.code, "staff.own_roles");
        }
        let taken = store.write(by(chen), move |ctx| {
            Box::pin(async move { revoke(ctx, chen, Role::Admin, None).await })
        });
        assert_eq!(taken.await.unwrap_err().code, "staff.own_roles");
        assert!(give(by(lan), chen, Role::Fund).await.unwrap().is_now());
        assert_eq!(user(store, chen).await.grants.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn the_last_admin_stays() {
    testkit::on_both(async |store| {
        let first = add(store, "chen", Role::Admin, None).await;
        let refused = command!(store, |ctx| disable(ctx, first)).unwrap_err();
        assert_eq!(refused.code, "staff.last_admin");
        let refused = command!(store, |ctx| revoke(ctx, first, Role::Admin, None)).unwrap_err();
        assert_eq!(refused.code, "staff.last_admin");
        let second = add(store, "lan", Role::Admin, None).await;
        assert!(command!(store, |ctx| disable(ctx, first)).unwrap().is_now());
        let refused = command!(store, |ctx| disable(ctx, second)).unwrap_err();
        assert_eq!(refused.code, "staff.last_admin");
    })
    .await;
}

#[tokio::test]
async fn users_are_shut_out_let_in_and_renamed_and_facts_name_them_by_id() {
    testkit::on_both(async |store| {
        let id = add(store, "lan", Role::Fund, None).await;
        assert!(command!(store, |ctx| disable(ctx, id)).unwrap().is_now());
        assert!(!command!(store, |ctx| disable(ctx, id)).unwrap().is_now());
        assert!(user(store, id).await.disabled_at.is_some());
        assert!(command!(store, |ctx| enable(ctx, id)).unwrap().is_now());
        assert!(command!(store, |ctx| rename(ctx, id, " 李兰 ")).unwrap().is_now());
        assert!(!command!(store, |ctx| rename(ctx, id, "李兰")).unwrap().is_now());
        let mut reader = store.read().await.unwrap();
        let all = users(&mut reader).await.unwrap();
        assert_eq!(
            (all.len(), all[0].display_name.as_str(), all[0].grants.len()),
            (1, "李兰", 1)
        );
        for (kind, body) in facts(store).await {
            assert_eq!(body["user"], id.to_string(), "{kind}");
            let text = body.to_string();
            assert!(!text.contains("兰") && !text.contains("lan"), "{kind}: {text}");
        }
    })
    .await;
}
