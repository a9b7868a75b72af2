//! The whole way of money out from the command line: three people, a bank's file, its answers, and cash in a county.

use serde_json::Value;

use crate::desk::Desk;

const BATCH: &str = "2018-07-apples";
const DAY: &str = "2099-07-03";

/// A data folder with people of three roles and 1,000 yuan at the bank.
fn office() -> Desk {
    let desk = Desk::new();
    for (login, role, place) in [
        ("wang", "finance", None),
        ("lan", "finance", None),
        ("chen", "fund", None),
        ("li", "county", Some("621226")),
        ("zhao", "village_worker", Some("621226100201")),
    ] {
        let mut args = vec!["user", "add", login, "--name", login, "--role", role];
        args.extend(place.into_iter().flat_map(|place| ["--place", place]));
        done(&desk, &args);
    }
    for (account, floor) in [
        ("assets:fund:bank", true),
        ("equity:fund:pledge", false),
        ("expenses:apples", false),
    ] {
        let mut args = vec![
            "books", "accounts", "open", account, "--owner", "fund:1", "--zh", "账户", "--en", "account",
            "--as", "wang",
        ];
        if floor {
            args.push("--floor");
        }
        done(&desk, &args);
    }
    done(
        &desk,
        &[
            "books",
            "post",
            "pledge",
            "--memo",
            "认捐",
            "--on",
            "2018-07-01",
            "--debit",
            "assets:fund:bank",
            "1000",
            "--credit",
            "equity:fund:pledge",
            "1000",
            "--as",
            "wang",
        ],
    );
    desk
}

fn done(desk: &Desk, args: &[&str]) -> Value {
    desk.json("data", args)
}

/// The code of the refusal of a command that has to exit 1.
fn refused(desk: &Desk, args: &[&str]) -> String {
    let ran = desk.run("data", &[args, &["--json"]].concat());
    assert_eq!(ran.code, 1, "{args:?}: {ran:?}");
    let said: Value = serde_json::from_str(ran.err.lines().last().unwrap()).unwrap();
    said["code"].as_str().unwrap().to_owned()
}

fn step<'a>(verb: &'a str, who: &'a str) -> Vec<&'a str> {
    vec!["payments", verb, BATCH, "--as", who]
}

fn new_batch() -> Vec<&'static str> {
    let mut args = step("new", "wang");
    args.extend([
        "--source",
        "assets:fund:bank",
        "--payer",
        "鱼塘基金",
        "--account",
        "2711010120001234567",
        "--bank",
        "103100000026",
        "--on",
        DAY,
    ]);
    args
}

fn add<'a>(key: &'a str, account: &'a str, amount: &'a str) -> Vec<&'a str> {
    let mut args = step("add", "wang");
    args.extend([
        "--key",
        key,
        "--payee",
        "李兰",
        "--account",
        account,
        "--bank",
        "102100099996",
        "--amount",
        amount,
        "--purpose",
        "produce",
        "--text",
        "苹果货款",
        "--charge",
        "expenses:apples",
    ]);
    args
}

/// What the bank account holds and what is held of it, in fen.
fn balance(desk: &Desk) -> (String, String) {
    let accounts = done(desk, &["books", "accounts", "list"]);
    let mut accounts = accounts.as_array().unwrap().iter();
    let found = accounts.find(|one| one["code"] == "assets:fund:bank").unwrap();
    (found["balance_fen"].to_string(), found["held_fen"].to_string())
}

#[test]
#[expect(
    clippy::too_many_lines,
    reason = "one story, told in the order in which it happens"
)]
fn two_persons_approve_what_a_third_prepared_and_the_banks_answer_ends_it() {
    let desk = office();
    assert_eq!(
        refused(
            &desk,
            &[&new_batch()[..3], &["--as", "chen"], &new_batch()[5..]].concat()
        ),
        "staff.denied"
    );
    assert_eq!(done(&desk, &new_batch())["done"], "now");
    assert_eq!(done(&desk, &new_batch())["done"], "already");
    let mistyped = add("contract-1", "6222021234567890129", "100");
    assert_eq!(refused(&desk, &mistyped), "bank.account_check_digit");
    done(&desk, &add("contract-1", "6222021234567890128", "100"));
    done(&desk, &add("contract-2", "123456789012", "250.50"));
    done(&desk, &step("prepare", "wang"));
    assert_eq!(refused(&desk, &step("approve", "wang")), "payments.own_batch");
    assert_eq!(refused(&desk, &step("approve", "li")), "staff.denied");
    done(&desk, &step("approve", "chen"));
    let order = [&step("file", "wang")[..], &["--out", "order.xml"]].concat();
    assert_eq!(refused(&desk, &order), "payments.not_approved");
    done(&desk, &step("approve", "lan"));
    assert_eq!(balance(&desk), ("100000".to_owned(), "35050".to_owned()));

    let first = done(&desk, &order);
    let xml = std::fs::read_to_string(desk.path("order.xml")).unwrap();
    assert!(
        xml.contains("<CtrlSum>350.50</CtrlSum>") && xml.contains("<Id>6222021234567890128</Id>"),
        "{xml}"
    );
    let second = done(&desk, &order);
    assert_eq!(
        (first["done"].as_str(), second["done"].as_str()),
        (Some("now"), Some("already"))
    );
    assert_eq!(first["sha256"], second["sha256"]);
    let cancel = [&step("cancel", "wang")[..], &["--reason", "late"]].concat();
    assert_eq!(refused(&desk, &cancel), "payments.file_is_out");

    let shown = done(&desk, &step("show", "chen"));
    let references: Vec<&str> = shown["payments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|payment| payment["reference"].as_str().unwrap())
        .collect();
    std::fs::write(desk.path("statement.xml"), statement(&references)).unwrap();
    let answer = ["payments", "answer", "statement.xml", "--as", "wang"];
    let taken = done(&desk, &answer);
    assert_eq!(
        (
            taken["done"].as_str(),
            taken["changed"].as_i64(),
            taken["open"].as_i64()
        ),
        (Some("now"), Some(2), Some(1))
    );
    assert_eq!(done(&desk, &answer)["done"], "already");
    assert_eq!(balance(&desk), ("64950".to_owned(), "0".to_owned()));
    let shown = done(&desk, &step("show", "wang"));
    assert_eq!(shown["payments"][0]["state"], "settled");
    assert_eq!(shown["payments"][0]["payee"], "李**");
    assert_eq!(shown["paid_fen"], 35_050);

    let open = done(&desk, &["payments", "list", "--open", "--as", "wang"]);
    assert_eq!(open[0]["trouble"], "payments.unknown_reference");
    let id = open[0]["id"].as_str().unwrap();
    done(
        &desk,
        &[
            "payments",
            "settle",
            id,
            "--as",
            "wang",
            "--nobody",
            "a fee of the bank",
        ],
    );
    assert_eq!(
        done(&desk, &["payments", "list", "--open", "--as", "wang"]),
        serde_json::json!([])
    );
    assert_eq!(done(&desk, &["check"])["findings"], serde_json::json!([]));
    let list = desk.run("data", &["payments", "list", "--as", "wang"]);
    assert!(
        list.out.contains("已放行 2/2") && list.out.contains("350.50"),
        "{list:?}"
    );
}

/// A statement that books both payments and a fee.
fn statement(references: &[&str]) -> String {
    let entry = |name: &str, reference: &str, amount: &str| {
        format!(
            "<Ntry><Amt Ccy=\"CNY\">{amount}</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts>\
             <BookgDt><Dt>2018-07-03</Dt></BookgDt><AcctSvcrRef>{name}</AcctSvcrRef><NtryDtls><TxDtls><Refs>\
             <EndToEndId>{reference}</EndToEndId></Refs></TxDtls></NtryDtls></Ntry>"
        )
    };
    format!(
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.02\"><BkToCstmrStmt>\
         <GrpHdr><MsgId>M</MsgId><CreDtTm>2018-07-04T08:00:00</CreDtTm></GrpHdr><Stmt><Id>S</Id>\
         <Acct><Id><Othr><Id>2711010120001234567</Id></Othr></Id></Acct>{}{}{}</Stmt></BkToCstmrStmt></Document>",
        entry("B-1", references[0], "100.00"),
        entry("B-2", references[1], "250.50"),
        entry("B-3", "NOTPROVIDED", "2.00"),
    )
}

#[test]
fn a_file_of_payments_is_added_whole_and_a_wrong_row_is_named() {
    let desk = office();
    done(&desk, &new_batch());
    let add_file = [&step("add", "wang")[..], &["--file", "payments.csv"]].concat();
    let refusal = |text: &str| {
        std::fs::write(desk.path("payments.csv"), text).unwrap();
        let ran = desk.run("data", &[&add_file[..], &["--json"]].concat());
        let said: Value = serde_json::from_str(ran.err.lines().last().unwrap()).unwrap();
        let word = |name: &str| said[name].as_str().unwrap_or_default().to_owned();
        (word("code"), word("at"))
    };
    let head = "key,payee,account,bank,amount,purpose,text,charge\n";
    let good = "a,李兰,6222021234567890128,102100099996,100.00,produce,货款,expenses:apples\n";
    for (row, code, at) in [
        (
            "b,李兰,6222021234567890129,102100099996,1,produce,,expenses:apples\n",
            "bank.account_check_digit",
            "payments.csv:3:account",
        ),
        (
            "b,李兰,12345678,,1,produce,,expenses:apples\n",
            "payments.account_missing",
            "payments.csv:3:account",
        ),
        (
            "b,李兰,12345678,102100099996,1.005,produce,,expenses:apples\n",
            "kernel.bad_money",
            "payments.csv:3:amount",
        ),
        (
            "b,李兰,12345678,102100099996,0,produce,,expenses:apples\n",
            "payments.amount_not_positive",
            "payments.csv:3:amount",
        ),
        (
            "b,李兰,12345678,102100099996,1,gift,,expenses:apples\n",
            "bank.bad_purpose",
            "payments.csv:3:purpose",
        ),
        ("b,李兰,12345678\n", "payments.bad_row", "payments.csv:3"),
        (
            "a,李兰,6222021234567890128,102100099996,100.01,produce,货款,expenses:apples\n",
            "payments.key_taken",
            "payments.csv:3:key",
        ),
    ] {
        let file = format!("{head}{good}{row}");
        assert_eq!(refusal(&file), (code.to_owned(), at.to_owned()));
    }
    assert_eq!(refusal("key,payee\n").0, "payments.bad_columns");
    assert_eq!(done(&desk, &step("show", "wang"))["lines"], 0);
    let cash = "b,赵强,123456789012,103100000026,2.50,grant,,expenses:apples\n";
    std::fs::write(desk.path("payments.csv"), format!("\u{feff}{head}{good}{cash}")).unwrap();
    assert_eq!(done(&desk, &add_file)["added"], 2);
    assert_eq!(done(&desk, &add_file)["done"], "already");
    assert_eq!(done(&desk, &step("show", "wang"))["total_fen"], 10_250);
}

#[test]
#[expect(
    clippy::too_many_lines,
    reason = "one story, told in the order in which it happens"
)]
fn a_county_hands_cash_out_at_its_own_place_by_receipt_and_before_a_witness() {
    let desk = office();
    let open = |place: &'static str| {
        let mut args = step("new", "li");
        args.extend([
            "--method",
            "cash",
            "--source",
            "assets:fund:bank",
            "--payer",
            "礼县扶贫办",
            "--on",
            DAY,
        ]);
        args.extend(["--place", place]);
        args
    };
    assert_eq!(refused(&desk, &open("621227")), "staff.denied");
    done(&desk, &open("621226"));
    let mut add = step("add", "li");
    add.extend([
        "--key",
        "h-7",
        "--payee",
        "赵强",
        "--amount",
        "88.00",
        "--purpose",
        "grant",
        "--charge",
        "expenses:apples",
    ]);
    done(&desk, &add);
    done(&desk, &step("prepare", "li"));
    done(&desk, &step("approve", "chen"));
    done(&desk, &step("approve", "lan"));
    let shown = done(&desk, &step("show", "li"));
    let line = shown["payments"][0]["id"].as_str().unwrap();
    std::fs::write(desk.path("receipt.jpg"), b"a photograph").unwrap();
    let payout = |witness: &'static str| {
        [
            "payments",
            "payout",
            line,
            "--as",
            "li",
            "--receipt",
            "R-1",
            "--scan",
            "receipt.jpg",
            "--witness",
            witness,
            "--on",
            "2018-07-04",
        ]
    };
    assert_eq!(refused(&desk, &payout("li")), "payments.own_witness");
    assert_eq!(done(&desk, &payout("zhao"))["done"], "now");
    assert_eq!(done(&desk, &payout("zhao"))["done"], "already");
    assert_eq!(balance(&desk), ("91200".to_owned(), "0".to_owned()));
    assert_eq!(
        done(&desk, &step("show", "li"))["payments"][0]["state"],
        "settled"
    );
}
