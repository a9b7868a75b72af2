//! Money to someone who may be written down twice waits until somebody has decided.

use std::sync::Arc;

use jiff::civil::date;
use kernel::{Actor, Role, SeededSecrets};
use registry::{
    Act, Distinct, HouseholdFacts, Member, PersonFacts, PersonId, Personal, Register, Registry, Relation, Sex,
};
use store::Keyring;
use testkit::on_both;

use crate::desk::{ACCOUNTS, Desk, code, person};

fn id(number: u8) -> PersonId {
    format!("01890a5d-ac96-774b-aaaa-b302099a80{number:02}")
        .parse()
        .unwrap()
}

/// Someone born on the same day in the same village, under a household of their own.
fn written_down(number: u8, account: &str) -> Act {
    let head = Member {
        person: id(number),
        personal: Personal {
            name: Some("张伟".to_owned()),
            phone: Some("13800000001".to_owned()),
            bank_account: Some(account.to_owned()),
            ..Personal::default()
        },
        facts: PersonFacts {
            relation: Some(Relation::Head),
            sex: Some(Sex::Male),
            birth_on: Some(date(1980, 1, 1)),
            ..PersonFacts::default()
        },
    };
    Act::Register(Register {
        household: format!("01890a5d-ac96-774b-bbbb-b302099a80{number:02}")
            .parse()
            .unwrap(),
        place: "653130101201".parse().unwrap(),
        since: date(2018, 1, 10),
        facts: HouseholdFacts::default(),
        members: vec![head],
        recognised_elsewhere: false,
        document: None,
    })
}

fn two_of_them(key: &str, other: u8) -> Act {
    Act::Distinct(Distinct {
        key: key.to_owned(),
        one: id(1),
        other: id(other),
        on: date(2018, 3, 1),
        reason: "两人均在村".to_owned(),
        document: None,
    })
}

#[tokio::test]
async fn a_batch_is_neither_prepared_nor_approved_nor_let_out_while_a_payee_may_be_written_down_twice() {
    on_both(async |store| {
        let desk = Desk::open(store).await;
        let rules = programme::Programme::built_in().unwrap().recognition.unwrap();
        let keyring = Keyring::from_seed(&[7; 32]).unwrap();
        let registry = Registry::new(
            store.store(),
            keyring,
            Arc::new(SeededSecrets::new(3)),
            Arc::new(rules),
        );
        let take = async |act| {
            let by = Actor::new("village", Role::VillageWorker);
            registry.take(by, act).await.unwrap().into_inner();
        };
        take(written_down(1, ACCOUNTS[1])).await;
        take(written_down(2, "6228480000000077")).await;
        let batch = desk.draft("may").await;
        let refused = desk.payments.prepare(person("wang"), batch).await.unwrap_err();
        assert_eq!(refused.code, "payments.payee_in_question");
        assert_eq!(refused.at.as_deref(), Some("b"));
        assert!(!format!("{refused} {refused:?}").contains(ACCOUNTS[1]));

        take(two_of_them("d1", 2)).await;
        desk.payments
            .prepare(person("wang"), batch)
            .await
            .unwrap()
            .into_inner();
        take(written_down(3, "6228480000000085")).await;
        let approved = desk.payments.approve(person("chen"), batch).await;
        assert_eq!(code(approved), "payments.payee_in_question");

        take(two_of_them("d2", 3)).await;
        for name in ["chen", "lan"] {
            desk.payments
                .approve(person(name), batch)
                .await
                .unwrap()
                .into_inner();
        }
        take(written_down(4, "6228480000000093")).await;
        let out = desk.payments.write_file(person("wang"), batch).await;
        assert_eq!(code(out.map(drop)), "payments.payee_in_question");
        take(two_of_them("d3", 4)).await;
        desk.payments
            .write_file(person("wang"), batch)
            .await
            .unwrap()
            .into_inner();
        // What is out can be fetched again, whoever else is found later.
        take(written_down(5, "6228480000000101")).await;
        assert!(desk.payments.write_file(person("wang"), batch).await.is_ok());
    })
    .await;
}
