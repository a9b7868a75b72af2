//! Finds the bytes that shape delimited text: delimiters, line ends and quotes, 64 bytes at a time.

use wide::u8x32;

/// Bytes looked at together.
const WINDOW: usize = 64;

/// Walks over the marks of a buffer, in order.
#[derive(Debug)]
pub struct Marks {
    delimiter: u8,
    /// Where the window begins, and the marks in it that were not given yet: a bit for each byte.
    window: usize,
    waiting: u64,
    /// Where the next window begins.
    next: usize,
}

impl Marks {
    /// The marks of text whose fields are parted by `delimiter`.
    #[must_use]
    pub fn of(delimiter: u8) -> Self {
        Self {
            delimiter,
            window: 0,
            waiting: 0,
            next: 0,
        }
    }

    /// Goes on from this byte.
    pub fn go_to(&mut self, position: usize) {
        (self.waiting, self.next) = (0, position);
    }

    /// Where the next mark of the buffer is; none where it has no further one.
    #[inline]
    pub fn next_in(&mut self, buffer: &[u8]) -> Option<usize> {
        while self.waiting == 0 {
            let rest = buffer.get(self.next..).filter(|rest| !rest.is_empty())?;
            self.window = self.next;
            if let Some(bytes) = rest.first_chunk::<WINDOW>() {
                self.waiting = self.marks_of(bytes);
                self.next += WINDOW;
            } else {
                let mut bytes = [0; WINDOW];
                for (slot, byte) in bytes.iter_mut().zip(rest) {
                    *slot = *byte;
                }
                // What stands behind the text is no mark, even where zero is the delimiter.
                self.waiting = self.marks_of(&bytes) & ((1 << rest.len()) - 1);
                self.next += rest.len();
            }
        }
        let at = self.window + self.waiting.trailing_zeros() as usize;
        self.waiting &= self.waiting - 1;
        Some(at)
    }

    #[inline]
    fn marks_of(&self, bytes: &[u8; WINDOW]) -> u64 {
        let half = |from: usize| {
            let text = bytes.get(from..).and_then(|rest| rest.first_chunk::<32>());
            let text = u8x32::from(text.copied().unwrap_or_default());
            let is = |byte| text.simd_eq(u8x32::splat(byte));
            u64::from((is(self.delimiter) | is(b'\n') | is(b'"')).to_bitmask())
        };
        half(0) | (half(32) << 32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_mark_is_given_once_and_in_order(text in proptest::collection::vec(prop_oneof![Just(b','), Just(b'\n'), Just(b'"'), Just(0_u8), any::<u8>()], 0..300), from in 0_usize..300) {
            let mut marks = Marks::of(b',');
            marks.go_to(from);
            let found: Vec<usize> = std::iter::from_fn(|| marks.next_in(&text)).collect();
            let expected: Vec<usize> = text.iter().enumerate().skip(from).filter(|(_, byte)| matches!(byte, b',' | b'\n' | b'"')).map(|(at, _)| at).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
