//! Secrets at rest: AES-256-GCM under a key that lies beside the database and never in it.
//!
//! `keys/secrets.key` in the data folder (readable by its owner only) holds 32 bytes in hexadecimal, made at first use and
//! kept by a backup. A sealed secret is bound to its owner: copied into another row it opens nothing. What must be found again
//! without being opened, such as an account number, has a mark: HMAC-SHA256 under a second key made from the first.

use std::io::Write as _;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kernel::{Fault, Refusal, SecretSource};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hmac;

/// What the key of the marks is made from, beside the key itself.
const MARKS: &[u8] = b"fishpond.marks.1";

/// Seals and opens secrets, and marks what is looked for.
#[derive(Clone)]
pub struct Keyring {
    seals: LessSafeKey,
    marks: hmac::Key,
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
        let marks = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, seed), MARKS);
        Ok(Self {
            seals: LessSafeKey::new(key),
            marks: hmac::Key::new(hmac::HMAC_SHA256, marks.as_ref()),
        })
    }

    /// The mark of a text in a field: the same for the same text and field, and saying nothing of either to whoever has
    /// no key.
    #[must_use]
    pub fn mark(&self, field: &str, text: &str) -> String {
        let mut context = hmac::Context::with_key(&self.marks);
        // The length keeps field and text apart.
        context.update(field.len().to_string().as_bytes());
        context.update(b" ");
        context.update(field.as_bytes());
        context.update(text.as_bytes());
        hex::encode(context.sign().as_ref())
    }

    /// Seals a secret for its owner, with a nonce of its own. Answers base64 of nonce and sealed bytes.
    ///
    /// # Errors
    /// `kernel.no_randomness`; `store.secret_unreadable` for a secret of more than 64 GiB.
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
    /// `store.secret_unreadable`: sealed under another key, for another owner, or damaged.
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
    fn a_mark_is_the_same_for_the_same_text_of_a_field_under_a_key_only() {
        let key = Keyring::from_seed(&[1; 32]).unwrap();
        let mark = key.mark("account", "12345678");
        assert_eq!(
            mark,
            Keyring::from_seed(&[1; 32]).unwrap().mark("account", "12345678")
        );
        let other_key = Keyring::from_seed(&[2; 32]).unwrap();
        for other in [
            other_key.mark("account", "12345678"),
            key.mark("account", "12345679"),
            key.mark("name", "12345678"),
            key.mark("account1", "2345678"),
        ] {
            assert_ne!(mark, other);
        }
        assert_eq!(mark.len(), 64);
    }
}
