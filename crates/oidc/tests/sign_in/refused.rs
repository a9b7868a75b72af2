//! Who is not to come in does not, and nobody learns why.

use issuer::{Algorithm, SentBack, Twist};
use jiff::SignedDuration;
use kernel::Actor;
use oidc::{Begun, Callback, IdentityState};
use people::staff::{AuditFilter, AuditRecord, Outcome, disable};
use serde_json::json;
use testkit::on_both;

use crate::desk::{ADDRESS, Desk, EMAIL, PROVIDER, callback, desk};

/// A sign-in whose callback is changed on the way.
async fn changed<'a>(
    desk: &Desk<'_>,
    begun: &'a Begun,
    sent: &'a SentBack,
    change: impl FnOnce(&mut Callback<'a>),
) -> &'static str {
    let mut said = callback(begun, sent);
    change(&mut said);
    let finished = desk.oidc.finish(&said).await;
    finished.signed_in.map_or_else(|refusal| refusal.code, |_| "")
}

#[tokio::test]
async fn whoever_was_not_invited_is_refused_like_everybody_else() {
    on_both(async |store| {
        let desk = desk(store).await;
        let stranger = desk.sign_in().await.unwrap_err();
        desk.pass(SignedDuration::from_mins(1));
        let user = desk.invited("lan").await;
        let gone = store.write(Actor::system(), move |ctx| {
            Box::pin(async move { disable(ctx, user).await })
        });
        assert!(gone.await.unwrap().is_now());
        let disabled = desk.sign_in().await.unwrap_err();
        desk.issuer.twist(Some(Twist::WrongNonce));
        let forged = desk.sign_in().await.unwrap_err();
        for refusal in [disabled, forged] {
            assert_eq!(refusal, stranger);
        }
        assert_eq!(stranger.code, "oidc.sign_in_failed");
        assert!(stranger.value.is_none() && stranger.facts.is_empty());
        let identities = desk.oidc.identities_of(user).await.unwrap();
        assert_eq!(identities[0].state, IdentityState::Invited, "nobody was linked");
        desk.staff.flush().await;
        let mut reader = store.read().await.unwrap();
        let audit = AuditRecord::page(&mut reader, &AuditFilter::default(), None, 10).await;
        let denied = audit.unwrap();
        assert_eq!(denied.len(), 3);
        assert!(
            denied
                .iter()
                .all(|row| row.outcome == Outcome::Denied && row.user.is_none())
        );
    })
    .await;
}

#[tokio::test]
async fn an_id_token_that_breaks_a_rule_lets_nobody_in() {
    on_both(async |store| {
        let desk = desk(store).await;
        let user = desk.invited("lan").await;
        for twist in [
            Twist::WrongNonce,
            Twist::WrongAudience,
            Twist::SecondAudience,
            Twist::WrongParty,
            Twist::WrongIssuer,
            Twist::Expired,
            Twist::FromTheFuture,
            Twist::Old,
            Twist::Unsigned,
            Twist::SharedSecret,
            Twist::UnknownKey,
            Twist::OtherKey,
            Twist::Cut,
            Twist::NoTokens,
            Twist::AnswerOfAnother,
            Twist::AnswerOfNobody,
            Twist::Cancelled,
        ] {
            desk.issuer.twist(Some(twist));
            let refused = desk.sign_in().await.unwrap_err();
            assert_eq!(refused.code, "oidc.sign_in_failed", "{twist:?}");
        }
        desk.issuer.twist(None);
        assert_eq!(
            desk.sign_in().await.unwrap().user,
            user,
            "and without one all is well"
        );
    })
    .await;
}

#[tokio::test]
async fn another_key_under_the_right_name_signs_nothing() {
    on_both(async |store| {
        for algorithm in [Algorithm::Es256, Algorithm::EdDsa] {
            let desk = crate::desk::bare(store);
            desk.issuer.signs_with(algorithm);
            let mut provider = desk.provider();
            provider.name = format!("{algorithm:?}").to_lowercase();
            let name = provider.name.clone();
            desk.add(provider).await;
            desk.issuer.twist(Some(Twist::OtherKey));
            let begun = desk.oidc.begin(&name, crate::desk::REDIRECT, "/").await.unwrap();
            let sent = desk.issuer.sign_in(&begun.href);
            let code = changed(&desk, &begun, &sent, |said| said.provider = &name).await;
            assert_eq!(code, "oidc.sign_in_failed");
        }
    })
    .await;
}

#[tokio::test]
async fn only_the_browser_that_began_finishes_and_only_once() {
    on_both(async |store| {
        let desk = desk(store).await;
        desk.invited("lan").await;
        let (begun, other) = (desk.begin().await, desk.begin().await);
        let sent = desk.issuer.sign_in(&begun.href);
        let failed = "oidc.sign_in_failed";
        for (what, code) in [
            (
                "another browser",
                changed(&desk, &begun, &sent, |said| said.browser = other.browser.as_str()).await,
            ),
            (
                "no browser",
                changed(&desk, &begun, &sent, |said| said.browser = "").await,
            ),
            (
                "another state",
                changed(&desk, &begun, &sent, |said| said.state = "made-up").await,
            ),
            (
                "no state",
                changed(&desk, &begun, &sent, |said| said.state = "").await,
            ),
        ] {
            assert_eq!(code, failed, "{what}");
        }
        assert_eq!(desk.issuer.asked().tokens, 0, "none of it reached the provider");
        assert_eq!(
            changed(&desk, &begun, &sent, |_| {}).await,
            "",
            "the right one comes in"
        );
        assert_eq!(changed(&desk, &begun, &sent, |_| {}).await, failed, "once");
        let again = desk.begin().await;
        let resent = desk.issuer.sign_in(&again.href);
        let replayed = changed(&desk, &again, &resent, |said| said.code = &sent.code).await;
        assert_eq!(replayed, failed, "a code that was used");
    })
    .await;
}

#[tokio::test]
async fn a_code_of_another_sign_in_is_worth_nothing() {
    on_both(async |store| {
        let desk = desk(store).await;
        desk.invited("lan").await;
        let (mine, stolen) = (desk.begin().await, desk.begin().await);
        let (own, other) = (desk.issuer.sign_in(&mine.href), desk.issuer.sign_in(&stolen.href));
        let injected = changed(&desk, &mine, &own, |said| said.code = &other.code).await;
        assert_eq!(
            injected, "oidc.sign_in_failed",
            "its verifier is in another browser"
        );
    })
    .await;
}

#[tokio::test]
async fn an_answer_at_the_address_of_another_provider_is_refused() {
    on_both(async |store| {
        let (one, two) = (desk(store).await, crate::desk::bare(store));
        one.invited("lan").await;
        let mut other = two.provider();
        "other".clone_into(&mut other.name);
        one.add(other).await;
        let begun = one.begin().await;
        let sent = one.issuer.sign_in(&begun.href);
        let mixed_up = changed(&one, &begun, &sent, |said| said.provider = "other").await;
        assert_eq!(mixed_up, "oidc.sign_in_failed");
        assert_eq!(two.issuer.asked().tokens, 0, "the code went to nobody else");
        assert_eq!(
            changed(&one, &begun, &sent, |_| {}).await,
            "oidc.sign_in_failed",
            "taken"
        );
        let nowhere = changed(&one, &begun, &sent, |said| said.provider = "nowhere").await;
        assert_eq!(nowhere, "oidc.sign_in_failed");
    })
    .await;
}

#[tokio::test]
async fn a_sign_in_that_took_too_long_has_ended() {
    on_both(async |store| {
        let desk = desk(store).await;
        desk.invited("lan").await;
        let begun = desk.begin().await;
        let sent = desk.issuer.sign_in(&begun.href);
        desk.pass(SignedDuration::from_secs(601));
        let finished = desk.finish(&begun, &sent).await;
        assert_eq!(finished.signed_in.unwrap_err().code, "oidc.sign_in_failed");
    })
    .await;
}

#[tokio::test]
async fn an_address_that_nobody_checked_or_that_is_anothers_invites_nobody() {
    on_both(async |store| {
        let desk = desk(store).await;
        desk.invited("lan").await;
        for (subject, claims) in [
            ("a", json!({ "email": EMAIL })),
            ("b", json!({ "email": EMAIL, "email_verified": false })),
            (
                "c",
                json!({ "email": "lan@li.example.evil", "email_verified": true }),
            ),
            ("d", json!({ "name": "兰" })),
        ] {
            desk.issuer.person(subject, claims);
            let refused = desk.sign_in().await.unwrap_err();
            assert_eq!(refused.code, "oidc.sign_in_failed", "{subject}");
        }
        desk.issuer.tells_at_userinfo_only();
        desk.issuer
            .person("e", json!({ "email": EMAIL, "email_verified": true }));
        desk.issuer.twist(Some(Twist::OtherAtUserinfo));
        assert!(desk.sign_in().await.is_err(), "userinfo speaks of somebody else");
        desk.issuer.twist(None);
        assert!(desk.sign_in().await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn tries_are_counted_and_lock_the_person_and_the_address() {
    on_both(async |store| {
        let desk = desk(store).await;
        for _ in 0..10 {
            assert!(desk.sign_in().await.is_err());
            desk.pass(SignedDuration::from_secs(33));
        }
        assert_eq!(desk.count("staff.locked_out").await, 1);
        let user = desk.invited("lan").await;
        assert!(desk.sign_in().await.is_err(), "invited, and locked all the same");
        desk.pass(SignedDuration::from_mins(16));
        assert_eq!(desk.sign_in().await.unwrap().user, user);
        desk.issuer.twist(Some(Twist::WrongNonce));
        for _ in 0..50 {
            assert!(desk.sign_in().await.is_err());
        }
        desk.issuer.twist(None);
        assert_eq!(desk.count("staff.locked_out").await, 2);
        let asked = desk.issuer.asked().tokens;
        assert!(desk.sign_in().await.is_err(), "the address is locked");
        assert_eq!(desk.issuer.asked().tokens, asked, "and the provider is not asked");
        let begun = desk.begin().await;
        let sent = desk.issuer.sign_in(&begun.href);
        let elsewhere = changed(&desk, &begun, &sent, |said| said.address = Some("198.51.100.7"));
        assert_eq!(elsewhere.await, "", "another address is not");
    })
    .await;
}

#[tokio::test]
async fn what_others_make_a_browser_send_is_not_counted() {
    on_both(async |store| {
        let desk = desk(store).await;
        desk.invited("lan").await;
        let begun = desk.begin().await;
        let sent = desk.issuer.sign_in(&begun.href);
        for _ in 0..60 {
            let forged = changed(&desk, &begun, &sent, |said| said.state = "made-up").await;
            assert_eq!(forged, "oidc.sign_in_failed");
        }
        assert_eq!(desk.count("staff.locked_out").await, 0);
        assert_eq!(
            changed(&desk, &begun, &sent, |_| {}).await,
            "",
            "{ADDRESS} still comes in"
        );
    })
    .await;
}

#[tokio::test]
async fn texts_of_any_length_and_kind_are_refused_and_not_looked_at() {
    on_both(async |store| {
        let desk = desk(store).await;
        desk.invited("lan").await;
        let long = "x".repeat(5_000);
        for odd in ["", "\u{0}", "' OR 1=1 --", "\r\nset-cookie: a=b", &long, "县"] {
            let (begun, other) = (desk.begin().await, desk.begin().await);
            let sent = desk.issuer.sign_in(&begun.href);
            let code = changed(&desk, &begun, &sent, |said| said.code = odd).await;
            assert!(!code.is_empty(), "{odd:?}");
            let sent = desk.issuer.sign_in(&other.href);
            let code = changed(&desk, &other, &sent, |said| {
                (said.state, said.provider) = (odd, if odd.is_empty() { PROVIDER } else { odd });
            });
            assert_eq!(code.await, "oidc.sign_in_failed", "{odd:?}");
        }
        let refused = desk
            .oidc
            .begin("../x", "https://pond.example/", "/")
            .await
            .unwrap_err();
        assert_eq!(refused.code, "oidc.no_such_provider");
    })
    .await;
}
