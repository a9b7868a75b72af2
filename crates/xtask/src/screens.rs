//! `cargo xtask screens`: every page of a small demo, public and of staff, photographed by Chromium.
//!
//! Into `target/screens` at three widths, light and dark, in both languages, and as it is printed; into `docs/screens`
//! one small picture a page, which is committed.

use anyhow::{Context, Result};

use crate::shell;

/// Takes the pictures.
///
/// # Errors
/// No chromedriver, or a build or a page that fails.
pub(crate) fn run() -> Result<()> {
    shell::find_program("chromedriver")
        .context("chromedriver is not installed (on Debian: apt-get install chromium chromium-driver)")?;
    let (out, small) = (
        shell::target_dir().join("screens"),
        shell::root().join("docs/screens"),
    );
    shell::run(shell::cargo().args(["build", "--package", "app"]))?;
    let mut screens = shell::cargo();
    screens
        .args(["run", "--package", "e2e", "--bin", "screens", "--"])
        .args([&out, &small])
        .env("FISHPOND_BIN", shell::target_dir().join("debug/fishpond"));
    shell::run(&mut screens)?;
    println!("{}", out.display());
    Ok(())
}
