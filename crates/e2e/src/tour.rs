//! Every page with who sees it: the way that the rules of accessibility and the photographer take.
//!
//! Pages of staff are empty where nothing happened, so work of every kind is done first: files that wait, that were
//! imported and that failed, a correction in review, a run of the checks. Deliberately absent: addresses that only take
//! forms, and files to download.

use std::fs;

use anyhow::{Context, Result};
use tempfile::TempDir;

use crate::{Browser, ORGANISATION, Program, orders};

const FIGURE: &str = "/figures/sales.poverty_counties";
const PERIOD: &str = "/staff/periods/2018H1";

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

/// All tours of a program that was started with the demo, its staff and an organisation; nobody's is the first.
///
/// # Errors
/// The work that goes before was refused.
pub fn tours(program: &Program) -> Result<Vec<Tour>> {
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
        county(program, &folder)?,
        observer(program, &draft)?,
        admin(program)?,
    ])
}

fn stop(name: &'static str, path: &str) -> Stop {
    Stop {
        name,
        path: path.to_owned(),
    }
}

fn stops(of: &[(&'static str, &str)]) -> Vec<Stop> {
    of.iter().map(|(name, path)| stop(name, path)).collect()
}

fn signed_in(program: &Program, login: &str) -> Result<Browser> {
    let browser = Browser::start(true)?;
    browser.come_in(program, program.invitation(login)?)?;
    Ok(browser)
}

/// The path shown.
fn here(program: &Program, browser: &Browser) -> Result<String> {
    let url = browser.url()?;
    Ok(url.strip_prefix(&program.url("")).context("led away")?.to_owned())
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
        ("reports", "/reports"),
        ("report", "/reports/2018H1"),
        ("version", "/reports/2018H1/versions/1"),
        ("check", "/reports/2018H1/check"),
        ("places", "/places"),
        ("places-found", "/places?q=li%20xian"),
        ("places-none", "/places?q=zzz"),
        ("place", "/places/532528"),
        ("place-no-sales", "/places/110101"),
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
        lan.open(&program.url(path))?;
        lan.follow("form[action$='/import'] .button")?;
        lan.wait_for("main .badge.good, main .badge.bad")?;
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
        ("staff-programme", "/staff/programme"),
        ("staff-jobs", "/staff/jobs"),
    ]);
    Ok((lan, pages))
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
    let file = orders::write(folder.path(), "礼县的小票.csv", 300..330, false)?;
    let handed_in = browser.send_file(program, orders::LAYOUT, &file)?;
    let stops = stops(&[
        ("county-intake", "/staff/intake"),
        ("county-intake-waits", &handed_in),
        ("county-figures", "/staff/figures"),
        ("county-figure", "/staff/figures/sales.poverty_counties"),
        ("county-periods", "/staff/periods"),
        ("county-period", PERIOD),
        ("county-denied", "/staff/users"),
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
    let stops = stops(&[
        ("admin-account", "/account"),
        ("admin-intake", "/staff/intake"),
        ("staff-checks", "/staff/checks"),
        ("staff-users", "/staff/users"),
        ("staff-user", &user),
        ("staff-organisations", "/staff/organisations"),
        ("staff-organisation", &organisation),
        ("staff-audit", "/staff/audit"),
        ("staff-audit-none", "/staff/audit?user=nobody"),
    ]);
    Ok(Tour { browser, stops })
}
