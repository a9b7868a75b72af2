//! Journal tables: sealed once, counted by figures of their period only, and found when they are damaged.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use kernel::{Actor, Period, Refusal, Role};
use lake::Lake;
use lake::figures::{FigureEngine, FigureTables};
use people::places::Places;
use programme::Programme;
use programme::journal::{JournalRows, JournalValue, journal_table};
use testkit::TestStore;

fn half() -> Period {
    "2018H1".parse().unwrap()
}

fn visits(places: &[i64]) -> Vec<JournalRows> {
    let row = |place: &i64| {
        vec![
            JournalValue::Text("2018-05-05".to_owned()),
            JournalValue::Int(*place),
        ]
    };
    vec![JournalRows {
        table: journal_table("fund_visits").unwrap(),
        rows: places.iter().map(row).collect(),
    }]
}

fn lake(store: &TestStore) -> Lake {
    Lake::open(store.store(), &store.folder().join("lake")).unwrap()
}

async fn engine(lake: &Lake, programme: &Programme, period: Period) -> Result<FigureEngine, Refusal> {
    let tables = Arc::new(FigureTables::of(programme, Places::national())?);
    FigureEngine::over_rollups(lake, &tables, period).await
}

async fn visited(lake: &Lake, period: Period) -> Option<i64> {
    let programme = Programme::built_in().unwrap();
    let engine = engine(lake, &programme, period).await.unwrap();
    let figure = programme.figure("staff.counties_visited").unwrap();
    engine.value(figure).await.unwrap()
}

#[tokio::test]
async fn a_figure_counts_what_was_sealed_last_in_its_period_and_nothing_of_another() {
    testkit::on_both(async |store| {
        let (lake, actor) = (lake(store), Actor::new("lan", Role::Fund));
        assert_eq!(visited(&lake, half()).await, Some(0));
        // Dingxi's Anding twice, Bachu, and Beijing, which is no poverty county.
        let places = [621_102, 621_102, 653_130, 110_101];
        let sealed = lake.seal(actor.clone(), half(), visits(&places)).await.unwrap();
        assert!(sealed.is_now());
        assert_eq!(visited(&lake, half()).await, Some(2));
        assert_eq!(visited(&lake, "2018H2".parse().unwrap()).await, Some(0));
        let facts = store.facts_page(0, 500).await.unwrap().len();
        let again = lake.seal(actor.clone(), half(), visits(&places)).await.unwrap();
        assert!(!again.is_now());
        assert_eq!(again.value(), sealed.value());
        assert_eq!(store.facts_page(0, 500).await.unwrap().len(), facts);
        assert!(
            lake.seal(actor, half(), visits(&[621_102]))
                .await
                .unwrap()
                .is_now()
        );
        assert_eq!(visited(&lake, half()).await, Some(1));
        // A published report may name the earlier seal.
        let rows = sealed.value()[0].rows_after(1, 2).await.unwrap();
        assert_eq!(rows, [["2018-05-05", "621102"], ["2018-05-05", "653130"]]);
    })
    .await;
}

#[tokio::test]
async fn a_damaged_seal_is_found_and_counts_nothing() {
    testkit::on_both(async |store| {
        let lake = lake(store);
        let sealed = lake
            .seal(Actor::new("lan", Role::Fund), half(), visits(&[653_130]))
            .await
            .unwrap();
        assert_eq!(lake.check().await.unwrap(), []);
        std::fs::write(&sealed.value()[0].path, b"PAR1").unwrap();
        assert_eq!(lake.check().await.unwrap()[0].code, "lake.sealed_damaged");
        let programme = Programme::built_in().unwrap();
        let refusal = engine(&lake, &programme, half()).await.err().unwrap();
        assert_eq!(refusal.code, "lake.sealed_damaged");
    })
    .await;
}
