//! Numbers that look drawn at random: the same seed gives the same ones on every machine. Not for secrets.

/// SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
#[derive(Clone, Debug)]
pub struct SplitMix64(u64);

impl SplitMix64 {
    const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

    /// A generator that starts from a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits.
    pub fn draw(&mut self) -> u64 {
        let drawn = mix(self.0);
        self.0 = self.0.wrapping_add(Self::STEP);
        drawn
    }

    /// A number from zero up to, not including, `end`; zero where `end` is zero.
    pub fn below(&mut self, end: u64) -> u64 {
        // The upper half of a product with `end` is below `end`.
        u64::try_from((u128::from(self.draw()) * u128::from(end)) >> 64).unwrap_or_default()
    }

    /// Puts a list in a drawn order.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            let at = self.below(last as u64 + 1);
            list.swap(last, usize::try_from(at).unwrap_or(last));
        }
    }
}

/// One step of the generator.
pub(crate) fn mix(state: u64) -> u64 {
    let mut z = state.wrapping_add(SplitMix64::STEP);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_draws_are_those_of_the_published_generator() {
        // The first three of seed 1234567, as the reference implementation gives them.
        let mut random = SplitMix64::new(1_234_567);
        let drawn = [random.draw(), random.draw(), random.draw()];
        assert_eq!(
            drawn,
            [
                6_457_827_717_110_365_317,
                3_203_168_211_198_807_973,
                9_817_491_932_198_370_423
            ]
        );
        assert_eq!(random.below(0), 0);
    }
}
