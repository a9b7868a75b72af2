//! Someone who is written down twice: found when it happens, decided by people, taken back where that was wrong.

use jiff::civil::date;
use kernel::Refusal;
use people::staff::PlaceFilter;
use registry::{
    Act, AsOf, Distinct, Member, Merge, PairLine, PairState, PersonId, Personal, Register, Relation,
    SayPerson, Unmerge,
};
use testkit::on_both;

use crate::village::{Village, household, member, person, register, resident_id, village};

/// A second household in which the head of the first stands again, as someone else heard his name.
fn again(number: u8, head: Member) -> Act {
    Act::Register(Register {
        household: household(number),
        place: village(),
        since: date(2018, 2, 1),
        facts: registry::HouseholdFacts::default(),
        members: vec![head],
        recognised_elsewhere: false,
        document: None,
    })
}

/// 张伟 of household 1 as 章伟, without his number, under a number of their own.
fn heard_wrong(number: u8) -> Member {
    let mut heard = member(number, "章伟", Relation::Head);
    heard.personal = Personal {
        name: Some("章伟".to_owned()),
        phone: member(11, "", Relation::Head).personal.phone,
        bank_account: Some("6228480000000077".to_owned()),
        ..Personal::default()
    };
    heard
}

fn merge(key: &str, keep: PersonId, gone: PersonId) -> Act {
    Act::Merge(Merge {
        key: key.to_owned(),
        keep,
        gone,
        on: date(2018, 3, 1),
        reason: "入户核实为同一人".to_owned(),
        document: None,
    })
}

fn unmerge(key: &str, gone: PersonId) -> Act {
    Act::Unmerge(Unmerge {
        key: key.to_owned(),
        gone,
        on: date(2018, 4, 1),
        reason: "系堂兄弟".to_owned(),
        document: None,
    })
}

fn distinct(one: PersonId, other: PersonId) -> Act {
    Act::Distinct(Distinct {
        key: "d1".to_owned(),
        one,
        other,
        on: date(2018, 3, 1),
        reason: "两人均在村".to_owned(),
        document: None,
    })
}

async fn open(village: &Village) -> Vec<PairLine> {
    village.registry.open_pairs(&PlaceFilter::All).await.unwrap()
}

async fn code(village: &Village, act: Act) -> &'static str {
    let refused: Refusal = village.take("town", act).await.unwrap_err();
    refused.code
}

async fn living_in(village: &Village, number: u8) -> Vec<PersonId> {
    let today = crate::village::TODAY;
    let page = village
        .registry
        .household(&PlaceFilter::All, household(number), today)
        .await
        .unwrap();
    page.members.iter().map(|member| member.person).collect()
}

#[tokio::test]
async fn whoever_is_written_down_again_with_a_slip_waits_as_a_pair_that_explains_itself() {
    on_both(async |store| {
        let village = Village::new(store).await;
        village
            .take_all([("village", register(1)), ("village", again(2, heard_wrong(21)))])
            .await;
        let pairs = open(&village).await;
        let [pair] = pairs.as_slice() else {
            panic!("{pairs:?}")
        };
        assert_eq!(
            pair.sides.each_ref().map(|side| side.person),
            [person(11), person(21)]
        );
        assert!(pair.ppm > 990_000, "{pair:?}");
        let level = |field: &str| {
            pair.parts
                .iter()
                .find(|part| part.field == field)
                .unwrap()
                .level
                .clone()
        };
        assert_eq!(level("name"), "same_sound");
        assert_eq!(level("born_on"), "equal");
        assert_eq!(level("resident_id"), "missing");
        // Brothers born on one day with the same phone are not one person, and neither is anyone else of the household.
        assert!(
            village
                .registry
                .pairs_of(&PlaceFilter::All, person(12))
                .await
                .unwrap()
                .is_empty()
        );
        let nowhere = PlaceFilter::Within(Vec::new());
        assert!(village.registry.open_pairs(&nowhere).await.unwrap().is_empty());
        assert!(
            village
                .registry
                .pair(&nowhere, person(11), person(21))
                .await
                .is_err()
        );
    })
    .await;
}

#[tokio::test]
async fn a_correction_that_makes_two_unlike_closes_their_pair_and_another_opens_it_again() {
    on_both(async |store| {
        let village = Village::new(store).await;
        village
            .take_all([("village", register(1)), ("village", again(2, heard_wrong(21)))])
            .await;
        let corrected = |key: &str, birth_on| {
            let mut facts = heard_wrong(21).facts;
            facts.birth_on = Some(birth_on);
            let said = SayPerson {
                key: key.to_owned(),
                person: person(21),
                since: date(2018, 2, 1),
                personal: Personal::default(),
                facts,
                document: None,
            };
            ("village", Act::Person(said))
        };
        village.take_all([corrected("c1", date(1967, 5, 23))]).await;
        assert_eq!(open(&village).await, []);
        let pair = village
            .registry
            .pair(&PlaceFilter::All, person(21), person(11))
            .await
            .unwrap();
        assert_eq!(pair.state, PairState::Unlike);
        village.take_all([corrected("c2", date(1980, 1, 1))]).await;
        assert_eq!(open(&village).await.len(), 1);
    })
    .await;
}

#[expect(clippy::too_many_lines, reason = "one way, told in its order")]
#[tokio::test]
async fn a_merged_person_is_counted_once_and_fills_in_what_was_not_said_and_both_stand_again_when_it_is_taken_back()
 {
    on_both(async |store| {
        let village = Village::new(store).await;
        let mut second = heard_wrong(21);
        second.facts.disability = Some(2);
        village
            .take_all([("village", register(1)), ("village", again(2, second))])
            .await;
        let before = village
            .registry
            .household_then(&PlaceFilter::All, household(2), AsOf::NOW)
            .await
            .unwrap();
        let known = AsOf {
            day: date(2018, 6, 1),
            known: 5,
        };
        village
            .take_all([("town", merge("m1", person(11), person(21)))])
            .await;
        assert_eq!(
            village
                .take("town", merge("m1", person(11), person(21)))
                .await
                .unwrap(),
            "again"
        );
        assert_eq!(living_in(&village, 1).await.len(), 2);
        assert_eq!(living_in(&village, 2).await, []);
        let page = village
            .registry
            .household(&PlaceFilter::All, household(1), crate::village::TODAY)
            .await
            .unwrap();
        assert_eq!(
            page.members[0].facts.disability,
            Some(2),
            "what only the second record says"
        );
        assert_eq!(page.members[0].who.name, "张**", "what the kept record says");
        // The emptied household counts nowhere, and is found no more; what it was known by leads to the one who is kept.
        let board = village
            .registry
            .board(&PlaceFilter::All, crate::village::TODAY)
            .await
            .unwrap();
        assert_eq!(board.villages[0].households.values().sum::<i64>(), 1);
        let found = village.registry.search(&PlaceFilter::All, "章伟").await.unwrap();
        assert_eq!(
            found.iter().map(|one| one.person).collect::<Vec<_>>(),
            [person(11)]
        );
        // What was known before stays known as it was.
        let then = village
            .registry
            .household_then(&PlaceFilter::All, household(2), known)
            .await
            .unwrap();
        assert_eq!(then, before);
        assert_eq!(open(&village).await, []);

        village.take_all([("town", unmerge("u1", person(21)))]).await;
        assert_eq!(living_in(&village, 2).await, [person(21)]);
        let then = village
            .registry
            .household_then(&PlaceFilter::All, household(1), AsOf::NOW)
            .await
            .unwrap();
        assert!(then.1.iter().all(|member| member.facts.disability.is_none()));
        let board = village
            .registry
            .board(&PlaceFilter::All, crate::village::TODAY)
            .await
            .unwrap();
        assert_eq!(board.villages[0].households.values().sum::<i64>(), 2);
        let pair = village
            .registry
            .pair(&PlaceFilter::All, person(11), person(21))
            .await
            .unwrap();
        assert_eq!(pair.state, PairState::Different);
        assert_eq!(open(&village).await, []);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_one_person_or_was_decided_already_is_refused_and_changes_nothing() {
    on_both(async |store| {
        let village = Village::new(store).await;
        village
            .take_all([
                ("village", register(1)),
                ("village", again(2, heard_wrong(21))),
                ("village", again(3, heard_wrong(31))),
            ])
            .await;
        assert_eq!(
            code(&village, merge("m", person(11), person(11))).await,
            "registry.same_person"
        );
        assert_eq!(
            code(&village, unmerge("u", person(21))).await,
            "registry.not_merged"
        );
        village
            .take_all([("town", merge("m1", person(11), person(21)))])
            .await;
        assert_eq!(
            code(&village, merge("m2", person(11), person(21))).await,
            "registry.merged_already"
        );
        assert_eq!(
            code(&village, merge("m3", person(31), person(11))).await,
            "registry.has_merged"
        );
        assert_eq!(
            code(&village, merge("m4", person(21), person(31))).await,
            "registry.merged_already"
        );
        assert_eq!(
            code(&village, distinct(person(21), person(31))).await,
            "registry.merged_already"
        );
        // The third record is told apart from the one who is kept; nobody asks again.
        village
            .take_all([("town", distinct(person(31), person(11)))])
            .await;
        assert_eq!(open(&village).await, []);
        // Money to the one who is kept does not wait; his number cannot be given to the one who is gone when it is taken back.
        let number = resident_id("65313019800101111");
        assert_eq!(
            village
                .registry
                .search(&PlaceFilter::All, &number)
                .await
                .unwrap()
                .len(),
            1
        );
    })
    .await;
}

#[tokio::test]
async fn an_open_case_of_a_household_that_would_be_emptied_is_ended_first() {
    on_both(async |store| {
        let village = Village::new(store).await;
        let kind = registry::CaseKind::Recognition;
        village
            .take_all([
                ("village", register(1)),
                ("village", again(2, heard_wrong(21))),
                (
                    "village",
                    village.apply(household(2), crate::village::case(1), kind),
                ),
            ])
            .await;
        assert_eq!(
            code(&village, merge("m1", person(11), person(21))).await,
            "registry.case_open"
        );
        assert_eq!(living_in(&village, 2).await, [person(21)]);
        assert_eq!(open(&village).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_run_over_everyone_finds_who_was_there_before() {
    on_both(async |store| {
        let village = Village::new(store).await;
        village
            .take_all([("village", register(1)), ("village", again(2, heard_wrong(21)))])
            .await;
        let actor = kernel::Actor::new("county", kernel::Role::County);
        let found = village.registry.find_repeats(actor).await.unwrap();
        assert_eq!(found.persons, 3);
        assert_eq!(open(&village).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_was_not_said_of_birth_and_sex_the_number_says() {
    on_both(async |store| {
        let village = Village::new(store).await;
        let mut numbered = member(11, "张伟", Relation::Head);
        (numbered.facts.birth_on, numbered.facts.sex) = (None, None);
        village
            .take_all([
                ("village", again(1, numbered)),
                ("village", again(2, heard_wrong(21))),
            ])
            .await;
        let pairs = open(&village).await;
        let born = pairs[0].parts.iter().find(|part| part.field == "born_on");
        assert_eq!(born.unwrap().level, "equal");
    })
    .await;
}
