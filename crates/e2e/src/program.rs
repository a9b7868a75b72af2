//! `fishpond` as a process: a small demo, made once for a build of the program, and the server in front of a copy of it.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, UNIX_EPOCH};

use anyhow::{Context, Result, ensure};
use issuer::{CLIENT_ID, CLIENT_SECRET, Issuer};
use jiff::civil::Date;
use jiff::{Timestamp, tz::TimeZone};
use serde_json::Value;
use tempfile::TempDir;

use crate::{money, people, settings};

/// Order lines of the demo.
const LINES: &str = "20000";
/// The program says where it listens, and how the first administrator comes in, within this time.
const START_WAIT: Duration = Duration::from_mins(2);

/// The organisation of [`Program::with_organisation`], as addresses call it.
pub const ORGANISATION: &str = "li-county";

/// The people of [`Program::with_staff`]: login, name, role, place.
const STAFF: [(&str, &str, &str, Option<&str>); 11] = [
    ("admin", "管理员", "admin", None),
    ("lan", "李兰", "fund", None),
    ("he", "陈河", "fund", None),
    ("shan", "王山", "fund", None),
    ("wang", "王芳", "finance", None),
    ("chen", "陈静", "finance", None),
    ("lixian", "礼县扶贫办", "county", Some("621226")),
    ("bachu", "巴楚县扶贫办", "county", Some("653130")),
    ("yuanyang", "元阳县扶贫办", "county", Some("532528")),
    ("gu", "古丽", "village_worker", Some("653130101201")),
    ("watch", "周观", "observer", None),
];

/// The people of [`Program::of_county`]: a village worker, two of the township, one of the county.
const COUNTY: [(&str, &str, &str, Option<&str>); 4] = [
    ("cun", "村干部", "village_worker", Some("653130101201")),
    ("zhen", "乡镇干部", "county", Some("653130101000")),
    ("shenhe", "乡镇审核人", "county", Some("653130101000")),
    ("xian", "县扶贫办", "county", Some("653130")),
];
/// The file beside a data folder that says by how many days the clock of its programs is moved.
const CLOCK: &str = "clock";

/// What a program is started with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stock {
    /// No order line yet.
    Empty,
    /// The demo: imported order files and a published report; where there is staff, books and payments too.
    Demo,
}

/// A running server over a folder of its own; both end with this value.
pub struct Program {
    child: Child,
    address: SocketAddr,
    printed: Receiver<String>,
    invitations: BTreeMap<String, String>,
    folder: TempDir,
}

impl Program {
    /// Serves the demo, to nobody in particular.
    ///
    /// # Errors
    /// The program is not built, or refuses.
    pub fn with_demo() -> Result<Self> {
        Self::start(Stock::Demo, &[], None)
    }

    /// Serves an empty folder for the very first time; also the path of the link for the first administrator.
    ///
    /// # Errors
    /// The program is not built, refuses, or prints no link.
    pub fn first_start() -> Result<(Self, String)> {
        let started = Self::start(Stock::Empty, &[], None)?;
        let line = started.line_with("/invitations/")?;
        let from = line.find("/invitations/").unwrap_or_default();
        let path = line.get(from..).unwrap_or_default().trim_end().to_owned();
        Ok((started, path))
    }

    /// Serves with people who may sign in: an administrator, three of the fund, two of the finance desk, three counties, a village worker and an observer.
    ///
    /// # Errors
    /// The program is not built, or refuses.
    pub fn with_staff(stock: Stock) -> Result<Self> {
        Self::start(stock, &STAFF, None)
    }

    /// The same with an organisation that people may sign in by.
    ///
    /// # Errors
    /// The program is not built, or refuses.
    pub fn with_organisation(stock: Stock, issuer: &Issuer) -> Result<Self> {
        Self::start(stock, &STAFF, Some(issuer))
    }

    /// Serves an empty folder to a county, its township and a village, on another day than today.
    ///
    /// # Errors
    /// The program is not built, or refuses.
    pub fn of_county(day: Date) -> Result<Self> {
        let folder = TempDir::new()?;
        set_clock(folder.path(), day)?;
        Self::start_in(folder, Stock::Empty, &COUNTY, None)
    }

    /// Moves the clock of a program of [`Program::of_county`].
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn is_now(&self, day: Date) -> Result<()> {
        set_clock(self.folder.path(), day)
    }

    fn start(
        stock: Stock,
        staff: &[(&str, &str, &str, Option<&str>)],
        issuer: Option<&Issuer>,
    ) -> Result<Self> {
        Self::start_in(TempDir::new()?, stock, staff, issuer)
    }

    fn start_in(
        folder: TempDir,
        stock: Stock,
        staff: &[(&str, &str, &str, Option<&str>)],
        issuer: Option<&Issuer>,
    ) -> Result<Self> {
        let program = settings::program()?;
        let data = folder.path().join("data");
        if stock == Stock::Demo {
            copy(&demo(&program)?, &data)?;
        }
        let mut invitations = BTreeMap::new();
        for (login, name, role, place) in staff {
            let mut add = vec!["user", "add", login, "--name", name, "--role", role];
            add.extend(place.iter().flat_map(|place| ["--place", place]));
            said(&program, &data, &add)?;
            let link = said(&program, &data, &["user", "link", login])?;
            let path = link.get("path").and_then(Value::as_str).context("no link")?;
            invitations.insert((*login).to_owned(), path.to_owned());
        }
        if stock == Stock::Demo && !staff.is_empty() {
            money::make(&program, &data)?;
            people::make(&program, &data)?;
        }
        if let Some(issuer) = issuer {
            add_organisation(&program, &data, issuer)?;
        }
        let mut child = command(&program, &data)
            .args(["serve", "--oidc-private", "--listen", "127.0.0.1:0", "--data"])
            .arg(&data)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        let (said, printed) = channel();
        let lines = BufReader::new(child.stdout.take().context("no output")?).lines();
        // Everything is read away, so that the program never waits.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(|line| drop(said.send(line))));
        let mut started = Self {
            child,
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            printed,
            invitations,
            folder,
        };
        started.address = address_in(&started.line_with("http://")?)?;
        Ok(started)
    }

    /// The next line printed that holds `words`.
    fn line_with(&self, words: &str) -> Result<String> {
        loop {
            let line = self.printed.recv_timeout(START_WAIT);
            let line = line.with_context(|| format!("the program never said {words}"))?;
            if line.contains(words) {
                return Ok(line);
            }
        }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address of a page: under `localhost`, the only name without HTTPS for which browsers keep passkeys.
    pub fn url(&self, path: &str) -> String {
        format!("http://localhost:{}{path}", self.address.port())
    }

    /// Runs a command of the program beside the server, as an operator does; what it says to machines.
    ///
    /// # Errors
    /// It refuses.
    pub fn command(&self, args: &[&str]) -> Result<Value> {
        said(&settings::program()?, &self.folder.path().join("data"), args)
    }

    /// The one-time link of one of the staff, as a path.
    ///
    /// # Errors
    /// There is nobody of this login.
    pub fn invitation(&self, login: &str) -> Result<&str> {
        let path = self.invitations.get(login);
        Ok(path.with_context(|| format!("no link for {login}"))?)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It is over either way.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn address_in(line: &str) -> Result<SocketAddr> {
    let (_, rest) = line.split_once("http://").context("no address")?;
    let end = rest.find('/').unwrap_or(rest.len());
    Ok(rest.get(..end).unwrap_or_default().parse()?)
}

/// Adds the provider of an organisation, which is on this machine.
fn add_organisation(program: &Path, data: &Path, issuer: &Issuer) -> Result<()> {
    let file = data.join("client-secret.txt");
    fs::create_dir_all(data)?;
    fs::write(&file, CLIENT_SECRET)?;
    let (url, file) = (issuer.url(), file.display().to_string());
    let add = [
        "oidc",
        "add",
        ORGANISATION,
        "--oidc-private",
        "--title",
        "礼县民政局",
        "--issuer",
        &url,
        "--client-id",
        CLIENT_ID,
        "--secret-file",
        &file,
    ];
    said(program, data, &add).map(drop)
}

/// The program, by the clock of its data folder where that was moved.
fn command(program: &Path, data: &Path) -> Command {
    let mut command = Command::new(program);
    let clock = data.with_file_name(CLOCK);
    if let Some(library) = settings::moved_clock().filter(|_| clock.is_file()) {
        command.env("LD_PRELOAD", library);
        command.env("FAKETIME_TIMESTAMP_FILE", clock);
        command.envs([("FAKETIME_NO_CACHE", "1"), ("FAKETIME_DONT_FAKE_MONOTONIC", "1")]);
    }
    command
}

/// Moves the clock of the programs of a folder by whole days.
#[expect(
    clippy::disallowed_methods,
    reason = "it is moved away from the machine's clock"
)]
fn set_clock(folder: &Path, day: Date) -> Result<()> {
    let today = TimeZone::UTC.to_datetime(Timestamp::now()).date();
    let days = (day - today).get_days();
    fs::write(folder.join(CLOCK), format!("{days:+}d\n"))?;
    Ok(())
}

/// Runs a command of the program to its end and gives what it says to machines.
pub(crate) fn said(program: &Path, data: &Path, args: &[&str]) -> Result<Value> {
    let ran = command(program, data)
        .args(args)
        .args(["--json", "--data"])
        .arg(data)
        .stderr(Stdio::inherit())
        .output()?;
    ensure!(ran.status.success(), "{args:?} ended with {}", ran.status);
    Ok(serde_json::from_slice(&ran.stdout)?)
}

/// Copies a folder with everything in it.
fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// The folder with the demo, which nobody serves; several tests may ask at once, and one makes it.
fn demo(program: &Path) -> Result<PathBuf> {
    let home = settings::target()?.join("e2e");
    fs::create_dir_all(&home)?;
    let lock = File::create(home.join("lock"))?;
    lock.lock()?;
    let (data, mark) = (home.join("demo"), home.join("made-by"));
    let build = build_of(program)?;
    if fs::read_to_string(&mark).is_ok_and(|made_by| made_by == build) && data.is_dir() {
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
