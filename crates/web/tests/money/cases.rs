//! Cases on their pages: through village, township and county to the announcement, read on the wall on the way.

use axum::http::StatusCode;
use kernel::{Clock as _, SystemClock};
use web::testing::{Answer, Client};

use crate::payments::send_file;
use crate::registry::{NUMBER, People, VILLAGE, people, registered, reveals};
use crate::{led, value_of};

const SCAN: &[u8] = b"%PDF-1.7 a scan";
const VOTES: [(&str, &str); 4] = [
    ("eligible", "90"),
    ("attended", "70"),
    ("in_favour", "60"),
    ("against", "5"),
];
const YES: [(&str, &str); 2] = [("choice", "yes"), ("text", "核实")];

/// An application of a household by the form of its page.
pub(crate) async fn applied(people: &People, household: &str, on: &str) -> String {
    let page = people.village.get(household).await.text();
    let (case, path) = (value_of(&page, "case"), format!("{household}/cases"));
    let run = page.split("name=\"run\"").nth(1).map_or("", |select| {
        let first = select.split("<option value=\"").nth(1).unwrap();
        first.split('"').next().unwrap()
    });
    let fields = [("case", case.as_str()), ("on", on), ("run", run)];
    let first = led(&send_file(&people.village, &path, &fields, SCAN).await);
    let again = led(&send_file(&people.village, &path, &fields, SCAN).await);
    assert_eq!(first, again, "sent twice, it is one case");
    first
}

/// A step by the form of its page.
pub(crate) async fn step(who: &Client, case: &str, (act, on): (&str, &str), more: &[(&str, &str)]) -> Answer {
    let key = format!("{act}-{on}");
    let fields = [&[("act", act), ("on", on), ("key", &key)], more].concat();
    send_file(who, &format!("{case}/steps"), &fields, SCAN).await
}

/// The whole way to the announcement, in the spring of 2018.
pub(crate) async fn announced(people: &People, case: &str) {
    led(&step(&people.village, case, ("appraise", "2018-03-02"), &VOTES).await);
    led(&step(&people.village, case, ("notice", "2018-03-03"), &[]).await);
    led(&step(&people.town, case, ("review", "2018-03-11"), &YES).await);
    led(&step(&people.village, case, ("notice", "2018-03-12"), &[]).await);
    led(&step(&people.county, case, ("decide", "2018-03-20"), &YES).await);
    led(&step(&people.county, case, ("announce", "2018-03-21"), &[]).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_goes_from_the_village_to_the_announcement_and_only_its_own_places_see_it() {
    let people = people().await;
    let household = registered(&people).await;
    let case = applied(&people, &household, "2018-03-01").await;
    let page = people.village.get(&case).await.text();
    assert!(!page.contains("value=\"decide\"") && !page.contains("value=\"review\""));
    announced(&people, &case).await;
    let page = people.county.get(&case).await.text();
    for shown in ["已公告", "县级审定", "赞成 60", "审定时的规则结论"] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    assert!(!page.contains("name=\"act\""), "nothing is left to do");
    let page = people.county.get(&household).await.text();
    assert!(page.contains("建档立卡贫困户"), "{page}");
    assert_eq!(people.other.get(&case).await.status, StatusCode::NOT_FOUND);
    let board = people.county.get("/staff/registry").await.text();
    assert!(
        board.contains("历年识别和脱贫") && board.contains("因病"),
        "{board}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_is_read_by_everyone_and_a_household_struck_off_appeals_and_wins() {
    let people = people().await;
    let household = registered(&people).await;
    let case = applied(&people, &household, "2018-03-01").await;
    let today = SystemClock.today();
    let today = today.to_string();
    let board = async |who: &Client| who.get("/staff/registry").await.text();
    led(&step(&people.village, &case, ("appraise", "2018-03-02"), &VOTES).await);
    led(&step(&people.village, &case, ("notice", &today), &[]).await);
    let early = step(&people.town, &case, ("review", &today), &YES).await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(early.text().contains("公示到"), "{}", early.text());
    let sheet = format!("/notices/{VILLAGE}");
    let notices = people.nobody.get("/notices").await.text();
    assert!(notices.contains(&sheet) && notices.contains("张**"), "{notices}");
    let wall = people.nobody.get(&sheet).await.text();
    for shown in ["张**", "贫困户识别（第 1 次公示）", &today, "乡镇受理人"] {
        assert!(wall.contains(shown), "{shown}: {wall}");
    }
    assert!(board(&people.county).await.contains("即将到期的公示"));
    for page in [&notices, &wall] {
        assert!(!page.contains("张伟") && !page.contains(NUMBER));
    }
    led(&step(
        &people.village,
        &case,
        ("object", &today),
        &[("text", "家中有车")],
    )
    .await);
    assert!(board(&people.county).await.contains("异议待答复"));
    let answers = async |who: &Client, choice: &str| {
        let page = who.get(&case).await.text();
        let key = value_of(&page, "objection");
        let fields = [
            ("objection", key.as_str()),
            ("choice", choice),
            ("text", "已入户核查"),
        ];
        led(&step(who, &case, ("answer", &today), &fields).await);
    };
    answers(&people.clerk, "yes").await;
    let notices = people.nobody.get("/notices").await.text();
    assert!(notices.contains("现在没有公示"), "{notices}");
    let appeal = [("key", "appeal"), ("text", "车已卖")];
    let fields = [&[("act", "object"), ("on", &today)], appeal.as_slice()].concat();
    led(&send_file(&people.village, &format!("{case}/steps"), &fields, SCAN).await);
    answers(&people.clerk, "yes").await;
    let page = people.village.get(&case).await.text();
    assert!(
        page.contains("评议通过") && page.contains("申诉：应当列入"),
        "{page}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_that_is_taken_back_ends_and_a_wrong_hand_is_refused() {
    let people = people().await;
    let household = registered(&people).await;
    let case = applied(&people, &household, "2018-03-01").await;
    led(&step(&people.village, &case, ("appraise", "2018-03-02"), &VOTES).await);
    led(&step(&people.village, &case, ("notice", "2018-03-03"), &[]).await);
    let own = step(&people.village, &case, ("review", "2018-03-11"), &YES).await;
    assert_eq!(own.status, StatusCode::UNPROCESSABLE_ENTITY);
    let early = step(&people.county, &case, ("decide", "2018-03-11"), &YES).await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
    let why = [("text", "已外出务工")];
    led(&step(&people.village, &case, ("withdraw", "2018-03-11"), &why).await);
    let page = people.village.get(&case).await.text();
    assert!(
        page.contains("已撤回") && !page.contains("name=\"act\""),
        "{page}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_document_of_a_step_opens_for_who_may_see_persons_and_the_log_says_so() {
    let people = people().await;
    let household = registered(&people).await;
    let case = applied(&people, &household, "2018-03-01").await;
    let page = people.county.get(&case).await.text();
    let document = page
        .split("href=\"")
        .find(|part| part.contains("/documents/"))
        .unwrap();
    let document = document.split('"').next().unwrap();
    let opened = people.county.get(document).await;
    assert_eq!(opened.bytes, SCAN);
    assert_eq!(opened.header("content-type"), "application/pdf");
    assert_eq!(
        opened.header("content-disposition"),
        "attachment; filename=\"apply-2018-03-01.pdf\""
    );
    assert_eq!(opened.header("cache-control"), "no-store");
    assert_eq!(reveals(&people).await, [people.county.user()]);
    assert_eq!(people.other.get(document).await.status, StatusCode::NOT_FOUND);
    let missing = people.county.get(&format!("{case}/documents/x")).await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
}
