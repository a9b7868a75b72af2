//! Every form that a page shows, filled in by an enemy: what is typed comes back as text, no header and no right is made of it,
//! and a body that is too long is not read.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::{Body, Bytes};
use axum::http::{Method, StatusCode};
use kernel::Role;
use people::staff::{self, Action, Grant, UserId};
use tempfile::TempDir;
use web::testing::{Answer, Client, FROM_HERE, site};
use web::{Who, table};

const SCRIPT: &str = "\"'><script>alert(1)</script>";
const HEADER: &str = "x\r\nset-cookie: evil=1\r\nlocation: https://evil.example/";
const PATH: &str = "../../../../etc/passwd";
/// Fields that no form has, by which someone would act as another, elsewhere, or with more rights.
const STOLEN: [(&str, &str); 9] = [
    ("role", "admin"),
    ("roles", "admin"),
    ("grant", "admin"),
    ("scopes", "manage:users"),
    ("by", "01890000-0000-7000-8000-000000000000"),
    ("actor", "system"),
    ("approved_by", "01890000-0000-7000-8000-000000000000"),
    ("state", "approved"),
    ("back", "https://evil.example/"),
];

/// A form of a page: where it is sent, whether it takes files, and its fields with what stands in those that are hidden.
struct Form {
    action: String,
    has_files: bool,
    fields: Vec<(String, Option<String>)>,
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    Some(rest.split('"').next()?.replace("&#38;", "&"))
}

/// The forms of a page that change something.
fn forms(page: &str) -> Vec<Form> {
    let whole = page.split("<form").skip(1);
    let inside = whole.map(|rest| rest.split("</form>").next().unwrap());
    inside
        .filter(|form| attribute(form, "method").as_deref() == Some("post"))
        .map(|form| Form {
            action: attribute(form, "action").unwrap(),
            has_files: form.contains("multipart/form-data"),
            fields: form
                .split('<')
                .filter(|tag| {
                    ["input", "select", "textarea"]
                        .iter()
                        .any(|of| tag.starts_with(of))
                })
                .filter_map(|tag| {
                    let is_hidden = attribute(tag, "type").as_deref() == Some("hidden");
                    let kept = attribute(tag, "value").filter(|_| is_hidden);
                    attribute(tag, "name").map(|name| (name, kept))
                })
                .collect(),
        })
        .collect()
}

/// Sends a form with `typed` in each field that one can type into, and fields that it does not have.
async fn send(client: &Client, form: &Form, typed: &str) -> Answer {
    let known = form
        .fields
        .iter()
        .filter(|(name, _)| name != "csrf")
        .map(|(name, kept)| (name.as_str(), kept.as_deref().unwrap_or(typed)));
    let fields: Vec<(&str, &str)> = known.chain(STOLEN).collect();
    if !form.has_files {
        return client.post_form(&form.action, &fields).await;
    }
    let mut body = String::new();
    let one_line = typed.replace(['\r', '\n', '"'], " ");
    for (name, value) in [("csrf", client.csrf())].into_iter().chain(fields) {
        let file = if name == "file" {
            format!("; filename=\"{one_line}\"")
        } else {
            String::new()
        };
        let head = format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n");
        body.extend([head.as_str(), value, "\r\n"]);
    }
    body.push_str("--b--\r\n");
    multipart(client, &form.action, Body::from(body)).await
}

async fn multipart(client: &Client, path: &str, body: Body) -> Answer {
    let mut headers = vec![("content-type", "multipart/form-data; boundary=b")];
    headers.extend(FROM_HERE);
    client.send(Method::POST, path, &headers, body).await
}

/// The page, where the answer is one.
fn html(answer: &Answer) -> String {
    let is_page = answer.header("content-type").starts_with("text/html");
    if is_page { answer.text() } else { String::new() }
}

/// Nothing of what was typed is markup, a header or another site.
fn assert_harmless(answer: &Answer, what: &str) {
    let page = html(answer);
    assert!(!answer.status.is_server_error(), "{what}: {page}");
    assert!(!page.contains("<script>alert"), "{what}: {page}");
    let led = answer.header("location");
    assert!(
        led.is_empty() || (led.starts_with('/') && !led.starts_with("//")),
        "{what}: {led}"
    );
    assert!(!answer.header("set-cookie").contains("evil"), "{what}");
    assert!(!led.contains("evil"), "{what}: {led}");
}

/// Clients of every role, with the places they hold it at.
async fn everyone(client: &Client) -> Vec<(Role, Client)> {
    let mut all = Vec::new();
    for role in Role::ALL.into_iter().filter(|role| *role != Role::System) {
        let place = match role {
            Role::Admin | Role::Finance | Role::Fund => None,
            _ => Some("621226"),
        };
        all.push((role, client.signed_in(role, place).await));
    }
    all
}

/// The pages without a varying part that someone may see.
async fn pages(client: &Client) -> Vec<String> {
    let viewer = client.staff.viewer(client.token()).await.unwrap();
    let may = |who| match who {
        Who::Everyone | Who::SignedIn => true,
        Who::May(action) => viewer.may(action, None),
    };
    let open = table().into_iter().filter(|route| {
        route.method == Method::GET && !route.path.contains('{') && may(route.who) && route.path != "/signin"
    });
    open.map(|route| route.path.to_owned()).collect()
}

/// Everyone's grants.
async fn grants(client: &Client) -> Vec<(UserId, Vec<Grant>)> {
    let users = staff::users(&mut client.store.read().await.unwrap())
        .await
        .unwrap();
    users.into_iter().map(|user| (user.id, user.grants)).collect()
}

/// Whether a file of that name lies anywhere in a folder.
fn holds_file(folder: &Path, name: &str) -> bool {
    std::fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        path.file_name().is_some_and(|found| found == name) || (path.is_dir() && holds_file(&path, name))
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_enemy_types_into_any_form_is_text_and_gives_no_right() {
    let folder = TempDir::new().unwrap();
    let nobody = Client::of(site(folder.path()).await);
    let mut sent = 0;
    for (role, client) in everyone(&nobody).await {
        let before = grants(&nobody).await;
        for path in pages(&client).await {
            let page = client.get(&path).await;
            for form in forms(&html(&page)) {
                if form.action.contains("/signout") || form.action.contains("/sessions/end") {
                    continue;
                }
                for typed in [SCRIPT, HEADER, PATH] {
                    let what = format!("{role} {path}: {} {typed}", form.action);
                    let answer = send(&client, &form, typed).await;
                    assert_harmless(&answer, &what);
                    if answer.status == StatusCode::SEE_OTHER {
                        assert_harmless(&client.get(answer.header("location")).await, &what);
                    }
                    sent += 1;
                }
            }
        }
        assert_eq!(grants(&nobody).await, before, "{role}");
    }
    assert!(sent > 100, "{sent}");
    assert!(!holds_file(folder.path(), "passwd"));
}

/// A form with a file of 32 MiB, of which `read` tells how much was taken.
fn endless(csrf: &str, read: &Arc<AtomicUsize>) -> Body {
    let head = format!(
        "--b\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{csrf}\r\n--b\r\n\
         Content-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\n"
    );
    let read = Arc::clone(read);
    let piece = Bytes::from(vec![b'a'; 64 << 10]);
    let pieces = (0..512).map(move |_| {
        read.fetch_add(piece.len(), Ordering::Relaxed);
        piece.clone()
    });
    let all = std::iter::once(Bytes::from(head)).chain(pieces);
    Body::from_stream(futures::stream::iter(all.map(Ok::<_, std::io::Error>)))
}

#[tokio::test(flavor = "multi_thread")]
async fn no_form_takes_a_body_that_is_too_long() {
    let folder = TempDir::new().unwrap();
    let nobody = Client::of(site(folder.path()).await);
    let everyone = everyone(&nobody).await;
    let long = "a".repeat(100_000);
    for route in table().iter().filter(|route| route.method == Method::POST) {
        let Who::May(action) = route.who else { continue };
        // Order files may be larger than memory, and have a limit and a test of their own.
        if action == Action::ImportSales || route.path == "/account/sessions/end" {
            continue;
        }
        let path = route.path.split('/').map(|part| match part {
            "{id}" | "{grant}" => "01890000-0000-7000-8000-000000000000",
            part if part.starts_with('{') => "x",
            part => part,
        });
        let path = path.collect::<Vec<_>>().join("/");
        for (_, client) in &everyone {
            let viewer = client.staff.viewer(client.token()).await.unwrap();
            if !viewer.may(action, None) {
                continue;
            }
            let answer = client.post_form(&path, &[("x", &long)]).await;
            assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{path}");
            let read = Arc::new(AtomicUsize::new(0));
            let answer = multipart(client, &path, endless(client.csrf(), &read)).await;
            let read = read.load(Ordering::Relaxed);
            assert!(read < 21 << 20, "{path}: {read} bytes were taken");
            assert!(!answer.status.is_server_error(), "{path}: {}", answer.status);
            break;
        }
    }
}
