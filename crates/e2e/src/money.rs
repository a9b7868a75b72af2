//! Books and payments of an installation, made on the command line before it is served: a pledge, entries, batches at every
//! step of their way, and what a bank says of one.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::program::said;

/// The batches, from the first that is made.
pub(crate) const OUT: &str = "2018-07-grants";
pub(crate) const WAITS: &str = "2018-08-grants";
pub(crate) const CASH: &str = "2018-07-cash";
pub(crate) const DRAFT: &str = "2018-09-grants";

const BANK: &str = "assets:desk:bank";
const PLEDGE: &str = "equity:desk:pledge";
const GRANTS: &str = "expenses:county:621226:grants";
const CNAPS: &str = "102100099996";
/// The payer's account, and those of payees, all with their check digits.
const PAYER: &str = "2711010120001234567";
const PAYEES: [(&str, &str, &str); 3] = [
    ("李兰", "6222021234567890128", "1234.50"),
    ("陈强", "6217001234567890015", "8000"),
    ("王翠花", "123456789012", "12600.25"),
];

/// Opens the accounts, posts entries, and takes batches as far as their names say.
///
/// # Errors
/// The program refuses.
pub(crate) fn make(program: &Path, data: &Path) -> Result<()> {
    let desk = Desk { program, data };
    for (code, owner, zh, en) in [
        (BANK, "bank:icbc", "付款专户", "Payments account"),
        (PLEDGE, "fund:1", "承诺款", "Pledge"),
        (GRANTS, "county:621226", "礼县补助", "Grants in Li County"),
        (
            "expenses:pillar:commerce",
            "pillar:commerce",
            "电商脱贫支出",
            "Commerce",
        ),
        ("income:interest", "fund:1", "利息收入", "Interest"),
    ] {
        let mut open = vec![
            "books", "accounts", "open", code, "--owner", owner, "--zh", zh, "--en", en,
        ];
        open.extend(["--as", "wang"]);
        if code == BANK {
            open.push("--floor");
        }
        desk.said(&open)?;
    }
    let acts = data.join("acts.jsonl");
    fs::write(&acts, entries())?;
    desk.said(&["books", "take", &acts.display().to_string(), "--as", "wang"])?;
    desk.said(&["books", "close", "2018-05", "--as", "wang"])?;
    desk.batch(OUT, "wang", None)?;
    desk.approve(OUT, "wang")?;
    let order = data.join("order.xml").display().to_string();
    desk.said(&["payments", "file", OUT, "--as", "wang", "--out", &order])?;
    desk.answer()?;
    desk.batch(WAITS, "wang", None)?;
    desk.said(&["payments", "prepare", WAITS, "--as", "wang"])?;
    desk.batch(CASH, "lixian", Some("621226"))?;
    desk.approve(CASH, "lixian")?;
    desk.batch(DRAFT, "wang", None)
}

/// A pledge that came in, and what was spent since.
fn entries() -> String {
    let entry = |key: &str, day: &str, memo: &str, debit: &str, credit: &str, fen: i64| {
        let legs =
            json!([{ "account": debit, "amount_fen": fen }, { "account": credit, "amount_fen": -fen }]);
        json!({ "post": { "key": key, "effective_on": day, "memo": memo, "legs": legs } }).to_string()
    };
    let commerce = "expenses:pillar:commerce";
    let mut lines = vec![
        entry(
            "pledge-1",
            "2018-05-04",
            "第一期承诺款到账",
            BANK,
            PLEDGE,
            200_000_000_000,
        ),
        entry(
            "interest-6",
            "2018-06-21",
            "二季度利息",
            BANK,
            "income:interest",
            12_345_678,
        ),
    ];
    for week in 1..=60_i64 {
        let day = format!("2018-06-{:02}", week % 28 + 1);
        let key = format!("commerce-{week}");
        lines.push(entry(
            &key,
            &day,
            "县域电商培训与物流补贴",
            commerce,
            BANK,
            1_000_000 + week * 137,
        ));
    }
    lines.join("\n")
}

struct Desk<'a> {
    program: &'a Path,
    data: &'a Path,
}

impl Desk<'_> {
    fn said(&self, args: &[&str]) -> Result<Value> {
        said(self.program, self.data, args)
    }

    /// A batch with three payments, by a bank, or in cash at a place.
    fn batch(&self, key: &str, by: &str, place: Option<&str>) -> Result<()> {
        let mut open = vec![
            "payments",
            "new",
            key,
            "--as",
            by,
            "--source",
            BANK,
            "--on",
            "2018-07-03",
        ];
        match place {
            None => open.extend(["--payer", "鱼塘脱贫基金", "--account", PAYER, "--bank", CNAPS]),
            Some(place) => open.extend(["--payer", "礼县扶贫办", "--method", "cash", "--place", place]),
        }
        self.said(&open)?;
        for ((payee, account, amount), number) in PAYEES.iter().zip(1..) {
            let line = format!("contract-{number}");
            let mut add = vec![
                "payments", "add", key, "--as", by, "--key", &line, "--payee", payee,
            ];
            add.extend(["--amount", amount, "--purpose", "grant", "--charge", GRANTS]);
            if place.is_none() {
                add.extend(["--account", account, "--bank", CNAPS]);
            }
            self.said(&add)?;
        }
        Ok(())
    }

    fn approve(&self, key: &str, by: &str) -> Result<()> {
        self.said(&["payments", "prepare", key, "--as", by])?;
        for person in ["chen", "lan"] {
            self.said(&["payments", "approve", key, "--as", person])?;
        }
        Ok(())
    }

    /// The bank has paid the first payment, takes the second back, and books a fee that is no payment of ours.
    fn answer(&self) -> Result<()> {
        let shown = self.said(&["payments", "show", OUT, "--as", "wang"])?;
        let reference = |line: usize| {
            let found = shown.pointer(&format!("/payments/{line}/reference"));
            found.and_then(Value::as_str).context("no reference")
        };
        let bookings = [
            booking("N1", "1234.50", "DBIT", reference(0)?, ""),
            booking("N2", "8000", "DBIT", reference(1)?, ""),
            booking(
                "N3",
                "8000",
                "CRDT",
                reference(1)?,
                "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>",
            ),
            booking("N4", "12", "DBIT", "FEE-7", ""),
        ];
        let statement = format!(
            "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt>\
             <GrpHdr><MsgId>ICBC-20180703-1</MsgId><CreDtTm>2018-07-03T18:00:00</CreDtTm></GrpHdr>\
             <Stmt><Id>ICBC-20180703-1</Id><Acct><Id><Othr><Id>{PAYER}</Id></Othr></Id></Acct>{}</Stmt>\
             </BkToCstmrStmt></Document>",
            bookings.concat()
        );
        let file = self.data.join("statement.xml");
        fs::write(&file, statement)?;
        self.said(&["payments", "answer", &file.display().to_string(), "--as", "wang"])?;
        Ok(())
    }
}

/// One booking of a bank's statement.
fn booking(name: &str, amount: &str, direction: &str, reference: &str, back: &str) -> String {
    format!(
        "<Ntry><Amt Ccy=\"CNY\">{amount}</Amt><CdtDbtInd>{direction}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>\
         <BookgDt><Dt>2018-07-03</Dt></BookgDt><AcctSvcrRef>{name}</AcctSvcrRef><NtryDtls><TxDtls>\
         <Refs><EndToEndId>{reference}</EndToEndId></Refs>{back}</TxDtls></NtryDtls></Ntry>"
    )
}
