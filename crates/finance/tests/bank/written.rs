//! What is written is valid by the schema of the standard, says what it was told, and reads back.

use std::path::{Path, PathBuf};
use std::process::Command;

use finance::bank::{
    Amount, BankMessage, Decimal, Initiation, InitiationCopy, Party, Purpose, Transfer, read_message,
};
use jiff::civil::date;
use kernel::{Currency, Money, Refusal};
use proptest::prelude::*;

fn party(name: &str, account: &str) -> Party {
    Party {
        name: name.to_owned(),
        account: account.parse().unwrap(),
        bank: "103100000026".parse().unwrap(),
    }
}

fn transfer(number: usize, fen: i64) -> Transfer {
    Transfer {
        end_to_end_id: format!("FP{number:032}"),
        amount: Money::from_fen(fen),
        creditor: party("李兰", "6222021234567890128"),
        purpose: Purpose::Produce,
        remittance: "礼县苹果 货款 & <合同> 第7号".to_owned(),
    }
}

fn order(fens: &[i64]) -> Initiation {
    Initiation {
        message_id: "FP0123456789abcdef0123456789abcdef".to_owned(),
        created_at: "2018-07-02T04:00:00Z".parse().unwrap(),
        execute_on: date(2018, 7, 3),
        debtor: party("鱼塘脱贫基金", "2711010120001234567"),
        transfers: fens
            .iter()
            .enumerate()
            .map(|(n, fen)| transfer(n, *fen))
            .collect(),
    }
}

fn read_back(xml: &[u8]) -> InitiationCopy {
    match read_message(xml) {
        Ok(BankMessage::Initiation(copy)) => copy,
        other => panic!("{other:?}"),
    }
}

/// What xmllint says of a file by the schema of the shared data; `cargo xtask test` lists it where it is missing.
fn validate(file: &Path) -> Result<(), String> {
    let schema: PathBuf = testkit::shared_data("iso20022").join("xsd/pain.001.001.09.xsd");
    let ran = Command::new("xmllint")
        .args(["--noout", "--nonet", "--schema"])
        .args([&schema, file])
        .output()
        .unwrap();
    if ran.status.success() {
        return Ok(());
    }
    Err(String::from_utf8_lossy(&ran.stderr).into_owned())
}

#[test]
fn the_written_message_is_valid_by_the_schema_of_the_standard() {
    if Command::new("xmllint").arg("--version").output().is_err() {
        eprintln!("not run: xmllint is not installed");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("order.xml");
    let mut every = order(&vec![1; Purpose::ALL.len()]);
    for (transfer, purpose) in every.transfers.iter_mut().zip(Purpose::ALL) {
        transfer.purpose = purpose;
    }
    every.transfers[0].remittance.clear();
    every.transfers[1].creditor.name = "名".repeat(140);
    every.transfers[2].amount = Money::from_fen(i64::MAX / 1000);
    std::fs::write(&file, every.to_xml().unwrap()).unwrap();
    assert_eq!(validate(&file), Ok(()));

    let broken = String::from_utf8(every.to_xml().unwrap())
        .unwrap()
        .replace("TRF", "TRX");
    std::fs::write(&file, broken).unwrap();
    assert!(
        validate(&file).unwrap_err().contains("PmtMtd"),
        "the schema is really asked"
    );
}

#[test]
fn the_written_message_follows_the_practice_in_china() {
    let xml = String::from_utf8(order(&[123_450]).to_xml().unwrap()).unwrap();
    for part in [
        "<CreDtTm>2018-07-02T12:00:00+08:00</CreDtTm>",
        "<NbOfTxs>1</NbOfTxs>",
        "<CtrlSum>1234.50</CtrlSum>",
        "<BtchBookg>false</BtchBookg>",
        "<Dt>2018-07-03</Dt>",
        "<Cd>CNAPS</Cd>",
        "<MmbId>103100000026</MmbId>",
        "<Id>2711010120001234567</Id>",
        "<ChrgBr>DEBT</ChrgBr>",
        "<InstdAmt Ccy=\"CNY\">1234.50</InstdAmt>",
        "<Nm>李兰</Nm>",
        "<Cd>GDDS</Cd>",
        "<Ustrd>礼县苹果 货款 &amp; &lt;合同&gt; 第7号</Ustrd>",
    ] {
        assert!(xml.contains(part), "{part} in {xml}");
    }
}

#[test]
fn the_same_order_makes_the_same_bytes() {
    assert_eq!(
        order(&[1, 2, 3]).to_xml().unwrap(),
        order(&[1, 2, 3]).to_xml().unwrap()
    );
}

/// Something that makes an order wrong.
type Change<'a> = &'a dyn Fn(&mut Initiation);

#[test]
fn an_order_that_the_message_does_not_take_is_refused_by_name() {
    let refused = |change: &dyn Fn(&mut Initiation)| -> (&'static str, Option<String>) {
        let mut order = order(&[100, 200]);
        change(&mut order);
        let refusal: Refusal = order.to_xml().unwrap_err();
        (refusal.code, refusal.at)
    };
    let at = |at: &str| Some(at.to_owned());
    let cases: [(Change<'_>, &str, Option<String>); 9] = [
        (&|o| o.transfers.clear(), "bank.no_payments", None),
        (&|o| o.message_id = "x".repeat(36), "bank.bad_text", at("MsgId")),
        (&|o| o.debtor.name.clear(), "bank.bad_text", at("Dbtr/Nm")),
        (
            &|o| o.transfers[1].creditor.name = " 李兰".to_owned(),
            "bank.bad_text",
            at("CdtTrfTxInf[2]/Cdtr/Nm"),
        ),
        (
            &|o| o.transfers[0].remittance = "a\u{0}b".to_owned(),
            "bank.bad_text",
            at("CdtTrfTxInf[1]/RmtInf/Ustrd"),
        ),
        (
            &|o| o.transfers[0].amount = Money::ZERO,
            "bank.amount_not_positive",
            at("CdtTrfTxInf[1]/InstdAmt"),
        ),
        (
            &|o| o.transfers[1].amount = Money::from_fen(-1),
            "bank.amount_not_positive",
            at("CdtTrfTxInf[2]/InstdAmt"),
        ),
        (
            &|o| o.transfers[1].end_to_end_id = o.transfers[0].end_to_end_id.clone(),
            "bank.repeated_reference",
            at("CdtTrfTxInf[2]/EndToEndId"),
        ),
        (
            &|o| o.transfers[0].amount = Money::from_fen(i64::MAX),
            "kernel.money_overflow",
            None,
        ),
    ];
    for (change, code, place) in cases {
        assert_eq!(refused(change), (code, place));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_written_reads_back_to_the_fen(
        fens in prop::collection::vec(1..1_000_000_000_i64, 1..40),
        name in "[\\PC]{1,40}",
        text in "[ -~\u{4e00}-\u{9fff}]{0,60}",
    ) {
        let mut order = order(&fens);
        for transfer in &mut order.transfers {
            transfer.creditor.name.clone_from(&name);
            transfer.remittance.clone_from(&text);
        }
        let Ok(xml) = order.to_xml() else {
            prop_assert!(name.trim() != name || text.trim() != text || name.chars().any(char::is_control));
            return Ok(());
        };
        let copy = read_back(&xml);
        prop_assert_eq!(&copy.message_id, &order.message_id);
        prop_assert_eq!(copy.created_at, order.created_at);
        prop_assert_eq!(copy.sum, Decimal::from_money(order.total().unwrap()));
        let [instruction] = &copy.instructions[..] else { panic!("{copy:?}") };
        prop_assert_eq!(instruction.debtor_account.as_deref(), Some(order.debtor.account.reveal()));
        prop_assert_eq!(instruction.transfers.len(), order.transfers.len());
        for (read, written) in instruction.transfers.iter().zip(&order.transfers) {
            prop_assert_eq!(&read.end_to_end_id, &written.end_to_end_id);
            let amount = Amount { number: Decimal::from_money(written.amount), currency: Currency::CNY };
            prop_assert_eq!(read.amount, amount);
            prop_assert_eq!(read.creditor_account.as_deref(), Some(written.creditor.account.reveal()));
            prop_assert_eq!(read.creditor_name.as_deref(), Some(name.as_str()));
        }
    }
}
