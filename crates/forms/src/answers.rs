//! Whether a text is an answer of a kind, as devices write it.

use jiff::civil::{Date, DateTime, Time};

use crate::skeleton::Kind;

/// The longest name of a file.
const FILE_CHARS_MAX: usize = 255;

/// Whether a text that is not empty is an answer of a kind.
pub(crate) fn fits(text: &str, kind: Kind) -> bool {
    match kind {
        Kind::Text => true,
        Kind::Integer => text.parse::<i64>().is_ok(),
        Kind::Decimal => number(text).is_some(),
        Kind::Date => text.get(..10).unwrap_or(text).parse::<Date>().is_ok() && text.is_ascii(),
        Kind::Time => without_zone(text).is_some_and(|time| time.parse::<Time>().is_ok()),
        Kind::DateTime => moment(text),
        Kind::Boolean => matches!(text, "true" | "false" | "1" | "0"),
        Kind::GeoPoint => is_point(text),
        Kind::GeoLine => text
            .trim_end_matches([';', ' '])
            .split(';')
            .all(|point| is_point(point.trim())),
        Kind::File => is_file_name(text),
    }
}

/// Whether a text is the name of a file and of nothing else: no folder, nothing hidden, nothing unseen.
pub(crate) fn is_file_name(text: &str) -> bool {
    !text.is_empty()
        && text.chars().count() <= FILE_CHARS_MAX
        && !text.starts_with('.')
        && !text.contains(['/', '\\', ':'])
        && !text.chars().any(char::is_control)
}

fn number(text: &str) -> Option<f64> {
    let is_plain = text
        .bytes()
        .all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'-' | b'+' | b'e' | b'E'));
    text.parse()
        .ok()
        .filter(|number: &f64| is_plain && number.is_finite())
}

fn moment(text: &str) -> bool {
    let Some((day, time)) = text.split_once(['T', ' ']) else {
        return false;
    };
    let time = without_zone(time);
    time.is_some_and(|time| format!("{day}T{time}").parse::<DateTime>().is_ok())
}

/// A time of day without its zone: `08:30:00.000+08:00`, `08:30:00Z`.
fn without_zone(text: &str) -> Option<&str> {
    let time = text.strip_suffix('Z').unwrap_or(text);
    let Some(at) = time.rfind(['+', '-']) else {
        return Some(time);
    };
    let zone = time.get(at + 1..)?;
    let is_zone =
        matches!(zone.len(), 2 | 4 | 5) && zone.bytes().all(|byte| byte.is_ascii_digit() || byte == b':');
    is_zone.then(|| time.get(..at))?
}

/// Latitude and longitude, perhaps altitude and accuracy.
fn is_point(text: &str) -> bool {
    let numbers: Option<Vec<f64>> = text.split_whitespace().map(number).collect();
    match numbers.as_deref() {
        Some([latitude, longitude, rest @ ..]) => {
            rest.len() <= 2 && (-90.0..=90.0).contains(latitude) && (-180.0..=180.0).contains(longitude)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_told_from_what_no_device_writes() {
        for (kind, good, bad) in [
            (
                Kind::Integer,
                vec!["0", "-12", "9007199254740993"],
                vec!["1.5", "x", "1e3"],
            ),
            (
                Kind::Decimal,
                vec!["1.5", "-3", "1.0E10"],
                vec!["x", "nan", "inf", "1,5"],
            ),
            (
                Kind::Date,
                vec!["2018-06-30", "2018-06-30T00:00:00.000+08:00"],
                vec!["2018-02-30", "30.6.2018", "2018-6-3"],
            ),
            (
                Kind::Time,
                vec!["08:30:00.000+08:00", "08:30:00Z", "08:30"],
                vec!["25:00:00", "8", "08:30+x"],
            ),
            (
                Kind::DateTime,
                vec![
                    "2010-12-08T10:04:30.338",
                    "2018-06-30T08:00:00.000+08:00",
                    "2018-06-30T08:00:00-03",
                ],
                vec!["2018-06-30", "2018-06-31T00:00:00", "now"],
            ),
            (Kind::Boolean, vec!["true", "0"], vec!["yes", ""]),
            (
                Kind::GeoPoint,
                vec!["40.78 -73.96 300.0 4.0", "1 2"],
                vec!["91 0", "0 181", "1", "a b", "1 2 3 4 5"],
            ),
            (
                Kind::GeoLine,
                vec!["1 2 0 0; 3 4 0 0;", "1 2"],
                vec!["1 2; x", ";"],
            ),
            (
                Kind::File,
                vec!["1515.jpg", "照片 1.jpg"],
                vec!["../a", "a/b", ".hidden", "a\\b", "c:x", "a\nb"],
            ),
            (Kind::Text, vec!["x"], vec![]),
        ] {
            for text in good {
                assert!(fits(text, kind), "{kind:?} {text}");
            }
            for text in bad {
                assert!(!fits(text, kind), "{kind:?} {text}");
            }
        }
    }
}
