//! Every sample of the shared data is read, or refused as its README says.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use finance::bank::{BankMessage, Direction, EntryState, InitiationCopy, Verdict, read_message};
use kernel::Refusal;
use serde_json::Value;

fn read(file: &Path) -> Result<BankMessage, Refusal> {
    read_message(BufReader::new(File::open(file).unwrap()))
}

/// All XML files below a folder, sorted.
fn xml_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(xml_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "xml") {
            files.push(path);
        }
    }
    files.sort();
    files
}

fn initiation(file: &Path) -> InitiationCopy {
    match read(file) {
        Ok(BankMessage::Initiation(copy)) => copy,
        other => panic!("{}: {other:?}", file.display()),
    }
}

#[test]
fn every_initiation_of_the_samples_is_read_and_adds_up() {
    let data = testkit::shared_data("iso20022");
    let mut files = xml_files(&data.join("coverage"));
    files.extend(xml_files(&data.join("market")));
    assert_eq!(files.len(), 46);
    for file in files {
        let copy = initiation(&file);
        let transfers = copy.instructions.iter().flat_map(|i| &i.transfers).count();
        assert_eq!(usize::try_from(copy.count), Ok(transfers), "{}", file.display());
    }
}

/// The values at a path of names in the JSON twin of a message; a list anywhere on the way gives all its items.
fn at<'a>(value: &'a Value, path: &[&str]) -> Vec<&'a Value> {
    match (value, path) {
        (Value::Array(items), _) => items.iter().flat_map(|item| at(item, path)).collect(),
        (value, []) => vec![value],
        (value, [name, rest @ ..]) => value.get(name).map_or_else(Vec::new, |inner| at(inner, rest)),
    }
}

#[test]
fn what_is_read_of_a_market_sample_is_what_its_json_twin_says() {
    let data = testkit::shared_data("iso20022").join("market");
    let mut payments = 0;
    for file in xml_files(&data) {
        let twin = file.to_str().unwrap().replace(".xml", ".iso.json");
        let twin: Value = serde_json::from_slice(&std::fs::read(twin).unwrap()).unwrap();
        let copy = initiation(&file);
        let root = ["Document", "CstmrCdtTrfInitn"];
        let texts = |path: &[&str]| -> Vec<String> {
            let found = at(&twin, &[&root[..], path].concat());
            found
                .iter()
                .map(|text| text.as_str().unwrap().to_owned())
                .collect()
        };
        assert_eq!(
            texts(&["GrpHdr", "MsgId"]),
            std::slice::from_ref(&copy.message_id)
        );
        let ids: Vec<_> = copy.instructions.iter().map(|i| i.id.clone()).collect();
        assert_eq!(texts(&["PmtInf", "PmtInfId"]), ids);
        let transfers: Vec<_> = copy.instructions.iter().flat_map(|i| &i.transfers).collect();
        let of = |read: &dyn Fn(usize) -> String| (0..transfers.len()).map(read).collect::<Vec<_>>();
        let line = ["PmtInf", "CdtTrfTxInf"];
        assert_eq!(
            texts(&[&line[..], &["PmtId", "EndToEndId"]].concat()),
            of(&|n| transfers[n].end_to_end_id.clone())
        );
        let amounts = texts(&[&line[..], &["Amt", "InstdAmt", "amt"]].concat());
        let currencies = texts(&[&line[..], &["Amt", "InstdAmt", "Ccy"]].concat());
        let said = amounts.iter().zip(currencies).map(|(number, currency)| {
            let number: f64 = number.parse().unwrap();
            format!("{currency} {number:.2}")
        });
        assert_eq!(
            said.collect::<Vec<_>>(),
            of(&|n| transfers[n].amount.to_string()),
            "{}",
            file.display()
        );
        payments += transfers.len();
    }
    assert!(payments > 35, "{payments}");
}

#[test]
fn the_status_report_of_the_samples_rejects_one_payment_of_a_batch() {
    let file = testkit::shared_data("iso20022").join("pain002/sample-1.xml");
    let Ok(BankMessage::Status(report)) = read(&file) else {
        panic!("no status report")
    };
    assert_eq!(report.message_id, "STAT-001");
    assert_eq!(report.original_message_id, "PMT-BATCH-001");
    assert_eq!(report.created_at.to_string(), "2026-04-10T01:30:00Z");
    let group = report.group.unwrap();
    assert_eq!(Verdict::of(&group.code), Some(Verdict::Partial));
    let [instruction] = &report.instructions[..] else {
        panic!("{:?}", report.instructions)
    };
    assert_eq!(instruction.original_id, "PAY-INFO-001");
    let [payment] = &instruction.payments[..] else {
        panic!("{:?}", instruction.payments)
    };
    assert_eq!(payment.original_end_to_end_id.as_deref(), Some("PaymentID6789"));
    let status = payment.status.as_ref().unwrap();
    assert_eq!(Verdict::of(&status.code), Some(Verdict::Rejected));
    assert_eq!(status.reasons[0].code.as_deref(), Some("AC04"));
}

#[test]
fn the_statement_of_the_samples_is_read_and_the_one_without_a_group_header_is_refused() {
    let data = testkit::shared_data("iso20022");
    let Ok(BankMessage::Statement(report)) = read(&data.join("camt053/v02-minimal.xml")) else {
        panic!("no statement")
    };
    let [statement] = &report.statements[..] else {
        panic!("{:?}", report.statements)
    };
    assert_eq!(statement.account, "NL26VAYB8060476890");
    let balances: Vec<String> = statement
        .balances
        .iter()
        .map(|balance| format!("{} {} {:?}", balance.code, balance.amount, balance.direction))
        .collect();
    assert_eq!(
        balances,
        [
            "OPBD EUR 18.15 Credit",
            "CLBD SEK 27.00 Debit",
            "OPAV CHF 35.00 Credit",
            "CLAV JPY 2700.00 Debit"
        ]
    );
    let [entry] = &statement.entries[..] else {
        panic!("{:?}", statement.entries)
    };
    assert_eq!(entry.amount.to_string(), "EUR 8.85");
    assert_eq!(
        (entry.direction, entry.state),
        (Direction::Credit, EntryState::Booked)
    );
    assert_eq!(entry.booked_on.unwrap().to_string(), "2014-12-31");
    assert_eq!(entry.payments[0].debtor_name.as_deref(), Some("NAME NAME"));
    assert_eq!(
        entry.payments[0].creditor_account.as_deref(),
        Some("NL56AGDH9619008421")
    );

    let refusal = read(&data.join("camt053-invalid/missing-group-header.xml")).unwrap_err();
    assert_eq!(
        (refusal.code, refusal.at.as_deref()),
        ("bank.missing_element", Some("/Document/BkToCstmrStmt/GrpHdr"))
    );
}

#[test]
fn a_schema_of_the_samples_is_no_message() {
    let counted: BTreeMap<&str, usize> =
        xml_schemas()
            .into_iter()
            .fold(BTreeMap::new(), |mut codes, file| {
                *codes.entry(read(&file).unwrap_err().code).or_default() += 1;
                codes
            });
    assert_eq!(counted, BTreeMap::from([("bank.not_a_message", 5)]));
}

fn xml_schemas() -> Vec<PathBuf> {
    let folder = testkit::shared_data("iso20022").join("xsd");
    let entries = std::fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().path()).collect()
}
