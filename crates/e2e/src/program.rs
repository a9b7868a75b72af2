//! `fishpond` as a process: a small demo, made once for a build of the program, and the server in front of it.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::UNIX_EPOCH;

use anyhow::{Context, Result, bail, ensure};

use crate::settings;

/// Order lines of the demo.
const LINES: &str = "20000";

/// A running server; it ends with this value.
pub struct Program {
    child: Child,
    address: SocketAddr,
}

impl Program {
    /// Serves the demo.
    ///
    /// # Errors
    /// The program is not built, or refuses.
    pub fn with_demo() -> Result<Self> {
        let program = settings::program()?;
        let data = demo(&program)?;
        Self::serve(&program, &data)
    }

    fn serve(program: &Path, data: &Path) -> Result<Self> {
        let mut child = Command::new(program)
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        let printed = child.stdout.take().context("no output")?;
        let address = address_in(printed);
        let mut started = Self {
            child,
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
        };
        started.address = address?;
        Ok(started)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address of a page.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It is over either way.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The address in the first line that holds one; the rest is read away so that the program never waits.
fn address_in(printed: impl std::io::Read + Send + 'static) -> Result<SocketAddr> {
    let mut lines = BufReader::new(printed).lines();
    for line in lines.by_ref() {
        let line = line?;
        if let Some((_, rest)) = line.split_once("http://") {
            let end = rest.find('/').unwrap_or(rest.len());
            let address = rest.get(..end).unwrap_or_default().parse()?;
            std::thread::spawn(move || lines.for_each(drop));
            return Ok(address);
        }
    }
    bail!("the program ended before it listened")
}

/// The folder with the demo; several tests may ask at once, and one makes it.
fn demo(program: &Path) -> Result<PathBuf> {
    let home = settings::target()?.join("e2e");
    fs::create_dir_all(&home)?;
    let lock = File::create(home.join("lock"))?;
    lock.lock()?;
    let (data, mark) = (home.join("data"), home.join("made-by"));
    let build = build_of(program)?;
    if fs::read_to_string(&mark).is_ok_and(|made_by| made_by == build) {
        return Ok(data);
    }
    if data.exists() {
        fs::remove_dir_all(&data)?;
    }
    let status = Command::new(program)
        .args(["demo", "--no-serve", "--lines", LINES, "--data"])
        .arg(&data)
        .stdout(Stdio::null())
        .status()?;
    ensure!(status.success(), "the demo ended with {status}");
    fs::write(&mark, build)?;
    Ok(data)
}

/// What tells one build of the program from another.
fn build_of(program: &Path) -> Result<String> {
    let file = fs::metadata(program)?;
    let age = file.modified()?.duration_since(UNIX_EPOCH)?.as_nanos();
    Ok(format!("{} {} {age}\n", program.display(), file.len()))
}
