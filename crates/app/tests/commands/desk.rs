//! A data folder of its own and the real binary, for the tests of the command line.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

/// A temporary folder in which the binary works; gone when it is dropped.
pub struct Desk {
    folder: TempDir,
}

/// What a run of the binary left.
#[derive(Debug)]
pub struct Ran {
    /// The exit code.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Desk {
    /// An empty one.
    pub fn new() -> Self {
        Self {
            folder: TempDir::new().unwrap(),
        }
    }

    /// A path inside the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The binary with arguments, working in the data folder `name`; settings of the caller's environment are kept away.
    pub fn command(&self, name: &str, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fishpond"));
        for setting in [
            "CONFIG",
            "DATABASE",
            "DOCUMENTS",
            "LANG",
            "LISTEN",
            "LOG",
            "LOG_LEVEL",
        ] {
            command.env_remove(format!("FISHPOND_{setting}"));
        }
        command
            .env("FISHPOND_DATA", self.path(name))
            .current_dir(self.folder.path())
            .args(args);
        command
    }

    /// Runs it to its end.
    pub fn run(&self, name: &str, args: &[&str]) -> Ran {
        Ran::of(&self.command(name, args).output().unwrap())
    }

    /// Runs it with `--json`, and gives what it printed; it has to exit 0.
    pub fn json(&self, name: &str, args: &[&str]) -> Value {
        let ran = self.run(name, &[args, &["--json"]].concat());
        assert_eq!(ran.code, 0, "{args:?}: {ran:?}");
        serde_json::from_str(&ran.out).unwrap()
    }
}

impl Ran {
    /// What a finished process left.
    pub fn of(output: &Output) -> Self {
        Self {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout.clone()).unwrap(),
            err: String::from_utf8(output.stderr.clone()).unwrap(),
        }
    }
}

/// Names of the files in a folder.
pub fn names(folder: &Path) -> Vec<String> {
    let name = |entry: std::io::Result<std::fs::DirEntry>| entry.unwrap().file_name().into_string().unwrap();
    std::fs::read_dir(folder).unwrap().map(name).collect()
}
