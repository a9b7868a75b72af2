//! Closed periods of the books, and who sees of the books what.

use axum::http::StatusCode;
use kernel::Role;

use crate::books::pledge;
use crate::{led, pond, value_of};

#[tokio::test(flavor = "multi_thread")]
async fn a_period_is_closed_only_when_that_is_confirmed_and_takes_no_entry_from_then_on() {
    let (_folder, nobody) = pond().await;
    let desk = nobody.signed_in(Role::Finance, None).await;
    pledge(&desk, "2018-03-01", "一", "10").await;
    let close = async |fields: &[(&str, &str)]| desk.post_form("/staff/books/periods", fields).await;
    let asked = close(&[("period", "2018-03")]).await;
    assert!(asked.status == StatusCode::UNPROCESSABLE_ENTITY && asked.text().contains("请先勾选确认"));
    assert!(asked.text().contains("value=\"2018-03\""), "what was typed stays");
    let wrong = close(&[("period", "March"), ("confirmed", "yes")]).await;
    assert!(wrong.text().contains("id=\"period-fault\""));
    assert_eq!(
        led(&close(&[("period", "2018-03"), ("confirmed", "yes")]).await),
        "/staff/books/periods"
    );
    let gap = close(&[("period", "2018-06"), ("confirmed", "yes")]).await;
    assert!(gap.text().contains("id=\"period-fault\""), "{}", gap.text());
    let listed = desk.get("/staff/books/periods").await.text();
    assert!(
        listed.contains("value=\"2018-04\""),
        "the next one is suggested: {listed}"
    );
    let form = desk.get("/staff/books/entries/new").await.text();
    let late = [
        ("key", &*value_of(&form, "key")),
        ("effective_on", "2018-03-31"),
        ("account", "assets:fund:cash"),
        ("debit", "1"),
        ("credit", ""),
        ("account", "equity:pledge"),
        ("debit", ""),
        ("credit", "1"),
    ];
    let late = desk.post_form("/staff/books/entries", &late).await;
    assert!(late.text().contains("id=\"effective_on-fault\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_fund_reads_the_books_and_keeps_none_and_a_county_sees_nothing_of_them() {
    let (_folder, nobody) = pond().await;
    let (fund, county) = (
        nobody.signed_in(Role::Fund, None).await,
        nobody.signed_in(Role::County, Some("621226")).await,
    );
    let desk = nobody.signed_in(Role::Finance, None).await;
    pledge(&desk, "2018-03-01", "一", "10").await;
    let list = fund.get("/staff/books?owner=county:621226").await.text();
    assert!(list.contains("礼县") && !list.contains("equity:pledge"), "{list}");
    assert!(!list.contains("entries/new"), "no form for who may not post");
    assert!(
        fund.get("/en/staff/books?owner=li")
            .await
            .text()
            .contains("id=\"owner-fault\"")
    );
    assert!(
        !fund
            .get("/staff/books/entries/1")
            .await
            .text()
            .contains("/reversal")
    );
    for path in ["entries", "entries/1/reversal", "periods"] {
        let turned = fund.post_form(&format!("/staff/books/{path}"), &[]).await;
        assert_eq!(turned.status, StatusCode::FORBIDDEN, "{path}");
    }
    for path in [
        "",
        "/accounts/assets:fund:cash",
        "/entries/1",
        "/trial-balance/workbook",
        "/journal/hledger",
    ] {
        assert_eq!(
            county.get(&format!("/staff/books{path}")).await.status,
            StatusCode::FORBIDDEN,
            "{path}"
        );
    }
}
