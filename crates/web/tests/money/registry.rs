//! The registry on its pages: a household is written down, found, said more of, and nobody else sees it.

use axum::http::StatusCode;
use kernel::Role;
use people::staff::{Action, AuditFilter, AuditRecord, UserId};
use tempfile::TempDir;
use web::testing::{Client, FROM_HERE, site};

use crate::{led, value_of};

/// A village of Bachu.
pub(crate) const VILLAGE: &str = "653130101201";
/// Numbers that pass their check, of a man and a woman.
pub(crate) const NUMBER: &str = "653130198001010117";
const HERS: &str = "653130198203040226";

pub(crate) struct People {
    _folder: TempDir,
    pub nobody: Client,
    pub village: Client,
    pub clerk: Client,
    pub town: Client,
    pub county: Client,
    pub other: Client,
}

pub(crate) async fn people() -> People {
    let folder = TempDir::new().unwrap();
    let nobody = Client::of(site(folder.path()).await);
    People {
        village: nobody.signed_in(Role::VillageWorker, Some(VILLAGE)).await,
        clerk: nobody.signed_in(Role::County, Some("653130101000")).await,
        town: nobody.signed_in(Role::County, Some("653130101000")).await,
        county: nobody.signed_in(Role::County, Some("653130")).await,
        other: nobody.signed_in(Role::County, Some("532528")).await,
        nobody,
        _folder: folder,
    }
}

/// What the form brings along.
const KEY: &str = "01890a5d-ac96-774b-bcce-b302099a8001";

/// The fields of the form: a couple in a village of Bachu.
fn couple(number: &str) -> Vec<(&str, &str)> {
    let mut fields = vec![
        ("key", KEY),
        ("place", VILLAGE),
        ("since", "2018-01-10"),
        ("cause", "illness"),
        ("more_cause", "schooling"),
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

pub(crate) async fn registered(people: &People) -> String {
    led(&people
        .village
        .post_form("/staff/registry/new", &couple(NUMBER))
        .await)
}

/// Who saw persons in full, as the log has it this moment.
pub(crate) async fn reveals(people: &People) -> Vec<UserId> {
    let filter = AuditFilter {
        action: Some(Action::RevealPersons.as_str().to_owned()),
        ..AuditFilter::default()
    };
    let mut reader = people.nobody.store.read().await.unwrap();
    let rows = AuditRecord::page(&mut reader, &filter, None, 9).await.unwrap();
    rows.into_iter().filter_map(|row| row.user).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_household_is_registered_found_and_shown_masked_and_a_wrong_number_is_said_without_it() {
    let people = people().await;
    let wrong = people
        .village
        .post_form("/staff/registry/new", &couple("653130198001010118"))
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let wrong = wrong.text();
    let row = wrong.split("id=\"resident_id-1\"").nth(1).unwrap();
    assert!(
        wrong.contains("校验") && wrong.contains("id=\"resident_id-1-fault\""),
        "{wrong}"
    );
    assert!(row.split('>').next().unwrap().contains("aria-invalid"), "{row}");
    let path = registered(&people).await;
    let page = people.village.get(&path).await.text();
    for shown in ["张**户", "因病、因学", "4.5 亩", "未达标", "配偶", "4,000.00"] {
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
async fn a_form_that_is_sent_twice_is_one_household_and_the_script_is_told_where_it_led_or_why_not() {
    let people = people().await;
    let form = people.village.get("/staff/registry/new").await.text();
    assert!(form.contains("name=\"key\" value=\"") && form.contains("value=\"653130101201\""));
    let mut couple = couple(NUMBER);
    // Without their numbers nothing but the key tells a second one from the first.
    couple.retain(|(name, _)| *name != "resident_id");
    let first = people.village.post_form("/staff/registry/new", &couple).await;
    let second = people.village.post_form("/staff/registry/new", &couple).await;
    assert_eq!(led(&first), led(&second));
    let as_script = async |fields: &[(&str, &str)]| {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields);
        let headers = [
            ("accept", "application/json"),
            ("x-csrf-token", people.village.csrf()),
        ];
        let headers = [&headers[..], &FROM_HERE[..]].concat();
        people
            .village
            .post_raw("/staff/registry/new", &headers, &form.finish())
            .await
    };
    let third = as_script(&couple).await;
    assert_eq!(third.status, StatusCode::OK);
    assert!(third.text().contains(&led(&first)), "{}", third.text());
    couple.push(("land", "1"));
    couple.retain(|field| *field != ("land", "4.5"));
    let other = as_script(&couple).await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(other.text().contains("registry.key_taken"), "{}", other.text());
    couple.retain(|(name, _)| *name != "key");
    let without = as_script(&couple).await;
    assert!(without.text().contains("kernel.bad_id"), "{}", without.text());
    let board = people.county.get("/staff/registry").await.text();
    assert_eq!(board.matches("653130101201").count(), 1, "{board}");
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
    let seen = reveals(&people).await;
    assert_eq!(seen, [people.village.user()], "it is written before it is shown");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_twice_by_one_form_is_said_once_with_its_causes_and_its_land() {
    let people = people().await;
    let path = registered(&people).await;
    let page = people.village.get(&path).await.text();
    let key = value_of(&page, "key");
    let said = [
        ("key", key.as_str()),
        ("since", "2018-02-01"),
        ("cause", "schooling"),
        ("other_cause", "no-land"),
        ("land", "2.5"),
    ];
    for _tap in 0..2 {
        led(&people.village.post_form(&format!("{path}/facts"), &said).await);
    }
    let page = people.village.get(&path).await.text();
    assert!(page.contains("因学、缺土地") && page.contains("2.5 亩"), "{page}");
    assert_eq!(page.matches("2018-02-01").count(), 1, "one line of its history");
    let bad = [("since", "2018-02-02"), ("land", "much")];
    let refused = people.village.post_form(&format!("{path}/facts"), &bad).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("land-fault"), "{}", refused.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_registry_nothing_leads_to_one() {
    let folder = TempDir::new().unwrap();
    let mut without = site(folder.path()).await;
    without.registry = None;
    let village = Client::of(without)
        .signed_in(Role::VillageWorker, Some(VILLAGE))
        .await;
    let home = village.get("/").await.text();
    assert!(
        !home.contains("/staff/registry") && !home.contains("/notices"),
        "{home}"
    );
    for path in [
        "/staff/registry",
        "/staff/registry/new",
        "/staff/registry/runs",
        "/notices",
    ] {
        assert_eq!(village.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

/// The man of the couple as someone else heard his name, in a household of his own, without his number.
fn heard_wrong() -> Vec<(&'static str, &'static str)> {
    vec![
        ("key", "01890a5d-ac96-774b-bbbb-b302099a8073"),
        ("place", VILLAGE),
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

#[expect(clippy::too_many_lines, reason = "one way, told in its order")]
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
    let living = |page: &str| page.matches("/copy\"").count();
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
