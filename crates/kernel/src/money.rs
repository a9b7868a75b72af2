//! Money in whole fen. No floating point, no silent wrap: what does not fit is refused.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{Fault, Refusal, decimal};

/// An amount of money in fen (1/100 yuan), or in the hundredth part of the [`Currency`](crate::Currency) beside it.
///
/// Negative amounts are refunds and debts. Arithmetic that would overflow is refused with
/// `kernel.money_overflow`; there are no `+` and `-`, so nobody forgets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Money(i64);

impl Money {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// An amount from whole fen.
    pub const fn from_fen(fen: i64) -> Self {
        Self(fen)
    }

    /// The amount in fen.
    pub const fn fen(self) -> i64 {
        self.0
    }

    /// The sum of two amounts.
    pub fn checked_add(self, other: Self) -> Result<Self, Refusal> {
        self.0
            .checked_add(other.0)
            .map(Self)
            .ok_or_else(|| overflow("+", self, other.0))
    }

    /// This amount less another.
    pub fn checked_sub(self, other: Self) -> Result<Self, Refusal> {
        self.0
            .checked_sub(other.0)
            .map(Self)
            .ok_or_else(|| overflow("-", self, other.0))
    }

    /// The same amount with the other sign.
    pub fn checked_neg(self) -> Result<Self, Refusal> {
        self.0
            .checked_neg()
            .map(Self)
            .ok_or_else(|| overflow("*", self, -1))
    }

    /// This amount a whole number of times.
    pub fn checked_mul(self, times: i64) -> Result<Self, Refusal> {
        self.0
            .checked_mul(times)
            .map(Self)
            .ok_or_else(|| overflow("*", self, times))
    }

    /// The sum of many amounts. Only the total must fit; the order of the amounts does not matter.
    pub fn try_sum(amounts: impl IntoIterator<Item = Self>) -> Result<Self, Refusal> {
        let total: i128 = amounts.into_iter().map(|amount| i128::from(amount.0)).sum();
        Self::try_from_wide(total)
    }

    /// An amount that was computed wide, when it fits.
    pub(crate) fn try_from_wide(fen: i128) -> Result<Self, Refusal> {
        i64::try_from(fen)
            .map(Self)
            .map_err(|_| Refusal::new("kernel.money_overflow", Fault::Refused).value(fen))
    }

    /// Shares the amount out in proportion to weights, so that the shares add up to it exactly.
    ///
    /// Largest remainder (Hamilton): each share is cut to whole fen, then the fen left over go one each to the
    /// largest cut-off parts, equal ones to the lower index. So no share is a whole fen away from its exact
    /// part, and every share has the sign of the amount. No weights, or only zeros, is refused with
    /// `kernel.no_weights`, except that nothing shared among no one is nothing.
    pub fn split(self, weights: &[u64]) -> Result<Vec<Self>, Refusal> {
        let whole: u128 = weights.iter().map(|weight| u128::from(*weight)).sum();
        if whole == 0 {
            if weights.is_empty() && self == Self::ZERO {
                return Ok(Vec::new());
            }
            return Err(Refusal::new("kernel.no_weights", Fault::Refused)
                .value(self)
                .fact("shares", weights.len()));
        }
        let size = u128::from(self.0.unsigned_abs());
        // At most 2^63 x 2^64: fits.
        let exact = |weight: &u64| size * u128::from(*weight);
        let mut shares: Vec<u128> = weights.iter().map(|weight| exact(weight) / whole).collect();
        let left_over = size - shares.iter().sum::<u128>();
        let mut order: Vec<(u128, usize)> = weights
            .iter()
            .map(|weight| exact(weight) % whole)
            .zip(0..)
            .collect();
        order.sort_unstable_by(|(a, i), (b, j)| b.cmp(a).then(i.cmp(j)));
        for (_, index) in order
            .into_iter()
            .take(usize::try_from(left_over).unwrap_or(usize::MAX))
        {
            if let Some(share) = shares.get_mut(index) {
                *share += 1;
            }
        }
        shares.into_iter().map(|share| self.with_size(share)).collect()
    }

    /// An amount of another size with the sign of this one.
    fn with_size(self, size: u128) -> Result<Self, Refusal> {
        let wide = i128::try_from(size).unwrap_or(i128::MAX);
        Self::try_from_wide(if self.0 < 0 { -wide } else { wide })
    }
}

/// The refusal of a sum that does not fit in 64 bits.
fn overflow(operation: &'static str, amount: Money, other: i64) -> Refusal {
    Refusal::new("kernel.money_overflow", Fault::Refused)
        .value(amount)
        .fact("operation", operation)
        .fact("other", other)
}

impl fmt::Display for Money {
    /// Prints yuan with two places and no commas: `-1234.50`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&decimal::print(self.0, 2))
    }
}

impl FromStr for Money {
    type Err = Refusal;

    /// Reads yuan: `1234.5`, `1,234.50`, `-0.05`. A third decimal that is not zero, a misplaced comma or any
    /// other sign is refused with `kernel.bad_money`.
    fn from_str(text: &str) -> Result<Self, Refusal> {
        decimal::parse(text.trim(), 2)
            .map(Self)
            .ok_or_else(|| Refusal::new("kernel.bad_money", Fault::Refused).value(text))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fen(fen: i64) -> Money {
        Money::from_fen(fen)
    }

    #[test]
    fn amounts_read_and_print_as_yuan() {
        assert_eq!("1,234.5".parse::<Money>().unwrap(), fen(123_450));
        assert_eq!(fen(123_450).to_string(), "1234.50");
        assert_eq!(fen(-5).to_string(), "-0.05");
        assert_eq!(format!("{:>8}", fen(5)), "    0.05");
        let refusal = "12,34".parse::<Money>().unwrap_err();
        assert_eq!(
            (refusal.code, refusal.value.as_deref()),
            ("kernel.bad_money", Some("12,34"))
        );
    }

    #[test]
    fn an_overflow_is_refused_and_names_the_amount() {
        let most = fen(i64::MAX);
        let least = fen(i64::MIN);
        for refused in [
            most.checked_add(fen(1)),
            least.checked_sub(fen(1)),
            least.checked_neg(),
            most.checked_mul(2),
            Money::try_sum([most, fen(1)]),
        ] {
            assert_eq!(refused.unwrap_err().code, "kernel.money_overflow");
        }
        assert_eq!(Money::try_sum([most, most, least, least]).unwrap(), fen(-2));
    }

    #[test]
    fn equal_remainders_go_to_the_lower_index() {
        assert_eq!(fen(100).split(&[1, 1, 1]).unwrap(), [fen(34), fen(33), fen(33)]);
        assert_eq!(
            fen(-100).split(&[1, 1, 1]).unwrap(),
            [fen(-34), fen(-33), fen(-33)]
        );
        assert_eq!(
            fen(5).split(&[0, 1, 0, 1]).unwrap(),
            [fen(0), fen(3), fen(0), fen(2)]
        );
        assert_eq!(fen(i64::MIN).split(&[u64::MAX]).unwrap(), [fen(i64::MIN)]);
    }

    #[test]
    fn sharing_among_no_one_is_refused() {
        assert_eq!(fen(1).split(&[]).unwrap_err().code, "kernel.no_weights");
        assert_eq!(fen(1).split(&[0, 0]).unwrap_err().code, "kernel.no_weights");
        assert_eq!(Money::ZERO.split(&[]).unwrap(), []);
    }

    proptest! {
        #[test]
        fn shares_add_up_keep_the_sign_and_are_fair_within_a_fen(
            amount: i64,
            weights in prop::collection::vec(prop_oneof![0_u64..1000, any::<u64>()], 1..30),
        ) {
            let whole: u128 = weights.iter().map(|w| u128::from(*w)).sum();
            prop_assume!(whole > 0);
            let shares = fen(amount).split(&weights).unwrap();
            prop_assert_eq!(Money::try_sum(shares.iter().copied()).unwrap(), fen(amount));
            for (share, weight) in shares.iter().zip(&weights) {
                prop_assert!(share.fen() == 0 || (share.fen() < 0) == (amount < 0));
                // |share - amount * weight / whole| < 1, without dividing.
                let exact = u128::from(amount.unsigned_abs()) * u128::from(*weight);
                let given = u128::from(share.fen().unsigned_abs());
                prop_assert_eq!(exact / whole, given - u128::from(given > exact / whole));
                prop_assert!(given == exact / whole || !exact.is_multiple_of(whole));
            }
        }

        #[test]
        fn arithmetic_agrees_with_wide_arithmetic_or_is_refused(a: i64, b: i64) {
            let cases = [
                (fen(a).checked_add(fen(b)), i128::from(a) + i128::from(b)),
                (fen(a).checked_sub(fen(b)), i128::from(a) - i128::from(b)),
                (fen(a).checked_mul(b), i128::from(a) * i128::from(b)),
                (fen(a).checked_neg(), -i128::from(a)),
            ];
            for (result, wide) in cases {
                if let Ok(narrow) = i64::try_from(wide) {
                    prop_assert_eq!(result.unwrap(), fen(narrow));
                } else {
                    prop_assert_eq!(result.unwrap_err().code, "kernel.money_overflow");
                }
            }
        }

        #[test]
        fn an_amount_reads_back_from_its_print(amount: i64) {
            prop_assert_eq!(fen(amount).to_string().parse::<Money>().unwrap(), fen(amount));
        }
    }
}
