//! Who is invited comes in, and is known by their subject from then on.

use issuer::Algorithm;
use jiff::SignedDuration;
use kernel::Actor;
use oidc::{IdentityState, STATEMENTS};
use people::staff::{AuditFilter, AuditRecord, Outcome};
use serde_json::json;
use store::args;
use testkit::on_both;

use crate::desk::{ADDRESS, EMAIL, PROVIDER, desk};

#[tokio::test]
async fn every_statement_is_understood_by_both_databases() {
    on_both(async |store| {
        for sql in STATEMENTS {
            store.prepare(sql).await.unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn who_was_invited_comes_in_and_is_linked() {
    on_both(async |store| {
        let desk = desk(store).await;
        let user = desk.invited("lan").await;
        let begun = desk.begin().await;
        let sent = desk.issuer.sign_in(&begun.href);
        let finished = desk.finish(&begun, &sent).await;
        assert_eq!(finished.back.as_deref(), Some("/en/account"));
        let signed_in = finished.signed_in.unwrap();
        assert_eq!(signed_in.user, user);
        let viewer = desk.staff.viewer(signed_in.token.as_str()).await.unwrap();
        assert_eq!((viewer.user, viewer.grants.len()), (Some(user), 1));
        let sessions = desk.staff.sessions_of(user).await.unwrap();
        assert_eq!(sessions[0].means, "oidc");
        let identities = desk.oidc.identities_of(user).await.unwrap();
        assert_eq!(identities[0].state, IdentityState::Linked);
        assert_eq!(identities[0].masked, "l***@li.example");
        desk.staff.flush().await;
        let mut reader = store.read().await.unwrap();
        let audit = AuditRecord::page(&mut reader, &AuditFilter::default(), None, 10).await;
        let audit = audit.unwrap();
        assert_eq!((audit[0].user, audit[0].outcome), (Some(user), Outcome::Allowed));
        assert_eq!(audit[0].subject, Some(identities[0].provider.to_string()));
    })
    .await;
}

#[tokio::test]
async fn once_linked_the_subject_counts_and_the_address_does_not() {
    on_both(async |store| {
        let desk = desk(store).await;
        let user = desk.invited("lan").await;
        desk.sign_in().await.unwrap();
        desk.issuer
            .person("subject-of-lan", json!({ "email": "new@li.example" }));
        assert_eq!(desk.sign_in().await.unwrap().user, user);
        let told = json!({ "email": EMAIL, "email_verified": true });
        desk.issuer.person("another-subject", told);
        let refused = desk.sign_in().await.unwrap_err();
        assert_eq!(
            refused.code, "oidc.sign_in_failed",
            "the address was given to another"
        );
        assert_eq!(desk.count("oidc.linked").await, 1);
    })
    .await;
}

#[tokio::test]
async fn every_kind_of_signature_and_both_ways_to_say_who_we_are_work() {
    on_both(async |store| {
        for algorithm in [
            Algorithm::Rs256,
            Algorithm::Ps256,
            Algorithm::Es256,
            Algorithm::EdDsa,
        ] {
            let desk = crate::desk::bare(store);
            desk.issuer.signs_with(algorithm);
            if algorithm == Algorithm::Es256 {
                desk.issuer.takes_secrets_in_forms();
            }
            let name = format!("{algorithm:?}").to_lowercase();
            let mut provider = desk.provider();
            provider.name.clone_from(&name);
            desk.add(provider).await;
            let user = desk.user(&name).await;
            let invited = desk.oidc.invite(Actor::system(), user, &name, EMAIL).await;
            assert!(invited.unwrap().is_now());
            let begun = desk.oidc.begin(&name, crate::desk::REDIRECT, "/").await.unwrap();
            let sent = desk.issuer.sign_in(&begun.href);
            let said = oidc::Callback {
                provider: &name,
                ..crate::desk::callback(&begun, &sent)
            };
            let signed_in = desk.oidc.finish(&said).await.signed_in;
            assert_eq!(signed_in.unwrap().user, user, "{algorithm:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_provider_that_tells_the_claim_at_userinfo_only_is_asked_there_the_first_time() {
    on_both(async |store| {
        let desk = desk(store).await;
        desk.issuer.tells_at_userinfo_only();
        let user = desk.invited("lan").await;
        assert_eq!(desk.sign_in().await.unwrap().user, user);
        assert_eq!(desk.issuer.asked().userinfo, 1);
        assert_eq!(desk.sign_in().await.unwrap().user, user);
        assert_eq!(
            desk.issuer.asked().userinfo,
            1,
            "who is known is known by the subject"
        );
    })
    .await;
}

#[tokio::test]
async fn a_number_of_the_staff_may_be_what_one_is_invited_by() {
    on_both(async |store| {
        let desk = crate::desk::bare(store);
        let mut provider = desk.provider();
        "employee_number".clone_into(&mut provider.claim);
        desk.add(provider).await;
        let user = desk.user("lan").await;
        let invited = desk.oidc.invite(Actor::system(), user, PROVIDER, "6212").await;
        assert!(invited.unwrap().is_now());
        desk.issuer
            .person("subject-of-lan", json!({ "employee_number": 6212 }));
        assert_eq!(desk.sign_in().await.unwrap().user, user);
    })
    .await;
}

#[tokio::test]
async fn keys_that_change_are_found_and_not_asked_for_without_end() {
    on_both(async |store| {
        let desk = desk(store).await;
        desk.issuer.signs_with(Algorithm::EdDsa);
        let user = desk.invited("lan").await;
        desk.sign_in().await.unwrap();
        let asked = desk.issuer.asked();
        desk.sign_in().await.unwrap();
        assert_eq!(desk.issuer.asked().keys, asked.keys, "kept");
        assert_eq!(desk.issuer.asked().metadata, asked.metadata, "kept");
        desk.issuer.changes_keys();
        let soon = desk.sign_in().await.unwrap_err();
        assert_eq!(
            soon.code, "oidc.sign_in_failed",
            "not more often than once a minute"
        );
        desk.pass(SignedDuration::from_secs(61));
        assert_eq!(desk.sign_in().await.unwrap().user, user);
        assert_eq!(desk.issuer.asked().keys, asked.keys + 1);
        desk.pass(SignedDuration::from_hours(2));
        desk.sign_in().await.unwrap();
        let later = desk.issuer.asked();
        assert_eq!(
            (later.keys, later.metadata),
            (asked.keys + 2, asked.metadata + 1),
            "both are fetched anew after an hour"
        );
    })
    .await;
}

#[tokio::test]
async fn nothing_that_is_kept_says_who_someone_is_at_their_organisation() {
    on_both(async |store| {
        let desk = desk(store).await;
        desk.invited("lan").await;
        desk.sign_in().await.unwrap();
        let begun = desk.begin().await;
        let mut reader = store.read().await.unwrap();
        let sql = "SELECT id || user_id || provider_id || claim_print || sealed_claim || COALESCE(subject_print, '') \
            AS kept FROM oidc_identities";
        let mut kept: Vec<String> = Vec::new();
        for row in reader.rows(sql, args![]).await.unwrap() {
            kept.push(row.text("kept").unwrap());
        }
        let sql = "SELECT state_sha256 || browser_sha256 || back AS kept FROM oidc_requests";
        for row in reader.rows(sql, args![]).await.unwrap() {
            kept.push(row.text("kept").unwrap());
        }
        let sql = "SELECT sealed_secret AS kept FROM oidc_providers";
        for row in reader.rows(sql, args![]).await.unwrap() {
            kept.push(row.text("kept").unwrap());
        }
        kept.extend(desk.facts().await.iter().map(|(_, body)| body.to_string()));
        let kept = kept.join("\n");
        let state = begun.href.split("state=").nth(1).unwrap().split('&').next().unwrap();
        for secret in [
            "lan@li.example",
            "subject-of-lan",
            issuer::CLIENT_SECRET,
            begun.browser.as_str(),
            state,
            ADDRESS,
        ] {
            assert!(!kept.contains(secret), "{secret}");
        }
    })
    .await;
}
