//! Invitations, links, and users whom only their organisation lets in.

use jiff::SignedDuration;
use kernel::Actor;
use oidc::IdentityState;
use people::staff::{RelyingParty, UserId, user_by_id};
use serde_json::json;
use testkit::on_both;

use crate::desk::{Desk, EMAIL, PROVIDER, desk};

const PASSWORD: &str = "correct horse battery";

async fn invite(desk: &Desk<'_>, user: UserId, value: &str) -> Result<bool, &'static str> {
    let invited = desk.oidc.invite(Actor::system(), user, PROVIDER, value).await;
    invited.map(|done| done.is_now()).map_err(|refusal| refusal.code)
}

async fn set_password(desk: &Desk<'_>, user: UserId) {
    let link = desk.staff.make_link(Actor::system(), user).await.unwrap();
    let set = desk
        .staff
        .set_password_by_link(link.secret.as_str(), PASSWORD, None)
        .await;
    assert_eq!(set.unwrap().user, user);
}

#[tokio::test]
async fn an_invitation_is_one_for_a_user_and_one_for_a_value() {
    on_both(async |store| {
        let desk = desk(store).await;
        let (lan, he) = (desk.user("lan").await, desk.user("he").await);
        assert_eq!(invite(&desk, lan, " Lan@LI.example ").await, Ok(true));
        assert_eq!(invite(&desk, lan, EMAIL).await, Ok(false), "the same");
        assert_eq!(invite(&desk, he, EMAIL).await, Err("oidc.claim_taken"));
        assert_eq!(
            invite(&desk, lan, "li.lan@li.example").await,
            Ok(true),
            "in its place"
        );
        assert_eq!(invite(&desk, he, EMAIL).await, Ok(true), "which is free again");
        assert_eq!(invite(&desk, he, "he").await, Err("oidc.bad_value"));
        assert_eq!(desk.sign_in().await.unwrap().user, he);
        assert_eq!(
            invite(&desk, he, "he@li.example").await,
            Err("oidc.already_linked")
        );
        assert_eq!(invite(&desk, lan, EMAIL).await, Err("oidc.claim_taken"));
        assert_eq!(
            desk.oidc
                .people_at(desk.oidc.provider(PROVIDER).await.unwrap().id)
                .await
                .unwrap()
                .len(),
            2
        );
    })
    .await;
}

#[tokio::test]
async fn only_a_user_who_is_there_and_may_come_in_is_invited() {
    on_both(async |store| {
        let desk = desk(store).await;
        let user = desk.user("lan").await;
        let shut = store.write(Actor::system(), move |ctx| {
            Box::pin(async move { people::staff::disable(ctx, user).await })
        });
        assert!(shut.await.unwrap().is_now());
        assert_eq!(invite(&desk, user, EMAIL).await, Err("staff.user_disabled"));
        let nobody = "01890000-0000-7000-8000-000000000000".parse().unwrap();
        assert_eq!(invite(&desk, nobody, EMAIL).await, Err("staff.no_such_user"));
        let nowhere = desk.oidc.invite(Actor::system(), user, "nowhere", EMAIL).await;
        assert_eq!(nowhere.unwrap_err().code, "oidc.no_such_provider");
    })
    .await;
}

#[tokio::test]
async fn an_invitation_that_is_too_old_lets_nobody_in() {
    on_both(async |store| {
        let desk = desk(store).await;
        let user = desk.invited("lan").await;
        desk.pass(SignedDuration::from_hours(30 * 24));
        assert!(desk.sign_in().await.is_err());
        let identities = desk.oidc.identities_of(user).await.unwrap();
        assert_eq!(identities[0].state, IdentityState::Expired);
        let other = desk.user("he").await;
        assert_eq!(
            invite(&desk, other, EMAIL).await,
            Ok(true),
            "the value is free again"
        );
        desk.pass(SignedDuration::from_mins(1));
        assert_eq!(desk.sign_in().await.unwrap().user, other);
    })
    .await;
}

#[tokio::test]
async fn who_is_unlinked_is_signed_out_and_not_let_in_again() {
    on_both(async |store| {
        let desk = desk(store).await;
        let user = desk.invited("lan").await;
        let signed_in = desk.sign_in().await.unwrap();
        let identity = desk.oidc.identities_of(user).await.unwrap()[0].id;
        let stranger = desk.user("he").await;
        let not_theirs = desk.oidc.unlink(Actor::system(), stranger, identity).await;
        assert!(!not_theirs.unwrap().is_now());
        let unlink = async || desk.oidc.unlink(Actor::system(), user, identity).await.unwrap();
        assert!(unlink().await.is_now());
        assert!(!unlink().await.is_now());
        let viewer = desk.staff.viewer(signed_in.token.as_str()).await.unwrap();
        assert!(!viewer.is_somebody());
        assert!(desk.sign_in().await.is_err());
        assert_eq!(desk.count("oidc.unlinked").await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_user_whom_only_the_organisation_lets_in_comes_by_nothing_else() {
    on_both(async |store| {
        let desk = desk(store).await;
        let user = desk.invited("lan").await;
        set_password(&desk, user).await;
        let bind = async |only| desk.oidc.bind(Actor::system(), user, only).await;
        assert_eq!(bind(true).await.unwrap_err().code, "oidc.no_way_in", "never came");
        let by_provider = desk.sign_in().await.unwrap();
        let by_password = desk.staff.sign_in("lan", PASSWORD, None).await.unwrap();
        let link = desk.staff.make_link(Actor::system(), user).await.unwrap();
        assert!(bind(true).await.unwrap().is_now());
        assert!(!bind(true).await.unwrap().is_now());
        for token in [by_provider.token, by_password.token] {
            assert!(!desk.staff.viewer(token.as_str()).await.unwrap().is_somebody());
        }
        let password = desk.staff.sign_in("lan", PASSWORD, None).await.unwrap_err();
        let unknown = desk.staff.sign_in("nobody", PASSWORD, None).await.unwrap_err();
        assert_eq!(password, unknown, "nobody learns that there is a password");
        assert_eq!(
            desk.staff.open_link(link.secret.as_str()).await.unwrap_err().code,
            "staff.link_spent"
        );
        let new_link = desk.staff.make_link(Actor::system(), user).await;
        assert_eq!(new_link.unwrap_err().code, "staff.organisation_only");
        let changed = desk
            .staff
            .change_password(user, PASSWORD, "another good one", None)
            .await;
        assert_eq!(changed.unwrap_err().code, "staff.organisation_only");
        assert_eq!(desk.sign_in().await.unwrap().user, user, "the organisation does");
        let user_now = user_by_id(&mut store.read().await.unwrap(), user)
            .await
            .unwrap()
            .unwrap();
        assert!(user_now.organisation_only_since.is_some());
        assert!(bind(false).await.unwrap().is_now());
        assert!(!bind(false).await.unwrap().is_now());
        desk.pass(SignedDuration::from_mins(1));
        let again = desk.staff.sign_in("lan", PASSWORD, None).await;
        assert_eq!(again.unwrap().user, user, "and what there was works again");
        assert_eq!(desk.count("staff.organisation_only_set").await, 1);
        assert_eq!(desk.count("staff.organisation_only_lifted").await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_user_whom_only_the_organisation_lets_in_gets_no_passkey() {
    on_both(async |store| {
        let desk = desk(store).await;
        let user = desk.invited("lan").await;
        desk.sign_in().await.unwrap();
        desk.bind(user, true).await;
        let rp = RelyingParty {
            id: "pond.example".to_owned(),
            name: "Pond".to_owned(),
            origins: vec!["https://pond.example".to_owned()],
        };
        let options = desk.staff.begin_passkey(&rp, user).await;
        assert_eq!(options.unwrap_err().code, "staff.organisation_only");
    })
    .await;
}

#[tokio::test]
async fn the_last_way_in_is_not_taken_away() {
    on_both(async |store| {
        let desk = desk(store).await;
        let user = desk.invited("lan").await;
        desk.sign_in().await.unwrap();
        desk.bind(user, true).await;
        let identity = desk.oidc.identities_of(user).await.unwrap()[0].id;
        let unlinked = desk.oidc.unlink(Actor::system(), user, identity).await;
        assert_eq!(unlinked.unwrap_err().code, "oidc.last_way_in");
        let removed = desk.oidc.remove(Actor::system(), PROVIDER).await;
        assert_eq!(removed.unwrap_err().code, "oidc.last_way_in");
        assert_eq!(desk.sign_in().await.unwrap().user, user, "nothing was changed");
        desk.bind(user, false).await;
        let unlinked = desk.oidc.unlink(Actor::system(), user, identity).await;
        assert!(unlinked.unwrap().is_now());
    })
    .await;
}

#[tokio::test]
async fn what_a_provider_says_of_rights_gives_none() {
    on_both(async |store| {
        let desk = desk(store).await;
        let user = desk.invited("lan").await;
        let told = json!({
            "email": EMAIL, "email_verified": true, "roles": ["admin"], "groups": ["admin"],
        });
        desk.issuer.person("subject-of-lan", told);
        let signed_in = desk.sign_in().await.unwrap();
        let viewer = desk.staff.viewer(signed_in.token.as_str()).await.unwrap();
        assert_eq!(viewer.user, Some(user));
        let roles: Vec<String> = viewer.grants.iter().map(|grant| grant.role.to_string()).collect();
        assert_eq!(roles, ["county"]);
    })
    .await;
}
