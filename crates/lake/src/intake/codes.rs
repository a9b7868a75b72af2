//! A map from the short codes of a column (counties, products) to what they stand for, asked once a row.

use hashbrown::HashMap;

/// Values by code. Codes of up to fifteen bytes are held as one whole number, which is hashed and compared quicker than text.
#[derive(Debug)]
pub struct Codes<V> {
    short: HashMap<Short, V>,
    long: HashMap<Vec<u8>, V>,
}

/// The bytes of a text from the lowest on, and its length in the highest: no two texts share it.
type Short = u128;

impl<V> Default for Codes<V> {
    fn default() -> Self {
        Self {
            short: HashMap::default(),
            long: HashMap::default(),
        }
    }
}

impl<V: Copy> Codes<V> {
    /// What the code stands for.
    #[inline]
    pub fn get(&self, code: &[u8]) -> Option<V> {
        match short(code) {
            Some(code) => self.short.get(&code).copied(),
            None => self.long.get(code).copied(),
        }
    }

    /// Says what the code stands for.
    pub fn insert(&mut self, code: &[u8], value: V) {
        match short(code) {
            Some(code) => self.short.insert(code, value),
            None => self.long.insert(code.to_vec(), value),
        };
    }
}

#[inline]
fn short(code: &[u8]) -> Option<Short> {
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
                map.insert(code.as_bytes(), number);
            }
            for (number, code) in codes.iter().enumerate() {
                prop_assert_eq!(map.get(code.as_bytes()), Some(number));
            }
            prop_assert_eq!(map.get(b"abc~"), None);
        }
    }
}
