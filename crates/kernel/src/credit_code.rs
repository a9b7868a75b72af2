//! Unified social credit codes (统一社会信用代码, GB 32100-2015): two characters of the registering office and the
//! kind, six digits of a division, nine characters of the organisation (GB 11714), and a check character modulo 31.

use std::fmt;

use crate::resident_id::masked;
use crate::{Fault, Refusal};

const LENGTH: usize = 18;
/// Digits and letters without I, O, S, V and Z; a character counts as its place in this row.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// The code of an organisation or a household business, of the right form and with the right check character.
///
/// A household business is registered to a person, so a code prints masked like the number of a resident; the whole of it
/// is given by [`CreditCode::reveal`] only.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct CreditCode([u8; LENGTH]);

impl CreditCode {
    /// Reads a code, blanks around it aside; small letters count as capitals.
    ///
    /// Refused, in this order, with `kernel.credit_code_length` (not 18 characters), `kernel.credit_code_alphabet` (a
    /// character outside the alphabet of GB 32100, or no digits where the division stands) and
    /// `kernel.credit_code_checksum`. A refusal shows the code masked.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let refused = |code| Refusal::new(code, Fault::Refused).value(masked(text.trim()));
        let Ok(mut code) = <[u8; LENGTH]>::try_from(text.trim().as_bytes()) else {
            let characters = text.trim().chars().count();
            return Err(refused("kernel.credit_code_length").fact("characters", characters));
        };
        code.make_ascii_uppercase();
        let in_the_alphabet = code.iter().all(|character| value(*character).is_some());
        let division = code.get(2..8).unwrap_or_default();
        if !in_the_alphabet || !division.iter().all(u8::is_ascii_digit) {
            return Err(refused("kernel.credit_code_alphabet"));
        }
        if code.last() != Some(&check_character(&code)) {
            return Err(refused("kernel.credit_code_checksum"));
        }
        Ok(Self(code))
    }

    /// The whole code.
    pub fn reveal(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for CreditCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&masked(self.reveal()))
    }
}

impl fmt::Debug for CreditCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&masked(self.reveal()))
    }
}

fn value(character: u8) -> Option<usize> {
    ALPHABET.iter().position(|known| *known == character)
}

/// The check character of the first seventeen: character `i` from 0 weighs 3 to the power of `i`, modulo 31; the check
/// makes the sum a multiple of 31 (GB 32100-2015, 5.2).
fn check_character(code: &[u8; LENGTH]) -> u8 {
    let mut weight = 1;
    let mut sum = 0;
    for character in code.iter().take(LENGTH - 1) {
        sum = (sum + value(*character).unwrap_or_default() * weight) % 31;
        weight = weight * 3 % 31;
    }
    ALPHABET.get((31 - sum) % 31).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_code_is_read_and_prints_masked() {
        let code = CreditCode::parse(" 91340600ma2pbm9hxd ").unwrap();
        assert_eq!(code.reveal(), "91340600MA2PBM9HXD");
        assert_eq!(
            format!("{code} {code:?}"),
            "913406**********XD 913406**********XD"
        );
    }

    #[test]
    fn each_fault_has_its_own_code() {
        let cases = [
            ("", "length"),
            ("91340600MA2PBM9HX", "length"),
            ("91340600MA2PBM9HXI", "alphabet"),
            ("9134060AMA2PBM9HXD", "alphabet"),
            ("91340600MA2PBM9H-D", "alphabet"),
            ("91340600MA2PBM9HXA", "checksum"),
            ("91340600MA2PBM9XHD", "checksum"),
        ];
        for (text, reason) in cases {
            let refusal = CreditCode::parse(text).unwrap_err();
            assert_eq!(refusal.code, format!("kernel.credit_code_{reason}"), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,24}") {
            let _answer = CreditCode::parse(&text);
        }
    }
}
