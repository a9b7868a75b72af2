//! The list of places: found by name, pinyin and code, and sorted by plain links.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use tempfile::TempDir;
use web::testing::{Client, site};

async fn client() -> (TempDir, Client) {
    let folder = TempDir::new().unwrap();
    let client = Client::of(site(folder.path()).await);
    (folder, client)
}

/// The codes of the places listed, from the first.
fn codes(page: &str) -> Vec<&str> {
    let rows = page.split("<th scope=\"row\"><a href=\"/places/").skip(1);
    rows.map(|row| &row[..6]).collect()
}

#[tokio::test]
async fn a_place_is_found_by_its_chinese_name_its_pinyin_and_its_code() {
    let (_folder, client) = client().await;
    for q in [
        "%E7%A4%BC%E5%8E%BF",
        "lixian",
        "621226",
        "%E7%94%98%E8%82%83%E7%A4%BC%E5%8E%BF",
    ] {
        let page = client.get(&format!("/places?q={q}")).await.text();
        let found = codes(&page);
        assert!(found.contains(&"621226"), "{q}: {found:?}");
    }
    let none = client.get("/places?q=zzz%3Cb%3E").await.text();
    assert!(codes(&none).is_empty() && none.contains("没有符合的地方") && !none.contains("<b>"));
}

#[tokio::test]
async fn a_list_is_turned_by_its_heads_and_what_is_no_column_is_no_order() {
    let (_folder, client) = client().await;
    let by_name = client.get("/places?sort=name").await.text();
    let (rising, turned) = (codes(&by_name), client.get("/places?sort=-name").await.text());
    assert!(rising.len() > 2 && rising.is_sorted(), "{rising:?}");
    let mut falling = codes(&turned);
    falling.reverse();
    assert_eq!(falling, rising);
    assert!(by_name.contains("aria-sort=\"ascending\"><a class=\"sort\" href=\"/places?sort=-name\""));
    let plain = client.get("/places").await.text();
    assert!(plain.contains("aria-sort=\"descending\"><a class=\"sort\" href=\"/places?sort=-value\""));
    let strange = client.get("/places?sort=amount").await.text();
    assert_eq!(codes(&strange), codes(&plain));
    assert_ne!(codes(&plain), rising);
}
