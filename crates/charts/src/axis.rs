//! Round steps for the quiet rules behind a line.

/// The rules of a chart, from `base` up to `peak`.
pub(super) struct Axis {
    base: i128,
    peak: i128,
    step: i128,
}

impl Axis {
    /// Rules around the values `lowest` to `highest`. They begin at zero, but not when all values lie in the upper two
    /// fifths: then the line would be all that is seen of nothing.
    pub(super) fn around(lowest: i64, highest: i64) -> Self {
        let (low, high) = (i128::from(lowest.min(highest)), i128::from(highest.max(lowest)));
        let low = if low > high * 3 / 5 { low } else { low.min(0) };
        let high = high.max(low + 1);
        // Up to seven rules, so that no more than a sixth of the height is left empty.
        let span = (high - low).saturating_mul(2) / 3;
        let step = i128::from(nice_step(i64::try_from(span).unwrap_or(i64::MAX)));
        Self {
            base: low.div_euclid(step) * step,
            peak: (high - 1).div_euclid(step) * step + step,
            step,
        }
    }

    /// The values that have a rule.
    pub(super) fn ticks(&self) -> Vec<i64> {
        let count = (self.peak - self.base) / self.step;
        (0..=count)
            .filter_map(|index| i64::try_from(self.base + index * self.step).ok())
            .collect()
    }

    /// How far above the lowest rule `value` lies when the highest lies `length` above it.
    pub(super) fn rise(&self, value: i64, length: i64) -> i64 {
        super::svg::scaled_sum(i128::from(value) - self.base, self.peak - self.base, length)
    }
}

/// A step of 1, 2 or 5 times a power of ten that gives two to five rules.
pub(super) fn nice_step(largest: i64) -> i64 {
    let target = (largest / 4).max(1);
    let mut power = 1_i64;
    while power <= target / 10 {
        power *= 10;
    }
    [1, 2, 5, 10]
        .into_iter()
        .map(|factor| power.saturating_mul(factor))
        .find(|step| *step >= target)
        .unwrap_or(largest)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn rules_begin_at_zero_unless_the_values_lie_high_or_below_it() {
        assert_eq!(Axis::around(3, 96).ticks(), [0, 20, 40, 60, 80, 100]);
        assert_eq!(Axis::around(612, 655).ticks(), [610, 620, 630, 640, 650, 660]);
        assert_eq!(Axis::around(-30, 40).ticks(), [-40, -20, 0, 20, 40]);
        assert_eq!(Axis::around(0, 0).ticks(), [0, 1]);
    }

    proptest! {
        #[test]
        fn there_are_never_more_than_a_handful_of_rules(largest in 1_i64..i64::MAX) {
            let step = nice_step(largest);
            prop_assert!(step >= 1 && (largest - 1) / step < 5);
        }

        #[test]
        fn every_value_lies_between_the_rules(a in any::<i64>(), b in any::<i64>()) {
            let axis = Axis::around(a, b);
            prop_assert!(axis.ticks().len() <= 9);
            prop_assert!(axis.base <= i128::from(a.min(b)) && i128::from(a.max(b)) <= axis.peak);
            prop_assert!((0..=200).contains(&axis.rise(a, 200)));
        }
    }
}
