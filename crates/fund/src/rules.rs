//! The rules that several acts share.

use jiff::civil::Date;
use kernel::{Fault, Money, PlaceCode, PlaceLevel, Refusal, Text};
use people::places::Places;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::model::BudgetLine;

/// The longest key, in characters.
const KEY_CHARS_MAX: usize = 40;
/// The longest text, in characters.
const TEXT_CHARS_MAX: usize = 200;
/// The longest reason and finding, in characters.
const LONG_CHARS_MAX: usize = 2_000;
/// The most parts of one thing: tranches, lines, milestones, mobilisers, duties, photos.
pub(crate) const PARTS_MAX: usize = 200;

/// A refusal of a field.
pub(crate) fn refused(code: &'static str, at: &str) -> Refusal {
    Refusal::new(code, Fault::Refused).at(at)
}

/// A refusal of something that is not there.
pub(crate) fn missing(code: &'static str, value: &str) -> Refusal {
    Refusal::new(code, Fault::Missing).value(value)
}

/// A key names accounts too: 1 to 40 of `a-z`, `0-9` and `-`, no hyphen at its ends.
pub(crate) fn require_key(at: &str, key: &str) -> Result<(), Refusal> {
    let inside = |letter: u8| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == b'-';
    let is_key = (1..=KEY_CHARS_MAX).contains(&key.len())
        && key.bytes().all(inside)
        && !key.starts_with('-')
        && !key.ends_with('-');
    if is_key {
        return Ok(());
    }
    Err(refused("fund.bad_key", at).value(key).fact("max", KEY_CHARS_MAX))
}

/// An id of another module or the reference of another: visible ASCII characters.
pub(crate) fn require_reference(at: &str, text: &str) -> Result<(), Refusal> {
    let is_id = (1..=80).contains(&text.len()) && text.bytes().all(|letter| letter.is_ascii_graphic());
    if is_id {
        return Ok(());
    }
    Err(refused("fund.bad_reference", at).value(text))
}

pub(crate) fn require_text(at: &str, text: &Text) -> Result<(), Refusal> {
    require_line(at, &text.zh)?;
    require_line(at, &text.en)
}

/// One line of text: not empty, no blank at its ends, no control characters.
pub(crate) fn require_line(at: &str, text: &str) -> Result<(), Refusal> {
    let is_plain = !text.is_empty() && text.trim() == text && !text.chars().any(char::is_control);
    if is_plain && text.chars().count() <= TEXT_CHARS_MAX {
        return Ok(());
    }
    Err(refused("fund.bad_text", at)
        .value(text)
        .fact("max", TEXT_CHARS_MAX))
}

/// A longer text, which says why or what was found.
pub(crate) fn require_words(at: &str, text: &str) -> Result<(), Refusal> {
    let is_plain = !text.trim().is_empty() && text.chars().count() <= LONG_CHARS_MAX;
    if is_plain {
        return Ok(());
    }
    Err(refused("fund.words_missing", at).fact("max", LONG_CHARS_MAX))
}

pub(crate) fn require_amount(at: &str, amount: Money) -> Result<(), Refusal> {
    if amount > Money::ZERO {
        return Ok(());
    }
    Err(refused("fund.amount_not_positive", at).value(amount))
}

/// What has happened has not happened after today.
pub(crate) fn require_past(at: &str, day: Date, today: Date) -> Result<(), Refusal> {
    if day <= today {
        return Ok(());
    }
    Err(refused("fund.future_day", at).value(day).fact("today", today))
}

/// One day is not before another.
pub(crate) fn require_order(at: &str, first: Date, then: Date) -> Result<(), Refusal> {
    if first <= then {
        return Ok(());
    }
    Err(refused("fund.days_reversed", at).value(then).fact("first", first))
}

/// A list has parts, and not too many.
pub(crate) fn require_parts(at: &str, parts: usize) -> Result<(), Refusal> {
    if (1..=PARTS_MAX).contains(&parts) {
        return Ok(());
    }
    Err(refused("fund.bad_number_of_parts", at)
        .value(parts)
        .fact("max", PARTS_MAX))
}

/// A place of the country, as it is today.
pub(crate) fn require_place(at: &str, place: PlaceCode) -> Result<(), Refusal> {
    let known = Places::national().get(place.county().unwrap_or(place));
    if known.is_some() {
        return Ok(());
    }
    Err(refused("fund.no_such_place", at).value(place))
}

/// A county.
pub(crate) fn require_county(at: &str, place: PlaceCode) -> Result<(), Refusal> {
    require_place(at, place)?;
    if place.level() == PlaceLevel::County {
        return Ok(());
    }
    Err(refused("fund.not_a_county", at).value(place))
}

/// No pillar stands twice, and no amount is below zero.
pub(crate) fn require_lines(lines: &[BudgetLine]) -> Result<(), Refusal> {
    let mut seen = std::collections::BTreeSet::new();
    for line in lines {
        if !seen.insert(&line.pillar) {
            return Err(refused("fund.pillar_twice", "lines").value(&line.pillar));
        }
        if line.amount_fen < Money::ZERO {
            return Err(refused("fund.amount_not_positive", "lines").value(line.amount_fen));
        }
    }
    Ok(())
}

/// The hash of what an act says.
pub(crate) fn content(said: &impl Serialize) -> Result<String, Refusal> {
    let json = serde_json::to_vec(said).map_err(|error| Refusal::broken("store.bad_json", &error))?;
    Ok(hex::encode(Sha256::digest(json)))
}
