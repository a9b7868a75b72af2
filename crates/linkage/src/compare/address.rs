//! Addresses: how many of the shorter one's words stand in the other.
//!
//! A word is a run of letters or digits; Chinese characters, which have no spaces between words, count as pairs of
//! neighbours. Leaving out the province, or writing 3组 before 礼县, so changes little.

use crate::han::{is_han, simplified};

/// Words of an address that are looked at.
const WORDS_MAX: usize = 48;

pub(super) fn address(left: &str, right: &str) -> u8 {
    let (left, right) = (words(left), words(right));
    let fewest = left.len().min(right.len());
    let (shorter, longer) = if left.len() <= right.len() {
        (&left, &right)
    } else {
        (&right, &left)
    };
    let shared = shared(shorter, longer);
    if fewest == 0 || shared == 0 {
        return 6;
    }
    match shared * 4 {
        quarters if shared == fewest && quarters > 4 => 2,
        quarters if quarters >= fewest * 3 => 3,
        quarters if quarters >= fewest * 2 => 4,
        quarters if quarters >= fewest => 5,
        _ => 6,
    }
}

/// How many there are in both, each counted as often as it stands in both; both lists are sorted.
fn shared(left: &[u64], right: &[u64]) -> usize {
    let (mut left, mut right) = (left.iter().peekable(), right.iter().peekable());
    let mut count = 0;
    while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
        match a.cmp(b) {
            std::cmp::Ordering::Less => drop(left.next()),
            std::cmp::Ordering::Greater => drop(right.next()),
            std::cmp::Ordering::Equal => {
                count += 1;
                left.next();
                right.next();
            }
        }
    }
    count
}

/// The words as numbers, sorted.
fn words(text: &str) -> Vec<u64> {
    let mut words = Vec::with_capacity(WORDS_MAX);
    let mut run = 0_u64;
    let mut han: Option<char> = None;
    for character in text.chars().map(simplified) {
        let is_ideograph = is_han(character);
        let is_letter = is_ideograph
            || character.is_ascii_alphanumeric()
            || !character.is_ascii() && character.is_alphanumeric();
        if run != 0 && (is_ideograph || !is_letter) {
            words.push(run);
            run = 0;
        }
        if is_ideograph {
            if let Some(before) = han {
                words.push((1 << 63) | (u64::from(before) << 32) | u64::from(character));
            }
        } else if is_letter {
            // FNV-1a, kept clear of the numbers of pairs.
            run = (run ^ u64::from(character) ^ 0x4bf2_9ce4_8422_2325).wrapping_mul(0x0100_0000_01b3) >> 1;
        }
        han = is_ideograph.then_some(character);
        if words.len() >= WORDS_MAX {
            break;
        }
    }
    if run != 0 {
        words.push(run);
    }
    words.sort_unstable();
    words
}
