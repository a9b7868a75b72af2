//! A text file of the folder with its name: reads TOML into a type and knows on which line a key stands.

use kernel::Refusal;
use serde::de::DeserializeOwned;

use crate::Finding;

/// A file's name inside the folder and its text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Source<'a> {
    /// Path inside the folder, with `/`.
    pub file: &'a str,
    /// What stands in it.
    pub text: &'a str,
}

impl<'a> Source<'a> {
    /// Reads TOML. A key the type does not have is `programme.unknown_key`, an absent one `programme.missing_key`,
    /// a value of the wrong kind `programme.bad_value`, and text that is no TOML `programme.bad_toml`.
    pub fn read<T: DeserializeOwned>(self) -> Result<T, Finding> {
        let syntax = toml::from_str::<toml::Table>(self.text);
        if let Err(error) = syntax {
            return Err(self.at_span("programme.bad_toml", &error));
        }
        toml::from_str(self.text).map_err(|error| {
            let said = error.message();
            let code = if said.starts_with("unknown field") {
                "programme.unknown_key"
            } else if said.starts_with("missing field") {
                "programme.missing_key"
            } else {
                "programme.bad_value"
            };
            self.at_span(code, &error)
        })
    }

    fn at_span(self, code: &'static str, error: &toml::de::Error) -> Finding {
        let line = error.span().map_or(0, |span| self.line_at(span.start));
        self.finding(line, code, error.message())
    }

    /// A finding in this file.
    pub fn finding(self, line: usize, code: &'static str, value: impl std::fmt::Display) -> Finding {
        Finding::of(self.file, line, code, value)
    }

    /// A finding in this file that explains itself with the reason of a refusal.
    pub fn refused(self, line: usize, refusal: Refusal) -> Finding {
        Finding::new(self.file, line, refusal)
    }

    /// The line, from 1, that a byte stands on.
    pub fn line_at(self, offset: usize) -> usize {
        self.text
            .bytes()
            .take(offset)
            .filter(|byte| *byte == b'\n')
            .count()
            + 1
    }

    /// The line of a key: `section` is empty for the top of the file. The section's own line when it lacks the
    /// key, 0 when there is no such section.
    pub fn line_of(self, section: &str, key: &str) -> usize {
        let mut here = section.is_empty();
        let mut best = 0;
        for (number, line) in (1..).zip(self.text.lines().map(str::trim)) {
            if let Some(head) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                here = head.trim() == section;
                best = if here { number } else { best };
            } else if here && line.split('=').next().is_some_and(|name| name.trim() == key) {
                return number;
            }
        }
        best
    }

    /// The file's name without folder and ending: `channels/xingnong.toml` is `xingnong`.
    pub fn stem(self) -> &'a str {
        let name = self.file.rsplit('/').next().unwrap_or(self.file);
        name.rsplit_once('.').map_or(name, |(stem, _)| stem)
    }
}

/// True for what may name a file, a channel or a figure: small letters, digits and `-`, `_` or `.` inside.
pub(crate) fn is_id(text: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let ends = |byte: Option<&u8>| byte.copied().is_some_and(inner);
    let bytes = text.as_bytes();
    ends(bytes.first())
        && ends(bytes.last())
        && text.len() <= 64
        && bytes
            .iter()
            .all(|byte| inner(*byte) || matches!(byte, b'-' | b'_' | b'.'))
}
