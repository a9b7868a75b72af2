//! Rules about a file by itself: length, header, leftovers, and nothing of one person's machine.

use super::{Finding, Text, has_extension, numbered};

const LINES_MAX: usize = 400;

/// Files that may be longer, each with its reason. Keep it short: a long file is mostly two files.
const LONG_FILES: [(&str, &str); 0] = [];

/// Written so that this file does not find itself.
const LEFTOVERS: [&str; 4] = [
    concat!("FIX", "ME"),
    concat!("TO", "DO"),
    concat!("dbg", "!("),
    concat!("todo", "!("),
];
const MACHINE_FOLDERS: [&str; 3] = [
    concat!("/wo", "rk/"),
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
];

const SOURCES: [&str; 8] = ["rs", "py", "typ", "html", "css", "js", "sql", "sh"];

pub(crate) fn are_short(texts: &[Text]) -> Vec<Finding> {
    let is_excepted = |path: &str| LONG_FILES.iter().any(|(excepted, _)| *excepted == path);
    let sources = texts
        .iter()
        .filter(|file| has_extension(&file.path, &SOURCES) && !is_excepted(&file.path));
    sources
        .filter_map(|file| {
            let lines = file.text.lines().count();
            (lines > LINES_MAX).then(|| {
                Finding::in_file(
                    &file.path,
                    format!("{lines} lines; {LINES_MAX} are enough for one subject"),
                )
            })
        })
        .collect()
}

pub(crate) fn have_a_header(texts: &[Text]) -> Vec<Finding> {
    texts
        .iter()
        .filter(|file| has_extension(&file.path, &["rs"]) && !starts_with_header(&file.text))
        .map(|file| Finding::at(&file.path, 1, "no `//!` header that says what the file is for"))
        .collect()
}

/// The first line that is no attribute, shebang or blank is a `//!` line with words in it.
fn starts_with_header(text: &str) -> bool {
    text.lines()
        .find(|line| !line.trim().is_empty() && !line.starts_with("#!"))
        .is_some_and(|line| {
            line.strip_prefix("//!")
                .is_some_and(|words| !words.trim().is_empty())
        })
}

pub(crate) fn hold_no_leftovers(texts: &[Text]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in texts.iter().filter(|file| has_extension(&file.path, &SOURCES)) {
        for (line, text) in numbered(&file.text) {
            if let Some(word) = LEFTOVERS.iter().find(|word| text.contains(**word)) {
                findings.push(Finding::at(&file.path, line, format!("`{word}` left over")));
            }
        }
    }
    findings
}

pub(crate) fn name_no_machine(texts: &[Text]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in texts {
        for (line, text) in numbered(&file.text) {
            if MACHINE_FOLDERS.iter().any(|folder| names_folder(text, folder)) {
                findings.push(Finding::at(&file.path, line, "names a folder of one machine"));
            }
        }
    }
    findings
}

/// Whether `folder` stands in the line as the start of a path, not as the middle of one (`docs/home/`) or of an
/// address (`https://example.org/home/`).
fn names_folder(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(start, _)| {
        let before = line.get(..start).and_then(|head| head.chars().next_back());
        before.is_none_or(|character| !character.is_alphanumeric() && !"._-/~}*)".contains(character))
    })
}

pub(crate) fn include_the_project_papers(texts: &[Text]) -> Vec<Finding> {
    [
        "README.md",
        "ARCHITECTURE.md",
        "STYLE.md",
        "CHANGELOG.md",
        "LICENSE",
        "docs/glossary.md",
    ]
    .into_iter()
    .filter(|paper| {
        !texts
            .iter()
            .any(|file| file.path == *paper && !file.text.trim().is_empty())
    })
    .map(|paper| Finding::in_file(paper, "missing or empty"))
    .collect()
}

pub(crate) fn links_lead_somewhere(texts: &[Text]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in texts.iter().filter(|file| has_extension(&file.path, &["md"])) {
        for (line, text) in numbered(&file.text) {
            for target in relative_links(text) {
                let wanted = joined(&file.path, target);
                let is_there = texts.iter().any(|other| {
                    other.path == wanted
                        || other
                            .path
                            .starts_with(&format!("{}/", wanted.trim_end_matches('/')))
                });
                if !is_there {
                    findings.push(Finding::at(
                        &file.path,
                        line,
                        format!("the link to {target} leads nowhere"),
                    ));
                }
            }
        }
    }
    findings
}

/// Targets of Markdown links that are files of ours, without the part after `#`.
fn relative_links(line: &str) -> impl Iterator<Item = &str> {
    line.split("](")
        .skip(1)
        .filter_map(|rest| rest.split_once(')'))
        .filter_map(|(target, _)| target.split('#').next())
        .filter(|target| !target.is_empty() && !target.contains(':'))
}

/// The path of `target` as the file `from` names it.
fn joined(from: &str, target: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "." | "" => {}
            ".." => drop(parts.pop()),
            name => parts.push(name),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::super::text;
    use super::*;

    #[test]
    fn a_file_of_four_hundred_lines_is_fine_and_one_more_is_not() {
        let long = "//! x\n".repeat(LINES_MAX + 1);
        let fits = "//! x\n".repeat(LINES_MAX);
        assert_eq!(
            are_short(&[text("a.rs", &long), text("b.rs", &fits), text("c.csv", &long)]).len(),
            1
        );
    }

    #[test]
    fn a_header_may_stand_after_attributes_but_must_have_words() {
        assert!(starts_with_header("#![forbid(unsafe_code)]\n//! What this is.\n"));
        assert!(!starts_with_header("//!\nfn main() {}\n"));
        assert!(!starts_with_header("use std::fmt;\n//! Too late.\n"));
    }

    #[test]
    fn leftovers_are_found_with_their_line() {
        let findings = hold_no_leftovers(&[text("a.rs", concat!("fn a() {}\n// TO", "DO later\n"))]);
        assert_eq!(
            findings.iter().map(ToString::to_string).collect::<Vec<_>>(),
            [concat!("a.rs:2: `TO", "DO` left over")]
        );
    }

    #[test]
    fn a_machine_folder_is_found_and_a_part_of_a_path_is_not() {
        let folder = MACHINE_FOLDERS[0];
        assert!(names_folder(&format!("open \"{folder}main\""), folder));
        assert!(!names_folder(&format!("see docs{folder}main"), folder));
    }

    #[test]
    fn links_are_followed_from_their_own_folder() {
        let page = text(
            "docs/a.md",
            "[up](../README.md#top) [folder](decisions) [lost](b.md) [web](https://example.org/x)",
        );
        let others = [text("README.md", ""), text("docs/decisions/0001.md", "")];
        let texts: Vec<Text> = std::iter::once(page).chain(others).collect();
        let found: Vec<String> = links_lead_somewhere(&texts)
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(found, ["docs/a.md:1: the link to b.md leads nowhere"]);
    }
}
