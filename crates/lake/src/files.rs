//! Small file habits the lake shares: hashing, and writing so that a name appears only when its bytes are durable.

use std::fs::File;
use std::io::{Read, Result, Write};
use std::path::Path;

use sha2::{Digest, Sha256};

/// SHA-256 of a file in hex.
///
/// # Errors
/// What reading it gave.
pub fn sha256(path: &Path) -> Result<String> {
    let mut file = File::open(path)?;
    let (mut hasher, mut block) = (Sha256::new(), vec![0; 1 << 18]);
    loop {
        let got = file.read(&mut block)?;
        if got == 0 {
            return Ok(hex::encode(hasher.finalize()));
        }
        hasher.update(block.get(..got).unwrap_or_default());
    }
}

/// Hashes what is written through it.
#[derive(Debug)]
pub struct Hashed<W> {
    inner: W,
    hasher: Sha256,
}

impl<W> Hashed<W> {
    /// Begins with nothing written.
    pub fn new(inner: W) -> Self {
        Self {
            inner,
            hasher: Sha256::new(),
        }
    }

    /// What was written to, and the SHA-256 of it in hex.
    pub fn finish(self) -> (W, String) {
        (self.inner, hex::encode(self.hasher.finalize()))
    }
}

impl<W: Write> Write for Hashed<W> {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        let written = self.inner.write(bytes)?;
        self.hasher.update(bytes.get(..written).unwrap_or_default());
        Ok(written)
    }

    fn flush(&mut self) -> Result<()> {
        self.inner.flush()
    }
}

/// Moves a finished file to its name; its bytes and the name survive a power cut.
///
/// # Errors
/// What the file system gave.
pub fn publish(from: &Path, to: &Path) -> Result<()> {
    File::open(from)?.sync_all()?;
    std::fs::rename(from, to)?;
    if let Some(folder) = to.parent() {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}
