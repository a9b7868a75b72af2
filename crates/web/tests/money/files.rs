//! Lists of money as CSV: the rows of the page, filtered and masked as it is, and nothing a spreadsheet would compute.

use axum::http::StatusCode;
use kernel::Role;
use web::testing::Client;

use crate::books::pledge;
use crate::payments::{LINE, PAYEE, batch_fields, money};
use crate::{led, pond};

/// The lines of a file, which has to be one.
async fn lines(client: &Client, path: &str) -> Vec<String> {
    let answer = client.get(path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8", "{path}");
    assert!(
        answer.header("content-disposition").starts_with("attachment;"),
        "{path}"
    );
    assert_eq!(answer.header("cache-control"), "no-store", "{path}");
    let text = answer.text();
    let text = text.strip_prefix('\u{feff}').unwrap();
    text.lines().map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_books_are_had_as_files_filtered_as_their_pages_and_without_formulas() {
    let (_folder, nobody) = pond().await;
    let desk = nobody.signed_in(Role::Finance, None).await;
    pledge(&desk, "2018-03-01", "第一笔，\"整\"", "1000.5").await;
    let second = pledge(&desk, "2018-03-02", "=HYPERLINK(A1)", "2").await;
    let reversal = [("effective_on", "2018-03-02"), ("reason", "x")];
    led(&desk.post_form(&format!("{second}/reversal"), &reversal).await);

    let entries = lines(&desk, "/staff/books/entries.csv?after=3").await;
    assert_eq!(entries.len(), 4, "all of them, from whichever page: {entries:?}");
    assert!(entries[0].starts_with("凭证,日期,"), "{}", entries[0]);
    assert!(entries[1].starts_with("3,2018-03-02,"), "the newest first");
    assert!(
        entries[2].contains(",'=HYPERLINK(A1),2.00,,User"),
        "{}",
        entries[2]
    );
    assert!(
        entries[3].contains("\"第一笔，\"\"整\"\"\",1000.50"),
        "{}",
        entries[3]
    );

    let accounts = lines(&desk, "/en/staff/books.csv").await;
    assert_eq!(accounts.len(), 5, "{accounts:?}");
    assert!(accounts[0].starts_with("Code,Account,Kind,Owner,"));
    assert!(accounts[1].contains("Industrial and Commercial Bank of China,0.00,0.00,0.00,"));
    let own = lines(&desk, "/staff/books.csv?owner=bank:icbc").await;
    assert!(own.len() == 2 && own[1].contains("中国工商银行"), "{own:?}");
    let wrong = desk.get("/staff/books.csv?owner=nobody").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);

    assert_eq!(lines(&desk, "/staff/books/holds.csv?state=held").await.len(), 1);
    for page in ["/staff/books", "/staff/books/entries"] {
        let text = desk.get(page).await.text();
        assert!(text.contains(&format!("href=\"{page}.csv\"")), "{page}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn payments_are_had_as_files_masked_and_by_each_county_its_own_only() {
    let (_folder, nobody) = pond().await;
    money(&nobody).await;
    let wang = nobody.signed_in(Role::Finance, None).await;
    let county = nobody.signed_in(Role::County, Some("621226")).await;
    let batch = led(&wang.post_form("/staff/payments", &batch_fields("b-1", "")).await);
    let mut line = LINE;
    line[0] = ("key", "+86");
    led(&wang.post_form(&format!("{batch}/lines"), &line).await);

    let batches = lines(&wang, "/staff/payments.csv").await;
    assert!(
        batches.len() == 2 && batches[1].starts_with("b-1,"),
        "{batches:?}"
    );
    let payments = lines(&wang, &format!("{batch}/payments.csv")).await;
    assert_eq!(payments.len(), 2, "{payments:?}");
    assert!(
        payments[1].starts_with("1,'+86,李**,") && payments[1].contains(",100.00,0.00,"),
        "{}",
        payments[1]
    );
    assert!(!payments[1].contains(PAYEE) && !payments[1].contains("李兰"));

    assert_eq!(lines(&county, "/staff/payments.csv").await.len(), 1);
    let hidden = county.get(&format!("{batch}/payments.csv")).await;
    assert_eq!(hidden.status, StatusCode::NOT_FOUND);
    let books = county.get("/staff/books/entries.csv").await;
    assert_eq!(books.status, StatusCode::FORBIDDEN);
}
