//! A PostgreSQL server for one run of the tests: made in a temporary folder, on a free port, gone at the end.
//!
//! For tests it is made for speed and does not wait for the disk (`fsync = off`); for a benchmark it does, as it comes.
//! PostgreSQL refuses to run as root; there it runs as the user `postgres` that the package made.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::shell;

const ACCOUNT: &str = "postgres";
/// A cold machine needs a few seconds; this is far beyond.
const WAIT_S_MAX: u64 = 60;

/// A running server; dropping it stops it and removes its folder.
pub(crate) struct Server {
    programs: PathBuf,
    home: PathBuf,
    port: u16,
    as_root: bool,
    child: Child,
}

/// Whether a commit waits for the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Durability {
    /// It does, as PostgreSQL comes.
    Full,
    /// It does not.
    None,
}

/// Makes and starts a server in a folder of its own under `place`.
///
/// # Errors
/// The server's programs are not installed, or it does not come up.
pub(crate) fn start(place: &Path, durability: Durability) -> Result<Server> {
    let programs = find_programs()
        .context("no PostgreSQL server is installed (on Debian: apt-get install postgresql)")?;
    let as_root = shell::output_of(Command::new("id").arg("-u"))?.trim() == "0";
    let home = place.join(format!("fishpond-postgres-{}", std::process::id()));
    std::fs::create_dir_all(&home).with_context(|| format!("cannot make {}", home.display()))?;
    let made = make(&programs, &home, as_root);
    let started = made.and_then(|()| launch(&programs, &home, as_root, durability));
    if started.is_err() {
        std::fs::remove_dir_all(&home).ok();
    }
    started
}

impl Server {
    /// The address of its first database, for its superuser.
    pub(crate) fn url(&self) -> String {
        format!("postgres://{ACCOUNT}@127.0.0.1:{}/postgres", self.port)
    }

    /// A program that came with the server, such as `psql`; it runs as we do.
    pub(crate) fn program(&self, name: &str) -> Command {
        Command::new(self.programs.join(name))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let mut stop = account_command(&self.programs.join("pg_ctl"), &self.home, self.as_root);
        stop.arg("stop")
            .arg("-D")
            .arg(self.home.join("data"))
            .args(["-m", "immediate"]);
        if !shell::succeeds(&mut stop) {
            self.child.kill().ok();
        }
        self.child.wait().ok();
        std::fs::remove_dir_all(&self.home).ok();
    }
}

/// The newest folder that holds `initdb` and `postgres`: Debian's own place first, then the PATH.
fn find_programs() -> Option<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            Some((
                entry.file_name().to_str()?.parse().ok()?,
                entry.path().join("bin"),
            ))
        })
        .collect();
    versions.sort();
    let on_path = shell::find_program("initdb").and_then(|file| file.parent().map(Path::to_path_buf));
    versions
        .into_iter()
        .rev()
        .map(|(_, dir)| dir)
        .chain(on_path)
        .find(|dir| {
            ["initdb", "postgres", "pg_ctl"]
                .iter()
                .all(|name| dir.join(name).is_file())
        })
}

fn make(programs: &Path, home: &Path, as_root: bool) -> Result<()> {
    if as_root {
        shell::run(Command::new("chown").arg(ACCOUNT).arg(home))
            .context("running as root, and there is no user `postgres` to run the server as")?;
    }
    let mut initdb = account_command(&programs.join("initdb"), home, as_root);
    initdb.arg("-D").arg(home.join("data"));
    initdb.args([
        "-U",
        ACCOUNT,
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C",
        "--no-sync",
    ]);
    shell::output_of(&mut initdb).map(drop)
}

fn launch(programs: &Path, home: &Path, as_root: bool, durability: Durability) -> Result<Server> {
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let log = std::fs::File::create(home.join("server.log"))?;
    let mut command = account_command(&programs.join("postgres"), home, as_root);
    command
        .arg("-D")
        .arg(home.join("data"))
        .args(["-p", &port.to_string()]);
    let settings = [
        "listen_addresses=127.0.0.1",
        "unix_socket_directories=",
        match durability {
            Durability::Full => "fsync=on",
            Durability::None => "fsync=off",
        },
        "max_connections=200",
    ];
    for setting in settings {
        command.args(["-c", setting]);
    }
    let child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log)
        .spawn()?;
    let server = Server {
        programs: programs.to_path_buf(),
        home: home.to_path_buf(),
        port,
        as_root,
        child,
    };
    for _ in 0..WAIT_S_MAX * 10 {
        if is_ready(&server) {
            return Ok(server);
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    let log = std::fs::read_to_string(home.join("server.log")).unwrap_or_default();
    bail!(
        "the server did not come up in {WAIT_S_MAX} s: {}",
        log.lines().last().unwrap_or("it said nothing")
    )
}

/// The server writes `ready` into the eighth line of its lock file once it takes connections.
fn is_ready(server: &Server) -> bool {
    std::fs::read_to_string(server.home.join("data/postmaster.pid"))
        .is_ok_and(|text| text.lines().nth(7).is_some_and(|line| line.trim() == "ready"))
}

/// A command that runs as the server's account when we are root, and in a folder that account may enter.
fn account_command(program: &Path, home: &Path, as_root: bool) -> Command {
    let mut command = if as_root {
        let mut command = Command::new("setpriv");
        command
            .args(["--reuid", ACCOUNT, "--regid", ACCOUNT, "--init-groups", "--"])
            .arg(program);
        command
    } else {
        Command::new(program)
    };
    command.current_dir(home);
    command
}
