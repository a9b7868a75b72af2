//! Runs: sorted files of the keys the lake holds. A key stands as often as the lake holds its line.
//!
//! Layout: eight letters that say what it is, 257 little-endian u64 (the number of keys before each partition, then of
//! all), then 16 bytes a key, big-endian, in order. A run is named in the database before it counts, so a file without its row is swept.

use std::fs::File;
use std::io::{BufWriter, Error, ErrorKind, Result, Write};
use std::os::unix::fs::FileExt;
use std::path::Path;

use super::{LineKey, PARTITIONS, Sameness};

/// The second form of keys: one that reads runs of the first would count every line anew.
const LETTERS: &[u8; 8] = b"fp-keys2";
const HEAD_BYTES: usize = LETTERS.len() + (PARTITIONS + 1) * 8;
const KEY_BYTES: usize = 16;
/// Where a run has this many keys for each one looked up, single keys are sought; below, the partition is read through.
const SEEK_FACTOR: u64 = 64;

/// What a run holds of one sought name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Held {
    /// A key of that name: of a named line the only one.
    pub key: LineKey,
    /// How often.
    pub count: u64,
}

/// A sorted file of keys.
#[derive(Debug)]
pub struct Run {
    file: File,
    /// Keys before each partition; the last number is that of all keys.
    starts: Vec<u64>,
}

impl Run {
    /// Opens a run.
    ///
    /// # Errors
    /// What the file system gave; `InvalidData` where the head does not fit the file.
    pub fn open(path: &Path) -> Result<Self> {
        let file = File::open(path)?;
        let mut head = vec![0; HEAD_BYTES];
        file.read_exact_at(&mut head, 0)?;
        let (letters, numbers) = head.split_at_checked(LETTERS.len()).unwrap_or_default();
        let starts: Vec<u64> = numbers
            .chunks_exact(8)
            .filter_map(|b| b.try_into().ok().map(u64::from_le_bytes))
            .collect();
        let bytes = starts
            .last()
            .and_then(|keys| keys.checked_mul(KEY_BYTES as u64))
            .and_then(|b| b.checked_add(HEAD_BYTES as u64));
        if letters != LETTERS || !starts.is_sorted() || bytes != Some(file.metadata()?.len()) {
            return Err(Error::new(
                ErrorKind::InvalidData,
                "the head of a key run does not fit its file",
            ));
        }
        Ok(Self { file, starts })
    }

    /// How many keys the run holds.
    #[must_use]
    pub fn keys(&self) -> u64 {
        self.starts.last().copied().unwrap_or(0)
    }

    /// What the run holds of each of `sought` (names, sorted, distinct, all of this partition); what it lacks is left out.
    ///
    /// # Errors
    /// What reading gave.
    pub fn held(&self, partition: usize, sought: &[LineKey], sameness: Sameness) -> Result<Vec<Held>> {
        let (start, end) = self.bounds(partition);
        if start == end || sought.is_empty() {
            return Ok(Vec::new());
        }
        if (end - start) / SEEK_FACTOR > sought.len() as u64 {
            return self.seek_each(start, end, sought, sameness);
        }
        let keys = self.partition(partition)?;
        let (mut keys, mut found) = (keys.iter().peekable(), Vec::new());
        for &name in sought {
            while keys.next_if(|&&key| sameness.name(key) < name).is_some() {}
            let mut held: Option<Held> = None;
            while let Some(&key) = keys.next_if(|&&key| sameness.name(key) == name) {
                held.get_or_insert(Held { key, count: 0 }).count += 1;
            }
            found.extend(held);
        }
        Ok(found)
    }

    fn bounds(&self, partition: usize) -> (u64, u64) {
        let at = |index: usize| self.starts.get(index).copied().unwrap_or(0);
        (at(partition), at(partition + 1))
    }

    fn partition(&self, partition: usize) -> Result<Vec<LineKey>> {
        let (start, end) = self.bounds(partition);
        let mut bytes = vec![0; usize::try_from(end - start).map_err(Error::other)? * KEY_BYTES];
        self.file
            .read_exact_at(&mut bytes, HEAD_BYTES as u64 + start * KEY_BYTES as u64)?;
        Ok(bytes
            .chunks_exact(KEY_BYTES)
            .filter_map(|b| b.try_into().ok().map(LineKey::from_bytes))
            .collect())
    }

    fn at(&self, index: u64) -> Result<LineKey> {
        let mut bytes = [0; KEY_BYTES];
        self.file
            .read_exact_at(&mut bytes, HEAD_BYTES as u64 + index * KEY_BYTES as u64)?;
        Ok(LineKey::from_bytes(bytes))
    }

    fn seek_each(&self, start: u64, end: u64, sought: &[LineKey], sameness: Sameness) -> Result<Vec<Held>> {
        let (mut from, mut found) = (start, Vec::new());
        for &name in sought {
            let (mut low, mut high) = (from, end);
            while low < high {
                let middle = low.midpoint(high);
                if sameness.name(self.at(middle)?) < name {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            from = low;
            let mut held: Option<Held> = None;
            while from < end {
                let key = self.at(from)?;
                if sameness.name(key) != name {
                    break;
                }
                held.get_or_insert(Held { key, count: 0 }).count += 1;
                from += 1;
            }
            found.extend(held);
        }
        Ok(found)
    }
}

/// Writes a run, partition after partition, keys in order.
pub struct RunWriter {
    file: BufWriter<File>,
    starts: Vec<u64>,
    keys: u64,
}

impl RunWriter {
    /// Begins a run at `path`.
    ///
    /// # Errors
    /// What the file system gave.
    pub fn create(path: &Path) -> Result<Self> {
        let mut file = BufWriter::with_capacity(1 << 18, File::create(path)?);
        file.write_all(&[0; HEAD_BYTES])?;
        Ok(Self {
            file,
            starts: vec![0],
            keys: 0,
        })
    }

    /// Adds the next key.
    ///
    /// # Errors
    /// What writing gave.
    pub fn push(&mut self, key: LineKey) -> Result<()> {
        self.keys += 1;
        self.file.write_all(&key.to_bytes())
    }

    /// Closes the partition the last keys belonged to.
    pub fn end_partition(&mut self) {
        self.starts.push(self.keys);
    }

    /// Writes the head and makes the file durable; gives the number of keys.
    ///
    /// # Errors
    /// What writing gave.
    pub fn finish(self) -> Result<u64> {
        let file = self
            .file
            .into_inner()
            .map_err(std::io::IntoInnerError::into_error)?;
        let starts = self.starts.iter().flat_map(|start| start.to_le_bytes());
        let head: Vec<u8> = LETTERS.iter().copied().chain(starts).collect();
        file.write_all_at(&head, 0)?;
        file.sync_all()?;
        Ok(self.keys)
    }
}

/// Merges runs into one at `path`; gives the number of keys.
///
/// # Errors
/// What reading or writing gave.
pub fn merge(runs: &[Run], path: &Path) -> Result<u64> {
    let mut writer = RunWriter::create(path)?;
    for partition in 0..PARTITIONS {
        let mut keys = Vec::new();
        for run in runs {
            keys.extend(run.partition(partition)?);
        }
        keys.sort_unstable();
        for key in keys {
            writer.push(key)?;
        }
        writer.end_partition();
    }
    writer.finish()
}
