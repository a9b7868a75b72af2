//! SHA-256 of two texts at once. Each step of the hash waits for the one before, and a processor that has words for it is
//! idle meanwhile: with the blocks of two texts taken by turns it works on the one while the other waits.

use sha2::block_api::compress256;

/// Bytes that are hashed in one go.
const BLOCK: usize = 64;
/// Bytes of a text's length in bits, which stand at the end of its last block.
const LENGTH: usize = 8;
/// What every hash begins with (FIPS 180-4, 5.3.3).
const BEGIN: [u32; 8] = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

/// The SHA-256 of each of the two texts.
#[must_use]
pub fn digests(texts: [Vec<u8>; 2]) -> [[u8; 32]; 2] {
    let padded = texts.map(padded);
    let [one, other] = padded.each_ref().map(|text| text.as_chunks::<BLOCK>().0);
    let [mut of_one, mut of_other] = [BEGIN; 2];
    for (block, other_block) in one.iter().zip(other) {
        compress256(&mut of_one, std::slice::from_ref(block));
        compress256(&mut of_other, std::slice::from_ref(other_block));
    }
    compress256(&mut of_one, one.get(other.len()..).unwrap_or_default());
    compress256(&mut of_other, other.get(one.len()..).unwrap_or_default());
    [of_one, of_other].map(|words| {
        let mut bytes = [0; 32];
        for (slot, word) in bytes.as_chunks_mut::<4>().0.iter_mut().zip(words) {
            *slot = word.to_be_bytes();
        }
        bytes
    })
}

/// The text made whole blocks: a one, zeros, and its length in bits (FIPS 180-4, 5.1.1).
fn padded(mut text: Vec<u8>) -> Vec<u8> {
    let bits = text.len() as u64 * 8;
    text.push(0x80);
    text.resize((text.len() + LENGTH).next_multiple_of(BLOCK) - LENGTH, 0);
    text.extend(bits.to_be_bytes());
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use sha2::{Digest, Sha256};

    fn texts() -> impl Strategy<Value = Vec<u8>> {
        proptest::collection::vec(any::<u8>(), 0..300)
    }

    proptest! {
        #[test]
        fn two_at_once_are_hashed_as_each_alone(one in texts(), other in texts()) {
            let alone = [&one, &other].map(|text| -> [u8; 32] { Sha256::digest(text).into() });
            prop_assert_eq!(digests([one, other]), alone);
        }
    }
}
