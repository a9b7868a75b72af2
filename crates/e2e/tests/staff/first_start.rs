//! From the first start of an empty installation to a report that anyone reads, as four people do it in four browsers.

use std::fs;
use std::path::Path;

use e2e::{Browser, Program, can_run, downloaded, orders};
use serde_json::json;
use tempfile::TempDir;

/// So many that the progress of their import is seen.
const ORDERS: usize = 200_000;
const PERIOD: &str = "/staff/periods/2018H1";

#[test]
fn the_first_start_leads_over_order_files_and_two_approvals_to_a_report() {
    if !can_run() {
        return;
    }
    let (program, link) = Program::first_start().unwrap();
    let admin = Browser::start(true).unwrap();
    admin.come_in(&program, &link).unwrap();
    comes_in_by_passkey(&program, &admin);
    let mut fund = Vec::new();
    for (login, name) in [("lan", "李兰"), ("he", "陈河"), ("shan", "王山")] {
        let link = invites(&program, &admin, (login, name), ("fund", ""));
        let browser = Browser::start(true).unwrap();
        browser.come_in(&program, &link).unwrap();
        fund.push(browser);
    }
    drop(admin);
    hands_files_in(&program, &fund[0]);
    publishes(&program, &fund[0], [&fund[1], &fund[2]]);
}

/// Adds a passkey, signs out, and signs in with nothing but the passkey.
fn comes_in_by_passkey(program: &Program, admin: &Browser) {
    let authenticator = json!({
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": true,
        "hasUserVerification": true, "isUserVerified": true,
    });
    admin.post("webauthn/authenticator", &authenticator).unwrap();
    admin.open(&program.url("/account")).unwrap();
    admin.fill("#passkey_name", "办公室的电脑").unwrap();
    admin.choose("form[data-passkey=create] button").unwrap();
    admin.wait_for("form[action^='/account/passkeys/']").unwrap();
    admin.follow(".who form button").unwrap();
    admin.open(&program.url("/account")).unwrap();
    assert!(
        admin.url().unwrap().contains("/signin"),
        "{}",
        admin.url().unwrap()
    );
    admin.choose("form[data-passkey=get] button").unwrap();
    admin.wait_for("form[action^='/account/passkeys/']").unwrap();
    assert!(admin.text_of("#sessions + .wrap").unwrap().contains("通行密钥"));
}

/// Adds a user with a role, at a place or in the whole country, and gives the one-time link for them.
fn invites(
    program: &Program,
    admin: &Browser,
    (login, name): (&str, &str),
    (role, place): (&str, &str),
) -> String {
    admin.open(&program.url("/staff/users")).unwrap();
    admin.fill("#login", login).unwrap();
    admin.fill("#display_name", name).unwrap();
    admin.follow("main form.stack .button").unwrap();
    assert_eq!(admin.title().unwrap(), name);
    admin.choose(&format!("#role option[value={role}]")).unwrap();
    admin.fill("#place", place).unwrap();
    admin.follow("form[action$='/grants'] .button").unwrap();
    admin.find("form[action$='/revocation']").unwrap();
    admin.follow("form[action$='/link'] .button").unwrap();
    let link = admin.text_of(".notice.good code").unwrap();
    let (_, token) = link.split_once("/invitations/").unwrap();
    format!("/invitations/{token}")
}

/// A file with mistakes is looked at and imported, its rejected rows fetched; the mended file adds what was missing.
fn hands_files_in(program: &Program, lan: &Browser) {
    let folder = TempDir::new().unwrap();
    let (kept, first, second) = (
        folder.path().join("kept"),
        orders::write(folder.path(), "三月的小票.csv", 0..ORDERS, true).unwrap(),
        orders::write(folder.path(), "三月的小票-改.csv", 0..ORDERS, false).unwrap(),
    );
    fs::create_dir(&kept).unwrap();
    lan.keep_downloads(&kept).unwrap();
    lan.send_file(program, orders::LAYOUT, &first).unwrap();
    assert_eq!(lan.title().unwrap(), "三月的小票.csv");
    let faults = lan.text_of("h3 + .wrap").unwrap();
    for mistake in orders::MISTAKES {
        assert!(faults.contains(mistake), "{faults}");
    }
    let (said, result) = imports(lan);
    // How much of the way is seen is a matter of when it is asked; what is seen goes one way only.
    let read = said.iter().skip_while(|words| *words == "马上开始");
    assert!(read.clone().all(|words| words.starts_with("已读")), "{said:?}");
    assert_eq!(words_of_progress(lan), words_when_all_is_read(&first));
    assert!(
        result.contains("199,997") && result.contains("4,249,945.00"),
        "{result}"
    );
    lan.choose("a[download][href$='/rejects']").unwrap();
    let (name, rejects) = downloaded(&kept).unwrap();
    let rejects = String::from_utf8(rejects).unwrap();
    assert!(name.contains("rejects"), "{name}");
    for mistake in orders::MISTAKES {
        assert!(rejects.contains(mistake), "{rejects}");
    }
    lan.send_file(program, orders::LAYOUT, &second).unwrap();
    lan.find(".notice.good").unwrap();
    let (_, result) = imports(lan);
    assert!(result.contains("\n3\n") && result.contains("199,997"), "{result}");
}

/// What the import that is shown says of itself to the page's script.
fn words_of_progress(lan: &Browser) -> String {
    let script = "var done = arguments[arguments.length - 1]; fetch(location.pathname + '/progress') \
                  .then(a => a.json()).then(said => done(said.text), e => done(String(e)))";
    let words = lan.run_until_done(script).unwrap();
    words.as_str().unwrap().to_owned()
}

/// What it says at its end.
fn words_when_all_is_read(file: &Path) -> String {
    let megabytes = fs::metadata(file).unwrap().len().div_ceil(1 << 20);
    format!("已读 {megabytes} MB，共 {megabytes} MB")
}

/// Imports the file that is shown and looks on until it ends; what was said on the way, and what came of it.
fn imports(lan: &Browser) -> (Vec<String>, String) {
    lan.follow("form[action$='/import'] .button").unwrap();
    let said = lan.watch("main .badge.good").unwrap();
    (said, lan.text_of("main").unwrap())
}

/// One opens the period and makes a draft, two others approve it, and everyone reads the report.
fn publishes(program: &Program, author: &Browser, reviewers: [&Browser; 2]) {
    author.open(&program.url("/staff/periods")).unwrap();
    author.follow("main form.stack .button").unwrap();
    author.follow("form[action$='/drafts'] .button").unwrap();
    author.wait_for("#review").unwrap();
    assert_eq!(
        author.count("form[action$='/reviews']").unwrap(),
        0,
        "nobody approves their own"
    );
    for reviewer in reviewers {
        reviewer.open(&program.url(PERIOD)).unwrap();
        assert_eq!(reviewer.count("form[action$='/publication']").unwrap(), 0);
        reviewer.follow("#review ~ p a").unwrap();
        assert!(reviewer.text_of("main").unwrap().contains("report.json"));
        reviewer.open(&program.url(PERIOD)).unwrap();
        reviewer.follow("button[value=approved]").unwrap();
    }
    let anyone = Browser::start(true).unwrap();
    anyone.open(&program.url("/reports/2018H1")).unwrap();
    assert_eq!(anyone.count(".contents").unwrap(), 0, "nothing is published yet");
    reviewers[1]
        .follow("form[action$='/publication'] .button")
        .unwrap();
    reviewers[1].find(".badge.good").unwrap();
    anyone.open(&program.url("/reports/2018H1")).unwrap();
    let report = anyone.text_of("main").unwrap();
    assert!(report.contains("第 1 版"), "{report}");
}
