//! The way of a batch up to its file: who may do what, when its money is held, what the file says.

use books::AccountCode;
use finance::bank::{BankMessage, read_message};
use finance::payments::{BatchState, Method, NewBatch, Payer, require};
use kernel::{Done, PlaceCode};
use people::staff::{Action, Grant, GrantId, UserId, Viewer};
use testkit::on_both;

use crate::desk::{ACCOUNTS, BANK, COST, Desk, PAYER, code, line, new_batch, person, yuan};

#[tokio::test]
async fn a_batch_goes_out_after_two_persons_approved_it_who_had_no_hand_in_it() {
    on_both(async |store| {
        let desk = Desk::open(store).await;
        let id = desk.draft("july").await;
        let more = vec![line("d", ACCOUNTS[0], "1")];
        desk.payments
            .add_lines(person("zhao"), id, more)
            .await
            .unwrap()
            .into_inner();
        let early = desk.payments.approve(person("chen"), id).await;
        assert_eq!(code(early), "payments.not_prepared");
        assert!(desk.payments.prepare(person("sun"), id).await.unwrap().is_now());
        for name in ["wang", "zhao", "sun"] {
            assert_eq!(
                code(desk.payments.approve(person(name), id).await),
                "payments.own_batch",
                "{name}"
            );
        }
        let first = desk.payments.approve(person("chen"), id).await.unwrap();
        assert_eq!(first, Done::Now(BatchState::Prepared));
        let again = desk.payments.approve(person("chen"), id).await.unwrap();
        assert_eq!(again, Done::Already(BatchState::Prepared));
        let refused = desk.payments.write_file(person("wang"), id).await;
        assert_eq!(refused.err().unwrap().code, "payments.not_approved");
        assert_eq!(
            desk.balance(BANK).await,
            ("1000.00".to_owned(), "0.00".to_owned())
        );
        let second = desk.payments.approve(person("lan"), id).await.unwrap();
        assert_eq!(second, Done::Now(BatchState::Approved));
        assert_eq!(
            desk.balance(BANK).await,
            ("1000.00".to_owned(), "601.00".to_owned())
        );
        let late = desk
            .payments
            .add_lines(person("wang"), id, vec![line("e", ACCOUNTS[0], "1")])
            .await;
        assert_eq!(code(late), "payments.not_a_draft");
    })
    .await;
}

#[tokio::test]
async fn an_approval_that_the_money_does_not_cover_changes_nothing() {
    on_both(async |store| {
        let desk = Desk::open(store).await;
        let first = desk.draft("first").await;
        desk.approve(first).await;
        let second = desk.draft("second").await;
        desk.payments
            .prepare(person("wang"), second)
            .await
            .unwrap()
            .into_inner();
        desk.payments
            .approve(person("chen"), second)
            .await
            .unwrap()
            .into_inner();
        let refused = desk.payments.approve(person("lan"), second).await;
        assert_eq!(code(refused), "books.below_zero");
        let batch = desk.batch(second).await.batch;
        assert_eq!((batch.state, batch.approved_by.len()), (BatchState::Prepared, 1));
        assert_eq!(desk.balance(BANK).await.1, "600.00");
        // The first is given up, and its money covers the second.
        desk.payments
            .cancel(person("wang"), first, "twice")
            .await
            .unwrap()
            .into_inner();
        desk.payments
            .approve(person("lan"), second)
            .await
            .unwrap()
            .into_inner();
        assert_eq!(desk.balance(BANK).await.1, "600.00");
    })
    .await;
}

#[tokio::test]
async fn a_batch_is_given_up_before_its_file_is_out_and_never_after() {
    on_both(async |store| {
        let desk = Desk::open(store).await;
        let draft = desk.draft("draft").await;
        assert_eq!(
            code(desk.payments.cancel(person("wang"), draft, " ").await),
            "payments.reason_missing"
        );
        assert!(
            desk.payments
                .cancel(person("wang"), draft, "wrong")
                .await
                .unwrap()
                .is_now()
        );
        assert_eq!(
            desk.payments
                .cancel(person("wang"), draft, "wrong")
                .await
                .unwrap(),
            Done::Already(())
        );
        assert_eq!(
            code(desk.payments.cancel(person("wang"), draft, "other").await),
            "payments.cancelled"
        );
        assert_eq!(
            code(desk.payments.prepare(person("wang"), draft).await),
            "payments.not_a_draft"
        );

        let approved = desk.draft("approved").await;
        desk.approve(approved).await;
        desk.payments
            .cancel(person("wang"), approved, "wrong")
            .await
            .unwrap()
            .into_inner();
        assert_eq!(
            desk.balance(BANK).await,
            ("1000.00".to_owned(), "0.00".to_owned())
        );
        assert_eq!(desk.states(approved).await, ["cancelled 0.00 0.00"; 3]);
        let file = desk.payments.write_file(person("wang"), approved).await;
        assert_eq!(file.err().unwrap().code, "payments.cancelled");

        let out = desk.out("out").await;
        assert_eq!(
            code(desk.payments.cancel(person("wang"), out, "late").await),
            "payments.file_is_out"
        );
        assert_eq!(desk.balance(BANK).await.1, "600.00");
    })
    .await;
}

#[tokio::test]
async fn the_file_says_what_was_approved_and_is_the_same_whenever_it_is_asked_for() {
    on_both(async |store| {
        let desk = Desk::open(store).await;
        let id = desk.draft("july").await;
        desk.approve(id).await;
        let first = desk.payments.write_file(person("wang"), id).await.unwrap();
        assert!(first.is_now());
        store.clock().advance(jiff::SignedDuration::from_hours(30));
        let second = desk.payments.write_file(person("zhao"), id).await.unwrap();
        assert!(!second.is_now());
        assert_eq!(first.value().bytes, second.value().bytes);
        let batch = desk.batch(id).await;
        assert_eq!(batch.batch.file_sha256.as_ref(), Some(&first.value().sha256));
        let Ok(BankMessage::Initiation(copy)) = read_message(&first.value().bytes[..]) else {
            panic!("no initiation")
        };
        assert_eq!(copy.sum.to_string(), "600.00");
        assert_eq!(copy.instructions[0].debtor_account.as_deref(), Some(PAYER));
        let written: Vec<_> = copy.instructions[0]
            .transfers
            .iter()
            .map(|transfer| {
                (
                    transfer.end_to_end_id.as_str(),
                    transfer.creditor_account.as_deref().unwrap(),
                )
            })
            .collect();
        let kept: Vec<_> = batch
            .payments
            .iter()
            .map(|line| line.reference.as_str())
            .zip(ACCOUNTS)
            .collect();
        assert_eq!(written, kept);
    })
    .await;
}

#[tokio::test]
async fn what_is_sent_again_is_done_once_and_under_a_taken_key_nothing_else() {
    on_both(async |store| {
        let desk = Desk::open(store).await;
        let id = desk.draft("july").await;
        assert_eq!(
            desk.payments
                .open_batch(person("sun"), new_batch("july"))
                .await
                .unwrap(),
            Done::Already(id)
        );
        let same = vec![line("a", ACCOUNTS[0], "100")];
        assert_eq!(
            desk.payments.add_lines(person("sun"), id, same).await.unwrap(),
            Done::Already(0)
        );
        let other = NewBatch {
            execute_on: jiff::civil::date(2018, 7, 4),
            ..new_batch("july")
        };
        assert_eq!(
            code(desk.payments.open_batch(person("sun"), other).await),
            "payments.key_taken"
        );
        for changed in [line("a", ACCOUNTS[0], "101"), line("a", ACCOUNTS[1], "100")] {
            assert_eq!(
                code(desk.payments.add_lines(person("sun"), id, vec![changed]).await),
                "payments.key_taken"
            );
        }
        assert_eq!(desk.batch(id).await.batch.lines, 3);
        assert!(desk.payments.prepare(person("wang"), id).await.unwrap().is_now());
        assert_eq!(
            desk.payments.prepare(person("wang"), id).await.unwrap(),
            Done::Already(())
        );
    })
    .await;
}

#[tokio::test]
async fn what_breaks_a_rule_is_refused_by_line_and_field_and_adds_nothing() {
    on_both(async |store| {
        let desk = Desk::open(store).await;
        let id = desk.draft("july").await;
        let source: AccountCode = BANK.parse().unwrap();
        let good = || line("x", ACCOUNTS[0], "5");
        let mut cases = vec![good(); 6];
        cases[0].key = "with blank".to_owned();
        cases[1].payee = " 李兰".to_owned();
        cases[2].remittance = "\u{7}".to_owned();
        cases[3].amount = yuan("0");
        cases[4].account = None;
        cases[5].charge = source;
        let wanted = [
            ("payments.bad_key", "2.key"),
            ("payments.bad_text", "2.payee"),
            ("payments.bad_text", "2.remittance"),
            ("payments.amount_not_positive", "2.amount"),
            ("payments.account_missing", "2.account"),
            ("payments.same_account", "2.charge"),
        ];
        for (bad, (code, at)) in cases.into_iter().zip(wanted) {
            let lines = vec![good(), bad];
            let refusal = desk
                .payments
                .add_lines(person("wang"), id, lines)
                .await
                .unwrap_err();
            assert_eq!((refusal.code, refusal.at.as_deref()), (code, Some(at)));
        }
        assert_eq!(desk.batch(id).await.batch.lines, 3);
        let empty = desk
            .payments
            .open_batch(person("wang"), new_batch("empty"))
            .await
            .unwrap()
            .into_inner();
        assert_eq!(
            code(desk.payments.prepare(person("wang"), empty).await),
            "payments.no_lines"
        );
        let hands = Payer::Hands {
            name: "礼县扶贫办".to_owned(),
        };
        let wrong = NewBatch {
            payer: hands,
            method: Method::Bank,
            ..new_batch("wrong")
        };
        assert_eq!(
            code(desk.payments.open_batch(person("wang"), wrong).await),
            "payments.payer_of_another_method"
        );
        assert_ne!(COST, BANK);
    })
    .await;
}

/// Role, place of the grant, action, place of the batch, whether it may be.
const RIGHTS: &str = "
    finance -      prepare_payments -      yes
    finance -      approve_payments 621226 yes
    fund    -      approve_payments -      yes
    fund    -      prepare_payments -      no
    fund    620000 approve_payments 621226 yes
    fund    620000 approve_payments 510100 no
    fund    620000 approve_payments -      no
    county  621226 prepare_payments 621226 yes
    county  621226 prepare_payments 621227 no
    county  621226 prepare_payments -      no
    county  621226 approve_payments 621226 no
    admin   -      view_payments    -      no
    observer -     view_payments    621226 no
";

#[test]
fn who_may_do_what_goes_by_role_and_place() {
    let ids = kernel::SeededIds::new(1);
    let place = |word: &str| (word != "-").then(|| word.parse::<PlaceCode>().unwrap());
    for row in RIGHTS.lines().filter(|row| !row.trim().is_empty()) {
        let words: Vec<&str> = row.split_whitespace().collect();
        let viewer = Viewer {
            user: Some(UserId::next(&ids)),
            grants: vec![Grant {
                id: GrantId::next(&ids),
                role: words[0].parse().unwrap(),
                place: place(words[1]),
                granted_at: jiff::Timestamp::UNIX_EPOCH,
                granted_by: "system".to_owned(),
            }],
            ..Viewer::nobody()
        };
        let action = Action::ALL.into_iter().find(|action| action.as_str() == words[2]);
        let answer = require(&viewer, action.unwrap(), place(words[3]));
        assert_eq!(answer.is_ok(), words[4] == "yes", "{row}");
    }
}
