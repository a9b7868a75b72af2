//! What a county hands in: of its own place only, and seen by nobody of another.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use kernel::Role;
use web::testing::FROM_HERE;

use crate::{desk, rows, until, upload};

#[tokio::test(flavor = "multi_thread")]
async fn a_county_imports_the_rows_of_its_own_place_and_sees_no_file_of_another() {
    let desk = desk().await;
    let county = desk.nobody.signed_in(Role::County, Some("621226")).await;
    let other = desk.nobody.signed_in(Role::County, Some("532528")).await;
    let mut file = rows(0, 3);
    file.extend(b"B1,1,2018-03-05,532528,P1,x,1,7.00\n");
    let sent = upload(&county, "county.csv", &file).await;
    let path = sent.header("location").to_owned();
    let look = county.get(&path).await.text();
    let whose = "只接收这些地方的行：甘肃省陇南市礼县";
    assert!(
        look.contains(whose) && look.contains("“532528”不在您负责的地方之内"),
        "{look}"
    );
    assert_eq!(other.get(&path).await.status, StatusCode::NOT_FOUND);
    assert!(!other.get("/staff/intake").await.text().contains("county.csv"));
    let colleague = desk.nobody.signed_in(Role::County, Some("621226")).await;
    let twin = upload(&colleague, "mine.csv", &file).await;
    assert_eq!(twin.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(twin.text().contains("已经有人上传过"));

    let started = county.post_form(&format!("{path}/import"), &[]).await;
    assert_eq!(started.status, StatusCode::SEE_OTHER, "{}", started.text());
    let result = until(&county, &path, "导入结果").await;
    assert!(
        result.contains("37.50") && result.contains("<dd>3</dd>"),
        "{result}"
    );
    let rejects = county.get(&format!("{path}/rejects")).await.text();
    let words = [
        "sales.place_not_yours",
        "不在您负责的地方之内",
        "is not within the places you answer for",
    ];
    assert!(words.iter().all(|word| rejects.contains(word)), "{rejects}");

    // The same bytes are the other county's own file, of which it brings its own row.
    let own = upload(&other, "own.csv", &file)
        .await
        .header("location")
        .to_owned();
    assert_ne!(own, path);
    other.post_form(&format!("{own}/import"), &[]).await;
    let result = until(&other, &own, "导入结果").await;
    assert!(
        result.contains("7.00") && result.contains("<dd>1</dd>"),
        "{result}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_county_starts_no_import_for_more_than_its_own_places() {
    let desk = desk().await;
    let fund = desk.nobody.signed_in(Role::Fund, None).await;
    let county = desk.nobody.signed_in(Role::County, Some("621226")).await;
    let held = upload(&fund, "held.csv", &rows(0, 3))
        .await
        .header("location")
        .to_owned();
    assert_eq!(
        county.post_form(&format!("{held}/import"), &[]).await.status,
        StatusCode::NOT_FOUND
    );
    // Sending the very bytes with the wish of an import starts the county's own one, not the one that is held.
    let token = [("x-csrf-token", county.csrf()), FROM_HERE[0], FROM_HERE[1]];
    let raw = "/staff/intake/files/mine.csv?layout=plain&import=1";
    let sent = county
        .send(Method::POST, raw, &token, Body::from(rows(0, 3)))
        .await;
    assert_eq!(sent.status, StatusCode::CREATED, "{}", sent.text());
    until(&county, sent.header("location"), "导入结果").await;
    assert!(fund.get(&held).await.text().contains(&format!("{held}/import")));
}
