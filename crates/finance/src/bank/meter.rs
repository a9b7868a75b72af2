//! Limits on what a reader of bank files takes in, counted in bytes before anything is made of them.

use std::io::{self, BufRead, Read};

/// The most bytes of a file: some 50,000 booked payments with all their references.
pub const FILE_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// The most bytes of one tag, comment or piece of text.
const PIECE_BYTES_MAX: u64 = 64 * 1024;

/// A source that ends with an error where a limit is reached.
pub(super) struct Metered<B> {
    source: B,
    file_left: u64,
    piece_left: u64,
}

impl<B: BufRead> Metered<B> {
    pub fn new(source: B) -> Self {
        Self {
            source,
            file_left: FILE_BYTES_MAX,
            piece_left: PIECE_BYTES_MAX,
        }
    }

    /// The next piece begins.
    pub fn next_piece(&mut self) {
        self.piece_left = PIECE_BYTES_MAX;
    }

    /// The limit that was reached: the code of its refusal and the limit itself, in bytes.
    pub fn reached(&self) -> Option<(&'static str, u64)> {
        if self.file_left == 0 {
            return Some(("bank.file_too_large", FILE_BYTES_MAX));
        }
        (self.piece_left == 0).then_some(("bank.piece_too_long", PIECE_BYTES_MAX))
    }
}

impl<B: BufRead> BufRead for Metered<B> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let left = usize::try_from(self.file_left.min(self.piece_left)).unwrap_or(usize::MAX);
        let available = self.source.fill_buf()?;
        if left == 0 && !available.is_empty() {
            return Err(io::Error::other("a limit was reached"));
        }
        Ok(available.get(..left).unwrap_or(available))
    }

    fn consume(&mut self, amount: usize) {
        let bytes = u64::try_from(amount).unwrap_or(u64::MAX);
        self.file_left = self.file_left.saturating_sub(bytes);
        self.piece_left = self.piece_left.saturating_sub(bytes);
        self.source.consume(amount);
    }
}

impl<B: BufRead> Read for Metered<B> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut available = self.fill_buf()?;
        let count = available.read(into)?;
        self.consume(count);
        Ok(count)
    }
}
