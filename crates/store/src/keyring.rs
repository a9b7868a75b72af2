//! Secrets at rest: AES-256-GCM under a key that lies beside the database and never in it.
//!
//! `keys/secrets.key` in the data folder (readable by its owner only) is made at first use and kept by a backup. A sealed secret
//! is bound to its owner: copied into another row it opens nothing. What must be found again without being opened, such as an
//! account number, has a mark: HMAC-SHA256 under a key of its own.
//!
//! Keys change: [`Keyring::add_key`] puts a new one into the file, under which everything is sealed from the next start on;
//! [`crate::Store::reseal`] seals again what lies under the old ones; [`Keyring::drop_old_keys`] forgets those. The key of the
//! marks stays, because what was marked is not kept to be marked again.
//!
//! The file: 32 bytes in hexadecimal, from which the key of the marks is made; after the first change a line `marks KEY` and the
//! keys, each `seal KEY`, the newest last.

use std::io::Write as _;
use std::path::{Path, PathBuf};

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
    /// Under which is sealed.
    newest: LessSafeKey,
    /// Under which older secrets still lie.
    older: Vec<LessSafeKey>,
    marks: hmac::Key,
}

/// What the file of keys holds.
struct Keys {
    marks: [u8; 32],
    /// The newest last.
    seals: Vec<[u8; 32]>,
}

impl Keyring {
    /// The keys of a data folder; a new folder gets a new one.
    ///
    /// # Errors
    /// `store.key_unreadable`, naming the file; `kernel.no_randomness`.
    pub fn open_or_make(data: &Path, secrets: &dyn SecretSource) -> Result<Self, Refusal> {
        let path = path(data);
        if !path.exists() {
            let mut seed = [0_u8; 32];
            secrets.fill(&mut seed)?;
            make(&path, &format!("{}\n", hex::encode(seed)))
                .map_err(|error| unreadable(&path).fact("cause", error))?;
        }
        Self::of(&Keys::read(&path)?)
    }

    /// The key of given bytes.
    ///
    /// # Errors
    /// `store.key_unreadable`.
    pub fn from_seed(seed: &[u8; 32]) -> Result<Self, Refusal> {
        Self::of(&Keys::of_seed(*seed))
    }

    /// Puts a new key into the file of a data folder. Whoever opens the folder from now on seals under it; until they have been
    /// started again, others still seal under the old one.
    ///
    /// # Errors
    /// `store.key_unreadable`, naming the file; `kernel.no_randomness`.
    pub fn add_key(data: &Path, secrets: &dyn SecretSource) -> Result<(), Refusal> {
        let path = path(data);
        let mut keys = Keys::read(&path)?;
        let mut seed = [0_u8; 32];
        secrets.fill(&mut seed)?;
        keys.seals.push(seed);
        keys.write(&path)
    }

    /// Forgets all keys of a data folder but the newest, and answers how many. Only after everything was sealed again.
    ///
    /// # Errors
    /// `store.key_unreadable`, naming the file.
    pub fn drop_old_keys(data: &Path) -> Result<usize, Refusal> {
        let path = path(data);
        let mut keys = Keys::read(&path)?;
        let old = keys.seals.len().saturating_sub(1);
        if old > 0 {
            keys.seals.drain(..old);
            keys.write(&path)?;
        }
        Ok(old)
    }

    fn of(keys: &Keys) -> Result<Self, Refusal> {
        let bad = || Refusal::new("store.key_unreadable", Fault::Broken);
        let key = |seed: &[u8; 32]| UnboundKey::new(&AES_256_GCM, seed).map(LessSafeKey::new);
        let seals = keys.seals.iter().rev().map(key).collect::<Result<Vec<_>, _>>();
        let mut seals = seals.map_err(|_| bad())?.into_iter();
        Ok(Self {
            newest: seals.next().ok_or_else(bad)?,
            older: seals.collect(),
            marks: hmac::Key::new(hmac::HMAC_SHA256, &keys.marks),
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
        self.newest
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), aad, &mut sealed)
            .map_err(|_| unopened())?;
        Ok(STANDARD.encode([&nonce[..], &sealed].concat()))
    }

    /// Opens what was sealed for this owner.
    ///
    /// # Errors
    /// `store.secret_unreadable`: sealed under another key, for another owner, or damaged.
    pub fn open(&self, sealed: &str, owner: &str) -> Result<Vec<u8>, Refusal> {
        let mut keys = std::iter::once(&self.newest).chain(&self.older);
        keys.find_map(|key| open(key, sealed, owner)).ok_or_else(unopened)
    }

    /// Seals under the newest key what lies under an older one; none where it lies under the newest already.
    ///
    /// # Errors
    /// As [`Keyring::open`] and [`Keyring::seal`].
    pub fn seal_again(
        &self,
        sealed: &str,
        owner: &str,
        secrets: &dyn SecretSource,
    ) -> Result<Option<String>, Refusal> {
        if open(&self.newest, sealed, owner).is_some() {
            return Ok(None);
        }
        let secret = self.open(sealed, owner)?;
        self.seal(&secret, owner, secrets).map(Some)
    }
}

/// What was sealed under this key for this owner.
fn open(key: &LessSafeKey, sealed: &str, owner: &str) -> Option<Vec<u8>> {
    let bytes = STANDARD.decode(sealed).ok()?;
    let (nonce, sealed) = bytes.split_at_checked(NONCE_LEN)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
    let (mut sealed, aad) = (sealed.to_vec(), Aad::from(owner.as_bytes()));
    Some(key.open_in_place(nonce, aad, &mut sealed).ok()?.to_vec())
}

impl Keys {
    /// One key for everything: that of the marks is made from it.
    fn of_seed(seed: [u8; 32]) -> Self {
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &seed), MARKS);
        let mut marks = [0_u8; 32];
        marks
            .iter_mut()
            .zip(tag.as_ref())
            .for_each(|(to, from)| *to = *from);
        Self {
            marks,
            seals: vec![seed],
        }
    }

    fn read(path: &Path) -> Result<Self, Refusal> {
        let text = std::fs::read_to_string(path).map_err(|error| unreadable(path).fact("cause", error))?;
        Self::parse(&text).ok_or_else(|| unreadable(path))
    }

    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        let first = lines.next()?.trim();
        let Some(marks) = first.strip_prefix("marks ") else {
            return lines.next().is_none().then_some(Self::of_seed(key_bytes(first)?));
        };
        let seals = lines.map(|line| key_bytes(line.trim().strip_prefix("seal ")?));
        Some(Self {
            marks: key_bytes(marks)?,
            seals: seals
                .collect::<Option<Vec<_>>>()
                .filter(|seals| !seals.is_empty())?,
        })
    }

    /// Writes beside the file, then puts it in its place: there is the old file or the new one.
    fn write(&self, path: &Path) -> Result<(), Refusal> {
        let mut text = format!("marks {}\n", hex::encode(self.marks));
        for seal in &self.seals {
            text.push_str("seal ");
            text.push_str(&hex::encode(seal));
            text.push('\n');
        }
        let beside = path.with_extension("new");
        let written = std::fs::remove_file(&beside)
            .or_else(|error| match error.kind() {
                std::io::ErrorKind::NotFound => Ok(()),
                _ => Err(error),
            })
            .and_then(|()| make(&beside, &text))
            .and_then(|()| std::fs::rename(&beside, path))
            .and_then(|()| std::fs::File::open(path.parent().unwrap_or(path))?.sync_all());
        written.map_err(|error| unreadable(path).fact("cause", error))
    }
}

fn key_bytes(text: &str) -> Option<[u8; 32]> {
    hex::decode(text).ok()?.try_into().ok()
}

fn path(data: &Path) -> PathBuf {
    data.join("keys").join("secrets.key")
}

fn unreadable(path: &Path) -> Refusal {
    Refusal::new("store.key_unreadable", Fault::Broken).at(path.display())
}

fn unopened() -> Refusal {
    Refusal::new("store.secret_unreadable", Fault::Broken)
}

/// A new file that its owner alone may read.
fn make(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
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
    fn a_changed_key_seals_what_is_new_opens_what_is_old_and_is_alone_when_all_was_sealed_again() {
        let (folder, secrets) = (tempfile::tempdir().unwrap(), SeededSecrets::new(1));
        let before = Keyring::open_or_make(folder.path(), &secrets).unwrap();
        let (sealed, mark) = (
            before.seal(b"a secret", "one", &secrets).unwrap(),
            before.mark("account", "1"),
        );
        Keyring::add_key(folder.path(), &secrets).unwrap();
        let both = Keyring::open_or_make(folder.path(), &secrets).unwrap();
        assert_eq!(both.open(&sealed, "one").unwrap(), b"a secret");
        assert_eq!(both.mark("account", "1"), mark);
        let again = both.seal_again(&sealed, "one", &secrets).unwrap().unwrap();
        assert!(both.seal_again(&again, "one", &secrets).unwrap().is_none());
        assert!(both.seal_again(&sealed, "two", &secrets).is_err());
        assert!(
            before.open(&again, "one").is_err(),
            "the old key opens nothing new"
        );
        assert_eq!(Keyring::drop_old_keys(folder.path()).unwrap(), 1);
        assert_eq!(Keyring::drop_old_keys(folder.path()).unwrap(), 0);
        let after = Keyring::open_or_make(folder.path(), &secrets).unwrap();
        assert_eq!(after.open(&again, "one").unwrap(), b"a secret");
        assert!(after.open(&sealed, "one").is_err());
        assert_eq!(after.mark("account", "1"), mark);
    }

    #[test]
    fn a_file_of_keys_that_is_damaged_is_refused() {
        let key = "11".repeat(32);
        for damaged in [
            "",
            "12",
            &format!("{key}\n{key}"),
            &format!("marks {key}\n"),
            &format!("marks {key}\nseal 1\n"),
        ] {
            assert!(Keys::parse(damaged).is_none(), "{damaged}");
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
