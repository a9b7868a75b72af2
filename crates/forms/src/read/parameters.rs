//! The column `parameters`: `start=1 end=10 step=2`, parted by blanks, commas or semicolons; and the rules of each type
//! for them.

use super::table::Line;
use crate::Fault;

const COLUMN: &[&str] = &["parameters"];
/// The only parameters whose values are names of the author.
const BY_THE_LETTER: [&str; 2] = ["value", "label"];

/// The parameters of a row.
#[derive(Debug, Default)]
pub(super) struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// Reads them; names and values are taken in small letters, but for names of the author.
    pub fn of(line: Line<'_>, faults: &mut Vec<Fault>) -> Self {
        let text = line.get("parameters").unwrap_or_default();
        Self::parse(text).unwrap_or_else(|| {
            faults.push(Fault::at("forms.bad_parameters", line.place(COLUMN)).value(text));
            Self::default()
        })
    }

    fn parse(text: &str) -> Option<Self> {
        let spaced = text.replace('=', " = ");
        let mut words = spaced
            .split([' ', '\t', '\n', '\r', ',', ';'])
            .filter(|word| !word.is_empty());
        let mut pairs: Vec<(String, String)> = Vec::new();
        while let Some(name) = words.next().map(str::to_lowercase) {
            let value = words
                .next()
                .filter(|sign| *sign == "=")
                .and_then(|_| words.next())?;
            if name == "=" || value == "=" {
                return None;
            }
            let is_kept = BY_THE_LETTER.contains(&name.as_str()) || value.contains("${");
            let value = if is_kept {
                value.to_owned()
            } else {
                value.to_lowercase()
            };
            pairs.retain(|(other, _)| *other != name);
            pairs.push((name, value));
        }
        Some(Self(pairs))
    }

    /// One of them.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(other, _)| other == name)
            .map(|(_, value)| value.as_str())
    }

    /// There are no others than these.
    pub fn require_known(&self, known: &[&str], line: Line<'_>, faults: &mut Vec<Fault>) {
        for (name, _) in self.0.iter().filter(|(name, _)| !known.contains(&name.as_str())) {
            let fault = Fault::at("forms.unknown_parameter", line.place(COLUMN));
            faults.push(fault.value(name).fact("known", known.join(", ")));
        }
    }

    /// One of them, where it keeps a rule; the rule is named as it is told to the author.
    pub fn held(
        &self,
        name: &'static str,
        rule: &'static str,
        keeps: impl Fn(&str) -> bool,
        line: Line<'_>,
        faults: &mut Vec<Fault>,
    ) -> Option<&str> {
        let value = self.get(name)?;
        if keeps(value) {
            return Some(value);
        }
        faults.push(broken(line, name, value, rule));
        None
    }

    /// One of them that is one of some words.
    pub fn word(
        &self,
        name: &'static str,
        words: &'static str,
        line: Line<'_>,
        faults: &mut Vec<Fault>,
    ) -> Option<&str> {
        self.held(
            name,
            words,
            |value| words.split(" | ").any(|word| word == value),
            line,
            faults,
        )
    }
}

/// A parameter breaks its rule.
pub(super) fn broken(line: Line<'_>, name: &str, value: &str, rule: &str) -> Fault {
    Fault::at("forms.bad_parameter", line.place(COLUMN))
        .value(value)
        .fact("name", name)
        .fact("rule", rule)
}

/// Whether a value is a whole number.
pub(super) fn is_whole(value: &str) -> bool {
    value.parse::<i64>().is_ok()
}

/// Whether a value is a number.
pub(super) fn is_number(value: &str) -> bool {
    value.parse::<f64>().is_ok_and(f64::is_finite)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_pairs_parted_in_any_usual_way() {
        for (text, pairs) in [
            ("", Some("")),
            ("start=1 end=10", Some("start:1 end:10")),
            ("Start = 1; END=10, ,step=2", Some("start:1 end:10 step:2")),
            (
                "randomize=TRUE, seed=${Seed}",
                Some("randomize:true seed:${Seed}"),
            ),
            ("value=ID label=Name", Some("value:ID label:Name")),
            ("start", None),
            ("start=", None),
            ("start==1", None),
            ("=1", None),
            ("start 1", None),
        ] {
            let read = Parameters::parse(text).map(|parameters| {
                parameters
                    .0
                    .iter()
                    .map(|(name, value)| format!("{name}:{value}"))
                    .collect::<Vec<_>>()
                    .join(" ")
            });
            assert_eq!(read.as_deref(), pairs, "{text}");
        }
    }
}
