//! Passkeys, with an authenticator made of software.

use jiff::SignedDuration;
use kernel::{Actor, Refusal, Role};
use people::staff::{RelyingParty, SignedIn, Staff, UserId, disable};
use testkit::TestStore;

use crate::authenticator::Authenticator;
use crate::command;
use crate::desk::{add, count, desk, li};

fn site() -> RelyingParty {
    RelyingParty {
        id: "fishpond.example".to_owned(),
        name: "鱼塘".to_owned(),
        origins: vec!["https://fishpond.example".to_owned()],
    }
}

/// A user whose passkey is in the authenticator.
async fn with_passkey(store: &TestStore, staff: &Staff, key: &mut Authenticator) -> UserId {
    let user = add(store, "lan", Role::County, Some(li())).await;
    add_key(staff, user, key).await.unwrap();
    user
}

async fn add_key(staff: &Staff, user: UserId, key: &mut Authenticator) -> Result<(), Refusal> {
    let options = staff.begin_passkey(&site(), user).await.unwrap();
    let answer = key.create(&options);
    let actor = Actor::new(user.to_string(), Role::County);
    let added = staff.add_passkey(&site(), actor, user, "钥匙", &answer).await;
    added.map(drop)
}

async fn sign_in(staff: &Staff, key: &mut Authenticator) -> Result<SignedIn, Refusal> {
    let options = staff.begin_passkey_sign_in(&site()).await.unwrap();
    key.count += 1;
    staff
        .sign_in_with_passkey(&site(), &key.get(&options), None)
        .await
}

fn rule(refusal: &Refusal) -> &str {
    assert_eq!(refusal.code, "staff.passkey_refused");
    &refusal.facts[0].1
}

#[tokio::test]
async fn a_passkey_is_added_and_leads_in_until_it_is_removed() {
    testkit::on_both(async |store| {
        let staff = desk(store);
        for mut key in [Authenticator::es256(), Authenticator::eddsa()] {
            let user = add(store, "lan", Role::County, Some(li())).await;
            add_key(&staff, user, &mut key).await.unwrap();
            let done = sign_in(&staff, &mut key).await.unwrap();
            assert_eq!(staff.viewer(done.token.as_str()).await.unwrap().user, Some(user));
            let kept = staff.passkeys_of(user).await.unwrap();
            assert!(kept[0].used_at.is_some() && kept[0].name == "钥匙");
            let actor = Actor::new(user.to_string(), Role::County);
            let removed = staff.remove_passkey(actor, user, kept[0].id).await.unwrap();
            assert!(removed.is_now());
            assert_eq!(rule(&sign_in(&staff, &mut key).await.unwrap_err()), "credential");
            command!(store, |ctx| people::staff::revoke(
                ctx,
                user,
                Role::County,
                Some(li())
            ))
            .unwrap()
            .into_inner();
        }
    })
    .await;
}

#[tokio::test]
async fn an_answer_is_taken_once_and_within_five_minutes() {
    testkit::on_both(async |store| {
        let (staff, mut key) = (desk(store), Authenticator::es256());
        with_passkey(store, &staff, &mut key).await;
        let options = staff.begin_passkey_sign_in(&site()).await.unwrap();
        key.count += 1;
        let answer = key.get(&options);
        assert!(staff.sign_in_with_passkey(&site(), &answer, None).await.is_ok());
        let replayed = staff
            .sign_in_with_passkey(&site(), &answer, None)
            .await
            .unwrap_err();
        assert_eq!(rule(&replayed), "challenge");

        let options = staff.begin_passkey_sign_in(&site()).await.unwrap();
        store.clock().advance(SignedDuration::from_mins(5));
        key.count += 1;
        let late = staff
            .sign_in_with_passkey(&site(), &key.get(&options), None)
            .await;
        assert_eq!(rule(&late.unwrap_err()), "challenge");
    })
    .await;
}

#[tokio::test]
async fn a_challenge_for_adding_does_not_sign_in_and_one_users_is_not_anothers() {
    testkit::on_both(async |store| {
        let (staff, mut key) = (desk(store), Authenticator::es256());
        let user = with_passkey(store, &staff, &mut key).await;
        let options = staff.begin_passkey(&site(), user).await.unwrap();
        key.count += 1;
        let crossed = staff
            .sign_in_with_passkey(&site(), &key.get(&options), None)
            .await;
        assert_eq!(rule(&crossed.unwrap_err()), "challenge");

        let other = add(store, "chen", Role::Fund, None).await;
        let options = staff.begin_passkey(&site(), user).await.unwrap();
        let answer = Authenticator::eddsa().create(&options);
        let actor = Actor::new(other.to_string(), Role::Fund);
        let stolen = staff.add_passkey(&site(), actor, other, "k", &answer).await;
        assert_eq!(rule(&stolen.unwrap_err()), "challenge");
    })
    .await;
}

#[tokio::test]
async fn another_origin_site_or_signature_and_an_unverified_user_are_refused() {
    testkit::on_both(async |store| {
        let (staff, mut key) = (desk(store), Authenticator::es256());
        with_passkey(store, &staff, &mut key).await;

        key.origin = "https://fishpond.example.evil".to_owned();
        assert_eq!(rule(&sign_in(&staff, &mut key).await.unwrap_err()), "origin");
        key.origin = "https://fishpond.example".to_owned();

        key.rp_id = "evil.example".to_owned();
        assert_eq!(
            rule(&sign_in(&staff, &mut key).await.unwrap_err()),
            "relying_party"
        );
        key.rp_id = "fishpond.example".to_owned();

        key.flags = 0b001;
        assert_eq!(
            rule(&sign_in(&staff, &mut key).await.unwrap_err()),
            "user_verified"
        );
        key.flags = 0b101;

        let options = staff.begin_passkey_sign_in(&site()).await.unwrap();
        key.count += 1;
        let flipped = key.get_flipping(&options, Some(36));
        let refused = staff.sign_in_with_passkey(&site(), &flipped, None).await;
        assert_eq!(rule(&refused.unwrap_err()), "signature");

        for broken in ["", "{}", "[]", r#"{"rawId":"=","response":{}}"#] {
            assert!(staff.sign_in_with_passkey(&site(), broken, None).await.is_err());
        }
        assert!(sign_in(&staff, &mut key).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn a_counter_that_goes_back_is_noticed_and_leads_nowhere() {
    testkit::on_both(async |store| {
        let (staff, mut key) = (desk(store), Authenticator::es256());
        with_passkey(store, &staff, &mut key).await;
        assert!(sign_in(&staff, &mut key).await.is_ok());
        key.count -= 1;
        assert_eq!(rule(&sign_in(&staff, &mut key).await.unwrap_err()), "counter");
        assert_eq!(count(store, "staff.passkey_counter_went_back").await, 1);
        assert!(sign_in(&staff, &mut key).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn an_authenticator_that_does_not_count_signs_in_again_and_again() {
    testkit::on_both(async |store| {
        let (staff, mut key) = (desk(store), Authenticator::es256());
        key.count = 0;
        with_passkey(store, &staff, &mut key).await;
        for _ in 0..2 {
            let options = staff.begin_passkey_sign_in(&site()).await.unwrap();
            assert!(
                staff
                    .sign_in_with_passkey(&site(), &key.get(&options), None)
                    .await
                    .is_ok()
            );
        }
    })
    .await;
}

#[tokio::test]
async fn a_key_is_registered_once_and_a_disabled_users_key_leads_nowhere() {
    testkit::on_both(async |store| {
        let (staff, mut key) = (desk(store), Authenticator::es256());
        let user = with_passkey(store, &staff, &mut key).await;
        let again = add_key(&staff, user, &mut key).await.unwrap_err();
        assert_eq!(again.code, "staff.passkey_known");
        command!(store, |ctx| disable(ctx, user)).unwrap().into_inner();
        assert_eq!(rule(&sign_in(&staff, &mut key).await.unwrap_err()), "credential");
    })
    .await;
}

#[tokio::test]
async fn a_new_user_adds_a_passkey_by_link_and_is_in() {
    testkit::on_both(async |store| {
        let (staff, mut key) = (desk(store), Authenticator::eddsa());
        let user = add(store, "lan", Role::County, Some(li())).await;
        let link = staff.make_link(Actor::system(), user).await.unwrap();
        let secret = link.secret.as_str();
        let options = staff.begin_passkey_by_link(&site(), secret).await.unwrap();
        let answer = key.create(&options);
        let done = staff
            .add_passkey_by_link(&site(), secret, "钥匙", &answer, None)
            .await
            .unwrap();
        assert_eq!(staff.viewer(done.token.as_str()).await.unwrap().user, Some(user));
        let spent = staff.begin_passkey_by_link(&site(), secret).await.unwrap_err();
        assert_eq!(spent.code, "staff.link_spent");
        assert!(sign_in(&staff, &mut key).await.is_ok());
    })
    .await;
}
