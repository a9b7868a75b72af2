//! How the registry is kept: in tables that a migration makes once, with a fact for each act, each once.

use jiff::civil::date;
use kernel::{Actor, Role};
use people::staff::PlaceFilter;
use registry::{HouseholdFacts, Relation};
use testkit::on_both;

use crate::village::{TODAY, Village, earned, household, member, register, say, village};

#[tokio::test]
async fn every_statement_stands_in_the_common_ground_of_both_databases() {
    on_both(async |store| {
        for statement in registry::STATEMENTS.iter().copied().flatten() {
            let prepared = store.prepare(statement).await;
            prepared.unwrap_or_else(|refusal| panic!("{statement}: {refusal}"));
        }
    })
    .await;
}

#[tokio::test]
async fn the_migration_runs_twice_without_harm_and_keeps_its_rows() {
    on_both(async |store| {
        let village = Village::new(store).await;
        village.take_all([("village", register(1))]).await;
        let file = if store.is_postgres() {
            include_str!("../../../../migrations/postgres/0015_create_registry.sql")
        } else {
            include_str!("../../../../migrations/sqlite/0015_create_registry.sql")
        };
        store.tamper(file).await;
        let page = village.registry.household(&PlaceFilter::All, household(1), TODAY);
        assert_eq!(page.await.unwrap().members.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn an_act_that_comes_again_changes_nothing_and_another_under_its_key_is_refused() {
    on_both(async |store| {
        let village = Village::new(store).await;
        assert_eq!(village.take("village", register(1)).await, Ok("now"));
        let facts = store.facts_page(0, 100).await.unwrap().len();
        assert_eq!(village.take("village", register(1)).await, Ok("again"));
        assert_eq!(store.facts_page(0, 100).await.unwrap().len(), facts);
        village
            .take_all([("village", say(1, "k", date(2018, 2, 1), earned(2017, 4_000)))])
            .await;
        let other = say(1, "k", date(2018, 2, 1), earned(2017, 5_000));
        assert_eq!(
            village.take("village", other).await.unwrap_err().code,
            "registry.key_taken"
        );
    })
    .await;
}

#[tokio::test]
async fn of_many_acts_all_are_taken_or_none_and_the_refused_one_is_named() {
    on_both(async |store| {
        let village = Village::new(store).await;
        let wrong = HouseholdFacts {
            exclusions: Some(["yacht".to_owned()].into()),
            ..HouseholdFacts::default()
        };
        let acts = vec![register(1), say(1, "k", date(2018, 2, 1), wrong)];
        let actor = Actor::new("village", Role::VillageWorker);
        let refusal = village.registry.take_all(actor, acts).await.unwrap_err();
        assert_eq!(
            (refusal.code, refusal.at.as_deref()),
            ("registry.no_such_exclusion", Some("2.facts.exclusions"))
        );
        let page = village.registry.household(&PlaceFilter::All, household(1), TODAY);
        assert_eq!(page.await.unwrap_err().code, "registry.no_such_household");
    })
    .await;
}

#[tokio::test]
async fn a_person_is_registered_once_and_the_refusal_shows_no_number() {
    on_both(async |store| {
        let village_registry = Village::new(store).await;
        village_registry.take_all([("village", register(1))]).await;
        let mut twin = member(91, "张玮", Relation::Head);
        twin.personal.resident_id = member(11, "", Relation::Head).personal.resident_id;
        let act = registry::Act::Register(registry::Register {
            household: household(9),
            place: village(),
            since: date(2018, 1, 10),
            facts: HouseholdFacts::default(),
            members: vec![twin.clone()],
            recognised_elsewhere: false,
            document: None,
        });
        let refusal = village_registry.take("village", act).await.unwrap_err();
        assert_eq!(
            (refusal.code, refusal.at.as_deref()),
            ("registry.resident_id_taken", Some("members.1.resident_id"))
        );
        let number = twin.personal.resident_id.unwrap();
        assert!(!format!("{refusal:?}").contains(&number));
    })
    .await;
}
