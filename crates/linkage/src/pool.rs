//! Distinct values of a field, each kept once and known by its number.
//!
//! A value is known by 96 bits of its hash: of ten million values two are taken for one once in 10^15 runs, and no text has to
//! be read. A search reads memory that is in no cache, mostly: the place in the list, and the mark of the value there. So
//! values are looked up many together, the places of all of them before the marks, and the waits pass at one time.

use xxhash_rust::xxh3::xxh3_128;

/// Values that are looked up together.
const TOGETHER: usize = 128;
/// Bytes of a piece of text.
const PIECE: usize = 1 << 18;
/// Places of an empty list.
const PLACES: usize = 64;

/// Distinct values by number; number 0 is the missing value.
#[derive(Debug)]
pub(crate) struct Pool {
    /// The texts, in pieces, so that a pool that grows is never copied. A text stands in one piece.
    pieces: Vec<String>,
    /// Where each text ends, pieces being as long as they may be.
    ends: Vec<u32>,
}

impl Pool {
    pub(crate) fn new() -> Self {
        Self {
            pieces: Vec::new(),
            ends: vec![0],
        }
    }

    #[inline]
    pub(crate) fn get(&self, number: u32) -> &str {
        let number = number as usize;
        let end = self.ends.get(number).copied().unwrap_or(0) as usize;
        let before = number.checked_sub(1).and_then(|before| self.ends.get(before));
        let before = before.copied().unwrap_or(0) as usize;
        let piece = end.saturating_sub(1) / PIECE;
        let (start, end) = (before.max(piece * PIECE), end);
        let text = self.pieces.get(piece).map_or("", String::as_str);
        text.get(start - piece * PIECE..end - piece * PIECE)
            .unwrap_or_default()
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &str> {
        (0..).take(self.ends.len()).map(|number| self.get(number))
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// None where four gigabytes are full, or a value is longer than a piece.
    pub(crate) fn push(&mut self, value: &str) -> Option<u32> {
        let is_full = |piece: &String| piece.len() + value.len() > PIECE;
        if self.pieces.last().is_none_or(is_full) {
            self.pieces.push(String::with_capacity(PIECE));
        }
        let before = (self.pieces.len() - 1) * PIECE;
        let piece = self
            .pieces
            .last_mut()
            .filter(|piece| piece.len() + value.len() <= PIECE)?;
        piece.push_str(value);
        self.ends.push(u32::try_from(before + piece.len()).ok()?);
        u32::try_from(self.ends.len() - 1).ok()
    }

    /// Takes all values out.
    fn clear(&mut self) {
        self.pieces.truncate(1);
        self.pieces.iter_mut().for_each(String::clear);
        self.ends.truncate(1);
    }
}

/// Gives values their numbers.
#[derive(Debug)]
pub(crate) struct Interner {
    pub(crate) pool: Pool,
    /// Half of a value's hash above its number, so that growing reads no text; zero is a free place. At most three of
    /// four places are taken.
    places: Vec<u64>,
    /// The rest of each value's hash, by its number.
    marks: Vec<u64>,
    /// The values that wait to be looked up.
    waiting: Pool,
    hashes: Vec<Hash>,
}

impl Interner {
    pub(crate) fn new() -> Self {
        Self {
            pool: Pool::new(),
            places: vec![0; PLACES],
            marks: vec![0],
            waiting: Pool::new(),
            hashes: Vec::with_capacity(TOGETHER),
        }
    }

    /// Takes a value in that is not missing; says whether enough wait to be looked up.
    pub(crate) fn wait(&mut self, value: &str) -> Option<bool> {
        self.waiting.push(value)?;
        self.hashes.push(Hash::of(value));
        Some(self.hashes.len() >= TOGETHER)
    }

    /// The numbers of the values that wait, in the order they came.
    pub(crate) fn look_up(&mut self, mut give: impl FnMut(u32)) -> Option<()> {
        let mut numbers = [0; TOGETHER];
        for (number, hash) in numbers.iter_mut().zip(&self.hashes) {
            *number = self.first(hash.place);
        }
        let mut is_known = [false; TOGETHER];
        for ((is_known, number), hash) in is_known.iter_mut().zip(&numbers).zip(&self.hashes) {
            *is_known = self.is(*number, *hash);
        }
        let waiting = std::mem::replace(&mut self.waiting, Pool::new());
        let hashes = std::mem::take(&mut self.hashes);
        let values = waiting.values().skip(1).zip(&hashes);
        for ((value, hash), (number, is_known)) in values.zip(numbers.into_iter().zip(is_known)) {
            give(if is_known {
                number
            } else {
                self.intern(value, *hash)?
            });
        }
        (self.waiting, self.hashes) = (waiting, hashes);
        self.waiting.clear();
        self.hashes.clear();
        Some(())
    }

    /// The number of one value.
    pub(crate) fn number(&mut self, value: &str) -> Option<u32> {
        self.intern(value, Hash::of(value))
    }

    fn intern(&mut self, value: &str, hash: Hash) -> Option<u32> {
        let mut at = hash.place as usize;
        loop {
            let entry = self.entry(at);
            let number = entry as u32;
            if entry == 0 {
                break;
            }
            if (entry >> 32) as u32 == hash.place && self.is(number, hash) {
                return Some(number);
            }
            at += 1;
        }
        let number = self.pool.push(value)?;
        self.marks.push(hash.mark);
        if self.pool.len() > self.places.len() / 4 * 3 {
            self.grow();
        }
        self.put(u64::from(hash.place) << 32 | u64::from(number));
        Some(number)
    }

    /// Whether this is the number of a value with this hash.
    #[inline]
    fn is(&self, number: u32, hash: Hash) -> bool {
        number > 0 && self.marks.get(number as usize) == Some(&hash.mark)
    }

    /// The first value with this hash; zero where there is none.
    fn first(&self, hash: u32) -> u32 {
        let mut at = hash as usize;
        loop {
            let entry = self.entry(at);
            if entry == 0 || (entry >> 32) as u32 == hash {
                return entry as u32;
            }
            at += 1;
        }
    }

    #[inline]
    fn entry(&self, at: usize) -> u64 {
        let place = at & (self.places.len() - 1);
        self.places.get(place).copied().unwrap_or(0)
    }

    fn put(&mut self, entry: u64) {
        let mut at = (entry >> 32) as usize;
        while self.entry(at) != 0 {
            at += 1;
        }
        let place = at & (self.places.len() - 1);
        if let Some(free) = self.places.get_mut(place) {
            *free = entry;
        }
    }

    fn grow(&mut self) {
        let twice = vec![0; self.places.len() * 2];
        for entry in std::mem::replace(&mut self.places, twice) {
            if entry != 0 {
                self.put(entry);
            }
        }
    }
}

/// The hash of a value: where it is searched, and by what it is known there.
#[derive(Clone, Copy, Debug)]
struct Hash {
    place: u32,
    mark: u64,
}

impl Hash {
    fn of(value: &str) -> Self {
        let hash = xxh3_128(value.as_bytes());
        Self {
            place: (hash >> 96) as u32,
            mark: hash as u64,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_has_one_number_whether_it_is_looked_up_alone_or_with_others() {
        let mut interner = Interner::new();
        let value = |number: usize| format!("{} value {}", "long ".repeat(500), number * 7 % 311);
        let mut numbers = Vec::new();
        for number in 0..2_000 {
            if interner.wait(&value(number)).unwrap() {
                interner.look_up(|number| numbers.push(number)).unwrap();
            }
        }
        interner.look_up(|number| numbers.push(number)).unwrap();
        assert_eq!((numbers.len(), interner.pool.len()), (2_000, 312));
        for (place, number) in numbers.iter().enumerate() {
            assert_eq!(interner.pool.get(*number), value(place));
            assert_eq!(interner.number(&value(place)), Some(*number));
        }
    }
}
