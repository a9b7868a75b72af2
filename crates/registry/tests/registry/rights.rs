//! Who may do what where: nobody takes a household or a person from a place that is not theirs.

use jiff::civil::date;
use kernel::{PlaceCode, Role};
use people::staff::{Grant, Viewer};
use registry::{Act, HouseholdFacts, Join, Relation, require, require_all};
use store::Store;
use testkit::on_both;

use crate::village::{Village, case, decide, household, member, register, review, say};

fn viewer(role: Role, place: &str) -> Viewer {
    Viewer {
        user: Some("01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap()),
        grants: vec![Grant {
            id: "01890a5d-ac96-774b-bcce-b302099a8058".parse().unwrap(),
            role,
            place: Some(place.parse().unwrap()),
            granted_at: jiff::Timestamp::UNIX_EPOCH,
            granted_by: String::new(),
        }],
        ..Viewer::nobody()
    }
}

async fn may(store: &Store, viewer: &Viewer, act: &Act) -> bool {
    require(&mut store.read().await.unwrap(), viewer, act)
        .await
        .is_ok()
}

#[tokio::test]
async fn a_village_keeps_its_own_and_a_township_reviews_and_a_county_decides() {
    on_both(async |store| {
        let village = Village::new(store).await;
        village
            .take_all([
                ("village", register(1)),
                (
                    "village",
                    village.apply(household(1), case(1), registry::CaseKind::Recognition),
                ),
            ])
            .await;
        let worker = viewer(Role::VillageWorker, "653130101201");
        let (town, county) = (
            viewer(Role::County, "653130101000"),
            viewer(Role::County, "653130"),
        );
        let neighbour = viewer(Role::VillageWorker, "653130101202");
        let (reviewed, decided) = (
            review(case(1), date(2018, 3, 13)),
            decide(case(1), date(2018, 3, 22), true),
        );
        assert!(may(store, &worker, &register(2)).await && !may(store, &neighbour, &register(2)).await);
        assert!(may(store, &town, &reviewed).await && !may(store, &worker, &reviewed).await);
        assert!(may(store, &county, &decided).await && !may(store, &town, &decided).await);
        let Act::Register(new) = register(2) else {
            panic!("a household")
        };
        let elsewhere = Act::Register(registry::Register {
            recognised_elsewhere: true,
            ..new
        });
        assert!(may(store, &county, &elsewhere).await && !may(store, &town, &elsewhere).await);
    })
    .await;
}

#[tokio::test]
async fn a_household_or_a_person_moves_only_by_who_has_the_right_at_both_ends() {
    on_both(async |store| {
        let village = Village::new(store).await;
        village.take_all([("village", register(1))]).await;
        let yuanyang: PlaceCode = "532528101201".parse().unwrap();
        let worker = viewer(Role::VillageWorker, "653130101201");
        let moved = HouseholdFacts {
            place: Some(yuanyang),
            ..HouseholdFacts::default()
        };
        assert!(!may(store, &worker, &say(1, "away", date(2018, 2, 1), moved)).await);
        let Act::Register(theirs) = register(2) else {
            panic!("a household")
        };
        let theirs = Act::Register(registry::Register {
            place: yuanyang,
            ..theirs
        });
        let taken = Act::Join(Join {
            key: "taken".to_owned(),
            household: household(2),
            since: date(2018, 2, 1),
            member: member(11, "张伟", Relation::Other),
            document: None,
        });
        let other = viewer(Role::VillageWorker, "532528101201");
        let acts = [theirs, taken];
        let refusal = require_all(&mut store.read().await.unwrap(), &other, &acts)
            .await
            .unwrap_err();
        assert_eq!((refusal.code, refusal.at.as_deref()), ("staff.denied", Some("2")));
    })
    .await;
}
