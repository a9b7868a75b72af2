//! `cargo xtask test`: every test this machine can run, then what it could not run and why.
//!
//! Outside helpers are found or made here and handed to the tests by environment variables:
//! `FISHPOND_TEST_POSTGRES` (a URL) and `FISHPOND_TEST_PYTHON` (an interpreter with DuckDB). Tests that need one and do
//! not see it pass over themselves; this command is what makes that visible.

use std::process::Command;

use anyhow::{Result, bail};

use crate::{postgres, python, shell};

/// Runs the tests. With `strict`, anything that could not be run is a failure.
pub(crate) fn run(strict: bool) -> Result<()> {
    let mut missing = Vec::new();

    let server = match shell::setting("FISHPOND_TEST_POSTGRES") {
        Some(_) => None,
        None => postgres::start()
            .map_err(|reason| missing.push(format!("PostgreSQL tests: {reason:#}")))
            .ok(),
    };
    let interpreter = match shell::setting("FISHPOND_TEST_PYTHON") {
        Some(_) => None,
        None => python::with(&["duckdb"])
            .map_err(|reason| missing.push(format!("tests that recompute with DuckDB: {reason:#}")))
            .ok(),
    };
    announce(&missing);

    let prepare = |mut command: Command| {
        if let Some(server) = &server {
            command.env("FISHPOND_TEST_POSTGRES", server.url());
        }
        if let Some(interpreter) = &interpreter {
            command.env("FISHPOND_TEST_PYTHON", interpreter);
        }
        command
    };
    let nextest = shell::succeeds(shell::cargo().args(["nextest", "--version"]));
    let mut main = shell::cargo();
    if nextest {
        main.args(["nextest", "run", "--workspace"]);
    } else {
        main.args(["test", "--workspace", "--lib", "--bins", "--tests"]);
    }
    let mut docs = shell::cargo();
    docs.args(["test", "--workspace", "--doc", "--quiet"]);

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
        println!("all tests passed, on SQLite and PostgreSQL, and DuckDB agrees");
    } else {
        println!("all tests that could be run passed");
    }
    Ok(())
}

fn announce(missing: &[String]) {
    for line in missing {
        println!("NOT RUN: {line}");
    }
}
