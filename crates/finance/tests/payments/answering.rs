//! What banks answer, and what follows: in the batch, in the books, and for the people who have to look.

use finance::payments::{Decision, Saying, open_sayings};
use kernel::{Done, Fault};
use testkit::on_both;

use crate::desk::{ACCOUNTS, BANK, Booking, COST, Desk, PAYER, bookings, code, person, status_report};

async fn open(desk: &Desk<'_>) -> Vec<Saying> {
    open_sayings(desk.store, None, 100).await.unwrap()
}

/// `trouble reference-or-account amount` of each open saying.
async fn open_shown(desk: &Desk<'_>) -> Vec<String> {
    let shown = |one: &Saying| {
        let named = one.reference.clone().or(one.account.clone()).unwrap_or_default();
        let amount = one.amount.map(|amount| amount.to_string()).unwrap_or_default();
        format!("{} {named} {amount}", one.trouble.as_deref().unwrap_or("-"))
    };
    open(desk).await.iter().map(shown).collect()
}

#[tokio::test]
async fn each_payment_ends_as_the_bank_says_and_the_books_follow_to_the_fen() {
    on_both(async |store| {
        let desk = Desk::open(store).await;
        let id = desk.out("july").await;
        let lines = desk.lines(id).await;
        let (a, b, c) = (&lines[0].reference, &lines[1].reference, &lines[2].reference);
        let message = format!("FP{}", id.as_uuid().simple());
        let report = status_report("R-1", &message, "PART", &[(a, "ACSP"), (b, "RJCT")]);
        let taken = desk.answer(&report).await.unwrap();
        assert_eq!((taken.new, taken.changed, taken.open), (3, 2, 0));
        assert_eq!(
            desk.states(id).await,
            ["accepted 0.00 0.00", "rejected 0.00 0.00", "waiting 0.00 0.00"]
        );
        assert_eq!(
            desk.balance(BANK).await,
            ("1000.00".to_owned(), "400.00".to_owned())
        );

        let day = [
            Booking::paid("B-1", a, "100.00"),
            Booking::paid("B-2", c, "300.00"),
        ];
        desk.answer(&bookings("camt.053", "S-1", PAYER, &day))
            .await
            .unwrap();
        assert_eq!(
            desk.states(id).await,
            ["settled 100.00 0.00", "rejected 0.00 0.00", "settled 300.00 0.00"]
        );
        assert_eq!(desk.balance(BANK).await, ("600.00".to_owned(), "0.00".to_owned()));
        assert_eq!(desk.balance(COST).await.0, "400.00");

        let back = [
            Booking::returned("B-3", c, "300.00"),
            Booking::returned("B-4", a, "40.00"),
        ];
        desk.answer(&bookings("camt.054", "N-1", PAYER, &back))
            .await
            .unwrap();
        assert_eq!(
            desk.states(id).await,
            [
                "partly 100.00 40.00",
                "rejected 0.00 0.00",
                "returned 300.00 300.00"
            ]
        );
        assert_eq!(desk.balance(BANK).await, ("940.00".to_owned(), "0.00".to_owned()));
        assert_eq!(desk.balance(COST).await.0, "60.00");
        assert_eq!(desk.batch(id).await.batch.paid.to_string(), "60.00");
        assert!(open(&desk).await.is_empty());
        assert!(store.verify_facts().await.unwrap().findings.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_status_of_the_whole_message_is_that_of_every_payment_it_does_not_name() {
    on_both(async |store| {
        let desk = Desk::open(store).await;
        let id = desk.out("july").await;
        let message = format!("FP{}", id.as_uuid().simple());
        let b = desk.lines(id).await[1].reference.clone();
        desk.answer(&status_report("R-1", &message, "ACCP", &[(&b, "RJCT")]))
            .await
            .unwrap();
        assert_eq!(
            desk.states(id).await,
            ["accepted 0.00 0.00", "rejected 0.00 0.00", "accepted 0.00 0.00"]
        );
        desk.answer(&status_report("R-2", &message, "RJCT", &[]))
            .await
            .unwrap();
        assert_eq!(desk.states(id).await, ["rejected 0.00 0.00"; 3]);
        assert_eq!(
            desk.balance(BANK).await,
            ("1000.00".to_owned(), "0.00".to_owned())
        );
    })
    .await;
}

#[tokio::test]
async fn the_same_file_and_the_same_booking_in_another_file_change_nothing() {
    on_both(async |store| {
        let desk = Desk::open(store).await;
        let id = desk.out("july").await;
        let a = desk.lines(id).await[0].reference.clone();
        let one = [Booking::paid("B-1", &a, "100.00")];
        let file = bookings("camt.053", "S-1", PAYER, &one);
        let first = desk
            .payments
            .take_answer(person("wang"), file.as_bytes())
            .await
            .unwrap();
        assert!(first.is_now());
        let facts = store.facts_head().await.unwrap();
        let again = desk
            .payments
            .take_answer(person("sun"), file.as_bytes())
            .await
            .unwrap();
        assert!(matches!(again, Done::Already(_)));
        assert_eq!(store.facts_head().await.unwrap(), facts);
        // The bank exports the day again under another name, a notification told of it before, and blanks differ.
        for file in [
            bookings("camt.053", "S-1-copy", PAYER, &one),
            bookings("camt.054", "N-1", PAYER, &one),
            file.replace("><", ">\n<"),
        ] {
            desk.answer(&file).await.unwrap();
            assert_eq!(desk.states(id).await[0], "settled 100.00 0.00");
            assert_eq!(desk.balance(BANK).await.0, "900.00");
        }
    })
    .await;
}

#[tokio::test]
async fn a_booking_without_a_reference_finds_its_payment_by_account_and_amount_if_there_is_one_only() {
    on_both(async |store| {
        let desk = Desk::open(store).await;
        let id = desk.out("july").await;
        let alone = [Booking::to_account("B-1", ACCOUNTS[1], "200.00")];
        desk.answer(&bookings("camt.053", "S-1", PAYER, &alone))
            .await
            .unwrap();
        assert_eq!(desk.states(id).await[1], "settled 200.00 0.00");

        // Another account, another amount: nothing of ours.
        let strange = [
            Booking::to_account("B-2", "99999999", "200.00"),
            Booking::to_account("B-3", ACCOUNTS[0], "100.01"),
        ];
        let report = desk
            .answer(&bookings("camt.053", "S-2", PAYER, &strange))
            .await
            .unwrap();
        assert_eq!(report.open, 2);
        assert_eq!(
            open_shown(&desk).await,
            [
                "payments.unknown_reference **** 9999 200.00",
                "payments.unknown_reference **** 0128 100.01"
            ]
        );
        assert_eq!(desk.balance(BANK).await.0, "800.00");
    })
    .await;
}

#[tokio::test]
async fn a_booking_that_two_payments_fit_waits_until_one_of_them_is_named() {
    on_both(async |store| {
        let desk = Desk::open(store).await;
        let id = desk.draft("july").await;
        let twin = crate::desk::line("d", ACCOUNTS[0], "100");
        desk.payments
            .add_lines(person("wang"), id, vec![twin])
            .await
            .unwrap()
            .into_inner();
        desk.approve(id).await;
        desk.payments
            .write_file(person("wang"), id)
            .await
            .unwrap()
            .into_inner();
        let nameless = [Booking::to_account("B-1", ACCOUNTS[0], "100.00")];
        desk.answer(&bookings("camt.053", "S-1", PAYER, &nameless))
            .await
            .unwrap();
        assert_eq!(
            open_shown(&desk).await,
            ["payments.several_payments **** 0128 100.00"]
        );
        let a = desk.lines(id).await[0].reference.clone();
        desk.answer(&bookings(
            "camt.053",
            "S-2",
            PAYER,
            &[Booking::paid("B-2", &a, "100.00")],
        ))
        .await
        .unwrap();
        assert!(open(&desk).await.is_empty());
        let states = desk.states(id).await;
        assert_eq!(
            (states[0].as_str(), states[3].as_str()),
            ("settled 100.00 0.00", "settled 100.00 0.00")
        );
        assert_eq!(desk.balance(BANK).await.0, "800.00");
    })
    .await;
}

#[tokio::test]
async fn what_is_not_known_is_open_until_a_person_settles_it_and_is_settled_once() {
    on_both(async |store| {
        let desk = Desk::open(store).await;
        let id = desk.out("july").await;
        let lines = desk.lines(id).await;
        let strange = [
            Booking::paid("B-1", "SOMETHING-ELSE", "100.00"),
            Booking::paid("B-2", "FEE", "3.00"),
        ];
        desk.answer(&bookings("camt.053", "S-1", PAYER, &strange))
            .await
            .unwrap();
        let message = format!("FP{}", id.as_uuid().simple());
        desk.answer(&status_report(
            "R-1",
            &message,
            "",
            &[(&lines[2].reference, "ZZZZ")],
        ))
        .await
        .unwrap();
        desk.answer(&status_report("R-2", "NOT-OURS", "RJCT", &[]))
            .await
            .unwrap();
        let found = open(&desk).await;
        let troubles: Vec<&str> = found
            .iter()
            .map(|one| one.trouble.as_deref().unwrap_or("-"))
            .collect();
        let unknown = "payments.unknown_reference";
        assert_eq!(troubles, [unknown, unknown, "payments.unknown_status", unknown]);
        let settle = async |one: usize, decision: Decision| {
            desk.payments
                .settle(person("wang"), found[one].id, decision)
                .await
        };
        let nobody = |reason: &str| Decision::Nobody {
            reason: reason.to_owned(),
        };
        assert!(settle(0, Decision::Line(lines[0].id)).await.unwrap().is_now());
        assert_eq!(
            settle(0, Decision::Line(lines[0].id)).await.unwrap(),
            Done::Already(())
        );
        assert_eq!(
            code(settle(0, Decision::Line(lines[1].id)).await),
            "payments.saying_settled"
        );
        assert_eq!(desk.states(id).await[0], "settled 100.00 0.00");
        assert_eq!(desk.balance(BANK).await.0, "900.00");
        assert_eq!(code(settle(1, nobody(" ")).await), "payments.reason_missing");
        for one in 1..4 {
            assert!(settle(one, nobody("a fee")).await.unwrap().is_now());
        }
        assert_eq!(settle(1, nobody("a fee")).await.unwrap(), Done::Already(()));
        assert!(open(&desk).await.is_empty());
        assert_eq!(desk.balance(BANK).await.0, "900.00");
    })
    .await;
}

#[tokio::test]
async fn a_statement_of_another_account_and_a_file_of_our_own_are_not_taken_in() {
    on_both(async |store| {
        let desk = Desk::open(store).await;
        let id = desk.out("july").await;
        let refusal = desk
            .answer(&bookings("camt.053", "S-1", "88889999", &[]))
            .await
            .unwrap_err();
        assert_eq!(
            (refusal.code, refusal.value.as_deref()),
            ("payments.unknown_payer", Some("**** 9999"))
        );
        let file = desk
            .payments
            .write_file(person("wang"), id)
            .await
            .unwrap()
            .into_inner();
        let own = desk
            .payments
            .take_answer(person("wang"), &file.bytes)
            .await
            .unwrap_err();
        assert_eq!((own.code, own.fault), ("payments.not_an_answer", Fault::Refused));
        assert_eq!(code(desk.answer("<a/>").await), "bank.not_a_message");
        assert!(open(&desk).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn what_banks_say_of_each_other_is_money_that_a_person_has_to_look_at() {
    on_both(async |store| {
        let desk = Desk::open(store).await;
        let id = desk.out("july").await;
        let lines = desk.lines(id).await;
        let message = format!("FP{}", id.as_uuid().simple());
        desk.answer(&status_report(
            "R-1",
            &message,
            "",
            &[(&lines[0].reference, "RJCT")],
        ))
        .await
        .unwrap();
        let day = [
            Booking::paid("B-1", &lines[0].reference, "100.00"),
            Booking::paid("B-2", &lines[1].reference, "220.00"),
            Booking::returned("B-3", &lines[2].reference, "300.00"),
            Booking::paid("B-4", &lines[2].reference, "250.00"),
        ];
        desk.answer(&bookings("camt.053", "S-1", PAYER, &day))
            .await
            .unwrap();
        assert_eq!(
            desk.states(id).await,
            [
                "settled 100.00 0.00 payments.rejected_but_paid",
                "settled 220.00 0.00 payments.paid_too_much",
                "returned 250.00 250.00 payments.returned_too_much",
            ]
        );
        assert_eq!(desk.balance(BANK).await, ("680.00".to_owned(), "0.00".to_owned()));
    })
    .await;
}
