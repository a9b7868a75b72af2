//! Statements and trial balances, as of a day and as of an instant.

use books::{AsOf, Leg, NewEntry, Reversal};
use jiff::SignedDuration;
use jiff::civil::date;
use kernel::{Actor, Clock as _, Money, Refusal};
use testkit::TestStore;

use crate::periods::some_books;

async fn post(store: &TestStore, key: &'static str, on: jiff::civil::Date, fen: i64) {
    let posted: Result<_, Refusal> = store
        .write(Actor::system(), move |ctx| {
            Box::pin(async move {
                let new = NewEntry {
                    key: key.to_owned(),
                    effective_on: on,
                    memo: key.to_owned(),
                    evidence: vec![],
                    legs: vec![
                        Leg::debit("assets:fund:cash".parse()?, Money::from_fen(fen)),
                        Leg::debit("equity:pledge".parse()?, Money::from_fen(-fen)),
                    ],
                };
                books::post(ctx, new).await
            })
        })
        .await;
    assert!(posted.unwrap().is_now());
}

#[tokio::test]
async fn the_pages_of_a_statement_carry_the_balance_on_and_meet_in_no_line() {
    testkit::on_both(async |store| {
        some_books(store).await;
        for (key, on, fen) in [
            ("c", date(2018, 7, 2), -500),
            ("a", date(2018, 7, 1), 200),
            ("b", date(2018, 7, 1), 7),
        ] {
            post(store, key, on, fen).await;
        }
        let days = (date(2018, 7, 1), date(2018, 7, 2));
        let mut reader = store.read().await.unwrap();
        for code in ["assets:fund:cash", "equity:pledge"] {
            let code = code.parse().unwrap();
            let whole = books::statement(&mut reader, &code, days, 10).await.unwrap();
            let (mut lines, mut after) = (Vec::new(), None);
            loop {
                let page = books::statement_after(&mut reader, &code, days, after, 1)
                    .await
                    .unwrap();
                assert_eq!((page.opening, page.closing), (whole.opening, whole.closing));
                after = page.lines.last().map(books::StatementLine::key);
                assert_eq!(after.map(|key| key.to_string().parse().unwrap()), after);
                lines.extend(page.lines);
                if !page.cut {
                    break;
                }
            }
            assert_eq!(lines, whole.lines);
        }
        assert_eq!(
            "2018-07-01".parse::<books::LineKey>().unwrap_err().code,
            "books.bad_line_key"
        );
    })
    .await;
}

#[expect(clippy::too_many_lines, reason = "one way, told in its order")]
#[tokio::test]
async fn entries_and_holds_are_listed_from_the_newest_and_an_entry_knows_what_takes_it_back() {
    testkit::on_both(async |store| {
        some_books(store).await;
        post(store, "last", date(2018, 7, 2), 40).await;
        let reversed = store.write(Actor::system(), |ctx| {
            Box::pin(async move {
                let legs = vec![
                    Leg::debit("equity:pledge".parse()?, Money::from_fen(5)),
                    Leg::debit("assets:fund:cash".parse()?, Money::from_fen(-5)),
                ];
                for key in ["h1", "h2", "h3"] {
                    let new = books::NewHold {
                        key: key.to_owned(),
                        memo: String::new(),
                        evidence: vec![],
                        legs: legs.clone(),
                        expires_at: None,
                    };
                    let _made = books::hold(ctx, new).await?;
                }
                let _ended = books::void_hold(ctx, "h2").await?;
                let last = books::Reversal {
                    entry: "1".parse()?,
                    key: "back".to_owned(),
                    effective_on: date(2018, 7, 2),
                    memo: String::new(),
                };
                books::reverse(ctx, last).await
            })
        });
        let reversed: Result<_, Refusal> = reversed.await;
        let back = reversed.unwrap().into_inner();
        let mut reader = store.read().await.unwrap();
        let (mut seen, mut before) = (Vec::new(), None);
        loop {
            let page = books::entries_before(&mut reader, before, 2).await.unwrap();
            let Some(last) = page.last() else { break };
            before = Some(last.no);
            seen.extend(page.iter().map(|entry| entry.no.number()));
        }
        let mut all: Vec<i64> = (1..=back.number()).collect();
        all.reverse();
        assert_eq!(seen, all);
        let first = "1".parse().unwrap();
        assert_eq!(books::reversal_of(&mut reader, first).await.unwrap(), Some(back));
        assert_eq!(books::reversal_of(&mut reader, back).await.unwrap(), None);

        let keys = |holds: Vec<books::KeptHold>| holds.into_iter().map(|hold| hold.key).collect::<Vec<_>>();
        let page = books::holds_before(&mut reader, None, None, 2).await.unwrap();
        let before = page.last().map(|hold| hold.no);
        assert_eq!(keys(page), ["h3", "h2"]);
        assert_eq!(
            keys(books::holds_before(&mut reader, None, before, 2).await.unwrap()),
            ["h1", "h"]
        );
        let held = books::holds_before(&mut reader, Some(books::HoldState::Held), None, 9)
            .await
            .unwrap();
        assert_eq!(keys(held), ["h3", "h1", "h"]);
        let one = books::hold_by_no(&mut reader, "3".parse().unwrap())
            .await
            .unwrap();
        assert_eq!(
            (one.key.as_str(), one.state, one.entry),
            ("h2", books::HoldState::Voided, None)
        );
    })
    .await;
}

#[tokio::test]
async fn a_statement_opens_with_what_was_before_and_its_lines_lead_to_its_closing() {
    testkit::on_both(async |store| {
        some_books(store).await;
        post(store, "later", date(2018, 7, 2), -500).await;
        post(store, "earlier", date(2018, 7, 1), 200).await;
        let code = "assets:fund:cash".parse().unwrap();
        let mut reader = store.read().await.unwrap();
        let days = (date(2018, 7, 1), date(2018, 7, 2));
        let statement = books::statement(&mut reader, &code, days, 10).await.unwrap();
        let fen = |money: Money| money.fen();
        assert_eq!(fen(statement.opening), 3_000);
        assert_eq!((fen(statement.debit), fen(statement.credit)), (200, 500));
        assert_eq!(fen(statement.closing), 2_700);
        let lines: Vec<_> = statement
            .lines
            .iter()
            .map(|line| (line.memo.as_str(), line.amount.fen(), line.balance.fen()))
            .collect();
        assert_eq!(lines, [("earlier", 200, 3_200), ("later", -500, 2_700)]);
        assert!(!statement.cut);

        let cut = books::statement(&mut reader, &code, days, 1).await.unwrap();
        assert_eq!((cut.lines.len(), cut.cut, fen(cut.closing)), (1, true, 2_700));
        let pledge = "equity:pledge".parse().unwrap();
        let pledge = books::statement(&mut reader, &pledge, days, 10).await.unwrap();
        assert_eq!((fen(pledge.opening), fen(pledge.closing)), (3_000, 2_700));
        let missing = "assets:nowhere".parse().unwrap();
        let refused = books::statement(&mut reader, &missing, days, 1).await;
        assert_eq!(refused.unwrap_err().code, "books.no_such_account");
    })
    .await;
}

#[tokio::test]
async fn a_trial_balance_is_that_of_its_day_and_of_what_was_known_then() {
    testkit::on_both(async |store| {
        some_books(store).await;
        let known_first = store.clock().now();
        store.clock().advance(SignedDuration::from_hours(30));
        post(store, "late", date(2018, 7, 1), 200).await;
        let reversed: Result<_, Refusal> = store
            .write(Actor::system(), |ctx| {
                Box::pin(async move {
                    let wanted = Reversal {
                        entry: "1".parse()?,
                        key: "back".to_owned(),
                        effective_on: date(2018, 7, 3),
                        memo: String::new(),
                    };
                    books::reverse(ctx, wanted).await
                })
            })
            .await;
        assert!(reversed.unwrap().is_now());
        let mut reader = store.read().await.unwrap();
        let cases = [
            (None, None, 2_200),
            (Some(date(2018, 6, 9)), None, 0),
            (Some(date(2018, 6, 10)), None, 3_000),
            (Some(date(2018, 7, 2)), None, 3_200),
            (Some(date(2018, 7, 2)), Some(known_first), 3_000),
            (None, Some(known_first), 3_000),
        ];
        for (effective, recorded, wanted) in cases {
            let as_of = AsOf { effective, recorded };
            let trial = books::trial_balance(&mut reader, as_of).await.unwrap();
            let cash = trial
                .lines
                .iter()
                .find(|line| line.code.as_str() == "assets:fund:cash");
            assert_eq!(
                cash.map_or(0, |line| line.debit_balance.fen()),
                wanted,
                "{as_of:?}"
            );
            assert_eq!(trial.debit, trial.credit);
            assert_eq!(trial.debit_balance, trial.credit_balance);
        }
    })
    .await;
}

#[tokio::test]
async fn accounts_are_listed_by_owner_and_entries_are_found_by_number_and_key() {
    testkit::on_both(async |store| {
        some_books(store).await;
        let mut reader = store.read().await.unwrap();
        let owner = "fund:alipay".parse().unwrap();
        let own = books::accounts_of(&mut reader, &owner, None, 10).await.unwrap();
        let codes: Vec<_> = own.iter().map(|account| account.code.as_str()).collect();
        assert_eq!(codes, ["assets:fund:cash", "equity:pledge"]);
        let after = books::accounts_page(&mut reader, Some(&own[0].code), 10)
            .await
            .unwrap();
        assert_eq!(after, own[1..]);
        let stranger = "county:621126".parse().unwrap();
        assert_eq!(
            books::accounts_of(&mut reader, &stranger, None, 10)
                .await
                .unwrap(),
            []
        );

        let second = books::entry(&mut reader, "2".parse().unwrap()).await.unwrap();
        assert_eq!((second.key.as_str(), second.legs.len()), ("gift-2", 2));
        let same = books::entry_by_key(&mut reader, "gift-2").await.unwrap();
        assert_eq!(same, Some(second));
        let none = books::entry(&mut reader, "4".parse().unwrap()).await;
        assert_eq!(none.unwrap_err().code, "books.no_such_entry");
        let hold = books::hold_by_key(&mut reader, "h").await.unwrap().unwrap();
        assert_eq!(hold.state, books::HoldState::Held);
        let closed = books::closed_periods(&mut reader).await.unwrap();
        assert_eq!((closed.len(), closed[0].entries), (1, 3));
    })
    .await;
}
