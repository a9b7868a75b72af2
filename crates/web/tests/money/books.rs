//! The books on their pages: what is posted is seen where it was posted, once; what is refused says so at its field.

use std::io::Read as _;

use axum::http::StatusCode;
use kernel::Role;
use web::testing::Client;

use crate::{led, pond, value_of};

/// A pledge of so many yuan, posted through the form; where it leads.
pub(crate) async fn pledge(desk: &Client, day: &str, memo: &str, yuan: &str) -> String {
    let form = desk.get("/staff/books/entries/new").await.text();
    let posted = desk
        .post_form(
            "/staff/books/entries",
            &[
                ("key", &value_of(&form, "key")),
                ("effective_on", day),
                ("memo", memo),
                ("account", "assets:fund:cash"),
                ("debit", yuan),
                ("credit", ""),
                ("account", "equity:pledge"),
                ("debit", ""),
                ("credit", yuan),
            ],
        )
        .await;
    led(&posted)
}

#[tokio::test(flavor = "multi_thread")]
#[expect(
    clippy::too_many_lines,
    reason = "a story is read from its beginning to its end"
)]
async fn an_entry_typed_by_hand_stands_in_the_statement_and_a_form_sent_twice_is_one_entry() {
    let (_folder, nobody) = pond().await;
    let desk = nobody.signed_in(Role::Finance, None).await;
    let form = desk.get("/staff/books/entries/new").await.text();
    let key = value_of(&form, "key");
    let fields = [
        ("key", key.as_str()),
        ("effective_on", "2018-03-01"),
        ("memo", "第一笔 <script>alert(1)</script>"),
        ("account", "assets:fund:cash"),
        ("debit", "1000000.50"),
        ("credit", ""),
        ("account", ""),
        ("debit", ""),
        ("credit", ""),
        ("account", "equity:pledge"),
        ("debit", ""),
        ("credit", "1000000.50"),
    ];
    let first = led(&desk.post_form("/staff/books/entries", &fields).await);
    let again = led(&desk.post_form("/staff/books/entries", &fields).await);
    assert_eq!(
        (first.as_str(), again.as_str()),
        ("/staff/books/entries/1", "/staff/books/entries/1")
    );
    let entry = desk.get(&first).await.text();
    assert!(
        entry.contains("&#60;script&#62;") && !entry.contains("<script>alert"),
        "{entry}"
    );
    assert!(
        entry.contains("1,000,000.50") && entry.contains("books.posted"),
        "{entry}"
    );

    let mut other = fields;
    other[2] = ("memo", "其他");
    let refused = desk.post_form("/staff/books/entries", &other).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = refused.text();
    assert!(
        page.contains("其他") && value_of(&page, "key") != key,
        "a new key for what is new"
    );

    let statement = desk.get("/staff/books/accounts/assets:fund:cash").await.text();
    assert!(statement.contains("href=\"/staff/books/entries/1\"") && statement.contains("2018-03-01"));
    assert!(
        statement.contains("基金&#60;b&#62;现金") && !statement.contains("<b>现金"),
        "{statement}"
    );
    let none = desk
        .get("/en/staff/books/accounts/assets:fund:cash?from=2018-04-01&through=2018-04-30")
        .await
        .text();
    assert!(
        none.contains("Nothing was posted") && none.contains("1,000,000.50 yuan"),
        "the opening balance"
    );
    let wrong = desk
        .get("/en/staff/books/accounts/assets:fund:cash?from=1%20April")
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text().contains("is no day"));
    assert_eq!(
        desk.get("/staff/books/accounts/assets:nowhere").await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_an_entry_stands_at_its_row_and_nothing_typed_is_lost() {
    let (_folder, nobody) = pond().await;
    let desk = nobody.signed_in(Role::Finance, None).await;
    let send = async |fields: &[(&str, &str)]| {
        let answer = desk.post_form("/en/staff/books/entries", fields).await;
        (answer.status, answer.text())
    };
    let legs = |debit: &'static str, account: &'static str| {
        [
            ("key", "k"),
            ("effective_on", "2018-03-01"),
            ("memo", "kept words"),
            ("account", "expenses:grants"),
            ("debit", debit),
            ("credit", ""),
            ("account", account),
            ("debit", ""),
            ("credit", "5"),
        ]
    };
    for (fields, said) in [
        (legs("4", "equity:pledge"), "differ by"),
        (legs("5", "assets:nowhere"), "There is no account"),
        (legs("x", "equity:pledge"), "href=\"#account-1\""),
        (legs("5", "assets:fund:cash"), "href=\"#account-2\""),
    ] {
        let (status, page) = send(&fields).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{said}");
        assert!(
            page.contains("kept words") && page.contains("value=\"expenses:grants\""),
            "{page}"
        );
        assert!(page.contains(said), "{said}: {page}");
    }
    let (status, page) = send(&[legs("4", "equity:pledge").as_slice(), &[("more", "1")]].concat()).await;
    assert_eq!(status, StatusCode::OK, "more rows are no fault");
    assert!(page.contains("account-6") && !page.contains("class=\"summary\""));
    let (_, page) = send(&[]).await;
    assert!(page.contains("href=\"#effective_on\""), "{page}");
    assert!(
        desk.get("/staff/books/entries")
            .await
            .text()
            .contains("还没有凭证")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_is_reversed_once_with_a_reason_and_both_know_each_other() {
    let (_folder, nobody) = pond().await;
    let desk = nobody.signed_in(Role::Finance, None).await;
    let entry = pledge(&desk, "2018-03-01", "多记了", "10").await;
    let path = format!("{entry}/reversal");
    let silent = desk
        .post_form(&path, &[("effective_on", "2018-03-02"), ("reason", " ")])
        .await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(silent.text().contains("请写明原因"));
    let before = desk
        .post_form(&path, &[("effective_on", "2018-02-02"), ("reason", "x")])
        .await;
    assert!(
        before.status == StatusCode::UNPROCESSABLE_ENTITY
            && before.text().contains("id=\"effective_on-fault\"")
    );
    let fields = [("effective_on", "2018-03-02"), ("reason", "重复")];
    let back = led(&desk.post_form(&path, &fields).await);
    assert_eq!(
        back,
        led(&desk.post_form(&path, &fields).await),
        "sent twice, it is one"
    );
    let (original, reversal) = (desk.get(&entry).await.text(), desk.get(&back).await.text());
    assert!(original.contains(&format!("href=\"{back}\"")) && !original.contains("/reversal\""));
    assert!(reversal.contains(&format!("href=\"{entry}\"")) && !reversal.contains("/reversal\""));
    let missing = desk.post_form("/staff/books/entries/99/reversal", &fields).await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_statement_and_the_list_of_entries_are_read_page_by_page() {
    let (_folder, nobody) = pond().await;
    let desk = nobody.signed_in(Role::Finance, None).await;
    for number in 1..=53 {
        pledge(
            &desk,
            &format!("2018-01-{:02}", number % 28 + 1),
            &format!("第{number}笔"),
            "2.00",
        )
        .await;
    }
    for path in [
        "/staff/books/entries",
        "/staff/books/accounts/assets:fund:cash?through=2018-12-31",
    ] {
        let first = desk.get(path).await.text();
        assert_eq!(first.matches("<tr><").count(), 51, "{path}");
        let next = first.split_once("\" rel=\"next\"").unwrap().0;
        let next = next.rsplit_once("href=\"").unwrap().1.replace("&#38;", "&");
        let rest = desk.get(&next).await.text();
        assert_eq!(rest.matches("<tr><").count(), 4, "{next}");
        assert!(!rest.contains("rel=\"next\"") && rest.contains("class=\"paging\""));
    }
    let last = desk.get("/staff/books/accounts/assets:fund:cash").await.text();
    let next = last
        .split_once("\" rel=\"next\"")
        .unwrap()
        .0
        .rsplit_once("href=\"")
        .unwrap()
        .1
        .to_owned();
    let rest = desk.get(&next.replace("&#38;", "&")).await.text();
    assert!(rest.contains(">106.00</td>"), "the balance goes on: {rest}");
}

#[tokio::test(flavor = "multi_thread")]
#[expect(
    clippy::too_many_lines,
    reason = "a story is read from its beginning to its end"
)]
async fn a_hold_is_posted_or_released_on_its_page_but_not_that_of_a_payment() {
    let (_folder, nobody) = pond().await;
    let desk = nobody.signed_in(Role::Finance, None).await;
    pledge(&desk, "2018-03-01", "本金", "10").await;
    let legs = |fen: i64| {
        let leg = |code: &str, fen| books::Leg {
            account: code.parse().unwrap(),
            amount: kernel::Money::from_fen(fen),
        };
        vec![leg("expenses:grants", fen), leg("assets:fund:cash", -fen)]
    };
    for (key, fen) in [
        ("h1", 100),
        ("h2", 200),
        ("payments:01890000-0000-7000-8000-000000000000:1", 300),
    ] {
        let new = books::NewHold {
            key: key.to_owned(),
            memo: format!("hold {key}"),
            evidence: vec![],
            legs: legs(fen),
            expires_at: None,
        };
        crate::write(&nobody.store, kernel::Actor::system(), move |ctx| {
            Box::pin(async move { books::hold(ctx, new).await.map(drop) })
        })
        .await;
    }
    let account = desk.get("/staff/books").await.text();
    assert!(
        account.contains(">6.00</td>") && account.contains(">4.00</td>"),
        "{account}"
    );
    let posted = desk
        .post_form("/staff/books/holds/1/posting", &[("effective_on", "2018-03-02")])
        .await;
    assert_eq!(led(&posted), "/staff/books/entries/2");
    let refused = desk
        .post_form("/staff/books/holds/2/posting", &[("effective_on", "x")])
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        led(&desk.post_form("/staff/books/holds/2/release", &[]).await),
        "/staff/books/holds/2"
    );
    let posted = desk.get("/staff/books/holds/1").await.text();
    assert!(posted.contains("href=\"/staff/books/entries/2\"") && !posted.contains("/posting\""));
    let of_payment = desk.get("/staff/books/holds/3").await.text();
    assert!(
        of_payment.contains("/staff/payments/lines/01890000"),
        "{of_payment}"
    );
    assert!(of_payment.contains("属于一笔付款或一个里程碑") && !of_payment.contains("/posting\""));
    let held = desk.get("/staff/books/holds?state=held").await.text();
    assert!(
        held.contains("hold payments:01890000-0000-7000-8000-000000000000:1") && !held.contains("hold h2")
    );
    assert!(
        desk.get("/staff/books/entries/2")
            .await
            .text()
            .contains("href=\"/staff/books/holds/1\"")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_trial_balance_as_of_a_day_and_the_files_for_other_programs() {
    let (_folder, nobody) = pond().await;
    let desk = nobody.signed_in(Role::Finance, None).await;
    pledge(&desk, "2018-03-01", "一", "10").await;
    pledge(&desk, "2018-06-01", "二", "5").await;
    let now = desk.get("/staff/books/trial-balance").await.text();
    let then = desk.get("/staff/books/trial-balance?on=2018-05-31").await.text();
    assert!(now.contains(">15.00</td>") && then.contains(">10.00</td>") && !then.contains(">15.00</td>"));
    let wrong = desk.get("/staff/books/trial-balance?on=x").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    for path in [
        "trial-balance/workbook",
        "accounts/equity:pledge/workbook?from=2018-01-01",
    ] {
        let file = desk.get(&format!("/staff/books/{path}")).await;
        assert!(file.header("content-disposition").ends_with(".xlsx\""), "{path}");
        let mut zip = zip::ZipArchive::new(std::io::Cursor::new(&file.bytes)).unwrap();
        let mut sheet = String::new();
        zip.by_name("xl/worksheets/sheet1.xml")
            .unwrap()
            .read_to_string(&mut sheet)
            .unwrap();
        assert!(sheet.contains("<v>15</v>"), "{sheet}");
    }
    for (form, said) in [
        ("hledger", "account assets:fund:cash"),
        ("beancount", "open Assets:Fund:Cash"),
    ] {
        let file = desk.get(&format!("/staff/books/journal/{form}")).await;
        assert!(file.header("content-disposition").contains("attachment"));
        let text = file.text();
        assert!(text.contains(said) && text.contains("2018-06-01"), "{text}");
    }
    assert_eq!(
        desk.get("/staff/books/journal/gnucash").await.status,
        StatusCode::NOT_FOUND
    );
}
