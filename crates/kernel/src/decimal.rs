//! Reading and printing of whole numbers that stand for decimals (fen as yuan, grams as kilograms).

/// Reads `-1,234.5` as a whole number of 10^-`places`.
///
/// Thousand commas must stand where they belong, digits after the last place must be zeros, and at least one
/// digit must stand before the point. Anything else, or a number too large, is `None`.
pub(crate) fn parse(text: &str, places: usize) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    if digits.ends_with('.') || !commas_are_right(whole) || !part.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (kept, beyond) = part.split_at(part.len().min(places));
    if beyond.bytes().any(|b| b != b'0') {
        return None;
    }
    let zeros = std::iter::repeat_n(b'0', places - kept.len());
    let mut value: i64 = 0;
    for digit in whole
        .bytes()
        .filter(|b| *b != b',')
        .chain(kept.bytes())
        .chain(zeros)
    {
        let digit = i64::from(digit - b'0');
        let signed = if negative { -digit } else { digit };
        value = value.checked_mul(10)?.checked_add(signed)?;
    }
    Some(value)
}

/// True when a whole part is digits, or digits in groups of three behind commas.
fn commas_are_right(whole: &str) -> bool {
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    let is_digits = |group: &str| !group.is_empty() && group.bytes().all(|b| b.is_ascii_digit());
    let grouped = whole.contains(',');
    is_digits(first)
        && (!grouped || first.len() <= 3)
        && groups.all(|group| group.len() == 3 && is_digits(group))
}

/// Prints a whole number of 10^-`places` with all its places: `-0.05`.
pub(crate) fn print(value: i64, places: u32) -> String {
    let unit = 10_u64.pow(places);
    let size = value.unsigned_abs();
    let sign = if value < 0 { "-" } else { "" };
    let width = places as usize;
    format!("{sign}{}.{:0width$}", size / unit, size % unit)
}

/// `part / whole` to the nearest whole number, halves away from zero; `None` when `whole` is not positive.
pub(crate) fn divide_half_away(part: i128, whole: i128) -> Option<i128> {
    if whole <= 0 {
        return None;
    }
    let half = whole / 2 + whole % 2;
    let up = i128::from(part % whole >= half);
    let down = i128::from(part % whole <= -half);
    Some(part / whole + up - down)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_read_as_they_are_written() {
        let cases = [
            ("0", Some(0)),
            ("1234.5", Some(123_450)),
            ("1,234.50", Some(123_450)),
            ("12,345,678.9", Some(1_234_567_890)),
            ("-0.05", Some(-5)),
            ("+7", Some(700)),
            ("1.2300", Some(123)),
            ("92233720368547758.07", Some(i64::MAX)),
            ("-92233720368547758.08", Some(i64::MIN)),
            ("92233720368547758.08", None),
            ("1.234", None),
            ("1,23.4", None),
            ("1234,567", None),
            (",123", None),
            (".5", None),
            ("5.", None),
            ("", None),
            ("-", None),
            ("--1", None),
            ("1 000", None),
            ("12元", None),
            ("1e3", None),
        ];
        for (text, value) in cases {
            assert_eq!(parse(text, 2), value, "{text}");
        }
    }

    #[test]
    fn halves_go_away_from_zero() {
        let cases = [
            (5, 2, 3),
            (-5, 2, -3),
            (4, 3, 1),
            (5, 3, 2),
            (-4, 3, -1),
            (-5, 3, -2),
            (1, 3, 0),
            (0, 7, 0),
        ];
        for (part, whole, nearest) in cases {
            assert_eq!(divide_half_away(part, whole), Some(nearest), "{part}/{whole}");
        }
        assert_eq!(divide_half_away(1, 0), None);
    }
}
