//! The key of a chart: a sign and its word, set from left to right and wrapped.

use super::Width;
use super::svg::{Anchor, Drawing, fitted, measured};

/// Height of one line of the key.
const LINE: i64 = 22;
/// Room of a sign and the space after it.
const SIGN: i64 = 25;

/// A sign of the key.
#[derive(Clone, Copy)]
pub(super) enum Sign {
    /// The colour and texture of a part.
    Part(usize),
    /// An area of this class.
    Area(&'static str),
    /// A line of this class.
    Line(&'static str),
}

/// Draws the key from the top of the drawing and says how high it is.
pub(super) fn legend(drawing: &mut Drawing, entries: &[(Sign, &str)], width: Width) -> i64 {
    let (mut x, mut top) = (0, 0);
    for (sign, word) in entries {
        let word = fitted(word, width.units() - SIGN);
        // Letters of 12, where they are measured for 13.
        let room = SIGN + measured(&word) * 12 / 13 + 1;
        if x > 0 && x + room > width.units() {
            (x, top) = (0, top + LINE);
        }
        match sign {
            Sign::Part(part) => drawing.part(*part, (x, top + 3), (20, 12)),
            Sign::Area(class) => drawing.rect(class, (x, top + 3), (20, 12), 0),
            Sign::Line(class) => drawing.rule(class, (x, top + 9), (x + 20, top + 9)),
        }
        drawing.text("a", (x + SIGN, top + 13), Anchor::Start, &word);
        x += room + 12;
    }
    if entries.is_empty() { 0 } else { top + LINE }
}
