//! Secrets at rest: AES-256-GCM under a key that lies beside the database and never in it.
//!
//! `keys/secrets.key` in the data folder (readable by its owner only) holds 32 bytes in hexadecimal, made at first use and
//! kept by a backup. A sealed secret is bound to its owner: copied into another row it opens nothing.

use std::io::Write as _;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kernel::{Fault, Refusal, SecretSource};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hmac::{self, HMAC_SHA256};

/// Seals and opens secrets, and knows again what may not be kept in the clear.
#[derive(Clone)]
pub struct Keyring {
    seals: LessSafeKey,
    fingerprints: hmac::Key,
}

impl Keyring {
    /// The key of a data folder; a new folder gets a new one.
    ///
    /// # Errors
    /// `store.key_unreadable`, naming the file; `kernel.no_randomness`.
    pub fn open_or_make(data: &Path, secrets: &dyn SecretSource) -> Result<Self, Refusal> {
        let folder = data.join("keys");
        let path = folder.join("secrets.key");
        let unreadable = || Refusal::new("store.key_unreadable", Fault::Broken).at(path.display());
        if !path.exists() {
            let mut seed = [0_u8; 32];
            secrets.fill(&mut seed)?;
            make(&folder, &path, &hex::encode(seed)).map_err(|error| unreadable().fact("cause", error))?;
        }
        let text = std::fs::read_to_string(&path).map_err(|error| unreadable().fact("cause", error))?;
        let seed = hex::decode(text.trim()).ok();
        let seed: Option<[u8; 32]> = seed.and_then(|bytes| bytes.try_into().ok());
        Self::from_seed(&seed.ok_or_else(unreadable)?)
    }

    /// The key of given bytes.
    ///
    /// # Errors
    /// `store.key_unreadable`.
    pub fn from_seed(seed: &[u8; 32]) -> Result<Self, Refusal> {
        let key = UnboundKey::new(&AES_256_GCM, seed);
        let key = key.map_err(|_| Refusal::new("store.key_unreadable", Fault::Broken))?;
        // A key of its own for each use, so that neither tells anything of the other.
        let own = hmac::sign(&hmac::Key::new(HMAC_SHA256, seed), b"fishpond fingerprints");
        Ok(Self {
            seals: LessSafeKey::new(key),
            fingerprints: hmac::Key::new(HMAC_SHA256, own.as_ref()),
        })
    }

    /// What a text is known by again: HMAC-SHA256 in hexadecimal, the same for the same text and owner. Without the key
    /// nobody finds the text by trying, as they would with a plain hash of an address or a number.
    #[must_use]
    pub fn fingerprint(&self, text: &str, owner: &str) -> String {
        let mut context = hmac::Context::with_key(&self.fingerprints);
        // The length keeps two pairs apart that would read the same in one row.
        context.update(&(owner.len() as u64).to_be_bytes());
        context.update(owner.as_bytes());
        context.update(text.as_bytes());
        hex::encode(context.sign())
    }

    /// Seals a secret for its owner, with a nonce of its own.
    ///
    /// # Errors
    /// `kernel.no_randomness`.
    pub fn seal(&self, secret: &[u8], owner: &str, secrets: &dyn SecretSource) -> Result<String, Refusal> {
        let mut nonce = [0_u8; NONCE_LEN];
        secrets.fill(&mut nonce)?;
        let mut sealed = secret.to_vec();
        let aad = Aad::from(owner.as_bytes());
        self.seals
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), aad, &mut sealed)
            .map_err(|_| unopened())?;
        Ok(STANDARD.encode([&nonce[..], &sealed].concat()))
    }

    /// Opens what was sealed for this owner.
    ///
    /// # Errors
    /// `store.secret_unreadable`.
    pub fn open(&self, sealed: &str, owner: &str) -> Result<Vec<u8>, Refusal> {
        let bytes = STANDARD.decode(sealed).map_err(|_| unopened())?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE_LEN).ok_or_else(unopened)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| unopened())?;
        let (mut sealed, aad) = (sealed.to_vec(), Aad::from(owner.as_bytes()));
        let opened = self.seals.open_in_place(nonce, aad, &mut sealed);
        Ok(opened.map_err(|_| unopened())?.to_vec())
    }
}

fn unopened() -> Refusal {
    Refusal::new("store.secret_unreadable", Fault::Broken)
}

fn make(folder: &Path, path: &Path, text: &str) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(format!("{text}\n").as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use kernel::SeededSecrets;

    use super::*;

    #[test]
    fn what_is_sealed_opens_for_its_owner_under_its_key_and_in_no_other_way() {
        let (key, secrets) = (Keyring::from_seed(&[1; 32]).unwrap(), SeededSecrets::new(1));
        let sealed = key.seal(b"a secret", "one", &secrets).unwrap();
        assert_eq!(key.open(&sealed, "one").unwrap(), b"a secret");
        assert_ne!(sealed, key.seal(b"a secret", "one", &secrets).unwrap());
        assert!(key.open(&sealed, "two").is_err());
        assert!(
            Keyring::from_seed(&[2; 32])
                .unwrap()
                .open(&sealed, "one")
                .is_err()
        );
        for damaged in ["", "AAAA", "no base64", &sealed.replace(&sealed[20..24], "AAAA")] {
            assert_eq!(
                key.open(damaged, "one").unwrap_err().code,
                "store.secret_unreadable"
            );
        }
    }

    #[test]
    fn a_fingerprint_is_the_same_for_the_same_text_owner_and_key_only() {
        let key = Keyring::from_seed(&[1; 32]).unwrap();
        let print = key.fingerprint("lan@example.org", "one");
        assert_eq!(print.len(), 64);
        assert_eq!(print, key.fingerprint("lan@example.org", "one"));
        assert_ne!(print, key.fingerprint("lan@example.org", "two"));
        assert_ne!(key.fingerprint("bc", "a"), key.fingerprint("c", "ab"));
        let other = Keyring::from_seed(&[2; 32]).unwrap();
        assert_ne!(print, other.fingerprint("lan@example.org", "one"));
    }
}
