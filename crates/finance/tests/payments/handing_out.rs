//! Money that is handed out, against a receipt and before a witness.

use finance::payments::{BatchState, LineId, Method, NewBatch, Payer, Receipt};
use jiff::civil::date;
use kernel::Done;
use testkit::on_both;

use crate::desk::{BANK, COST, Desk, code, line, new_batch, person};

async fn cash(desk: &Desk<'_>) -> (finance::payments::BatchId, Vec<LineId>) {
    let new = NewBatch {
        method: Method::Cash,
        place: Some("621226".parse().unwrap()),
        payer: Payer::Hands {
            name: "礼县扶贫办".to_owned(),
        },
        ..new_batch("cash")
    };
    let id = desk
        .payments
        .open_batch(person("wang"), new)
        .await
        .unwrap()
        .into_inner();
    let mut lines = vec![line("a", "12345678", "100"), line("b", "12345678", "200")];
    let refused = desk.payments.add_lines(person("wang"), id, lines.clone()).await;
    assert_eq!(code(refused), "payments.account_not_taken");
    for line in &mut lines {
        line.account = None;
    }
    desk.payments
        .add_lines(person("wang"), id, lines)
        .await
        .unwrap()
        .into_inner();
    let ids = desk.lines(id).await.iter().map(|line| line.id).collect();
    (id, ids)
}

async fn receipt(desk: &Desk<'_>, number: &str) -> Receipt {
    let scan = format!("a photograph of {number}").into_bytes();
    Receipt {
        number: number.to_owned(),
        document_sha256: desk.store.documents().put(scan).await.unwrap(),
        paid_on: date(2018, 7, 2),
        witness: "zhao".to_owned(),
    }
}

#[tokio::test]
async fn cash_is_posted_by_its_receipt_once_and_what_is_left_can_be_given_up() {
    on_both(async |store| {
        let desk = Desk::open(store).await;
        let (id, lines) = cash(&desk).await;
        let first = receipt(&desk, "R-1").await;
        let early = desk
            .payments
            .hand_out(person("li"), lines[0], first.clone())
            .await;
        assert_eq!(code(early), "payments.not_approved");
        desk.approve(id).await;
        let file = desk.payments.write_file(person("wang"), id).await;
        assert_eq!(file.err().unwrap().code, "payments.no_file");
        assert!(
            desk.payments
                .hand_out(person("li"), lines[0], first.clone())
                .await
                .unwrap()
                .is_now()
        );
        assert_eq!(
            desk.payments
                .hand_out(person("li"), lines[0], first)
                .await
                .unwrap(),
            Done::Already(())
        );
        assert_eq!(desk.batch(id).await.batch.state, BatchState::Out);
        assert_eq!(
            desk.states(id).await,
            ["settled 100.00 0.00", "waiting 0.00 0.00"]
        );
        assert_eq!(
            desk.balance(BANK).await,
            ("900.00".to_owned(), "200.00".to_owned())
        );
        assert_eq!(desk.balance(COST).await.0, "100.00");
        let second = receipt(&desk, "R-2").await;
        let again = desk.payments.hand_out(person("li"), lines[0], second).await;
        assert_eq!(code(again), "payments.handed_out_already");
        desk.payments
            .cancel(person("wang"), id, "moved away")
            .await
            .unwrap()
            .into_inner();
        assert_eq!(
            desk.states(id).await,
            ["settled 100.00 0.00", "cancelled 0.00 0.00"]
        );
        assert_eq!(desk.balance(BANK).await, ("900.00".to_owned(), "0.00".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn a_receipt_that_proves_nothing_is_refused_and_nothing_is_posted() {
    on_both(async |store| {
        let desk = Desk::open(store).await;
        let (id, lines) = cash(&desk).await;
        desk.approve(id).await;
        let good = receipt(&desk, "R-1").await;
        let refused = async |change: &dyn Fn(&mut Receipt)| {
            let mut bad = good.clone();
            change(&mut bad);
            code(desk.payments.hand_out(person("li"), lines[0], bad).await)
        };
        assert_eq!(refused(&|r| r.number.clear()).await, "payments.bad_text");
        assert_eq!(
            refused(&|r| r.witness = "li".to_owned()).await,
            "payments.own_witness"
        );
        assert_eq!(
            refused(&|r| r.document_sha256 = "0".repeat(64)).await,
            "store.document_missing"
        );
        assert_eq!(
            refused(&|r| r.paid_on = date(2018, 7, 3)).await,
            "payments.future_day"
        );
        desk.payments
            .hand_out(person("li"), lines[0], good.clone())
            .await
            .unwrap()
            .into_inner();
        let used = desk.payments.hand_out(person("li"), lines[1], good).await;
        assert_eq!(code(used), "payments.receipt_used");
        assert_eq!(desk.balance(BANK).await.0, "900.00");

        let by_bank = desk.out("bank").await;
        let line = desk.lines(by_bank).await[0].id;
        let receipt = receipt(&desk, "R-9").await;
        assert_eq!(
            code(desk.payments.hand_out(person("li"), line, receipt).await),
            "payments.paid_by_bank"
        );
    })
    .await;
}
