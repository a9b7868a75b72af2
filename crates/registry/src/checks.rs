//! The rules that several acts share.

use jiff::civil::Date;
use kernel::{Fault, PlaceCode, PlaceLevel, Refusal};
use people::places::Places;

/// The longest key, in characters.
const KEY_CHARS_MAX: usize = 80;
/// The longest reason, objection and answer, in characters.
const WORDS_CHARS_MAX: usize = 2_000;

/// A refusal of a field.
pub(crate) fn refused(code: &'static str, at: &str) -> Refusal {
    Refusal::new(code, Fault::Refused).at(at)
}

/// What makes an act one and the same: visible ASCII characters.
pub(crate) fn require_key(at: &str, key: &str) -> Result<(), Refusal> {
    let is_key =
        (1..=KEY_CHARS_MAX).contains(&key.len()) && key.bytes().all(|letter| letter.is_ascii_graphic());
    if is_key {
        return Ok(());
    }
    Err(refused("registry.bad_key", at)
        .value(key)
        .fact("max", KEY_CHARS_MAX))
}

/// A text that says why.
pub(crate) fn require_words(at: &str, text: &str) -> Result<(), Refusal> {
    if !text.trim().is_empty() && text.chars().count() <= WORDS_CHARS_MAX {
        return Ok(());
    }
    Err(refused("registry.words_missing", at).fact("max", WORDS_CHARS_MAX))
}

/// What has happened has not happened after today.
pub(crate) fn require_past(at: &str, day: Date, today: Date) -> Result<(), Refusal> {
    if day <= today {
        return Ok(());
    }
    Err(refused("registry.future_day", at).value(day).fact("today", today))
}

/// A village of a county of today.
pub(crate) fn require_village(at: &str, place: PlaceCode) -> Result<(), Refusal> {
    let known = place.county().and_then(|county| Places::national().get(county));
    if known.is_some() && place.level() == PlaceLevel::Village {
        return Ok(());
    }
    Err(refused("registry.not_a_village", at).value(place))
}
