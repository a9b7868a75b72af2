//! The keys of one import: gathered while its rows stream by, settled against the lake at the end.

use std::fs::File;
use std::io::{Error, Result, Write};
use std::os::unix::fs::FileExt;
use std::path::Path;

use bytemuck::{Pod, Zeroable};

use super::runs::{Held, Run, RunWriter};
use super::{LineKey, PARTITIONS, Sameness};

/// Keys a partition holds in memory before it goes to the spill file: 256 × 80 KiB = 20 MiB at the most. More would save
/// little: memory that is touched for the first time costs more than the way to the spill file and back.
const PARTITION_KEYS: usize = 4_096;

/// A key and the line of the file, without the four bytes that would line the next one up. It is spilled as it stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Pod, Zeroable)]
#[repr(C, packed(4))]
struct Entry {
    order: u64,
    line: u64,
    source_line: u32,
}

impl Entry {
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
    /// Lines that stand in the lake already, or before in the file, and say the same there.
    pub repeats: LineSet,
    /// Lines that stand in the lake already, or before in the file, and say something else there.
    pub changes: LineSet,
}

impl Settled {
    /// Whether every line is new.
    #[must_use]
    pub fn is_all_new(&self) -> bool {
        self.repeats.count == 0 && self.changes.count == 0
    }

    /// Whether the row on this line of the file is to be kept.
    #[must_use]
    pub fn is_new(&self, source_line: i64) -> bool {
        !self.repeats.contains(source_line) && !self.changes.contains(source_line)
    }
}

/// Lines of a file: a bit for each.
#[derive(Debug, Default)]
pub struct LineSet {
    bits: Vec<u64>,
    count: u64,
}

impl LineSet {
    /// How many there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Whether the line of the file is one of them.
    #[must_use]
    pub fn contains(&self, source_line: i64) -> bool {
        let line = source_line.cast_unsigned();
        self.bits
            .get((line / 64) as usize)
            .is_some_and(|word| word >> (line % 64) & 1 == 1)
    }

    fn add(&mut self, line: u64) {
        let word = (line / 64) as usize;
        if word >= self.bits.len() {
            self.bits.resize(word + 1, 0);
        }
        if let Some(word) = self.bits.get_mut(word) {
            *word |= 1 << (line % 64);
            self.count += 1;
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
        let bytes: &[u8] = bytemuck::cast_slice(keys);
        self.file.write_all(bytes)?;
        if let Some(blocks) = self.blocks.get_mut(partition) {
            blocks.push(self.written);
        }
        self.written += bytes.len() as u64;
        keys.clear();
        Ok(())
    }

    /// Finds the repeats and the changes, counts the orders, and writes the keys that are new as a run of the lake.
    ///
    /// # Errors
    /// What reading the runs or writing the new one gave.
    pub fn settle(mut self, known: &[Run], sameness: Sameness, new_run: &Path) -> Result<Settled> {
        let mut settled = Settled::default();
        let mut writer = RunWriter::create(new_run)?;
        let (mut memory, mut sorter) = (Vec::new(), Sorter::default());
        for partition in 0..PARTITIONS {
            let entries = sorter.sort(self.load(partition, &mut memory)?);
            let held = held_of(known, partition, entries, sameness)?;
            settle_partition(entries, &held, sameness, &mut settled, |key| writer.push(key))?;
            writer.end_partition();
        }
        writer.finish()?;
        Ok(settled)
    }

    /// The entries of a partition, in memory that is asked for and zeroed once for all of them.
    fn load<'m>(&mut self, partition: usize, memory: &'m mut Vec<Entry>) -> Result<&'m mut [Entry]> {
        let last = self
            .partitions
            .get_mut(partition)
            .map(std::mem::take)
            .unwrap_or_default();
        let blocks = self.blocks.get(partition).map_or(&[][..], Vec::as_slice);
        let spilled = blocks.len() * PARTITION_KEYS;
        let all = spilled + last.len();
        if memory.len() < all {
            memory.resize(all, Entry::default());
        }
        let entries = memory.get_mut(..all).unwrap_or_default();
        let (read, held) = entries.split_at_mut(spilled);
        for (block, &at) in read.chunks_mut(PARTITION_KEYS).zip(blocks) {
            self.file.read_exact_at(bytemuck::cast_slice_mut(block), at)?;
        }
        held.copy_from_slice(&last);
        Ok(entries)
    }
}

/// Sorts the entries of one partition after another, with memory that is asked for and zeroed once.
#[derive(Default)]
struct Sorter {
    ends: Vec<u32>,
    dealt: Vec<Entry>,
}

impl Sorter {
    /// The entries in order. Their keys are hashes, so a first deal by the bits behind those of the partition, into heaps
    /// of about four, leaves little to sort in each.
    fn sort<'a>(&'a mut self, entries: &'a mut [Entry]) -> &'a [Entry] {
        if entries.len() < 2_048 {
            entries.sort_unstable();
            return entries;
        }
        let bits = (entries.len() / 4).ilog2().min(16);
        let heap =
            |entry: &Entry| (entry.order << PARTITIONS.ilog2() >> (u64::BITS - bits) & 0xffff) as usize;
        self.ends.clear();
        self.ends.resize(1 << bits, 0);
        for entry in entries.iter() {
            if let Some(count) = self.ends.get_mut(heap(entry)) {
                *count += 1;
            }
        }
        let mut before = 0;
        for end in &mut self.ends {
            before += std::mem::replace(end, before);
        }
        if self.dealt.len() < entries.len() {
            self.dealt.resize(entries.len(), Entry::default());
        }
        for entry in entries.iter() {
            let Some(next) = self.ends.get_mut(heap(entry)) else {
                continue;
            };
            if let Some(slot) = self.dealt.get_mut(*next as usize) {
                *slot = *entry;
            }
            *next += 1;
        }
        let dealt = self.dealt.get_mut(..entries.len()).unwrap_or_default();
        for same in dealt.chunk_by_mut(|a, b| heap(a) == heap(b)) {
            same.sort_unstable();
        }
        dealt
    }
}

/// What the lake holds of each distinct name in `entries` (sorted), over all runs.
fn held_of(known: &[Run], partition: usize, entries: &[Entry], sameness: Sameness) -> Result<Vec<Held>> {
    if known.is_empty() {
        return Ok(Vec::new());
    }
    let mut names: Vec<LineKey> = entries.iter().map(|entry| sameness.name(entry.key())).collect();
    names.dedup();
    let mut held: Vec<Held> = Vec::new();
    for run in known {
        held.extend(run.held(partition, &names, sameness)?);
    }
    held.sort_unstable();
    held.dedup_by(|next, kept| {
        let same = sameness.name(next.key) == sameness.name(kept.key);
        kept.count += if same { next.count } else { 0 };
        same
    });
    Ok(held)
}

/// Goes over the groups of one name and decides which of their lines are new.
fn settle_partition(
    entries: &[Entry],
    held: &[Held],
    sameness: Sameness,
    settled: &mut Settled,
    mut keep: impl FnMut(LineKey) -> Result<()>,
) -> Result<()> {
    let mut held = held.iter().peekable();
    let mut last_order = None;
    for group in entries.chunk_by(|a, b| sameness.name(a.key()) == sameness.name(b.key())) {
        let Some(first) = group.iter().min_by_key(|entry| entry.source_line) else {
            continue;
        };
        if last_order != Some(first.order) {
            settled.orders += 1;
            last_order = Some(first.order);
        }
        let name = sameness.name(first.key());
        let held = held.next_if(|held| sameness.name(held.key) == name);
        match sameness {
            Sameness::Named => {
                // Of lines with one name the first of the file counts, unless the lake has it already.
                let counts = held.map_or(first.key(), |held| held.key);
                if held.is_none() {
                    keep(counts)?;
                }
                for entry in group.iter().filter(|entry| held.is_some() || *entry != first) {
                    let as_it_counts = entry.key() == counts;
                    let lines = if as_it_counts {
                        &mut settled.repeats
                    } else {
                        &mut settled.changes
                    };
                    lines.add(u64::from(entry.source_line));
                }
            }
            Sameness::Counted => {
                // Of equal lines the first ones of the file are kept (groups are sorted by file line).
                let known = held.map_or(0, |held| usize::try_from(held.count).unwrap_or(usize::MAX));
                let (new, repeats) = group.split_at(group.len().saturating_sub(known));
                for entry in new {
                    keep(entry.key())?;
                }
                for entry in repeats {
                    settled.repeats.add(u64::from(entry.source_line));
                }
            }
        }
    }
    Ok(())
}
