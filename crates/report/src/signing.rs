//! The key that signs reports and packs: Ed25519, made once, kept in the data folder.
//!
//! `keys/report.key` (readable by its owner only) holds the secret seed in hex, `keys/report.pub` the public key. The
//! key is made at first use from the randomness of the operating system, the one place here where chance is wanted.

use std::io::Write as _;
use std::path::Path;

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use kernel::{Fault, Refusal};
use rand::TryRng as _;
use rand::rngs::SysRng;

/// A key pair that can sign.
pub struct ReportKey(SigningKey);

impl ReportKey {
    /// The key of a data folder; a new folder gets a new one.
    ///
    /// # Errors
    /// `report.key_unreadable` when the key file is there but is no key or cannot be read or written.
    pub fn open_or_make(data_dir: &Path) -> Result<Self, Refusal> {
        let dir = data_dir.join("keys");
        let path = dir.join("report.key");
        if !path.exists() {
            make(&dir, &path).map_err(|error| unreadable(&path).fact("error", error))?;
        }
        let text = std::fs::read_to_string(&path).map_err(|error| unreadable(&path).fact("error", error))?;
        let seed: [u8; 32] = hex::decode(text.trim())
            .ok()
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or_else(|| unreadable(&path))?;
        let key = Self::from_seed(seed);
        let public = dir.join("report.pub");
        if !public.exists() {
            std::fs::write(&public, format!("{}\n", key.public_hex()))
                .map_err(|error| unreadable(&public).fact("error", error))?;
        }
        Ok(key)
    }

    /// The key of a given seed, the same each time.
    #[must_use]
    pub fn from_seed(seed: [u8; 32]) -> Self {
        Self(SigningKey::from_bytes(&seed))
    }

    /// The public key, lower-case hex.
    #[must_use]
    pub fn public_hex(&self) -> String {
        hex::encode(self.0.verifying_key().to_bytes())
    }

    /// Signs; lower-case hex. The same bytes always give the same signature.
    #[must_use]
    pub fn sign(&self, bytes: &[u8]) -> String {
        hex::encode(self.0.sign(bytes).to_bytes())
    }
}

/// Whether `signature` over `bytes` is of `public_key` (both lower-case hex, nothing else accepted).
#[must_use]
pub fn verifies(public_key: &str, bytes: &[u8], signature: &str) -> bool {
    let lower = |text: &str| {
        text.bytes()
            .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
    };
    if !lower(public_key) || !lower(signature) {
        return false;
    }
    let key = hex::decode(public_key)
        .ok()
        .and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    let signature = hex::decode(signature)
        .ok()
        .and_then(|bytes| <[u8; 64]>::try_from(bytes).ok());
    let (Some(key), Some(signature)) = (key, signature) else {
        return false;
    };
    VerifyingKey::from_bytes(&key).is_ok_and(|key| {
        key.verify_strict(bytes, &Signature::from_bytes(&signature))
            .is_ok()
    })
}

/// Writes a new seed beside the key's place and links it in; whoever came first stays.
fn make(dir: &Path, path: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(dir)?;
    let mut seed = [0; 32];
    SysRng.try_fill_bytes(&mut seed).map_err(std::io::Error::other)?;
    // A NamedTempFile is readable by its owner only.
    let mut file = tempfile::NamedTempFile::new_in(dir)?;
    writeln!(file, "{}", hex::encode(seed))?;
    file.as_file().sync_all()?;
    match file.persist_noclobber(path) {
        Err(error) if !path.exists() => Err(error.error),
        _ => Ok(()),
    }
}

fn unreadable(path: &Path) -> Refusal {
    Refusal::new("report.key_unreadable", Fault::Broken).at(path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_data_folder_keeps_its_key() {
        let folder = tempfile::tempdir().unwrap();
        let first = ReportKey::open_or_make(folder.path()).unwrap();
        let second = ReportKey::open_or_make(folder.path()).unwrap();
        assert_eq!(first.public_hex(), second.public_hex());
        assert_eq!(
            std::fs::read_to_string(folder.path().join("keys/report.pub"))
                .unwrap()
                .trim(),
            first.public_hex()
        );
        let other = ReportKey::open_or_make(tempfile::tempdir().unwrap().path()).unwrap();
        assert_ne!(first.public_hex(), other.public_hex());
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_can_read_the_key() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        ReportKey::open_or_make(folder.path()).unwrap();
        let mode = std::fs::metadata(folder.path().join("keys/report.key"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_damaged_key_is_not_replaced_in_silence() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("keys")).unwrap();
        std::fs::write(folder.path().join("keys/report.key"), "no key").unwrap();
        assert!(
            ReportKey::open_or_make(folder.path())
                .is_err_and(|refusal| refusal.code == "report.key_unreadable")
        );
    }

    #[test]
    fn signatures_hold_for_their_bytes_and_key_only() {
        let key = ReportKey::from_seed([1; 32]);
        let signature = key.sign(b"fish");
        assert!(verifies(&key.public_hex(), b"fish", &signature));
        assert!(!verifies(&key.public_hex(), b"fisH", &signature));
        assert!(!verifies(
            &ReportKey::from_seed([2; 32]).public_hex(),
            b"fish",
            &signature
        ));
        assert!(!verifies(&key.public_hex(), b"fish", &signature.to_uppercase()));
    }
}
