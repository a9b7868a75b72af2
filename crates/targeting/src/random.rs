//! Chance by seed: SplitMix64 (Steele, Lea, Flood 2014), the same draws on every machine.

/// A source of draws.
#[derive(Clone, Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A whole number below `end`; 0 where that is 0.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        let wide = u128::from(self.next()) * u128::try_from(end).unwrap_or_default();
        usize::try_from(wide >> 64).unwrap_or_default()
    }

    /// Deals so many things into `folds` folds of nearly the same size; the fold of each.
    pub(crate) fn deal(&mut self, things: usize, folds: usize) -> Vec<usize> {
        let mut dealt: Vec<usize> = (0..things).map(|thing| thing % folds.max(1)).collect();
        for last in (1..things).rev() {
            dealt.swap(last, self.below(last + 1));
        }
        dealt
    }
}
