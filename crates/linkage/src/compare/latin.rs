//! Words and names in Latin letters.

use super::Values;
use crate::similar::{Chars, steps, steps_of, winkler};

/// From here on two texts are close.
const CLOSE: f64 = 0.9;
/// From here on two texts are alike.
const ALIKE: f64 = 0.8;

pub(super) fn text(left: &str, right: &str) -> u8 {
    let (left, right) = (Chars::of(left), Chars::of(right));
    let (left, right) = (left.as_slice(), right.as_slice());
    let long = left.len().min(right.len()) >= 5;
    match steps_of(left, right, 2) {
        Some(0 | 1) => return 2,
        Some(_) if long => return 3,
        _ => {}
    }
    match winkler(left, right) {
        likeness if likeness >= CLOSE => 4,
        likeness if likeness >= ALIKE => 5,
        _ => 6,
    }
}

pub(super) fn name(left: Values<'_>, right: Values<'_>) -> u8 {
    if changed_places(left, right) {
        return 2;
    }
    let (a, b) = (Chars::of(left[0]), Chars::of(right[0]));
    let (a, b) = (a.as_slice(), b.as_slice());
    if steps_of(a, b, 1).is_some() {
        return 3;
    }
    match winkler(a, b) {
        likeness if likeness >= CLOSE => 4,
        likeness if likeness >= ALIKE => 5,
        _ => 6,
    }
}

/// Each name is the other's partner, but for a slip.
fn changed_places(left: Values<'_>, right: Values<'_>) -> bool {
    let same = |a: &str, b: &str| !a.is_empty() && !b.is_empty() && steps(a, b, 1).is_some();
    same(left[0], right[1]) && same(left[1], right[0])
}
