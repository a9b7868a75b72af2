//! Every public page in both languages, light and dark: the rules of axe-core, and nothing wider than a phone.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use e2e::{Browser, Colours, Look, Program, axe, can_run};
use serde_json::Value;

const PAGES: [&str; 14] = [
    "/",
    "/figures",
    "/figures?q=zzz",
    "/figures/sales.poverty_counties",
    "/figures/sales.poverty_counties?by=place",
    "/figures/sales.poverty_counties?by=month",
    "/figures/channel.counties",
    "/reports",
    "/reports/2018H1",
    "/reports/2018H1/check",
    "/places/532528",
    "/places/110101",
    "/styleguide",
    "/no-such-page",
];

/// All pages and the way down to a line.
fn pages(program: &Program, browser: &Browser) -> Vec<String> {
    let mut pages = PAGES.map(str::to_owned).to_vec();
    browser
        .open(&program.url("/figures/sales.poverty_counties?by=place"))
        .unwrap();
    for css in [
        "td a[href*='/trace?place=']",
        "tbody th a[href*='/trace/']",
        "tbody th a[href*='/lines/']",
    ] {
        browser.click(&browser.find(css).unwrap()).unwrap();
        pages.push(browser.url().unwrap().replace(&program.url(""), ""));
    }
    let english: Vec<String> = pages
        .iter()
        .map(|path| format!("/en{path}").trim_end_matches('/').to_owned())
        .collect();
    pages.extend(english);
    pages
}

/// What axe-core finds, a line each.
fn violations(browser: &Browser, axe: &str) -> Vec<String> {
    let script = format!(
        "{axe};var done = arguments[arguments.length - 1]; \
         axe.run(document, {{ resultTypes: ['violations'] }}).then(r => done(r.violations.map(v => \
         v.id + ': ' + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160) + ' ' + \
         n.any.concat(n.all).map(c => c.message).join(' ')).join(' | '))), e => done([String(e)]))"
    );
    let found = browser.run_until_done(&script).unwrap();
    let text = |one: &Value| one.as_str().unwrap_or_default().to_owned();
    found.as_array().unwrap().iter().map(text).collect()
}

#[test]
fn no_page_breaks_a_rule_of_axe_in_light_or_dark() {
    if !can_run() {
        return;
    }
    let Some(axe) = axe().unwrap() else { return };
    let (program, browser) = (Program::with_demo().unwrap(), Browser::start(true).unwrap());
    let mut found = Vec::new();
    for path in pages(&program, &browser) {
        browser.open(&program.url(&path)).unwrap();
        for colours in [Colours::Light, Colours::Dark] {
            browser
                .look(Look {
                    colours,
                    ..Look::DESK
                })
                .unwrap();
            let broken = violations(&browser, &axe);
            found.extend(broken.into_iter().map(|one| format!("{path} {colours:?} {one}")));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn no_page_is_wider_than_the_window_at_any_width() {
    if !can_run() {
        return;
    }
    let (program, browser) = (Program::with_demo().unwrap(), Browser::start(true).unwrap());
    for path in pages(&program, &browser) {
        browser.open(&program.url(&path)).unwrap();
        for width in [320, 360, 768, 1280] {
            browser.look(Look { width, ..Look::DESK }).unwrap();
            let over = browser
                .run("var e = document.documentElement; return e.scrollWidth - e.clientWidth")
                .unwrap();
            assert_eq!(over, Value::from(0), "{path} at {width}");
        }
    }
}
