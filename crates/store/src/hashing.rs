//! The bytes of what is linked by hashes, so that anyone can compute the hashes again without this program.
//!
//! ```text
//! number(n)  8 bytes, two's complement, highest byte first
//! text(t)    number(length in bytes) and then the UTF-8 bytes
//! maybe(n)   byte 0 for NULL; byte 1 and then number(n)
//! ```

use sha2::{Digest as _, Sha256};

/// SHA-256 over fields, one after the other.
#[derive(Clone)]
pub struct FieldHasher(Sha256);

impl FieldHasher {
    /// Begins with what is hashed and its form: `fishpond entry 1`, and a line end.
    #[must_use]
    pub fn new(form: &str) -> Self {
        Self(Sha256::new_with_prefix(form).chain_update(b"\n"))
    }

    /// A number.
    pub fn number(&mut self, number: i64) -> &mut Self {
        self.0.update(number.to_be_bytes());
        self
    }

    /// A text.
    pub fn text(&mut self, text: &str) -> &mut Self {
        self.0.update((text.len() as u64).to_be_bytes());
        self.0.update(text);
        self
    }

    /// A number that may be missing.
    pub fn maybe(&mut self, maybe: Option<i64>) -> &mut Self {
        match maybe {
            None => {
                self.0.update([0]);
                self
            }
            Some(value) => {
                self.0.update([1]);
                self.number(value)
            }
        }
    }

    /// The raw bytes of another hash.
    pub fn hash(&mut self, hash: &[u8; 32]) -> &mut Self {
        self.0.update(hash);
        self
    }

    /// The hash.
    #[must_use]
    pub fn finish(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}
