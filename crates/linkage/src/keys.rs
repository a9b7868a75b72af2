//! Keys of a pass: what two records have to share to be compared at all.

use kernel::{Fault, Refusal};
use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::han::{is_han, simplified, sound};
use crate::settings::unknown_kind;
use crate::table::Pool;

/// A part of a key: one field, or several whose order does not matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) fields: Vec<usize>,
    pub(crate) cut: Cut,
}

/// What of a value goes into the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    /// Characters in the order of the alphabet: neighbours that changed places make no other key.
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

    /// The part of a record, given its values' hashes; none where one is missing.
    pub(crate) fn of(&self, mut hash: impl FnMut(usize) -> u64) -> Option<u64> {
        let mut sum = 0_u64;
        for field in &self.fields {
            let hash = hash(*field);
            if hash == 0 {
                return None;
            }
            sum = sum.wrapping_add(hash);
        }
        Some(sum)
    }
}

/// The key of several parts, never zero: zero is no key.
pub(crate) fn joined(parts: impl Iterator<Item = Option<u64>>) -> u32 {
    let mut key = 0_u64;
    for part in parts {
        let Some(part) = part else {
            return 0;
        };
        key = (key ^ part).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(31);
    }
    ((key >> 32) as u32).max(1)
}

impl Cut {
    /// The hash of what it takes of a value; zero where that is nothing.
    pub(crate) fn hash(self, value: &str) -> u64 {
        let mut taken = String::new();
        match self {
            Self::Whole => return hash(value),
            Self::First(count) => taken.extend(value.chars().filter(|c| *c != ' ').take(count)),
            Self::From(skip, count) => taken.extend(value.chars().skip(skip).take(count)),
            Self::Last(count) => {
                let skip = value.chars().count().saturating_sub(count);
                taken.extend(value.chars().skip(skip));
            }
            Self::Sound => sounds(value, &mut taken),
            Self::Sorted => {
                let mut list: Vec<char> = value.chars().filter(|c| *c != ' ').map(simplified).collect();
                list.sort_unstable();
                taken.extend(list);
            }
        }
        hash(&taken)
    }

    /// The hashes of all values of a pool, by number.
    pub(crate) fn hashes(self, pool: &Pool) -> Vec<u64> {
        pool.values().map(|value| self.hash(value)).collect()
    }
}

fn hash(text: &str) -> u64 {
    if text.is_empty() {
        0
    } else {
        xxh3_64_with_seed(text.as_bytes(), 1).max(1)
    }
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
            assert_eq!(cut.hash(left) == cut.hash(right), same, "{cut:?} {left} {right}");
        }
        assert_eq!(Cut::Whole.hash(""), 0);
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
