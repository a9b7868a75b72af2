//! What the machine has: the browser's driver, the program, the accessibility rules. `cargo xtask test` sets the names.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The program under test; else the one beside the folder of this test.
const PROGRAM: &str = "FISHPOND_BIN";
/// The file `axe.min.js`.
const AXE: &str = "FISHPOND_TEST_AXE";

#[expect(
    clippy::disallowed_methods,
    reason = "a test is configured by its environment"
)]
fn setting(name: &str) -> Option<PathBuf> {
    std::env::var_os(name)
        .filter(|value| !value.is_empty())
        .map(PathBuf::from)
}

/// A program on the PATH.
pub(crate) fn find_program(name: &str) -> Option<PathBuf> {
    let path = setting("PATH")?;
    std::env::split_paths(&path)
        .map(|dir| dir.join(name))
        .find(|file| file.is_file())
}

/// Where Debian puts the libraries of a kind of processor.
const LIBRARIES: &str = "/usr/lib";
/// Its name below that.
const MOVED_CLOCK: &str = "faketime/libfaketimeMT.so.1";

/// The library by which a program lives by another clock than the machine's.
pub(crate) fn moved_clock() -> Option<PathBuf> {
    let folders = std::fs::read_dir(LIBRARIES).ok()?;
    let mut files = folders.flatten().map(|folder| folder.path().join(MOVED_CLOCK));
    files.find(|file| file.is_file())
}

/// Whether there are a browser to drive and a clock to move; without one, the output says that this test did nothing.
pub fn can_move_the_clock() -> bool {
    let found = moved_clock().is_some();
    if !found {
        eprintln!("not run: libfaketime is not installed");
    }
    found && can_run()
}

/// Whether there is a browser to drive; without one, the output says that this test did nothing.
pub fn can_run() -> bool {
    let found = find_program("chromedriver").is_some();
    if !found {
        eprintln!("not run: chromedriver is not installed");
    }
    found
}

/// The text of axe-core, where `cargo xtask test` fetched it.
///
/// # Errors
/// The named file cannot be read.
pub fn axe() -> Result<Option<String>> {
    let Some(file) = setting(AXE) else {
        eprintln!("not run: {AXE} is not set");
        return Ok(None);
    };
    let text = std::fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    Ok(Some(text))
}

/// The folder `target` in which this test was built.
pub(crate) fn target() -> Result<PathBuf> {
    let here = std::env::current_exe()?;
    let profile = here
        .ancestors()
        .find(|dir| dir.join("deps").is_dir())
        .context("this test does not stand in a target folder")?;
    Ok(profile.parent().unwrap_or(profile).to_path_buf())
}

/// The program under test.
pub(crate) fn program() -> Result<PathBuf> {
    let file = match setting(PROGRAM) {
        Some(file) => file,
        None => target()?.join("debug/fishpond"),
    };
    anyhow::ensure!(
        Path::new(&file).is_file(),
        "{} is not built: cargo build -p app",
        file.display()
    );
    Ok(file)
}
