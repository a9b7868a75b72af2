//! A full day of a fund officer: a budget that another person approves, a project, its milestone met and released by another, a
//! batch of payments approved by two, the file to the bank and its answer back, the figure in the report changed, and the way
//! from there down to the entry in the books.

use std::fs;

use e2e::{Browser, Program, Stock, can_run, downloaded};
use tempfile::TempDir;

const PERIOD: &str = "/staff/periods/2018H1";
const FIGURE: &str = "/figures/fund.spent";
const PROJECT: &str = "/staff/fund/projects/day-clinics";
const PAYER: &str = "2711010120001234567";

fn signed_in(program: &Program, login: &str) -> Browser {
    let browser = Browser::start(true).unwrap();
    browser
        .come_in(program, program.invitation(login).unwrap())
        .unwrap();
    browser
}

/// Puts values into fields, days too, which are typed differently wherever a browser is from.
fn fill(browser: &Browser, fields: &[(&str, &str)]) {
    for (css, value) in fields {
        let script =
            format!("document.querySelectorAll(\"{css}\").forEach(field => field.value = '{value}')");
        browser.find(css).unwrap();
        browser.run(&script).unwrap();
    }
}

#[test]
fn a_day_of_a_fund_officer_ends_in_a_figure_that_leads_down_to_its_entry() {
    if !can_run() {
        return;
    }
    let program = Program::with_staff(Stock::Demo).unwrap();
    let (lan, he, wang) = (
        signed_in(&program, "lan"),
        signed_in(&program, "he"),
        signed_in(&program, "wang"),
    );
    lan.open(&program.url(FIGURE)).unwrap();
    let before = lan.text_of("main .number").unwrap();
    budgets(&program, &lan, &he);
    releases(&program, &lan, &he);
    pays(&program, &wang, &lan);
    program
        .command(&["fund", "seal", "2018H1", "--as", "lan"])
        .unwrap();
    publishes(&program, &lan, &he);
    lan.open(&program.url(FIGURE)).unwrap();
    let after = lan.text_of("main .number").unwrap();
    assert_ne!(before, after, "what was paid out is in the report");

    lan.open(&program.url("/staff/fund")).unwrap();
    lan.follow(&format!("tbody th a[href='{PROJECT}']")).unwrap();
    lan.follow("a[href='/staff/books/accounts/expenses:project:day-clinics']")
        .unwrap();
    lan.follow("#statement ~ .wrap tbody th a").unwrap();
    let entry = lan.text_of("main").unwrap();
    assert!(
        entry.contains("12,345,678.90") && entry.contains("payments:"),
        "{entry}"
    );
    lan.follow("a[href*='/staff/payments/lines/']").unwrap();
    let payment = lan.text_of("main").unwrap();
    assert!(
        payment.contains("李**") && payment.contains("银行对账单"),
        "{payment}"
    );
}

/// One proposes, another approves.
fn budgets(program: &Program, lan: &Browser, he: &Browser) {
    let page = program.url("/staff/fund/budget?year=2018");
    lan.open(&page).unwrap();
    fill(
        lan,
        &[
            ("#key", "budget-2018-2"),
            ("#reason", "追加村卫生室"),
            ("[name=amount]", "3000000000"),
        ],
    );
    lan.follow("#propose ~ form .button").unwrap();
    assert_eq!(
        lan.count("button[value=approved]").unwrap(),
        0,
        "nobody approves their own"
    );
    he.open(&page).unwrap();
    fill(he, &[("#reason-budget-2018-2", "可行")]);
    he.follow("button[value=approved]").unwrap();
    assert_eq!(he.count("button[value=approved]").unwrap(), 0);
}

/// A project is opened, its milestone committed, met as the county says, and released by another of the fund.
fn releases(program: &Program, lan: &Browser, he: &Browser) {
    lan.open(&program.url("/staff/fund/new")).unwrap();
    fill(
        lan,
        &[
            ("#key", "day-clinics"),
            ("#title_zh", "礼县村卫生室"),
            ("#title_en", "Village clinics in Li County"),
            ("#place", "621226"),
            ("#starts_on", "2018-06-01"),
            ("#ends_on", "2018-12-31"),
            ("#milestone-zh-1", "第一批建成"),
            ("#milestone-en-1", "First ones built"),
            ("#due-1", "2018-06-30"),
            ("#amount-1", "20000000"),
        ],
    );
    lan.choose("#pillar option[value=health]").unwrap();
    lan.follow("main form .button").unwrap();
    lan.follow("form[action$='/milestones/1/commitment'] .button")
        .unwrap();
    let folder = TempDir::new().unwrap();
    let proof = folder.path().join("验收单.txt");
    fs::write(&proof, "第一批卫生室验收合格").unwrap();
    let county = signed_in(program, "lixian");
    county.open(&program.url(PROJECT)).unwrap();
    county.choose("main details summary").unwrap();
    fill(&county, &[("#met-1", "2018-06-15")]);
    county.fill("#file-1", &proof.display().to_string()).unwrap();
    county.follow("form[action$='/report'] .button").unwrap();
    assert_eq!(
        county.count("form[action$='/release']").unwrap(),
        0,
        "the county releases nothing"
    );
    he.open(&program.url(PROJECT)).unwrap();
    fill(he, &[("#release-1", "2018-06-16")]);
    he.follow("form[action$='/release'] .button").unwrap();
    assert!(he.text_of("#milestones ~ ol").unwrap().contains("已放款"));
}

/// A batch out of the project's purse: prepared, approved by two, its file fetched and answered.
fn pays(program: &Program, wang: &Browser, lan: &Browser) {
    wang.open(&program.url("/staff/payments/new")).unwrap();
    fill(
        wang,
        &[
            ("#key", "2018-06-clinics"),
            ("#execute_on", "2018-06-19"),
            ("#source", "assets:project:day-clinics"),
            ("#payer", "鱼塘脱贫基金"),
            ("#account", PAYER),
            ("#bank", "102100099996"),
        ],
    );
    wang.follow("main form .button").unwrap();
    fill(
        wang,
        &[
            ("#key", "contract-1"),
            ("#payee", "李兰"),
            ("#account", "6222021234567890128"),
            ("#bank", "102100099996"),
            ("#amount", "12345678.90"),
            ("#text", "卫生室工程款"),
            ("#charge", "expenses:project:day-clinics"),
        ],
    );
    wang.follow("form[action$='/lines'] .button").unwrap();
    wang.follow("form[action$='/preparation'] .button").unwrap();
    assert_eq!(
        wang.count("form[action$='/approvals']").unwrap(),
        0,
        "nobody approves their own"
    );
    let batch = wang.url().unwrap();
    let chen = signed_in(program, "chen");
    for person in [&chen, lan] {
        person.open(&batch).unwrap();
        person.follow("form[action$='/approvals'] .button").unwrap();
    }
    let folder = TempDir::new().unwrap();
    wang.keep_downloads(folder.path()).unwrap();
    wang.open(&batch).unwrap();
    wang.choose("form[action$='/bank-file'] .button").unwrap();
    let (name, order) = downloaded(folder.path()).unwrap();
    assert!(name.ends_with(".pain.001.xml"), "{name}");
    let answer = folder.path().join("answer.xml");
    fs::write(&answer, statement(&String::from_utf8(order).unwrap())).unwrap();
    wang.open(&program.url("/staff/payments/answers")).unwrap();
    wang.fill("#file", &answer.display().to_string()).unwrap();
    wang.follow("main form .button").unwrap();
    wang.follow("#matched ~ ul a[href*='/staff/payments/lines/']")
        .unwrap();
    assert!(wang.text_of("main .badge.good").unwrap().contains("已付"));
}

/// The bank says that it paid what it was asked to.
fn statement(order: &str) -> String {
    let reference = order
        .split("<EndToEndId>")
        .nth(1)
        .unwrap()
        .split('<')
        .next()
        .unwrap();
    format!(
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt>\
         <GrpHdr><MsgId>ICBC-20180620</MsgId><CreDtTm>2018-06-20T18:00:00</CreDtTm></GrpHdr>\
         <Stmt><Id>ICBC-20180620</Id><Acct><Id><Othr><Id>{PAYER}</Id></Othr></Id></Acct>\
         <Ntry><Amt Ccy=\"CNY\">12345678.90</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>\
         <BookgDt><Dt>2018-06-20</Dt></BookgDt><AcctSvcrRef>D1</AcctSvcrRef><NtryDtls><TxDtls>\
         <Refs><EndToEndId>{reference}</EndToEndId></Refs></TxDtls></NtryDtls></Ntry></Stmt>\
         </BkToCstmrStmt></Document>"
    )
}

/// The report is corrected: a draft over the new seal, approved by two others, published.
fn publishes(program: &Program, lan: &Browser, he: &Browser) {
    lan.open(&program.url(PERIOD)).unwrap();
    fill(lan, &[("#correction-reason", "六月的支出已入账")]);
    lan.follow("form[action$='/corrections'] .button").unwrap();
    lan.follow("form[action$='/drafts'] .button").unwrap();
    lan.wait_for("#review").unwrap();
    let shan = signed_in(program, "shan");
    for reviewer in [he, &shan] {
        reviewer.open(&program.url(PERIOD)).unwrap();
        reviewer.follow("button[value=approved]").unwrap();
    }
    shan.follow("form[action$='/publication'] .button").unwrap();
    shan.find(".badge.good").unwrap();
}
