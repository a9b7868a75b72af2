//! Payments on their pages: prepared by one, approved by two others, fetched as a file, answered by a bank; and handed out.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use kernel::{Actor, Role};
use web::testing::{Answer, Client, FROM_HERE};

use crate::{led, pond, write};

const PAYER: &str = "2711010120001234567";
pub(crate) const PAYEE: &str = "6222021234567890128";

/// A form with a file, as a browser sends it.
pub(crate) async fn send_file(client: &Client, path: &str, fields: &[(&str, &str)], file: &[u8]) -> Answer {
    let mut body = Vec::new();
    for (name, value) in [("csrf", client.csrf())].iter().chain(fields) {
        let part = format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend(part.into_bytes());
    }
    body.extend(
        b"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\nContent-Type: text/plain\r\n\r\n",
    );
    body.extend(file);
    body.extend(b"\r\n--b--\r\n");
    let mut headers = vec![("content-type", "multipart/form-data; boundary=b")];
    headers.extend(FROM_HERE);
    client.send(Method::POST, path, &headers, Body::from(body)).await
}

/// 1,000 yuan at the bank.
pub(crate) async fn money(nobody: &Client) {
    let leg = |code: &str, fen| books::Leg {
        account: code.parse().unwrap(),
        amount: kernel::Money::from_fen(fen),
    };
    let new = books::NewEntry {
        key: "in".to_owned(),
        effective_on: jiff::civil::date(2018, 7, 1),
        memo: String::new(),
        evidence: vec![],
        legs: vec![leg("assets:bank", 100_000), leg("equity:pledge", -100_000)],
    };
    write(&nobody.store, Actor::system(), move |ctx| {
        Box::pin(async move { books::post(ctx, new).await.map(drop) })
    })
    .await;
}

pub(crate) fn batch_fields<'a>(key: &'a str, place: &'a str) -> [(&'a str, &'a str); 8] {
    [
        ("key", key),
        ("place", place),
        ("execute_on", "2018-07-03"),
        ("source", "assets:bank"),
        ("payer", "鱼塘脱贫基金"),
        ("account", PAYER),
        ("bank", "103100000026"),
        ("method", "bank"),
    ]
}

pub(crate) const LINE: [(&str, &str); 8] = [
    ("key", "a"),
    ("payee", "李兰"),
    ("account", PAYEE),
    ("bank", "102100099996"),
    ("amount", "100.00"),
    ("purpose", "grant"),
    ("text", "助学金 <b>"),
    ("charge", "expenses:grants"),
];

/// The pages of a batch's payments, in their order.
fn line_paths(page: &str) -> Vec<String> {
    let paths = page.split("href=\"/staff/payments/lines/").skip(1);
    paths
        .map(|rest| format!("/staff/payments/lines/{}", rest.split('"').next().unwrap()))
        .collect()
}

#[expect(clippy::too_many_lines, reason = "one way, told in its order")]
#[tokio::test(flavor = "multi_thread")]
async fn a_batch_goes_from_its_opening_to_the_answer_of_the_bank_and_into_the_books() {
    let (_folder, nobody) = pond().await;
    money(&nobody).await;
    let wang = nobody.signed_in(Role::Finance, None).await;
    let chen = nobody.signed_in(Role::Finance, None).await;
    let lan = nobody.signed_in(Role::Fund, None).await;

    let wrong = wang
        .post_form("/staff/payments", &[("key", "x y"), ("method", "bank")])
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text().contains("value=\"x y\""), "what was typed stays");
    let batch = led(&wang
        .post_form("/staff/payments", &batch_fields("2018-07-grants", ""))
        .await);
    assert_eq!(
        batch,
        led(&wang
            .post_form("/staff/payments", &batch_fields("2018-07-grants", ""))
            .await)
    );
    let taken = wang
        .post_form("/staff/payments", &batch_fields("2018-07-grants", "621226"))
        .await;
    assert!(taken.text().contains("id=\"key-fault\""), "{}", taken.text());

    let mut bad = LINE;
    bad[2] = ("account", "6222021234567890129");
    let refused = wang.post_form(&format!("{batch}/lines"), &bad).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("id=\"account-fault\"") && refused.text().contains("value=\"李兰\""));
    led(&wang.post_form(&format!("{batch}/lines"), &LINE).await);
    let rows = "key,payee,account,bank,amount,purpose,text,charge\nb,陈强,6217001234567890015,102100099996,200,grant,补助,expenses:grants\n";
    let cut = send_file(&wang, &format!("{batch}/list"), &[], &rows.as_bytes()[..40]).await;
    assert_eq!(cut.status, StatusCode::UNPROCESSABLE_ENTITY);
    let bad_row = send_file(
        &wang,
        &format!("{batch}/list"),
        &[],
        rows.replace(",200,", ",2oo,").as_bytes(),
    )
    .await;
    assert!(bad_row.text().contains("2:amount"), "{}", bad_row.text());
    led(&send_file(&wang, &format!("{batch}/list"), &[], rows.as_bytes()).await);

    let page = wang.get(&batch).await.text();
    assert!(
        page.contains("李**") && !page.contains("李兰") && !page.contains(PAYEE),
        "{page}"
    );
    assert!(!page.contains("/approvals\""), "nobody approves a draft");
    led(&wang.post_form(&format!("{batch}/preparation"), &[]).await);
    let own = wang.get(&batch).await.text();
    assert!(
        own.contains("这一批是您经手的") && !own.contains("/approvals\""),
        "{own}"
    );
    let refused = wang.post_form(&format!("{batch}/approvals"), &[]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    led(&chen.post_form(&format!("{batch}/approvals"), &[]).await);
    assert!(chen.get(&batch).await.text().contains("您已经批准"));
    led(&lan.post_form(&format!("{batch}/approvals"), &[]).await);
    assert!(
        lan.get("/staff/books/holds")
            .await
            .text()
            .contains(">100.00</td>")
    );

    assert_eq!(
        lan.post_form(&format!("{batch}/bank-file"), &[]).await.status,
        StatusCode::FORBIDDEN
    );
    let file = wang.post_form(&format!("{batch}/bank-file"), &[]).await;
    assert_eq!(
        (file.status, file.header("cache-control")),
        (StatusCode::OK, "no-store")
    );
    let xml = file.text();
    assert!(file.header("content-disposition").ends_with(".pain.001.xml\"") && xml.contains(PAYEE));
    assert_eq!(
        xml,
        wang.post_form(&format!("{batch}/bank-file"), &[]).await.text()
    );
    let late = wang
        .post_form(&format!("{batch}/cancellation"), &[("reason", "x")])
        .await;
    assert_eq!(
        late.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "a file that is out is not given up"
    );

    answered(&wang, &batch, &xml).await;
}

/// The bank pays the first payment, says nothing of the second, and books one that is not ours.
#[expect(clippy::too_many_lines, reason = "one way, told in its order")]
async fn answered(wang: &Client, batch: &str, xml: &str) {
    let reference = |place: usize| {
        let ids = xml.split("<EndToEndId>").nth(place + 1).unwrap();
        ids.split('<').next().unwrap().to_owned()
    };
    let entry = |amount: &str, name: &str, reference: &str| {
        format!(
            "<Ntry><Amt Ccy=\"CNY\">{amount}</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>\
             <BookgDt><Dt>2018-07-03</Dt></BookgDt><AcctSvcrRef>{name}</AcctSvcrRef><NtryDtls><TxDtls>\
             <Refs><EndToEndId>{reference}</EndToEndId></Refs></TxDtls></NtryDtls></Ntry>"
        )
    };
    let entries = format!(
        "{}{}",
        entry("100", "N1", &reference(0)),
        entry("7", "N2", "OTHER&lt;b&gt;")
    );
    let statement = format!(
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt>\
         <GrpHdr><MsgId>S1</MsgId><CreDtTm>2018-07-03T10:00:00</CreDtTm></GrpHdr><Stmt><Id>S1</Id>\
         <Acct><Id><Othr><Id>{PAYER}</Id></Othr></Id></Acct>{entries}</Stmt></BkToCstmrStmt></Document>"
    );
    let path = "/staff/payments/answers";
    let nonsense = send_file(wang, path, &[], b"<no>").await;
    assert_eq!(nonsense.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nonsense.text().contains("没有做成"));
    let taken = led(&send_file(wang, path, &[], statement.as_bytes()).await);
    let again = led(&send_file(wang, path, &[], statement.as_bytes()).await);
    assert_eq!(again, format!("{taken}?again=1"));
    assert!(wang.get(&again).await.text().contains("此前已导入"));
    let result = wang.get(&taken).await.text();
    assert!(
        result.contains("凭编号对上") && result.contains("没对上的"),
        "{result}"
    );
    assert!(
        result.contains("OTHER&#60;b&#62;") && !result.contains("OTHER<b>"),
        "{result}"
    );

    let listed = wang.get(path).await.text();
    let saying = listed
        .split("/staff/payments/sayings/")
        .nth(1)
        .unwrap()
        .split('/')
        .next()
        .unwrap()
        .to_owned();
    let settle = format!("/staff/payments/sayings/{saying}/settlement");
    let silent = wang.post_form(&settle, &[("line", ""), ("reason", "")]).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
    led(&wang
        .post_form(&settle, &[("line", ""), ("reason", "银行手续费")])
        .await);
    assert!(!wang.get(path).await.text().contains("等人处理"));
    assert!(wang.get(&taken).await.text().contains("银行手续费"));

    let lines = line_paths(&wang.get(batch).await.text());
    let line = wang.get(&lines[0]).await.text();
    assert!(line.contains("已付") && line.contains("银行对账单"), "{line}");
    assert!(line.contains("助学金 &#60;b&#62;"), "{line}");
    let entry = line
        .split("href=\"/staff/books/entries/")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .to_owned();
    let entry = wang.get(&format!("/staff/books/entries/{entry}")).await.text();
    assert!(
        entry.contains(&format!("href=\"{}\"", lines[0])),
        "the entry leads back to its payment: {entry}"
    );
    let waiting = wang.get(&lines[1]).await.text();
    assert!(waiting.contains("还没有消息"), "{waiting}");
}

#[expect(clippy::too_many_lines, reason = "one way, told in its order")]
#[tokio::test(flavor = "multi_thread")]
async fn money_that_is_handed_out_needs_a_receipt_and_a_witness_and_stays_in_its_county() {
    let (_folder, nobody) = pond().await;
    money(&nobody).await;
    let county = nobody.signed_in(Role::County, Some("621226")).await;
    let other = nobody.signed_in(Role::County, Some("532528")).await;
    let (chen, lan) = (
        nobody.signed_in(Role::Finance, None).await,
        nobody.signed_in(Role::Fund, None).await,
    );
    let fields = [
        ("key", "cash-1"),
        ("place", "621226"),
        ("execute_on", "2018-07-03"),
        ("source", "assets:bank"),
        ("payer", "礼县扶贫办"),
        ("account", ""),
        ("bank", ""),
        ("method", "cash"),
    ];
    assert!(
        county
            .get("/staff/payments/new")
            .await
            .text()
            .contains("value=\"621226\"")
    );
    let batch = led(&county.post_form("/staff/payments", &fields).await);
    let mut whole = fields;
    whole[0] = ("key", "cash-2");
    whole[1] = ("place", "");
    assert_eq!(
        county.post_form("/staff/payments", &whole).await.status,
        StatusCode::FORBIDDEN
    );
    let line: Vec<_> = LINE
        .into_iter()
        .filter(|(name, _)| !["account", "bank"].contains(name))
        .collect();
    led(&county.post_form(&format!("{batch}/lines"), &line).await);
    led(&county.post_form(&format!("{batch}/preparation"), &[]).await);
    assert_eq!(
        county.post_form(&format!("{batch}/approvals"), &[]).await.status,
        StatusCode::FORBIDDEN
    );
    for person in [&chen, &lan] {
        led(&person.post_form(&format!("{batch}/approvals"), &[]).await);
    }

    assert_eq!(other.get(&batch).await.status, StatusCode::NOT_FOUND);
    assert!(!other.get("/staff/payments").await.text().contains("cash-1"));
    assert!(county.get("/staff/payments").await.text().contains("cash-1"));
    assert_eq!(
        county.get("/staff/payments/answers").await.status,
        StatusCode::NOT_FOUND
    );

    let line = line_paths(&county.get(&batch).await.text()).remove(0);
    assert_eq!(other.get(&line).await.status, StatusCode::NOT_FOUND);
    let path = format!("{line}/hand-out");
    let witness = chen.user().to_string();
    let good = [
        ("receipt", "R-1"),
        ("paid_on", "2018-07-04"),
        ("witness", witness.as_str()),
    ];
    let without_scan = send_file(&county, &path, &good, b"").await;
    assert!(
        without_scan.text().contains("请附上收据"),
        "{}",
        without_scan.text()
    );
    let mut own = good;
    let me = county.user().to_string();
    own[2] = ("witness", &me);
    assert_eq!(
        send_file(&county, &path, &own, b"scan").await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(
        send_file(&other, &path, &good, b"scan").await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(led(&send_file(&county, &path, &good, b"scan").await), line);
    let page = county.get(&line).await.text();
    assert!(
        page.contains("收据 R-1") && !page.contains("/hand-out\""),
        "{page}"
    );
    assert!(
        !page.contains("href=\"/staff/books"),
        "a county does not see the books"
    );
    assert!(
        chen.get(&line)
            .await
            .text()
            .contains("href=\"/staff/books/entries/2\"")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_is_given_up_with_a_reason_by_whoever_was_to_approve_it() {
    let (_folder, nobody) = pond().await;
    money(&nobody).await;
    let (wang, lan) = (
        nobody.signed_in(Role::Finance, None).await,
        nobody.signed_in(Role::Fund, None).await,
    );
    let batch = led(&wang
        .post_form("/staff/payments", &batch_fields("wrong", ""))
        .await);
    let path = format!("{batch}/cancellation");
    let silent = lan.post_form(&path, &[("reason", " ")]).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
    led(&lan.post_form(&path, &[("reason", "价格 <i>错了</i>")]).await);
    let page = wang.get(&batch).await.text();
    assert!(
        page.contains("价格 &#60;i&#62;") && page.contains("已作废"),
        "{page}"
    );
    assert!(!page.contains("/lines\"") && !page.contains("/cancellation\""));
    let late = wang.post_form(&format!("{batch}/lines"), &LINE).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    let missing = "/staff/payments/01890000-0000-7000-8000-000000000000";
    assert_eq!(wang.get(missing).await.status, StatusCode::NOT_FOUND);
}
