//! Providers that are away, slow or endless: nobody comes in, nobody is blamed, and nobody else waits.

use issuer::{Issuer, Twist};
use jiff::SignedDuration;
use kernel::Actor;
use outbound::Reach;
use testkit::{TestStore, on_both};

use crate::desk::{PROVIDER, REDIRECT, bare, desk, oidc};

#[tokio::test]
async fn a_provider_that_does_not_do_its_part_is_nobodys_failed_try() {
    on_both(async |store| {
        let desk = desk(store).await;
        let user = desk.invited("lan").await;
        desk.sign_in().await.unwrap();
        for (twist, tries) in [(Twist::TokenDown, 51), (Twist::TokenHuge, 1)] {
            desk.issuer.twist(Some(twist));
            for _ in 0..tries {
                let refused = desk.sign_in().await.unwrap_err();
                assert_eq!(refused.code, "oidc.provider_unavailable", "{twist:?}");
            }
        }
        desk.issuer.twist(Some(Twist::TokenSlow));
        let slow = desk.sign_in().await.unwrap_err();
        assert_eq!(slow.code, "oidc.provider_unavailable");
        desk.issuer.twist(None);
        assert_eq!(desk.count("staff.locked_out").await, 0);
        assert_eq!(desk.sign_in().await.unwrap().user, user);
    })
    .await;
}

#[tokio::test]
async fn a_slow_provider_makes_one_person_wait_and_the_others_not() {
    let store = TestStore::sqlite().await;
    let desk = desk(&store).await;
    desk.issuer.twist(Some(Twist::Slow));
    for _ in 0..20 {
        let begun = desk.oidc.begin(PROVIDER, REDIRECT, "/").await;
        assert_eq!(begun.unwrap_err().code, "oidc.provider_unavailable");
    }
    assert_eq!(
        desk.issuer.asked().metadata,
        2,
        "when it was added, and once since"
    );
    desk.issuer.twist(None);
    desk.pass(SignedDuration::from_secs(11));
    assert!(desk.oidc.begin(PROVIDER, REDIRECT, "/").await.is_ok());
}

#[tokio::test]
async fn what_was_fetched_is_used_for_a_day_while_the_provider_is_away() {
    on_both(async |store| {
        let desk = desk(store).await;
        desk.begin().await;
        desk.issuer.twist(Some(Twist::Down));
        desk.pass(SignedDuration::from_hours(23));
        assert!(desk.oidc.begin(PROVIDER, REDIRECT, "/").await.is_ok());
        desk.pass(SignedDuration::from_hours(2));
        let begun = desk.oidc.begin(PROVIDER, REDIRECT, "/").await;
        assert_eq!(begun.unwrap_err().code, "oidc.provider_unavailable");
    })
    .await;
}

#[tokio::test]
async fn a_provider_that_cannot_work_is_not_added() {
    let store = TestStore::sqlite().await;
    let desk = bare(&store);
    for twist in [
        Twist::Down,
        Twist::HugeMetadata,
        Twist::OthersMetadata,
        Twist::Redirect,
    ] {
        desk.issuer.twist(Some(twist));
        let refused = desk.oidc.add(Actor::system(), desk.provider()).await.unwrap_err();
        assert_eq!(refused.code, "oidc.provider_unusable", "{twist:?}");
        assert_eq!(refused.at.as_deref(), Some("issuer"));
    }
    let gone = Issuer::start().url();
    let mut provider = desk.provider();
    provider.issuer = gone;
    let refused = desk.oidc.add(Actor::system(), provider).await.unwrap_err();
    assert_eq!(refused.code, "oidc.provider_unusable", "nobody listens there");
    assert!(desk.oidc.providers().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_provider_inside_a_private_network_is_out_of_reach_unless_it_was_allowed() {
    let store = TestStore::sqlite().await;
    let desk = bare(&store);
    let outside = oidc(&store, &desk.staff, Reach::Public, 9);
    let refused = outside.add(Actor::system(), desk.provider()).await.unwrap_err();
    assert_eq!(refused.code, "oidc.bad_issuer");
    assert_eq!(desk.issuer.asked().metadata, 0);
}
