//! API keys.

use jiff::SignedDuration;
use kernel::{Actor, Role};
use people::staff::{Action, NewApiKey, Scope, disable};

use crate::command;
use crate::desk::{add, desk, li};

#[tokio::test]
async fn a_key_acts_for_its_owner_within_its_scopes_until_it_ends() {
    testkit::on_both(async |store| {
        let staff = desk(store);
        let user = add(store, "lan", Role::County, Some(li())).await;
        let actor = Actor::new(user.to_string(), Role::County);
        let new = NewApiKey {
            user,
            name: "店铺接口".to_owned(),
            scopes: vec![Scope::WriteSales, Scope::WriteSales],
            days: 30,
        };
        let made = staff.make_api_key(actor.clone(), new.clone()).await.unwrap();
        assert!(made.secret.as_str().starts_with("fp_"));
        let viewer = async |key: &str| staff.viewer_by_key(key).await.unwrap();
        let by_key = viewer(made.secret.as_str()).await;
        assert_eq!(by_key.user, Some(user));
        assert!(by_key.may(Action::ImportSales, Some(li())));
        assert!(!by_key.may(Action::ImportSales, Some("621227".parse().unwrap())));
        assert!(!by_key.may(Action::ViewIntake, Some(li())));
        let kept = staff.api_keys_of(user).await.unwrap();
        assert_eq!(kept[0].last_used_on.as_deref(), Some("2018-07-02"));
        assert_eq!(kept[0].scopes, ["write:sales"]);

        assert!(
            staff
                .revoke_api_key(actor.clone(), user, made.id)
                .await
                .unwrap()
                .is_now()
        );
        assert!(
            !staff
                .revoke_api_key(actor.clone(), user, made.id)
                .await
                .unwrap()
                .is_now()
        );
        assert!(!viewer(made.secret.as_str()).await.is_somebody());

        let second = staff.make_api_key(actor.clone(), new.clone()).await.unwrap();
        store.clock().advance(SignedDuration::from_hours(24 * 31));
        assert!(!viewer(second.secret.as_str()).await.is_somebody());

        let third = staff.make_api_key(actor, new).await.unwrap();
        command!(store, |ctx| disable(ctx, user)).unwrap().into_inner();
        assert!(!viewer(third.secret.as_str()).await.is_somebody());
    })
    .await;
}

#[tokio::test]
async fn a_key_without_scopes_or_with_an_endless_life_is_refused() {
    testkit::on_both(async |store| {
        let staff = desk(store);
        let user = add(store, "lan", Role::Fund, None).await;
        for (scopes, days, code) in [
            (vec![], 30, "staff.bad_scope"),
            (vec![Scope::ReadFigures], 0, "staff.bad_lifetime"),
            (vec![Scope::ReadFigures], 367, "staff.bad_lifetime"),
        ] {
            let name = "k".to_owned();
            let new = NewApiKey {
                user,
                name,
                scopes,
                days,
            };
            let refused = staff.make_api_key(Actor::system(), new).await.unwrap_err();
            assert_eq!(refused.code, code);
        }
        assert_eq!(
            "write:users".parse::<Scope>().unwrap_err().code,
            "staff.bad_scope"
        );
        assert!(!staff.viewer_by_key("fp_guessed").await.unwrap().is_somebody());
    })
    .await;
}
