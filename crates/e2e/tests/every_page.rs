//! Every page, public and of each role, in both languages: the rules of axe-core in light and dark, forms that were
//! refused too, and nothing wider than a phone.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use e2e::{Browser, Colours, Look, Program, Stock, Stop, axe, can_run, tours};
use issuer::Issuer;
use serde_json::Value;

/// The addresses of a page in both languages.
fn both(stop: &Stop) -> [String; 2] {
    [
        stop.path.clone(),
        format!("/en{}", stop.path).trim_end_matches('/').to_owned(),
    ]
}

/// What axe-core finds on the page that is shown, in light and dark, a line each.
fn violations(browser: &Browser, axe: &str) -> Vec<String> {
    let script = format!(
        "{axe};var done = arguments[arguments.length - 1]; \
         axe.run(document, {{ resultTypes: ['violations'] }}).then(r => done(r.violations.map(v => \
         v.id + ': ' + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160) + ' ' + \
         n.any.concat(n.all).map(c => c.message).join(' ')).join(' | '))), e => done([String(e)]))"
    );
    let text = |one: &Value| one.as_str().unwrap_or_default().to_owned();
    let mut all = Vec::new();
    for colours in [Colours::Light, Colours::Dark] {
        let look = Look {
            colours,
            ..Look::DESK
        };
        browser.look(look).unwrap();
        let found = browser.run_until_done(&script).unwrap();
        let here = browser.url().unwrap();
        let found = found.as_array().unwrap().iter().map(text);
        all.extend(found.map(|one| format!("{here} {colours:?} {one}")));
    }
    all
}

#[test]
fn no_page_breaks_a_rule_of_axe_in_light_or_dark() {
    if !can_run() {
        return;
    }
    let Some(axe) = axe().unwrap() else { return };
    let issuer = Issuer::start();
    let program = Program::with_organisation(Stock::Demo, &issuer).unwrap();
    let mut found = Vec::new();
    for tour in tours(&program).unwrap() {
        for path in tour.stops.iter().flat_map(both) {
            tour.browser.open(&program.url(&path)).unwrap();
            found.extend(violations(&tour.browser, &axe));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Sends a form with nothing in its fields, and sees it come back with what is wrong.
fn send_empty(browser: &Browser, form: &str) {
    let fields = format!("main {form} input:not([type=hidden])");
    let empty = format!("document.querySelectorAll(\"{fields}\").forEach(i => i.value = '')");
    browser.run(&empty).unwrap();
    browser.follow(&format!("main {form} .button")).unwrap();
    browser.find(".summary").unwrap();
}

#[test]
fn no_refused_form_breaks_a_rule_of_axe_in_light_or_dark() {
    if !can_run() {
        return;
    }
    let Some(axe) = axe().unwrap() else { return };
    let program = Program::with_staff(Stock::Empty).unwrap();
    let mut found = Vec::new();
    for (login, forms) in [
        ("", &[("/signin", "form.stack")][..]),
        (
            "admin",
            &[
                ("/staff/users", "form.stack"),
                ("/account", "form[action$='/keys']"),
                ("/account", "form[action$='/name']"),
            ],
        ),
        ("lan", &[("/staff/periods", "form.stack")]),
    ] {
        let browser = Browser::start(true).unwrap();
        if let Ok(link) = program.invitation(login) {
            browser.come_in(&program, link).unwrap();
        }
        for (path, form) in forms {
            for lang in ["", "/en"] {
                browser.open(&program.url(&format!("{lang}{path}"))).unwrap();
                send_empty(&browser, form);
                found.extend(violations(&browser, &axe));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn no_page_is_wider_than_the_window_at_any_width() {
    if !can_run() {
        return;
    }
    let issuer = Issuer::start();
    let program = Program::with_organisation(Stock::Demo, &issuer).unwrap();
    let mut wide = Vec::new();
    for tour in tours(&program).unwrap() {
        for path in tour.stops.iter().flat_map(both) {
            tour.browser.open(&program.url(&path)).unwrap();
            for width in [320, 360, 768, 1280] {
                tour.browser.look(Look { width, ..Look::DESK }).unwrap();
                let over = tour
                    .browser
                    .run("var e = document.documentElement; return e.scrollWidth - e.clientWidth")
                    .unwrap();
                if over != 0 {
                    wide.push(format!("{path} at {width} by {over}"));
                }
            }
        }
    }
    assert!(wide.is_empty(), "{}", wide.join("\n"));
}
