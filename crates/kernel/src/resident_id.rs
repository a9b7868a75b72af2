//! Numbers of residents (公民身份号码, GB 11643-1999): six digits of a division, the day of birth, three digits of
//! order, and a check character by ISO 7064 MOD 11-2.
//!
//! What is read here is the number by itself. Whether its division stood at the time is asked of
//! `people::places`, which has the history. The form of fifteen digits of before 1999, which ended on 2013-01-01, is not
//! taken: it has no check character, so a slip in it cannot be seen.

use std::fmt;

use jiff::civil::Date;

use crate::{Fault, PlaceCode, Refusal};

const LENGTH: usize = 18;
/// The check character of each remainder by 11.
const CHECK: &[u8; 11] = b"10X98765432";

/// The number of a resident whose form, birth date and check character are right.
///
/// It prints masked, `360426**********71`; the whole of it is given by [`ResidentId::reveal`] only, and it is not
/// serialised.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ResidentId {
    text: [u8; LENGTH],
    division: PlaceCode,
    birth_on: Date,
}

impl ResidentId {
    /// Reads a number, blanks around it aside; `x` counts as `X`. A birth date after `today` is refused.
    ///
    /// Refused, in this order, with `kernel.resident_id_length` (not 18 characters), `kernel.resident_id_alphabet` (not
    /// 17 digits and a digit or X, or a first digit of 0), `kernel.resident_id_date` (no such day, or one before 1800),
    /// `kernel.resident_id_future`, and `kernel.resident_id_checksum`. A refusal shows the number masked.
    pub fn parse(text: &str, today: Date) -> Result<Self, Refusal> {
        let refused = |code| Refusal::new(code, Fault::Refused).value(masked(text.trim()));
        let trimmed = text.trim().as_bytes();
        let Ok(mut number) = <[u8; LENGTH]>::try_from(trimmed) else {
            let characters = text.trim().chars().count();
            let refusal = refused("kernel.resident_id_length");
            return Err(refusal.fact("characters", characters));
        };
        number.make_ascii_uppercase();
        let (Some(division), true) = (division(&number), is_of_the_alphabet(&number)) else {
            return Err(refused("kernel.resident_id_alphabet"));
        };
        let Some(birth_on) = birth_date(&number) else {
            return Err(refused("kernel.resident_id_date"));
        };
        if birth_on > today {
            return Err(refused("kernel.resident_id_future").fact("today", today));
        }
        if number.last() != Some(&check_character(&number)) {
            return Err(refused("kernel.resident_id_checksum"));
        }
        Ok(Self {
            text: number,
            division,
            birth_on,
        })
    }

    /// The division that gave the number out, as its first six digits say it. It need not stand today.
    pub fn division(&self) -> PlaceCode {
        self.division
    }

    /// The day of birth.
    pub fn birth_on(&self) -> Date {
        self.birth_on
    }

    /// The whole number. Who shows it to a person has to ask for the right to, and to write down that it was shown.
    pub fn reveal(&self) -> &str {
        std::str::from_utf8(&self.text).unwrap_or_default()
    }
}

impl fmt::Display for ResidentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&masked(self.reveal()))
    }
}

impl fmt::Debug for ResidentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&masked(self.reveal()))
    }
}

/// A number of a person or an organisation as it may be printed: the first six and the last two characters, stars
/// between; stars alone where that would leave fewer than six hidden.
pub(crate) fn masked(text: &str) -> String {
    const FIRST: usize = 6;
    const LAST: usize = 2;
    const HIDDEN: usize = 6;
    let characters = text.chars().count();
    let tail = characters.saturating_sub(LAST);
    let is_long = characters >= FIRST + LAST + HIDDEN;
    let shown = |at: usize| is_long && (at < FIRST || at >= tail);
    text.chars()
        .enumerate()
        .map(|(at, character)| if shown(at) { character } else { '*' })
        .collect()
}

fn is_of_the_alphabet(number: &[u8; LENGTH]) -> bool {
    number.split_last().is_some_and(|(check, digits)| {
        digits.iter().all(u8::is_ascii_digit) && (check.is_ascii_digit() || *check == b'X')
    })
}

fn division(number: &[u8; LENGTH]) -> Option<PlaceCode> {
    whole(number.get(..6)?).and_then(|code| PlaceCode::try_from(code).ok())
}

fn birth_date(number: &[u8; LENGTH]) -> Option<Date> {
    let year = i16::try_from(whole(number.get(6..10)?)?).ok()?;
    let month = i8::try_from(whole(number.get(10..12)?)?).ok()?;
    let day = i8::try_from(whole(number.get(12..14)?)?).ok()?;
    Date::new(year, month, day).ok().filter(|_| year >= 1800)
}

fn whole(digits: &[u8]) -> Option<u64> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// The check character of the first seventeen digits: each digit weighs 2 to the power of its distance from the end,
/// modulo 11 (ISO 7064 MOD 11-2).
fn check_character(number: &[u8; LENGTH]) -> u8 {
    let digits = number.iter().take(LENGTH - 1);
    let sum = digits.fold(0_usize, |sum, digit| (sum + usize::from(digit - b'0')) * 2 % 11);
    CHECK.get(sum).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    const TODAY: Date = date(2018, 7, 2);

    fn code_of(text: &str) -> &'static str {
        ResidentId::parse(text, TODAY).unwrap_err().code
    }

    #[test]
    fn a_number_tells_division_and_birth_date_and_prints_masked() {
        let id = ResidentId::parse("360426199101010071", TODAY).unwrap();
        assert_eq!(id.division().to_string(), "360426");
        assert_eq!(id.birth_on(), date(1991, 1, 1));
        assert_eq!(id.reveal(), "360426199101010071");
        assert_eq!(format!("{id} {id:?}"), "360426**********71 360426**********71");
        let with_x = ResidentId::parse(" 11010119900307002x ", TODAY).unwrap();
        assert!(with_x.reveal().ends_with('X'));
    }

    #[test]
    fn each_fault_has_its_own_code() {
        let cases = [
            ("", "length"),
            ("36042619910101007", "length"),
            ("3604261991010100711", "length"),
            ("360426910101007", "length"),
            ("３60426199101010071", "length"),
            ("36042619910101007A", "alphabet"),
            ("3604261991010X0071", "alphabet"),
            ("060426199101010071", "alphabet"),
            ("360426199102300071", "date"),
            ("360426199100100071", "date"),
            ("360426000001010071", "date"),
            ("360426201807030071", "future"),
            ("360426199101010072", "checksum"),
        ];
        for (text, reason) in cases {
            assert_eq!(code_of(text), format!("kernel.resident_id_{reason}"), "{text}");
        }
    }

    #[test]
    fn a_refusal_shows_no_whole_number() {
        let refusal = ResidentId::parse("360426199101010072", TODAY).unwrap_err();
        assert_eq!(refusal.value.as_deref(), Some("360426**********72"));
        assert!(!format!("{refusal:?}").contains("19910101"));
        let short = ResidentId::parse("3604261991010", TODAY).unwrap_err();
        assert_eq!(short.value.as_deref(), Some("*************"));
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,24}") {
            let _answer = ResidentId::parse(&text, TODAY);
        }

        #[test]
        fn one_wrong_digit_is_always_seen(order in 0_u32..1000, at in 0_usize..17, other in 0_u8..10) {
            let mut digits = format!("36042619910101{order:03}0").into_bytes();
            let mut whole = <[u8; LENGTH]>::try_from(digits.as_slice()).unwrap();
            digits[17] = check_character(&whole);
            let right = String::from_utf8(digits.clone()).unwrap();
            prop_assert!(ResidentId::parse(&right, TODAY).is_ok());
            digits[at] = b'0' + other;
            whole.copy_from_slice(&digits);
            let slip = String::from_utf8(digits).unwrap();
            prop_assert_eq!(ResidentId::parse(&slip, TODAY).is_ok(), slip == right);
        }
    }
}
