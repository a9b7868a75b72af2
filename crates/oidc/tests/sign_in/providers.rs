//! Providers are added, changed and removed, and every step is a fact.

use kernel::Actor;
use oidc::{IdentityState, NewProvider};
use testkit::on_both;

use crate::desk::{PROVIDER, REDIRECT, bare, desk};

#[tokio::test]
async fn the_same_provider_again_changes_nothing_or_what_is_different() {
    on_both(async |store| {
        let desk = desk(store).await;
        let user = desk.invited("lan").await;
        desk.sign_in().await.unwrap();
        let again = desk.oidc.add(Actor::system(), desk.provider()).await.unwrap();
        assert!(!again.is_now());
        let rotated = NewProvider {
            client_secret: "another".to_owned(),
            title: "礼县民政局（新）".to_owned(),
            ..desk.provider()
        };
        assert!(desk.oidc.add(Actor::system(), rotated).await.unwrap().is_now());
        let provider = desk.oidc.provider(PROVIDER).await.unwrap();
        assert_eq!(
            (provider.title.as_str(), provider.linked),
            ("礼县民政局（新）", 1)
        );
        let refused = desk.sign_in().await.unwrap_err();
        assert_eq!(
            refused.code, "oidc.provider_unavailable",
            "the new secret is used"
        );
        desk.add(desk.provider()).await;
        assert_eq!(desk.sign_in().await.unwrap().user, user, "and the link is kept");
        assert_eq!(desk.count("oidc.provider_added").await, 1);
        assert_eq!(desk.count("oidc.provider_changed").await, 2);
    })
    .await;
}

#[tokio::test]
async fn a_name_and_an_issuer_belong_to_one_provider() {
    on_both(async |store| {
        let (desk, other) = (desk(store).await, bare(store));
        let same_name = other.provider();
        let refused = desk.oidc.add(Actor::system(), same_name).await.unwrap_err();
        assert_eq!(refused.code, "oidc.name_taken");
        let same_issuer = NewProvider {
            name: "another".to_owned(),
            ..desk.provider()
        };
        let refused = desk.oidc.add(Actor::system(), same_issuer).await.unwrap_err();
        assert_eq!(refused.code, "oidc.issuer_taken");
        assert_eq!(desk.oidc.providers().await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_with_a_provider_is_named_by_field() {
    on_both(async |store| {
        let desk = bare(store);
        let refused = async |change: fn(&mut NewProvider)| {
            let mut provider = desk.provider();
            change(&mut provider);
            let refused = desk.oidc.add(Actor::system(), provider).await.unwrap_err();
            (refused.code, refused.at.unwrap_or_default())
        };
        let named = |code, field: &str| (code, field.to_owned());
        assert_eq!(
            refused(|new| "Li County".clone_into(&mut new.name)).await,
            named("oidc.bad_name", "name")
        );
        assert_eq!(
            refused(|new| new.title.clear()).await,
            named("oidc.bad_title", "title")
        );
        assert_eq!(
            refused(|new| "li".clone_into(&mut new.issuer)).await,
            named("oidc.bad_issuer", "issuer")
        );
        assert_eq!(
            refused(|new| new.client_id.clear()).await,
            named("oidc.bad_client_id", "client_id")
        );
        assert_eq!(
            refused(|new| new.client_secret.clear()).await,
            named("oidc.bad_secret", "client_secret")
        );
        assert_eq!(
            refused(|new| new.claim.clear()).await,
            named("oidc.bad_claim", "claim")
        );
        assert_eq!(
            refused(|new| new.scope = Some("email".to_owned())).await,
            named("oidc.bad_scope", "scope")
        );
        assert!(desk.facts().await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_provider_that_was_removed_lets_nobody_in_and_nobody_stay() {
    on_both(async |store| {
        let desk = desk(store).await;
        let user = desk.invited("lan").await;
        let signed_in = desk.sign_in().await.unwrap();
        let begun = desk.begin().await;
        let sent = desk.issuer.sign_in(&begun.href);
        assert!(
            desk.oidc
                .remove(Actor::system(), PROVIDER)
                .await
                .unwrap()
                .is_now()
        );
        let viewer = desk.staff.viewer(signed_in.token.as_str()).await.unwrap();
        assert!(!viewer.is_somebody(), "the session has ended");
        let under_way = desk.finish(&begun, &sent).await.signed_in.unwrap_err();
        assert_eq!(under_way.code, "oidc.sign_in_failed");
        assert!(desk.oidc.identities_of(user).await.unwrap().is_empty());
        let gone = desk.oidc.begin(PROVIDER, REDIRECT, "/").await.unwrap_err();
        assert_eq!(gone.code, "oidc.no_such_provider");
        let again = desk.oidc.remove(Actor::system(), PROVIDER).await.unwrap_err();
        assert_eq!(again.code, "oidc.no_such_provider");
        let anew = desk.oidc.add(Actor::system(), desk.provider()).await.unwrap();
        assert!(anew.is_now());
        assert!(
            desk.sign_in().await.is_err(),
            "an old link does not come back to life"
        );
        desk.pass(jiff::SignedDuration::from_mins(1));
        let invited = desk
            .oidc
            .invite(Actor::system(), user, PROVIDER, crate::desk::EMAIL)
            .await;
        assert!(invited.unwrap().is_now());
        assert_eq!(desk.sign_in().await.unwrap().user, user);
        let identities = desk.oidc.identities_of(user).await.unwrap();
        assert_eq!(identities[0].state, IdentityState::Linked);
    })
    .await;
}
