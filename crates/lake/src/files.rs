//! Small file habits the lake shares: hashing, and writing so that a name appears only when its bytes are durable.

use std::fs::File;
use std::io::{Read, Result};
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
