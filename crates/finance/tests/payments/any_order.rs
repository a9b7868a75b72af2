//! Answers of banks in any order, with any repetition, split over any files: the same end, and the same balances.

use finance::payments::{BatchId, open_sayings};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use testkit::TestStore;

use crate::desk::{ACCOUNTS, BANK, Booking, COST, Desk, PAYER, bookings, line, person, status_report};

/// One thing that a bank says, of the payment with a number.
#[derive(Clone, Debug)]
enum Saying {
    Status(usize, &'static str),
    Booked(&'static str, Booking, Option<usize>),
}

/// Cases of the test; a fresh database twice for each.
const CASES: u32 = 32;
/// Every so many cases one is on PostgreSQL, whose databases take longer to make.
const POSTGRES_EVERY: u32 = 8;

/// Payments of the batch: two of them cannot be told apart by account and amount.
const AMOUNTS: [(&str, &str); 4] = [
    (ACCOUNTS[0], "10"),
    (ACCOUNTS[0], "10"),
    (ACCOUNTS[1], "20"),
    (ACCOUNTS[2], "30"),
];

fn saying() -> impl Strategy<Value = Saying> {
    let codes = prop::sample::select(vec!["ACTC", "ACSP", "ACSC", "RJCT", "ZZZZ"]);
    let status = (0..AMOUNTS.len(), codes).prop_map(|(number, code)| Saying::Status(number, code));
    let source = prop::sample::select(vec!["camt.053", "camt.054"]);
    let amount = prop_oneof![4 => Just(1_i64), 1 => Just(2), 1 => Just(0)];
    let booked = (
        source,
        0..AMOUNTS.len(),
        0..4_u8,
        any::<bool>(),
        amount,
        any::<bool>(),
    )
        .prop_map(|(source, number, name, is_return, part, is_named)| {
            let (account, amount) = AMOUNTS[number];
            let amount = match part {
                1 => format!("{amount}.00"),
                2 => format!("{amount}.01"),
                _ => "5.00".to_owned(),
            };
            let name = format!("{name}-{number}-{is_return}-{amount}-{is_named}");
            let booking = match (is_return, is_named) {
                (true, _) => Booking::returned(&name, "", &amount),
                (false, true) => Booking::paid(&name, "", &amount),
                (false, false) => Booking::to_account(&name, account, &amount),
            };
            let named = (is_named || is_return).then_some(number);
            Saying::Booked(source, booking, named)
        });
    prop_oneof![status, booked]
}

/// What a batch came to: every payment, the balances, how much is open.
type End = (Vec<String>, [(String, String); 2], Vec<String>);

/// The batch, its file out.
async fn batch_out(desk: &Desk<'_>) -> BatchId {
    let opened = desk
        .payments
        .open_batch(person("wang"), crate::desk::new_batch("july"))
        .await;
    let id = opened.unwrap().into_inner();
    let lines = AMOUNTS.iter().enumerate();
    let lines = lines.map(|(number, (account, amount))| line(&number.to_string(), account, amount));
    desk.payments
        .add_lines(person("wang"), id, lines.collect())
        .await
        .unwrap()
        .into_inner();
    desk.approve(id).await;
    desk.payments
        .write_file(person("wang"), id)
        .await
        .unwrap()
        .into_inner();
    id
}

/// The bank says all of it, so many sayings a file.
async fn say(desk: &Desk<'_>, id: BatchId, sayings: &[Saying], per_file: usize) {
    let references: Vec<String> = desk
        .lines(id)
        .await
        .iter()
        .map(|line| line.reference.clone())
        .collect();
    let message = format!("FP{}", id.as_uuid().simple());
    for (number, part) in sayings.chunks(per_file).enumerate() {
        for source in ["camt.053", "camt.054"] {
            let of_source = part.iter().filter_map(|saying| match saying {
                Saying::Booked(from, booking, named) if *from == source => {
                    let mut booking = booking.clone();
                    if let Some(named) = named {
                        booking.reference = Some(references[*named].clone());
                    }
                    Some(booking)
                }
                _ => None,
            });
            let file = bookings(
                source,
                &format!("S-{number}"),
                PAYER,
                &of_source.collect::<Vec<_>>(),
            );
            desk.answer(&file).await.unwrap();
        }
        for saying in part {
            if let Saying::Status(of, code) = saying {
                let report = status_report(
                    &format!("R-{of}-{code}"),
                    &message,
                    "",
                    &[(&references[*of], code)],
                );
                desk.answer(&report).await.unwrap();
            }
        }
    }
}

async fn end_of(store: &TestStore, sayings: &[Saying], per_file: usize) -> End {
    let desk = Desk::open(store).await;
    let id = batch_out(&desk).await;
    say(&desk, id, sayings, per_file).await;
    let mut open: Vec<String> = open_sayings(store, None, 500)
        .await
        .unwrap()
        .iter()
        .map(|one| format!("{:?} {:?} {:?}", one.trouble, one.amount, one.account))
        .collect();
    open.sort();
    assert_eq!(finance::payments::check(store).await.unwrap(), []);
    let balances = [desk.balance(BANK).await, desk.balance(COST).await];
    (desk.states(id).await, balances, open)
}

#[test]
fn any_order_and_repetition_of_answers_comes_to_the_same_end() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    let mut runner = TestRunner::new(Config::with_cases(CASES));
    let run = std::cell::Cell::new(0_u32);
    let sayings = prop::collection::vec(saying(), 1..10);
    let case = sayings.prop_flat_map(|sayings| {
        let repeats = prop::collection::vec(prop::sample::select(sayings.clone()), 0..4);
        let other = repeats.prop_flat_map(move |repeats| {
            Just([sayings.clone(), repeats].concat())
                .prop_shuffle()
                .prop_map({
                    let sayings = sayings.clone();
                    move |other| (sayings.clone(), other)
                })
        });
        (other, 1..4_usize, 1..4_usize)
    });
    let ran = runner.run(&case, |((one, other), per_file, per_other)| {
        run.set(run.get() + 1);
        runtime.block_on(async {
            let fresh = async || {
                let on_postgres = run.get() % POSTGRES_EVERY == 1;
                let postgres = if on_postgres {
                    TestStore::postgres().await
                } else {
                    None
                };
                match postgres {
                    Some(store) => store,
                    None => TestStore::sqlite().await,
                }
            };
            let first = end_of(&fresh().await, &one, per_file).await;
            let second = end_of(&fresh().await, &other, per_other).await;
            prop_assert_eq!(&first, &second);
            Ok(())
        })
    });
    ran.unwrap();
}
