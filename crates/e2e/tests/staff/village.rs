//! A village worker's day on a phone: households are registered where there is no network, and arrive once each when there is.

use std::thread::sleep;
use std::time::Duration;

use e2e::{Browser, Colours, Link, Look, Program, Stock, can_run};
use serde_json::{Value, json};

const FORM: &str = "/staff/registry/new";
const PHONE: Look = Look {
    width: 360,
    height: 740,
    colours: Colours::Light,
};
/// A number that passes its check, one whose last digit is wrong, and what it was meant to be.
const HIS: &str = "653130198001010117";
const WRONG: &str = "653130198203040227";
const HERS: &str = "653130198203040226";

/// Fills the form in for someone who lives alone, and sends it; gives what is sent, as it would be sent.
fn register(browser: &Browser, name: &str, number: &str) -> String {
    // A field of a day is typed in the order of the system's language; its value is not.
    browser
        .run("document.querySelector('#since').value = '2018-01-10'")
        .unwrap();
    browser.choose("#cause option[value=illness]").unwrap();
    browser.choose("[name=more_cause][value=schooling]").unwrap();
    browser.fill("#land", "4.5").unwrap();
    browser.fill("#name-1", name).unwrap();
    browser.fill("#resident_id-1", number).unwrap();
    send(browser)
}

/// Sends what is in the form; gives it.
fn send(browser: &Browser) -> String {
    let typed =
        "return String(new URLSearchParams(new FormData(document.querySelector('form[data-outbox]'))))";
    let sent = browser.run(typed).unwrap().as_str().unwrap().to_owned();
    browser.choose("form[data-outbox] .actions .button").unwrap();
    sent
}

/// Looks until a script says yes.
fn until(browser: &Browser, what: &str) {
    let is_so = || {
        sleep(Duration::from_millis(100));
        browser
            .run(&format!("return {what}"))
            .is_ok_and(|seen| seen == true)
    };
    let came = (0..300).any(|_| is_so());
    assert!(
        came,
        "never {what} on {}: {}",
        browser.url().unwrap(),
        browser.text_of("main").unwrap()
    );
}

fn waits(browser: &Browser, count: usize) {
    until(
        browser,
        &format!("document.querySelector('[data-part=count]').textContent === '{count}'"),
    );
}

/// Whether a page is there; else the browser shows one of its own.
fn opens(browser: &Browser, url: &str) -> bool {
    browser.open(url).is_ok() && browser.run("return !!document.querySelector('main')").unwrap() == true
}

/// Everyone whom a search finds.
fn found(program: &Program, name: &str) -> usize {
    let found = program.command(&["registry", "search", name, "--as", "gu"]);
    found.unwrap().as_array().map_or(0, Vec::len)
}

#[test]
fn households_registered_without_a_network_arrive_once_each_and_a_wrong_number_comes_back_with_its_reason() {
    if !can_run() {
        return;
    }
    let program = Program::with_staff(Stock::Empty).unwrap();
    let link = Link::to(program.address()).unwrap();
    let browser = Browser::start(true).unwrap();
    browser.look(PHONE).unwrap();
    browser
        .open(&link.url(program.invitation("gu").unwrap()))
        .unwrap();
    browser.fill("#new_password", e2e::PASSWORD).unwrap();
    browser.follow("main form.stack .button").unwrap();
    browser.open(&link.url(FORM)).unwrap();
    until(&browser, "!document.querySelector('[data-part=kept]').hidden");

    link.cut(&browser).unwrap();
    browser.open(&link.url(FORM)).unwrap();
    let mut sent = vec![register(&browser, "张伟", HIS)];
    waits(&browser, 1);
    sent.push(register(&browser, "李娜", WRONG));
    waits(&browser, 2);
    browser.open(&link.url(FORM)).unwrap();
    waits(&browser, 2);
    assert!(browser.text_of("[data-part=items]").unwrap().contains("李娜"));
    assert!(
        !opens(&browser, &link.url("/staff/registry")),
        "nothing else is kept"
    );
    browser.open(&link.url(FORM)).unwrap();
    assert!(!kept(&browser).contains(HIS), "sealed on the phone");
    assert_eq!(found(&program, "张伟"), 0);

    link.mend(&browser).unwrap();
    until(
        &browser,
        "document.querySelectorAll('[data-part=items] li').length === 1",
    );
    waits(&browser, 0);
    sent.push(correct(&browser));
    assert!(browser.title().unwrap().contains('李'));
    assert_eq!((found(&program, "张伟"), found(&program, "李娜")), (1, 1));

    replay(&browser, &[(&sent[0], 200), (&sent[2], 200), (&sent[1], 422)]);
    browser.open(&link.url("/staff/registry")).unwrap();
    let villages = browser.text_of("main").unwrap();
    assert!(villages.contains("653130101201"), "{villages}");
    assert_eq!((found(&program, "张伟"), found(&program, "李娜")), (1, 1));

    browser.choose("form[action$='/signout'] button").unwrap();
    until(&browser, "!document.querySelector('.staff-nav')");
    link.cut(&browser).unwrap();
    assert!(!opens(&browser, &link.url(FORM)), "who signed out leaves no page");
}

/// Everything that stands in the outbox, as it is kept.
fn kept(browser: &Browser) -> String {
    let all = "var done = arguments[0], open = indexedDB.open('fishpond'); open.onsuccess = () => { \
               open.result.transaction('outbox').objectStore('outbox').getAll().onsuccess = found => \
               done(JSON.stringify(found.target.result.map(one => [one, new TextDecoder('latin1').decode(one.sealed)]))); }";
    browser.run_until_done(all).unwrap().as_str().unwrap().to_owned()
}

/// Opens what was refused, puts the number right and sends it; gives it.
fn correct(browser: &Browser) -> String {
    let refused = browser.text_of("[data-part=items]").unwrap();
    assert!(refused.contains("李娜") && refused.contains("校验"), "{refused}");
    browser.choose("[data-part=items] [data-part=open]").unwrap();
    assert!(browser.text_of("[data-part=reason]").unwrap().contains("校验"));
    let active = "return [document.activeElement.id, document.activeElement.value]";
    assert_eq!(browser.run(active).unwrap(), json!(["resident_id-1", WRONG]));
    browser.run("document.activeElement.value = ''").unwrap();
    browser.fill("#resident_id-1", HERS).unwrap();
    let mut sent = String::new();
    let onward = browser.onward(|| {
        sent = send(browser);
        Ok(())
    });
    onward.unwrap();
    sent
}

/// Sends again what was sent, as a phone does that heard no answer.
fn replay(browser: &Browser, sent: &[(&String, u64)]) {
    for (body, status) in sent {
        let again = format!(
            "var done = arguments[0]; fetch('{FORM}', {{ method: 'POST', headers: {{ accept: 'application/json' }}, \
             body: new URLSearchParams({}) }}).then(answer => done(answer.status), error => done(String(error)))",
            json!(body)
        );
        assert_eq!(
            browser.run_until_done(&again).unwrap(),
            Value::from(*status),
            "{body}"
        );
    }
}
