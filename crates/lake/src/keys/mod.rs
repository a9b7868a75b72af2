//! Who an order line is, and which lines the lake already holds.
//!
//! A line is known by 128 bits: 64 of its channel and order number, 64 of its line number within the order, or of
//! its content where the layout has no line number (decision 0003). An import gathers its lines' keys in 256
//! partitions by their first byte, spills them to one file once they outgrow memory, and at the end sorts each
//! partition and holds it against the runs the lake has: sorted files, partitioned alike, one an import, merged as
//! they grow in number. So memory is bounded, reading is in order, and nothing is looked up while rows stream by.

mod runs;
mod spill;
#[cfg(test)]
mod tests;

pub use runs::{Run, merge};
pub use spill::{KeySpill, Settled};

use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

/// Partitions of keys, by the first byte of the order's hash.
pub const PARTITIONS: usize = 256;

/// The key of one line. Ordered by order, then by line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineKey {
    /// Hash of channel and order number (for a daily summary: of channel, day and place).
    pub order: u64,
    /// Hash of what tells the line from others of its order.
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
        let both = u128::from_be_bytes(bytes);
        #[expect(clippy::cast_possible_truncation, reason = "the two halves of 128 bits")]
        Self {
            order: (both >> 64) as u64,
            line: both as u64,
        }
    }
}

/// How equal keys are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sameness {
    /// The key names the line: every further one is a repeat.
    Named,
    /// The key is the line's content: equal lines of one file are separate lines, and those of another file repeats of them.
    Counted,
}

/// Makes the keys of one channel's lines.
#[derive(Debug, Clone, Copy)]
pub struct Keying {
    seed: u64,
}

/// What a line says, as far as it can tell one line from another.
#[derive(Debug, Clone, Copy)]
pub struct Content<'a> {
    /// Days since 1970-01-01.
    pub epoch_days: i32,
    /// County.
    pub place: i32,
    /// Product code.
    pub product: &'a [u8],
    /// Thousandths.
    pub quantity_milli: i64,
    /// Signed amount.
    pub amount_fen: i64,
    /// Whether it is a cancellation line.
    pub cancelled: bool,
}

impl Keying {
    /// Keys of a channel.
    #[must_use]
    pub fn of(channel: &str) -> Self {
        Self {
            seed: xxh3_64(channel.as_bytes()),
        }
    }

    /// The key of an order line with a line number.
    #[must_use]
    pub fn numbered(self, order_no: &[u8], line_no: i64) -> LineKey {
        let order = xxh3_64_with_seed(order_no, self.seed);
        LineKey {
            order,
            line: xxh3_64_with_seed(&line_no.to_le_bytes(), order),
        }
    }

    /// The key of an order line known by its content.
    #[must_use]
    pub fn by_content(self, order_no: &[u8], content: &Content<'_>) -> LineKey {
        let order = xxh3_64_with_seed(order_no, self.seed);
        let product = xxh3_64_with_seed(content.product, order);
        let mut bytes = [0_u8; 33];
        put(&mut bytes, 0, &content.epoch_days.to_le_bytes());
        put(&mut bytes, 4, &content.place.to_le_bytes());
        put(&mut bytes, 8, &product.to_le_bytes());
        put(&mut bytes, 16, &content.quantity_milli.to_le_bytes());
        put(&mut bytes, 24, &content.amount_fen.to_le_bytes());
        put(&mut bytes, 32, &[u8::from(content.cancelled)]);
        LineKey {
            order,
            line: xxh3_64_with_seed(&bytes, order),
        }
    }

    /// The key of a daily summary: one a day, place, product and kind.
    #[must_use]
    pub fn daily(self, content: &Content<'_>) -> LineKey {
        let day_and_place =
            (u64::from(content.epoch_days.cast_unsigned()) << 32) | u64::from(content.place.cast_unsigned());
        let order = xxh3_64_with_seed(&day_and_place.to_le_bytes(), self.seed);
        let line = xxh3_64_with_seed(content.product, order ^ u64::from(content.cancelled));
        LineKey { order, line }
    }
}

fn put(bytes: &mut [u8], at: usize, value: &[u8]) {
    if let Some(slot) = bytes.get_mut(at..at + value.len()) {
        slot.copy_from_slice(value);
    }
}
