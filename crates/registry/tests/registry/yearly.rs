//! The yearly run of a county: screened by the rules, its cases done, closed.

use jiff::civil::date;
use kernel::{Actor, Role};
use people::staff::PlaceFilter;
use registry::{
    Act, Apply, CaseKind, CloseRun, Exception, Guarantee, HouseholdFacts, OpenRun, RunStep, run_page,
    run_work, runs, screened,
};
use store::Store;
use testkit::on_both;

use crate::village::{
    TODAY, VILLAGE, Village, announce, case, decide, earned, household, looked_at, object, register, review,
    say,
};

const RUN: &str = "653130-2018";

fn open() -> Act {
    Act::OpenRun(OpenRun {
        run: RUN.to_owned(),
        place: "653130".parse().unwrap(),
        kind: CaseKind::Recognition,
        on: date(2018, 2, 1),
        due_on: date(2018, 6, 1),
        steps: [(RunStep::Appraise, date(2018, 3, 4))].into(),
    })
}

fn close() -> Act {
    Act::CloseRun(CloseRun {
        run: RUN.to_owned(),
        on: date(2018, 6, 1),
    })
}

/// Three households: one below the line, one above it, one of which too little is known.
async fn opened(village: &Village) {
    for (number, yuan) in [(1, Some(4_000)), (2, Some(90_000)), (3, None)] {
        village.take_all([("village", register(number))]).await;
        let Some(yuan) = yuan else { continue };
        let (income, looked) = (format!("income-{number}"), format!("looked-{number}"));
        let unmet: &[Guarantee] = &[];
        village
            .take_all([
                (
                    "village",
                    say(number, &income, date(2018, 1, 20), earned(2017, yuan)),
                ),
                (
                    "village",
                    say(number, &looked, date(2018, 1, 20), looked_at(unmet)),
                ),
            ])
            .await;
    }
    village.take_all([("county", open())]).await;
    let refusal = village.take("county", close()).await.unwrap_err();
    assert_eq!(refusal.code, "registry.run_not_screened");
    let county = Actor::new("county", Role::County);
    let screened = village.registry.screen(county.clone(), RUN).await.unwrap();
    assert_eq!((screened.households, screened.holds, screened.unknown), (3, 1, 1));
    let again = village.registry.screen(county, RUN).await.unwrap();
    assert_eq!(again.households, 0, "it was at its end");
}

/// What the run says before anyone applied.
async fn shown(store: &Store) {
    let mut reader = store.read().await.unwrap();
    let seen = PlaceFilter::All;
    let page = run_page(&mut reader, &seen, RUN).await.unwrap();
    let screened = screened(&mut reader, &seen, (&page.run, Some(true)), None, 10);
    let holds = screened.await.unwrap();
    let line = holds.first().unwrap();
    assert_eq!((line.household, line.case), (household(1), None));
    assert_eq!(
        line.reasons.get("income-below-line"),
        Some(&(Some(200_000), Some(true)))
    );
    let screened = registry::screened(&mut reader, &seen, (&page.run, None), None, 10);
    assert_eq!(screened.await.unwrap().first().unwrap().household, household(3));
    let step = page.progress(date(2018, 3, 4));
    assert_eq!((step[0].waiting, step[0].late), (1, false));
}

#[tokio::test]
async fn a_county_screens_every_household_does_the_cases_and_closes_its_run() {
    on_both(async |store| {
        let village = Village::new(store).await;
        opened(&village).await;
        shown(store).await;

        let Act::Apply(apply) = village.apply(household(1), case(1), CaseKind::Recognition) else {
            panic!("an application");
        };
        let apply = Act::Apply(Apply {
            run: Some(RUN.to_owned()),
            ..apply
        });
        village
            .take_all([
                ("village", apply),
                ("village", village.appraise(case(1), (100, 80, 70, 5))),
                ("village", village.notice(case(1), 1, date(2018, 3, 5))),
            ])
            .await;
        assert_eq!(
            village.take("county", close()).await.unwrap_err().code,
            "registry.cases_open"
        );
        village
            .take_all([
                ("town", review(case(1), date(2018, 3, 13))),
                ("town-clerk", village.notice(case(1), 2, date(2018, 3, 14))),
                ("county", decide(case(1), date(2018, 3, 22), true)),
                ("county", announce(case(1), date(2018, 3, 23))),
                ("county", close()),
            ])
            .await;
        let mut reader = store.read().await.unwrap();
        let page = run_page(&mut reader, &PlaceFilter::All, RUN).await.unwrap();
        assert_eq!((page.without_case, page.progress(TODAY)[6].past), (0, 1));
        assert_eq!(page.run.closed_on, Some(date(2018, 6, 1)));
        assert_eq!((page.holds, page.does_not_hold, page.unknown), (1, 1, 1));
        drop(reader);
        let mut replays = 0;
        let seen = |replay: registry::Replay| {
            assert!(replay.agrees());
            replays += 1;
            Ok(())
        };
        village.registry.replay_all(seen).await.unwrap();
        assert_eq!(replays, 1);
    })
    .await;
}

#[tokio::test]
async fn a_village_sees_its_part_of_a_run_with_who_is_late_and_what_is_strange() {
    on_both(async |store| {
        let village = Village::new(store).await;
        opened(&village).await;
        for number in [1, 2] {
            let Act::Apply(apply) = village.apply(household(number), case(number), CaseKind::Recognition)
            else {
                panic!("an application");
            };
            let run = Some(RUN.to_owned());
            village
                .take_all([("village", Act::Apply(Apply { run, ..apply }))])
                .await;
        }
        village
            .take_all([
                ("village", village.appraise(case(1), (100, 80, 70, 5))),
                ("village", village.notice(case(1), 1, date(2018, 3, 5))),
                ("village", object(case(1), "car", date(2018, 3, 6))),
            ])
            .await;
        let mut reader = store.read().await.unwrap();
        let own = PlaceFilter::Within(vec![VILLAGE.parse().unwrap()]);
        assert_eq!(runs(&mut reader, &own).await.unwrap().len(), 1);
        let page = run_page(&mut reader, &own, RUN).await.unwrap();
        assert_eq!((page.holds, page.without_case), (1, 0));
        let work = run_work(&mut reader, &own, &page, TODAY).await.unwrap();
        let late: Vec<_> = work.late.iter().map(|line| line.id).collect();
        assert_eq!(late, [case(2)], "it waits for the appraisal, due on 4 March");
        assert_eq!(work.notices.len(), 1);
        let strange: Vec<_> = work
            .exceptions
            .iter()
            .map(|line| (line.case.id, line.why))
            .collect();
        assert_eq!(
            strange,
            [
                (case(2), Exception::AgainstTheRules),
                (case(1), Exception::ObjectionOpen)
            ]
        );
        let other = PlaceFilter::Within(vec!["653130101202".parse().unwrap()]);
        let page = run_page(&mut reader, &other, RUN).await.unwrap();
        assert_eq!(
            (page.holds, page.cases.len()),
            (0, 0),
            "a run of its county, and nothing of its own"
        );
        let elsewhere = PlaceFilter::Within(vec!["532528".parse().unwrap()]);
        assert_eq!(runs(&mut reader, &elsewhere).await, Ok(vec![]));
        assert_eq!(
            run_page(&mut reader, &elsewhere, RUN).await.unwrap_err().code,
            "registry.no_such_run"
        );
    })
    .await;
}

#[tokio::test]
async fn a_household_that_moves_before_the_run_is_at_its_end_is_counted_once_and_at_its_new_place() {
    on_both(async |store| {
        let village = Village::new(store).await;
        opened(&village).await;
        store
            .tamper("UPDATE registry_runs SET screened = 0, screened_to = ''")
            .await;
        let elsewhere = "653130101202".parse().unwrap();
        let moved = HouseholdFacts {
            place: Some(elsewhere),
            ..HouseholdFacts::default()
        };
        village
            .take_all([("county", say(1, "moved", date(2018, 1, 25), moved))])
            .await;
        let county = Actor::new("county", Role::County);
        let again = village.registry.screen(county, RUN).await.unwrap();
        assert_eq!((again.households, again.holds), (3, 1));
        let mut reader = store.read().await.unwrap();
        let page = run_page(&mut reader, &PlaceFilter::All, RUN).await.unwrap();
        assert_eq!((page.holds, page.does_not_hold, page.unknown), (1, 1, 1));
        let holds = screened(&mut reader, &PlaceFilter::All, (&page.run, Some(true)), None, 10)
            .await
            .unwrap();
        let line = holds.first().unwrap();
        assert_eq!((line.household, line.place), (household(1), elsewhere));
        let after = Some((line.place, line.household));
        let rest = screened(&mut reader, &PlaceFilter::All, (&page.run, Some(true)), after, 10);
        assert_eq!(rest.await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn the_migration_that_orders_screenings_runs_twice_without_harm_and_keeps_its_rows() {
    on_both(async |store| {
        let village = Village::new(store).await;
        opened(&village).await;
        let file = if store.is_postgres() {
            include_str!("../../../../migrations/postgres/0020_order_screenings_by_place.sql")
        } else {
            include_str!("../../../../migrations/sqlite/0020_order_screenings_by_place.sql")
        };
        store.tamper(file).await;
        let mut reader = store.read().await.unwrap();
        let page = run_page(&mut reader, &PlaceFilter::All, RUN).await.unwrap();
        let holds = screened(&mut reader, &PlaceFilter::All, (&page.run, Some(true)), None, 10);
        let line = holds.await.unwrap().pop().unwrap();
        assert_eq!(
            (line.household, line.place),
            (household(1), "653130101201".parse().unwrap())
        );
    })
    .await;
}
