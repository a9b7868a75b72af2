//! Full Chinese names, surname first.

use crate::han::{shape_alike, simplified, sound, sound_alike};
use crate::similar::{Chars, steps_of};

pub(super) fn name(left: &str, right: &str) -> u8 {
    let (mut left, mut right) = (Chars::of(left), Chars::of(right));
    let (left, right) = (left.simplify(), right.simplify());
    if left == right {
        return 2;
    }
    if left.len() == right.len() {
        let all =
            |alike: fn(char, char) -> bool| left.iter().zip(right).all(|(a, b)| a == b || alike(*a, *b));
        if all(sound_alike) {
            return 3;
        }
        if all(|a, b| sound_alike(a, b) || shape_alike(a, b)) {
            return 4;
        }
        if left.len() > 1 && same_characters(left, right) {
            return 5;
        }
    }
    let same_surname = left.first() == right.first() || spoken_alike(left.first(), right.first());
    let one_off = left.len().max(right.len()) > 2 && steps_of(left, right, 1).is_some();
    match (one_off, same_surname) {
        (true, _) => 6,
        (false, true) => 7,
        (false, false) => 8,
    }
}

fn spoken_alike(left: Option<&char>, right: Option<&char>) -> bool {
    left.and_then(|character| sound(*character))
        .is_some_and(|spoken| right.and_then(|character| sound(*character)) == Some(spoken))
}

fn same_characters(left: &[char], right: &[char]) -> bool {
    let count = |list: &[char], wanted: char| list.iter().filter(|character| **character == wanted).count();
    left.iter()
        .all(|character| count(left, *character) == count(right, *character))
}

impl Chars {
    /// Each character simplified, in place.
    fn simplify(&mut self) -> &[char] {
        self.change(simplified);
        self.as_slice()
    }
}
