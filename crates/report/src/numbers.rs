//! Numbers as readers say them: 260.3 亿元, 26.03 bn yuan, and 26,031,224,518.40 in a statement.
//!
//! Whole-number arithmetic only. A said number has four significant digits and is rounded half away from zero; an exact one
//! keeps no empty decimals, so 10 bn is ten billion to the fen and 10.00 bn is about that. A statement is exact. The unit is
//! a key of the locale files, so no text stands here.

use kernel::Lang;

/// Significant digits of a said number.
const SAID_DIGITS: usize = 4;
/// The same where there is little room.
const BRIEF_DIGITS: usize = 3;

/// A size to say numbers in: how many base units make one of it, and the locale key of its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scale {
    /// Base units (fen, or pieces) in one.
    pub per_unit: u64,
    /// Locale key of the name, e.g. `unit.yi_yuan`.
    pub unit_key: String,
}

/// Units of which there can be a single one.
const COUNTED: [&str; 10] = [
    "counties",
    "provinces",
    "products",
    "channels",
    "orders",
    "lines",
    "users",
    "households",
    "schools",
    "years",
];

/// A number and the locale key of its unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Digits with separators.
    pub number: String,
    /// Locale key of the unit.
    pub unit_key: String,
}

/// The scale in which a reader of `lang` says `size` of `unit` (`fen`, or the name of what is counted).
#[must_use]
pub fn scale_for(size: i64, unit: &str, lang: Lang) -> Scale {
    let size = size.unsigned_abs();
    let of = |per_unit: u64, key: &str| Scale {
        per_unit,
        unit_key: key.to_owned(),
    };
    if unit != "fen" {
        return of(1, &format!("unit.{unit}"));
    }
    match lang {
        Lang::Zh if size >= 10_000_000_000 => of(10_000_000_000, "unit.yi_yuan"),
        Lang::Zh if size >= 1_000_000 => of(1_000_000, "unit.wan_yuan"),
        Lang::En if size >= 100_000_000_000 => of(100_000_000_000, "unit.bn_yuan"),
        Lang::En if size >= 100_000_000 => of(100_000_000, "unit.m_yuan"),
        _ => of(100, "unit.yuan"),
    }
}

impl Scale {
    /// `value` (base units) in this scale: exact for counts and yuan, four significant digits above.
    #[must_use]
    pub fn number(&self, value: i64) -> String {
        match self.per_unit {
            1 => grouped(value),
            100 => statement(value),
            per_unit => significant(value, per_unit, SAID_DIGITS),
        }
    }

    /// The same with three significant digits, for drawings on a phone.
    #[must_use]
    pub fn brief(&self, value: i64) -> String {
        match self.per_unit {
            1 | 100 => self.number(value),
            per_unit => significant(value, per_unit, BRIEF_DIGITS),
        }
    }
}

/// A round number of this scale for the rules of a chart: no empty decimals.
#[must_use]
pub fn tick(scale: &Scale, value: i64) -> String {
    trimmed(&scale.number(value))
}

/// The locale key of what is counted: in English a single one has a word of its own.
#[must_use]
pub fn count_key(value: i64, unit: &str) -> String {
    let form = if value.unsigned_abs() == 1 && COUNTED.contains(&unit) {
        "unit_one"
    } else {
        "unit"
    };
    format!("{form}.{unit}")
}

/// Says `value` of `unit` with its own scale.
#[must_use]
pub fn say(value: i64, unit: &str, lang: Lang) -> Said {
    let scale = scale_for(value, unit, lang);
    Said {
        number: scale.number(value),
        unit_key: if unit == "fen" {
            scale.unit_key
        } else {
            count_key(value, unit)
        },
    }
}

/// Says a published number: yuan are scaled, trailing zeros after the point are dropped, since
/// a published number is round. Text that is no number is kept as it is.
#[must_use]
pub fn say_published(value: &str, unit: &str, lang: Lang) -> Said {
    let plain = || Said {
        number: value.to_owned(),
        unit_key: format!("unit.{unit}"),
    };
    if unit == "yuan" {
        return hundredths(value).map_or_else(plain, |fen| {
            let said = say(fen, "fen", lang);
            Said {
                number: trimmed(&said.number),
                unit_key: said.unit_key,
            }
        });
    }
    value
        .parse::<i64>()
        .map_or_else(|_| plain(), |count| say(count, unit, lang))
}

/// `1234567` as `1,234,567`.
#[must_use]
pub fn grouped(value: i64) -> String {
    let digits = group_digits(&value.unsigned_abs().to_string());
    if value < 0 { format!("-{digits}") } else { digits }
}

/// Fen as yuan in full: `2603122451840` as `26,031,224,518.40`.
#[must_use]
pub fn statement(fen: i64) -> String {
    let size = fen.unsigned_abs();
    let sign = if fen < 0 { "-" } else { "" };
    format!(
        "{sign}{}.{:02}",
        group_digits(&(size / 100).to_string()),
        size % 100
    )
}

/// Tenths of a percent with a sign: `123` as `+12.3%`.
#[must_use]
pub fn percent_change(permille: i64) -> String {
    let sign = if permille < 0 { "-" } else { "+" };
    let size = permille.unsigned_abs();
    format!("{sign}{}.{}%", group_digits(&(size / 10).to_string()), size % 10)
}

/// The part `value` is of `total` in tenths of a percent, half away from zero; `None` when there is no total.
#[must_use]
pub fn permille(value: i64, total: i64) -> Option<i64> {
    if total == 0 {
        return None;
    }
    let (value, total) = (i128::from(value) * 1000, i128::from(total));
    let size = (value.abs() * 2 + total.abs()) / (total.abs() * 2);
    let sign = if (value < 0) == (total < 0) { 1 } else { -1 };
    i64::try_from(size * sign).ok()
}

fn significant(value: i64, per_unit: u64, digits: usize) -> String {
    let (size, per_unit) = (u128::from(value.unsigned_abs()), u128::from(per_unit.max(1)));
    let mut decimals = digits.saturating_sub(digits_of(size / per_unit));
    let scaled = loop {
        let scaled = (size * power_of_ten(decimals) * 2 + per_unit) / (per_unit * 2);
        if decimals == 0 || digits_of(scaled) <= digits {
            break scaled;
        }
        decimals -= 1;
    };
    let whole = group_digits(&(scaled / power_of_ten(decimals)).to_string());
    let part = scaled % power_of_ten(decimals);
    let sign = if value < 0 { "-" } else { "" };
    if decimals == 0 {
        return format!("{sign}{whole}");
    }
    let number = format!("{sign}{whole}.{part:0decimals$}");
    let is_exact = size * power_of_ten(decimals) == scaled * per_unit;
    if is_exact { trimmed(&number) } else { number }
}

fn hundredths(text: &str) -> Option<i64> {
    let text = text.trim();
    let (sign, text) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    if part.len() > 2 || !part.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let whole: i64 = whole.parse().ok().filter(|whole| *whole >= 0)?;
    let part: i64 = format!("{part:0<2}").parse().ok()?;
    whole.checked_mul(100)?.checked_add(part)?.checked_mul(sign)
}

fn digits_of(value: u128) -> usize {
    value.checked_ilog10().map_or(1, |log| log as usize + 1)
}

fn power_of_ten(exponent: usize) -> u128 {
    (0..exponent).fold(1, |power, _| power * 10)
}

fn group_digits(digits: &str) -> String {
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

fn trimmed(number: &str) -> String {
    if number.contains('.') {
        number.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        number.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn money_is_said_as_readers_say_it() {
        let cases = [
            (2_603_122_451_840, "260.3 unit.yi_yuan", "26.03 unit.bn_yuan"),
            (1_000_000_000_000, "100 unit.yi_yuan", "10 unit.bn_yuan"),
            (1_000_000_000_001, "100.0 unit.yi_yuan", "10.00 unit.bn_yuan"),
            (1_250_000_000_000, "125 unit.yi_yuan", "12.5 unit.bn_yuan"),
            (10_000_000_000, "1 unit.yi_yuan", "100 unit.m_yuan"),
            (9_999_999_999, "10,000 unit.wan_yuan", "100.0 unit.m_yuan"),
            (123_456, "1,234.56 unit.yuan", "1,234.56 unit.yuan"),
            (-2_603_122_451_840, "-260.3 unit.yi_yuan", "-26.03 unit.bn_yuan"),
            (0, "0.00 unit.yuan", "0.00 unit.yuan"),
        ];
        for (fen, zh, en) in cases {
            let in_zh = say(fen, "fen", Lang::Zh);
            let in_en = say(fen, "fen", Lang::En);
            assert_eq!(format!("{} {}", in_zh.number, in_zh.unit_key), zh);
            assert_eq!(format!("{} {}", in_en.number, in_en.unit_key), en);
        }
    }

    #[test]
    fn a_drawing_on_a_phone_has_three_digits_of_what_is_scaled() {
        let scale = scale_for(2_603_122_451_840, "fen", Lang::En);
        assert_eq!(scale.brief(2_603_122_451_840), "26.0");
        assert_eq!(scale_for(701, "products", Lang::En).brief(1_701), "1,701");
    }

    #[test]
    fn published_numbers_keep_no_empty_decimals() {
        assert_eq!(say_published("26000000000", "yuan", Lang::Zh).number, "260");
        assert_eq!(say_published("26000000000", "yuan", Lang::En).number, "26");
        assert_eq!(say_published("3.6", "yuan/kg", Lang::Zh).number, "3.6");
        assert_eq!(
            say_published("1178000", "households", Lang::Zh).number,
            "1,178,000"
        );
    }

    #[test]
    fn shares_round_half_away_from_zero() {
        assert_eq!(permille(1, 3), Some(333));
        assert_eq!(permille(1, 2000), Some(1));
        assert_eq!(permille(-1, 2000), Some(-1));
        assert_eq!(permille(1, 0), None);
        assert_eq!(percent_change(-5), "-0.5%");
    }

    proptest! {
        #[test]
        fn a_statement_reads_back_to_the_fen(fen in any::<i64>()) {
            let digits: String = statement(fen).chars().filter(|c| *c != ',' && *c != '.').collect();
            prop_assert_eq!(digits.parse::<i64>(), Ok(fen));
        }

        #[test]
        fn a_said_number_is_within_half_of_its_last_digit(fen in 1_000_000_i64..i64::MAX, english in any::<bool>()) {
            let lang = if english { Lang::En } else { Lang::Zh };
            let scale = scale_for(fen, "fen", lang);
            prop_assume!(scale.per_unit > 100);
            let number = scale.number(fen).replace(',', "");
            let (whole, part) = number.split_once('.').unwrap_or((&number, ""));
            let unit = i128::from(scale.per_unit);
            let tens = 10_i128.pow(u32::try_from(part.len()).unwrap());
            let read: i128 = format!("{whole}{part}").parse().unwrap();
            let error = (read * unit - i128::from(fen) * tens).abs();
            prop_assert!(error * 2 <= unit, "{} said as {}", fen, number);
            prop_assert!(error == 0 || whole.len() + part.len() >= 4, "{} said as {}", fen, number);
            prop_assert!(error != 0 || !part.ends_with('0'), "{} said as {}", fen, number);
        }

        #[test]
        fn grouping_keeps_every_digit(value in any::<i64>()) {
            prop_assert_eq!(grouped(value).replace(',', ""), value.to_string());
        }
    }
}
