//! Every public page, asked in process: status, headers, weight, both languages, links, hostile requests.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use axum::http::{Method, StatusCode};
use tempfile::TempDir;
use web::testing::{Answer, Client, FROM_HERE, site};

/// Every public address with the sample report, in Chinese.
const PATHS: [&str; 18] = [
    "/",
    "/figures",
    "/figures?pillar=health",
    "/figures?q=%E8%B4%AB%E5%9B%B0%E5%8E%BF",
    "/figures?q=nothing-fits",
    "/figures/sales.poverty_counties",
    "/figures/sales.poverty_counties?by=place",
    "/figures/sales.poverty_counties?by=month",
    "/figures/sales.poverty_counties?by=channel",
    "/figures/channel.counties",
    "/reports",
    "/reports/2018H1",
    "/reports/2018H1/check",
    "/places/532528",
    "/places/540127",
    "/places/110101",
    "/places/533521",
    "/styleguide",
];

/// Limits of a page with its styles and script at the first visit, and without them at the next, compressed.
const FIRST_BYTES_MAX: usize = 60 << 10;
const NEXT_BYTES_MAX: usize = 20 << 10;

async fn client() -> (TempDir, Client) {
    let folder = TempDir::new().unwrap();
    let client = Client::of(site(folder.path()).await);
    (folder, client)
}

fn in_english(path: &str) -> String {
    if path == "/" {
        "/en".to_owned()
    } else {
        format!("/en{path}")
    }
}

fn all_paths() -> Vec<String> {
    PATHS
        .iter()
        .flat_map(|path| [(*path).to_owned(), in_english(path)])
        .collect()
}

#[tokio::test]
async fn every_page_renders_in_both_languages_and_says_that_its_evidence_is_simulated() {
    let (_folder, client) = client().await;
    for path in all_paths() {
        let answer = client.get(&path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        let (text, english) = (answer.text(), path.starts_with("/en"));
        let (lang, notice) = if english {
            ("<html lang=\"en\"", "Simulated data")
        } else {
            ("<html lang=\"zh-CN\"", "模拟数据")
        };
        assert!(text.contains(lang) && text.contains(notice), "{path}");
        for raw in [
            "<style",
            " style=",
            "javascript:",
            " onclick",
            "{{",
            "{n}",
            "{min}",
            "{day}",
        ] {
            assert!(!text.contains(raw), "{path} holds {raw}");
        }
        assert_eq!(text.matches("<script").count(), 1, "{path}");
        for group in [
            "page", "home", "figures", "check", "guide", "unit", "reports", "line", "place", "state",
        ] {
            assert!(
                !text.contains(&format!(">{group}.")),
                "{path} shows a key of {group}"
            );
        }
        assert_eq!(text.matches("<h1").count(), 1, "{path}");
    }
}

#[tokio::test]
async fn every_answer_carries_the_headers_that_protect_its_reader() {
    let (_folder, client) = client().await;
    for path in [
        "/",
        "/no-such-page",
        "/healthz",
        "/favicon.svg",
        "/reports/2018H1/files/report.json",
    ] {
        let answer = client.get(path).await;
        let policy = answer.header("content-security-policy");
        assert!(
            policy.contains("default-src 'self'") && policy.contains("object-src 'none'"),
            "{path}"
        );
        assert!(!policy.contains("unsafe"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert!(!answer.header("x-request-id").is_empty(), "{path}");
    }
    let first = client.get("/").await.header("x-request-id").to_owned();
    assert_ne!(first, client.get("/").await.header("x-request-id"));
}

#[tokio::test]
async fn a_known_page_is_not_sent_again_and_head_sends_none() {
    let (_folder, client) = client().await;
    for path in ["/", "/en/figures", "/reports/2018H1/files/report.json"] {
        let answer = client.get_with(path, &[("accept-encoding", "br")]).await;
        let tag = answer.header("etag").to_owned();
        assert!(tag.starts_with('"'), "{path}: {tag}");
        let again = client
            .get_with(path, &[("accept-encoding", "br"), ("if-none-match", &tag)])
            .await;
        assert_eq!(
            (again.status, again.bytes.len()),
            (StatusCode::NOT_MODIFIED, 0),
            "{path}"
        );
        let head = client.ask(Method::HEAD, path, &[], "").await;
        assert_eq!((head.status, head.bytes.len()), (StatusCode::OK, 0), "{path}");
        assert_ne!(head.header("content-length"), "", "{path}");
    }
}

#[tokio::test]
async fn pages_weigh_little() {
    let (_folder, client) = client().await;
    let packed = [("accept-encoding", "gzip")];
    let text = client.get("/").await.text();
    let mut shared = 0;
    for asset in links(&text).iter().filter(|link| link.starts_with("/assets/")) {
        let answer = client.get_with(asset, &packed).await;
        assert!(answer.header("cache-control").contains("immutable"), "{asset}");
        shared += answer.bytes.len();
    }
    assert!(shared > 1_000, "{shared}");
    for path in all_paths() {
        let bytes = client.get_with(&path, &packed).await.bytes.len();
        println!("{bytes:>6} + {shared} {path}");
        assert!(bytes < NEXT_BYTES_MAX, "{path}: {bytes}");
        assert!(bytes + shared < FIRST_BYTES_MAX, "{path}: {bytes} + {shared}");
    }
}

/// Local addresses of `href`, `src` and `action`.
fn links(text: &str) -> BTreeSet<String> {
    ["href=\"", "src=\""]
        .iter()
        .flat_map(|start| text.split(start).skip(1))
        .filter_map(|rest| rest.split('"').next())
        .map(|link| link.replace("&#38;", "&").replace("&amp;", "&"))
        .filter_map(|link| link.split('#').next().map(str::to_owned))
        .filter(|link| link.starts_with('/'))
        .collect()
}

#[tokio::test]
async fn every_link_leads_to_a_page() {
    let (_folder, client) = client().await;
    let mut open = vec!["/".to_owned(), "/en".to_owned(), "/styleguide".to_owned()];
    let mut seen = BTreeSet::new();
    while let Some(path) = open.pop() {
        if !seen.insert(path.clone()) {
            continue;
        }
        let answer = client.get(&path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        if answer.header("content-type").starts_with("text/html") {
            open.extend(links(&answer.text()));
        }
    }
    assert!(seen.len() > 50, "{}", seen.len());
    assert!(seen.contains("/en/reports/2018H1/check") && seen.contains("/reports/2018H1/files/report.json"));
}

fn refused(answer: &Answer, status: StatusCode, what: &str) {
    assert_eq!(answer.status, status, "{what}");
    assert!(!answer.text().contains("<script>"), "{what}");
}

#[tokio::test]
async fn hostile_addresses_are_refused_and_nothing_typed_comes_back_as_markup() {
    let (_folder, client) = client().await;
    let long = format!("/figures/{}", "a".repeat(5_000));
    for path in [
        "/no-such-page",
        "/en/no-such-page",
        "/figures/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "/figures/<script>alert(1)</script>",
        "/reports/2018H1/files/..%2f..%2fmanifest.json",
        "/reports/2018H1/files/figures%2fsales.lines.zh.html",
        "/reports/2099H1",
        "/assets/fishpond.0000.css",
        "/places/abc",
        "/places/999999",
        "/figures/sales.poverty_counties/trace?place=540127",
        "/figures/sales.poverty_counties/trace/zz?place=1",
        "/figures/sales.poverty_counties/rows",
        "/figures/sales.poverty_counties/trace/zz/lines/1",
        "//evil.example/",
        long.as_str(),
    ] {
        let path = path.replace('<', "%3C").replace('>', "%3E");
        refused(&client.get(&path).await, StatusCode::NOT_FOUND, &path);
    }
    refused(
        &client.get("/figures/%ff").await,
        StatusCode::BAD_REQUEST,
        "not UTF-8",
    );
    let script = "/figures?q=%3Cscript%3Ealert(1)%3C/script%3E%22%27&pillar=%22%3E%3Cscript%3E&after=%00";
    let answer = client.get(script).await;
    refused(&answer, StatusCode::OK, "a script in a query");
    assert!(answer.text().contains("&#60;script&#62;alert(1)"));
    for query in ["by=nothing", "by=place&after=x%00", "&&&==", "by=%ff%fe"] {
        let path = format!("/figures/sales.poverty_counties?{query}");
        refused(&client.get(&path).await, StatusCode::OK, &path);
    }
    let posted = client.ask(Method::POST, "/figures", &FROM_HERE, "").await;
    refused(&posted, StatusCode::METHOD_NOT_ALLOWED, "POST to a page");
    let large = client
        .ask(Method::POST, "/preferences", &FROM_HERE, &"a".repeat(100_000))
        .await;
    refused(&large, StatusCode::PAYLOAD_TOO_LARGE, "a large form");
}

#[tokio::test]
async fn a_machine_gets_its_refusal_as_problem_json() {
    let (_folder, client) = client().await;
    let answer = client
        .get_with("/en/reports/2099H1", &[("accept", "application/json")])
        .await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    let text = answer.text();
    assert!(
        text.contains("\"code\":\"web.no_such_page\"") && text.contains("There is no such page."),
        "{text}"
    );
}

#[tokio::test]
async fn the_theme_is_kept_in_a_cookie_and_one_comes_back_to_the_same_place() {
    let (_folder, client) = client().await;
    let body = "theme=dark&back=%2Fen%2Ffigures%3Fpillar%3Dhealth";
    let answer = client
        .ask(Method::POST, "/en/preferences", &FROM_HERE, body)
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.header("location"), "/en/figures?pillar=health");
    assert!(answer.header("set-cookie").starts_with("theme=dark; Path=/"));
    let dark = client
        .get_with("/", &[("cookie", "a=b; theme=dark")])
        .await
        .text();
    assert!(dark.contains("data-theme=\"dark\""));
    assert!(client.get("/").await.text().contains("data-theme=\"auto\""));
    let evil = client
        .ask(
            Method::POST,
            "/preferences",
            &FROM_HERE,
            "theme=pink&back=https%3A%2F%2Fevil.example",
        )
        .await;
    assert_eq!(evil.header("location"), "/");
    assert!(evil.header("set-cookie").starts_with("theme=auto"));
}

#[tokio::test]
async fn the_language_switch_keeps_place_and_query() {
    let (_folder, client) = client().await;
    let chinese = client.get("/figures?pillar=health").await.text();
    assert!(chinese.contains("href=\"/en/figures?pillar=health\""));
    let english = client.get("/en/reports/2018H1").await.text();
    assert!(english.contains("href=\"/reports/2018H1\" lang=\"zh-CN\""));
}

#[tokio::test]
async fn a_search_finds_by_chinese_and_by_id_and_shows_what_is_not_yet_defined() {
    let (_folder, client) = client().await;
    let found = |text: &str| text.matches("<th scope=\"row\">").count();
    let all = client.get("/figures").await.text();
    assert_eq!(found(&all), 3);
    assert!(all.contains("尚无定义") && all.contains("cover.households"));
    let by_word = client.get("/figures?q=%E8%B4%AB%E5%9B%B0%E5%8E%BF").await.text();
    assert_eq!(found(&by_word), 1);
    let by_id = client.get("/figures?q=CHANNEL.").await.text();
    assert!(found(&by_id) == 1 && by_id.contains("channel.counties"));
    let none = client.get("/figures?q=zzz").await.text();
    assert!(none.contains("没有符合的指标"));
}

#[tokio::test]
async fn downloads_are_named_typed_and_whole_and_may_be_fetched_in_parts() {
    let (_folder, client) = client().await;
    for (name, kind) in [
        ("report.json", "application/json"),
        (
            "report.zh.xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        ("manifest.sig", "application/octet-stream"),
    ] {
        let path = format!("/reports/2018H1/files/{name}");
        let answer = client.get(&path).await;
        assert_eq!(answer.status, StatusCode::OK, "{name}");
        assert_eq!(answer.header("content-type"), kind, "{name}");
        assert_eq!(
            answer.header("content-disposition"),
            format!("attachment; filename=\"2018H1-{name}\"")
        );
        let tag = format!("\"{}\"", report::manifest::sha256_hex(&answer.bytes));
        assert_eq!(answer.header("etag"), tag, "{name}");
        let part = client.get_with(&path, &[("range", "bytes=0-9")]).await;
        assert_eq!(
            (part.status, part.bytes.len()),
            (StatusCode::PARTIAL_CONTENT, 10),
            "{name}"
        );
    }
}

#[tokio::test]
async fn before_anything_is_published_every_way_in_says_so() {
    let folder = TempDir::new().unwrap();
    let mut site = site(folder.path()).await;
    site.shown = web::Shelf::default();
    let client = Client::of(site);
    assert_eq!(client.get("/").await.status, StatusCode::OK);
    let figures = client.get("/figures").await;
    assert_eq!(
        (figures.status, figures.header("location")),
        (StatusCode::SEE_OTHER, "/reports")
    );
    assert!(client.get("/reports").await.text().contains("还没有发布报告"));
}
