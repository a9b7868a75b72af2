//! The simulator's own numbers that look drawn at random: the same seed gives the same ones on every machine.

use kernel::SplitMix64;

/// A generator for one purpose: each purpose has numbers of its own, so that more of one never shift another.
#[derive(Debug, Clone)]
pub struct Random(SplitMix64);

impl Random {
    /// The generator of a purpose.
    pub fn new(seed: u64, purpose: &str) -> Self {
        // FNV-1a over the purpose's name.
        let tag = purpose.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        let mut random = SplitMix64::new(seed ^ tag);
        random.draw();
        Self(random)
    }

    /// The next 64 bits.
    pub fn next(&mut self) -> u64 {
        self.0.draw()
    }

    /// A number from zero up to, not including, `end`; zero where `end` is zero.
    pub fn below(&mut self, end: u64) -> u64 {
        self.0.below(end)
    }

    /// A number between `first` and `last`, both included.
    pub fn between(&mut self, first: u64, last: u64) -> u64 {
        first + self.below(last - first + 1)
    }

    /// Puts a list in a drawn order.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        self.0.shuffle(list);
    }
}
