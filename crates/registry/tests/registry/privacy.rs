//! What names a person stays sealed, masked and out of the journal, and is gone when they are erased.

use kernel::PlaceCode;
use people::staff::PlaceFilter;
use registry::Relation;
use testkit::{TestStore, on_both};

use crate::village::{TODAY, Village, household, member, person, register};

#[tokio::test]
async fn a_stolen_database_file_and_the_journal_reveal_no_number_and_no_name() {
    let store = TestStore::sqlite().await;
    let village = Village::new(&store).await;
    village.take_all([("village", register(1))]).await;
    let facts = format!("{:?}", store.facts_page(0, 100).await.unwrap());
    let mut kept = Vec::new();
    for name in ["fishpond.db", "fishpond.db-wal"] {
        kept.extend(std::fs::read(store.folder().join(name)).unwrap());
    }
    let personal = member(11, "张伟", Relation::Head).personal;
    for (field, value) in personal.said() {
        assert!(!facts.contains(value), "{field} in the journal");
        let found = kept.windows(value.len()).any(|window| window == value.as_bytes());
        assert!(!found, "{field} in the file");
    }
    assert!(
        kept.windows(10).any(|window| window == b"registered"),
        "the file was read"
    );
}

#[tokio::test]
async fn a_person_is_found_by_number_phone_account_name_sound_and_letters_and_shown_masked() {
    on_both(async |store| {
        let village = Village::new(store).await;
        village.take_all([("village", register(1))]).await;
        let personal = member(11, "张伟", Relation::Head).personal;
        let numbers = [personal.resident_id, personal.phone, personal.bank_account];
        let typed = numbers.iter().flatten().map(String::as_str);
        for text in typed.chain(["张", "张伟", "zhang", "Zhang Wei", "zw"]) {
            let found = village.registry.search(&PlaceFilter::All, text).await.unwrap();
            assert_eq!(found.len(), 1, "{text}");
            let who = &found.first().unwrap().who;
            assert_eq!(who.name, "张**");
            assert!(who.resident_id.as_ref().unwrap().contains("******"));
            assert_eq!(who.phone.as_deref(), Some("*********11"));
        }
        for text in ["", "·", "伟", "王", "653130198001011"] {
            assert_eq!(
                village.registry.search(&PlaceFilter::All, text).await,
                Ok(vec![]),
                "{text}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn another_county_finds_and_opens_nothing() {
    on_both(async |store| {
        let village = Village::new(store).await;
        village.take_all([("village", register(1))]).await;
        let other: PlaceCode = "532528".parse().unwrap();
        let seen = PlaceFilter::Within(vec![other]);
        assert_eq!(village.registry.search(&seen, "张伟").await, Ok(vec![]));
        let page = village.registry.household(&seen, household(1), TODAY).await;
        assert_eq!(page.unwrap_err().code, "registry.no_such_household");
        let revealed = village.registry.reveal(&seen, person(11)).await;
        assert_eq!(revealed.unwrap_err().code, "registry.no_such_person");
        let own = PlaceFilter::Within(vec!["653130".parse().unwrap()]);
        assert_eq!(village.registry.search(&own, "张伟").await.unwrap().len(), 1);
        let revealed = village.registry.reveal(&own, person(11)).await.unwrap();
        assert_eq!(revealed.name.as_deref(), Some("张伟"));
        assert!(!format!("{revealed:?}").contains("张伟"));
    })
    .await;
}
