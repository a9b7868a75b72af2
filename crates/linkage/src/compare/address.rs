//! Addresses: how many of the shorter one's words stand in the other.
//!
//! A word is a run of letters or digits; Chinese characters, which have no spaces between words, count as pairs of
//! neighbours. Leaving out the province, or writing 3组 before 礼县, so changes little.

use crate::han::{is_han, simplified};

/// Words of an address that are looked at.
const WORDS_MAX: usize = 48;

pub(super) fn address(left: &str, right: &str) -> u8 {
    let (mut left, mut right) = (Words::of(left), Words::of(right));
    let fewest = left.len.min(right.len);
    // What both begin with is in both, and mostly long: the province, the county, the town.
    let head = left
        .list()
        .iter()
        .zip(right.list())
        .take_while(|(a, b)| a == b)
        .count();
    let shared = head + shared(left.sorted_from(head), right.sorted_from(head));
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

/// The first words as numbers, on the stack.
struct Words {
    list: [u64; WORDS_MAX],
    len: usize,
}

impl Words {
    fn of(text: &str) -> Self {
        let mut words = Self {
            list: [0; WORDS_MAX],
            len: 0,
        };
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
                run =
                    (run ^ u64::from(character) ^ 0x4bf2_9ce4_8422_2325).wrapping_mul(0x0100_0000_01b3) >> 1;
            }
            han = is_ideograph.then_some(character);
        }
        if run != 0 {
            words.push(run);
        }
        words
    }

    fn push(&mut self, word: u64) {
        if let Some(place) = self.list.get_mut(self.len) {
            *place = word;
            self.len += 1;
        }
    }

    fn list(&self) -> &[u64] {
        self.list.get(..self.len).unwrap_or_default()
    }

    /// What follows so many words, sorted.
    fn sorted_from(&mut self, head: usize) -> &[u64] {
        let rest = self.list.get_mut(head..self.len).unwrap_or_default();
        rest.sort_unstable();
        rest
    }
}
