//! The work of staff without a mouse: every stop of the tabulator is seen, and every step is taken by Enter or Space.

use e2e::{Browser, PASSWORD, Program, Stock, can_run, keys, orders};
use serde_json::json;
use tempfile::TempDir;

const SPACE: &str = " ";

/// Goes to something by the tabulator, and by a key there to the page it leads to.
fn take(browser: &Browser, css: &str, key: &str) {
    browser.tab_to(css).unwrap();
    browser.onward(|| browser.press(key)).unwrap();
}

/// Goes to a field by the tabulator and types.
fn type_into(browser: &Browser, css: &str, text: &str) {
    browser.tab_to(css).unwrap();
    browser.type_in(text).unwrap();
}

#[test]
fn the_keyboard_alone_signs_in_hands_a_file_in_imports_it_and_publishes() {
    if !can_run() {
        return;
    }
    let program = Program::with_staff(Stock::Empty).unwrap();
    let author = Browser::start(true).unwrap();
    signs_in(&program, &author, "lan");
    hands_a_file_in(&author);
    let period = prepares(&author);
    for (login, publishes) in [("he", false), ("shan", true)] {
        let reviewer = Browser::start(true).unwrap();
        signs_in(&program, &reviewer, login);
        take(&reviewer, "a[href='/en/staff/periods']", keys::ENTER);
        take(&reviewer, &format!("main a[href='{period}']"), keys::ENTER);
        take(&reviewer, "button[value=approved]", SPACE);
        reviewer.find("#drafts ~ .files .badge.good").unwrap();
        if publishes {
            take(&reviewer, "form[action$='/publication'] button", keys::ENTER);
            reviewer.find("#versions").unwrap();
        }
    }
    take(&author, "a[href='/en/reports']", keys::ENTER);
    take(&author, "main a[href='/en/reports/2018H1']", keys::ENTER);
    assert!(author.text_of("main").unwrap().contains("version 1"));
}

/// Sets a password by the link, signs out, and signs in by the form.
fn signs_in(program: &Program, browser: &Browser, login: &str) {
    let link = program.invitation(login).unwrap();
    browser.open(&program.url(&format!("/en{link}"))).unwrap();
    type_into(browser, "#new_password", PASSWORD);
    browser.onward(|| browser.press(keys::ENTER)).unwrap();
    browser.find("#sessions").unwrap();
    take(browser, ".who form button", SPACE);
    take(browser, ".who a[href='/en/signin']", keys::ENTER);
    type_into(browser, "#login", login);
    type_into(browser, "#password", PASSWORD);
    browser.onward(|| browser.press(keys::ENTER)).unwrap();
    browser.find("#sessions").unwrap();
}

/// The file itself is chosen in a window of the system, which is not ours and has no keys here.
fn hands_a_file_in(author: &Browser) {
    let folder = TempDir::new().unwrap();
    let file = orders::write(folder.path(), "orders.csv", 0..60, false).unwrap();
    take(author, "a[href='/en/staff/intake']", keys::ENTER);
    type_into(author, "#layout", "intime");
    let chosen = author.run("return document.activeElement.value").unwrap();
    assert_eq!(chosen, json!(orders::LAYOUT));
    author.tab_to("#file").unwrap();
    author.fill("#file", &file.display().to_string()).unwrap();
    take(author, "form[enctype] .button", SPACE);
    author.find(".notice.good").unwrap();
    take(author, "form[action$='/import'] button", keys::ENTER);
    author.wait_for("main .badge.good").unwrap();
    assert!(author.text_of("main").unwrap().contains("\n60\n"));
}

/// Opens the period and makes a draft; the path of the period's page.
fn prepares(author: &Browser) -> String {
    take(author, "a[href='/en/staff/periods']", keys::ENTER);
    take(author, "main form.stack .button", keys::ENTER);
    take(author, "form[action$='/drafts'] button", SPACE);
    author.wait_for("#review").unwrap();
    let path = author.run("return location.pathname").unwrap();
    path.as_str().unwrap().to_owned()
}
