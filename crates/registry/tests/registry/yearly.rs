//! The yearly run of a county: screened by the rules, its cases done, closed.

use jiff::civil::date;
use kernel::{Actor, Role};
use people::staff::PlaceFilter;
use registry::{Act, Apply, CaseKind, CloseRun, Guarantee, OpenRun, RunStep};
use testkit::on_both;

use crate::village::{Village, announce, case, decide, earned, household, looked_at, register, review, say};

fn open() -> Act {
    Act::OpenRun(OpenRun {
        run: "653130-2018".to_owned(),
        place: "653130".parse().unwrap(),
        kind: CaseKind::Recognition,
        on: date(2018, 2, 1),
        due_on: date(2018, 6, 1),
        steps: [(RunStep::Appraise, date(2018, 3, 4))].into(),
    })
}

fn close() -> Act {
    Act::CloseRun(CloseRun {
        run: "653130-2018".to_owned(),
        on: date(2018, 6, 1),
    })
}

/// Three households: one below the line, one above it, one of which too little is known.
async fn screened(village: &Village) {
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
    let screened = village
        .registry
        .screen(county.clone(), "653130-2018")
        .await
        .unwrap();
    assert_eq!((screened.households, screened.holds, screened.unknown), (3, 1, 1));
    let again = village.registry.screen(county, "653130-2018").await.unwrap();
    assert_eq!(again.households, 0, "it was at its end");
}

#[tokio::test]
async fn a_county_screens_every_household_does_the_cases_and_closes_its_run() {
    on_both(async |store| {
        let village = Village::new(store).await;
        screened(&village).await;
        let mut reader = store.read().await.unwrap();
        let holds = registry::screened(&mut reader, "653130-2018", true, None, 10)
            .await
            .unwrap();
        let line = holds.first().unwrap();
        assert_eq!(line.household, household(1));
        assert_eq!(
            line.reasons.get("income-below-line"),
            Some(&(Some(200_000), Some(true)))
        );
        drop(reader);

        let Act::Apply(apply) = village.apply(household(1), case(1), CaseKind::Recognition) else {
            panic!("an application");
        };
        let apply = Act::Apply(Apply {
            run: Some("653130-2018".to_owned()),
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
        let page = registry::run_page(&mut reader, &PlaceFilter::All, "653130-2018")
            .await
            .unwrap();
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
