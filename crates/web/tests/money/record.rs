//! What happened to the fund, recorded by forms: every kind of form is filled in once, and what it says is seen where it leads.

use axum::http::StatusCode;
use kernel::Role;
use web::testing::{Answer, Client};

use crate::fund::funded;
use crate::payments::send_file;
use crate::{led, pond};

type Pairs<'a> = &'a [(&'a str, &'a str)];

async fn record(client: &Client, form: &str, fields: Pairs<'_>, file: &[u8]) -> Answer {
    send_file(client, &format!("/staff/fund/record/{form}"), fields, file).await
}

const PLEDGE: Pairs<'static> = &[
    ("key", "main"),
    ("donor_zh", "捐赠方 <b>"),
    ("donor_en", "Donor"),
    ("signed_on", "2018-01-02"),
    ("through_on", "2019-12-31"),
    ("total_fen", "1000.00"),
    ("leverage_low_fen", "0"),
    ("leverage_high_fen", "5000"),
    ("tranches.due_on", "2018-02-01"),
    ("tranches.amount_fen", "400"),
    ("tranches.due_on", ""),
    ("tranches.amount_fen", ""),
    ("tranches.due_on", "2019-02-01"),
    ("tranches.amount_fen", "600"),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_pledge_is_signed_called_and_received_by_forms_and_stands_on_the_page_of_money() {
    let (_folder, nobody) = pond().await;
    funded(&nobody).await;
    let fund = nobody.signed_in(Role::Fund, None).await;
    let finance = nobody.signed_in(Role::Finance, None).await;
    let without = record(&fund, "pledge", PLEDGE, b"").await;
    assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY);
    let shown = without.text();
    assert!(
        shown.contains("请附上证明文件")
            && shown.contains("捐赠方 &#60;b&#62;")
            && shown.contains("value=\"600\""),
        "what was typed is still there: {shown}"
    );
    for _twice in 0..2 {
        assert_eq!(
            led(&record(&fund, "pledge", PLEDGE, b"signed").await),
            "/staff/fund/money"
        );
    }
    let call = [("pledge", "main"), ("tranche", "1"), ("on", "2018-02-01")];
    led(&record(&fund, "call", &call, b"").await);
    let receipt = [
        ("key", "icbc-1"),
        ("pledge", "main"),
        ("tranche", "1"),
        ("on", "2018-02-03"),
        ("amount_fen", "250.50"),
    ];
    let denied = record(&fund, "receipt", &receipt, b"slip").await;
    assert_eq!(
        denied.status,
        StatusCode::FORBIDDEN,
        "receipts are of who keeps the books"
    );
    led(&record(&finance, "receipt", &receipt, b"slip").await);
    let money = fund.get("/staff/fund/money").await.text();
    for part in [
        "捐赠方 &#60;b&#62;",
        "1,000.00",
        ">400.00</td>",
        ">250.50</td>",
        "2019-02-01",
    ] {
        assert!(money.contains(part), "{part}: {money}");
    }
    assert!(!money.contains("record/receipt") && money.contains("record/call"));
}

const ON: (&str, &str) = ("on", "2018-04-20");

/// A form, what is typed, the file that comes along, and what is then seen.
const FORMS: [(&str, Pairs<'static>, &[u8], &str); 10] = [
    (
        "owner",
        &[
            ("pillar", "health"),
            ("since", "2018-01-01"),
            ("unit_zh", "健康组"),
            ("unit_en", "Health"),
        ],
        b"",
        "健康组",
    ),
    (
        "pairing",
        &[
            ("key", "lixian"),
            ("place", "621226"),
            ("unit_zh", "健康组"),
            ("unit_en", "Health"),
            ("signed_on", "2018-01-10"),
            ("duties.title_zh", "建卫生室"),
            ("duties.title_en", "Build a clinic"),
            ("duties.due_on", "2018-12-31"),
        ],
        b"agreement",
        "建卫生室",
    ),
    (
        "duty",
        &[("pairing", "lixian"), ("duty", "1"), ON, ("done_permille", "375")],
        b"",
        "37.5%",
    ),
    (
        "model-county",
        &[
            ("place", "621226"),
            ("named_on", "2018-01-10"),
            ("product_zh", "苹果"),
            ("product_en", "Apples"),
        ],
        b"",
        "",
    ),
    (
        "target",
        &[
            ("county", "621226"),
            ("pillar", "health"),
            ("indicator", "orchard"),
            ("title_zh", "苹果园"),
            ("title_en", "Orchards"),
            ("unit", "mu"),
            ("target", "900"),
            ("due_on", "2018-12-31"),
        ],
        b"",
        "苹果园",
    ),
    (
        "target",
        &[
            ("county", ""),
            ("pillar", "health"),
            ("indicator", "clinics"),
            ("title_zh", "卫生室"),
            ("title_en", "Clinics"),
            ("unit", "clinics"),
            ("target", "12"),
            ("due_on", "2018-12-31"),
        ],
        b"",
        "卫生室",
    ),
    (
        "measurement",
        &[
            ("county", "621226"),
            ("pillar", "health"),
            ("indicator", "orchard"),
            ON,
            ("value", "431"),
        ],
        b"survey",
        "431",
    ),
    (
        "visit",
        &[
            ("key", "v-1"),
            ("place", "621226"),
            ON,
            ("findings", "路已修到村口 <i>"),
        ],
        b"a photo",
        "路已修到村口 &#60;i&#62;",
    ),
    (
        "staff-day",
        &[ON, ("pillar", "health"), ("place", ""), ("halves", "2")],
        b"",
        "",
    ),
    (
        "event",
        &[
            ("key", "e-1"),
            ON,
            ("pillar", "fund"),
            ("place", "重庆"),
            ("title_zh", "启动会"),
            ("title_en", "Start"),
        ],
        b"",
        "启动会",
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn pairings_targets_visits_and_events_are_recorded_and_seen_where_the_form_leads() {
    let (_folder, nobody) = pond().await;
    let fund = nobody.signed_in(Role::Fund, None).await;
    for (form, fields, file, seen) in FORMS {
        let answer = record(&fund, form, fields, file).await;
        let page = fund.get(&led(&answer)).await.text();
        assert!(page.contains(seen), "{form}: {seen}: {page}");
    }
    let more = record(
        &fund,
        "staff-day",
        &[ON, ("pillar", "health"), ("halves", "3")],
        b"",
    )
    .await;
    assert_eq!(more.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_answer_is_refused_at_its_question_and_nothing_is_recorded() {
    let (_folder, nobody) = pond().await;
    let fund = nobody.signed_in(Role::Fund, None).await;
    let call = |name: &'static str, value: &'static str| {
        [("pledge", "main"), ("tranche", "1"), ("on", "2018-02-01")].map(|(known, right)| {
            if known == name {
                (known, value)
            } else {
                (known, right)
            }
        })
    };
    for (name, value, said) in [
        ("tranche", "one", "“one”不是整数"),
        ("tranche", "-1", "“-1”不是整数"),
        ("on", "2018-02-30", "“2018-02-30”不是日期"),
    ] {
        let refused = record(&fund, "call", &call(name, value), b"").await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        let page = refused.text();
        assert!(
            page.contains(said) && page.contains(&format!("id=\"{name}-fault\"")),
            "{page}"
        );
    }
    let none = record(&fund, "call", &call("", ""), b"").await;
    assert_eq!(
        none.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "there is no such pledge"
    );
    let class = record(
        &fund,
        "cofinance",
        &[
            ("agreed_on", "2018-02-01"),
            ("amount_fen", "1"),
            ("class", "gold"),
        ],
        b"",
    )
    .await;
    assert!(class.text().contains("“gold”不在可选的项里"), "{}", class.text());
    let large = record(&fund, "pledge", PLEDGE, &vec![b'x'; (20 << 20) + 1]).await;
    assert!(large.text().contains("20971520"), "{}", large.text());
    let money = fund.get("/staff/fund/money").await.text();
    assert!(money.contains("还没有承诺"), "{money}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_county_reports_its_own_visits_and_no_pledges() {
    let (_folder, nobody) = pond().await;
    let county = nobody.signed_in(Role::County, Some("621226")).await;
    let visit = |place: &'static str| {
        [
            ("key", "v-1"),
            ("place", place),
            ("on", "2018-04-20"),
            ("findings", "好"),
        ]
    };
    let other = record(&county, "visit", &visit("532528"), b"").await;
    assert_eq!(other.status, StatusCode::FORBIDDEN);
    led(&record(&county, "visit", &visit("621226"), b"").await);
    for form in ["pledge", "pairing", "event"] {
        let denied = county.get(&format!("/staff/fund/record/{form}")).await;
        assert_eq!(denied.status, StatusCode::FORBIDDEN, "{form}");
    }
    let field = county.get("/staff/fund/field").await.text();
    assert!(
        field.contains("record/visit") && !field.contains("record/event"),
        "{field}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_opened_by_a_form_and_the_same_again_changes_nothing() {
    let (_folder, nobody) = pond().await;
    let finance = nobody.signed_in(Role::Finance, None).await;
    let account = |code: &'static str, owner: &'static str| {
        [
            ("code", code),
            ("name_zh", "礼县 <b>"),
            ("name_en", "Lixian"),
            ("owner_kind", "county"),
            ("owner_id", owner),
            ("floor", "yes"),
        ]
    };
    let path = "/staff/books/accounts/new";
    for (code, owner) in [("Cash", "621226"), ("assets:county:621226", "")] {
        let refused = finance.post_form(path, &account(code, owner)).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{code} {owner}");
        assert!(refused.text().contains("礼县 &#60;b&#62;"));
    }
    for _twice in 0..2 {
        let opened = led(&finance
            .post_form(path, &account("assets:county:621226", "621226"))
            .await);
        assert_eq!(opened, "/staff/books/accounts/assets:county:621226");
        assert!(finance.get(&opened).await.text().contains("礼县 &#60;b&#62;"));
    }
    let taken = finance
        .post_form(path, &account("assets:county:621226", "532528"))
        .await;
    assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY);
}
