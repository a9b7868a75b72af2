//! Numbers that people copy: days, resident IDs, telephone numbers, and digits in general.

use crate::similar::steps;

/// Length of a day without separators.
const DATE_LEN: usize = 8;
/// Length of a resident ID.
const ID_LEN: usize = 18;
/// Last digits of a telephone number that say the same line with another area code.
const PHONE_END: usize = 7;

pub(super) fn date(left: &str, right: &str) -> u8 {
    let (Some(a), Some(b)) = (digits::<DATE_LEN>(left), digits::<DATE_LEN>(right)) else {
        return if steps(left, right, 1).is_some() { 3 } else { 7 };
    };
    let ([y1, y2, y3, y4, m1, m2, d1, d2], year_b) = (a, b.get(..4).unwrap_or_default());
    if b == [y1, y2, y3, y4, d1, d2, m1, m2] {
        return 2;
    }
    let off = a.iter().zip(&b).filter(|(a, b)| a != b).count();
    if off == 1 {
        return 3;
    }
    if off == 2 && steps(left, right, 1).is_some() {
        return 4;
    }
    if a.get(4..) == b.get(4..) {
        return 5;
    }
    if [y1, y2, y3, y4] == year_b { 6 } else { 7 }
}

pub(super) fn number(left: &str, right: &str) -> u8 {
    let is_longer = |least: usize| [left, right].iter().any(|text| text.chars().nth(least).is_some());
    match steps(left, right, 2) {
        Some(0 | 1) if is_longer(1) => 2,
        Some(2) if is_longer(4) => 3,
        _ => 4,
    }
}

/// A valid ID takes no single slip and no change of neighbours without its check digit telling, so one step between
/// two IDs says that one of them is wrong.
pub(super) fn id_number(left: &str, right: &str) -> u8 {
    match steps(left, right, 2) {
        Some(0 | 1) => return 2,
        Some(_) => return 3,
        None => {}
    }
    let same_birth = left.len() == ID_LEN && right.len() == ID_LEN && left.get(6..14) == right.get(6..14);
    match (
        same_birth,
        has_valid_check_digit(left) && has_valid_check_digit(right),
    ) {
        (true, false) => 4,
        (true, true) => 5,
        (false, false) => 6,
        (false, true) => 7,
    }
}

pub(super) fn phone(left: &str, right: &str) -> u8 {
    if steps(left, right, 1).is_some() {
        return 2;
    }
    let same_end = left.len() != right.len() && end(left).is_some_and(|tail| end(right) == Some(tail));
    if same_end { 3 } else { 4 }
}

fn end(text: &str) -> Option<&str> {
    text.get(text.len().checked_sub(PHONE_END)?..)
}

fn digits<const N: usize>(text: &str) -> Option<[u8; N]> {
    let list: [u8; N] = text.as_bytes().try_into().ok()?;
    list.iter().all(u8::is_ascii_digit).then_some(list)
}

/// Whether a resident ID of 18 places ends with the check digit that GB 11643 (ISO 7064, MOD 11-2) gives it.
pub fn has_valid_check_digit(id: &str) -> bool {
    let Some(body) = id.get(..ID_LEN - 1) else {
        return false;
    };
    id.len() == ID_LEN && check_digit(body) == id.chars().next_back()
}

/// The seventeen digits with their check digit; none where they are no seventeen digits.
pub fn checked_id(body: &str) -> Option<String> {
    let digit = check_digit(body)?;
    Some(format!("{body}{digit}"))
}

fn check_digit(body: &str) -> Option<char> {
    let digits = digits::<{ ID_LEN - 1 }>(body)?;
    // Seventeen digits, each doubled as often as its place says, stay far below what the sum holds.
    let sum = digits
        .iter()
        .fold(0_u32, |sum, digit| (sum + u32::from(digit - b'0')) * 2);
    "10X98765432".chars().nth(usize::try_from(sum % 11).ok()?)
}
