//! The journals: hledger reads ours and comes to our balances; beancount's has every account and entry; workbooks open.

use std::collections::BTreeMap;
use std::process::Command;

use books::{Act, AsOf, JournalForm, Leg, NewEntry};
use jiff::ToSpan as _;
use jiff::civil::date;
use kernel::{Actor, Lang, Money, Refusal};
use testkit::TestStore;

use crate::periods::open_accounts_of;

/// Memos that other programs could take for something else.
const MEMOS: [&str; 10] = [
    "",
    "捐赠",
    "* paid",
    "! (17) pending",
    "a ; comment, tag:value",
    "\"quoted\" \\ back",
    "| bar",
    "2018-01-01 a day",
    "= 100 CNY",
    "  spaces  ",
];

const ACCOUNTS: [&str; 7] = [
    "assets:fund:cash",
    "assets:bank:icbc",
    "liabilities:county:621126",
    "equity:pledge",
    "income:gifts",
    "expenses:health:premiums-2018",
    "expenses:0:x",
];

/// 400 entries of two to five legs, the same in each run.
async fn many_entries(store: &TestStore) {
    open_accounts_of(store, &ACCOUNTS.map(|code| (code, false))).await;
    let made: Result<(), Refusal> = store
        .write(Actor::system(), |ctx| {
            Box::pin(async move {
                let mut acts = Vec::new();
                for number in 0_i64..400 {
                    let first = usize::try_from(number % 7).unwrap();
                    let count = usize::try_from(number % 4 + 1).unwrap();
                    let mut legs = Vec::new();
                    let mut sum = 0;
                    for leg in 0..count {
                        let fen = (number * 7_919 + i64::try_from(leg).unwrap() * 104_729) % 10_007 - 5_000;
                        let fen = if fen == 0 { 1 } else { fen };
                        sum += fen;
                        legs.push(Leg {
                            account: ACCOUNTS[(first + leg) % 7].parse()?,
                            amount: Money::from_fen(fen),
                        });
                    }
                    if sum == 0 {
                        continue;
                    }
                    legs.push(Leg {
                        account: ACCOUNTS[(first + count) % 7].parse()?,
                        amount: Money::from_fen(-sum),
                    });
                    let new = NewEntry {
                        key: format!("k,{number}"),
                        effective_on: date(2018, 1, 1).saturating_add((number % 180).days()),
                        memo: MEMOS[usize::try_from(number % 10).unwrap()].to_owned(),
                        evidence: vec![],
                        legs,
                    };
                    acts.push(Act::Post(new));
                }
                books::take_all(ctx, acts).await.map(drop)
            })
        })
        .await;
    made.unwrap();
}

async fn journal(store: &TestStore, form: JournalForm) -> String {
    let mut reader = store.read().await.unwrap();
    let mut out = Vec::new();
    books::write_journal(&mut reader, form, &mut out).await.unwrap();
    String::from_utf8(out).unwrap()
}

#[tokio::test]
async fn hledger_reads_the_export_and_comes_to_the_same_balances() {
    let is_there = Command::new("hledger").arg("--version").output().is_ok();
    if !is_there {
        eprintln!("not run: no hledger here (on Debian: apt-get install hledger)");
        return;
    }
    testkit::on_both(async |store| {
        many_entries(store).await;
        let file = store.folder().join("books.journal");
        std::fs::write(&file, journal(store, JournalForm::Hledger).await).unwrap();
        let run = |args: &[&str]| {
            let output = Command::new("hledger")
                .arg("-f")
                .arg(&file)
                .args(args)
                .env("LANG", "C.UTF-8")
                .output()
                .unwrap();
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(output.status.success(), "{said}");
            String::from_utf8(output.stdout).unwrap()
        };
        run(&["check", "--strict"]);
        let said = run(&[
            "balance",
            "--flat",
            "--no-total",
            "--empty",
            "--output-format",
            "csv",
        ]);
        let theirs: BTreeMap<String, Money> = said
            .lines()
            .skip(1)
            .map(|line| {
                let (account, amount) = line.trim_matches('"').split_once("\",\"").unwrap();
                let amount = amount.trim_end_matches(" CNY").parse().unwrap();
                (account.to_owned(), amount)
            })
            .collect();
        let mut reader = store.read().await.unwrap();
        let trial = books::trial_balance(&mut reader, AsOf::default()).await.unwrap();
        let ours: BTreeMap<String, Money> = trial
            .lines
            .iter()
            .map(|line| {
                let balance = line.debit.checked_sub(line.credit).unwrap();
                (line.code.to_string(), balance)
            })
            .collect();
        assert_eq!(ours.len(), ACCOUNTS.len());
        assert_eq!(theirs, ours);
        let entries = books::entries_page(&mut reader, None, 10_000).await.unwrap();
        let numbers: Vec<String> = entries.iter().map(|entry| entry.no.to_string()).collect();
        let codes = run(&["codes"]);
        let mut codes: Vec<&str> = codes.lines().collect();
        codes.sort_by_key(|code| code.parse::<i64>().unwrap());
        assert_eq!(codes, numbers, "every entry is a transaction");
    })
    .await;
}

#[tokio::test]
async fn the_journal_for_beancount_names_every_account_and_entry_in_its_form() {
    let store = TestStore::sqlite().await;
    many_entries(&store).await;
    let text = journal(&store, JournalForm::Beancount).await;
    assert_eq!(text.matches(" open ").count(), ACCOUNTS.len());
    assert!(text.contains("1900-01-01 open Expenses:Health:Premiums-2018 CNY\n"));
    assert!(text.contains("2018-01-06 * \"\\\"quoted\\\" \\\\ back\"\n"));
    let mut reader = store.read().await.unwrap();
    let entries = books::entries_page(&mut reader, None, 10_000).await.unwrap();
    assert_eq!(text.matches("\n  sha256: ").count(), entries.len());
}

#[tokio::test]
async fn the_workbooks_are_workbooks() {
    let store = TestStore::sqlite().await;
    many_entries(&store).await;
    let mut reader = store.read().await.unwrap();
    let trial = books::trial_balance(&mut reader, AsOf::default()).await.unwrap();
    let days = (date(2018, 1, 1), date(2018, 6, 30));
    let code = "assets:fund:cash".parse().unwrap();
    let statement = books::statement(&mut reader, &code, days, 1_000).await.unwrap();
    for lang in [Lang::Zh, Lang::En] {
        for bytes in [
            books::trial_balance_workbook(&trial, lang).unwrap(),
            books::statement_workbook(&[statement.clone(), statement.clone()], lang).unwrap(),
        ] {
            assert_eq!(&bytes[..4], b"PK\x03\x04");
        }
    }
}
