//! Signing in and out, invitations and the account, and what an attacker would try there.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use axum::http::{Method, StatusCode};
use kernel::{Actor, Role};
use tempfile::TempDir;
use web::testing::{Answer, Client, FROM_HERE, PASSWORD, site};

async fn client() -> (TempDir, Client) {
    let folder = TempDir::new().unwrap();
    let client = Client::of(site(folder.path()).await);
    (folder, client)
}

async fn sign_in(client: &Client, login: &str, password: &str, back: &str) -> Answer {
    let fields = [("login", login), ("password", password), ("back", back)];
    client.nobody().post_form("/signin", &fields).await
}

fn token_in(answer: &Answer) -> String {
    let cookie = answer.header("set-cookie");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Path=/"));
    let value = cookie.strip_prefix("fishpond=").unwrap();
    value.split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn who_signs_in_is_known_until_they_sign_out() {
    let (_folder, client) = client().await;
    let login = client.signed_in(Role::Fund, None).await.login().to_owned();
    let answer = sign_in(&client, &login, PASSWORD, "/figures?pillar=health").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.header("location"), "/figures?pillar=health");
    assert_eq!(answer.header("cache-control"), "no-store");
    let user = client.with_token(&login, &token_in(&answer)).await;
    let home = user.get("/").await;
    assert!(home.text().contains("User 0") && home.header("cache-control") == "no-store");
    assert!(
        !client.get("/").await.text().contains("User 0"),
        "kept for nobody"
    );
    let out = user.post_form("/signout", &[]).await;
    assert!(out.header("set-cookie").contains("Max-Age=0"));
    assert_eq!(user.get("/account").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_session_that_was_there_before_signing_in_is_not_kept() {
    let (_folder, client) = client().await;
    let (victim, attacker) = (client.stranger().await, client.stranger().await);
    let form = format!("login={}&password={}", victim.login(), PASSWORD.replace(' ', "+"));
    let answer = attacker.post_raw("/signin", &FROM_HERE, &form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let token = token_in(&answer);
    assert_ne!(token, attacker.token());
    let viewer = client.staff.viewer(attacker.token()).await.unwrap();
    assert!(!viewer.is_somebody(), "the planted session has ended");
    let made_up = "f".repeat(43);
    let planted = format!("fishpond={made_up}");
    let headers = [FROM_HERE[0], ("cookie", planted.as_str())];
    let answer = client.post_raw("/signin", &headers, &form).await;
    assert_ne!(token_in(&answer), made_up);
}

#[tokio::test]
async fn unknown_wrong_and_locked_logins_get_the_same_answer() {
    let (_folder, client) = client().await;
    let login = client.stranger().await.login().to_owned();
    let page = |answer: Answer, login: &str| (answer.status, answer.text().replace(login, "LOGIN"));
    let unknown = page(
        sign_in(&client, "nobody-here", "a wrong password", "").await,
        "nobody-here",
    );
    let wrong = page(sign_in(&client, &login, "a wrong password", "").await, &login);
    assert_eq!(unknown, wrong);
    assert_eq!(wrong.0, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        !wrong.1.contains("a wrong password"),
        "a password is never sent back"
    );
    for _ in 0..11 {
        sign_in(&client, &login, "a wrong password", "").await;
    }
    let locked = page(sign_in(&client, &login, PASSWORD, "").await, &login);
    assert_eq!(locked, wrong, "locked, and told so to nobody");
}

#[tokio::test]
async fn nobody_is_led_to_another_site() {
    let (_folder, client) = client().await;
    let login = client.stranger().await.login().to_owned();
    for back in [
        "//evil.example",
        "https://evil.example",
        "https:evil.example",
        "/\\evil.example",
        "/%0d%0aset-cookie: a=b\r\nx: y",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/signin?back=/signin",
    ] {
        let answer = sign_in(&client, &login, PASSWORD, back).await;
        assert_eq!(answer.header("location"), "/account", "{back:?}");
        assert_eq!(answer.headers.get_all("set-cookie").iter().count(), 1);
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("back", back)
            .finish();
        let page = client.get(&format!("/signin?{query}")).await.text();
        assert!(
            page.contains("name=\"back\" value=\"\"") || back.starts_with("/signin"),
            "{back:?}"
        );
    }
}

#[tokio::test]
async fn a_link_works_once_and_keeps_nothing_of_a_weak_password() {
    let (_folder, client) = client().await;
    let user = client.stranger().await.user();
    let link = client
        .staff
        .make_link(Actor::system(), user)
        .await
        .unwrap()
        .path();
    assert!(client.get(&link).await.text().contains("User 0"));
    let weak = client.post_form(&link, &[("new_password", "1234567890")]).await;
    assert_eq!(weak.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = weak.text();
    assert!(text.contains("href=\"#new_password\"") && !text.contains("1234567890"));
    let good = client.post_form(&link, &[("new_password", PASSWORD)]).await;
    assert_eq!(good.header("location"), "/account");
    for answer in [
        client.get(&link).await,
        client.post_form(&link, &[("new_password", PASSWORD)]).await,
        client.get("/invitations/made-up").await,
    ] {
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn one_changes_the_own_account_and_nobody_elses() {
    let (_folder, client) = client().await;
    let (one, other) = (
        client.signed_in(Role::Fund, None).await,
        client.signed_in(Role::Fund, None).await,
    );
    let others = client.staff.sessions_of(other.user()).await.unwrap();
    let path = format!("/account/sessions/{}/end", others[0].id);
    assert_eq!(one.post_form(&path, &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(client.staff.sessions_of(other.user()).await.unwrap().len(), 1);

    let name = "<script>alert(1)</script>";
    let fields = [
        ("display_name", name),
        ("role", "admin"),
        ("user", "x"),
        ("grants", "admin"),
    ];
    one.post_form("/account/name", &fields).await;
    let page = one.get("/account").await.text();
    assert!(!page.contains(name) && page.contains("&#60;script&#62;"));
    assert_eq!(one.get("/staff/users").await.status, StatusCode::FORBIDDEN);
    let bad = one
        .post_form("/account/name", &[("display_name", "a\r\nx: y")])
        .await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(bad.text().contains("href=\"#display_name\""));

    let wrong = [
        ("old_password", "not this one"),
        ("new_password", "another good one"),
    ];
    let wrong = one.post_form("/account/password", &wrong).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let right = [("old_password", PASSWORD), ("new_password", "another good one")];
    let right = one.post_form("/account/password", &right).await;
    assert_eq!(right.status, StatusCode::SEE_OTHER);
    assert!(!client.staff.viewer(one.token()).await.unwrap().is_somebody());
    let again = client.with_token(one.login(), &token_in(&right)).await;
    assert_eq!(again.get("/account").await.status, StatusCode::OK);
    again.post_form("/account/sessions/end", &[]).await;
    assert_eq!(again.get("/account").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_key_is_shown_once_and_acts_for_its_owner_until_it_is_revoked() {
    let (_folder, client) = client().await;
    let user = client.signed_in(Role::Admin, None).await;
    let no_scope = user
        .post_form("/account/keys", &[("key_name", "robot"), ("key_days", "9")])
        .await;
    assert_eq!(no_scope.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(no_scope.text().contains("value=\"robot\""));
    let fields = [
        ("key_name", "robot"),
        ("key_days", "9"),
        ("scopes", "read:intake"),
    ];
    let page = user.post_form("/account/keys", &fields).await.text();
    let (_, rest) = page.split_once("<code>fp_").unwrap();
    let secret = format!("fp_{}", rest.split('<').next().unwrap());
    assert!(!user.get("/account").await.text().contains(&secret));
    let bearer = format!("Bearer {secret}");
    let headers = [("authorization", bearer.as_str())];
    let account = client.get_with("/account", &headers).await;
    assert_eq!(account.status, StatusCode::FORBIDDEN, "the account is no key's");
    let key = client.staff.api_keys_of(user.user()).await.unwrap()[0].id;
    user.post_form(&format!("/account/keys/{key}/revocation"), &[])
        .await;
    let account = client.get_with("/account", &headers).await;
    assert_eq!(account.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn an_administrator_is_offered_no_role_of_their_own_to_change_and_refused_one() {
    let (_folder, client) = client().await;
    let admin = client.signed_in(Role::Admin, None).await;
    let path = format!("/en/staff/users/{}", admin.user());
    let page = admin.get(&path).await.text();
    assert!(page.contains("Only another administrator can change your roles"));
    assert!(!page.contains("/revocation") && !page.contains("name=\"role\""));
    let taken = admin
        .post_form(&format!("{path}/grants"), &[("role", "fund"), ("place", "")])
        .await;
    assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        admin.get("/en/staff/users").await.status == StatusCode::OK,
        "the session goes on"
    );
}

#[tokio::test]
async fn an_administrator_adds_a_user_gives_and_takes_roles_and_shuts_out() {
    let (_folder, client) = client().await;
    let admin = client.signed_in(Role::Admin, None).await;
    let bad = admin
        .post_form("/staff/users", &[("login", "兰"), ("display_name", "兰")])
        .await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(bad.text().contains("href=\"#login\"") && bad.text().contains("value=\"兰\""));
    let fields = [("login", "lan.li"), ("display_name", "李兰"), ("role", "admin")];
    let path = admin
        .post_form("/staff/users", &fields)
        .await
        .header("location")
        .to_owned();
    assert!(admin.get(&path).await.text().contains("还没有角色"));
    let grants = format!("{path}/grants");
    let nowhere = admin
        .post_form(&grants, &[("role", "county"), ("place", "不存在县")])
        .await;
    assert_eq!(nowhere.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = nowhere.text();
    assert!(text.contains("href=\"#place\"") && text.contains("value=\"county\" selected"));
    let given = admin
        .post_form(&grants, &[("role", "county"), ("place", "甘肃礼县")])
        .await;
    assert_eq!(given.status, StatusCode::SEE_OTHER);
    let page = admin.get(&path).await.text();
    assert!(page.contains("621226"));
    let link = admin.post_form(&format!("{path}/link"), &[]).await.text();
    let (_, rest) = link.split_once("<code>http://localhost:80/invitations/").unwrap();
    let link = format!("/invitations/{}", rest.split('<').next().unwrap());
    assert_eq!(client.get(&link).await.status, StatusCode::OK);
    let (_, rest) = page.split_once("/grants/").unwrap();
    let grant = rest.split('/').next().unwrap();
    admin
        .post_form(&format!("{grants}/{grant}/revocation"), &[])
        .await;
    assert!(!admin.get(&path).await.text().contains("/revocation"));
    admin.post_form(&format!("{path}/disablement"), &[]).await;
    assert_eq!(
        client
            .post_form(&link, &[("new_password", PASSWORD)])
            .await
            .status,
        StatusCode::NOT_FOUND
    );
    assert!(admin.get("/staff/users?q=lan").await.text().contains("已停用"));
    admin.post_form(&format!("{path}/enablement"), &[]).await;
    assert!(!admin.get("/staff/users?q=lan").await.text().contains("已停用"));
    let own = format!("/staff/users/{}/disablement", admin.user());
    assert_eq!(
        admin.post_form(&own, &[]).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
}

#[tokio::test]
async fn a_body_that_is_too_long_is_refused_to_everyone() {
    let (_folder, client) = client().await;
    let long = format!("login={}", "a".repeat(100_000));
    let answer = client.post_raw("/signin", &FROM_HERE, &long).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    let user = client.stranger().await;
    let answer = user.post_form("/account/name", &[("display_name", &long)]).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn a_passkey_is_asked_for_and_a_made_up_one_refused_in_json() {
    let (_folder, client) = client().await;
    let json = [
        ("accept", "application/json"),
        ("content-type", "application/json"),
        FROM_HERE[0],
    ];
    let options = client
        .ask(Method::POST, "/signin/passkey/options", &json, "{}")
        .await;
    assert!(options.text().contains("\"rpId\":\"localhost\""));
    let answer = client
        .ask(Method::POST, "/signin/passkey", &json, "{\"answer\":{}}")
        .await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(answer.text().contains("staff.passkey_refused") && answer.header("set-cookie").is_empty());
    let user = client.stranger().await;
    let csrf = ("x-csrf-token", user.csrf());
    let headers = [json[0], json[1], json[2], csrf];
    let options = user
        .ask(Method::POST, "/account/passkeys/options", &headers, "{}")
        .await;
    assert!(options.text().contains("\"challenge\""));
    let without = user
        .ask(Method::POST, "/account/passkeys/options", &json, "{}")
        .await;
    assert_eq!(without.status, StatusCode::FORBIDDEN);
}
