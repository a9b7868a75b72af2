//! Recognition and exit: the steps in their turn, the rules, and decisions that come out again.

use jiff::civil::date;
use registry::{Act, CaseKind, CaseState, Guarantee, Status};
use store::Store;
use testkit::on_both;

use people::staff::PlaceFilter;

use crate::village::{
    TODAY, Village, announce, answer, case, decide, earned, household, looked_at, object, register, review,
    say,
};

/// A poor household: 2,000 yuan a head, with a house that is not safe.
async fn poor(store: &Store) -> Village {
    let village = Village::new(store).await;
    village
        .take_all([
            ("village", register(1)),
            (
                "village",
                say(1, "income", date(2018, 1, 20), earned(2017, 4_000)),
            ),
            (
                "village",
                say(1, "looked", date(2018, 1, 20), looked_at(&[Guarantee::Housing])),
            ),
        ])
        .await;
    village
}

/// The same, its case of recognition at the second notice.
async fn noticed(store: &Store) -> Village {
    let village = poor(store).await;
    village
        .take_all(village.to_second_notice(household(1), case(1), CaseKind::Recognition))
        .await;
    village
}

async fn state(village: &Village) -> (Status, CaseState) {
    let page = village.registry.household(&PlaceFilter::All, household(1), TODAY);
    let page = page.await.unwrap();
    (page.state.status, page.cases.first().unwrap().state)
}

#[tokio::test]
async fn a_household_is_recognised_by_the_whole_procedure_and_leaves_by_the_same() {
    on_both(async |store| {
        let village = noticed(store).await;
        village
            .take_all([
                ("county", decide(case(1), date(2018, 3, 22), true)),
                ("county", announce(case(1), date(2018, 3, 23))),
            ])
            .await;
        assert_eq!(state(&village).await, (Status::Poor, CaseState::Announced));
        let replay = village.registry.replay(case(1)).await.unwrap();
        assert!(replay.agrees() && replay.granted);
        assert_eq!(replay.then.holds, Some(true));

        let exit = village.apply(household(1), case(2), CaseKind::Exit);
        assert_eq!(village.take("village", exit).await, Ok("now"));
    })
    .await;
}

#[tokio::test]
async fn what_is_learned_later_changes_no_decision_that_was_made() {
    on_both(async |store| {
        let village = noticed(store).await;
        village
            .take_all([
                ("county", decide(case(1), date(2018, 3, 22), true)),
                // It had earned ten times as much all the while, and a house was built.
                (
                    "village",
                    say(1, "found-out", date(2018, 1, 21), earned(2017, 40_000)),
                ),
                ("village", say(1, "built", date(2018, 2, 1), looked_at(&[]))),
            ])
            .await;
        let replay = village.registry.replay(case(1)).await.unwrap();
        assert!(replay.agrees());
        let page = village.registry.household(&PlaceFilter::All, household(1), TODAY);
        assert_eq!(page.await.unwrap().verdict.unwrap().holds, Some(false));
    })
    .await;
}

#[tokio::test]
async fn the_rules_stop_a_grant_and_name_the_conditions() {
    on_both(async |store| {
        let village = Village::new(store).await;
        village
            .take_all([
                ("village", register(1)),
                (
                    "village",
                    say(1, "income", date(2018, 1, 20), earned(2017, 4_000)),
                ),
            ])
            .await;
        village
            .take_all(village.to_second_notice(household(1), case(1), CaseKind::Recognition))
            .await;
        let grant = |day| decide(case(1), date(2018, 3, day), true);
        let refusal = village.take("county", grant(22)).await.unwrap_err();
        assert_eq!(
            refusal.code, "registry.unknown_by_rule",
            "nobody looked at the exclusion list"
        );
        village
            .take_all([
                ("village", say(1, "looked", date(2018, 1, 20), looked_at(&[]))),
                ("village", say(1, "more", date(2018, 1, 21), earned(2017, 10_000))),
            ])
            .await;
        let refusal = village.take("county", grant(22)).await.unwrap_err();
        assert_eq!(refusal.code, "registry.not_by_rule");
        let refused = decide(case(1), date(2018, 3, 22), false);
        assert_eq!(village.take("county", refused).await, Ok("now"));
        assert_eq!(state(&village).await, (Status::Registered, CaseState::Refused));
    })
    .await;
}

#[tokio::test]
async fn no_step_is_taken_out_of_turn_while_a_notice_stands_or_by_a_hand_that_was_in_it() {
    on_both(async |store| {
        let village = poor(store).await;
        let steps = village.to_second_notice(household(1), case(1), CaseKind::Recognition);
        let refused = async |who: &'static str, act| village.take(who, act).await.unwrap_err().code;
        village.take_all(steps[..1].to_vec()).await;
        let notice = village.notice(case(1), 1, date(2018, 3, 5));
        assert_eq!(refused("village", notice).await, "registry.out_of_turn");
        let twice = village.apply(household(1), case(2), CaseKind::Recognition);
        assert_eq!(refused("village", twice).await, "registry.case_open");
        let more = village.appraise(case(1), (100, 101, 70, 5));
        assert_eq!(refused("village", more).await, "registry.votes_do_not_add_up");
        village.take_all(steps[1..3].to_vec()).await;
        assert_eq!(
            refused("town", review(case(1), date(2018, 3, 12))).await,
            "registry.notice_stands"
        );
        assert_eq!(
            refused("village", review(case(1), date(2018, 3, 13))).await,
            "registry.own_case"
        );
        village.take_all(steps[3..].to_vec()).await;
        assert_eq!(
            refused("town", decide(case(1), date(2018, 3, 22), true)).await,
            "registry.own_case"
        );
        let future = decide(case(1), date(2018, 7, 3), true);
        assert_eq!(refused("county", future).await, "registry.future_day");
    })
    .await;
}

#[tokio::test]
async fn an_objection_holds_a_case_up_and_an_upheld_one_ends_it() {
    on_both(async |store| {
        let village = poor(store).await;
        let steps = village.to_second_notice(household(1), case(1), CaseKind::Recognition);
        village.take_all(steps[..3].to_vec()).await;
        let late = object(case(1), "late", date(2018, 3, 13));
        assert_eq!(
            village.take("village", late).await.unwrap_err().code,
            "registry.no_notice_stands"
        );
        village
            .take_all([("village", object(case(1), "car", date(2018, 3, 8)))])
            .await;
        let review = review(case(1), date(2018, 3, 13));
        assert_eq!(
            village.take("town", review).await.unwrap_err().code,
            "registry.objection_open"
        );
        village
            .take_all([("village", answer("car", date(2018, 3, 10), true))])
            .await;
        assert_eq!(state(&village).await, (Status::Registered, CaseState::TurnedDown));
        let again = answer("car", date(2018, 3, 10), false);
        assert_eq!(
            village.take("village", again).await.unwrap_err().code,
            "registry.key_taken"
        );
    })
    .await;
}

#[tokio::test]
async fn a_household_that_was_turned_down_appeals_and_wins() {
    on_both(async |store| {
        let village = poor(store).await;
        let few = village.appraise(case(1), (100, 60, 55, 5));
        village
            .take_all([
                (
                    "village",
                    village.apply(household(1), case(1), CaseKind::Recognition),
                ),
                ("village", few),
            ])
            .await;
        assert_eq!(state(&village).await.1, CaseState::TurnedDown);
        village
            .take_all([
                ("village", object(case(1), "appeal", date(2018, 3, 4))),
                ("town-clerk", answer("appeal", date(2018, 3, 4), true)),
                ("village", village.notice(case(1), 1, date(2018, 3, 5))),
                ("town", review(case(1), date(2018, 3, 13))),
                ("town-clerk", village.notice(case(1), 2, date(2018, 3, 14))),
                ("county", decide(case(1), date(2018, 3, 22), true)),
                ("county", announce(case(1), date(2018, 3, 22))),
            ])
            .await;
        assert_eq!(state(&village).await, (Status::Poor, CaseState::Announced));
    })
    .await;
}

#[tokio::test]
async fn a_household_struck_off_its_notice_appeals_and_goes_the_whole_way_again() {
    on_both(async |store| {
        let village = poor(store).await;
        let steps = village.to_second_notice(household(1), case(1), CaseKind::Recognition);
        village.take_all(steps[..3].to_vec()).await;
        village
            .take_all([
                ("village", object(case(1), "car", date(2018, 3, 5))),
                ("town-clerk", answer("car", date(2018, 3, 5), true)),
                ("village", object(case(1), "appeal", date(2018, 3, 5))),
                ("town-clerk", answer("appeal", date(2018, 3, 5), true)),
            ])
            .await;
        let photo = store.documents().put(b"another photo".to_vec()).await.unwrap();
        let again = Act::Notice(registry::Notice {
            case: case(1),
            number: 1,
            on: date(2018, 3, 5),
            document: photo,
        });
        assert_eq!(village.take("village", again.clone()).await, Ok("now"));
        assert_eq!(village.take("village", again).await, Ok("again"));
        let disagrees = Act::Review(registry::Review {
            case: case(1),
            on: date(2018, 3, 18),
            agreed: false,
            reason: "还需核实".to_owned(),
        });
        village
            .take_all([
                ("town", disagrees),
                ("village", object(case(1), "appeal-2", date(2018, 3, 19))),
                ("town-clerk", answer("appeal-2", date(2018, 3, 19), true)),
                ("village", village.notice(case(1), 1, date(2018, 3, 20))),
                ("county-clerk", review(case(1), date(2018, 3, 28))),
                ("village", village.notice(case(1), 2, date(2018, 3, 29))),
                ("county", decide(case(1), date(2018, 4, 6), true)),
                ("county", announce(case(1), date(2018, 4, 6))),
            ])
            .await;
        assert_eq!(state(&village).await, (Status::Poor, CaseState::Announced));
    })
    .await;
}

#[tokio::test]
async fn a_notice_that_stands_is_read_by_everyone_with_the_head_masked_and_ends_with_its_day() {
    on_both(async |store| {
        let village = noticed(store).await;
        let notices = village
            .registry
            .notices(date(2018, 3, 21), None, 10)
            .await
            .unwrap();
        let [notice] = notices.as_slice() else {
            panic!("{notices:?}")
        };
        assert_eq!(
            (notice.head.as_str(), notice.members, notice.number),
            ("张**", 2, 2)
        );
        assert_eq!((notice.case, notice.until), (case(1), date(2018, 3, 21)));
        assert_eq!(
            village.registry.notices(date(2018, 3, 22), None, 10).await,
            Ok(vec![])
        );
    })
    .await;
}
