//! `cargo xtask tidy`: the house rules of STYLE.md and ARCHITECTURE.md that rustfmt, clippy and cargo-deny do not
//! check. A plain list of functions, each giving findings that point at a file.

mod boundaries;
mod files;

use std::fmt;
use std::process::Command;

use anyhow::{Result, bail};

use crate::shell;

/// One file that is to be committed: its path from the root, with `/`, and its text. Files that are not UTF-8 text are
/// left out.
pub(crate) struct Text {
    path: String,
    text: String,
}

/// Something that breaks a rule.
pub(crate) struct Finding {
    path: String,
    /// Line from 1; 0 for the whole file.
    line: usize,
    rule: String,
}

impl Finding {
    fn in_file(path: &str, rule: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            line: 0,
            rule: rule.into(),
        }
    }

    fn at(path: &str, line: usize, rule: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            line,
            rule: rule.into(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.path, self.rule),
            line => write!(f, "{}:{line}: {}", self.path, self.rule),
        }
    }
}

type Check = fn(&[Text]) -> Vec<Finding>;

const CHECKS: [Check; 10] = [
    files::are_short,
    files::have_a_header,
    files::hold_no_leftovers,
    files::name_no_machine,
    files::include_the_project_papers,
    files::links_lead_somewhere,
    boundaries::sql_stands_in_its_place,
    boundaries::crates_depend_downwards,
    boundaries::crates_take_the_workspace_lints,
    boundaries::migrations_exist_for_both_databases,
];

/// Runs every check over the files git knows or would add.
pub(crate) fn run() -> Result<()> {
    let texts = tracked_texts()?;
    let findings: Vec<Finding> = CHECKS.iter().flat_map(|check| check(&texts)).collect();
    for finding in &findings {
        println!("{finding}");
    }
    if findings.is_empty() {
        println!("tidy: {} files keep the house rules", texts.len());
        return Ok(());
    }
    bail!("{} findings", findings.len());
}

fn tracked_texts() -> Result<Vec<Text>> {
    let mut list = Command::new("git");
    list.current_dir(shell::root())
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    let names = shell::output_of(&mut list)?;
    let read = |path: &str| {
        let text = std::fs::read_to_string(shell::root().join(path)).ok()?;
        Some(Text {
            path: path.to_owned(),
            text,
        })
    };
    Ok(names
        .split('\0')
        .filter(|path| !path.is_empty())
        .filter_map(read)
        .collect())
}

/// Lines with their numbers, from 1.
fn numbered(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(index, line)| (index + 1, line))
}

fn has_extension(path: &str, extensions: &[&str]) -> bool {
    path.rsplit_once('.')
        .is_some_and(|(_, extension)| extensions.contains(&extension))
}

#[cfg(test)]
pub(crate) fn text(path: &str, text: &str) -> Text {
    Text {
        path: path.to_owned(),
        text: text.to_owned(),
    }
}
