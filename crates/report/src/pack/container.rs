//! The pack's container: one uncompressed tar with a single possible form for given contents.
//!
//! Every entry is a plain file in one folder, mode 0644, owner 0, time 0, in this order: `manifest.json`, `manifest.sig`,
//! `signer.pub`, then the files of the manifest in order of path; two empty blocks at the end and nothing after. The
//! reader knows each header before it reads it, so that no byte outside the files can hide a change either. Both
//! directions stream: a pack may be larger than memory.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use kernel::{Fault, Lang, Refusal};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::manifest::{FileEntry, MANIFEST, Manifest, SIGNATURE, SIGNER, Seal, is_plain_path};

const BLOCK: usize = 512;
/// The list of files is read into memory; a larger one is none of ours.
const SEAL_BYTES_MAX: u64 = 64 << 20;

/// Where the bytes of an entry come from.
#[derive(Clone, Debug)]
pub enum Source {
    /// Made in memory.
    Bytes(Vec<u8>),
    /// On disk.
    File(PathBuf),
}

/// Something wrong in a pack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PackFault {
    /// The file in the pack, by its path in it.
    pub file: String,
    /// What is wrong, as a code.
    pub code: &'static str,
    /// More about it, where there is more.
    pub detail: String,
}

impl PackFault {
    /// What a reader is told.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        Refusal::new(self.code, Fault::Refused)
            .at(&self.file)
            .fact("detail", &self.detail)
            .message(lang)
    }

    pub(super) fn new(file: impl Into<String>, code: &'static str) -> Self {
        Self {
            file: file.into(),
            code,
            detail: String::new(),
        }
    }

    pub(super) fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }
}

/// Hash and size of a source.
pub(super) fn measure(path: &str, source: &Source) -> io::Result<FileEntry> {
    let (sha256, size) = match source {
        Source::Bytes(bytes) => copy_hashed(bytes.as_slice(), &mut io::sink())?,
        Source::File(file) => copy_hashed(File::open(file)?, &mut io::sink())?,
    };
    Ok(FileEntry {
        path: path.to_owned(),
        sha256,
        size,
    })
}

/// Writes a pack beside its place and moves it there.
pub(super) fn write(out: &Path, folder: &str, seal: &Seal, files: &[(FileEntry, Source)]) -> io::Result<()> {
    let parent = out
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
        .unwrap_or_else(|| Path::new("."));
    std::fs::create_dir_all(parent)?;
    let fresh = tempfile::NamedTempFile::new_in(parent)?;
    let mut writer = BufWriter::with_capacity(1 << 20, fresh.as_file());
    for (name, bytes) in [
        (MANIFEST, &seal.manifest),
        (SIGNATURE, &seal.signature),
        (SIGNER, &seal.signer),
    ] {
        writer.write_all(&header(folder, name, length(bytes))?)?;
        writer.write_all(bytes)?;
        pad(&mut writer, length(bytes))?;
    }
    for (entry, source) in files {
        writer.write_all(&header(folder, &entry.path, entry.size)?)?;
        let (sha256, size) = match source {
            Source::Bytes(bytes) => copy_hashed(bytes.as_slice(), &mut writer)?,
            Source::File(file) => copy_hashed(File::open(file)?, &mut writer)?,
        };
        if (sha256, size) != (entry.sha256.clone(), entry.size) {
            return Err(io::Error::other(format!(
                "{} changed while it was packed",
                entry.path
            )));
        }
        pad(&mut writer, size)?;
    }
    writer.write_all(&[0; BLOCK * 2])?;
    writer.flush()?;
    drop(writer);
    fresh.as_file().sync_all()?;
    set_readable(fresh.path())?;
    fresh.persist(out).map_err(|error| error.error)?;
    Ok(())
}

/// Unpacks into `dir`, checking the seal and every byte on the way; gives the list and what is wrong.
/// `Ok(None)` as the list means that not even the list can be trusted.
pub(super) fn unpack(pack: &Path, dir: &Path) -> io::Result<(Option<Manifest>, Vec<PackFault>)> {
    let mut reader = BufReader::with_capacity(1 << 20, File::open(pack)?);
    let (folder, manifest) = match read_seal(&mut reader)? {
        Ok(opened) => opened,
        Err(fault) => return Ok((None, vec![fault])),
    };
    let mut faults = Vec::new();
    for entry in &manifest.files {
        match read_entry(&mut reader, &folder, entry, dir)? {
            Ok(()) => {}
            Err(fault) => {
                let lost = fault.code != "pack.file_changed";
                faults.push(fault);
                if lost {
                    return Ok((Some(manifest), faults));
                }
            }
        }
    }
    let mut end = Vec::new();
    reader.take(BLOCK as u64 * 2 + 1).read_to_end(&mut end)?;
    if end != [0; BLOCK * 2] {
        let name = pack.file_name().map(|name| name.to_string_lossy().into_owned());
        faults.push(PackFault::new(name.unwrap_or_default(), "pack.end_changed"));
    }
    Ok((Some(manifest), faults))
}

type Checked<T> = io::Result<Result<T, PackFault>>;

fn read_seal(reader: &mut impl Read) -> Checked<(String, Manifest)> {
    let mut folder = None;
    let mut parts = Vec::new();
    for name in [MANIFEST, SIGNATURE, SIGNER] {
        let changed = || PackFault::new(name, "pack.container_changed");
        let mut block = [0; BLOCK];
        if !fill(reader, &mut block)? {
            return Ok(Err(PackFault::new(name, "pack.cut_off")));
        }
        let Some((here, size)) = parse(&block, name) else {
            return Ok(Err(changed()));
        };
        if folder.get_or_insert_with(|| here.clone()) != &here
            || size > SEAL_BYTES_MAX
            || header(&here, name, size)? != block
        {
            return Ok(Err(changed()));
        }
        let mut bytes = Vec::new();
        reader.take(size).read_to_end(&mut bytes)?;
        if length(&bytes) != size {
            return Ok(Err(PackFault::new(name, "pack.cut_off")));
        }
        // The list first: a changed size shows in its own bytes.
        if name == MANIFEST
            && let Err(fault) = Manifest::from_bytes(&bytes)
        {
            return Ok(Err(PackFault::new(fault.file, fault.code)));
        }
        if !padding_is_empty(reader, size)? {
            return Ok(Err(changed()));
        }
        parts.push(bytes);
    }
    let mut parts = parts.into_iter();
    let mut next = || parts.next().unwrap_or_default();
    let seal = Seal {
        manifest: next(),
        signature: next(),
        signer: next(),
    };
    let manifest = match seal.open() {
        Ok(manifest) => manifest,
        Err(fault) => return Ok(Err(PackFault::new(fault.file, fault.code))),
    };
    let ordered = manifest.files.is_sorted_by(|a, b| a.path < b.path);
    let plain = manifest.files.iter().all(|file| {
        is_plain_path(&file.path) && ![MANIFEST, SIGNATURE, SIGNER].contains(&file.path.as_str())
    });
    match folder {
        Some(folder) if ordered && plain => Ok(Ok((folder, manifest))),
        _ => Ok(Err(PackFault::new(MANIFEST, "pack.paths_not_plain"))),
    }
}

fn read_entry(reader: &mut impl Read, folder: &str, entry: &FileEntry, dir: &Path) -> Checked<()> {
    let mut block = [0; BLOCK];
    if !fill(reader, &mut block)? {
        return Ok(Err(PackFault::new(&entry.path, "pack.cut_off")));
    }
    if header(folder, &entry.path, entry.size)? != block {
        return Ok(Err(PackFault::new(&entry.path, "pack.container_changed")));
    }
    let path = dir.join(&entry.path);
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent)?;
    }
    let mut file = File::create(&path)?;
    let (sha256, size) = copy_hashed(reader.by_ref().take(entry.size), &mut file)?;
    if size != entry.size {
        return Ok(Err(PackFault::new(&entry.path, "pack.cut_off")));
    }
    if !padding_is_empty(reader, size)? {
        return Ok(Err(PackFault::new(&entry.path, "pack.container_changed")));
    }
    if sha256 != entry.sha256 {
        return Ok(Err(
            PackFault::new(&entry.path, "pack.file_changed").detail(sha256)
        ));
    }
    Ok(Ok(()))
}

/// The one header of an entry.
fn header(folder: &str, path: &str, size: u64) -> io::Result<[u8; BLOCK]> {
    let mut header = tar::Header::new_ustar();
    header.set_path(format!("{folder}/{path}"))?;
    header.set_size(size);
    header.set_mode(0o644);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(0);
    header.set_entry_type(tar::EntryType::Regular);
    header.set_cksum();
    Ok(*header.as_bytes())
}

/// Folder and size out of the header of a seal file, when it is one.
fn parse(block: &[u8; BLOCK], name: &str) -> Option<(String, u64)> {
    let header = tar::Header::from_byte_slice(block);
    let path = header.path().ok()?.to_str()?.to_owned();
    let folder = path.strip_suffix(name)?.strip_suffix('/')?;
    (is_plain_path(folder) && !folder.contains('/'))
        .then(|| folder.to_owned())
        .zip(header.entry_size().ok())
}

/// Fills the block; false at the end of the file.
fn fill(reader: &mut impl Read, block: &mut [u8; BLOCK]) -> io::Result<bool> {
    match reader.read_exact(block) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

fn padding(size: u64) -> u64 {
    size.next_multiple_of(BLOCK as u64) - size
}

fn pad(writer: &mut impl Write, size: u64) -> io::Result<()> {
    io::copy(&mut io::repeat(0).take(padding(size)), writer).map(|_| ())
}

fn padding_is_empty(reader: &mut impl Read, size: u64) -> io::Result<bool> {
    let mut bytes = Vec::new();
    reader.take(padding(size)).read_to_end(&mut bytes)?;
    Ok(length(&bytes) == padding(size) && bytes.iter().all(|byte| *byte == 0))
}

fn copy_hashed(mut from: impl Read, to: &mut impl Write) -> io::Result<(String, u64)> {
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 18];
    let mut size = 0_u64;
    loop {
        let read = match from.read(&mut buffer) {
            Ok(0) => return Ok((hex::encode(hash.finalize()), size)),
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let chunk = buffer.get(..read).unwrap_or_default();
        hash.update(chunk);
        to.write_all(chunk)?;
        size += length(chunk);
    }
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

/// A temporary file is readable by its owner only; a pack is for everyone.
#[cfg(unix)]
fn set_readable(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn set_readable(_path: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests;
