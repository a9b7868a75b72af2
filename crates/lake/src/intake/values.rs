//! Reads the values of order files: days, decimals and amounts as channels write them. Integers only; a value that
//! cannot be read exactly is refused with the code of the rule it breaks.

use jiff::civil::Date;
use programme::layout::DayForm;

/// A day as days since 1970-01-01 (Parquet's `date32`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    /// Days since 1970-01-01.
    pub epoch_days: i32,
}

impl Day {
    /// The day of a calendar date.
    #[must_use]
    pub fn from_date(date: Date) -> Self {
        let epoch = Date::constant(1970, 1, 1);
        let epoch_days = date.since(epoch).map_or(0, |span| span.get_days());
        Self { epoch_days }
    }
}

/// Reads a day written in one of `forms`; a time of day behind it is passed over.
///
/// # Errors
/// `sales.bad_day` where no form fits or the calendar has no such day.
pub fn day(text: &[u8], forms: &[DayForm]) -> Result<Day, &'static str> {
    let text = text.trim_ascii();
    forms
        .iter()
        .find_map(|form| match form {
            DayForm::Ymd => year_first(text),
            DayForm::Dmy => three_numbers(text).and_then(|[d, m, y]| calendar(y, m, d)),
            DayForm::Mdy => three_numbers(text).and_then(|[m, d, y]| calendar(y, m, d)),
            DayForm::Excel => excel_serial(text),
        })
        .ok_or("sales.bad_day")
}

/// Years a sale can lie in: before the first is a slip of the pen, after the last a slip of the clock.
const YEARS: std::ops::RangeInclusive<i64> = 1990..=2100;

fn calendar(year: i64, month: i64, day: i64) -> Option<Day> {
    if !YEARS.contains(&year) {
        return None;
    }
    Date::new(
        i16::try_from(year).ok()?,
        i8::try_from(month).ok()?,
        i8::try_from(day).ok()?,
    )
    .ok()
    .map(Day::from_date)
}

fn year_first(text: &[u8]) -> Option<Day> {
    if text.len() >= 8 && text.iter().take(8).all(u8::is_ascii_digit) {
        let (head, tail) = text.split_at(8);
        let number = digits(head)?;
        let time_follows = tail
            .first()
            .is_none_or(|b| matches!(b, b' ' | b'T') || b.is_ascii_digit());
        return time_follows
            .then(|| calendar(number / 10_000, number / 100 % 100, number % 100))
            .flatten();
    }
    three_numbers(text).and_then(|[y, m, d]| calendar(y, m, d))
}

/// The first three runs of digits, parted by `-`, `/`, `.` or 年 月 日; what follows must be a time of day or nothing.
fn three_numbers(text: &[u8]) -> Option<[i64; 3]> {
    let mut found = [0_i64; 3];
    let mut rest = text;
    for (index, slot) in found.iter_mut().enumerate() {
        let end = rest
            .iter()
            .position(|b| !b.is_ascii_digit())
            .unwrap_or(rest.len());
        let (number, tail) = rest.split_at(end);
        if number.is_empty() || number.len() > 4 {
            return None;
        }
        *slot = digits(number)?;
        rest = if index < 2 { after_separator(tail)? } else { tail };
    }
    let rest = rest.strip_prefix("日".as_bytes()).unwrap_or(rest);
    let time_follows =
        rest.first().is_none_or(|b| matches!(b, b' ' | b'T')) || rest.starts_with("\u{3000}".as_bytes());
    time_follows.then_some(found)
}

fn after_separator(text: &[u8]) -> Option<&[u8]> {
    ["-", "/", ".", "年", "月"]
        .iter()
        .find_map(|separator| text.strip_prefix(separator.as_bytes()))
}

/// A spreadsheet's serial day: 1 is 1900-01-01 and 60 the 29 February 1900 that never was (ECMA-376, 18.17.4.1).
fn excel_serial(text: &[u8]) -> Option<Day> {
    let whole = text.split(|&b| b == b'.').next()?;
    let serial = digits(whole).filter(|serial| (61..=73_050).contains(serial))?;
    let date = Date::constant(1899, 12, 30)
        .checked_add(jiff::Span::new().days(serial))
        .ok()?;
    calendar(
        i64::from(date.year()),
        i64::from(date.month()),
        i64::from(date.day()),
    )
}

/// A whole number of at most 18 digits.
fn digits(text: &[u8]) -> Option<i64> {
    if text.is_empty() || text.len() > 18 {
        return None;
    }
    let mut number = 0;
    for byte in text {
        if !byte.is_ascii_digit() {
            return None;
        }
        number = number * 10 + i64::from(byte - b'0');
    }
    Some(number)
}

/// Reads a whole number such as a line number; `17850.0` is read as 17850.
///
/// # Errors
/// `sales.bad_whole_number`.
pub fn whole_number(text: &[u8]) -> Result<i64, &'static str> {
    let text = text.trim_ascii();
    let whole = match text.iter().position(|&b| b == b'.') {
        Some(point) if text.iter().skip(point + 1).all(|&b| b == b'0') => text.get(..point).unwrap_or(text),
        _ => text,
    };
    digits(whole).ok_or("sales.bad_whole_number")
}

/// A decimal number held exactly: `units` × 10^-`scale`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decimal {
    /// The digits with their sign, the point left out.
    pub units: i64,
    /// How many of the digits stand behind the point, at most 9.
    pub scale: u32,
}

impl Decimal {
    /// The number in units of 10^-`scale`, or none where it is finer than that or too large.
    #[must_use]
    pub fn at_scale(self, scale: u32) -> Option<i64> {
        if self.scale <= scale {
            return self.units.checked_mul(10_i64.checked_pow(scale - self.scale)?);
        }
        let divisor = 10_i64.checked_pow(self.scale - scale)?;
        (self.units % divisor == 0).then_some(self.units / divisor)
    }

    /// This number times another, rounded half away from zero to units of 10^-`scale`.
    #[must_use]
    pub fn times_rounded(self, other: Self, scale: u32) -> Option<i64> {
        let product = i128::from(self.units) * i128::from(other.units);
        let excess = (self.scale + other.scale).checked_sub(scale);
        let rounded = match excess {
            None => product.checked_mul(10_i128.checked_pow(scale - self.scale - other.scale)?)?,
            Some(excess) => {
                let divisor = 10_i128.checked_pow(excess)?;
                (product + product.signum() * (divisor / 2)) / divisor
            }
        };
        i64::try_from(rounded).ok()
    }
}

/// Reads a decimal as people and tills write it: thousand commas, a currency sign before, 元 behind, a minus before
/// or behind, brackets for a negative. Plain `-123.45` takes the quick way.
///
/// # Errors
/// `sales.formula_in_cell` for a value that begins with `=`; `sales.bad_number` for anything else that is no decimal.
pub fn decimal(text: &[u8]) -> Result<Decimal, &'static str> {
    if let Some(plain) = plain_decimal(text, false) {
        return Ok(plain);
    }
    let mut text = text.trim_ascii();
    if text.first() == Some(&b'=') {
        return Err("sales.formula_in_cell");
    }
    let bracketed = text.strip_prefix(b"(").and_then(|inner| inner.strip_suffix(b")"));
    let (inner, mut signs) = bracketed.map_or((text, 0), |inner| (inner, 1));
    text = inner.trim_ascii();
    // A sign and a currency may stand before the digits, in either order; one sign in all.
    let mut negative = bracketed.is_some();
    for _ in 0..2 {
        if let Some(rest) = after_any(text, &CURRENCIES) {
            text = rest;
        } else if let Some(rest) = after_any(text, &MINUSES) {
            (text, negative, signs) = (rest, true, signs + 1);
        } else if let Some(rest) = text.strip_prefix(b"+") {
            (text, signs) = (rest.trim_ascii_start(), signs + 1);
        }
    }
    text = text
        .strip_suffix("元".as_bytes())
        .unwrap_or(text)
        .trim_ascii_end();
    if let Some(rest) = text.strip_suffix(b"-") {
        (text, negative, signs) = (rest.trim_ascii_end(), true, signs + 1);
    }
    let value = plain_decimal(text, true)
        .filter(|_| signs < 2 && text.first() != Some(&b'-'))
        .ok_or("sales.bad_number")?;
    Ok(Decimal {
        units: if negative { -value.units } else { value.units },
        ..value
    })
}

/// What may stand before an amount.
const CURRENCIES: [&str; 6] = ["¥", "￥", "$", "£", "€", "CNY"];
/// A minus as typed, and as typeset.
const MINUSES: [&str; 2] = ["-", "−"];

fn after_any<'t>(text: &'t [u8], marks: &[&str]) -> Option<&'t [u8]> {
    marks
        .iter()
        .find_map(|mark| text.strip_prefix(mark.as_bytes()))
        .map(<[u8]>::trim_ascii_start)
}

/// `-12345.67`; with `commas` also `12,345.67`, where each comma has to part groups of three.
fn plain_decimal(text: &[u8], commas: bool) -> Option<Decimal> {
    let (negative, digits) = match text.strip_prefix(b"-") {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (mut units, mut scale, mut seen, mut behind_point, mut group) =
        (0_i64, 0_u32, 0_u32, false, None::<u32>);
    for &byte in digits {
        match byte {
            b'0'..=b'9' => {
                units = units.checked_mul(10)?.checked_add(i64::from(byte - b'0'))?;
                seen += 1;
                if behind_point {
                    scale += 1;
                } else if let Some(length) = &mut group {
                    *length += 1;
                }
            }
            b'.' if !behind_point && group.is_none_or(|length| length == 3) => behind_point = true,
            b',' if commas && !behind_point && seen > 0 && group.is_none_or(|length| length == 3) => {
                group = Some(0);
            }
            _ => return None,
        }
    }
    let groups_whole = behind_point || group.is_none_or(|length| length == 3);
    (seen > 0 && scale <= 9 && groups_whole).then_some(Decimal {
        units: if negative { -units } else { units },
        scale,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ymd(text: &str) -> Option<i32> {
        day(text.as_bytes(), &[DayForm::Ymd]).ok().map(|d| d.epoch_days)
    }

    #[test]
    fn every_way_of_writing_a_day_means_the_same_day() {
        for text in [
            "2018-03-05",
            "2018/3/5",
            "2018.3.5",
            "2018年3月5日",
            "20180305",
            "2018-03-05 08:26:00",
            "2018-03-05T04:30:10",
            "20180305 101010",
        ] {
            assert_eq!(ymd(text), Some(17_595), "{text}");
        }
        assert_eq!(
            day(b"5/3/2018", &[DayForm::Dmy]).map(|d| d.epoch_days),
            Ok(17_595)
        );
        assert_eq!(
            day(b"3/5/2018 8:26", &[DayForm::Mdy]).map(|d| crate::days::month(d.epoch_days)),
            Ok(201_803)
        );
        assert_eq!(day(b"43164", &[DayForm::Excel]).map(|d| d.epoch_days), Ok(17_595));
    }

    #[test]
    fn a_day_the_calendar_lacks_is_refused() {
        for text in [
            "2018-02-30",
            "2018-13-01",
            "",
            "yesterday",
            "0018-01-01",
            "2018-03",
            "2018-03-05x",
            "99999999",
        ] {
            assert_eq!(ymd(text), None, "{text}");
        }
    }

    #[test]
    fn amounts_are_read_as_tills_write_them() {
        let fen = |text: &str| decimal(text.as_bytes()).ok().and_then(|d| d.at_scale(2));
        for (text, expected) in [
            ("1234.5", 123_450),
            ("-0.01", -1),
            ("¥1,234.50", 123_450),
            ("￥ 1,234,567.00元", 123_456_700),
            ("(12.30)", -1_230),
            ("12.30-", -1_230),
            ("-¥5", -500),
            ("¥-5", -500),
            ("$2.50", 250),
            ("3.100", 310),
            ("+7", 700),
            (" 8 ", 800),
            (".5", 50),
        ] {
            assert_eq!(fen(text), Some(expected), "{text}");
        }
        for text in [
            "1e309",
            "",
            "-",
            ".",
            "1,23",
            "1,2345",
            "12.345",
            "--5",
            "五元",
            "NaN",
            "9223372036854775808",
            "1.2.3",
        ] {
            assert_eq!(fen(text), None, "{text}");
        }
        assert_eq!(decimal(b"=SUM(A1)"), Err("sales.formula_in_cell"));
    }

    #[test]
    fn a_product_is_rounded_half_away_from_zero() {
        let of = |text: &str| decimal(text.as_bytes()).unwrap();
        assert_eq!(of("3").times_rounded(of("0.335"), 2), Some(101));
        assert_eq!(of("-3").times_rounded(of("0.335"), 2), Some(-101));
        assert_eq!(of("0.001").times_rounded(of("2.55"), 2), Some(0));
        assert_eq!(of("6").times_rounded(of("2"), 2), Some(1_200));
    }
}
