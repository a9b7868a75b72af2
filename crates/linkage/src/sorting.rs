//! Sorting by one half of a word, in three rounds of counting instead of comparing.

const ROUNDS: u32 = 3;
/// Bits of a round.
const BITS: u32 = 11;
/// Values that these can have.
const VALUES: usize = 1 << BITS;

/// Puts words in the order of their upper 32 bits; equal ones stay in the order in which they stand. `spare` is room.
pub(crate) fn by_upper_half(words: &mut Vec<u64>, spare: &mut Vec<u64>) {
    let digit = |word: u64, round: u32| (word >> (32 + round * BITS)) as usize % VALUES;
    let mut counts = vec![[0_usize; VALUES]; ROUNDS as usize];
    for word in words.iter() {
        for (round, counts) in (0..).zip(&mut counts) {
            counts[digit(*word, round)] += 1;
        }
    }
    spare.resize(words.len(), 0);
    for (round, places) in (0..).zip(&mut counts) {
        let mut sum = 0;
        for place in &mut *places {
            sum += std::mem::replace(place, sum);
        }
        for word in words.iter() {
            let place = &mut places[digit(*word, round)];
            if let Some(slot) = spare.get_mut(*place) {
                *slot = *word;
            }
            *place += 1;
        }
        std::mem::swap(words, spare);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn words_stand_by_their_upper_half_and_else_as_they_came(mut words in prop::collection::vec(any::<u64>(), 0..200)) {
            words.extend(words.clone().iter().map(|word| word ^ 1));
            let mut wanted = words.clone();
            wanted.sort_by_key(|word| word >> 32);
            by_upper_half(&mut words, &mut Vec::new());
            prop_assert_eq!(words, wanted);
        }
    }
}
