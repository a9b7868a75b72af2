//! Numbers that name something, in one word: up to 18 digits, or 17 and an X as in a resident ID.
//!
//! Nearly every such number of a register is another one. Written into the record itself it needs no text, no place in
//! a list and no search; what is no such number is kept as text like any other value.

/// Digits that fit, behind a one that keeps the zeros in front.
const DIGITS_MAX: usize = 18;
/// Says that an X stands behind the digits.
const X: u64 = 1 << 62;

/// A number as a word, never zero and with the highest bit free; none where the text is something else.
pub(crate) fn packed(text: &str) -> Option<u64> {
    let (digits, tail) = match text.as_bytes() {
        [digits @ .., b'X'] if digits.len() == DIGITS_MAX - 1 => (digits, X),
        digits => (digits, 0),
    };
    if digits.is_empty() || digits.len() > DIGITS_MAX {
        return None;
    }
    let mut number = 1;
    for byte in digits {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        number = number * 10 + u64::from(digit);
    }
    Some(number | tail)
}

/// A number written out again, on the stack.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Written {
    bytes: [u8; DIGITS_MAX],
    start: usize,
}

impl Written {
    /// What [`packed`] made a word of.
    pub(crate) fn of(code: u64) -> Self {
        let mut bytes = [b'X'; DIGITS_MAX];
        let mut start = DIGITS_MAX - usize::from(code & X != 0);
        let mut number = code & !X;
        while number > 9 && start > 0 {
            start -= 1;
            bytes[start] = b'0' + (number % 10) as u8;
            number /= 10;
        }
        Self { bytes, start }
    }

    pub(crate) fn as_str(&self) -> &str {
        let bytes = self.bytes.get(self.start..).unwrap_or_default();
        std::str::from_utf8(bytes).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_written_out_as_it_was_and_other_text_is_none() {
        for text in [
            "0",
            "007",
            "13893912345",
            "999999999999999999",
            "000000000000000000",
            "11010519491231002X",
        ] {
            let code = packed(text).unwrap();
            assert_eq!(Written::of(code).as_str(), text);
            assert!(code > 0 && code >> 63 == 0);
        }
        for text in [
            "",
            "12X",
            "1234567890123456789",
            "12a",
            "X",
            "１２",
            "11010519491231002Y",
        ] {
            assert_eq!(packed(text), None, "{text}");
        }
        assert_ne!(packed("7"), packed("07"));
    }
}
