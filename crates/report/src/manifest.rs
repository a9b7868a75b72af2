//! The signed list of files: what is in a report folder or a pack, to the byte.
//!
//! `manifest.json` names every file with its SHA-256 and size, in order of path. Its bytes have one form only (two
//! spaces, this order of keys, a line feed at the end), so that the same contents are signed as the same bytes.
//! `manifest.sig` carries the Ed25519 signature and the SHA-256 of `manifest.json`; `signer.pub` the public key. The key
//! and the hash stand twice on purpose: any one changed byte then shows which of the three files it is in.

use std::fmt;

use kernel::{Fault, Refusal};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::signing::{self, ReportKey};

/// Name of the list.
pub const MANIFEST: &str = "manifest.json";
/// Name of the signature.
pub const SIGNATURE: &str = "manifest.sig";
/// Name of the public key.
pub const SIGNER: &str = "signer.pub";

/// The list of files and what they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Version of this shape.
    pub schema: u32,
    /// `report` or `pack`.
    pub kind: String,
    /// Programme id.
    pub programme: String,
    /// Period id, e.g. `2018H1`.
    pub period: String,
    /// When it was made, UTC, RFC 3339.
    pub made_at: String,
    /// Whether the evidence is simulated.
    pub simulated: bool,
    /// Public key of the signer, hex.
    pub signer: String,
    /// The files, in order of path.
    pub files: Vec<FileEntry>,
}

/// One file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileEntry {
    /// Path with `/`, inside the folder.
    pub path: String,
    /// Lower-case hex.
    pub sha256: String,
    /// Bytes.
    pub size: u64,
}

/// The three files that seal a folder, in the order in which they stand in a pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seal {
    /// Bytes of [`MANIFEST`].
    pub manifest: Vec<u8>,
    /// Bytes of [`SIGNATURE`].
    pub signature: Vec<u8>,
    /// Bytes of [`SIGNER`].
    pub signer: Vec<u8>,
}

/// What is wrong with a seal: the file, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SealFault {
    /// Which of the three files.
    pub file: &'static str,
    /// Why, as a code.
    pub code: &'static str,
}

impl fmt::Display for SealFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file, self.code)
    }
}

impl Manifest {
    /// The one form of its bytes.
    ///
    /// # Errors
    /// `report.page_failed` when it cannot be written as JSON.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Refusal> {
        let mut bytes = serde_json::to_vec_pretty(self).map_err(|error| {
            Refusal::new("report.page_failed", Fault::Broken)
                .at(MANIFEST)
                .fact("error", error)
        })?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// Reads a list; only its one form is accepted.
    ///
    /// # Errors
    /// A [`SealFault`] for `manifest.json` when it is no list, or not in its one form.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SealFault> {
        let fault = |code| SealFault { file: MANIFEST, code };
        let manifest: Self = serde_json::from_slice(bytes).map_err(|_| fault("pack.manifest_unreadable"))?;
        if manifest.to_bytes().ok().as_deref() == Some(bytes) {
            Ok(manifest)
        } else {
            Err(fault("pack.manifest_not_canonical"))
        }
    }

    /// Puts the files in order and signs.
    ///
    /// # Errors
    /// As [`Manifest::to_bytes`].
    pub fn seal(&mut self, key: &ReportKey) -> Result<Seal, Refusal> {
        self.files.sort_by(|a, b| a.path.cmp(&b.path));
        self.signer = key.public_hex();
        let manifest = self.to_bytes()?;
        let signature = format!(
            "ed25519 {}\nsha256 {}\n",
            key.sign(&manifest),
            sha256_hex(&manifest)
        )
        .into_bytes();
        let signer = format!("{}\n", self.signer).into_bytes();
        Ok(Seal {
            manifest,
            signature,
            signer,
        })
    }
}

impl Seal {
    /// Checks the three files against one another and gives the list.
    ///
    /// # Errors
    /// A [`SealFault`] naming the file that was changed.
    pub fn open(&self) -> Result<Manifest, SealFault> {
        let manifest = Manifest::from_bytes(&self.manifest);
        let text = std::str::from_utf8(&self.signature).unwrap_or_default();
        let parts = text
            .strip_prefix("ed25519 ")
            .and_then(|rest| rest.split_once("\nsha256 "));
        let Some((signature, hash)) =
            parts.and_then(|(signature, hash)| Some((signature, hash.strip_suffix('\n')?)))
        else {
            return Err(SealFault {
                file: SIGNATURE,
                code: "pack.signature_unreadable",
            });
        };
        let hash_fits = hash == sha256_hex(&self.manifest);
        let manifest = match manifest {
            Ok(manifest) if hash_fits || signing::verifies(&manifest.signer, &self.manifest, signature) => {
                manifest
            }
            Ok(_) => {
                return Err(SealFault {
                    file: MANIFEST,
                    code: "pack.manifest_changed",
                });
            }
            Err(fault) => return Err(fault),
        };
        if !hash_fits || !signing::verifies(&manifest.signer, &self.manifest, signature) {
            return Err(SealFault {
                file: SIGNATURE,
                code: "pack.signature_wrong",
            });
        }
        if self.signer != format!("{}\n", manifest.signer).into_bytes() {
            return Err(SealFault {
                file: SIGNER,
                code: "pack.signer_differs",
            });
        }
        Ok(manifest)
    }
}

/// SHA-256 as lower-case hex.
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// Whether a path may stand in a manifest: relative, plain, inside the folder.
#[must_use]
pub fn is_plain_path(path: &str) -> bool {
    let plain =
        |part: &str| !part.is_empty() && part != "." && part != ".." && !part.contains(['\\', '\0', ':']);
    path.len() <= 200 && path.split('/').all(plain)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sealed() -> Seal {
        let entry = |path: &str| FileEntry {
            path: path.into(),
            sha256: sha256_hex(path.as_bytes()),
            size: 1,
        };
        let mut manifest = Manifest {
            schema: 1,
            kind: "pack".into(),
            programme: "2018h1".into(),
            period: "2018H1".into(),
            made_at: "2026-11-23T00:00:00Z".into(),
            simulated: true,
            signer: String::new(),
            files: vec![entry("b"), entry("a/c")],
        };
        manifest.seal(&ReportKey::from_seed([7; 32])).unwrap()
    }

    #[test]
    fn a_sealed_list_opens_in_order_of_path() {
        let paths: Vec<String> = sealed()
            .open()
            .unwrap()
            .files
            .into_iter()
            .map(|file| file.path)
            .collect();
        assert_eq!(paths, ["a/c", "b"]);
    }

    #[test]
    fn a_list_signed_by_another_key_does_not_open() {
        let mut seal = sealed();
        seal.signer = format!("{}\n", ReportKey::from_seed([8; 32]).public_hex()).into_bytes();
        assert_eq!(seal.open().unwrap_err().file, SIGNER);
    }

    #[test]
    fn paths_that_leave_the_folder_are_not_plain() {
        assert!(is_plain_path("figures/sales.poverty_counties.sql"));
        for path in ["", "/etc/passwd", "../x", "a//b", "a/./b", "C:x", "a\\b"] {
            assert!(!is_plain_path(path), "{path}");
        }
    }

    proptest! {
        #[test]
        fn any_changed_byte_of_the_seal_names_its_file(which in 0_usize..3, at in any::<prop::sample::Index>(), flip in 1_u8..=255) {
            let mut seal = sealed();
            let (bytes, name) = match which {
                0 => (&mut seal.manifest, MANIFEST),
                1 => (&mut seal.signature, SIGNATURE),
                _ => (&mut seal.signer, SIGNER),
            };
            let index = at.index(bytes.len());
            bytes[index] ^= flip;
            prop_assert_eq!(seal.open().unwrap_err().file, name);
        }
    }
}
