//! Order numbers and product codes: what may stand in them.

use super::rows::{Cells, RowError};

/// The longest order number and product code, in bytes.
const CODE_BYTES_MAX: usize = 64;

/// An order number or product code: present, short, printable, and no formula.
pub fn code_text<'c>(
    cells: &'c impl Cells,
    column: usize,
    missing: &'static str,
    bad: &'static str,
) -> Result<&'c [u8], RowError> {
    let text = cells.cell(column).trim_ascii();
    match text.first() {
        None => Err(RowError::at(missing, column, text)),
        Some(b'=' | b'@') => Err(RowError::at("sales.formula_in_cell", column, text)),
        Some(_) if text.len() > CODE_BYTES_MAX || holds_control(text) => Err(RowError::at(bad, column, text)),
        Some(_) => Ok(text),
    }
}

/// Whether a control character stands in the text: eight bytes at a time, by the borrow a byte below 0x20 takes from its
/// high bit, and the one a zero takes after 0x7f is taken away (Warren, Hacker's Delight, 6-1).
fn holds_control(text: &[u8]) -> bool {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    let any = |word: u64| {
        let (low, deleted) = (word.wrapping_sub(ONES * 0x20) & !word, word ^ (ONES * 0x7f));
        (low | (deleted.wrapping_sub(ONES) & !deleted)) & (ONES * 0x80) != 0
    };
    let (words, rest) = text.as_chunks::<8>();
    words.iter().any(|word| any(u64::from_le_bytes(*word))) || rest.iter().any(u8::is_ascii_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_control_character_is_seen_wherever_it_stands() {
        for length in 1..20 {
            for at in 0..length {
                for byte in 0..=u8::MAX {
                    let mut text = vec![b'~'; length];
                    text[at] = byte;
                    assert_eq!(
                        holds_control(&text),
                        byte.is_ascii_control(),
                        "{byte:#x} at {at} of {length}"
                    );
                }
            }
        }
    }
}
