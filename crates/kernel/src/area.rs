//! Land in mu (亩), kept in thousandths; 1 mu is 2000/3 m², so a thousandth of a mu is 2/3 m² exactly.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{Fault, Refusal, decimal};

/// An area in thousandths of a mu (毫亩).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Area(i64);

impl Area {
    /// No land.
    pub const ZERO: Self = Self(0);

    /// An area from thousandths of a mu.
    pub const fn from_milli_mu(milli_mu: i64) -> Self {
        Self(milli_mu)
    }

    /// The area in thousandths of a mu.
    pub const fn milli_mu(self) -> i64 {
        self.0
    }

    /// An area from square metres: exact when they are even, else rounded half away from zero to a thousandth
    /// of a mu. Refused with `kernel.area_overflow` when it does not fit.
    pub fn from_square_metres(square_metres: i64) -> Result<Self, Refusal> {
        decimal::divide_half_away(i128::from(square_metres) * 3, 2)
            .and_then(|milli_mu| i64::try_from(milli_mu).ok())
            .map(Self)
            .ok_or_else(|| Refusal::new("kernel.area_overflow", Fault::Refused).value(square_metres))
    }

    /// The exact area in thirds of a square metre.
    pub fn thirds_of_square_metre(self) -> i128 {
        i128::from(self.0) * 2
    }

    /// The area in square metres, rounded half away from zero.
    pub fn square_metres(self) -> i64 {
        // Two thirds of an i64 fit in an i64.
        decimal::divide_half_away(self.thirds_of_square_metre(), 3)
            .and_then(|rounded| i64::try_from(rounded).ok())
            .unwrap_or_default()
    }

    /// The sum of two areas; refused with `kernel.area_overflow` when it does not fit.
    pub fn checked_add(self, other: Self) -> Result<Self, Refusal> {
        self.0
            .checked_add(other.0)
            .map(Self)
            .ok_or_else(|| Refusal::new("kernel.area_overflow", Fault::Refused).value(self))
    }

    /// This area less another; refused with `kernel.area_overflow` when it does not fit.
    pub fn checked_sub(self, other: Self) -> Result<Self, Refusal> {
        self.0
            .checked_sub(other.0)
            .map(Self)
            .ok_or_else(|| Refusal::new("kernel.area_overflow", Fault::Refused).value(self))
    }
}

impl fmt::Display for Area {
    /// Prints mu with three places: `2.500`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&decimal::print(self.0, 3))
    }
}

impl FromStr for Area {
    type Err = Refusal;

    /// Reads mu with up to three places: `2.5`, `1,234.567`; else `kernel.bad_area`.
    fn from_str(text: &str) -> Result<Self, Refusal> {
        decimal::parse(text.trim(), 3)
            .map(Self)
            .ok_or_else(|| Refusal::new("kernel.bad_area", Fault::Refused).value(text))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn three_mu_are_two_thousand_square_metres() {
        let plot = Area::from_milli_mu(3_000);
        assert_eq!(plot.square_metres(), 2_000);
        assert_eq!(Area::from_square_metres(2_000).unwrap(), plot);
        assert_eq!(Area::from_milli_mu(1_000).square_metres(), 667);
        assert_eq!(Area::from_milli_mu(2_500).to_string(), "2.500");
        assert_eq!(
            Area::from_square_metres(i64::MAX).unwrap_err().code,
            "kernel.area_overflow"
        );
        assert_eq!(
            Area(i64::MAX).checked_add(plot).unwrap_err().code,
            "kernel.area_overflow"
        );
        assert_eq!(
            Area(i64::MIN).checked_sub(plot).unwrap_err().code,
            "kernel.area_overflow"
        );
    }

    proptest! {
        #[test]
        fn even_square_metres_become_mu_and_come_back_exactly(half in -1_000_000_000_000_i64..1_000_000_000_000) {
            let area = Area::from_square_metres(half * 2).unwrap();
            prop_assert_eq!(area.square_metres(), half * 2);
            prop_assert_eq!(area.thirds_of_square_metre(), i128::from(half) * 6);
        }

        #[test]
        fn square_metres_are_never_more_than_half_a_metre_off(milli_mu: i64) {
            let area = Area::from_milli_mu(milli_mu);
            let off = area.thirds_of_square_metre() - i128::from(area.square_metres()) * 3;
            prop_assert!(off.abs() <= 1);
        }

        #[test]
        fn what_is_printed_is_read_again(milli_mu: i64) {
            let area = Area::from_milli_mu(milli_mu);
            prop_assert_eq!(area.to_string().parse::<Area>(), Ok(area));
        }
    }
}
