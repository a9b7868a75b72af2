//! Exact decimals of a few digits, for the steps of a range: `0.3` is three steps of `0.1`.

/// Digits behind the point.
const DIGITS: usize = 9;

/// A number in billionths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Decimal(i128);

impl Decimal {
    /// None.
    pub const ZERO: Self = Self(0);

    /// Reads `-12.5`; at most nine digits stand behind the point, and eighteen before it.
    pub fn parse(text: &str) -> Option<Self> {
        let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let fits = whole.len() <= 18 && fraction.len() <= DIGITS && whole.len() + fraction.len() > 0;
        if !fits || !is_digits(whole) || !is_digits(fraction) {
            return None;
        }
        let billionths: i128 = format!("{whole}{fraction:0<DIGITS$}").parse().ok()?;
        Some(Self(if text.starts_with('-') {
            -billionths
        } else {
            billionths
        }))
    }

    /// Whether it is a whole number.
    pub fn is_whole(self) -> bool {
        self.0 % 1_000_000_000 == 0
    }

    /// How far two numbers are apart.
    pub fn distance(self, other: Self) -> Self {
        Self((self.0 - other.0).abs())
    }

    /// Whether steps of a size lead from nought to it.
    pub fn is_multiple_of(self, step: Self) -> bool {
        self.0.checked_rem(step.0) == Some(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_exact() {
        let number = |text: &str| Decimal::parse(text).unwrap();
        assert!(number("0.3").is_multiple_of(number("0.1")) && !number("0.35").is_multiple_of(number("0.1")));
        assert!(number("-4.0").is_whole() && !number("4.5").is_whole());
        assert_eq!(number("-1").distance(number(".5")), number("1.5"));
        for wrong in ["", ".", "-", "1e3", "x", "1.0000000001", "9999999999999999999"] {
            assert_eq!(Decimal::parse(wrong), None, "{wrong}");
        }
    }
}
