//! What is wrong in a programme folder: one finding for each fault, with its file and line.

use std::fmt;

use kernel::{Fault, Lang, Refusal, Text};

/// One fault of a programme folder. Findings are collected, so that one check names every fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The file, by its path inside the folder, for example `channels/xingnong.toml`.
    pub file: String,
    /// The line, from 1; 0 where the file as a whole is meant.
    pub line: usize,
    /// The broken rule, for example `programme.unknown_key`; the key in the catalogue of messages.
    pub code: &'static str,
    /// What is wrong, as the user reads it; it names the file, the line and the value.
    pub text: Text,
}

impl Finding {
    /// A finding from the refusal that says it; the refusal needs no place of its own.
    pub(crate) fn new(file: &str, line: usize, refusal: Refusal) -> Self {
        let place = if line == 0 {
            file.to_owned()
        } else {
            format!("{file}:{line}")
        };
        let refusal = refusal.at(place);
        let text = Text::new(refusal.message(Lang::Zh), refusal.message(Lang::En));
        Self {
            file: file.to_owned(),
            line,
            code: refusal.code,
            text,
        }
    }

    /// A finding about a value.
    pub(crate) fn of(file: &str, line: usize, code: &'static str, value: impl fmt::Display) -> Self {
        Self::new(file, line, Refusal::new(code, Fault::Refused).value(value))
    }
}

impl fmt::Display for Finding {
    /// The Chinese sentence and the code.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} [{}]", self.text.zh, self.code)
    }
}

/// The findings of a folder as the one refusal `programme.faulty`: it counts them and names the first.
pub fn as_refusal(findings: &[Finding]) -> Refusal {
    let refusal = Refusal::new("programme.faulty", Fault::Refused).fact("count", findings.len());
    let Some(first) = findings.first() else {
        return refusal;
    };
    refusal
        .at(format!("{}:{}", first.file, first.line))
        .fact("first", first.code)
}
