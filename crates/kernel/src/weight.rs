//! Weights in whole grams.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Fault, Refusal, decimal};

/// A weight in grams.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Weight(i64);

impl Weight {
    /// No weight.
    pub const ZERO: Self = Self(0);

    /// A weight from whole grams.
    pub const fn from_g(g: i64) -> Self {
        Self(g)
    }

    /// The weight in grams.
    pub const fn g(self) -> i64 {
        self.0
    }

    /// The sum of two weights; refused with `kernel.weight_overflow` when it does not fit.
    pub fn checked_add(self, other: Self) -> Result<Self, Refusal> {
        self.0
            .checked_add(other.0)
            .map(Self)
            .ok_or_else(|| overflow(self))
    }

    /// This weight less another; refused with `kernel.weight_overflow` when it does not fit.
    pub fn checked_sub(self, other: Self) -> Result<Self, Refusal> {
        self.0
            .checked_sub(other.0)
            .map(Self)
            .ok_or_else(|| overflow(self))
    }

    /// The sum of many weights. Only the total must fit.
    pub fn try_sum(weights: impl IntoIterator<Item = Self>) -> Result<Self, Refusal> {
        let total: i128 = weights.into_iter().map(|weight| i128::from(weight.0)).sum();
        i64::try_from(total)
            .map(Self)
            .map_err(|_| Refusal::new("kernel.weight_overflow", Fault::Refused).value(total))
    }
}

/// The refusal of a weight that does not fit in 64 bits.
fn overflow(weight: Weight) -> Refusal {
    Refusal::new("kernel.weight_overflow", Fault::Refused).value(weight)
}

impl fmt::Display for Weight {
    /// Prints kilograms with three places: `1.250`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&decimal::print(self.0, 3))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_add_up_or_are_refused() {
        let sack = Weight::from_g(25_500);
        assert_eq!(sack.to_string(), "25.500");
        assert_eq!(sack.checked_add(sack).unwrap(), Weight::from_g(51_000));
        assert_eq!(Weight::try_sum([sack, sack, sack]).unwrap().g(), 76_500);
        let most = Weight::from_g(i64::MAX);
        assert_eq!(most.checked_add(sack).unwrap_err().code, "kernel.weight_overflow");
        assert_eq!(
            Weight::from_g(i64::MIN).checked_sub(sack).unwrap_err().code,
            "kernel.weight_overflow"
        );
        assert_eq!(
            Weight::try_sum([most, most]).unwrap_err().code,
            "kernel.weight_overflow"
        );
    }
}
