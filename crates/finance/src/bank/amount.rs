//! Amounts as banks write them: exact, in any currency, with up to seventeen places, and never as floating point.

use std::fmt;

use kernel::{Currency, Fault, Money, Refusal};
use serde::Serialize;

/// Digits after the point that are kept: the most that `DecimalNumber` of ISO 20022 allows.
const PLACES: u32 = 17;
/// One whole, in units of 10^-17.
const ONE: i128 = 100_000_000_000_000_000;
/// The most digits of a number, before and after the point together.
const DIGITS_MAX: usize = 18;
/// One fen, in units of 10^-17.
const FEN: i128 = ONE / 100;

/// A number of up to eighteen digits, of which up to seventeen stand after the point. Sums of many fit too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Decimal(i128);

impl Decimal {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// Reads `xs:decimal`: an optional sign, digits, an optional point with digits. None for anything else, and for
    /// more digits than the type holds.
    pub(super) fn read(text: &str) -> Option<Self> {
        let (sign, digits) = match text.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let part = part.trim_end_matches('0');
        let significant = whole.trim_start_matches('0').len() + part.len();
        if (whole.is_empty() && part.is_empty()) || !are_digits(whole) || !are_digits(part) {
            return None;
        }
        if significant > DIGITS_MAX || part.len() > PLACES as usize {
            return None;
        }
        let mut value: i128 = 0;
        for byte in whole.trim_start_matches('0').bytes().chain(part.bytes()) {
            value = value.checked_mul(10)?.checked_add(i128::from(byte - b'0'))?;
        }
        let places = u32::try_from(part.len()).ok()?;
        value
            .checked_mul(10_i128.checked_pow(PLACES - places)?)
            .map(|size| Self(sign * size))
    }

    /// The number of an amount in fen, as yuan.
    pub fn from_money(money: Money) -> Self {
        // At most 2^63 x 10^15: fits.
        Self(i128::from(money.fen()) * FEN)
    }

    /// Digits after the point, without zeros at the end.
    fn places(self) -> u32 {
        let mut places = PLACES;
        let mut rest = self.0.unsigned_abs() % ONE.unsigned_abs();
        if rest == 0 {
            return 0;
        }
        while rest.is_multiple_of(10) {
            rest /= 10;
            places -= 1;
        }
        places
    }

    /// The sum of two numbers; none where it does not fit.
    pub(super) fn plus(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// The same number with the other sign.
    pub(super) fn negated(self) -> Self {
        Self(-self.0)
    }

    pub(super) fn is_negative(self) -> bool {
        self.0 < 0
    }
}

impl fmt::Display for Decimal {
    /// Prints at least two places, and as many more as the number has.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = self.0.unsigned_abs();
        let (whole, part) = (size / ONE.unsigned_abs(), size % ONE.unsigned_abs());
        let places = self.places().max(2);
        let shown = part / 10_u128.pow(PLACES - places);
        let sign = if self.0 < 0 { "-" } else { "" };
        write!(f, "{sign}{whole}.{shown:0width$}", width = places as usize)
    }
}

impl Serialize for Decimal {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// An amount of money in a currency, never negative: its direction stands beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Amount {
    /// How much.
    pub number: Decimal,
    /// Of what.
    pub currency: Currency,
}

impl Amount {
    /// At most five places, as `ActiveOrHistoricCurrencyAndAmount` says, and not below zero.
    pub(super) fn read(number: &str, currency: Currency) -> Option<Self> {
        let number = Decimal::read(number)?;
        (!number.is_negative() && number.places() <= 5).then_some(Self { number, currency })
    }

    /// The amount in whole fen.
    ///
    /// # Errors
    /// `bank.currency_not_yuan`, `bank.amount_not_fen` where a part of a fen is left over or the amount is too large.
    pub fn money(self) -> Result<Money, Refusal> {
        if self.currency != Currency::CNY {
            return Err(Refusal::new("bank.currency_not_yuan", Fault::Refused).value(self));
        }
        let fen = (self.number.0 % FEN == 0).then_some(self.number.0 / FEN);
        fen.and_then(|fen| i64::try_from(fen).ok())
            .map(Money::from_fen)
            .ok_or_else(|| Refusal::new("bank.amount_not_fen", Fault::Refused).value(self))
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.currency, self.number)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn yuan(text: &str) -> Result<Money, &'static str> {
        let amount = Amount::read(text, Currency::CNY).ok_or("unread")?;
        amount.money().map_err(|refusal| refusal.code)
    }

    #[test]
    fn an_amount_is_read_exactly_or_not_at_all() {
        let fen = |fen| Ok(Money::from_fen(fen));
        for (text, read) in [
            ("0", fen(0)),
            ("1", fen(100)),
            ("1.", fen(100)),
            (".5", fen(50)),
            ("0001.50000", fen(150)),
            ("+12.34", fen(1_234)),
            ("92233720368547758.07", Err("unread")),
            ("9223372036854775.07", fen(922_337_203_685_477_507)),
            ("999999999999999999", Err("bank.amount_not_fen")),
            ("1.005", Err("bank.amount_not_fen")),
            ("0.000001", Err("unread")),
            ("-1", Err("unread")),
            ("", Err("unread")),
            (".", Err("unread")),
            ("1e3", Err("unread")),
            ("1,000.00", Err("unread")),
            ("１.00", Err("unread")),
            ("1000000000000000000", Err("unread")),
        ] {
            assert_eq!(yuan(text), read, "{text}");
        }
    }

    #[test]
    fn another_currency_is_no_amount_of_yuan() {
        let yen = Amount::read("2700", "JPY".parse().unwrap()).unwrap();
        assert_eq!(yen.to_string(), "JPY 2700.00");
        assert_eq!(yen.money().unwrap_err().code, "bank.currency_not_yuan");
    }

    #[test]
    fn a_number_keeps_seventeen_places() {
        let least = Decimal::read("0.00000000000000001").unwrap();
        assert_eq!(least.to_string(), "0.00000000000000001");
        assert_eq!(least.plus(least.negated()), Some(Decimal::ZERO));
        assert_eq!(Decimal::read("-12.5").unwrap().to_string(), "-12.50");
    }

    proptest! {
        #[test]
        fn an_amount_of_fen_reads_back_from_its_print(fen in 0..1_000_000_000_000_000_000_i64) {
            let number = Decimal::from_money(Money::from_fen(fen));
            prop_assert_eq!(Decimal::read(&number.to_string()), Some(number));
            prop_assert_eq!(yuan(&number.to_string()), Ok(Money::from_fen(fen)));
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in "[-+0-9.]{0,40}") {
            let _read = Decimal::read(&text);
        }
    }
}
