//! A map from the short codes of a column (counties, products) to what they stand for, asked once a row.

use hashbrown::HashMap;

/// Values by code. Codes of up to sixteen bytes are held as two whole numbers, which are hashed and compared quicker than text.
#[derive(Debug)]
pub struct Codes<V> {
    short: HashMap<Short, V>,
    long: HashMap<Vec<u8>, V>,
}

/// The first and the last bytes of a text, which may overlap, and its length: no two texts share all three.
type Short = (u64, u64, usize);

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
    if let (Some(first), Some(last), 8..=16) = (code.first_chunk(), code.last_chunk(), code.len()) {
        return Some((u64::from_le_bytes(*first), u64::from_le_bytes(*last), code.len()));
    }
    if let (Some(first), Some(last), 4..8) = (code.first_chunk(), code.last_chunk(), code.len()) {
        let widened = |bytes: &[u8; 4]| u64::from(u32::from_le_bytes(*bytes));
        return Some((widened(first), widened(last), code.len()));
    }
    let first = match *code {
        [] => [0; 4],
        [a] => [a, 0, 0, 0],
        [a, b] => [a, b, 0, 0],
        [a, b, c] => [a, b, c, 0],
        _ => return None,
    };
    Some((u64::from(u32::from_le_bytes(first)), 0, code.len()))
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
