//! A secret that is shown once: the value goes to the person, its SHA-256 into the database.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kernel::{Refusal, SecretSource};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// 256 random bits as 43 letters that may stand in an address or a header. Printing it for debugging shows nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// A new one.
    pub(super) fn draw(source: &dyn SecretSource) -> Result<Self, Refusal> {
        let mut bytes = [0_u8; 32];
        source.fill(&mut bytes)?;
        Ok(Self(to_base64(&bytes)))
    }

    /// A new one with letters before it that say what it is.
    pub(super) fn draw_with_prefix(prefix: &str, source: &dyn SecretSource) -> Result<Self, Refusal> {
        Ok(Self(format!("{prefix}{}", Self::draw(source)?.0)))
    }

    /// One that was kept as it is.
    pub fn kept(text: String) -> Self {
        Self(text)
    }

    /// The letters themselves: for the person it belongs to, for nobody else.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether someone knows it; takes as long for a near miss as for a far one.
    pub fn is(&self, said: &str) -> bool {
        self.0.as_bytes().ct_eq(said.as_bytes()).into()
    }

    pub(super) fn sha256(&self) -> String {
        sha256_hex(&self.0)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// The hash under which a secret is kept. Only for what is too long to be guessed; passwords have their own.
pub(super) fn sha256_hex(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

/// The letters of base64 for addresses, without padding.
pub(super) fn to_base64(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The bytes of such letters.
pub(super) fn from_base64(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

#[cfg(test)]
mod tests {
    use kernel::SeededSecrets;

    use super::*;

    #[test]
    fn a_secret_is_long_shows_nothing_and_knows_itself() {
        let secret = Secret::draw(&SeededSecrets::new(1)).unwrap();
        assert_eq!(secret.as_str().len(), 43);
        assert!(!format!("{secret:?}").contains(secret.as_str()));
        assert!(secret.is(secret.as_str()));
        assert!(!secret.is(""));
        assert_eq!(secret.sha256().len(), 64);
        assert_eq!(from_base64(&to_base64(&[0, 255])), Some(vec![0, 255]));
        assert_eq!(from_base64("=="), None);
    }
}
