//! Opens an order file as it comes (plain, gzip, zip or XLSX) and gives its text as blocks of valid UTF-8, with the
//! SHA-256 of the file's own bytes. Reads ahead by a few blocks on a thread of its own; nothing is held whole.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};

use kernel::{Fault, Refusal};
use programme::layout::FileEncoding;
use sha2::{Digest, Sha256};

use super::decode::Decoder;
use crate::files;

/// Bytes read at a time: so many stay in the cache while they are hashed and decoded.
const BLOCK_BYTES: usize = 1 << 17;
/// Bytes read at first: the encoding is told by them.
const FIRST_BLOCK_BYTES: usize = 1 << 20;
/// Blocks that may wait for the parser.
const BLOCKS_AHEAD: usize = 4;
/// An archive may unpack to this many times its size (order files reach thirty)...
const UNPACK_RATIO_MAX: u64 = 100;
/// ...or to this many bytes, whichever is more; beyond that it is taken for a bomb.
const UNPACK_BYTES_ALWAYS: u64 = 64 << 20;

/// What the first bytes of a file say it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Container {
    /// Text as it stands.
    Plain,
    /// One gzip stream (or several, one behind the other).
    Gzip,
    /// A zip archive with one file in it.
    Zip,
    /// An XLSX workbook.
    Xlsx,
}

/// An order file that exists, can be read and is not empty.
#[derive(Debug, Clone)]
pub struct OrderFile {
    /// Where it is.
    pub path: PathBuf,
    /// The name it was given by, without folders.
    pub name: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// What it is.
    pub container: Container,
}

impl OrderFile {
    /// Looks at a path.
    ///
    /// # Errors
    /// `sales.file_missing`, `sales.not_a_file`, `sales.file_unreadable`, `sales.empty_file`, `sales.bad_archive`,
    /// `sales.old_spreadsheet`.
    pub fn open(path: &Path) -> Result<Self, Refusal> {
        let metadata = std::fs::metadata(path).map_err(|error| unreadable(path, &error))?;
        if !metadata.is_file() {
            return Err(refusal("sales.not_a_file", path));
        }
        let mut file = File::open(path).map_err(|error| unreadable(path, &error))?;
        if metadata.len() == 0 {
            return Err(refusal("sales.empty_file", path));
        }
        let mut magic = Vec::new();
        (&mut file)
            .take(8)
            .read_to_end(&mut magic)
            .map_err(|error| unreadable(path, &error))?;
        let container = match magic.as_slice() {
            [0x1f, 0x8b, ..] => Container::Gzip,
            [b'P', b'K', 3 | 5, 4 | 6, ..] => zip_kind(path, file)?,
            [0xd0, 0xcf, 0x11, 0xe0, ..] => return Err(refusal("sales.old_spreadsheet", path)),
            _ => Container::Plain,
        };
        let name = path.file_name().unwrap_or_default();
        Ok(Self {
            path: path.to_path_buf(),
            name: name.to_string_lossy().into_owned(),
            bytes: metadata.len(),
            container,
        })
    }

    /// Looks at a path whose file was given by another name: what is said about the file says that name.
    ///
    /// # Errors
    /// As [`OrderFile::open`].
    pub fn open_as(path: &Path, name: &str) -> Result<Self, Refusal> {
        let file = Self::open(path).map_err(|refusal| refusal.at(name))?;
        Ok(Self {
            name: name.to_owned(),
            ..file
        })
    }

    /// The file's name without its folders.
    #[must_use]
    pub fn name(&self) -> String {
        self.name.clone()
    }

    /// SHA-256 of the file's bytes, in hex.
    ///
    /// # Errors
    /// `sales.file_unreadable`.
    pub fn sha256(&self) -> Result<String, Refusal> {
        files::sha256(&self.path).map_err(|error| unreadable(&self.path, &error))
    }

    /// Starts reading the text of a plain, gzip or zip file.
    #[must_use]
    pub fn blocks(&self, encoding: FileEncoding) -> Blocks {
        let (sender, receiver) = sync_channel(BLOCKS_AHEAD);
        let (give_back, spare) = channel();
        let belt = Belt { sender, spare };
        let read = Arc::new(AtomicU64::new(0));
        let (file, counter) = (self.clone(), Arc::clone(&read));
        let reader = std::thread::spawn(move || {
            let ended = file.send_blocks(encoding, &belt, counter);
            if let Err(refusal) = &ended {
                drop(belt.sender.send(Err(refusal.clone())));
            }
            ended.ok().flatten()
        });
        Blocks {
            receiver,
            give_back,
            read,
            reader: Some(reader),
        }
    }

    /// Sends every block; gives the hash where the whole file went through the hasher on the way.
    fn send_blocks(
        &self,
        encoding: FileEncoding,
        belt: &Belt,
        read: Arc<AtomicU64>,
    ) -> Result<Option<String>, Refusal> {
        let file = File::open(&self.path).map_err(|error| unreadable(&self.path, &error))?;
        let counted = Hashing {
            inner: file,
            hasher: (self.container != Container::Zip).then(Sha256::new),
            read,
        };
        let hash = match self.container {
            Container::Plain | Container::Xlsx => {
                let mut reader = counted;
                self.pump(&mut reader, encoding, belt)?;
                reader.finish()
            }
            Container::Gzip => {
                let mut reader =
                    flate2::bufread::MultiGzDecoder::new(BufReader::with_capacity(BLOCK_BYTES, counted));
                self.pump(&mut reader, encoding, belt)?;
                reader.into_inner().into_inner().finish()
            }
            Container::Zip => {
                let mut archive = zip::ZipArchive::new(BufReader::new(counted))
                    .map_err(|_| refusal("sales.bad_archive", &self.path))?;
                let member = only_member(&mut archive, &self.path)?;
                let mut reader = archive
                    .by_index(member)
                    .map_err(|_| refusal("sales.bad_archive", &self.path))?;
                self.pump(&mut reader, encoding, belt)?;
                None
            }
        };
        Ok(hash)
    }

    fn pump(&self, reader: &mut impl Read, encoding: FileEncoding, belt: &Belt) -> Result<(), Refusal> {
        let limit = UNPACK_BYTES_ALWAYS.max(self.bytes.saturating_mul(UNPACK_RATIO_MAX));
        let (mut decoder, mut total) = (Decoder::new(encoding), 0_u64);
        let mut wanted = FIRST_BLOCK_BYTES;
        loop {
            let spare = belt.spare.try_recv().unwrap_or_default();
            let (mut block, held) = decoder.next_block(spare, std::mem::replace(&mut wanted, BLOCK_BYTES));
            let got = fill(reader, block.get_mut(held..).unwrap_or_default())
                .map_err(|error| self.broken_stream(&error))?;
            block.truncate(held + got);
            total += got as u64;
            if self.container != Container::Plain && total > limit {
                return Err(refusal("sales.archive_bomb", &self.path));
            }
            let text = decoder
                .decode(block, got == 0)
                .map_err(|error| error.refusal(&self.name()))?;
            if !text.is_empty() && belt.sender.send(Ok(text)).is_err() {
                return Ok(()); // The other side has stopped reading, and says why itself.
            }
            if got == 0 {
                return Ok(());
            }
        }
    }

    fn broken_stream(&self, error: &std::io::Error) -> Refusal {
        match error.kind() {
            std::io::ErrorKind::UnexpectedEof if self.container != Container::Plain => {
                refusal("sales.archive_cut_off", &self.path)
            }
            std::io::ErrorKind::InvalidInput
            | std::io::ErrorKind::InvalidData
            | std::io::ErrorKind::Other => refusal("sales.bad_archive", &self.path),
            _ => unreadable(&self.path, error),
        }
    }
}

/// Blocks go out full and come back empty, so that their memory is asked for once.
struct Belt {
    sender: SyncSender<Result<Vec<u8>, Refusal>>,
    spare: Receiver<Vec<u8>>,
}

/// The blocks of a file, in order.
#[derive(Debug)]
pub struct Blocks {
    receiver: Receiver<Result<Vec<u8>, Refusal>>,
    give_back: Sender<Vec<u8>>,
    read: Arc<AtomicU64>,
    reader: Option<std::thread::JoinHandle<Option<String>>>,
}

impl Blocks {
    /// The next block, none at the end.
    ///
    /// # Errors
    /// What made the file unreadable.
    pub fn next(&mut self) -> Result<Option<Vec<u8>>, Refusal> {
        self.receiver.recv().map_or(Ok(None), |block| block.map(Some))
    }

    /// Hands back a block that was used up.
    pub fn give_back(&self, block: Vec<u8>) {
        // At the end of the file nobody takes it any more.
        drop(self.give_back.send(block));
    }

    /// Bytes of the file read so far.
    #[must_use]
    pub fn bytes_read(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    /// After the last block: the file's SHA-256 where it could be taken on the way.
    #[must_use]
    pub fn into_sha256(mut self) -> Option<String> {
        self.reader.take().and_then(|reader| reader.join().ok()).flatten()
    }
}

/// Reads until the block is full or the file ends; gives how many bytes were read. What `Read::read_to_end` does too, but in
/// steps that begin small and over memory that it zeroes first.
fn fill(reader: &mut impl Read, block: &mut [u8]) -> std::io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = block.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match reader.read(rest) {
            Ok(0) => break,
            Ok(got) => filled += got,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// Passes bytes through a hasher and counts them.
struct Hashing {
    inner: File,
    hasher: Option<Sha256>,
    read: Arc<AtomicU64>,
}

impl Hashing {
    /// Reads what is left, so that the hash is that of the whole file.
    fn finish(mut self) -> Option<String> {
        std::io::copy(&mut self, &mut std::io::sink()).ok()?;
        self.hasher.map(|hasher| hex::encode(hasher.finalize()))
    }
}

impl Read for Hashing {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let got = self.inner.read(buffer)?;
        if let Some(hasher) = &mut self.hasher {
            hasher.update(buffer.get(..got).unwrap_or_default());
        }
        self.read.fetch_add(got as u64, Ordering::Relaxed);
        Ok(got)
    }
}

impl Seek for Hashing {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.inner.seek(to)
    }
}

fn zip_kind(path: &Path, mut file: File) -> Result<Container, Refusal> {
    let bad = || refusal("sales.bad_archive", path);
    file.rewind().map_err(|error| unreadable(path, &error))?;
    let bytes = file.metadata().map_or(0, |metadata| metadata.len());
    let mut archive = zip::ZipArchive::new(BufReader::new(file)).map_err(|_| bad())?;
    if archive.index_for_name("xl/workbook.xml").is_none() {
        return only_member(&mut archive, path).map(|_| Container::Zip);
    }
    let limit = UNPACK_BYTES_ALWAYS.max(bytes.saturating_mul(UNPACK_RATIO_MAX));
    if unpacked_bytes(&mut archive, limit).map_err(|_| bad())? > limit {
        return Err(refusal("sales.archive_bomb", path));
    }
    Ok(Container::Xlsx)
}

/// What the parts of a workbook really unpack to, counted to a little over `limit`: the sizes an archive states of
/// itself may be false, and the library that reads workbooks trusts them.
fn unpacked_bytes<R: Read + Seek>(archive: &mut zip::ZipArchive<R>, limit: u64) -> std::io::Result<u64> {
    let mut total = 0;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(std::io::Error::other)?;
        total += std::io::copy(&mut part.take(limit + 1 - total.min(limit)), &mut std::io::sink())?;
    }
    Ok(total)
}

/// The index of the one file in the archive.
fn only_member<R: Read + Seek>(archive: &mut zip::ZipArchive<R>, path: &Path) -> Result<usize, Refusal> {
    let members: Vec<usize> = (0..archive.len())
        .filter(|&index| {
            archive.by_index_raw(index).is_ok_and(|member| {
                member.is_file() && member.name().is_ok_and(|name| !name.starts_with("__MACOSX/"))
            })
        })
        .collect();
    match members.as_slice() {
        [only] => Ok(*only),
        _ => Err(refusal("sales.archive_members", path).fact("members", members.len().to_string())),
    }
}

/// A refusal of the file as a whole.
pub fn refusal(code: &'static str, path: &Path) -> Refusal {
    Refusal::new(code, Fault::Refused).at(path.display().to_string())
}

fn unreadable(path: &Path, error: &std::io::Error) -> Refusal {
    let code = match error.kind() {
        std::io::ErrorKind::NotFound => "sales.file_missing",
        _ => "sales.file_unreadable",
    };
    refusal(code, path).fact("cause", error.to_string())
}
