//! Counties, targets, days and visits, and what figures get to count of them.

use fund::{
    Act, DutyProgress, Measurement, NewDuty, NewEvent, NewModelCounty, NewPairing, NewTarget, NewVisit,
    StaffDay, TargetOwner,
};
use jiff::civil::{Date, date};
use kernel::{PlaceCode, Text};
use people::staff::PlaceFilter;
use programme::journal::JournalValue;
use testkit::{TestStore, on_both};

use crate::teller::{TODAY, Teller};

const BACHU: &str = "653130";

fn place(code: &str) -> PlaceCode {
    code.parse().unwrap()
}

fn text(words: &str) -> Text {
    Text::new(words, words)
}

async fn counties(store: &TestStore) -> Teller<'_> {
    let teller = Teller::new(store).await;
    let model = Act::ModelCounty(NewModelCounty {
        place: place(BACHU),
        named_on: date(2018, 1, 18),
        product: text("melon"),
    });
    for act in [teller.act(&["own", "commerce", "2017-12-01"]), model] {
        assert_eq!(teller.take("lan", act).await.unwrap(), "now");
    }
    teller
}

fn day(person: &str, on: Date, halves: u32) -> Act {
    Act::StaffDay(StaffDay {
        person: person.to_owned(),
        on,
        pillar: "commerce".to_owned(),
        place: Some(place(BACHU)),
        halves,
    })
}

#[tokio::test]
async fn nobody_works_more_than_a_day_a_day_and_persons_are_counted_without_their_ids() {
    on_both(async |store| {
        let teller = counties(store).await;
        let own = teller.act(&["own", "health", "2017-12-01"]);
        teller.take("lan", own).await.unwrap();
        for (act, wanted) in [
            (day("u-secret", date(2018, 3, 1), 1), "now"),
            (day("u-secret", date(2018, 3, 1), 1), "again"),
            (day("u-secret", date(2018, 3, 2), 2), "now"),
            (day("u-other", date(2018, 3, 2), 2), "now"),
            (day("u-late", date(2017, 12, 31), 2), "now"),
        ] {
            assert_eq!(teller.take("lan", act).await.unwrap(), wanted);
        }
        let Act::StaffDay(mut second) = day("u-secret", date(2018, 3, 2), 1) else {
            unreachable!()
        };
        second.pillar = "health".to_owned();
        let refusal = teller.take("lan", Act::StaffDay(second)).await.unwrap_err();
        assert_eq!(refusal.code, "fund.more_than_a_day");

        let period = "2018H1".parse().unwrap();
        let tables = fund::journal_rows(&mut store.read().await.unwrap(), period)
            .await
            .unwrap();
        let days = tables
            .iter()
            .find(|rows| rows.table.name == "fund_staff_days")
            .unwrap();
        let persons: std::collections::BTreeSet<&JournalValue> =
            days.rows.iter().map(|row| &row[0]).collect();
        assert_eq!((days.rows.len(), persons.len()), (3, 2));
        assert!(!format!("{tables:?}").contains("secret"));
        for rows in &tables {
            assert!(
                rows.rows.iter().all(|row| row.len() == rows.table.columns.len()),
                "{}",
                rows.table.name
            );
        }
    })
    .await;
}

#[tokio::test]
async fn a_target_shows_what_was_measured_last_and_only_model_counties_and_pillars_have_one() {
    on_both(async |store| {
        let teller = counties(store).await;
        let target = |owner: TargetOwner| {
            Act::Target(NewTarget {
                owner,
                indicator: "greenhouse-mu".to_owned(),
                title: text("greenhouses"),
                unit: "mu".to_owned(),
                target: 10_000,
                due_on: date(2021, 6, 30),
            })
        };
        let county = || TargetOwner::County(place(BACHU));
        let measured = |on: Date, value: i64| {
            Act::Measure(Measurement {
                owner: county(),
                indicator: "greenhouse-mu".to_owned(),
                on,
                value,
                document: teller.document.clone(),
            })
        };
        let refused = [
            (target(TargetOwner::County(place("621226"))), "fund.no_such_owner"),
            (
                target(TargetOwner::Pillar("wine".to_owned())),
                "fund.no_such_pillar",
            ),
            (measured(date(2018, 6, 1), 1), "fund.no_such_target"),
        ];
        for (act, code) in refused {
            assert_eq!(teller.take("lan", act).await.unwrap_err().code, code);
        }
        for act in [
            target(county()),
            measured(date(2018, 6, 1), 100),
            measured(date(2018, 3, 1), 40),
        ] {
            assert_eq!(teller.take("lan", act).await.unwrap(), "now");
        }
        let mut reader = store.read().await.unwrap();
        let reached =
            async |reader: &mut store::Reader, on| fund::targets(reader, on).await.unwrap()[0].reached;
        assert_eq!(reached(&mut reader, TODAY).await, Some(100));
        assert_eq!(reached(&mut reader, date(2018, 4, 1)).await, Some(40));
        assert_eq!(reached(&mut reader, date(2018, 1, 31)).await, None);
    })
    .await;
}

#[tokio::test]
async fn an_older_look_at_a_duty_does_not_undo_a_newer_one() {
    on_both(async |store| {
        let teller = counties(store).await;
        let pair = Act::Pair(NewPairing {
            key: "dingxi".to_owned(),
            place: place("621100"),
            unit: text("unit"),
            signed_on: date(2017, 12, 4),
            document: teller.document.clone(),
            duties: vec![NewDuty {
                title: text("training"),
                due_on: date(2018, 12, 31),
            }],
        });
        let duty = |on: Date, done_permille: u32| {
            Act::Duty(DutyProgress {
                pairing: "dingxi".to_owned(),
                duty: 1,
                on,
                done_permille,
            })
        };
        for act in [pair, duty(date(2018, 6, 1), 500), duty(date(2018, 3, 1), 200)] {
            assert_eq!(teller.take("lan", act).await.unwrap(), "now");
        }
        let refusal = teller
            .take("lan", duty(date(2018, 6, 2), 1_001))
            .await
            .unwrap_err();
        assert_eq!(refusal.code, "fund.more_than_all");
        let mut reader = store.read().await.unwrap();
        let gansu = PlaceFilter::Within(vec![place("620000")]);
        let pairings = fund::pairings(&mut reader, &gansu).await.unwrap();
        assert_eq!(pairings[0].duties[0].done_permille, 500);
    })
    .await;
}

#[tokio::test]
async fn a_visit_is_seen_by_who_may_see_its_place_and_a_photo_counts_once() {
    on_both(async |store| {
        let teller = counties(store).await;
        let visit = Act::Visit(NewVisit {
            key: "v-1".to_owned(),
            person: "u-1".to_owned(),
            place: place(BACHU),
            on: date(2018, 5, 5),
            findings: "vines bear two melons".to_owned(),
            photos: vec![teller.document.clone(), teller.document.clone()],
        });
        let event = Act::Event(NewEvent {
            key: "e-1".to_owned(),
            on: date(2017, 12, 1),
            pillar: "fund".to_owned(),
            place: String::new(),
            title: text("fund launched"),
        });
        for act in [visit, event] {
            assert_eq!(teller.take("lan", act).await.unwrap(), "now");
        }
        let mut reader = store.read().await.unwrap();
        let gansu = PlaceFilter::Within(vec![place("620000")]);
        let period = "2018H1".parse().unwrap();
        assert_eq!(fund::visits_seen(&mut reader, period, &gansu).await.unwrap(), []);
        let all = fund::visits_seen(&mut reader, period, &PlaceFilter::All)
            .await
            .unwrap();
        assert_eq!((all.len(), all[0].photos), (1, 1));
        assert_eq!(
            fund::events(&mut reader, date(2017, 12, 1), TODAY)
                .await
                .unwrap()
                .len(),
            1
        );
    })
    .await;
}
