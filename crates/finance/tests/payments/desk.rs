//! What the tests of payments share: books with money in them, people, a batch of three payments, and a bank that answers.

use std::sync::Arc;

use books::{Leg, NewAccount, NewEntry};
use finance::bank::{Party, Purpose};
use finance::payments::{
    BatchId, BatchState, BatchWithLines, Line, Method, NewBatch, NewLine, Payer, Payments, by_id,
};
use jiff::civil::date;
use kernel::{Actor, Money, Refusal, Role, SeededIds, SeededSecrets};
use store::Keyring;
use testkit::TestStore;

/// The account that pays.
pub const BANK: &str = "assets:fund:bank";
/// The account that is charged.
pub const COST: &str = "expenses:grants";
/// The payer's account at the bank.
pub const PAYER: &str = "2711010120001234567";

pub fn yuan(text: &str) -> Money {
    text.parse().unwrap()
}

pub fn person(name: &str) -> Actor {
    Actor::new(name, Role::Finance)
}

pub fn code<T: std::fmt::Debug>(answer: Result<T, Refusal>) -> &'static str {
    answer.unwrap_err().code
}

/// A desk over a store, with 1,000 yuan at the bank.
pub struct Desk<'a> {
    pub store: &'a TestStore,
    pub payments: Payments,
}

impl<'a> Desk<'a> {
    pub async fn open(store: &'a TestStore) -> Self {
        let opened = store.write(Actor::system(), |ctx| {
            Box::pin(async move {
                for (code, floor) in [(BANK, true), (COST, false), ("equity:fund:pledge", false)] {
                    let new = NewAccount {
                        code: code.parse()?,
                        owner: "fund:1".parse()?,
                        name_zh: "账户".to_owned(),
                        name_en: "account".to_owned(),
                        floor,
                    };
                    books::open_account(ctx, new).await?.into_inner();
                }
                let entry = NewEntry {
                    key: "pledge".to_owned(),
                    effective_on: date(2018, 7, 1),
                    memo: String::new(),
                    evidence: Vec::new(),
                    legs: vec![
                        Leg::debit(BANK.parse()?, yuan("1000")),
                        Leg::credit("equity:fund:pledge".parse()?, yuan("1000"))?,
                    ],
                };
                books::post(ctx, entry).await.map(drop)
            })
        });
        let opened: Result<(), Refusal> = opened.await;
        opened.unwrap();
        let keyring = Keyring::from_seed(&[7; 32]).unwrap();
        let (secrets, ids) = (Arc::new(SeededSecrets::new(5)), Arc::new(SeededIds::new(9)));
        Self {
            store,
            payments: Payments::new(store.store(), keyring, secrets, ids),
        }
    }

    /// What an account holds and what is held of it, in yuan.
    pub async fn balance(&self, account: &str) -> (String, String) {
        let mut reader = self.store.read().await.unwrap();
        let found = books::account(&mut reader, &account.parse().unwrap())
            .await
            .unwrap();
        (found.balance.to_string(), found.held.to_string())
    }

    pub async fn batch(&self, id: BatchId) -> BatchWithLines {
        by_id(self.store, id).await.unwrap()
    }

    pub async fn lines(&self, id: BatchId) -> Vec<Line> {
        self.batch(id).await.payments
    }

    /// Each line as `state paid returned trouble`.
    pub async fn states(&self, id: BatchId) -> Vec<String> {
        let shown = |line: &Line| {
            let trouble = line
                .trouble
                .as_deref()
                .map(|code| format!(" {code}"))
                .unwrap_or_default();
            format!("{} {} {}{trouble}", line.state.as_str(), line.paid, line.returned)
        };
        self.lines(id).await.iter().map(shown).collect()
    }

    /// A draft by Wang, of payments of 100, 200 and 300 yuan.
    pub async fn draft(&self, key: &str) -> BatchId {
        let opened = self.payments.open_batch(person("wang"), new_batch(key)).await;
        let id = opened.unwrap().into_inner();
        let lines = vec![
            line("a", ACCOUNTS[0], "100"),
            line("b", ACCOUNTS[1], "200"),
            line("c", ACCOUNTS[2], "300"),
        ];
        self.payments
            .add_lines(person("wang"), id, lines)
            .await
            .unwrap()
            .into_inner();
        id
    }

    /// Prepared by Wang, approved by Chen and Lan.
    pub async fn approve(&self, id: BatchId) {
        self.payments
            .prepare(person("wang"), id)
            .await
            .unwrap()
            .into_inner();
        for (name, state) in [("chen", BatchState::Prepared), ("lan", BatchState::Approved)] {
            let answer = self.payments.approve(person(name), id).await.unwrap();
            assert_eq!(*answer.value(), state);
        }
    }

    /// A draft, approved, its file out.
    pub async fn out(&self, key: &str) -> BatchId {
        let id = self.draft(key).await;
        self.approve(id).await;
        self.payments
            .write_file(person("wang"), id)
            .await
            .unwrap()
            .into_inner();
        id
    }

    /// Takes a file in as Wang.
    pub async fn answer(&self, file: &str) -> Result<finance::payments::AnswerReport, Refusal> {
        let taken = self.payments.take_answer(person("wang"), file.as_bytes()).await;
        taken.map(kernel::Done::into_inner)
    }
}

/// Accounts of payees, all with their check digits.
pub const ACCOUNTS: [&str; 3] = ["6222021234567890128", "6217001234567890015", "123456789012"];

pub fn payer() -> Payer {
    Payer::Bank(Party {
        name: "鱼塘脱贫基金".to_owned(),
        account: PAYER.parse().unwrap(),
        bank: "103100000026".parse().unwrap(),
    })
}

pub fn new_batch(key: &str) -> NewBatch {
    NewBatch {
        key: key.to_owned(),
        method: Method::Bank,
        place: None,
        source: BANK.parse().unwrap(),
        execute_on: date(2018, 7, 3),
        payer: payer(),
    }
}

pub fn line(key: &str, account: &str, amount: &str) -> NewLine {
    NewLine {
        key: key.to_owned(),
        payee: "李兰".to_owned(),
        account: Some((account.parse().unwrap(), "102100099996".parse().unwrap())),
        amount: yuan(amount),
        purpose: Purpose::Grant,
        remittance: "礼县助学金".to_owned(),
        charge: COST.parse().unwrap(),
    }
}

/// A status report with a status for each payment it names.
pub fn status_report(id: &str, message: &str, group: &str, payments: &[(&str, &str)]) -> String {
    let payments = payments.iter().map(|(reference, code)| {
        format!(
            "<TxInfAndSts><OrgnlEndToEndId>{reference}</OrgnlEndToEndId><TxSts>{code}</TxSts></TxInfAndSts>"
        )
    });
    let payments = payments.collect::<Vec<_>>().concat();
    let group = if group.is_empty() {
        String::new()
    } else {
        format!("<GrpSts>{group}</GrpSts>")
    };
    let instruction =
        format!("<OrgnlPmtInfAndSts><OrgnlPmtInfId>{message}</OrgnlPmtInfId>{payments}</OrgnlPmtInfAndSts>");
    format!(
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.002.001.10\"><CstmrPmtStsRpt>\
         <GrpHdr><MsgId>{id}</MsgId><CreDtTm>2018-07-03T10:00:00</CreDtTm></GrpHdr>\
         <OrgnlGrpInfAndSts><OrgnlMsgId>{message}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>{group}\
         </OrgnlGrpInfAndSts>{instruction}</CstmrPmtStsRpt></Document>"
    )
}

/// One booking of a bank.
#[derive(Clone, Debug)]
pub struct Booking {
    /// What the bank names it by.
    pub name: String,
    /// `DBIT` or `CRDT`.
    pub direction: &'static str,
    pub amount: String,
    /// `EndToEndId`, where the bank repeats it.
    pub reference: Option<String>,
    /// The account of the payee, where the bank tells it.
    pub account: Option<String>,
    /// Whether it is a return.
    pub is_return: bool,
}

impl Booking {
    pub fn paid(name: &str, reference: &str, amount: &str) -> Self {
        Self {
            name: name.to_owned(),
            direction: "DBIT",
            amount: amount.to_owned(),
            reference: Some(reference.to_owned()),
            account: None,
            is_return: false,
        }
    }

    pub fn returned(name: &str, reference: &str, amount: &str) -> Self {
        Self {
            direction: "CRDT",
            is_return: true,
            ..Self::paid(name, reference, amount)
        }
    }

    pub fn to_account(name: &str, account: &str, amount: &str) -> Self {
        Self {
            reference: None,
            account: Some(account.to_owned()),
            ..Self::paid(name, "", amount)
        }
    }

    fn xml(&self) -> String {
        let reference = self.reference.as_deref().unwrap_or("NOTPROVIDED");
        let account = self.account.as_ref().map(|account| {
            format!("<RltdPties><CdtrAcct><Id><Othr><Id>{account}</Id></Othr></Id></CdtrAcct></RltdPties>")
        });
        let back = if self.is_return {
            "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>"
        } else {
            ""
        };
        format!(
            "<Ntry><Amt Ccy=\"CNY\">{}</Amt><CdtDbtInd>{}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>\
             <BookgDt><Dt>2018-07-02</Dt></BookgDt><AcctSvcrRef>{}</AcctSvcrRef><NtryDtls><TxDtls>\
             <Refs><EndToEndId>{reference}</EndToEndId></Refs>{}{back}</TxDtls></NtryDtls></Ntry>",
            self.amount,
            self.direction,
            self.name,
            account.unwrap_or_default()
        )
    }
}

/// A statement, or with `camt.054` a notification, of bookings over an account.
pub fn bookings(message: &str, id: &str, account: &str, bookings: &[Booking]) -> String {
    let (holder, part) = match message {
        "camt.053" => ("BkToCstmrStmt", "Stmt"),
        _ => ("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
    };
    let entries: String = bookings.iter().map(Booking::xml).collect();
    format!(
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:{message}.001.08\"><{holder}>\
         <GrpHdr><MsgId>{id}</MsgId><CreDtTm>2018-07-03T10:00:00</CreDtTm></GrpHdr><{part}><Id>{id}</Id>\
         <Acct><Id><Othr><Id>{account}</Id></Othr></Id></Acct>{entries}</{part}></{holder}></Document>"
    )
}
