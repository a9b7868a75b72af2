//! Two times: what was so on a day, and what was known of it. Statements may come in any order.

use jiff::civil::date;
use people::staff::PlaceFilter;
use proptest::prelude::*;
use registry::{AsOf, Cause, HouseholdFacts};
use testkit::{TestStore, on_both};

use crate::village::{Village, earned, household, register, say};

fn because(causes: &[Cause]) -> HouseholdFacts {
    HouseholdFacts {
        causes: Some(causes.to_vec()),
        ..HouseholdFacts::default()
    }
}

#[tokio::test]
async fn a_correction_is_one_more_statement_and_the_past_can_still_be_asked() {
    on_both(async |store| {
        let village = Village::new(store).await;
        village
            .take_all([
                ("village", register(1)),
                (
                    "village",
                    say(1, "ill", date(2018, 2, 1), because(&[Cause::Illness])),
                ),
                (
                    "village",
                    say(1, "school", date(2018, 4, 1), because(&[Cause::Schooling])),
                ),
                (
                    "village",
                    say(1, "wrong", date(2018, 3, 1), because(&[Cause::Disability])),
                ),
            ])
            .await;
        let at = async |day, known| {
            let then = village
                .registry
                .household_then(&PlaceFilter::All, household(1), AsOf { day, known });
            then.await.unwrap().0.causes
        };
        assert_eq!(at(date(2018, 1, 31), i64::MAX).await, []);
        assert_eq!(at(date(2018, 2, 28), i64::MAX).await, [Cause::Illness]);
        assert_eq!(at(date(2018, 3, 1), i64::MAX).await, [Cause::Disability]);
        assert_eq!(at(date(2018, 6, 1), i64::MAX).await, [Cause::Schooling]);
        // Before the last of the three was written down. The household and its two members are statements 1 to 3.
        assert_eq!(at(date(2018, 3, 1), 5).await, [Cause::Illness]);
    })
    .await;
}

/// What is said, by day and amount; the oracle below knows nothing of statements.
fn saying() -> impl Strategy<Value = Vec<(i8, i64)>> {
    prop::collection::vec((1_i8..28, 0_i64..9_999), 1..9)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn what_stands_on_any_day_is_the_latest_that_began_by_it_in_whatever_order_it_came(said in saying()) {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let store = TestStore::sqlite().await;
            let village = Village::new(&store).await;
            village.take_all([("village", register(1))]).await;
            for (number, (day, yuan)) in said.iter().enumerate() {
                let act = say(1, &format!("k{number}"), date(2018, 2, *day), earned(2017, *yuan));
                village.take_all([("village", act)]).await;
            }
            for asked in 1..29 {
                for known in 0..=said.len() {
                    let at = AsOf { day: date(2018, 2, asked), known: 3 + i64::try_from(known).unwrap() };
                    let then = village.registry.household_then(&PlaceFilter::All, household(1), at);
                    let found = then.await.unwrap().0.incomes.get(&2017).map(|income| income.wages_fen.fen());
                    let by_then = said.iter().take(known).filter(|(day, _)| *day <= asked);
                    // `max_by_key` answers the last of equals: of one day, what was written down later.
                    let wanted = by_then.max_by_key(|(day, _)| *day).map(|(_, yuan)| yuan * 100);
                    assert_eq!(found, wanted);
                }
            }
        });
    }
}
