//! The words of an expression, as far as a form must know them: whether a default is worked out, and where an
//! `instance(…)` stands in a text that people read.
//!
//! No XPath is understood here. At each place the first kind of the list that fits is taken, not the longest, as
//! XLSForm's own reader has it: `2016-01-01` is a date and nothing is subtracted.

use std::ops::Range;

use crate::names::name_length;

/// The kinds of words that decide something; all others are [`Kind::Other`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// `+`, `*`, `-`, ` mod `, ` div `.
    Calculation,
    /// `|`.
    Union,
    CloseParenthesis,
    Slash,
    Literal,
    Blank,
    /// `${name}`.
    Reference,
    /// `name(`.
    Call,
    /// `name[`.
    PredicateStart,
    PredicateEnd,
    Other,
}

/// One word.
#[derive(Clone, Copy)]
struct Word<'t> {
    kind: Kind,
    start: usize,
    text: &'t str,
}

impl Word<'_> {
    fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

/// Types whose answers may hold a hyphen that subtracts nothing.
const WITH_HYPHENS: [&str; 5] = ["date", "dateTime", "geopoint", "geotrace", "geoshape"];

/// Whether a default is worked out when the form is opened, and not written into it.
pub(crate) fn is_dynamic(default: &str, question_type: &str) -> bool {
    for word in words(default) {
        match word.kind {
            Kind::Calculation if word.text == "-" && WITH_HYPHENS.contains(&question_type) => return false,
            Kind::Calculation | Kind::Union | Kind::Reference | Kind::Call => return true,
            _ => {}
        }
    }
    false
}

/// Where expressions that begin with `instance(` stand in a text: up to the first blank outside a predicate.
pub(crate) fn instance_spans(text: &str) -> Vec<Range<usize>> {
    let mut spans: Vec<Range<usize>> = Vec::new();
    let mut open: Option<Inside<'_>> = None;
    for word in words(text) {
        open = match open.take() {
            Some(inside) => match inside.and(word) {
                Ok(inside) => Some(inside),
                Err(span) => {
                    spans.push(span);
                    None
                }
            },
            None if word.kind == Kind::Call && word.text == "instance(" => Some(Inside::at(word)),
            None => None,
        };
    }
    spans.extend(open.map(|inside| inside.start..inside.last.end()));
    spans
}

/// An `instance(…)` that is being read.
struct Inside<'t> {
    start: usize,
    last: Word<'t>,
    part: Part,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Head,
    Path,
    Predicate,
}

impl<'t> Inside<'t> {
    fn at(word: Word<'t>) -> Self {
        Self {
            start: word.start,
            last: word,
            part: Part::Head,
        }
    }

    /// Goes on by a word, or ends before it.
    fn and(self, word: Word<'t>) -> Result<Self, Range<usize>> {
        let behind = self.last.kind;
        let part = match self.part {
            _ if word.kind == Kind::Literal && behind == Kind::Call && self.last.text == "instance(" => {
                Some(self.part)
            }
            _ if word.kind == Kind::CloseParenthesis && behind == Kind::Literal => Some(self.part),
            _ if word.kind == Kind::Slash
                && matches!(behind, Kind::CloseParenthesis | Kind::PredicateEnd) =>
            {
                Some(Part::Path)
            }
            Part::Path => match word.kind {
                Kind::Blank => None,
                Kind::PredicateStart => Some(Part::Predicate),
                _ => Some(Part::Path),
            },
            Part::Predicate if word.kind == Kind::PredicateEnd => Some(Part::Head),
            Part::Predicate => Some(Part::Predicate),
            Part::Head => None,
        };
        match part {
            Some(part) => Ok(Self {
                start: self.start,
                last: word,
                part,
            }),
            None => Err(self.start..self.last.end()),
        }
    }
}

/// The words of a text, one behind the other; every character belongs to one.
fn words(text: &str) -> impl Iterator<Item = Word<'_>> {
    let mut start = 0;
    std::iter::from_fn(move || {
        let rest = text.get(start..).filter(|rest| !rest.is_empty())?;
        let (kind, length) = first_word(rest);
        let word = Word {
            kind,
            start,
            text: rest.get(..length)?,
        };
        start += length;
        Some(word)
    })
}

/// The kind and the length of the word at the head of a text that is not empty.
fn first_word(rest: &str) -> (Kind, usize) {
    if let Some(length) = date_or_time(rest).or_else(|| number(rest)) {
        return (Kind::Other, length);
    }
    for (sign, kind) in SIGNS {
        if rest.starts_with(sign) {
            return (kind, sign.len());
        }
    }
    let letter = rest.chars().next().unwrap_or(' ');
    if matches!(letter, '"' | '\'')
        && let Some(length) = rest.get(1..).and_then(|inner| inner.find(letter))
    {
        return (Kind::Literal, length + 2);
    }
    if letter.is_whitespace() {
        return (
            Kind::Blank,
            rest.find(|other: char| !other.is_whitespace())
                .unwrap_or(rest.len()),
        );
    }
    if let Some(reference) = crate::references::at_head(rest) {
        return (Kind::Reference, reference);
    }
    named(rest).unwrap_or((Kind::Other, letter.len_utf8()))
}

/// Signs, in the order they are looked for.
const SIGNS: [(&str, Kind); 22] = [
    ("*", Kind::Calculation),
    ("+", Kind::Calculation),
    ("-", Kind::Calculation),
    (" mod ", Kind::Calculation),
    (" div ", Kind::Calculation),
    ("=", Kind::Other),
    ("!=", Kind::Other),
    ("<", Kind::Other),
    (">", Kind::Other),
    (" and ", Kind::Other),
    (" or ", Kind::Other),
    ("|", Kind::Union),
    ("(", Kind::Other),
    (")", Kind::CloseParenthesis),
    ("[", Kind::Other),
    ("{", Kind::Other),
    ("}", Kind::Other),
    ("..", Kind::Other),
    (".", Kind::Other),
    ("/", Kind::Slash),
    (",", Kind::Other),
    ("]", Kind::PredicateEnd),
];

/// A name, or what begins with one.
fn named(rest: &str) -> Option<(Kind, usize)> {
    let first = name_length(rest)?;
    let behind = rest.get(first..).unwrap_or_default();
    let second = behind
        .strip_prefix(':')
        .and_then(name_length)
        .map_or(0, |length| length + 1);
    let length = first + second;
    match rest.get(length..).and_then(|behind| behind.chars().next()) {
        Some('(') => Some((Kind::Call, length + 1)),
        Some('[') => Some((Kind::PredicateStart, length + 1)),
        _ if behind.starts_with("://") => Some((Kind::Other, first + 3)),
        _ => Some((Kind::Other, length)),
    }
}

/// The length of a day, a time or both: `2018-06-30T08:00:00+08:00`.
fn date_or_time(rest: &str) -> Option<usize> {
    let Some(day) = pattern(rest, "-0000-00-00").or_else(|| pattern(rest, "0000-00-00")) else {
        return time(rest);
    };
    let moment = rest.get(day..)?.strip_prefix('T').and_then(time);
    Some(moment.map_or(day, |length| day + 1 + length))
}

fn time(rest: &str) -> Option<usize> {
    let length = pattern(rest, "00:00:00")?;
    let behind = rest.get(length..)?;
    let zone = pattern(behind, "+00:00")
        .or_else(|| pattern(behind, "-00:00"))
        .or_else(|| pattern(behind, "Z"));
    Some(length + zone.unwrap_or(0))
}

/// The length of a pattern at the head of a text, where `0` stands for any digit.
fn pattern(rest: &str, pattern: &str) -> Option<usize> {
    let head = rest.as_bytes().get(..pattern.len())?;
    let fits = head
        .iter()
        .zip(pattern.bytes())
        .all(|(byte, wanted)| match wanted {
            b'0' => byte.is_ascii_digit(),
            _ => *byte == wanted,
        });
    fits.then_some(pattern.len())
}

fn number(rest: &str) -> Option<usize> {
    let unsigned = rest.strip_prefix('-').unwrap_or(rest);
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let whole = digits(unsigned);
    let behind = unsigned.get(whole..).and_then(|behind| behind.strip_prefix('.'));
    let fraction = behind.map(digits);
    let length = match (whole, fraction) {
        (0, None | Some(0)) => return None,
        (whole, None) => whole,
        (whole, Some(fraction)) => whole + 1 + fraction,
    };
    Some(rest.len() - unsigned.len() + length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_default_is_worked_out_when_it_calculates_calls_or_refers() {
        for (default, question_type, dynamic) in [
            ("1", "integer", false),
            ("-1.5", "decimal", false),
            ("2018-06-30", "date", false),
            ("2018-06-30T08:00:00+08:00", "dateTime", false),
            ("no-one", "text", false),
            ("Yes/No", "text", false),
            ("3.14 -71 0 0", "geopoint", false),
            ("a - b", "date", false),
            ("a - b", "text", true),
            ("2+2", "integer", true),
            ("7 mod 2", "integer", true),
            ("now()", "dateTime", true),
            ("${name}", "text", true),
            ("${last-saved#name}", "text", true),
            ("a|b", "text", true),
            ("'now()'", "text", false),
            ("看一看", "text", false),
        ] {
            assert_eq!(is_dynamic(default, question_type), dynamic, "{default}");
        }
    }

    #[test]
    fn an_instance_ends_at_the_first_blank_outside_a_predicate() {
        let text =
            "Go to instance('places')/root/item[name = ${village} and x]/label now, or instance('a')/root";
        let spans: Vec<&str> = instance_spans(text).into_iter().map(|span| &text[span]).collect();
        assert_eq!(
            spans,
            [
                "instance('places')/root/item[name = ${village} and x]/label",
                "instance('a')/root"
            ]
        );
        assert!(instance_spans("an instance of (nothing)").is_empty());
    }
}
