//! A desk over a test's store with one provider, and a user of Li County who may come in by it.

use std::sync::Arc;

use issuer::{CLIENT_ID, CLIENT_SECRET, Issuer, SentBack};
use kernel::{Actor, Clock as _, Refusal, Role, SeededSecrets};
use oidc::{Begun, Callback, Finished, NewProvider, Oidc};
use outbound::Reach;
use people::staff::{NewUser, SignedIn, Staff, UserId, add_user, grant};
use serde_json::Value;
use store::Keyring;
use testkit::TestStore;

pub const PROVIDER: &str = "li-county";
pub const REDIRECT: &str = "https://pond.example/signin/organisations/li-county/callback";
pub const ADDRESS: &str = "203.0.113.9";
/// The e-mail address of the provider's person.
pub const EMAIL: &str = "lan@li.example";

/// Everything a test needs.
pub struct Desk<'a> {
    pub store: &'a TestStore,
    pub staff: Staff,
    pub oidc: Oidc,
    pub issuer: Issuer,
}

/// A desk without a provider.
pub fn bare(store: &TestStore) -> Desk<'_> {
    let issuer = Issuer::start();
    // Several desks over one store draw different secrets: each has a provider at a port of its own.
    let seed = issuer
        .url()
        .bytes()
        .fold(0, |sum: u64, byte| sum * 31 % 1_000_003 + u64::from(byte));
    let secrets = Arc::new(SeededSecrets::new(seed));
    let staff = Staff::new(store.store(), store.shared_clock(), secrets);
    issuer.clock(store.clock().now().as_second());
    Desk {
        oidc: oidc(store, &staff, Reach::Anywhere, seed + 1),
        store,
        staff,
        issuer,
    }
}

pub fn oidc(store: &TestStore, staff: &Staff, reach: Reach, seed: u64) -> Oidc {
    Oidc::new(
        staff.clone(),
        store.store(),
        store.shared_clock(),
        Arc::new(SeededSecrets::new(seed)),
        Keyring::from_seed(&[5; 32]).unwrap(),
        reach,
    )
}

/// A desk with the provider added.
pub async fn desk(store: &TestStore) -> Desk<'_> {
    let desk = bare(store);
    desk.add(desk.provider()).await;
    desk
}

impl Desk<'_> {
    /// The provider, to add.
    pub fn provider(&self) -> NewProvider {
        NewProvider {
            name: PROVIDER.to_owned(),
            title: "礼县民政局".to_owned(),
            issuer: self.issuer.url(),
            client_id: CLIENT_ID.to_owned(),
            client_secret: CLIENT_SECRET.to_owned(),
            claim: "email".to_owned(),
            scope: None,
        }
    }

    /// Adds a provider, or changes one.
    pub async fn add(&self, provider: NewProvider) {
        let added = self.oidc.add(Actor::system(), provider).await;
        assert!(added.unwrap().is_now());
    }

    /// Lets a user come in by their organisation only, or not.
    pub async fn bind(&self, user: UserId, only: bool) {
        let bound = self.oidc.bind(Actor::system(), user, only).await;
        assert!(bound.unwrap().is_now());
    }

    /// A user of Li County.
    pub async fn user(&self, login: &str) -> UserId {
        let new = NewUser {
            login: login.parse().unwrap(),
            display_name: "兰姨".to_owned(),
        };
        let added = self.store.write(Actor::system(), move |ctx| {
            Box::pin(async move {
                let user = add_user(ctx, new).await?.into_inner();
                let place = Some("621226".parse()?);
                assert!(grant(ctx, user, Role::County, place).await?.is_now());
                Ok::<_, Refusal>(user)
            })
        });
        added.await.unwrap()
    }

    /// A user who may come in by the provider's person.
    pub async fn invited(&self, login: &str) -> UserId {
        let user = self.user(login).await;
        let invited = self.oidc.invite(Actor::system(), user, PROVIDER, EMAIL).await;
        assert!(invited.unwrap().is_now());
        user
    }

    pub async fn begin(&self) -> Begun {
        self.oidc.begin(PROVIDER, REDIRECT, "/en/account").await.unwrap()
    }

    pub async fn finish(&self, begun: &Begun, sent: &SentBack) -> Finished {
        self.oidc.finish(&callback(begun, sent)).await
    }

    /// The whole way.
    pub async fn sign_in(&self) -> Result<SignedIn, Refusal> {
        let begun = self.begin().await;
        let sent = self.issuer.sign_in(&begun.href);
        self.finish(&begun, &sent).await.signed_in
    }

    /// The clocks of both sides go on.
    pub fn pass(&self, time: jiff::SignedDuration) {
        self.store.clock().advance(time);
        self.issuer.clock(self.store.clock().now().as_second());
    }

    /// The kinds and bodies of the facts about sign-in, in the order of the journal.
    pub async fn facts(&self) -> Vec<(String, Value)> {
        let facts = self.store.facts_page(0, 10_000).await.unwrap();
        let own = facts
            .into_iter()
            .filter(|fact| fact.kind.starts_with("oidc.") || fact.kind.starts_with("staff."));
        own.map(|fact| (fact.kind.clone(), fact.body().unwrap()))
            .collect()
    }

    pub async fn count(&self, kind: &str) -> usize {
        let facts = self.facts().await;
        facts.iter().filter(|(found, _)| found == kind).count()
    }
}

/// What the provider sends back, in the browser that began.
pub fn callback<'a>(begun: &'a Begun, sent: &'a SentBack) -> Callback<'a> {
    Callback {
        provider: PROVIDER,
        state: &sent.state,
        code: &sent.code,
        issuer: &sent.issuer,
        browser: begun.browser.as_str(),
        redirect_uri: REDIRECT,
        address: Some(ADDRESS),
    }
}
