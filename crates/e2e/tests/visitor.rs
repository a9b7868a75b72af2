//! A visitor's journey in a real browser: from the home page down to one line of a file, and what is on the way.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use e2e::{Browser, Colours, Look, Program, can_run, keys};
use serde_json::json;

const FIGURE: &str = "/figures/sales.poverty_counties";

fn start() -> (Program, Browser) {
    (Program::with_demo().unwrap(), Browser::start(true).unwrap())
}

/// The background that is seen.
fn ground(browser: &Browser) -> String {
    let script = "return getComputedStyle(document.body).backgroundColor";
    browser.run(script).unwrap().as_str().unwrap().to_owned()
}

#[test]
fn a_figure_of_the_home_page_is_followed_down_to_one_line_of_a_file() {
    if !can_run() {
        return;
    }
    let (program, browser) = start();
    browser.open(&program.url("/")).unwrap();
    let figure = browser.text_of(&format!(".card a[href='{FIGURE}']")).unwrap();
    browser.follow(&format!(".card a[href='{FIGURE}']")).unwrap();
    assert_eq!(browser.title().unwrap(), figure);
    browser.follow(".tabs a[href*='by=place']").unwrap();
    browser.follow("td a[href*='/trace?place=']").unwrap();
    browser.follow("tbody th a[href*='/trace/']").unwrap();
    let file = browser.title().unwrap();
    let number = browser.text_of("tbody th a[href*='/lines/']").unwrap();
    browser.follow("tbody th a[href*='/lines/']").unwrap();
    assert_eq!(browser.title().unwrap(), format!("第 {number} 行"));
    assert!(
        browser.link(&file).is_ok(),
        "the line does not lead back to {file}"
    );
    assert!(browser.count("dl.facts div").unwrap() > 10);

    // The other language is the same line.
    browser.follow(".who a[lang=en]").unwrap();
    assert_eq!(browser.title().unwrap(), format!("Line {number}"));
    assert!(browser.url().unwrap().ends_with(&format!("/lines/{number}")));
    browser.follow(".who a[lang=zh-CN]").unwrap();
    assert_eq!(browser.title().unwrap(), format!("第 {number} 行"));
}

#[test]
fn the_keyboard_alone_leads_from_the_home_page_to_a_line_and_is_always_seen() {
    if !can_run() {
        return;
    }
    let (program, browser) = start();
    browser.open(&program.url("/en")).unwrap();
    for css in [
        ".card a[href='/en/figures/sales.poverty_counties']",
        ".tabs a[href*='by=place']",
        "td a[href*='/trace?place=']",
        "tbody th a[href*='/trace/']",
        "tbody th a[href*='/lines/']",
    ] {
        browser.tab_to(css).unwrap();
        browser.onward(|| browser.press(keys::ENTER)).unwrap();
    }
    assert!(
        browser.title().unwrap().starts_with("Line "),
        "{}",
        browser.title().unwrap()
    );

    // The first stop of a page skips what stands on every page.
    browser.open(&program.url("/en/figures")).unwrap();
    browser.tab_to("a.skip").unwrap();
    browser.press(keys::ENTER).unwrap();
    let focus = browser.run("return document.activeElement.id").unwrap();
    assert_eq!(focus, json!("main"));
}

#[test]
fn figures_are_found_by_words_and_by_pillar() {
    if !can_run() {
        return;
    }
    let (program, browser) = start();
    browser.open(&program.url("/figures")).unwrap();
    let all = browser.count("tbody tr").unwrap();
    browser.fill("#q", "贫困县").unwrap();
    browser.onward(|| browser.press(keys::ENTER)).unwrap();
    let found = browser.count("tbody tr").unwrap();
    assert!(0 < found && found < all, "{found} of {all}");
    browser.open(&program.url("/figures")).unwrap();
    browser.choose("#pillar option[value=health]").unwrap();
    browser.find("#pillar option[value=health][selected]").unwrap();
    assert!(browser.count("tbody tr").unwrap() < all);
    browser.open(&program.url("/figures?q=zzz")).unwrap();
    assert_eq!(browser.count(".empty").unwrap(), 1);
}

#[test]
fn the_report_leads_to_its_parts_and_its_files_can_be_had() {
    if !can_run() {
        return;
    }
    let (program, browser) = start();
    browser.open(&program.url("/reports/2018H1")).unwrap();
    let script = "return Array.from(document.querySelectorAll('.contents a'), a => \
                  document.getElementById(a.hash.slice(1)) ? '' : a.hash).filter(Boolean)";
    assert_eq!(browser.run(script).unwrap(), json!([]));
    assert!(browser.count(".contents a").unwrap() > 5);
    browser.choose(".contents a[href='#evidence']").unwrap();
    assert!(browser.url().unwrap().ends_with("#evidence"));
    let asked = "var done = arguments[arguments.length - 1]; \
                 Promise.all(Array.from(document.querySelectorAll('.files a'), async a => { \
                 var r = await fetch(a.href); return [r.status, (await r.arrayBuffer()).byteLength > 50]; })).then(done)";
    let answers = browser.run_until_done(asked).unwrap();
    let answers = answers.as_array().unwrap();
    assert!(answers.len() >= 5, "{answers:?}");
    assert!(
        answers.iter().all(|one| *one == json!([200, true])),
        "{answers:?}"
    );
}

#[test]
fn the_theme_is_chosen_with_script_and_without_and_stays() {
    if !can_run() {
        return;
    }
    let program = Program::with_demo().unwrap();
    for script in [true, false] {
        let browser = Browser::start(script).unwrap();
        browser.open(&program.url("/figures?q=sales")).unwrap();
        let light = ground(&browser);
        browser.follow(".themes button[value=dark]").unwrap();
        browser.find("html[data-theme=dark]").unwrap();
        assert!(browser.url().unwrap().ends_with("/figures?q=sales"));
        assert_ne!(ground(&browser), light, "script: {script}");
        browser.open(&program.url("/")).unwrap();
        browser
            .find("html[data-theme=dark] button[value=dark][aria-pressed=true]")
            .unwrap();
        browser.follow(".themes button[value=auto]").unwrap();
        browser.find("html[data-theme=auto]").unwrap();
        assert_eq!(ground(&browser), light);
        let dark = Look {
            colours: Colours::Dark,
            ..Look::DESK
        };
        browser.look(dark).unwrap();
        assert_ne!(ground(&browser), light, "the system's choice, script: {script}");
    }
}
