//! The walls between counties, tried by address from inside a signed-in browser.

use e2e::{Browser, Program, Stock, can_run, orders};
use serde_json::json;
use tempfile::TempDir;

const FIGURE: &str = "/staff/figures/sales.poverty_counties";

fn signed_in(program: &Program, login: &str) -> Browser {
    let browser = Browser::start(true).unwrap();
    browser
        .come_in(program, program.invitation(login).unwrap())
        .unwrap();
    browser
}

/// The status under which this browser is answered.
fn status(browser: &Browser, method: &str, path: &str) -> u64 {
    let script = format!(
        "var done = arguments[arguments.length - 1], csrf = document.querySelector('[name=csrf]').value; \
         fetch({}, {{ method: {}, headers: {{ 'x-csrf-token': csrf }} }}).then(a => done(a.status), e => done(String(e)))",
        json!(path),
        json!(method)
    );
    browser.run_until_done(&script).unwrap().as_u64().unwrap()
}

/// The first cells of the table that is shown.
fn parts(browser: &Browser) -> serde_json::Value {
    let script = "return Array.from(document.querySelectorAll('tbody th'), e => e.textContent)";
    browser.run(script).unwrap()
}

#[test]
fn a_county_reaches_nothing_of_another_by_any_address() {
    if !can_run() {
        return;
    }
    let program = Program::with_staff(Stock::Demo).unwrap();
    let folder = TempDir::new().unwrap();
    let file = orders::write(folder.path(), "礼县的订单.csv", 0..40, true).unwrap();
    let lixian = signed_in(&program, "lixian");
    let upload = lixian.send_file(&program, orders::LAYOUT, &file).unwrap();
    lixian.open(&program.url("/staff/intake")).unwrap();
    assert!(
        lixian
            .text_of("#history + .wrap")
            .unwrap()
            .contains("礼县的订单.csv")
    );
    let fund = signed_in(&program, "lan");
    fund.open(&program.url("/staff/periods/2018H1")).unwrap();
    fund.follow("#drafts ~ .files a").unwrap();
    let draft = fund.url().unwrap().replace(&program.url(""), "");
    assert_eq!(status(&fund, "GET", &draft), 200);

    let other = signed_in(&program, "yuanyang");
    other.open(&program.url("/staff/intake")).unwrap();
    assert!(!other.text_of("main").unwrap().contains("礼县的订单.csv"));
    for path in [&upload, &format!("/en{upload}"), &format!("{upload}/progress")] {
        assert_eq!(status(&other, "GET", path), 404, "{path}");
        assert_eq!(status(&lixian, "GET", path), 200, "{path}");
    }
    assert_eq!(status(&other, "GET", &format!("{upload}/rejects")), 404);
    for act in ["import", "disposal"] {
        assert_eq!(status(&other, "POST", &format!("{upload}/{act}")), 404, "{act}");
    }
    assert_eq!(status(&other, "GET", &draft), 404);
    other.open(&program.url("/staff/periods/2018H1")).unwrap();
    assert_eq!(other.count("#drafts ~ .files li").unwrap(), 1);
    assert_eq!(
        other.count("a[href*='/drafts/']").unwrap(),
        0,
        "nothing leads where one may not go"
    );
    assert_eq!(status(&other, "GET", &format!("{draft}/files/report.json")), 404);
    other.open(&program.url(&upload)).unwrap();
    assert_eq!(
        other.count("main dl.facts").unwrap(),
        0,
        "a page that says nothing of the file"
    );
}

#[test]
fn a_county_sees_its_own_part_of_a_figure_and_no_page_of_the_others_offices() {
    if !can_run() {
        return;
    }
    let program = Program::with_staff(Stock::Demo).unwrap();
    for (login, county) in [("lixian", "礼县"), ("yuanyang", "元阳县")] {
        let browser = signed_in(&program, login);
        for query in ["", "?by=place", "?by=province", "?by=channel"] {
            browser.open(&program.url(&format!("{FIGURE}{query}"))).unwrap();
            assert_eq!(parts(&browser), json!([county]), "{query}");
            assert_eq!(
                browser.count("main .number").unwrap(),
                0,
                "a total of the country"
            );
        }
        for path in [
            "/staff/users",
            "/staff/users/018f0000-0000-7000-8000-000000000000",
            "/staff/audit",
            "/staff/jobs",
            "/staff/checks",
            "/staff/programme",
        ] {
            assert_eq!(status(&browser, "GET", path), 403, "{path}");
        }
        let nav = browser.text_of(".staff-nav").unwrap();
        assert!(nav.contains("编制中的数字") && !nav.contains("用户"), "{nav}");
    }
}
