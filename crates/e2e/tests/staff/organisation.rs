//! Signing in by an organisation, in a real browser in front of a real provider: over its pages and back.

use e2e::{Browser, ORGANISATION, Program, Stock, can_run, keys};
use issuer::{Issuer, Twist};
use serde_json::json;

/// An administrator invites someone, who is known to the provider by this address.
fn invites(program: &Program, login: &str, email: &str) {
    let admin = Browser::start(true).unwrap();
    admin
        .come_in(program, program.invitation("admin").unwrap())
        .unwrap();
    admin
        .open(&program.url(&format!("/staff/users?q={login}")))
        .unwrap();
    admin.follow("tbody th a").unwrap();
    admin.fill("#value", email).unwrap();
    admin.follow("form[action$='/identities'] .button").unwrap();
    admin.find("form[action$='/removal']").unwrap();
}

fn button() -> String {
    format!("form[action$='/signin/organisations/{ORGANISATION}'] .button")
}

/// Presses the organisation's button, and yes at the provider.
fn goes_there_and_back(browser: &Browser) {
    browser.choose(&button()).unwrap();
    browser.wait_for("#yes").unwrap();
    browser.follow("#yes").unwrap();
}

#[test]
fn an_invited_person_goes_to_the_organisation_and_comes_back_signed_in() {
    if !can_run() {
        return;
    }
    let issuer = Issuer::start();
    issuer.asks_first();
    let program = Program::with_organisation(Stock::Empty, &issuer).unwrap();
    invites(&program, "lan", "lan@li.example");
    // Without script as well: nothing of it needs any.
    for script in [true, false] {
        let lan = Browser::start(script).unwrap();
        lan.open(&program.url("/en/staff/periods")).unwrap();
        assert!(lan.url().unwrap().contains("/en/signin"));
        goes_there_and_back(&lan);
        assert_eq!(lan.url().unwrap(), program.url("/en/staff/periods"));
        lan.open(&program.url("/en/account")).unwrap();
        assert!(lan.text_of("#sessions + .wrap").unwrap().contains("Organisation"));
        lan.follow(".who form button").unwrap();
        lan.open(&program.url("/en/account")).unwrap();
        assert!(lan.url().unwrap().contains("/en/signin"), "signed out");
    }
}

#[test]
fn whoever_was_not_invited_or_is_vouched_for_wrongly_is_told_no() {
    if !can_run() {
        return;
    }
    let issuer = Issuer::start();
    issuer.asks_first();
    let program = Program::with_organisation(Stock::Empty, &issuer).unwrap();
    invites(&program, "lan", "lan@li.example");
    let browser = Browser::start(true).unwrap();
    let refused = |why: &str| {
        browser.open(&program.url("/en/signin")).unwrap();
        goes_there_and_back(&browser);
        let said = browser.text_of(".notice.bad").unwrap();
        assert!(said.contains("Not signed in"), "{why}: {said}");
        assert!(
            browser.find("a[href$='/signin']").is_ok(),
            "{why}: nobody is signed in"
        );
    };
    for twist in [
        Twist::WrongNonce,
        Twist::WrongAudience,
        Twist::Expired,
        Twist::Unsigned,
        Twist::SharedSecret,
        Twist::UnknownKey,
        Twist::AnswerOfAnother,
    ] {
        issuer.twist(Some(twist));
        refused(&format!("{twist:?}"));
    }
    issuer.twist(None);
    let told = json!({ "email": "stranger@li.example", "email_verified": true });
    issuer.person("a-stranger", told);
    refused("a stranger");
    issuer.twist(Some(Twist::TokenDown));
    browser.open(&program.url("/en/signin")).unwrap();
    goes_there_and_back(&browser);
    let said = browser.text_of(".notice.bad").unwrap();
    assert!(said.contains("did not answer as it should"), "{said}");
}

#[test]
fn a_callback_that_another_page_made_up_and_one_that_comes_twice_lead_nowhere() {
    if !can_run() {
        return;
    }
    let issuer = Issuer::start();
    issuer.asks_first();
    let program = Program::with_organisation(Stock::Empty, &issuer).unwrap();
    invites(&program, "lan", "lan@li.example");
    let (lan, victim) = (Browser::start(true).unwrap(), Browser::start(true).unwrap());
    lan.open(&program.url("/en/signin")).unwrap();
    lan.choose(&button()).unwrap();
    lan.wait_for("#yes").unwrap();
    // What the provider would send back, handed to somebody else: they would be signed in as Lan.
    let asked = lan.url().unwrap();
    let sent = issuer.sign_in(&asked).href;
    victim.open(&sent).unwrap();
    assert!(victim.text_of(".notice.bad").unwrap().contains("没有登录"));
    lan.open(&sent).unwrap();
    lan.find("form[action$='/signout']").unwrap();
    lan.open(&sent).unwrap();
    assert!(lan.text_of(".notice.bad").unwrap().contains("没有登录"), "once");
}

#[test]
fn the_keyboard_alone_leads_to_the_organisation() {
    if !can_run() {
        return;
    }
    let issuer = Issuer::start();
    let program = Program::with_organisation(Stock::Empty, &issuer).unwrap();
    invites(&program, "lan", "lan@li.example");
    let lan = Browser::start(true).unwrap();
    lan.open(&program.url("/signin")).unwrap();
    lan.tab_to(&button()).unwrap();
    lan.press(keys::ENTER).unwrap();
    lan.wait_for("a[href$='/account'][aria-current]").unwrap();
}
