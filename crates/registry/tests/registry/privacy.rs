//! What names a person stays sealed, masked and out of the journal, and is gone when they are erased.

use jiff::civil::date;
use kernel::PlaceCode;
use people::staff::PlaceFilter;
use registry::{Act, Erase, Leave, Leaving, Relation};
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

fn leave(number: u8) -> Act {
    Act::Leave(Leave {
        person: person(number),
        on: date(2018, 5, 1),
        reason: Leaving::Moved,
        document: None,
    })
}

fn erase(number: u8) -> Act {
    Act::Erase(Erase {
        person: person(number),
        on: date(2018, 6, 1),
        reason: "本人申请".to_owned(),
        document: None,
    })
}

#[tokio::test]
async fn whoever_left_may_be_erased_and_then_nothing_opens_or_finds_them_and_the_journal_still_holds() {
    on_both(async |store| {
        let village = Village::new(store).await;
        village.take_all([("village", register(1))]).await;
        let refused = village.take("county", erase(12)).await.unwrap_err();
        assert_eq!(refused.code, "registry.still_member");
        village
            .take_all([("village", leave(12)), ("county", erase(12))])
            .await;
        assert_eq!(village.take("county", erase(12)).await.unwrap(), "again");
        let personal = member(12, "李娜", Relation::Sibling).personal;
        for (field, value) in personal.said() {
            assert_eq!(
                village.registry.search(&PlaceFilter::All, value).await,
                Ok(vec![]),
                "{field}"
            );
        }
        let revealed = village
            .registry
            .reveal(&PlaceFilter::All, person(12))
            .await
            .unwrap();
        assert_eq!(revealed.said().count(), 0);
        let own = village.registry.own_data(&PlaceFilter::All, person(12)).await;
        assert_eq!(own.unwrap_err().code, "registry.erased");
        // What was sent late, and what would say more, is refused; what was counted stays.
        assert_eq!(village.take("village", register(1)).await.unwrap(), "again");
        assert_eq!(village.take("village", leave(12)).await.unwrap(), "again");
        let mut late = leave(12);
        if let Act::Leave(late) = &mut late {
            late.on = date(2018, 5, 2);
        }
        assert_eq!(
            village.take("village", late).await.unwrap_err().code,
            "registry.erased"
        );
        let page = village
            .registry
            .household(&PlaceFilter::All, household(1), TODAY)
            .await
            .unwrap();
        assert_eq!(page.members.len(), 1);
        assert!(store.verify_facts().await.unwrap().findings.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_person_gets_everything_that_is_kept_of_them_in_full() {
    on_both(async |store| {
        let village = Village::new(store).await;
        village
            .take_all([("village", register(1)), ("village", leave(12))])
            .await;
        let own = village
            .registry
            .own_data(&PlaceFilter::All, person(12))
            .await
            .unwrap();
        assert_eq!(own.personal, member(12, "李娜", Relation::Sibling).personal);
        assert_eq!(own.households, [household(1)]);
        assert_eq!(own.statements.len(), 2);
        assert_eq!(own.statements[0].personal, own.personal);
        assert!(serde_json::to_string(&own).unwrap().contains("李娜"));
        let elsewhere = PlaceFilter::Within(vec!["532528".parse().unwrap()]);
        let refused = village
            .registry
            .own_data(&elsewhere, person(12))
            .await
            .unwrap_err();
        assert_eq!(refused.code, "registry.no_such_person");
    })
    .await;
}
