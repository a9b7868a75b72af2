//! Finds the bytes that shape delimited text: delimiters, line ends and quotes, 64 bytes at a time.
//!
//! All marks of a text are listed at once, and which of them are no delimiters: a record is then what lies up to the next
//! line end in the list, however many fields it has.

#![expect(
    clippy::inline_always,
    reason = "what is compiled for newer processors must be the whole of it"
)]

use wide::u8x32;

/// Bytes looked at together.
const WINDOW: usize = 64;
/// Marks that are listed together; a window of common text holds fewer.
const TOGETHER: usize = 8;

/// The marks of a text, in order, and how far they were used.
#[derive(Debug)]
pub struct Marks {
    delimiter: u8,
    /// Where each mark is.
    at: Vec<u32>,
    /// Which of the marks are line ends or quotes.
    stops: Vec<u32>,
    /// The first mark, and the first stop, that was not used.
    next: usize,
    next_stop: usize,
}

/// The marks up to a line end or quote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UpToStop {
    /// The first of the marks, and the one that is no delimiter; as many as were found where there is none.
    pub marks: (usize, usize),
    /// Where that one is; none at the end of the text.
    pub stop: Option<usize>,
}

impl Marks {
    /// No marks yet, of text whose fields are parted by `delimiter`.
    #[must_use]
    pub fn of(delimiter: u8) -> Self {
        Self {
            delimiter,
            at: Vec::new(),
            stops: Vec::new(),
            next: 0,
            next_stop: 0,
        }
    }

    /// Lists the marks of another text, of less than 4 GiB.
    pub fn find_in(&mut self, text: &[u8]) {
        #[cfg(target_arch = "x86_64")]
        if kernel::processor::is_wide() {
            #[expect(unsafe_code, reason = "the processor was asked whether it can")]
            return unsafe { self.find_with_avx2(text) };
        }
        self.find(text);
    }

    /// The same, in the words of newer processors: counting and finding bits is one of theirs.
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2,bmi1,popcnt")]
    fn find_with_avx2(&mut self, text: &[u8]) {
        self.find(text);
    }

    #[inline(always)]
    fn find(&mut self, text: &[u8]) {
        (self.next, self.next_stop) = (0, 0);
        self.at.clear();
        self.stops.clear();
        let (windows, rest) = text.as_chunks::<WINDOW>();
        for (begin, window) in (0..).step_by(WINDOW).zip(windows) {
            self.find_in_window(window, begin, u64::MAX);
        }
        if !rest.is_empty() {
            let mut window = [0; WINDOW];
            for (slot, byte) in window.iter_mut().zip(rest) {
                *slot = *byte;
            }
            // What stands behind the text is no mark, even where zero is the delimiter.
            let begin = narrow(text.len() - rest.len());
            self.find_in_window(&window, begin, (1 << rest.len()) - 1);
        }
    }

    /// The marks from the first unused one up to the next line end or quote.
    #[must_use]
    pub fn up_to_stop(&self) -> UpToStop {
        let stop = self.stops.get(self.next_stop).map(|&mark| mark as usize);
        UpToStop {
            marks: (self.next, stop.unwrap_or(self.at.len())),
            stop: stop.and_then(|mark| self.at.get(mark)).map(|&at| at as usize),
        }
    }

    /// Where the marks of a range are.
    #[must_use]
    pub fn places(&self, (from, to): (usize, usize)) -> &[u32] {
        self.at.get(from..to).unwrap_or_default()
    }

    /// Uses up the marks through the next stop.
    pub fn pass_stop(&mut self) {
        let stop = self.stops.get(self.next_stop);
        self.next = stop.map_or(self.at.len(), |&mark| mark as usize + 1);
        self.next_stop += usize::from(stop.is_some());
    }

    /// Uses up the marks before a byte of the text.
    pub fn pass_before(&mut self, position: usize) {
        let used = |places: &[u32]| places.iter().take_while(|&&at| (at as usize) < position).count();
        self.next += used(self.at.get(self.next..).unwrap_or_default());
        let stops = self.stops.get(self.next_stop..).unwrap_or_default();
        self.next_stop += stops
            .iter()
            .take_while(|&&mark| (mark as usize) < self.next)
            .count();
    }

    #[inline(always)]
    fn find_in_window(&mut self, window: &[u8; WINDOW], begin: u32, valid: u64) {
        let half = |from: usize| {
            let text = window.get(from..).and_then(|rest| rest.first_chunk::<32>());
            let text = u8x32::from(text.copied().unwrap_or_default());
            let is = |byte| text.simd_eq(u8x32::splat(byte));
            let stops = is(b'\n') | is(b'"');
            let marks = stops | is(self.delimiter);
            (u64::from(marks.to_bitmask()), u64::from(stops.to_bitmask()))
        };
        let ((low_marks, low_stops), (high_marks, high_stops)) = (half(0), half(32));
        let mut marks = (low_marks | high_marks << 32) & valid;
        let mut stops = (low_stops | high_stops << 32) & valid;
        let before = self.at.len();
        while stops != 0 {
            let up_to = marks & (stops ^ stops.wrapping_sub(1));
            self.stops.push(narrow(before + up_to.count_ones() as usize - 1));
            stops &= stops - 1;
        }
        let found = marks.count_ones() as usize;
        while marks != 0 {
            // Some too many, taken away below: how many there are is not to be guessed by the processor.
            let mut together = [0; TOGETHER];
            for slot in &mut together {
                *slot = begin + marks.trailing_zeros();
                marks &= marks.wrapping_sub(1);
            }
            self.at.extend_from_slice(&together);
        }
        self.at.truncate(before + found);
    }
}

fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn texts() -> impl Strategy<Value = Vec<u8>> {
        let byte = prop_oneof![
            Just(b','),
            Just(b'\n'),
            Just(b'"'),
            Just(0_u8),
            Just(b'x'),
            any::<u8>()
        ];
        proptest::collection::vec(byte, 0..300)
    }

    /// The marks that a walk over all bytes finds, up to each line end or quote.
    fn walked(text: &[u8], from: usize) -> Vec<(Vec<u32>, Option<usize>)> {
        let (mut runs, mut run) = (Vec::new(), Vec::new());
        for (at, byte) in text.iter().enumerate().skip(from) {
            match byte {
                b',' => run.push(narrow(at)),
                b'\n' | b'"' => runs.push((std::mem::take(&mut run), Some(at))),
                _ => {}
            }
        }
        runs.push((run, None));
        runs
    }

    proptest! {
        #[test]
        fn every_mark_is_given_once_and_in_order(text in texts(), from in 0_usize..300) {
            let mut marks = Marks::of(b',');
            marks.find_in(&text);
            marks.pass_before(from);
            for (places, stop) in walked(&text, from) {
                let found = marks.up_to_stop();
                prop_assert_eq!(found.stop, stop);
                prop_assert_eq!(marks.places(found.marks), places);
                marks.pass_stop();
            }
        }
    }
}
