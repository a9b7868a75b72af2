//! Signing in by an organisation over the site's own addresses, what an attacker would try there, and what administrators
//! do about it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use axum::http::StatusCode;
use issuer::{CLIENT_ID, CLIENT_SECRET, Issuer, Twist};
use kernel::{Actor, Role};
use oidc::NewProvider;
use outbound::Reach;
use tempfile::TempDir;
use web::Site;
use web::testing::{Answer, Client, FROM_HERE, PASSWORD, oidc, site};

const BEGIN: &str = "/signin/organisations/li-county";

/// A site with a provider, and a client of it.
struct Desk {
    _folder: TempDir,
    site: Arc<Site>,
    client: Client,
    issuer: Issuer,
}

async fn desk() -> Desk {
    let folder = TempDir::new().unwrap();
    let issuer = Issuer::start();
    let mut site = site(folder.path()).await;
    site.oidc = oidc(&site.store, &site.staff, Reach::Anywhere);
    let provider = NewProvider {
        name: "li-county".to_owned(),
        title: "礼县<民政局>".to_owned(),
        issuer: issuer.url(),
        client_id: CLIENT_ID.to_owned(),
        client_secret: CLIENT_SECRET.to_owned(),
        claim: "email".to_owned(),
        scope: None,
    };
    let added = site.oidc.add(Actor::system(), provider).await.unwrap();
    assert!(added.is_now());
    let site = Arc::new(site);
    Desk {
        client: Client::of(Arc::clone(&site)),
        _folder: folder,
        site,
        issuer,
    }
}

/// A sign-in that began: where the page leads, and what the browser keeps.
struct Begun {
    href: String,
    cookie: String,
}

impl Desk {
    /// A user of the fund whom the provider's person may come in as.
    async fn invited(&self) -> Client {
        let user = self.client.signed_in(Role::Fund, None).await;
        let invited = self
            .site
            .oidc
            .invite(Actor::system(), user.user(), "li-county", "lan@li.example");
        assert!(invited.await.unwrap().is_now());
        user
    }

    async fn begin(&self, path: &str, back: &str) -> Begun {
        let page = self.client.nobody().post_form(path, &[("back", back)]).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text());
        assert_eq!(page.header("cache-control"), "no-store");
        let text = page.text();
        let (_, rest) = text
            .split_once("http-equiv=\"refresh\" content=\"0; url=")
            .unwrap();
        let href = rest.split('"').next().unwrap().replace("&#38;", "&");
        let kept = page.header("set-cookie");
        assert!(kept.contains("HttpOnly") && kept.contains("SameSite=Lax") && kept.contains("Path=/"));
        Begun {
            href,
            cookie: kept.split(';').next().unwrap().to_owned(),
        }
    }

    /// What the browser asks for when the provider sends it back.
    async fn come_back(&self, begun: &Begun, cookies: &str) -> Answer {
        let sent = self.issuer.sign_in(&begun.href);
        let path = sent.href.strip_prefix("http://localhost:80").unwrap();
        self.client.get_with(path, &[("cookie", cookies)]).await
    }

    async fn sign_in(&self, back: &str) -> Answer {
        let begun = self.begin(BEGIN, back).await;
        self.come_back(&begun, &begun.cookie).await
    }
}

/// The cookies an answer sets.
fn set(answer: &Answer) -> Vec<&str> {
    let all = answer.headers.get_all("set-cookie").iter();
    all.map(|value| value.to_str().unwrap()).collect()
}

fn token_in(answer: &Answer) -> Option<String> {
    let cookies = set(answer);
    let token = cookies
        .iter()
        .find_map(|cookie| cookie.strip_prefix("fishpond="))?;
    token
        .split(';')
        .next()
        .map(str::to_owned)
        .filter(|token| !token.is_empty())
}

#[tokio::test]
async fn who_was_invited_signs_in_and_lands_where_they_wanted_to_go() {
    let desk = desk().await;
    let user = desk.invited().await;
    let page = desk.client.get("/signin?back=/staff/periods").await.text();
    assert!(page.contains("action=\"/signin/organisations/li-county\""));
    assert!(page.contains("礼县&#60;民政局&#62;"), "{page}");
    let answer = desk.sign_in("/staff/periods").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    assert_eq!(answer.header("location"), "/staff/periods");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(
        set(&answer)
            .iter()
            .any(|cookie| cookie.starts_with("fishpond-oidc=;"))
    );
    let token = token_in(&answer).unwrap();
    let lan = desk.client.with_token(user.login(), &token).await;
    assert_eq!(lan.user(), user.user());
    let account = lan.get("/account").await.text();
    assert!(account.contains("单位账号"));
    let out = lan.post_form("/signout", &[]).await;
    assert!(out.header("set-cookie").contains("Max-Age=0"));
    assert!(!desk.client.staff.viewer(&token).await.unwrap().is_somebody());
}

#[tokio::test]
async fn whoever_was_not_invited_gets_the_same_page_as_whoever_forges() {
    let desk = desk().await;
    let stranger = desk.sign_in("").await;
    assert_eq!(stranger.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(token_in(&stranger).is_none());
    desk.issuer.twist(Some(Twist::WrongNonce));
    let forged = desk.sign_in("").await;
    assert_eq!((forged.status, forged.text()), (stranger.status, stranger.text()));
    let begun = desk.begin(BEGIN, "").await;
    let other = desk.begin(BEGIN, "").await;
    let elsewhere = desk.come_back(&begun, &other.cookie).await;
    assert_eq!(elsewhere.status, stranger.status);
    assert!(elsewhere.text().contains("没有登录"));
    assert!(token_in(&elsewhere).is_none());
}

#[tokio::test]
async fn a_refusal_is_said_in_the_language_of_the_page_one_came_from() {
    let desk = desk().await;
    let begun = desk
        .begin("/en/signin/organisations/li-county", "/en/figures")
        .await;
    let answer = desk.come_back(&begun, &begun.cookie).await;
    let page = answer.text();
    assert!(
        page.contains("lang=\"en\"") && page.contains("Not signed in"),
        "{page}"
    );
    assert!(page.contains("value=\"/en/figures\""), "and one may go on there");
    assert!(
        page.contains("href=\"/signin\""),
        "the other language of the same page"
    );
}

#[tokio::test]
async fn nobody_is_led_to_another_site() {
    let desk = desk().await;
    desk.invited().await;
    for evil in [
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
    ] {
        let answer = desk.sign_in(evil).await;
        assert_eq!(answer.header("location"), "/account", "{evil}");
    }
}

#[tokio::test]
async fn another_site_begins_no_sign_in_and_what_it_sends_is_not_looked_at() {
    let desk = desk().await;
    let foreign = [
        ("origin", "https://evil.example"),
        ("sec-fetch-site", "cross-site"),
    ];
    let begun = desk.client.post_raw(BEGIN, &foreign, "back=").await;
    assert_eq!(begun.status, StatusCode::FORBIDDEN);
    let read = desk.client.get(BEGIN).await;
    assert_eq!(
        read.status,
        StatusCode::METHOD_NOT_ALLOWED,
        "a link does not begin one"
    );
    let asked = desk.issuer.asked();
    for _ in 0..40 {
        let path = format!("{BEGIN}/callback?state=made-up&code=made-up");
        let answer = desk.client.get(&path).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "and never 429");
    }
    assert_eq!(desk.issuer.asked(), asked);
}

#[tokio::test]
async fn a_session_that_was_planted_before_signing_in_ends() {
    let desk = desk().await;
    let (user, attacker) = (desk.invited().await, desk.client.stranger().await);
    let begun = desk.begin(BEGIN, "").await;
    let cookies = format!("{}; fishpond={}", begun.cookie, attacker.token());
    let answer = desk.come_back(&begun, &cookies).await;
    let token = token_in(&answer).unwrap();
    assert_ne!(token, attacker.token());
    let viewer = desk.client.staff.viewer(attacker.token()).await.unwrap();
    assert!(!viewer.is_somebody(), "the planted session has ended");
    let viewer = desk.client.staff.viewer(&token).await.unwrap();
    assert_eq!(viewer.user, Some(user.user()));
}

#[tokio::test]
async fn what_a_browser_keeps_is_always_new_and_a_callback_is_good_once() {
    let desk = desk().await;
    desk.invited().await;
    let (one, two) = (desk.begin(BEGIN, "").await, desk.begin(BEGIN, "").await);
    assert_ne!(one.cookie, two.cookie);
    let sent = desk.issuer.sign_in(&one.href);
    let path = sent.href.strip_prefix("http://localhost:80").unwrap();
    let headers = [("cookie", one.cookie.as_str())];
    assert!(token_in(&desk.client.get_with(path, &headers).await).is_some());
    let again = desk.client.get_with(path, &headers).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(token_in(&again).is_none());
}

#[tokio::test]
async fn a_provider_that_is_away_is_said_so_and_other_ways_in_stay() {
    let desk = desk().await;
    let user = desk.invited().await;
    desk.issuer.twist(Some(Twist::Down));
    let answer = desk
        .client
        .nobody()
        .post_form(BEGIN, &[("back", "/en/account")])
        .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("单位的登录服务没有正常回答"));
    let fields = [("login", user.login()), ("password", PASSWORD)];
    let by_password = desk.client.nobody().post_form("/signin", &fields).await;
    assert_eq!(by_password.status, StatusCode::SEE_OTHER);
    let nowhere = desk
        .client
        .nobody()
        .post_form("/signin/organisations/nowhere", &[])
        .await;
    assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
#[expect(
    clippy::too_many_lines,
    reason = "one story, told in the order in which it happens"
)]
async fn an_administrator_invites_binds_and_unlinks_someone() {
    let desk = desk().await;
    let (admin, user) = (
        desk.client.signed_in(Role::Admin, None).await,
        desk.client.signed_in(Role::Fund, None).await,
    );
    let path = format!("/staff/users/{}", user.user());
    let page = admin.get(&path).await.text();
    assert!(page.contains("还没有被邀请") && page.contains("<option value=\"li-county\""));
    let invite = async |provider: &str, value: &str| {
        let fields = [("provider", provider), ("value", value)];
        admin.post_form(&format!("{path}/identities"), &fields).await
    };
    let bad = invite("li-county", "no address").await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(bad.text().contains("href=\"#value\"") && bad.text().contains("value=\"no address\""));
    assert_eq!(
        invite("nowhere", "lan@li.example").await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        invite("li-county", "Lan@li.example").await.status,
        StatusCode::SEE_OTHER
    );
    let page = admin.get(&path).await.text();
    assert!(page.contains("l***@li.example") && page.contains("取消邀请"));
    assert!(!page.contains("lan@li.example"), "the address is not shown");
    let not_yet = admin.post_form(&format!("{path}/organisation-only"), &[]).await;
    assert_eq!(not_yet.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(token_in(&desk.sign_in("").await).is_some());
    let bound = admin.post_form(&format!("{path}/organisation-only"), &[]).await;
    assert_eq!(bound.status, StatusCode::SEE_OTHER);
    let page = admin.get(&path).await.text();
    assert!(page.contains("允许其他登录方式") && !page.contains("/link\""));
    let fields = [("login", user.login()), ("password", PASSWORD)];
    let by_password = desk.client.nobody().post_form("/signin", &fields).await;
    assert_eq!(by_password.status, StatusCode::UNPROCESSABLE_ENTITY);
    let token = token_in(&desk.sign_in("").await).unwrap();
    let own = desk
        .client
        .with_token(user.login(), &token)
        .await
        .get("/account")
        .await
        .text();
    assert!(!own.contains("new_password") && !own.contains("data-passkey"));
    let identity = page
        .split("/identities/")
        .nth(1)
        .unwrap()
        .split('/')
        .next()
        .unwrap();
    let unlink = format!("{path}/identities/{identity}/removal");
    let last = admin.post_form(&unlink, &[]).await;
    assert_eq!(last.status, StatusCode::UNPROCESSABLE_ENTITY, "the last way in");
    admin
        .post_form(&format!("{path}/organisation-only/removal"), &[])
        .await;
    assert_eq!(admin.post_form(&unlink, &[]).await.status, StatusCode::SEE_OTHER);
    assert!(token_in(&desk.sign_in("").await).is_none());
    assert!(!desk.client.staff.viewer(&token).await.unwrap().is_somebody());
}

#[tokio::test]
async fn the_pages_of_organisations_show_what_an_administrator_needs_and_no_secret() {
    let desk = desk().await;
    let user = desk.invited().await;
    let admin = desk.client.signed_in(Role::Admin, None).await;
    let list = admin.get("/en/staff/organisations").await.text();
    assert!(list.contains("href=\"/en/staff/organisations/li-county\""));
    let page = admin.get("/en/staff/organisations/li-county").await.text();
    assert!(page.contains("http://localhost:80/signin/organisations/li-county/callback"));
    assert!(page.contains(&desk.issuer.url()) && page.contains("l***@li.example"));
    assert!(page.contains(&format!("/en/staff/users/{}", user.user())));
    for hidden in [CLIENT_SECRET, "lan@li.example"] {
        assert!(!page.contains(hidden) && !list.contains(hidden));
    }
    let missing = admin.get("/staff/organisations/nowhere").await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    let denied = user.get("/staff/organisations").await;
    assert_eq!(denied.status, StatusCode::FORBIDDEN);
    let form = [("provider", "li-county"), ("value", "he@li.example")];
    let own = format!("/staff/users/{}/identities", user.user());
    assert_eq!(user.post_form(&own, &form).await.status, StatusCode::FORBIDDEN);
    let without_secret = format!("/staff/users/{}/organisation-only", user.user());
    let forged = desk.client.with_token(admin.login(), admin.token()).await;
    let forged = forged.post_raw(&without_secret, &FROM_HERE, "").await;
    assert_eq!(
        forged.status,
        StatusCode::FORBIDDEN,
        "the secret of the session is missing"
    );
}
