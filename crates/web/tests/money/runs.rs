//! A yearly run on its pages: the county opens, screens and closes it; village and township see their part.

use axum::http::StatusCode;
use web::testing::Client;

use crate::cases::{announced, applied};
use crate::led;
use crate::registry::{people, registered};

const FORM: [(&str, &str); 6] = [
    ("run", "653130-2018"),
    ("place", "653130"),
    ("kind", "recognition"),
    ("on", "2018-02-01"),
    ("due_on", "2018-06-01"),
    ("review", "2018-04-20"),
];

async fn text(who: &Client, path: &str) -> String {
    who.get(path).await.text()
}

#[expect(clippy::too_many_lines, reason = "one way, told in its order")]
#[tokio::test(flavor = "multi_thread")]
async fn a_county_opens_screens_and_closes_its_yearly_run_on_its_page() {
    let people = people().await;
    let household = registered(&people).await;
    let denied = people.village.post_form("/staff/registry/runs/new", &FORM).await;
    assert_eq!(denied.status, StatusCode::FORBIDDEN);
    let elsewhere = people.other.post_form("/staff/registry/runs/new", &FORM).await;
    assert_eq!(elsewhere.status, StatusCode::UNPROCESSABLE_ENTITY);
    let wrong = [&FORM[..5], &[("review", "2019-01-01")]].concat();
    let wrong = people.county.post_form("/staff/registry/runs/new", &wrong).await;
    assert!(wrong.text().contains("id=\"review-fault\""), "{}", wrong.text());
    let run = led(&people.county.post_form("/staff/registry/runs/new", &FORM).await);
    assert_eq!(
        led(&people.county.post_form("/staff/registry/runs/new", &FORM).await),
        run
    );

    let page = text(&people.county, &run).await;
    for shown in [
        "巴楚县 2018 年贫困户识别",
        "2018-04-20",
        "2018-06-01",
        "/screening",
    ] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    let early = people
        .county
        .post_form(&format!("{run}/closing"), &[("on", "2018-06-01")])
        .await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
    led(&people.county.post_form(&format!("{run}/screening"), &[]).await);
    let page = text(&people.village, &run).await;
    for shown in [
        "应识别 1",
        &household,
        "尚未申请",
        "人均年纯收入低于贫困线：2,000.00 元，符合",
    ] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    assert!(!page.contains("/closing\"") && !page.contains("/screening\""));
    let none = text(&people.village, &format!("{run}?part=unknown")).await;
    assert!(none.contains("这一类没有农户"), "{none}");

    let case = applied(&people, &household, "2018-03-01").await;
    let page = text(&people.town, &run).await;
    assert!(page.contains(&case) && page.contains("逾期未办"), "{page}");
    let open = people
        .county
        .post_form(&format!("{run}/closing"), &[("on", "2018-06-01")])
        .await;
    assert!(open.text().contains("没有办结"), "{}", open.text());
    announced(&people, &case).await;
    led(&people
        .county
        .post_form(&format!("{run}/closing"), &[("on", "2018-06-01")])
        .await);
    let page = text(&people.county, &run).await;
    assert!(page.contains("已结束") && !page.contains("/closing\""), "{page}");
    let list = text(&people.village, "/staff/registry/runs").await;
    assert!(
        list.contains(&run) && !list.contains("/staff/registry/runs/new"),
        "{list}"
    );
    assert_eq!(people.other.get(&run).await.status, StatusCode::NOT_FOUND);
    assert!(!text(&people.other, "/staff/registry/runs").await.contains(&run));
}
