//! Every page, public and of each role, in both languages: the rules of axe-core in light and dark, forms that were
//! refused too, nothing wider than a phone, too small for a finger or too heavy for a slow line.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use e2e::{Browser, Colours, Journey, Look, Program, Stock, Stop, axe, can_run, journeys};
use serde_json::Value;

/// By how much the page is wider than the window.
const OVER: &str = "var e = document.documentElement; return e.scrollWidth - e.clientWidth";

/// What is there to touch, outside running text, and is lower than a finger needs.
const SMALL: &str = "return Array.from(document.querySelectorAll('.button, .link, .main-nav a, .staff-nav a, .who a, \
    .paging a, .tabs a, .themes button, .choice, summary, select, .sorted .sort, \
    input:not([type=hidden], [type=checkbox], [type=radio], [type=file])')) \
    .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 43.9) \
    .map(e => e.tagName + ' ' + e.className + ' ' + e.textContent.trim().slice(0, 20) + ' ' \
    + e.getBoundingClientRect().height)";

/// What the page weighs, and with its styles, scripts and pictures, in bytes as they were sent.
const WEIGHT: &str = "var own = performance.getEntriesByType('navigation')[0].encodedBodySize; \
    return [own, performance.getEntriesByType('resource').reduce((sum, one) => sum + one.encodedBodySize, own)]";

/// Limits of a page at the next visit, and with all it needs at the first.
const NEXT_BYTES_MAX: u64 = 20 << 10;
const FIRST_BYTES_MAX: u64 = 60 << 10;

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
    let mut found = Vec::new();
    for journey in journeys() {
        let Journey { program, tours, .. } = &journey.unwrap();
        for tour in tours {
            for path in tour.stops.iter().flat_map(both) {
                tour.browser.open(&program.url(&path)).unwrap();
                found.extend(violations(&tour.browser, &axe));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Sends a form with nothing in its fields, and sees it come back with what is wrong.
fn send_empty(browser: &Browser, form: &str) {
    let fields = format!("main {form} input:not([type=hidden])");
    let empty = format!("document.querySelectorAll(\"{fields}\").forEach(i => i.value = '')");
    browser.run(&empty).unwrap();
    browser.choose(&format!("main {form} .button")).unwrap();
    // A form of the field is not left: its script says there what was wrong.
    browser
        .wait_for(".summary:not([hidden]), main form[data-outbox] [aria-invalid=true]")
        .unwrap();
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
                ("/staff/webhooks", "form.stack"),
            ],
        ),
        ("lan", &[("/staff/periods", "form.stack")]),
        (
            "bachu",
            &[
                ("/staff/registry/new", "form"),
                ("/staff/registry/runs/new", "form.stack"),
            ],
        ),
        (
            "wang",
            &[
                ("/staff/books/entries/new", "form"),
                ("/staff/books/periods", "form.stack"),
                ("/staff/payments/new", "form.stack"),
            ],
        ),
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

/// Why a page is too heavy; nothing where it is not.
fn too_heavy(browser: &Browser) -> Option<String> {
    let weight = browser.run(WEIGHT).unwrap();
    let (next, first) = (weight[0].as_u64().unwrap(), weight[1].as_u64().unwrap());
    assert!(next > 500 && first > next + 1_000, "not measured: {weight}");
    (next > NEXT_BYTES_MAX || first > FIRST_BYTES_MAX).then(|| format!("{next} bytes, {first} at first"))
}

#[test]
fn every_page_fits_a_phone_in_width_and_weight_and_a_finger_finds_everything() {
    if !can_run() {
        return;
    }
    let mut wide = Vec::new();
    for journey in journeys() {
        let Journey { program, tours, .. } = &journey.unwrap();
        for tour in tours {
            // What a worker gives out of its store has no weight on the way.
            tour.browser.past_workers().unwrap();
            for path in tour.stops.iter().flat_map(both) {
                tour.browser.open(&program.url(&path)).unwrap();
                wide.extend(too_heavy(&tour.browser).map(|why| format!("{path}: {why}")));
                for width in [320, 360, 768, 1280] {
                    tour.browser.look(Look { width, ..Look::DESK }).unwrap();
                    let over = tour.browser.run(OVER).unwrap();
                    if over != 0 {
                        wide.push(format!("{path} at {width} by {over}"));
                    }
                    let small = tour.browser.run(SMALL).unwrap();
                    if width <= 360 && small != serde_json::json!([]) {
                        wide.push(format!("{path} at {width}: {small}"));
                    }
                }
            }
        }
    }
    assert!(wide.is_empty(), "{}", wide.join("\n"));
}
