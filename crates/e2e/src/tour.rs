//! Every page with who sees it: the way that the rules of accessibility and the photographer take.
//!
//! Twice: through an installation in which work of every kind was done (files that wait, that were imported and that
//! failed, a correction in review, a run of the checks, a webhook nobody answers, books and payments), and through one in which nothing happened
//! yet. Deliberately absent: addresses that only take forms, and files to download.

use std::fs;

use anyhow::{Context, Result};
use tempfile::TempDir;

use issuer::Issuer;

use crate::tour_of_money::{approver, finance};
use crate::{Browser, ORGANISATION, Program, Stock, orders, people};

const FIGURE: &str = "/figures/sales.poverty_counties";
const PERIOD: &str = "/staff/periods/2018H1";

/// What a county sees before anything happened.
const EMPTY_COUNTY: [(&str, &str); 3] = [
    ("empty-county-intake", "/staff/intake"),
    ("empty-registry", "/staff/registry"),
    ("empty-registry-runs", "/staff/registry/runs"),
];

/// A page on the way.
pub struct Stop {
    /// What it is called among pictures.
    pub name: &'static str,
    /// Its path, without a language.
    pub path: String,
}

/// Someone, and the pages that are there for them.
pub struct Tour {
    /// Their browser, in which they are signed in.
    pub browser: Browser,
    /// The pages.
    pub stops: Vec<Stop>,
}

/// A program, and the tours of it.
pub struct Journey {
    /// The program; it ends with this value.
    pub program: Program,
    /// The tours; nobody's is the first.
    pub tours: Vec<Tour>,
    /// The organisation that people may sign in by.
    _organisation: Issuer,
}

/// Both journeys, each begun when it is asked for.
///
/// # Errors
/// The program does not start, or the work that goes before was refused.
pub fn journeys() -> impl Iterator<Item = Result<Journey>> {
    [Stock::Demo, Stock::Empty].into_iter().map(|stock| {
        let organisation = Issuer::start();
        let program = Program::with_organisation(stock, &organisation)?;
        let tours = match stock {
            Stock::Demo => tours(&program)?,
            Stock::Empty => first_day(&program)?,
        };
        Ok(Journey {
            program,
            tours,
            _organisation: organisation,
        })
    })
}

/// What there is to see before anything happened.
fn first_day(program: &Program) -> Result<Vec<Tour>> {
    let tour = |login: &str, of: &[(&'static str, &str)]| -> Result<Tour> {
        let browser = match login {
            "" => Browser::start(true)?,
            _ => signed_in(program, login)?,
        };
        Ok(Tour {
            browser,
            stops: stops(of),
        })
    };
    Ok(vec![
        tour(
            "",
            &[
                ("empty-home", "/"),
                ("empty-reports", "/reports"),
                ("empty-places", "/places"),
                ("empty-place", "/places/532528"),
                ("empty-notices", "/notices"),
            ],
        )?,
        tour(
            "lan",
            &[
                ("empty-staff-intake", "/staff/intake"),
                ("empty-staff-figures", "/staff/figures"),
                ("empty-staff-figure", "/staff/figures/sales.poverty_counties"),
                ("empty-staff-periods", "/staff/periods"),
                ("empty-fund", "/staff/fund"),
                ("empty-fund-budget", "/staff/fund/budget"),
                ("empty-fund-money", "/staff/fund/money"),
                ("empty-staff-jobs", "/staff/jobs"),
            ],
        )?,
        tour(
            "wang",
            &[
                ("empty-books", "/staff/books"),
                ("empty-books-entries", "/staff/books/entries"),
                ("empty-books-holds", "/staff/books/holds"),
                ("empty-books-trial-balance", "/staff/books/trial-balance"),
                ("empty-books-periods", "/staff/books/periods"),
                ("empty-payments", "/staff/payments"),
                ("empty-payments-answers", "/staff/payments/answers"),
            ],
        )?,
        tour("lixian", &EMPTY_COUNTY)?,
        tour(
            "admin",
            &[
                ("empty-staff-checks", "/staff/checks"),
                ("empty-staff-webhooks", "/staff/webhooks"),
            ],
        )?,
    ])
}

/// All tours of a program that was started with the demo and its staff.
fn tours(program: &Program) -> Result<Vec<Tour>> {
    let folder = TempDir::new()?;
    let (lan, mut fund) = fund(program, &folder)?;
    let draft = correction(program)?;
    fund.push(stop("staff-period-review", PERIOD));
    fund.push(stop("staff-draft", &draft));
    Ok(vec![
        Tour {
            stops: public(program, &lan)?,
            browser: Browser::start(true)?,
        },
        Tour {
            browser: lan,
            stops: fund,
        },
        finance(program)?,
        approver(program)?,
        county(program, &folder)?,
        registry(program)?,
        observer(program, &draft)?,
        admin(program)?,
    ])
}

pub(crate) fn stop(name: &'static str, path: &str) -> Stop {
    Stop {
        name,
        path: path.to_owned(),
    }
}

pub(crate) fn stops(of: &[(&'static str, &str)]) -> Vec<Stop> {
    of.iter().map(|(name, path)| stop(name, path)).collect()
}

pub(crate) fn signed_in(program: &Program, login: &str) -> Result<Browser> {
    let browser = Browser::start(true)?;
    browser.come_in(program, program.invitation(login)?)?;
    Ok(browser)
}

/// The path shown.
pub(crate) fn here(program: &Program, browser: &Browser) -> Result<String> {
    let url = browser.url()?;
    Ok(url.strip_prefix(&program.url("")).context("led away")?.to_owned())
}

/// The sheet of the village whose notice stands.
fn sheet(program: &Program, browser: &Browser) -> Result<String> {
    browser.open(&program.url("/notices"))?;
    browser.follow("td a[href*='/notices/']")?;
    here(program, browser)
}

/// The public pages; the way down to a line is found by following links.
fn public(program: &Program, browser: &Browser) -> Result<Vec<Stop>> {
    let mut found = stops(&[
        ("home", "/"),
        ("figures", "/figures"),
        ("figures-none", "/figures?q=zzz"),
        ("figure", FIGURE),
        ("figure-places", &format!("{FIGURE}?by=place")),
        ("figure-products", &format!("{FIGURE}?by=product")),
        ("figure-months", &format!("{FIGURE}?by=month")),
        ("figure-small", "/figures/channel.counties"),
        ("figure-pillars", "/figures/fund.budget"),
        ("rows", "/figures/staff.counties_visited/rows"),
        ("reports", "/reports"),
        ("report", "/reports/2018H1"),
        ("version", "/reports/2018H1/versions/1"),
        ("check", "/reports/2018H1/check"),
        ("places", "/places"),
        ("places-found", "/places?q=li%20xian"),
        ("places-none", "/places?q=zzz"),
        ("place", "/places/532528"),
        ("place-no-sales", "/places/110101"),
        ("notices", "/notices"),
        ("styleguide", "/styleguide"),
        ("api", "/api"),
        ("signin", "/signin"),
        ("error", "/no-such-page"),
    ]);
    browser.open(&program.url(&format!("{FIGURE}?by=place")))?;
    for (name, css) in [
        ("trace", "td a[href*='/trace?place=']"),
        ("segment", "tbody th a[href*='/trace/']"),
        ("line", "tbody th a[href*='/lines/']"),
    ] {
        browser.follow(css)?;
        found.push(stop(name, &here(program, browser)?));
    }
    found.push(stop("notices-sheet", &sheet(program, browser)?));
    found.push(stop("invitation", program.invitation("shan")?));
    Ok(found)
}

/// Someone of the fund, with files that wait, that failed and that were imported.
fn fund(program: &Program, folder: &TempDir) -> Result<(Browser, Vec<Stop>)> {
    let lan = signed_in(program, "lan")?;
    let folder = folder.path();
    let held = orders::write(folder, "银泰-2018年6月.csv", 0..40, true)?;
    let good = orders::write(folder, "银泰-2018年5月.csv", 100..160, true)?;
    let strange = folder.join("没有这些列.csv");
    fs::write(&strange, "a,b\n1,2\n")?;
    let send = |file| lan.send_file(program, orders::LAYOUT, file);
    let (failed, imported, look) = (send(&strange)?, send(&good)?, send(&held)?);
    for path in [&failed, &imported] {
        import(program, &lan, path)?;
    }
    let pages = stops(&[
        ("account", "/account"),
        ("staff-intake", "/staff/intake"),
        ("staff-intake-look", &look),
        ("staff-intake-failed", &failed),
        ("staff-intake-result", &imported),
        ("staff-figures", "/staff/figures"),
        ("staff-figure", "/staff/figures/sales.poverty_counties"),
        ("staff-periods", "/staff/periods"),
        ("fund", "/staff/fund"),
        ("fund-new", "/staff/fund/new"),
        ("fund-project", "/staff/fund/projects/melons-bachu"),
        ("fund-budget", "/staff/fund/budget"),
        ("fund-budget-none", "/staff/fund/budget?year=2031"),
        ("fund-money", "/staff/fund/money"),
        ("fund-counties", "/staff/fund/counties"),
        ("fund-field", "/staff/fund/field"),
        ("fund-record-pledge", "/staff/fund/record/pledge"),
        ("fund-record-cofinance", "/staff/fund/record/cofinance"),
        ("fund-record-target", "/staff/fund/record/target"),
        ("fund-record-visit", "/staff/fund/record/visit"),
        ("staff-programme", "/staff/programme"),
        ("staff-jobs", "/staff/jobs"),
    ]);
    Ok((lan, pages))
}

/// Imports a file that was sent in, to its end.
fn import(program: &Program, browser: &Browser, path: &str) -> Result<()> {
    browser.open(&program.url(path))?;
    browser.follow("form[action$='/import'] .button")?;
    browser.wait_for("main .badge.good, main .badge.bad")
}

/// Another of the fund opens a correction and submits a draft of it; its path.
fn correction(program: &Program) -> Result<String> {
    let he = signed_in(program, "he")?;
    he.open(&program.url(PERIOD))?;
    he.fill("#correction-reason", "补充银泰百货五月的小票")?;
    he.follow("form[action$='/corrections'] .button")?;
    he.follow("form[action$='/drafts'] .button")?;
    he.wait_for("#review")?;
    he.follow("#review ~ p a")?;
    here(program, &he)
}

fn county(program: &Program, folder: &TempDir) -> Result<Tour> {
    let browser = signed_in(program, "lixian")?;
    // Every second order is of another county, and is rejected here.
    let file = orders::write(folder.path(), "礼县四月的小票.csv", 400..430, false)?;
    let imported = browser.send_file(program, orders::LAYOUT, &file)?;
    import(program, &browser, &imported)?;
    let file = orders::write(folder.path(), "礼县的小票.csv", 300..330, false)?;
    let handed_in = browser.send_file(program, orders::LAYOUT, &file)?;
    let stops = stops(&[
        ("county-intake", "/staff/intake"),
        ("county-intake-waits", &handed_in),
        ("county-intake-result", &imported),
        ("county-figures", "/staff/figures"),
        ("county-figure", "/staff/figures/sales.poverty_counties"),
        ("county-periods", "/staff/periods"),
        ("county-payments", "/staff/payments"),
        ("county-fund", "/staff/fund"),
        ("county-period", PERIOD),
        ("county-denied", "/staff/users"),
    ]);
    Ok(Tour { browser, stops })
}

/// The office of a county with households: its board, one of them, and the case that was taken as far as its notice.
fn registry(program: &Program) -> Result<Tour> {
    let browser = signed_in(program, "bachu")?;
    browser.open(&program.url(&format!("/staff/registry/cases/{}", people::CASE)))?;
    browser.follow(".crumbs li:nth-child(2) a")?;
    let household = here(program, &browser)?;
    let case = format!("/staff/registry/cases/{}", people::CASE);
    let pair = format!("/staff/registry/pairs/{}", people::PAIR.join("/"));
    let run = format!("/staff/registry/runs/{}", people::RUN);
    browser.open(&program.url("/staff/registry/submissions"))?;
    people::send_wrong_form(&browser)?;
    browser.reload_until("td .badge.bad")?;
    browser.follow("tbody th a")?;
    let submission = here(program, &browser)?;
    let stops = stops(&[
        ("registry", "/staff/registry"),
        ("registry-new", "/staff/registry/new"),
        ("registry-household", &household),
        ("registry-case", &case),
        ("registry-pairs", "/staff/registry/pairs"),
        ("registry-pair", &pair),
        ("registry-runs", "/staff/registry/runs"),
        ("registry-run-new", "/staff/registry/runs/new"),
        ("registry-run", &run),
        ("registry-run-unknown", &format!("{run}?part=unknown")),
        ("registry-submissions", "/staff/registry/submissions"),
        ("registry-submission", &submission),
    ]);
    Ok(Tour { browser, stops })
}

fn observer(program: &Program, draft: &str) -> Result<Tour> {
    let stops = stops(&[
        ("observer-account", "/account"),
        ("observer-figures", "/staff/figures"),
        ("observer-period", PERIOD),
        ("observer-draft", draft),
    ]);
    Ok(Tour {
        browser: signed_in(program, "watch")?,
        stops,
    })
}

fn admin(program: &Program) -> Result<Tour> {
    let browser = signed_in(program, "admin")?;
    browser.open(&program.url("/staff/checks"))?;
    browser.follow("main form .button")?;
    browser.wait_for("main .notice")?;
    browser.open(&program.url("/staff/users?q=lixian"))?;
    browser.follow("tbody th a")?;
    let user = here(program, &browser)?;
    browser.fill("#value", "lixian@li.example")?;
    browser.follow("form[action$='/identities'] .button")?;
    let organisation = format!("/staff/organisations/{ORGANISATION}");
    let webhook = webhook(program, &browser)?;
    let stops = stops(&[
        ("admin-account", "/account"),
        ("admin-intake", "/staff/intake"),
        ("staff-checks", "/staff/checks"),
        ("staff-users", "/staff/users"),
        ("staff-users-none", "/staff/users?q=zzz"),
        ("staff-user", &user),
        ("staff-organisations", "/staff/organisations"),
        ("staff-organisation", &organisation),
        ("staff-webhooks", "/staff/webhooks"),
        ("staff-webhook", &webhook),
        ("staff-audit", "/staff/audit"),
        ("staff-audit-none", "/staff/audit?user=nobody"),
    ]);
    Ok(Tour { browser, stops })
}

/// Adds a webhook to an address that no name server knows, sends it a test message and waits for the first try; its path.
fn webhook(program: &Program, browser: &Browser) -> Result<String> {
    browser.open(&program.url("/staff/webhooks"))?;
    browser.fill("#url", "https://fishpond.invalid/events")?;
    for event in ["periods.published", "sales.imported"] {
        browser.choose(&format!("input[name=events][value='{event}']"))?;
    }
    browser.follow("main form.stack .button")?;
    browser.follow("form[action$='/test'] .button")?;
    let path = here(program, browser)?;
    browser.reload_until(".tries li")?;
    Ok(path)
}
