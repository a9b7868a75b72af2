//! A map from the short codes of a column (counties, products) to what they stand for, asked once a row.

use hashbrown::HashMap;

/// Codes asked for lately that are found without a search.
const LATELY: usize = 1 << 11;

/// Values by code. Codes of up to fifteen bytes are held as one whole number, which is hashed and compared quicker than text.
#[derive(Debug)]
pub struct Codes<V> {
    /// Each where its number says; one that falls on another's place takes it.
    lately: Vec<(Short, Option<V>)>,
    short: HashMap<Short, V>,
    long: HashMap<Vec<u8>, V>,
}

/// The bytes of a text from the lowest on, and its length in the highest: no two texts share it.
pub type Short = u128;

impl<V: Copy> Default for Codes<V> {
    fn default() -> Self {
        Self {
            lately: vec![(0, None); LATELY],
            short: HashMap::default(),
            long: HashMap::default(),
        }
    }
}

impl<V: Copy> Codes<V> {
    /// What the code stands for.
    #[inline]
    pub fn get(&mut self, code: &[u8]) -> Option<V> {
        let Some(code) = short(code) else {
            return self.long.get(code).copied();
        };
        let slot = self.lately.get_mut(place_of(code))?;
        if slot.0 != code || slot.1.is_none() {
            *slot = (code, self.short.get(&code).copied());
        }
        slot.1
    }

    /// Says what the code stands for.
    pub fn insert(&mut self, code: &[u8], value: V) {
        match short(code) {
            Some(code) => self.short.insert(code, value),
            None => self.long.insert(code.to_vec(), value),
        };
    }
}

/// The upper bits of a product with an odd number near 2⁶⁴ divided by the golden ratio (Knuth, The Art of Computer
/// Programming, volume 3, 6.4), below [`LATELY`].
#[inline]
#[expect(
    clippy::cast_possible_truncation,
    reason = "both halves go into it, and eleven bits come out"
)]
fn place_of(code: Short) -> usize {
    let folded = (code ^ (code >> 64)) as u64;
    (folded.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (u64::BITS - LATELY.ilog2())) as usize
}

/// The number of a code; none where it is long.
#[inline]
pub fn short(code: &[u8]) -> Option<Short> {
    let length = code.len();
    // The last eight (or four) bytes overlap the first where the text is shorter than both; what overlaps is shifted out.
    let bytes = if let (Some(first), Some(last), 8..=15) = (code.first_chunk(), code.last_chunk(), length) {
        let rest = u64::from_le_bytes(*last) >> 8 >> (8 * (15 - length));
        u128::from(u64::from_le_bytes(*first)) | (u128::from(rest) << 64)
    } else if let (Some(first), Some(last), 4..8) = (code.first_chunk(), code.last_chunk(), length) {
        let rest = u32::from_le_bytes(*last) >> 8 >> (8 * (7 - length));
        u128::from(u32::from_le_bytes(*first)) | (u128::from(rest) << 32)
    } else {
        let [a, b, c] = match *code {
            [] => [0; 3],
            [a] => [a, 0, 0],
            [a, b] => [a, b, 0],
            [a, b, c] => [a, b, c],
            _ => return None,
        };
        u128::from(u32::from_le_bytes([a, b, c, 0]))
    };
    Some(bytes | (length as u128) << 120)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_code_finds_its_own_value_and_no_other(codes in proptest::collection::btree_set("[ab]{0,20}", 1..200)) {
            let mut map = Codes::default();
            for (number, code) in codes.iter().enumerate() {
                prop_assert_eq!(map.get(code.as_bytes()), None);
                map.insert(code.as_bytes(), number);
            }
            for (number, code) in codes.iter().enumerate() {
                prop_assert_eq!(map.get(code.as_bytes()), Some(number));
            }
            prop_assert_eq!(map.get(b"abc~"), None);
        }
    }
}
