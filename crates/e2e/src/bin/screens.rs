//! Pictures of the public pages: `screens OUT [SMALL]`, started by `cargo xtask screens`.
//!
//! Into OUT every page at three widths, light and dark, in both languages; into SMALL one small picture a page.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, Result};
use e2e::{Browser, Colours, Look, Program};

/// Name of the picture and path of the page. `{trace}` and `{line}` are looked up in the demo.
const PAGES: [(&str, &str); 14] = [
    ("home", "/"),
    ("figures", "/figures"),
    ("figures-none", "/figures?q=zzz"),
    ("figure", "/figures/sales.poverty_counties"),
    ("figure-places", "/figures/sales.poverty_counties?by=place"),
    ("figure-months", "/figures/sales.poverty_counties?by=month"),
    ("trace", "{trace}"),
    ("segment", "{segment}"),
    ("line", "{line}"),
    ("reports", "/reports"),
    ("report", "/reports/2018H1"),
    ("check", "/reports/2018H1/check"),
    ("place", "/places/532528"),
    ("error", "/no-such-page"),
];
/// Pages of which no small picture is kept.
const NOT_KEPT: [&str; 3] = ["figures-none", "figure-months", "error"];
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
    let (program, browser) = (Program::with_demo()?, Browser::start(true)?);
    let pages = pages(&program, &browser)?;
    fs::create_dir_all(out)?;
    for (name, path) in &pages {
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
        if let Some(folder) = small.filter(|_| !NOT_KEPT.contains(&name.as_str())) {
            keep(&program, &browser, folder, name, path)?;
        }
        println!("{name}  {path}");
    }
    Ok(())
}

/// The list, with the way down to a line looked up by following links.
fn pages(program: &Program, browser: &Browser) -> Result<Vec<(String, String)>> {
    browser.open(&program.url("/figures/sales.poverty_counties?by=place"))?;
    let mut found = Vec::new();
    for css in [
        "td a[href*='/trace']",
        "tbody th a[href*='/trace/']",
        "tbody th a[href*='/lines/']",
    ] {
        browser.click(&browser.find(css)?)?;
        let url = browser.url()?;
        let path = url.strip_prefix(&program.url("")).context("led away")?;
        found.push(path.to_owned());
    }
    let real = |path: &str| match path {
        "{trace}" => found.first().cloned(),
        "{segment}" => found.get(1).cloned(),
        "{line}" => found.get(2).cloned(),
        other => Some(other.to_owned()),
    };
    let page = |(name, path): (&str, &str)| Some((name.to_owned(), real(path)?));
    Ok(PAGES.into_iter().filter_map(page).collect())
}

/// One small picture in Chinese on light ground, in 256 colours where `pngquant` is installed.
fn keep(program: &Program, browser: &Browser, folder: &Path, name: &str, path: &str) -> Result<()> {
    fs::create_dir_all(folder)?;
    let look = Look {
        width: SMALL_WIDTH,
        height: SMALL_HEIGHT,
        colours: Colours::Light,
    };
    browser.open(&program.url(path))?;
    browser.look(look)?;
    let file = folder.join(format!("{name}.png"));
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
