//! Rates in whole millionths: interest, fees, shares of a total.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{Fault, Money, Refusal, decimal};

/// A rate in millionths: 125,000 is 12.5 %.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Rate(i64);

impl Rate {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// The whole, 100 %.
    pub const ONE: Self = Self(1_000_000);

    /// A rate from millionths.
    pub const fn from_millionths(millionths: i64) -> Self {
        Self(millionths)
    }

    /// The rate in millionths.
    pub const fn millionths(self) -> i64 {
        self.0
    }

    /// What share `part` is of `whole`, to the nearest millionth, halves away from zero; `None` when the whole is
    /// not positive or the share does not fit.
    pub fn share(part: i64, whole: i64) -> Option<Self> {
        decimal::divide_half_away(i128::from(part) * 1_000_000, i128::from(whole))
            .and_then(|millionths| i64::try_from(millionths).ok())
            .map(Self)
    }

    /// This rate of an amount, to the nearest fen, halves away from zero. Refused with `kernel.money_overflow`
    /// when it does not fit.
    pub fn of(self, amount: Money) -> Result<Money, Refusal> {
        let exact = i128::from(amount.fen()) * i128::from(self.0);
        Money::try_from_wide(decimal::divide_half_away(exact, 1_000_000).unwrap_or_default())
    }
}

impl fmt::Display for Rate {
    /// Prints a percentage without idle zeros: `12.5%`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = decimal::print(self.0, 4);
        f.pad(&format!(
            "{}%",
            percent.trim_end_matches('0').trim_end_matches('.')
        ))
    }
}

impl FromStr for Rate {
    type Err = Refusal;

    /// Reads a percentage `12.5%` (up to 4 decimals) or a fraction `0.125` (up to 6). Anything else is refused
    /// with `kernel.bad_rate`.
    fn from_str(text: &str) -> Result<Self, Refusal> {
        let text = text.trim();
        text.strip_suffix('%')
            .map_or_else(
                || decimal::parse(text, 6),
                |percent| decimal::parse(percent.trim_end(), 4),
            )
            .map(Self)
            .ok_or_else(|| Refusal::new("kernel.bad_rate", Fault::Refused).value(text))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_rate_of_an_amount_is_rounded_to_the_nearest_fen() {
        let rate: Rate = "12.5%".parse().unwrap();
        assert_eq!(rate, "0.125".parse().unwrap());
        assert_eq!(rate.of(Money::from_fen(100)).unwrap().fen(), 13);
        assert_eq!(rate.of(Money::from_fen(-100)).unwrap().fen(), -13);
        assert_eq!(rate.of(Money::from_fen(99)).unwrap().fen(), 12);
        assert_eq!(Rate::ONE.of(Money::from_fen(i64::MIN)).unwrap().fen(), i64::MIN);
        let ten: Rate = "1000%".parse().unwrap();
        assert_eq!(
            ten.of(Money::from_fen(i64::MAX)).unwrap_err().code,
            "kernel.money_overflow"
        );
        assert_eq!("12.34567%".parse::<Rate>().unwrap_err().code, "kernel.bad_rate");
    }

    #[test]
    fn a_share_of_nothing_is_no_number() {
        assert_eq!(Rate::share(1, 3).unwrap().to_string(), "33.3333%");
        assert_eq!(Rate::share(51, 141).unwrap().millionths(), 361_702);
        assert_eq!(Rate::share(1, 0), None);
    }

    proptest! {
        #[test]
        fn a_rate_reads_back_from_its_print(millionths: i64) {
            let rate = Rate::from_millionths(millionths);
            prop_assert_eq!(rate.to_string().parse::<Rate>().unwrap(), rate);
        }
    }
}
