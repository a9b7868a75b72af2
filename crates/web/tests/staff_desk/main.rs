//! The pages of staff, asked in process: a file from its upload to its numbers, a period from its opening to a
//! correction, and who gets nowhere.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking, and says where"
)]

mod counties;
mod lists;

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{Method, StatusCode};
use kernel::Role;
use tempfile::TempDir;
use web::Site;
use web::testing::{Answer, Client, FROM_HERE, working_site};

const LAYOUT: &str = r#"
name = "plain"
channel = "plain"
grain = "order_line"
encoding = "gb18030"
title = { zh = "测试", en = "Test" }
[order]
column = ["order"]
[line]
column = ["line"]
[day]
column = ["day"]
[place]
column = ["county"]
[product]
column = ["product"]
title = ["title"]
[quantity]
column = ["quantity"]
[amount]
column = ["amount"]
[cancelled]
negative_quantity = true
"#;

const FILE_BYTES_MAX: u64 = 64 << 10;

struct Desk {
    folder: TempDir,
    site: Arc<Site>,
    nobody: Client,
}

async fn desk() -> Desk {
    let folder = TempDir::new().unwrap();
    let site = working_site(folder.path(), LAYOUT, FILE_BYTES_MAX).await;
    tokio::spawn(web::work(Arc::clone(&site), std::future::pending()));
    let nobody = Client::of(Arc::clone(&site));
    Desk { folder, site, nobody }
}

/// Rows of orders in GB 18030, with a title that is not ASCII.
fn rows(from: u32, to: u32) -> Vec<u8> {
    let mut file = b"order,line,day,county,product,title,quantity,amount\n".to_vec();
    for order in from..to {
        file.extend(format!("A{order:04},1,2018-03-05,621226,P1,").into_bytes());
        file.extend([0xC6, 0xBB, 0xB9, 0xFB]);
        file.extend(b",1,12.50\n");
    }
    file
}

/// A form with a file, as a browser sends it.
fn form(csrf: &str, layout: &str, name: &str, file: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    for (field, value) in [("csrf", csrf), ("layout", layout)] {
        body.extend(
            format!("--b\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n")
                .into_bytes(),
        );
    }
    body.extend(
        format!(
            "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: text/csv\r\n\r\n"
        )
        .into_bytes(),
    );
    body.extend(file);
    body.extend(b"\r\n--b--\r\n");
    body
}

async fn upload(client: &Client, name: &str, file: &[u8]) -> Answer {
    let body = form(client.csrf(), "plain", name, file);
    send_form(client, Body::from(body), &[]).await
}

async fn send_form(client: &Client, body: Body, more: &[(&str, &str)]) -> Answer {
    let mut headers = vec![("content-type", "multipart/form-data; boundary=b")];
    headers.extend(FROM_HERE);
    headers.extend(more);
    client.send(Method::POST, "/staff/intake", &headers, body).await
}

/// Asks a page until it says something.
async fn until(client: &Client, path: &str, words: &str) -> String {
    for _ in 0..600 {
        let text = client.get(path).await.text();
        if text.contains(words) {
            return text;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{path} never said {words}: {}", client.get(path).await.text());
}

fn uploads_left(desk: &Desk) -> usize {
    std::fs::read_dir(desk.folder.path().join("lake/uploads"))
        .unwrap()
        .count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_looked_at_imported_counted_once_and_its_rejected_rows_are_given_back() {
    let desk = desk().await;
    let fund = desk.nobody.signed_in(Role::Fund, None).await;
    let mut file = rows(0, 20);
    file.extend(b"A9001,1,2018-02-30,621226,P1,x,1,1.00\n");
    let sent = upload(&fund, "..\\..\\etc/orders <b>.csv", &file).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
    let path = sent.header("location").to_owned();
    let look = fund.get(&path).await.text();
    assert!(
        look.contains("orders &#60;b&#62;.csv") && !look.contains("etc/orders"),
        "{look}"
    );
    assert!(
        look.contains("2018-02-30") && look.contains("A0000") && look.contains(">22<"),
        "{look}"
    );

    let started = fund.post_form(&format!("{path}/import"), &[]).await;
    assert_eq!(started.status, StatusCode::SEE_OTHER, "{}", started.text());
    let result = until(&fund, &path, "导入结果").await;
    assert!(
        result.contains("<dd>20</dd>") && result.contains("250.00"),
        "{result}"
    );
    let rejects = fund.get(&format!("{path}/rejects")).await;
    assert!(rejects.header("content-disposition").contains("rejects.csv"));
    assert!(rejects.text().contains("2018-02-30"));
    assert!(
        !fund
            .get(&format!("{path}/progress"))
            .await
            .text()
            .contains("true")
    );

    let again = upload(&fund, "again.csv", &file).await;
    assert_eq!(again.header("location"), path);
    let county = desk.nobody.signed_in(Role::County, Some("621226")).await;
    assert_eq!(county.get(&path).await.status, StatusCode::NOT_FOUND);
    let listed = fund.get("/staff/jobs").await.text();
    assert!(
        listed.contains("导入订单文件") && listed.contains("完成"),
        "{listed}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_half_sent_or_too_large_leaves_nothing() {
    let desk = desk().await;
    let fund = desk.nobody.signed_in(Role::Fund, None).await;
    let whole = form(fund.csrf(), "plain", "half.csv", &rows(0, 50));
    let half = Bytes::copy_from_slice(&whole[..whole.len() - 100]);
    let broken = futures::stream::iter([Ok(half), Err(std::io::Error::other("gone"))]);
    let answer = send_form(&fund, Body::from_stream(broken), &[]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(uploads_left(&desk), 0);

    let large = rows(0, 3_000);
    assert!(large.len() as u64 > FILE_BYTES_MAX);
    let answer = upload(&fund, "large.csv", &large).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    let said = ("content-length", "6000000000");
    let answer = send_form(
        &fund,
        Body::from(form(fund.csrf(), "plain", "x.csv", b"")),
        &[said],
    )
    .await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    let empty = upload(&fund, "empty.csv", b"").await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(uploads_left(&desk), 0);

    let token = [("x-csrf-token", fund.csrf()), FROM_HERE[0], FROM_HERE[1]];
    let raw = "/staff/intake/files/raw.csv?layout=plain";
    let put = fund.send(Method::POST, raw, &token, Body::from(rows(0, 2))).await;
    assert_eq!(put.status, StatusCode::CREATED, "{}", put.text());
    assert_eq!(uploads_left(&desk), 1);
}

/// Lets someone make a draft of 2018H1 and two others approve it; one of them publishes.
async fn publish(by: &Client, reviewers: [&Client; 2]) {
    let page = "/staff/periods/2018H1";
    let asked = by.post_form(&format!("{page}/drafts"), &[]).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.text());
    let text = until(by, page, "由您提交").await;
    let draft = text.split("/drafts/").nth(1).unwrap()[..36].to_owned();
    let look = reviewers[0].get(&format!("{page}/drafts/{draft}")).await;
    assert!(look.text().contains("report.json"), "{}", look.text());
    let file = reviewers[0]
        .get(&format!("{page}/drafts/{draft}/files/report.json"))
        .await;
    assert_eq!(file.header("cache-control"), "no-store");
    let approved = [("draft", draft.as_str()), ("verdict", "approved")];
    let own = by.post_form(&format!("{page}/reviews"), &approved).await;
    assert_eq!(own.status, StatusCode::UNPROCESSABLE_ENTITY);
    for reviewer in reviewers {
        let early = reviewer
            .post_form(&format!("{page}/publication"), &[("draft", &draft)])
            .await;
        assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
        let said = reviewer.post_form(&format!("{page}/reviews"), &approved).await;
        assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.text());
    }
    let published = reviewers[1]
        .post_form(&format!("{page}/publication"), &[("draft", &draft)])
        .await;
    assert_eq!(published.status, StatusCode::SEE_OTHER, "{}", published.text());
}

async fn import(client: &Client, name: &str, file: &[u8]) {
    let sent = upload(client, name, file).await;
    let path = sent.header("location").to_owned();
    client.post_form(&format!("{path}/import"), &[]).await;
    until(client, &path, "导入结果").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_period_goes_from_its_opening_to_a_correction_and_readers_see_each_version_at_once() {
    let desk = desk().await;
    let mut staff = Vec::new();
    for _ in 0..3 {
        staff.push(desk.nobody.signed_in(Role::Fund, None).await);
    }
    let [one, two, three] = &staff[..] else {
        panic!("three")
    };
    import(one, "a.csv", &rows(0, 40)).await;
    let opened = one.post_form("/staff/periods", &[("period", "2018H1")]).await;
    assert_eq!(opened.status, StatusCode::SEE_OTHER);
    let typo = one.post_form("/staff/periods", &[("period", "soon")]).await;
    assert_eq!(typo.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        desk.nobody.get("/reports/2018H1").await.status,
        StatusCode::NOT_FOUND
    );
    publish(one, [two, three]).await;
    let first = desk.nobody.get("/reports/2018H1").await.text();
    assert!(first.contains("第 1 版"), "{first}");
    let chain = desk.site.latest().unwrap().report.evidence.segments.len();

    import(one, "b.csv", &rows(40, 90)).await;
    let now = one.get("/staff/figures").await.text();
    assert!(now.contains("<strong>+"), "{now}");
    let figure = &desk.site.latest().unwrap().report.figures[0].id.clone();
    let trace = format!("/figures/{figure}/trace?place=621226");
    let traced = desk.nobody.get(&trace).await.text();
    assert!(!traced.contains("b.csv"), "{traced}");
    assert_eq!(desk.site.latest().unwrap().report.evidence.segments.len(), chain);

    let why = [("reason", "补充五月的订单")];
    let bare = two
        .post_form("/staff/periods/2018H1/corrections", &[("reason", " ")])
        .await;
    assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY);
    let corrected = two.post_form("/staff/periods/2018H1/corrections", &why).await;
    assert_eq!(corrected.status, StatusCode::SEE_OTHER);
    publish(two, [one, three]).await;
    let second = desk.nobody.get("/reports/2018H1").await.text();
    assert!(
        second.contains("第 2 版") && second.contains("补充五月的订单"),
        "{second}"
    );
    let old = desk.nobody.get("/reports/2018H1/versions/1").await.text();
    assert!(
        old.contains("这一版已被更正") && !old.contains("2018H1/files/"),
        "{old}"
    );
    let file = desk
        .nobody
        .get("/reports/2018H1/versions/1/files/report.json")
        .await;
    assert_eq!(file.status, StatusCode::OK);
    assert_eq!(
        desk.nobody.get("/reports/2018H1/versions/3").await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_checks_run_as_a_job_and_the_programme_is_checked_by_file_and_line() {
    let desk = desk().await;
    let admin = desk.nobody.signed_in(Role::Admin, None).await;
    assert!(admin.get("/staff/checks").await.text().contains("还没有核查过"));
    let asked = admin.post_form("/staff/checks", &[]).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.text());
    let text = until(&admin, "/staff/checks", "都完好").await;
    assert!(text.contains("完成"), "{text}");
    assert!(
        admin
            .get("/staff/programme")
            .await
            .text()
            .contains("方案没有问题")
    );
    let broken = desk.folder.path().join("programme/channels/plain.toml");
    std::fs::write(broken, LAYOUT.replace("grain", "grian")).unwrap();
    let findings = admin.get("/en/staff/programme").await.text();
    assert!(findings.contains("channels/plain.toml:"), "{findings}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_gets_nowhere() {
    let desk = desk().await;
    let stranger = desk.nobody.stranger().await;
    for path in [
        "/staff/intake",
        "/staff/periods",
        "/staff/periods/2018H1",
        "/staff/figures",
        "/staff/jobs",
        "/staff/checks",
        "/staff/programme",
    ] {
        assert_eq!(stranger.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
        assert_eq!(
            desk.nobody.get(path).await.status,
            StatusCode::SEE_OTHER,
            "{path}"
        );
    }
    assert_eq!(
        upload(&stranger, "x.csv", &rows(0, 1)).await.status,
        StatusCode::FORBIDDEN
    );
    for path in [
        "/staff/periods",
        "/staff/checks",
        "/staff/periods/2018H1/publication",
    ] {
        assert_eq!(
            stranger.post_form(path, &[]).await.status,
            StatusCode::FORBIDDEN,
            "{path}"
        );
    }
    assert_eq!(uploads_left(&desk), 0);
}
