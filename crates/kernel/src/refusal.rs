//! The one shape of every "no": a code, whose fault it is, where, which value and the facts that decided.
//!
//! What a user reads comes from the catalogue by the code. What went wrong inside (a database error, an I/O error)
//! is kept apart as context for the log, and is never part of a message.

use std::error::Error;
use std::fmt;

use serde_json::{Map, Value, json};

use crate::{Lang, catalogue};

/// The longest value that is repeated in a message, in characters.
const VALUE_CHARS: usize = 80;

/// Whose fault a refusal is; decides the exit code and the HTTP status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// A rule said no.
    Refused,
    /// The actor may not do this.
    Denied,
    /// What was asked for does not exist.
    Missing,
    /// Our own: a bug, a full disk, a database that is away.
    Broken,
}

impl Fault {
    /// The exit code of the command line: 1 when the answer is no, 3 when we are broken.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Refused | Self::Denied | Self::Missing => 1,
            Self::Broken => 3,
        }
    }

    /// The name used in JSON and logs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Denied => "denied",
            Self::Missing => "missing",
            Self::Broken => "broken",
        }
    }
}

/// A refusal: what a command answers when it does nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The broken rule, as `module.rule`; the key in the catalogue.
    pub code: &'static str,
    /// Whose fault it is.
    pub fault: Fault,
    /// Where: `file:row:column` or the name of a field.
    pub at: Option<String>,
    /// The value that was refused, made safe to print and cut to 80 characters.
    pub value: Option<String>,
    /// The numbers and names that decided, each with the name the message uses.
    pub facts: Vec<(&'static str, String)>,
    context: Option<Box<str>>,
}

impl Refusal {
    /// A refusal by its code.
    pub fn new(code: &'static str, fault: Fault) -> Self {
        Self {
            code,
            fault,
            at: None,
            value: None,
            facts: Vec::new(),
            context: None,
        }
    }

    /// The same inside of something larger: `at` stands below `outer`, as in `3.amount`; where there is none, it is `outer`.
    #[must_use]
    pub fn under(self, outer: impl fmt::Display) -> Self {
        let at = match &self.at {
            Some(at) => format!("{outer}.{at}"),
            None => outer.to_string(),
        };
        self.at(at)
    }

    /// Our own fault: keeps the error and its causes for the log, and shows none of it to the user.
    pub fn broken(code: &'static str, error: &(impl Error + ?Sized)) -> Self {
        let mut chain = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            chain.push_str(": ");
            chain.push_str(&cause.to_string());
            source = cause.source();
        }
        Self {
            context: Some(chain.into_boxed_str()),
            ..Self::new(code, Fault::Broken)
        }
    }

    /// Says where.
    #[must_use]
    pub fn at(self, place: impl fmt::Display) -> Self {
        Self {
            at: Some(place.to_string()),
            ..self
        }
    }

    /// Says which value, made safe to print and cut to 80 characters.
    #[must_use]
    pub fn value(self, value: impl fmt::Display) -> Self {
        Self {
            value: Some(printable(&value.to_string())),
            ..self
        }
    }

    /// Adds a fact that the message can use by name.
    #[must_use]
    pub fn fact(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.facts.push((name, value.to_string()));
        self
    }

    /// What went wrong inside, for the log only.
    pub fn context(&self) -> Option<&str> {
        self.context.as_deref()
    }

    /// What the user reads.
    pub fn message(&self, lang: Lang) -> String {
        catalogue::find(self.code).map_or_else(
            || self.code.to_owned(),
            |entry| catalogue::fill(entry.message(lang), |name| self.word(name)),
        )
    }

    /// What the user can do about it, when the catalogue says.
    pub fn advice(&self, lang: Lang) -> Option<String> {
        let advice = catalogue::find(self.code)?.advice(lang)?;
        Some(catalogue::fill(advice, |name| self.word(name)))
    }

    /// The refusal as JSON: code, fault, message and advice in both languages, at, value, facts. Never the context.
    pub fn to_json(&self) -> Value {
        let facts: Map<String, Value> = self
            .facts
            .iter()
            .map(|(name, value)| ((*name).to_owned(), json!(value)))
            .collect();
        json!({
            "code": self.code,
            "fault": self.fault.as_str(),
            "message": { "zh": self.message(Lang::Zh), "en": self.message(Lang::En) },
            "advice": { "zh": self.advice(Lang::Zh), "en": self.advice(Lang::En) },
            "at": self.at,
            "value": self.value,
            "facts": facts,
        })
    }

    fn word(&self, name: &str) -> Option<&str> {
        match name {
            "at" => self.at.as_deref(),
            "value" => self.value.as_deref(),
            _ => self
                .facts
                .iter()
                .find(|(fact, _)| *fact == name)
                .map(|(_, value)| value.as_str()),
        }
    }
}

/// A value as it may stand in a message: control characters and the marks that turn the writing direction are
/// written out (`\n`, `\u{202e}`), and what is longer than 80 characters ends in `…`.
fn printable(value: &str) -> String {
    let mut text = String::new();
    for (count, letter) in value.chars().enumerate() {
        if count == VALUE_CHARS {
            text.push('…');
            break;
        }
        let hidden = matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
        if letter.is_control() || hidden {
            text.extend(letter.escape_default());
        } else {
            text.push(letter);
        }
    }
    text
}

impl fmt::Display for Refusal {
    /// The Chinese message.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message(Lang::Zh))
    }
}

impl Error for Refusal {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_names_the_place_the_value_and_the_rule_in_both_languages() {
        let refusal = "1,23"
            .parse::<crate::Money>()
            .unwrap_err()
            .at("sales.csv:7:实付金额");
        assert_eq!(refusal.to_string(), refusal.message(Lang::Zh));
        for lang in Lang::ALL {
            let message = refusal.message(lang);
            assert!(
                message.contains("sales.csv:7:实付金额") && message.contains("1,23"),
                "{message}"
            );
            assert!(refusal.advice(lang).is_some());
        }
    }

    #[test]
    fn a_code_outside_the_catalogue_is_its_own_message() {
        let refusal = Refusal::new("nowhere.at_all", Fault::Missing);
        assert_eq!(refusal.message(Lang::En), "nowhere.at_all");
        assert_eq!(refusal.advice(Lang::En), None);
    }

    #[test]
    fn what_went_wrong_inside_is_kept_for_the_log_and_never_shown() {
        let inner = std::io::Error::other("secret path");
        let refusal = Refusal::broken("kernel.bad_money", &inner);
        assert_eq!(refusal.context(), Some("secret path"));
        assert_eq!(refusal.fault.exit_code(), 3);
        assert!(!refusal.to_string().contains("secret"));
        assert!(!refusal.to_json().to_string().contains("secret"));
    }

    #[test]
    fn a_long_or_hostile_value_is_cut_and_written_out() {
        let long = Refusal::new("x.y", Fault::Refused)
            .value("县".repeat(200))
            .value
            .unwrap();
        assert_eq!(long.chars().count(), 81);
        assert!(long.ends_with('…'));
        let hostile = Refusal::new("x.y", Fault::Refused)
            .value("a\u{1b}[2J\u{202e}b\n")
            .value
            .unwrap();
        assert_eq!(hostile, "a\\u{1b}[2J\\u{202e}b\\n");
    }

    #[test]
    fn json_carries_code_fault_and_facts() {
        let refusal = Refusal::new("kernel.bad_money", Fault::Refused)
            .at("amount")
            .value("x")
            .fact("rule", "yuan");
        let json = refusal.to_json();
        assert_eq!(json["code"], "kernel.bad_money");
        assert_eq!(json["fault"], "refused");
        assert_eq!(json["facts"]["rule"], "yuan");
        assert_eq!(json["at"], "amount");
    }

    #[test]
    fn a_refusal_stays_small_enough_to_return_by_value() {
        assert!(size_of::<Refusal>() <= 128);
    }
}
