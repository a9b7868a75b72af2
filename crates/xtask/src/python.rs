//! A Python with the packages that the tests and benchmarks use, kept in the target folder.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::shell;

/// An interpreter that can import every one of `packages`: `python3` itself when it can, else a virtual environment
/// under the target folder, filled by pip on first use.
///
/// # Errors
/// No `python3`, no `venv` module, or pip cannot fetch a package.
pub(crate) fn with(packages: &[&str]) -> Result<PathBuf> {
    let system = shell::find_program("python3").context("python3 is not installed")?;
    if imports(&system, packages) {
        return Ok(system);
    }
    let home = shell::target_dir().join("xtask-python");
    let python = home.join("bin/python");
    if imports(&python, packages) {
        return Ok(python);
    }
    if !python.exists() && !shell::succeeds(Command::new(&system).args(["-m", "venv"]).arg(&home)) {
        bail!("python3 cannot make a virtual environment (on Debian: apt-get install python3-venv)");
    }
    println!("fetching {} for the tests", packages.join(", "));
    shell::run(
        Command::new(&python)
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
            .args(packages),
    )?;
    if !imports(&python, packages) {
        bail!("{} cannot import {}", python.display(), packages.join(", "));
    }
    Ok(python)
}

/// A file that a package brings with it.
///
/// # Errors
/// As [`with`], or the package has no such file.
pub(crate) fn file_in(package: &str, name: &str) -> Result<PathBuf> {
    let python = with(&[package])?;
    let program = format!("import os, {package}; print(os.path.dirname({package}.__file__))");
    let folder = shell::output_of(Command::new(python).args(["-c", &program]))?;
    let file = PathBuf::from(folder.trim()).join(name);
    if !file.is_file() {
        bail!("{package} has no {name}");
    }
    Ok(file)
}

/// A package may name its version, as pip takes it: `splink==4.0.17`.
fn imports(python: &PathBuf, packages: &[&str]) -> bool {
    let names: Vec<&str> = packages
        .iter()
        .filter_map(|package| package.split(['=', '<', '>']).next())
        .collect();
    let program = format!("import {}", names.join(", "));
    shell::succeeds(Command::new(python).args(["-c", &program]))
}
