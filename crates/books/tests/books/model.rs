//! Any sequence of valid and invalid acts, in any order, with repeats, in groups of any size: the books answer what a ledger
//! of a few lines answers, and stand as it stands.

use books::{Act, AsOf, EntryNo, Leg, Made, NewEntry, NewHold, PostHold, Reversal};
use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};
use kernel::{Actor, Clock as _, Money, Period, PeriodKind, Refusal};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use testkit::TestStore;

use crate::ledger::{Chart, Ledger};
use crate::periods::open_accounts_of;

/// The accounts of the model; the third of every leg's choices does not exist.
const ACCOUNTS: [(&str, bool); 5] = [
    ("assets:fund:cash", true),
    ("assets:bank:icbc", false),
    ("liabilities:county:621126", true),
    ("equity:pledge", false),
    ("expenses:health:premiums", false),
];
const NOWHERE: &str = "assets:nowhere";

/// One step of a sequence.
#[derive(Clone, Debug)]
enum Step {
    /// Acts of one command.
    Group(Vec<Act>),
    /// Time goes on.
    Hours(i64),
    /// The month after the last closed one is closed.
    Close,
}

fn day(number: i64) -> Date {
    date(2018, 4, 1).saturating_add(jiff::ToSpan::days(number))
}

fn code() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        20 => prop::sample::select(&ACCOUNTS[..]).prop_map(|(code, _)| code),
        1 => Just(NOWHERE),
    ]
}

/// Mostly balanced legs of different accounts; now and then anything.
fn legs() -> impl Strategy<Value = Vec<Leg>> {
    let balanced =
        (prop::collection::vec((code(), -5_i64..=5), 1..4), code()).prop_map(|(mut legs, last)| {
            let sum: i64 = legs.iter().map(|(_, fen)| fen).sum();
            legs.push((last, -sum));
            legs
        });
    let anything = prop::collection::vec((code(), -3_i64..=3), 0..4);
    let pairs = prop_oneof![9 => balanced, 1 => anything];
    pairs.prop_map(|pairs| {
        let leg = |(code, fen): (&str, i64)| Leg {
            account: code.parse().unwrap(),
            amount: Money::from_fen(fen * 100),
        };
        pairs.into_iter().map(leg).collect()
    })
}

/// Few keys, so that they come again.
fn key() -> impl Strategy<Value = String> {
    (0..25).prop_map(|number| format!("k{number}"))
}

fn hold_key() -> impl Strategy<Value = String> {
    (0..6).prop_map(|number| format!("h{number}"))
}

fn days() -> impl Strategy<Value = Date> {
    (0_i64..100).prop_map(day)
}

fn act() -> impl Strategy<Value = Act> {
    let memo = || prop::sample::select(vec![String::new(), "备注".to_owned()]);
    let until = prop::option::of((0_i64..60).prop_map(|days| {
        let start: Timestamp = "2018-06-25T00:00:00Z".parse().unwrap();
        start + SignedDuration::from_hours(days * 12)
    }));
    prop_oneof![
        6 => (key(), days(), legs(), memo()).prop_map(|(key, effective_on, legs, memo)| {
            Act::Post(NewEntry { key, effective_on, memo, evidence: vec![], legs })
        }),
        3 => (hold_key(), legs(), memo(), until).prop_map(|(key, legs, memo, expires_at)| {
            Act::Hold(NewHold { key, memo, evidence: vec![], legs, expires_at })
        }),
        3 => (hold_key(), key(), days(), prop::option::of(legs()), memo()).prop_map(
            |(hold, key, effective_on, legs, memo)| Act::PostHold(PostHold { hold, key, effective_on, memo, legs })
        ),
        1 => hold_key().prop_map(Act::VoidHold),
        2 => (1_i64..20, key(), days(), memo()).prop_map(|(no, key, effective_on, memo)| {
            let entry: EntryNo = no.to_string().parse().unwrap();
            Act::Reverse(Reversal { entry, key, effective_on, memo })
        }),
    ]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    // Acts come again later, word for word.
    let pool = prop::collection::vec(act(), 30..60);
    let group = prop::collection::vec(any::<prop::sample::Index>(), 1..9);
    let step = prop_oneof![
        12 => group.prop_map(Ok),
        2 => (1_i64..40).prop_map(|hours| Err(Step::Hours(hours))),
        1 => Just(Err(Step::Close)),
    ];
    (pool, prop::collection::vec(step, 5..25)).prop_map(|(pool, steps)| {
        let fill = |step: Result<Vec<prop::sample::Index>, Step>| match step {
            Ok(group) => Step::Group(group.iter().map(|index| index.get(&pool).clone()).collect()),
            Err(other) => other,
        };
        steps.into_iter().map(fill).collect()
    })
}

#[test]
fn any_sequence_of_acts_stands_as_the_ledger_of_a_few_lines_stands() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for (cases, on_postgres) in [(40, false), (10, true)] {
        let mut runner = TestRunner::new(Config {
            cases,
            failure_persistence: None,
            max_shrink_iters: 200,
            ..Config::default()
        });
        let ran = runner.run(&steps(), |steps| {
            runtime.block_on(async {
                let stores = if on_postgres {
                    (TestStore::postgres().await, TestStore::postgres().await)
                } else {
                    (Some(TestStore::sqlite().await), Some(TestStore::sqlite().await))
                };
                if let (Some(first), Some(second)) = stores {
                    play(&first, &steps, usize::MAX).await;
                    // The same acts one by one come to the same books.
                    play(&second, &steps, 1).await;
                    assert_eq!(trial_balance(&first).await, trial_balance(&second).await);
                }
            });
            Ok(())
        });
        ran.unwrap();
    }
}

async fn trial_balance(store: &TestStore) -> books::TrialBalance {
    let mut reader = store.read().await.unwrap();
    books::trial_balance(&mut reader, AsOf::default()).await.unwrap()
}

async fn play(store: &TestStore, steps: &[Step], most: usize) {
    let chart: Chart = ACCOUNTS
        .iter()
        .map(|(code, floor)| ((*code).to_owned(), *floor))
        .collect();
    open_accounts_of(store, &ACCOUNTS).await;
    let mut ledger = Ledger::default();
    for step in steps {
        match step {
            Step::Group(acts) => {
                let (now, today) = (store.clock().now(), store.clock().today());
                let wanted: Vec<_> = acts
                    .iter()
                    .map(|act| ledger.take(act, &chart, now, today))
                    .collect();
                assert_eq!(take(store, acts.clone(), most).await, wanted, "{acts:#?}");
            }
            Step::Hours(hours) => store.clock().advance(SignedDuration::from_hours(*hours)),
            Step::Close => close(store, &mut ledger).await,
        }
    }
    assert_same(store, &ledger, &chart).await;
}

type Answer = Result<(&'static str, usize, bool), &'static str>;

/// Takes acts in one command, at most so many on one sheet.
async fn take(store: &TestStore, acts: Vec<Act>, most: usize) -> Vec<Answer> {
    let taken = store.write(Actor::system(), move |ctx| {
        Box::pin(async move {
            let mut outcomes = Vec::new();
            for acts in acts.chunks(most.min(acts.len())) {
                outcomes.extend(books::take_each(ctx, acts.to_vec()).await?);
            }
            Ok::<_, Refusal>(outcomes)
        })
    });
    let answer = |outcome: Result<kernel::Done<Made>, Refusal>| match outcome {
        Ok(done) => {
            let (what, no) = match done.value() {
                Made::Entry(no) => ("entry", no.number()),
                Made::Hold(no) => ("hold", no.number()),
            };
            Ok((what, usize::try_from(no).unwrap(), done.is_now()))
        }
        Err(refusal) => Err(refusal.code),
    };
    taken.await.unwrap().into_iter().map(answer).collect()
}

async fn close(store: &TestStore, ledger: &mut Ledger) {
    let next = ledger
        .closed_through
        .map_or(date(2018, 3, 31), |last| last)
        .tomorrow()
        .unwrap();
    let month = Period::around(PeriodKind::Month, next);
    let closed: Result<_, Refusal> = store
        .write(Actor::system(), move |ctx| {
            Box::pin(async move { books::close_period(ctx, month).await })
        })
        .await;
    if month.last_day() < store.clock().today() {
        assert!(closed.unwrap().is_now());
        ledger.closed_through = Some(month.last_day());
    } else {
        assert_eq!(closed.unwrap_err().code, "books.period_not_over");
    }
}

async fn assert_same(store: &TestStore, ledger: &Ledger, chart: &Chart) {
    assert_eq!(books::check(store).await.unwrap(), []);
    let mut reader = store.read().await.unwrap();
    let mut all = 0;
    for (code, floor) in chart {
        let account = books::account(&mut reader, &code.parse().unwrap()).await.unwrap();
        let (posted, ..) = ledger.sums(code);
        assert_eq!(account.debit.fen() - account.credit.fen(), posted, "{code}");
        // A hold whose time ran out after the last act is still counted by the kept balance.
        assert!(account.available.fen() <= ledger.available(code), "{code}");
        assert!(!floor || account.available.fen() >= 0, "{code}");
        all += posted;
    }
    assert_eq!(all, 0);
    let entries = books::entries_page(&mut reader, None, 10_000).await.unwrap();
    assert_eq!(entries.len(), ledger.entries.len());
}
