//! The fund on its pages: a budget that another person approves, a project, its milestone committed, met and released by
//! another; and what a county sees of it.

use axum::http::StatusCode;
use kernel::{Actor, Money, Role};
use web::testing::Client;

use crate::payments::send_file;
use crate::{led, pond, write};

/// A thousand yuan at the bank of the fund, and a pillar with its owner.
pub(crate) async fn funded(nobody: &Client) {
    write(&nobody.store, Actor::system(), |ctx| {
        Box::pin(async move {
            let bank = books::NewAccount {
                code: "assets:fund:bank".parse()?,
                owner: "fund:1".parse()?,
                name_zh: "基金银行存款".to_owned(),
                name_en: "Fund at the bank".to_owned(),
                floor: true,
            };
            let _now = books::open_account(ctx, bank).await?;
            let amount = Money::from_fen(100_000);
            let new = books::NewEntry {
                key: "in".to_owned(),
                effective_on: jiff::civil::date(2018, 1, 2),
                memo: String::new(),
                evidence: vec![],
                legs: vec![
                    books::Leg::debit("assets:fund:bank".parse()?, amount),
                    books::Leg::credit("equity:pledge".parse()?, amount)?,
                ],
            };
            books::post(ctx, new).await.map(drop)
        })
    })
    .await;
    let own = serde_json::json!({ "own": {
        "pillar": "health", "since": "2018-01-01", "unit": { "zh": "健康事业部", "en": "Health" },
    } });
    let fund = fund::Fund::new(nobody.store.clone());
    let taken = fund
        .take(Actor::system(), serde_json::from_value(own).unwrap())
        .await;
    assert!(taken.unwrap().is_now());
}

fn budget<'a>(key: &'a str, yuan: &'a str) -> [(&'a str, &'a str); 5] {
    [
        ("year", "2018"),
        ("key", key),
        ("reason", "第一版 <b>"),
        ("pillar", "health"),
        ("amount", yuan),
    ]
}

fn project(place: &str) -> Vec<(&str, &str)> {
    let mut fields = vec![
        ("key", "clinics"),
        ("pillar", "health"),
        ("title_zh", "村卫生室 <i>"),
        ("title_en", "Clinics"),
        ("place", place),
        ("starts_on", "2018-01-01"),
        ("ends_on", "2018-12-31"),
    ];
    for (zh, en, due, yuan) in [
        ("开工", "Begun", "2018-04-30", "400"),
        ("", "", "", ""),
        ("建成", "Built", "2018-10-31", "300"),
    ] {
        fields.extend([
            ("milestone_zh", zh),
            ("milestone_en", en),
            ("due_on", due),
            ("amount", yuan),
        ]);
    }
    fields
}

#[expect(clippy::too_many_lines, reason = "one way, told in its order")]
#[tokio::test(flavor = "multi_thread")]
async fn a_milestone_goes_from_a_budget_of_two_persons_to_money_that_another_released() {
    let (_folder, nobody) = pond().await;
    funded(&nobody).await;
    let (lan, he) = (
        nobody.signed_in(Role::Fund, None).await,
        nobody.signed_in(Role::Fund, None).await,
    );
    let wrong = lan.post_form("/staff/fund/budget", &budget("b-1", "1o0")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text().contains("value=\"1o0\"") && wrong.text().contains("第一版 &#60;b&#62;"));
    led(&lan.post_form("/staff/fund/budget", &budget("b-1", "500")).await);
    let own = lan.get("/staff/fund/budget?year=2018").await.text();
    assert!(
        own.contains("这一版是您提出的") && !own.contains("value=\"approved\""),
        "{own}"
    );
    let decide = |verdict: &'static str| [("year", "2018"), ("verdict", verdict), ("reason", "可行")];
    let refused = lan
        .post_form("/staff/fund/budget/b-1/decision", &decide("approved"))
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    led(&he
        .post_form("/staff/fund/budget/b-1/decision", &decide("approved"))
        .await);

    let empty = lan.post_form("/staff/fund", &[("key", "X y")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let path = led(&lan.post_form("/staff/fund", &project("621226")).await);
    assert_eq!(path, "/staff/fund/projects/clinics");
    let page = lan.get(&path).await.text();
    assert!(
        page.contains("村卫生室 &#60;i&#62;") && page.contains("礼县"),
        "{page}"
    );
    let sheet = lan.get("/staff/fund.csv").await.text();
    assert!(sheet.contains("\r\nclinics,村卫生室 <i>,"), "{sheet}");
    let elsewhere = nobody.signed_in(Role::County, Some("532528")).await;
    let sheet = elsewhere.get("/staff/fund.csv").await.text();
    assert_eq!(sheet.lines().count(), 1, "of its own places only: {sheet}");
    led(&lan
        .post_form(&format!("{path}/milestones/1/commitment"), &[])
        .await);
    let over = lan
        .post_form(&format!("{path}/milestones/2/commitment"), &[])
        .await;
    assert_eq!(
        over.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "the budget does not reach that far"
    );
    assert!(over.text().contains("没有做成"));
    let standing = he.get("/staff/fund/budget?year=2018").await.text();
    assert!(
        standing.contains(">500.00</td>") && standing.contains(">400.00</td>"),
        "{standing}"
    );

    let report = format!("{path}/milestones/1/report");
    let without = send_file(&lan, &report, &[("on", "2018-04-20")], b"").await;
    assert!(without.text().contains("请附上证明文件"), "{}", without.text());
    led(&send_file(&lan, &report, &[("on", "2018-04-20")], b"accepted").await);
    let release = format!("{path}/milestones/1/release");
    let own = lan.post_form(&release, &[("on", "2018-04-21")]).await;
    assert_eq!(
        own.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "who reported does not release"
    );
    led(&he.post_form(&release, &[("on", "2018-04-21")]).await);
    let done = he.get(&path).await.text();
    assert!(done.contains("已放款") && done.contains("2018-04-20"), "{done}");
    let purse = he
        .get("/staff/books/accounts/assets:project:clinics")
        .await
        .text();
    let entry = purse
        .split("href=\"/staff/books/entries/")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .to_owned();
    let entry = he.get(&format!("/staff/books/entries/{entry}")).await.text();
    assert!(entry.contains("href=\"/staff/fund/projects/clinics\""), "{entry}");

    let county = nobody.signed_in(Role::County, Some("621226")).await;
    let other = nobody.signed_in(Role::County, Some("532528")).await;
    assert_eq!(county.get(&path).await.status, StatusCode::OK);
    assert_eq!(other.get(&path).await.status, StatusCode::NOT_FOUND);
    assert!(!other.get("/staff/fund").await.text().contains("clinics"));
    for part in ["budget", "money"] {
        assert_eq!(
            county.get(&format!("/staff/fund/{part}")).await.status,
            StatusCode::NOT_FOUND,
            "{part}"
        );
    }
    assert_eq!(
        county.post_form(&release, &[("on", "2018-04-21")]).await.status,
        StatusCode::FORBIDDEN
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commitment_is_given_up_with_a_reason_and_the_other_parts_say_that_nothing_is_there() {
    let (_folder, nobody) = pond().await;
    funded(&nobody).await;
    let (lan, he) = (
        nobody.signed_in(Role::Fund, None).await,
        nobody.signed_in(Role::Fund, None).await,
    );
    led(&lan.post_form("/staff/fund/budget", &budget("b-1", "900")).await);
    let decision = [("year", "2018"), ("verdict", "approved"), ("reason", "可行")];
    led(&he.post_form("/staff/fund/budget/b-1/decision", &decision).await);
    let path = led(&lan.post_form("/staff/fund", &project("")).await);
    led(&lan
        .post_form(&format!("{path}/milestones/1/commitment"), &[])
        .await);
    let hold = lan.get("/staff/books/holds/1").await.text();
    assert!(
        hold.contains("href=\"/staff/fund/projects/clinics\"") && !hold.contains("/posting\""),
        "{hold}"
    );
    let free = format!("{path}/milestones/1/freeing");
    assert_eq!(
        lan.post_form(&free, &[("reason", "")]).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    led(&lan.post_form(&free, &[("reason", "项目停办")]).await);
    assert!(lan.get(&path).await.text().contains("已撤销"));
    let money = lan.get("/staff/fund/money").await;
    assert_eq!(money.status, StatusCode::OK, "{}", money.text());
    assert!(money.text().contains("还没有承诺") && money.text().contains("资金流向"));
    for part in ["counties", "field", "field?period=2018H1"] {
        assert_eq!(
            lan.get(&format!("/staff/fund/{part}")).await.status,
            StatusCode::OK,
            "{part}"
        );
    }
    let wrong = lan.get("/staff/fund/field?period=June").await;
    assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.text().contains("id=\"period-fault\""));
}
