//! The registry on its pages: a household is written down, its case goes through village, township and county, and nobody else
//! sees it.

use axum::http::StatusCode;
use kernel::Role;
use tempfile::TempDir;
use web::testing::{Client, site};

use crate::led;
use crate::payments::send_file;

/// Numbers that pass their check, of a man and a woman.
const NUMBER: &str = "653130198001010117";
const HERS: &str = "653130198203040226";

struct People {
    _folder: TempDir,
    nobody: Client,
    village: Client,
    town: Client,
    chief: Client,
    county: Client,
    other: Client,
}

async fn people() -> People {
    let folder = TempDir::new().unwrap();
    let nobody = Client::of(site(folder.path()).await);
    People {
        village: nobody.signed_in(Role::VillageWorker, Some("653130101201")).await,
        town: nobody.signed_in(Role::County, Some("653130101000")).await,
        chief: nobody.signed_in(Role::County, Some("653130")).await,
        county: nobody.signed_in(Role::County, Some("653130")).await,
        other: nobody.signed_in(Role::County, Some("532528")).await,
        nobody,
        _folder: folder,
    }
}

/// The fields of the form: a couple in a village of Bachu.
fn couple(number: &str) -> Vec<(&str, &str)> {
    let mut fields = vec![
        ("place", "653130101201"),
        ("since", "2018-01-10"),
        ("cause", "illness"),
        ("land", "4.5"),
        ("year", "2017"),
        ("wages", "4000"),
        ("housing", "no"),
        ("exclusions", "none"),
    ];
    for guarantee in ["food", "clothing", "education", "medical", "water"] {
        fields.push((guarantee, "yes"));
    }
    for (name, number, sex) in [("张伟", number, "male"), ("李娜", HERS, "female")] {
        fields.extend([
            ("name", name),
            ("resident_id", number),
            ("phone", "13800000011"),
            ("birth_on", ""),
            ("sex", sex),
            ("labour", "able"),
            ("health", "well"),
            ("schooling", "primary"),
        ]);
    }
    fields.push(("relation", "spouse"));
    fields
}

async fn registered(people: &People) -> String {
    led(&people
        .village
        .post_form("/staff/registry/new", &couple(NUMBER))
        .await)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_household_is_registered_found_and_shown_masked_and_a_wrong_number_is_said_without_it() {
    let people = people().await;
    let wrong = people
        .village
        .post_form("/staff/registry/new", &couple("653130198001010118"))
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text().contains("校验"), "{}", wrong.text());
    let path = registered(&people).await;
    let page = people.village.get(&path).await.text();
    for shown in ["张**户", "因病", "4.5 亩", "未达标", "配偶", "4,000.00"] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    assert!(!page.contains(NUMBER) && !page.contains("13800000011") && !page.contains("张伟"));
    let found = people
        .county
        .post_form("/staff/registry/search", &[("text", "zhangwei")])
        .await;
    assert!(found.text().contains(&path));
    let found = people
        .county
        .post_form("/staff/registry/search", &[("text", NUMBER)])
        .await;
    assert!(found.text().contains("张**"));
    let found = people
        .other
        .post_form("/staff/registry/search", &[("text", NUMBER)])
        .await;
    assert!(!found.text().contains("张**"));
    assert_eq!(people.other.get(&path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(people.nobody.get(&path).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_someone_is_in_full_is_shown_to_who_may_and_written_down() {
    let people = people().await;
    let path = registered(&people).await;
    let page = people.village.get(&path).await.text();
    let action = page
        .split("action=\"")
        .find(|part| part.contains("/persons/"))
        .unwrap();
    let action = action.split('"').next().unwrap().to_owned();
    let shown = people.village.post_form(&action, &[]).await;
    assert!(shown.text().contains(NUMBER) || shown.text().contains(HERS));
    assert_eq!(shown.header("cache-control"), "no-store");
    assert_eq!(
        people.other.post_form(&action, &[]).await.status,
        StatusCode::NOT_FOUND
    );
    let admin = people.nobody.signed_in(Role::Admin, None).await;
    let audit = admin.get("/staff/audit?action=reveal_persons").await.text();
    assert!(audit.contains(&people.village.user().to_string()), "{audit}");
}

#[expect(clippy::too_many_lines, reason = "one way, told in its order")]
#[tokio::test(flavor = "multi_thread")]
async fn a_case_goes_from_the_village_to_the_county_and_everyone_reads_its_notice() {
    let people = people().await;
    let household = registered(&people).await;
    let scan = b"scan".as_slice();
    let applied = send_file(
        &people.village,
        &format!("{household}/cases"),
        &[("on", "2018-03-01")],
        scan,
    )
    .await;
    let case = led(&applied);
    let steps = format!("{case}/steps");
    let step = async |who: &Client, act: &str, on: &str, more: &[(&str, &str)]| {
        let fields = [&[("act", act), ("on", on)], more].concat();
        send_file(who, &steps, &fields, scan).await
    };
    let votes = [
        ("eligible", "90"),
        ("attended", "70"),
        ("in_favour", "60"),
        ("against", "5"),
    ];
    led(&step(&people.village, "appraise", "2018-03-02", &votes).await);
    led(&step(&people.village, "notice", "2026-11-20", &[]).await);
    let early = step(
        &people.town,
        "review",
        "2026-11-21",
        &[("choice", "yes"), ("text", "核实")],
    )
    .await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(early.text().contains("公示到"), "{}", early.text());
    led(&step(&people.village, "object", "2026-11-22", &[("text", "家中有车")]).await);
    let notice = people.nobody.get("/notices").await.text();
    assert!(notice.contains("现在没有公示") || notice.contains("张**"));
    assert!(!notice.contains("张伟") && !notice.contains(NUMBER));
    let page = people.village.get(&case).await.text();
    let key = page.split("name=\"objection\" value=\"").nth(1).unwrap();
    let key = key.split('"').next().unwrap().to_owned();
    let answer = [
        ("objection", key.as_str()),
        ("choice", "no"),
        ("text", "查无此车"),
    ];
    led(&step(&people.village, "answer", "2026-11-23", &answer).await);
    let own = step(
        &people.village,
        "review",
        "2026-11-28",
        &[("choice", "yes"), ("text", "核实")],
    )
    .await;
    assert_eq!(own.status, StatusCode::UNPROCESSABLE_ENTITY);
    led(&step(
        &people.town,
        "review",
        "2026-11-28",
        &[("choice", "yes"), ("text", "核实")],
    )
    .await);
    let page = people.county.get(&case).await.text();
    for shown in ["乡镇审核通过", "民主评议", "赞成 60", "查无此车"] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    assert_eq!(people.other.get(&case).await.status, StatusCode::NOT_FOUND);
    let board = people.chief.get("/staff/registry").await.text();
    assert!(board.contains(&case) && board.contains("乡镇审核通过"), "{board}");
}

/// The man of the couple as someone else heard his name, in a household of his own, without his number.
fn heard_wrong() -> Vec<(&'static str, &'static str)> {
    vec![
        ("place", "653130101201"),
        ("since", "2018-02-10"),
        ("name", "章伟"),
        ("resident_id", ""),
        ("phone", "13800000011"),
        ("birth_on", "1980-01-01"),
        ("sex", "male"),
        ("labour", "able"),
        ("health", "well"),
        ("schooling", "primary"),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pair_is_shown_side_by_side_decided_by_the_township_and_taken_back() {
    let people = people().await;
    let first = registered(&people).await;
    let second = led(&people
        .village
        .post_form("/staff/registry/new", &heard_wrong())
        .await);
    let list = people.village.get("/staff/registry/pairs").await.text();
    let path = list
        .split('"')
        .find(|part| part.starts_with("/staff/registry/pairs/"))
        .unwrap()
        .to_owned();
    assert!(
        people
            .other
            .get("/staff/registry/pairs")
            .await
            .text()
            .contains("没有待核实的重复")
    );
    assert_eq!(people.other.get(&path).await.status, StatusCode::NOT_FOUND);
    let page = people.village.get(&path).await.text();
    assert!(
        page.contains("同音") && page.contains("待核实") && !page.contains("核实结论"),
        "{page}"
    );
    let page = people.town.get(&path).await.text();
    assert!(!page.contains("13800000011") && !page.contains("章伟"), "masked");

    let decide = |verdict, key, reason| {
        vec![
            ("verdict", verdict),
            ("key", key),
            ("on", "2018-06-30"),
            ("reason", reason),
        ]
    };
    let without_reason = people.town.post_form(&path, &decide("one", "k1", "")).await;
    assert_eq!(without_reason.status, StatusCode::UNPROCESSABLE_ENTITY);
    let merged = people
        .town
        .post_form(&path, &decide("one", "k1", "入户核实"))
        .await;
    assert_eq!(led(&merged), path);
    assert_eq!(
        led(&people
            .town
            .post_form(&path, &decide("one", "k1", "入户核实"))
            .await),
        path,
        "a double tap"
    );
    assert!(
        people
            .town
            .get("/staff/registry/pairs")
            .await
            .text()
            .contains("没有待核实的重复")
    );
    assert!(people.town.get(&path).await.text().contains("撤销合并"));
    let living = |page: &str| page.matches("/persons/").count();
    let counts = [&first, &second].map(|path| people.town.get(path));
    let [one, other] = counts;
    let (one, other) = (living(&one.await.text()), living(&other.await.text()));
    assert_eq!(one.max(other) + one.min(other), 2, "{one} and {other}");

    let back = people
        .town
        .post_form(&path, &decide("take_back", "k2", "系堂兄弟"))
        .await;
    assert_eq!(led(&back), path);
    let page = people.town.get(&path).await.text();
    assert!(page.contains("两个人"), "{page}");
    assert_eq!(living(&people.town.get(&second).await.text()), 1);
}
