//! Who an order line is, and which lines the lake already holds.
//!
//! A line is known by 128 bits (decision 0003): 64 of its channel and order number, 32 of its line number within the order
//! and 32 of what it says, so that a line that comes again and says something else is told from a repeat; where the
//! layout has no line number all 64 are of what it says. An import gathers its lines' keys in 256
//! partitions by their first byte, spills them to one file once they outgrow memory, and at the end sorts each
//! partition and holds it against the runs the lake has: sorted files, partitioned alike, one an import, merged as
//! they grow in number. So memory is bounded, reading is in order, and nothing is looked up while rows stream by.

mod runs;
mod spill;
#[cfg(test)]
mod tests;

pub use runs::{Held, Run, merge};
pub use spill::{KeySpill, Settled};

use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed, xxh3_128_with_seed};

/// Partitions of keys, by the first byte of the order's hash.
pub const PARTITIONS: usize = 256;

/// The key of one line. Ordered by order, then by line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineKey {
    /// Hash of channel and order number (for a daily summary: of channel, day, place, product and kind).
    pub order: u64,
    /// Which line of its order it is, in the upper half, and what it says, in the lower; or all of it what the line says.
    pub line: u64,
}

impl LineKey {
    /// The partition the key falls into.
    #[must_use]
    pub fn partition(self) -> usize {
        (self.order >> 56) as usize
    }

    /// The key as 16 bytes that sort as the key does.
    #[must_use]
    pub fn to_bytes(self) -> [u8; 16] {
        ((u128::from(self.order) << 64) | u128::from(self.line)).to_be_bytes()
    }

    /// The key of 16 bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        let (order, line) = halves(u128::from_be_bytes(bytes));
        Self { order, line }
    }
}

/// The half of [`LineKey::line`] that says what a named line says.
const SAYS: u64 = 0xffff_ffff;

/// How equal keys are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sameness {
    /// The key names the line: every further one is a repeat, or a change where it says something else.
    Named,
    /// The key is the line's content: equal lines of one file are separate lines, and those of another file repeats of them.
    Counted,
}

impl Sameness {
    /// The key as far as it tells lines apart. Keys in order have their names in order.
    #[must_use]
    pub fn name(self, key: LineKey) -> LineKey {
        match self {
            Self::Named => LineKey {
                line: key.line & !SAYS,
                ..key
            },
            Self::Counted => key,
        }
    }
}

/// Makes the keys of one channel's lines.
#[derive(Debug, Clone, Copy)]
pub struct Keying {
    seed: u64,
}

/// What a line says, as far as it can tell one line from another.
#[derive(Debug, Clone, Copy)]
pub struct Content {
    /// Days since 1970-01-01.
    pub epoch_days: i32,
    /// County.
    pub place: i32,
    /// Hash of the product code.
    pub product: u64,
    /// Thousandths.
    pub quantity_milli: i64,
    /// Signed amount.
    pub amount_fen: i64,
    /// Whether it is a cancellation line.
    pub cancelled: bool,
}

impl Keying {
    /// The hash of a product code, for [`Content::product`].
    #[must_use]
    pub fn product(code: &[u8]) -> u64 {
        xxh3_64(code)
    }

    /// Keys of a channel.
    #[must_use]
    pub fn of(channel: &str) -> Self {
        Self {
            seed: xxh3_64(channel.as_bytes()),
        }
    }

    /// The key of an order line with a line number. Numbers below 2³² stay apart for certain within their order.
    #[must_use]
    pub fn numbered(self, order_no: &[u8], line_no: i64, content: &Content) -> LineKey {
        let (order, second) = halves(xxh3_128_with_seed(order_no, self.seed));
        let number = line_no.cast_unsigned();
        let which = (number ^ (number >> 32) ^ second) << 32;
        LineKey {
            order,
            line: which | (content.hash(second) & SAYS),
        }
    }

    /// The key of an order line known by its content.
    #[must_use]
    pub fn by_content(self, order_no: &[u8], content: &Content) -> LineKey {
        let (order, second) = halves(xxh3_128_with_seed(order_no, self.seed));
        LineKey {
            order,
            line: content.hash(second),
        }
    }

    /// The key of a daily summary: one a day, place, product and kind.
    #[must_use]
    pub fn daily(self, content: &Content) -> LineKey {
        let day_and_place =
            (u64::from(content.epoch_days.cast_unsigned()) << 32) | u64::from(content.place.cast_unsigned());
        let of_its_kind =
            xxh3_64_with_seed(&day_and_place.to_le_bytes(), self.seed) ^ u64::from(content.cancelled);
        let (order, second) = halves(xxh3_128_with_seed(&content.product.to_le_bytes(), of_its_kind));
        LineKey {
            order,
            line: (second & !SAYS) | (content.hash(second) & SAYS),
        }
    }
}

impl Content {
    /// Thirty-two bytes: place codes leave room for a bit, and beyond that length the hash costs twice as much.
    fn hash(&self, seed: u64) -> u64 {
        let place_and_kind = self.place.cast_unsigned() | u32::from(self.cancelled) << 31;
        let mut bytes = [0_u8; 32];
        put(&mut bytes, 0, &self.epoch_days.to_le_bytes());
        put(&mut bytes, 4, &place_and_kind.to_le_bytes());
        put(&mut bytes, 8, &self.product.to_le_bytes());
        put(&mut bytes, 16, &self.quantity_milli.to_le_bytes());
        put(&mut bytes, 24, &self.amount_fen.to_le_bytes());
        xxh3_64_with_seed(&bytes, seed)
    }
}

/// Two hashes that tell nothing of each other.
fn halves(hash: u128) -> (u64, u64) {
    #[expect(clippy::cast_possible_truncation, reason = "the two halves of 128 bits")]
    ((hash >> 64) as u64, hash as u64)
}

fn put(bytes: &mut [u8], at: usize, value: &[u8]) {
    if let Some(slot) = bytes.get_mut(at..at + value.len()) {
        slot.copy_from_slice(value);
    }
}
