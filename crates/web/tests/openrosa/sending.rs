//! What is sent: once in effect, whatever the order; what is refused waits, is corrected, and stays sealed.

use axum::http::{Method, StatusCode};
use kernel::Role;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::phone::{NUMBER, VILLAGE, WRONG, filled, house, standing};

#[tokio::test(flavor = "multi_thread")]
async fn who_shows_no_name_is_asked_for_one() {
    let house = house().await;
    let nobody = house.village.nobody();
    for (method, path) in [
        (Method::GET, "/openrosa/formList"),
        (Method::HEAD, "/openrosa/submission"),
    ] {
        let answer = nobody.ask(method, path, &[], "").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
        assert!(
            answer.header("www-authenticate").starts_with("Basic realm="),
            "{path}"
        );
        assert_eq!(answer.header("x-openrosa-version"), "1.0");
        assert!(
            answer.header("date").ends_with(" GMT"),
            "{}",
            answer.header("date")
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn collect_finds_the_forms_and_downloads_them() {
    let house = house().await;
    let list = house
        .phone
        .ask(Method::GET, "/openrosa/formList?verbose=true")
        .await;
    assert_eq!(list.status, StatusCode::OK);
    assert_eq!(list.header("content-type"), "text/xml; charset=utf-8");
    let list = list.text();
    let element = |name: &str| {
        let rest = list.split(&format!("<{name}>")).nth(1).unwrap();
        rest.split("</").next().unwrap().to_owned()
    };
    assert_eq!(
        (element("formID"), element("version")),
        ("household".to_owned(), "1".to_owned())
    );
    assert!(
        list.contains("<descriptionText>") && element("hash").len() == "md5:".len() + 32,
        "{list}"
    );
    let plain = house
        .phone
        .ask(Method::GET, "/openrosa/formList?formID=none")
        .await
        .text();
    assert!(!plain.contains("<xform>"), "{plain}");
    let path = element("downloadUrl").replace("http://localhost:80", "");
    let form = house.phone.ask(Method::GET, &path).await.text();
    assert!(
        form.contains("xml_submission_file") || form.contains("<h:html"),
        "{form}"
    );
    let path = element("manifestUrl").replace("http://localhost:80", "");
    assert!(
        house
            .phone
            .ask(Method::GET, &path)
            .await
            .text()
            .contains("<manifest")
    );
    assert_eq!(
        house.phone.ask(Method::GET, "/openrosa/forms/none").await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn collect_sends_a_household_with_its_photo_and_it_is_registered() {
    let house = house().await;
    let room = house.phone.ask(Method::HEAD, "/openrosa/submission").await;
    assert_eq!(room.status, StatusCode::NO_CONTENT);
    assert_eq!(room.header("location"), "http://localhost:80/openrosa/submission");
    assert_eq!(
        room.header("x-openrosa-accept-content-length"),
        (20 << 20).to_string()
    );
    let sent = house
        .phone
        .send(&filled("uuid:1", "张伟", NUMBER), &[("1.jpg", b"photo")])
        .await;
    assert_eq!(sent.status, StatusCode::CREATED, "{}", sent.text());
    assert!(sent.text().contains("<OpenRosaResponse") && sent.text().contains("已收到"));
    assert_eq!(
        standing(&house).await,
        (vec!["1 true".to_owned(), "files 1".to_owned()], 1)
    );
    let list = house.village.get("/staff/registry/submissions").await.text();
    let path = list
        .split("href=\"")
        .find(|rest| rest.contains("uuid:1"))
        .unwrap();
    let page = house.village.get(path.split('"').next().unwrap()).await.text();
    for shown in [
        "张**户",
        "因病、因学、缺水",
        "4.5 亩",
        "未达标",
        "配偶",
        "4,000.00",
        "在家务农",
    ] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_waits_with_its_reason_and_is_corrected() {
    let house = house().await;
    let wrong = filled("uuid:2", "张伟", WRONG);
    for _ in 0..2 {
        assert_eq!(house.phone.send(&wrong, &[]).await.status, StatusCode::CREATED);
    }
    let differs = house.phone.send(&filled("uuid:2", "张三", NUMBER), &[]).await;
    assert_eq!(differs.status, StatusCode::CONFLICT, "{}", differs.text());
    let list = house.village.get("/staff/registry/submissions").await.text();
    assert!(list.contains("待改正") && !list.contains("张"), "{list}");
    let path = list
        .split("href=\"")
        .find(|rest| rest.contains("uuid:2"))
        .unwrap();
    let path = path.split('"').next().unwrap().to_owned();
    let page = house.village.get(&path).await.text();
    assert!(
        page.contains("校验") && page.contains(WRONG) && !page.contains("field.js"),
        "{page}"
    );
    let value = |name: &str| {
        let rest = page.split(&format!("name=\"{name}\"")).nth(1).unwrap();
        rest.split("value=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap()
            .to_owned()
    };
    let (key, land) = (value("key"), value("land"));
    assert_eq!(land, "4.5");
    let fields = [
        ("key", key.as_str()),
        ("place", VILLAGE),
        ("since", "2018-01-10"),
        ("land", "4.5"),
        ("name", "张伟"),
        ("resident_id", NUMBER),
    ];
    let corrected = house.village.post_form("/staff/registry/new", &fields).await;
    assert_eq!(corrected.status, StatusCode::SEE_OTHER, "{}", corrected.text());
    let list = house.village.get("/staff/registry/submissions").await.text();
    assert!(list.contains("已改正"), "{list}");
    let late = house.phone.send(&wrong, &[]).await;
    assert_eq!(late.status, StatusCode::CREATED, "{}", late.text());
    let county = house.village.signed_in(Role::County, Some("532528")).await;
    assert_eq!(county.get(&path).await.status, StatusCode::NOT_FOUND);
    assert!(
        !county
            .get("/staff/registry/submissions")
            .await
            .text()
            .contains("uuid:2")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_going_to_be_corrected_is_set_aside_and_nothing_of_it_can_be_read_in_the_database() {
    let house = house().await;
    let trial = filled("uuid:3", "张伟", WRONG).replace(VILLAGE, "65313010120");
    assert_eq!(house.phone.send(&trial, &[]).await.status, StatusCode::CREATED);
    let list = house.village.get("/staff/registry/submissions").await.text();
    let path = list
        .split("href=\"")
        .find(|rest| rest.contains("uuid:3"))
        .unwrap();
    let aside = format!("{}/disposal", path.split('"').next().unwrap());
    assert_eq!(
        house.village.post_form(&aside, &[]).await.status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(
        house.village.post_form(&aside, &[]).await.status,
        StatusCode::NOT_FOUND
    );
    let list = house.village.get("/staff/registry/submissions").await.text();
    assert!(list.contains("不再处理") && !list.contains("待改正"), "{list}");

    let mut reader = house.village.store.read().await.unwrap();
    let sql = "SELECT sealed, refused FROM registry_submissions";
    for row in reader.rows(sql, Vec::new()).await.unwrap() {
        let kept = format!(
            "{:?}{:?}",
            row.text("sealed").unwrap(),
            row.opt_text("refused").unwrap()
        );
        assert!(!kept.contains(NUMBER) && !kept.contains("张") && !kept.contains("校验"));
    }
}

/// The id of a submission, the number in it, and the files that come with it.
type Post = (
    &'static str,
    &'static str,
    &'static [(&'static str, &'static [u8])],
);

#[test]
fn in_whatever_order_and_however_often_posts_arrive_the_same_stands() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let posts: [Post; 5] = [
        ("uuid:a", NUMBER, &[("1.jpg", b"one")]),
        ("uuid:a", NUMBER, &[("2.jpg", b"two")]),
        ("uuid:a", NUMBER, &[]),
        ("uuid:b", "", &[("1.jpg", b"one")]),
        ("uuid:c", WRONG, &[]),
    ];
    let wanted = vec!["a true", "b true", "c false", "files 3"];
    // Each of them once in some order, and some again.
    let order = (
        Just([0_usize, 1, 2, 3, 4]).prop_shuffle(),
        prop::collection::vec(0_usize..5, 0..4),
    );
    let mut runner = TestRunner::new(Config::with_cases(6));
    let run = runner.run(&order, |(once, again)| {
        let (rows, found) = runtime.block_on(async {
            let house = house().await;
            for number in once.iter().chain(&again) {
                let (instance, number, files) = posts[*number];
                let sent = house.phone.send(&filled(instance, "张伟", number), files).await;
                assert_eq!(sent.status, StatusCode::CREATED, "{}", sent.text());
            }
            standing(&house).await
        });
        prop_assert_eq!(rows, wanted.clone());
        prop_assert_eq!(found, 2);
        Ok(())
    });
    run.unwrap();
}
