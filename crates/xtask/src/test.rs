//! `cargo xtask test`: every test this machine can run, then what it could not run and why.
//!
//! Outside helpers are found or made here and handed to the tests by environment variables:
//! `FISHPOND_TEST_POSTGRES` (a URL), `FISHPOND_TEST_PYTHON` (an interpreter with DuckDB), `FISHPOND_TEST_SCHEMATHESIS`
//! (one with Schemathesis), `FISHPOND_TEST_PYXFORM` (one with pyxform), `FISHPOND_TEST_AXE` (the rules of accessibility) and `FISHPOND_BIN` (the program in front of the browser). Tests that need one and do not see it, or
//! that need a browser or fonts for a PDF, pass over themselves; this command is what makes that visible.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use crate::{postgres, python, shell};

/// Interpreters of Python that tests use: the setting that names one, the package it can import, what cannot be run
/// without. Of pyxform the version counts, since another may write an XForm in another way.
const PYTHONS: [(&str, &str, &str); 3] = [
    (
        "FISHPOND_TEST_PYTHON",
        "duckdb",
        "tests that recompute with DuckDB",
    ),
    (
        "FISHPOND_TEST_SCHEMATHESIS",
        "schemathesis",
        "the test of the API by its document",
    ),
    (
        "FISHPOND_TEST_PYXFORM",
        "pyxform==4.5.0",
        "the tests that compile forms beside pyxform",
    ),
];

/// Runs the tests. With `strict`, anything that could not be run is a failure.
pub(crate) fn run(strict: bool) -> Result<()> {
    let mut missing = Vec::new();

    let server = match shell::setting("FISHPOND_TEST_POSTGRES") {
        Some(_) => None,
        None => postgres::start(&std::env::temp_dir(), postgres::Durability::None)
            .map_err(|reason| missing.push(format!("PostgreSQL tests: {reason:#}")))
            .ok(),
    };
    let pythons: Vec<(&str, PathBuf)> = PYTHONS
        .iter()
        .filter_map(|(setting, package, tests)| {
            Some((*setting, python_with(setting, package, tests, &mut missing)?))
        })
        .collect();
    missing.extend(missing_programs());
    let axe = axe(&mut missing);
    announce(&missing);

    let prepare = |mut command: Command| {
        if let Some(server) = &server {
            command.env("FISHPOND_TEST_POSTGRES", server.url());
        }
        command.envs(pythons.iter().map(|(setting, python)| (setting, python)));
        if let Some(axe) = &axe {
            command.env("FISHPOND_TEST_AXE", axe);
        }
        command.env("FISHPOND_BIN", shell::target_dir().join("debug/fishpond"));
        command
    };
    let main = main_tests();
    let mut docs = shell::cargo();
    docs.args(["test", "--workspace", "--all-features", "--doc", "--quiet"]);

    let outcome = shell::run(&mut prepare(main)).and_then(|()| shell::run(&mut prepare(docs)));
    announce(&missing);
    outcome?;
    if strict && !missing.is_empty() {
        bail!(
            "--strict: {} of the groups of tests could not be run",
            missing.len()
        );
    }
    if missing.is_empty() {
        println!("all tests passed, on SQLite and PostgreSQL and in a browser, and DuckDB agrees");
    } else {
        println!("all tests that could be run passed");
    }
    Ok(())
}

/// An interpreter that can import a package, where no setting names one already.
fn python_with(setting: &str, package: &str, tests: &str, missing: &mut Vec<String>) -> Option<PathBuf> {
    if shell::setting(setting).is_some() {
        return None;
    }
    python::with(&[package])
        .map_err(|reason| missing.push(format!("{tests}: {reason:#}")))
        .ok()
}

/// The command that runs all but the tests in documentation: by nextest where it is installed.
fn main_tests() -> Command {
    let nextest = shell::succeeds(shell::cargo().args(["nextest", "--version"]));
    let mut main = shell::cargo();
    if nextest {
        main.args([
            "nextest",
            "run",
            "--workspace",
            "--all-features",
            "--no-fail-fast",
        ]);
    } else {
        main.args([
            "test",
            "--workspace",
            "--all-features",
            "--lib",
            "--bins",
            "--tests",
            "--no-fail-fast",
        ]);
    }
    main
}

/// The rules of accessibility, for the tests in a browser; none where there is no browser.
fn axe(missing: &mut Vec<String>) -> Option<PathBuf> {
    if shell::find_program("chromedriver").is_none() {
        missing.push(
            "tests in a browser: no chromedriver (on Debian: apt-get install chromium chromium-driver)"
                .to_owned(),
        );
        return None;
    }
    if let Some(file) = shell::setting("FISHPOND_TEST_AXE") {
        return Some(PathBuf::from(file));
    }
    python::file_in("axe_core_python", "axe.min.js")
        .map_err(|reason| missing.push(format!("tests of accessibility: {reason:#}")))
        .ok()
}

/// What is not installed, with what cannot be tested without it.
fn missing_programs() -> Vec<String> {
    let mut missing = Vec::new();
    if !has_fonts() {
        missing.push(
            "tests that make a PDF: no Noto CJK fonts (on Debian: apt-get install fonts-noto-cjk)".to_owned(),
        );
    }
    if shell::find_program("hledger").is_none() {
        missing.push(
            "the test that hledger reads the books: no hledger (on Debian: apt-get install hledger)"
                .to_owned(),
        );
    }
    if shell::find_program("xmllint").is_none() {
        missing.push(
            "the test of bank files by their schema: no xmllint (on Debian: apt-get install libxml2-utils)"
                .to_owned(),
        );
    }
    let libraries = std::fs::read_dir("/usr/lib").into_iter().flatten().flatten();
    if !libraries
        .into_iter()
        .any(|folder| folder.path().join("faketime/libfaketimeMT.so.1").is_file())
    {
        missing.push(
            "the journeys of the registry over weeks: no libfaketime (on Debian: apt-get install libfaketime)"
                .to_owned(),
        );
    }
    missing
}

/// The press looks in the named folder, else in Debian's.
fn has_fonts() -> bool {
    let dir =
        shell::setting("FISHPOND_FONT_DIR").unwrap_or_else(|| "/usr/share/fonts/opentype/noto".to_owned());
    Path::new(&dir).is_dir()
}

fn announce(missing: &[String]) {
    for line in missing {
        println!("NOT RUN: {line}");
    }
}
