//! Keys of a pass: what two records have to share to be compared at all.

use kernel::{Fault, Refusal};
use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::codes::{Written, packed};
use crate::han::{is_han, simplified, sound};
use crate::settings::unknown_kind;
use crate::similar::Chars;

/// An odd number whose bits look drawn at random: 2 to the 64 over the golden ratio.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

/// A part of a key: one field, or several whose order does not matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) fields: Vec<usize>,
    pub(crate) cut: Cut,
}

/// What of a value goes into the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Cut {
    Whole,
    /// `first:3`: so many characters.
    First(usize),
    /// `last:4`: so many characters.
    Last(usize),
    /// `from:6:8`: after so many characters, so many.
    From(usize, usize),
    /// Toneless sounds of Chinese characters; of Latin letters the first and the consonants after it, without doubles.
    Sound,
    /// The first 64 characters in the order of the alphabet: neighbours that changed places make no other key.
    Sorted,
}

impl Part {
    /// Reads `field`, `field:cut` or `field+field:cut`: the names and the cut.
    pub(crate) fn read(text: &str) -> Result<(Vec<String>, Cut), Refusal> {
        let (names, cut) = text.split_once(':').unwrap_or((text, ""));
        let mut words = cut.split(':');
        let word = words.next().unwrap_or_default();
        let numbers: Vec<usize> = words.filter_map(|number| number.parse().ok()).collect();
        let cut = match (word, numbers.as_slice()) {
            ("", []) => Cut::Whole,
            ("first", [count]) => Cut::First(*count),
            ("last", [count]) => Cut::Last(*count),
            ("from", [skip, count]) => Cut::From(*skip, *count),
            ("sound", []) => Cut::Sound,
            ("sorted", []) => Cut::Sorted,
            _ => {
                return Err(unknown_kind(
                    "passes",
                    text,
                    &["first:N", "last:N", "from:N:N", "sound", "sorted"],
                ));
            }
        };
        let names: Vec<String> = names.split('+').map(|name| name.trim().to_owned()).collect();
        if names.iter().any(String::is_empty) {
            return Err(Refusal::new("linkage.unknown_field", Fault::Refused)
                .at("settings:passes")
                .value(text));
        }
        Ok((names, cut))
    }
}

/// The hash of one part, given those of its fields; none where one is missing.
pub(crate) fn part_of(hashes: impl Iterator<Item = u32>) -> Option<u32> {
    let mut sum = 0_u32;
    for hash in hashes {
        if hash == 0 {
            return None;
        }
        sum = sum.wrapping_add(hash);
    }
    Some(sum)
}

/// The key of several parts, never zero: zero is no key.
pub(crate) fn joined(parts: impl Iterator<Item = Option<u32>>) -> u32 {
    let mut key = 0_u64;
    for part in parts {
        let Some(part) = part else {
            return 0;
        };
        key = (key ^ u64::from(part)).wrapping_mul(SPREAD).rotate_left(31);
    }
    ((key >> 32) as u32).max(1)
}

impl Cut {
    /// The hash of what it takes of a value; zero where that is nothing. `taken` is room to write.
    pub(crate) fn hash(self, value: &str, taken: &mut String) -> u32 {
        taken.clear();
        match self {
            Self::Whole => return packed(value).map_or_else(|| hash(value), hash_of_code),
            Self::First(count) => taken.extend(value.chars().filter(|c| *c != ' ').take(count)),
            Self::From(skip, count) => taken.extend(value.chars().skip(skip).take(count)),
            Self::Last(count) => {
                let last = value.char_indices().rev().take(count).last();
                return hash(last.and_then(|(start, _)| value.get(start..)).unwrap_or_default());
            }
            Self::Sound => sounds(value, taken),
            Self::Sorted => {
                let mut list = Chars::of(value);
                list.change(simplified);
                taken.extend(list.sorted().iter().filter(|c| **c != ' '));
            }
        }
        hash(taken)
    }

    /// The hash of what it takes of a code.
    pub(crate) fn hash_of_code(self, code: u64, taken: &mut String) -> u32 {
        if self == Self::Whole {
            hash_of_code(code)
        } else {
            self.hash(Written::of(code).as_str(), taken)
        }
    }
}

fn hash(text: &str) -> u32 {
    if text.is_empty() {
        0
    } else {
        ((xxh3_64_with_seed(text.as_bytes(), 1) >> 32) as u32).max(1)
    }
}

fn hash_of_code(code: u64) -> u32 {
    ((code.wrapping_mul(SPREAD) >> 32) as u32).max(1)
}

fn sounds(value: &str, out: &mut String) {
    let mut before = None;
    for character in value.chars() {
        if is_han(character) {
            let number = sound(character).map_or(u32::from(simplified(character)), u32::from);
            out.extend(char::from_u32(number + 0x1_0000));
            continue;
        }
        let code = consonant(character);
        if out.is_empty() {
            out.push(character);
        } else if let Some(code) = code.filter(|code| before != Some(*code)) {
            out.push(code);
        }
        before = code;
    }
}

/// Letters that sound alike, as in Soundex (Russell, 1918); none for vowels and what is no letter.
fn consonant(character: char) -> Option<char> {
    match character {
        'b' | 'f' | 'p' | 'v' => Some('1'),
        'c' | 'g' | 'j' | 'k' | 'q' | 's' | 'x' | 'z' => Some('2'),
        'd' | 't' => Some('3'),
        'l' => Some('4'),
        'm' | 'n' => Some('5'),
        'r' => Some('6'),
        '0'..='9' => Some(character),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_differ_in_what_is_cut_off_share_a_key() {
        for (cut, left, right, same) in [
            (Cut::Whole, "a", "a", true),
            (Cut::Whole, "a", "b", false),
            (Cut::First(3), "wallis", "waller", true),
            (Cut::Last(4), "13893912345", "02345", true),
            (Cut::From(6, 8), "622123196512041234", "510101196512049999", true),
            (Cut::Sound, "陳偉", "陈玮", true),
            (Cut::Sound, "smith", "smyth", true),
            (Cut::Sound, "smith", "jones", false),
            (Cut::Sorted, "2227", "2272", true),
        ] {
            let hash = |value| cut.hash(value, &mut String::new());
            assert_eq!(hash(left) == hash(right), same, "{cut:?} {left} {right}");
            for value in [left, right] {
                if let Some(code) = packed(value) {
                    assert_eq!(cut.hash_of_code(code, &mut String::new()), hash(value));
                }
            }
        }
        assert_eq!(Cut::Whole.hash("", &mut String::new()), 0);
        assert_eq!(joined([Some(1), None].into_iter()), 0);
    }

    #[test]
    fn a_cut_that_there_is_not_is_refused() {
        assert_eq!(
            Part::read("a+b:first:2").unwrap(),
            (vec!["a".to_owned(), "b".to_owned()], Cut::First(2))
        );
        assert_eq!(Part::read("a:fish").unwrap_err().code, "linkage.unknown_kind");
        assert_eq!(Part::read("a:first:x").unwrap_err().code, "linkage.unknown_kind");
        assert_eq!(Part::read("+:sound").unwrap_err().code, "linkage.unknown_field");
    }
}
