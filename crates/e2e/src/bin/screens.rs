//! Pictures of every page, public and of staff: `screens OUT [SMALL]`, started by `cargo xtask screens`.
//!
//! Into OUT every page at three widths, light and dark, in both languages; into SMALL one small picture a page.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use anyhow::Result;
use e2e::{Browser, Colours, Look, Program, Stop, journeys};

/// Pages of which no small picture is kept: others show the same.
const NOT_KEPT: [&str; 23] = [
    "figures-none",
    "places-found",
    "places-none",
    "figure-months",
    "figure-small",
    "version",
    "place-no-sales",
    "error",
    "observer-account",
    "observer-period",
    "observer-draft",
    "admin-account",
    "admin-intake",
    "staff-audit-none",
    "staff-users-none",
    "books-owner",
    "books-account-none",
    "books-holds-none",
    "books-entry-of-payment",
    "payments-answer-again",
    "payments-batch-draft",
    "payments-batch-waits",
    "county-payments",
];
const WIDTHS: [u32; 3] = [360, 768, 1280];
const HEIGHT: u32 = 800;
/// A small picture is this wide, and shows the top of the page.
const SMALL_WIDTH: u32 = 1000;
const SMALL_HEIGHT: u32 = 720;

fn main() -> ExitCode {
    let words: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let made = match words.as_slice() {
        [out] => all(out, None),
        [out, small] => all(out, Some(small)),
        _ => Err(anyhow::anyhow!("usage: screens OUT [SMALL]")),
    };
    match made {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("screens: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn all(out: &Path, small: Option<&Path>) -> Result<()> {
    fs::create_dir_all(out)?;
    for journey in journeys() {
        let journey = journey?;
        for tour in &journey.tours {
            for stop in &tour.stops {
                page(&journey.program, &tour.browser, out, stop)?;
                if let Some(folder) = small.filter(|_| is_kept(stop)) {
                    keep(&journey.program, &tour.browser, folder, stop)?;
                }
                println!("{}  {}", stop.name, stop.path);
            }
        }
    }
    Ok(())
}

/// Of pages on which there is nothing yet, two are kept: the first that the public and the staff see.
fn is_kept(stop: &Stop) -> bool {
    match stop.name.strip_prefix("empty-") {
        Some(name) => ["home", "staff-intake"].contains(&name),
        None => !NOT_KEPT.contains(&stop.name),
    }
}

/// One page in both languages, at every width and in both colours, and as it is printed.
fn page(program: &Program, browser: &Browser, out: &Path, stop: &Stop) -> Result<()> {
    let (name, path) = (stop.name, &stop.path);
    for (lang, url) in [
        ("zh", path.clone()),
        ("en", format!("/en{path}").trim_end_matches('/').to_owned()),
    ] {
        browser.open(&program.url(&url))?;
        for (colours, tag) in [(Colours::Light, "light"), (Colours::Dark, "dark")] {
            for width in WIDTHS {
                browser.look(Look {
                    width,
                    height: HEIGHT,
                    colours,
                })?;
                let file = out.join(format!("{name}-{lang}-{tag}-{width}.png"));
                fs::write(file, browser.picture(None)?)?;
            }
        }
        fs::write(out.join(format!("{name}-{lang}.pdf")), browser.print()?)?;
    }
    Ok(())
}

/// One small picture in Chinese on light ground, in 256 colours where `pngquant` is installed.
fn keep(program: &Program, browser: &Browser, folder: &Path, stop: &Stop) -> Result<()> {
    fs::create_dir_all(folder)?;
    let look = Look {
        width: SMALL_WIDTH,
        height: SMALL_HEIGHT,
        colours: Colours::Light,
    };
    browser.open(&program.url(&stop.path))?;
    browser.look(look)?;
    let file = folder.join(format!("{}.png", stop.name));
    fs::write(&file, browser.picture(Some(SMALL_HEIGHT))?)?;
    let fewer = Command::new("pngquant")
        .args(["--force", "--strip", "--speed", "1", "--output"])
        .arg(&file)
        .arg("64")
        .arg(&file)
        .stderr(Stdio::null())
        .status();
    if !fewer.is_ok_and(|status| status.success()) {
        println!(
            "{}: kept with all its colours (pngquant is not installed)",
            file.display()
        );
    }
    Ok(())
}
