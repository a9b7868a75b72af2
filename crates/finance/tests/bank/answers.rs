//! What the answers of banks say, in both versions of each message.

use finance::bank::{AccountReport, BankMessage, Direction, EntryState, StatusReport, Verdict, read_message};

fn account_report(xml: &str) -> AccountReport {
    match read_message(xml.as_bytes()) {
        Ok(BankMessage::Statement(report) | BankMessage::Notification(report)) => report,
        other => panic!("{other:?}"),
    }
}

fn status_report(xml: &str) -> StatusReport {
    match read_message(xml.as_bytes()) {
        Ok(BankMessage::Status(report)) => report,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_statement_tells_its_payments_with_references_accounts_and_returns() {
    let report = account_report(include_str!("files/statement.xml"));
    assert_eq!(report.created_at.to_string(), "2018-07-03T01:00:00Z");
    let statement = &report.statements[0];
    assert_eq!(
        (statement.id.as_str(), statement.account.as_str()),
        ("S-1", "2711010120001234567")
    );
    let [paid, returned] = &statement.entries[..] else {
        panic!("{:?}", statement.entries)
    };
    assert_eq!(
        (paid.direction, paid.state),
        (Direction::Debit, EntryState::Booked)
    );
    assert_eq!(paid.bank_reference.as_deref(), Some("B-1"));
    let payment = &paid.payments[0];
    assert_eq!(payment.end_to_end_id.as_deref(), Some("FP-1-1"));
    assert_eq!(payment.message_id.as_deref(), Some("FP-1"));
    assert_eq!(payment.creditor_name.as_deref(), Some("李兰"));
    assert_eq!(payment.creditor_account.as_deref(), Some("6222021234567890128"));
    assert_eq!(payment.text, "礼县苹果 & 货款");
    assert_eq!(payment.amount.unwrap().money().unwrap().fen(), 10_000);
    let reason = returned.payments[0].returned.as_ref().unwrap();
    assert_eq!(
        (reason.code.as_deref(), reason.text.as_str()),
        (Some("AC04"), "账户已销户")
    );
}

#[test]
fn a_notification_says_the_same_in_both_versions() {
    let new = include_str!("files/statement.xml")
        .replace("camt.053.001.08", "camt.054.001.08")
        .replace("BkToCstmrStmt", "BkToCstmrDbtCdtNtfctn")
        .replace("<Stmt>", "<Ntfctn>")
        .replace("</Stmt>", "</Ntfctn>");
    let amount = "<Amt Ccy=\"CNY\">100.00</Amt>\n            <CdtDbtInd>DBIT</CdtDbtInd>";
    assert!(new.contains(amount));
    let old = new
        .replace("camt.054.001.08", "camt.054.001.02")
        .replace("<Cd>BOOK</Cd>", "BOOK")
        .replace(
            amount,
            "<AmtDtls><TxAmt><Amt Ccy=\"CNY\">100.00</Amt></TxAmt></AmtDtls>",
        )
        .replace("<Pty>", "")
        .replace("</Pty>", "");
    let (new, mut old) = (account_report(&new), account_report(&old));
    let payment = &mut old.statements[0].entries[0].payments[0];
    assert_eq!(payment.direction.replace(Direction::Debit), None);
    assert_eq!(new, old);
}

#[test]
fn one_page_of_a_statement_need_not_add_up_to_the_whole() {
    let paged = |number: u8, last: bool| {
        let page =
            format!("<Id>S-1</Id><StmtPgntn><PgNb>{number}</PgNb><LastPgInd>{last}</LastPgInd></StmtPgntn>");
        let file = include_str!("files/statement.xml").replacen("<Id>S-1</Id>", &page, 1);
        let file = file.replace("820.00", "500.00");
        read_message(file.as_bytes())
            .map(drop)
            .map_err(|refusal| refusal.code)
    };
    assert_eq!(paged(1, false), Ok(()));
    assert_eq!(paged(2, true), Ok(()));
    assert_eq!(paged(1, true), Err("bank.balance_differs"));
}

#[test]
fn a_status_report_of_either_version_tells_each_payment() {
    let xml = |version: &str| {
        format!(
            "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.002.001.{version}\"><CstmrPmtStsRpt>\
             <GrpHdr><MsgId>R-1</MsgId><CreDtTm>2018-07-03T10:00:00+08:00</CreDtTm></GrpHdr>\
             <OrgnlGrpInfAndSts><OrgnlMsgId>FP-1</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>\
             </OrgnlGrpInfAndSts>\
             <OrgnlPmtInfAndSts><OrgnlPmtInfId>FP-1</OrgnlPmtInfId>\
             <TxInfAndSts><StsId>1</StsId><OrgnlInstrId>I-1</OrgnlInstrId><OrgnlEndToEndId>E-1</OrgnlEndToEndId>\
             <TxSts>ACSC</TxSts><AcctSvcrRef>B-7</AcctSvcrRef></TxInfAndSts>\
             <TxInfAndSts><OrgnlEndToEndId>E-2</OrgnlEndToEndId><TxSts>RJCT</TxSts>\
             <StsRsnInf><Rsn><Cd>AC01</Cd></Rsn><AddtlInf>账号</AddtlInf><AddtlInf>有误</AddtlInf></StsRsnInf>\
             <OrgnlTxRef><Amt><InstdAmt Ccy=\"CNY\">12.30</InstdAmt></Amt>\
             <CdtrAcct><Id><Othr><Id>12345678</Id></Othr></Id></CdtrAcct></OrgnlTxRef></TxInfAndSts>\
             </OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>"
        )
    };
    let report = status_report(&xml("10"));
    assert_eq!(report, status_report(&xml("03")));
    assert_eq!(report.created_at.to_string(), "2018-07-03T02:00:00Z");
    let [settled, rejected] = &report.instructions[0].payments[..] else {
        panic!("{report:?}")
    };
    assert_eq!(settled.bank_reference.as_deref(), Some("B-7"));
    assert_eq!(settled.original_instruction_id.as_deref(), Some("I-1"));
    let verdict =
        |payment: &finance::bank::PaymentStatus| Verdict::of(&payment.status.as_ref().unwrap().code);
    assert_eq!(verdict(settled), Some(Verdict::Settled));
    assert_eq!(verdict(rejected), Some(Verdict::Rejected));
    assert_eq!(rejected.creditor_account.as_deref(), Some("12345678"));
    assert_eq!(rejected.amount.unwrap().money().unwrap().fen(), 1_230);
    let reason = &rejected.status.as_ref().unwrap().reasons[0];
    assert_eq!(
        (reason.code.as_deref(), reason.text.as_str()),
        (Some("AC01"), "账号 有误")
    );
}

#[test]
fn every_status_that_a_schema_lists_has_a_meaning_and_no_other_has() {
    for code in [
        "ACTC", "RCVD", "PART", "RJCT", "PDNG", "ACCP", "ACSP", "ACSC", "ACWC",
    ] {
        assert!(Verdict::of(code).is_some(), "{code}");
    }
    for code in ["", "acsc", "XXXX", "BLCK"] {
        assert_eq!(Verdict::of(code), None, "{code}");
    }
}
