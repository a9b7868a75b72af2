//! The keys of one import: gathered while its rows stream by, settled against the lake at the end.

use std::fs::File;
use std::io::{Error, Result, Write};
use std::os::unix::fs::FileExt;
use std::path::Path;

use super::runs::{Run, RunWriter};
use super::{LineKey, PARTITIONS, Sameness};

/// Keys a partition holds in memory before it goes to the spill file: 256 × 0.8 MiB = 213 MiB at the most, enough for a
/// file of ten million lines.
const PARTITION_KEYS: usize = 43_690;
/// Bytes of one spilled entry: the key and the line of the file.
const ENTRY_BYTES: usize = 20;

/// A key and the line of the file it stands on, without the four bytes that would line the next one up: memory that is
/// touched for the first time is what an import pays most for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
#[repr(Rust, packed(4))]
struct Entry {
    order: u64,
    line: u64,
    source_line: u32,
}

impl Entry {
    fn of_bytes(bytes: &[u8; ENTRY_BYTES]) -> Self {
        let number = |from: usize| bytes.get(from..).and_then(|rest| rest.first_chunk());
        let source_line = bytes.last_chunk().copied().unwrap_or_default();
        Self {
            order: u64::from_le_bytes(number(0).copied().unwrap_or_default()),
            line: u64::from_le_bytes(number(8).copied().unwrap_or_default()),
            source_line: u32::from_le_bytes(source_line),
        }
    }

    fn key(self) -> LineKey {
        LineKey {
            order: self.order,
            line: self.line,
        }
    }
}

/// Keys with the file line each stands on.
#[derive(Debug)]
pub struct KeySpill {
    partitions: Vec<Vec<Entry>>,
    file: File,
    written: u64,
    /// Where in the file the blocks of each partition begin; each holds `PARTITION_KEYS` entries.
    blocks: Vec<Vec<u64>>,
}

/// What settling found.
#[derive(Debug, Default)]
pub struct Settled {
    /// Distinct order numbers of the file.
    pub orders: u64,
    /// Lines that stand in the lake already, or twice in the file.
    pub duplicates: u64,
    /// A bit for each line of the file (by number) that is a duplicate.
    repeats: Vec<u64>,
}

impl Settled {
    /// Whether the row on this line of the file is a duplicate.
    #[must_use]
    pub fn is_repeat(&self, source_line: i64) -> bool {
        let line = source_line.cast_unsigned();
        self.repeats
            .get((line / 64) as usize)
            .is_some_and(|word| word >> (line % 64) & 1 == 1)
    }

    fn mark(&mut self, line: u64) {
        let word = (line / 64) as usize;
        if word >= self.repeats.len() {
            self.repeats.resize(word + 1, 0);
        }
        if let Some(word) = self.repeats.get_mut(word) {
            *word |= 1 << (line % 64);
            self.duplicates += 1;
        }
    }
}

impl KeySpill {
    /// An empty one that spills into a file at `path`.
    ///
    /// # Errors
    /// What the file system gave.
    pub fn create(path: &Path) -> Result<Self> {
        let file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(true)
            .open(path)?;
        Ok(Self {
            partitions: vec![Vec::new(); PARTITIONS],
            file,
            written: 0,
            blocks: vec![Vec::new(); PARTITIONS],
        })
    }

    /// Adds the key of the row on `source_line`.
    ///
    /// # Errors
    /// What writing the spill file gave; a file of more than four thousand million lines.
    pub fn push(&mut self, key: LineKey, source_line: u64) -> Result<()> {
        let partition = key.partition();
        let Some(keys) = self.partitions.get_mut(partition) else {
            return Ok(());
        };
        if keys.capacity() == 0 {
            keys.reserve_exact(PARTITION_KEYS);
        }
        keys.push(Entry {
            order: key.order,
            line: key.line,
            source_line: u32::try_from(source_line).map_err(Error::other)?,
        });
        if keys.len() < PARTITION_KEYS {
            return Ok(());
        }
        let mut bytes = Vec::with_capacity(keys.len() * ENTRY_BYTES);
        for entry in keys.drain(..) {
            bytes.extend_from_slice(&{ entry.order }.to_le_bytes());
            bytes.extend_from_slice(&{ entry.line }.to_le_bytes());
            bytes.extend_from_slice(&{ entry.source_line }.to_le_bytes());
        }
        self.file.write_all(&bytes)?;
        if let Some(blocks) = self.blocks.get_mut(partition) {
            blocks.push(self.written);
        }
        self.written += bytes.len() as u64;
        Ok(())
    }

    /// Finds the repeats, counts the orders, and writes the keys that are new as a run of the lake.
    ///
    /// # Errors
    /// What reading the runs or writing the new one gave.
    pub fn settle(mut self, known: &[Run], sameness: Sameness, new_run: &Path) -> Result<Settled> {
        let mut settled = Settled::default();
        let mut writer = RunWriter::create(new_run)?;
        for partition in 0..PARTITIONS {
            let entries = sorted(self.load(partition)?);
            let counts = known_counts(known, partition, &entries)?;
            settle_partition(&entries, &counts, sameness, &mut settled, |key| writer.push(key))?;
            writer.end_partition();
        }
        writer.finish()?;
        Ok(settled)
    }

    fn load(&mut self, partition: usize) -> Result<Vec<Entry>> {
        let mut entries = self
            .partitions
            .get_mut(partition)
            .map(std::mem::take)
            .unwrap_or_default();
        let mut bytes = vec![0; PARTITION_KEYS * ENTRY_BYTES];
        for &at in self.blocks.get(partition).into_iter().flatten() {
            self.file.read_exact_at(&mut bytes, at)?;
            let (blocks, _) = bytes.as_chunks::<ENTRY_BYTES>();
            entries.extend(blocks.iter().map(Entry::of_bytes));
        }
        Ok(entries)
    }
}

/// Sorts the entries of one partition. Their keys are hashes, so a first deal by the bits behind those of the partition,
/// into heaps of about four, leaves little to sort in each.
fn sorted(mut entries: Vec<Entry>) -> Vec<Entry> {
    if entries.len() < 2_048 {
        entries.sort_unstable();
        return entries;
    }
    let bits = (entries.len() / 4).ilog2().min(16);
    let heap = |entry: &Entry| (entry.order << PARTITIONS.ilog2() >> (u64::BITS - bits) & 0xffff) as usize;
    let mut ends = vec![0_usize; 1 << bits];
    for entry in &entries {
        if let Some(count) = ends.get_mut(heap(entry)) {
            *count += 1;
        }
    }
    let mut before = 0;
    for end in &mut ends {
        before += std::mem::replace(end, before);
    }
    let mut dealt = vec![Entry::default(); entries.len()];
    for entry in &entries {
        let Some(next) = ends.get_mut(heap(entry)) else {
            continue;
        };
        if let Some(slot) = dealt.get_mut(*next) {
            *slot = *entry;
        }
        *next += 1;
    }
    for same in dealt.chunk_by_mut(|a, b| heap(a) == heap(b)) {
        same.sort_unstable();
    }
    dealt
}

/// How often the lake holds each distinct key of `entries` (sorted), summed over the runs; empty where it holds none.
fn known_counts(known: &[Run], partition: usize, entries: &[Entry]) -> Result<Vec<(LineKey, u64)>> {
    if known.is_empty() {
        return Ok(Vec::new());
    }
    let mut keys: Vec<LineKey> = entries.iter().map(|entry| entry.key()).collect();
    keys.dedup();
    let mut counts: Vec<(LineKey, u64)> = Vec::new();
    for run in known {
        counts.extend(run.counts(partition, &keys)?);
    }
    counts.sort_unstable();
    counts.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        kept.1 += if same { next.1 } else { 0 };
        same
    });
    Ok(counts)
}

/// Goes over the groups of equal keys and decides which of their lines are new.
fn settle_partition(
    entries: &[Entry],
    counts: &[(LineKey, u64)],
    sameness: Sameness,
    settled: &mut Settled,
    mut keep: impl FnMut(LineKey) -> Result<()>,
) -> Result<()> {
    let mut counts = counts.iter().peekable();
    let mut last_order = None;
    for group in entries.chunk_by(|a, b| a.key() == b.key()) {
        let Some(key) = group.first().map(|entry| entry.key()) else {
            continue;
        };
        if last_order != Some(key.order) {
            settled.orders += 1;
            last_order = Some(key.order);
        }
        let known = counts
            .next_if(|(counted, _)| *counted == key)
            .map_or(0, |(_, count)| *count);
        let new = match sameness {
            Sameness::Named => usize::from(known == 0),
            Sameness::Counted => group
                .len()
                .saturating_sub(usize::try_from(known).unwrap_or(usize::MAX)),
        };
        // Of equal lines the first ones of the file are kept (groups are sorted by file line).
        for (index, entry) in group.iter().enumerate() {
            if index < new {
                keep(key)?;
            } else {
                settled.mark(u64::from(entry.source_line));
            }
        }
    }
    Ok(())
}
