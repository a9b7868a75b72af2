//! Turns the bytes of a file into UTF-8: a byte order mark is passed over, GB 18030 is converted, and bytes that are
//! not of the encoding are refused with their line. Text is never mended by guessing. A block of text ends at a line
//! end wherever it holds one; what follows waits for the next.

use encoding_rs::{DecoderResult, GB18030};
use kernel::{Fault, Refusal};
use programme::layout::FileEncoding;

/// Bytes that are not text of the encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DecodeError {
    /// Stable code.
    pub code: &'static str,
    /// Line of the file, from 1.
    pub line: u64,
    /// The encoding that was tried.
    pub encoding: &'static str,
}

impl DecodeError {
    /// As a refusal of the file.
    #[must_use]
    pub fn refusal(self, file: &str) -> Refusal {
        Refusal::new(self.code, Fault::Refused)
            .at(format!("{file}:{}", self.line))
            .fact("encoding", self.encoding)
    }
}

enum State {
    /// Nothing read yet: the first block decides.
    Start,
    Utf8,
    Gb18030(Box<encoding_rs::Decoder>),
}

/// Text without a line end is held back up to this many bytes.
const CARRIED_BYTES_MAX: usize = 1 << 20;

/// Decodes one file, block by block.
pub struct Decoder {
    wanted: FileEncoding,
    state: State,
    /// What follows the last line end of the block before: bytes of the file in UTF-8, text in GB 18030.
    carried: Vec<u8>,
    line: u64,
}

impl Decoder {
    /// A decoder at the start of a file.
    #[must_use]
    pub fn new(wanted: FileEncoding) -> Self {
        Self {
            wanted,
            state: State::Start,
            carried: Vec::new(),
            line: 1,
        }
    }

    /// Memory for the next `bytes` bytes of the file, and where in it they go: behind what is still to be decoded of the ones
    /// before. Takes a block that is no longer needed as it is; only what it grows by is zeroed.
    pub fn next_block(&mut self, spare: Vec<u8>, bytes: usize) -> (Vec<u8>, usize) {
        let mut block = spare;
        let held = if matches!(self.state, State::Gb18030(_)) {
            0
        } else {
            self.carried.len()
        };
        block.resize(held + bytes, 0);
        if let Some(front) = block.get_mut(..held).filter(|front| !front.is_empty()) {
            front.copy_from_slice(&self.carried);
            self.carried.clear();
        }
        (block, held)
    }

    /// Decodes a block begun by [`Self::next_block`]; `last` says that nothing follows. Gives whole lines where it can.
    ///
    /// # Errors
    /// `sales.bad_encoding`, `sales.unsupported_encoding` (UTF-16).
    pub fn decode(&mut self, block: Vec<u8>, last: bool) -> Result<Vec<u8>, DecodeError> {
        let block = if matches!(self.state, State::Start) {
            self.start(block)?
        } else {
            block
        };
        let text = match &mut self.state {
            State::Gb18030(decoder) => {
                let text = gb18030(decoder, std::mem::take(&mut self.carried), &block, last);
                let mut text = text.map_err(|valid| self.error_after(&valid, "GB 18030"))?;
                if !last {
                    self.carried = text.split_off(end_of_lines(&text));
                }
                text
            }
            State::Start | State::Utf8 => self.utf8(block, last)?,
        };
        // Lines are needed only to name a broken one; counting them is a tenth of the cost of the check itself.
        self.line += memchr::memchr_iter(b'\n', &text).count() as u64;
        Ok(text)
    }

    fn start(&mut self, mut block: Vec<u8>) -> Result<Vec<u8>, DecodeError> {
        if block.starts_with(&[0xff, 0xfe]) || block.starts_with(&[0xfe, 0xff]) {
            return Err(DecodeError {
                code: "sales.unsupported_encoding",
                line: 1,
                encoding: "UTF-16",
            });
        }
        let marked = block.starts_with(&[0xef, 0xbb, 0xbf]);
        if marked {
            block.drain(..3);
        }
        let is_utf8 = match self.wanted {
            FileEncoding::Utf8 => true,
            FileEncoding::Gb18030 => marked,
            FileEncoding::Auto => {
                marked
                    || std::str::from_utf8(&block).map_or_else(|error| error.error_len().is_none(), |_| true)
            }
        };
        self.state = if is_utf8 {
            State::Utf8
        } else {
            State::Gb18030(Box::new(GB18030.new_decoder_without_bom_handling()))
        };
        Ok(block)
    }

    /// Holds back what stands from `at` on for the next block.
    fn carry(&mut self, text: &mut Vec<u8>, at: usize) {
        self.carried.extend_from_slice(text.get(at..).unwrap_or_default());
        text.truncate(at);
    }

    fn utf8(&mut self, mut text: Vec<u8>, last: bool) -> Result<Vec<u8>, DecodeError> {
        if !last {
            let end = end_of_lines(&text);
            self.carry(&mut text, end);
        }
        if simdutf8::basic::from_utf8(&text).is_ok() {
            return Ok(text);
        }
        match std::str::from_utf8(&text) {
            // Text without a line end, cut within a character.
            Err(error) if error.error_len().is_none() && !last => {
                self.carry(&mut text, error.valid_up_to());
                Ok(text)
            }
            Err(error) => {
                text.truncate(error.valid_up_to());
                Err(self.error_after(&text, "UTF-8"))
            }
            Ok(_) => Ok(text),
        }
    }

    fn error_after(&self, valid: &[u8], encoding: &'static str) -> DecodeError {
        let line = self.line + memchr::memchr_iter(b'\n', valid).count() as u64;
        DecodeError {
            code: "sales.bad_encoding",
            line,
            encoding,
        }
    }
}

/// Where the last line of the text ends. Of text without a line end: its start, or its own end once it is too long to
/// be held back.
fn end_of_lines(text: &[u8]) -> usize {
    match memchr::memrchr(b'\n', text) {
        Some(at) => at + 1,
        None if text.len() > CARRIED_BYTES_MAX => text.len(),
        None => 0,
    }
}

/// Decodes a block of GB 18030 behind `text`, or gives the text before the first malformed bytes.
fn gb18030(
    decoder: &mut encoding_rs::Decoder,
    mut text: Vec<u8>,
    block: &[u8],
    last: bool,
) -> Result<Vec<u8>, Vec<u8>> {
    let room = decoder
        .max_utf8_buffer_length_without_replacement(block.len())
        .unwrap_or(block.len() * 3);
    let from = text.len();
    text.resize(from + room, 0);
    let behind = text.get_mut(from..).unwrap_or_default();
    let (result, _, written) = decoder.decode_to_utf8_without_replacement(block, behind, last);
    text.truncate(from + written);
    match result {
        DecoderResult::InputEmpty => Ok(text),
        DecoderResult::OutputFull | DecoderResult::Malformed(..) => Err(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(bytes: &[u8], wanted: FileEncoding, block: usize) -> Result<String, DecodeError> {
        let mut decoder = Decoder::new(wanted);
        let mut text = Vec::new();
        for chunk in bytes.chunks(block) {
            let (mut next, held) = decoder.next_block(vec![b'x'; 3], chunk.len());
            next[held..].copy_from_slice(chunk);
            text.extend(decoder.decode(next, false)?);
        }
        let (rest, _) = decoder.next_block(Vec::new(), 0);
        text.extend(decoder.decode(rest, true)?);
        Ok(String::from_utf8(text).unwrap())
    }

    #[test]
    fn both_encodings_give_the_same_text_wherever_blocks_end() {
        let text = "订单编号,商品\n一,巴楚留香瓜㮾\n";
        let (gb, _, _) = GB18030.encode(text);
        for block in 4..20 {
            assert_eq!(
                decode(text.as_bytes(), FileEncoding::Utf8, block).as_deref(),
                Ok(text)
            );
            assert_eq!(decode(&gb, FileEncoding::Gb18030, block).as_deref(), Ok(text));
        }
        assert_eq!(decode(&gb, FileEncoding::Auto, 1 << 20).as_deref(), Ok(text));
        let marked = [&[0xef, 0xbb, 0xbf], text.as_bytes()].concat();
        assert_eq!(decode(&marked, FileEncoding::Auto, 1 << 20).as_deref(), Ok(text));
    }

    #[test]
    fn bytes_of_another_encoding_are_refused_with_their_line() {
        let error = decode(b"a,b\n1,\xff\xff\n", FileEncoding::Utf8, 1 << 20).unwrap_err();
        assert_eq!((error.code, error.line), ("sales.bad_encoding", 2));
        let error = decode(b"a,b\n1,2\n3,\xff\xff\n", FileEncoding::Gb18030, 1 << 20).unwrap_err();
        assert_eq!((error.code, error.line), ("sales.bad_encoding", 3));
        let error = decode(
            "a,b\n年".as_bytes().split_last().unwrap().1,
            FileEncoding::Utf8,
            1 << 20,
        )
        .unwrap_err();
        assert_eq!((error.code, error.line), ("sales.bad_encoding", 2));
        let error = decode(&[0xff, 0xfe, b'a', 0], FileEncoding::Auto, 64).unwrap_err();
        assert_eq!(error.code, "sales.unsupported_encoding");
    }
}
