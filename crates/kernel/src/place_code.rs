//! Codes of places: six digits down to the county (GB/T 2260), twelve down to the village (GB/T 10114).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{Fault, Refusal};

/// Which step of the ladder a place stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlaceLevel {
    /// Province, autonomous region, municipality or special region (省级).
    Province,
    /// Prefecture or prefectural city (地级).
    Prefecture,
    /// County, county-level city, district or banner (县级).
    County,
    /// Township, town or street office (乡级).
    Township,
    /// Village or residents' committee (村级).
    Village,
}

impl PlaceLevel {
    /// The name under which the level is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Province => "province",
            Self::Prefecture => "prefecture",
            Self::County => "county",
            Self::Township => "township",
            Self::Village => "village",
        }
    }
}

/// The code of a place. A well-formed code need not exist: `people::places` knows which ones do.
///
/// Twelve digits that end in six zeros name the same place as the first six, and are kept as those.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PlaceCode(u64);

impl PlaceCode {
    /// The code as a number of six or twelve digits.
    pub const fn as_u64(self) -> u64 {
        self.0
    }

    /// The code as a number of six digits; `None` for a township or village.
    pub fn as_u32(self) -> Option<u32> {
        if self.is_six_digits() {
            u32::try_from(self.0).ok()
        } else {
            None
        }
    }

    /// The first six digits: the county of a village, else the place itself.
    pub fn first_six(self) -> u64 {
        if self.is_six_digits() {
            self.0
        } else {
            self.0 / 1_000_000
        }
    }

    /// The step of the ladder, as the digits say it.
    pub fn level(self) -> PlaceLevel {
        if !self.is_six_digits() {
            return if self.0.is_multiple_of(1_000) {
                PlaceLevel::Township
            } else {
                PlaceLevel::Village
            };
        }
        if self.0.is_multiple_of(10_000) {
            PlaceLevel::Province
        } else if self.0.is_multiple_of(100) {
            PlaceLevel::Prefecture
        } else {
            PlaceLevel::County
        }
    }

    /// The province the place is in, or the place itself.
    #[must_use]
    pub fn province(self) -> Self {
        Self(self.first_six() / 10_000 * 10_000)
    }

    /// The prefecture by the digits; `None` for a province and for what stands directly under one (digits three
    /// and four are `00` or `90`). In the four municipalities the digits name a group without an office.
    pub fn prefecture(self) -> Option<Self> {
        let prefecture = self.first_six() / 100 * 100;
        let middle = prefecture / 100 % 100;
        (middle != 0 && middle != 90).then_some(Self(prefecture))
    }

    /// The county the place is in, or the place itself; `None` above the county.
    pub fn county(self) -> Option<Self> {
        let county = self.first_six();
        (!county.is_multiple_of(100)).then_some(Self(county))
    }

    /// True when this place is `other` or lies below it.
    pub fn is_within(self, other: Self) -> bool {
        let step = other.step();
        self.twelve() / step == other.twelve() / step
    }

    /// The codes of twelve digits of this place and everything below it: the first and the last.
    pub fn span(self) -> (u64, u64) {
        let (own, step) = (self.twelve(), self.step());
        let first = own / step * step;
        (first, first + (step - 1))
    }

    /// The township of a village, or the place itself.
    #[must_use]
    pub fn township(self) -> Self {
        match self.level() {
            PlaceLevel::Village => Self(self.0 / 1_000 * 1_000),
            _ => self,
        }
    }

    /// By how many a code of twelve digits grows from one place of this level to the next.
    fn step(self) -> u64 {
        match self.level() {
            PlaceLevel::Province => 10_000_000_000,
            PlaceLevel::Prefecture => 100_000_000,
            PlaceLevel::County => 1_000_000,
            PlaceLevel::Township => 1_000,
            PlaceLevel::Village => 1,
        }
    }

    /// The code written with twelve digits.
    fn twelve(self) -> u64 {
        if self.is_six_digits() {
            self.0 * 1_000_000
        } else {
            self.0
        }
    }

    const fn is_six_digits(self) -> bool {
        self.0 < 1_000_000
    }
}

impl TryFrom<u64> for PlaceCode {
    type Error = Refusal;

    /// Takes six or twelve digits without a leading zero; else `kernel.bad_place_code`.
    fn try_from(number: u64) -> Result<Self, Refusal> {
        match number {
            100_000_000_000..=999_999_999_999 if number.is_multiple_of(1_000_000) => {
                Ok(Self(number / 1_000_000))
            }
            100_000..=999_999 | 100_000_000_000..=999_999_999_999 => Ok(Self(number)),
            _ => Err(bad_code(number)),
        }
    }
}

impl TryFrom<i64> for PlaceCode {
    type Error = Refusal;

    /// As from an unsigned number; a database column is signed.
    fn try_from(number: i64) -> Result<Self, Refusal> {
        u64::try_from(number)
            .map_err(|_| bad_code(number))
            .and_then(Self::try_from)
    }
}

impl FromStr for PlaceCode {
    type Err = Refusal;

    /// Reads six or twelve digits, blanks around them aside; else `kernel.bad_place_code`.
    fn from_str(text: &str) -> Result<Self, Refusal> {
        let digits = text.trim();
        if !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(bad_code(text));
        }
        let number: u64 = digits.parse().map_err(|_| bad_code(text))?;
        Self::try_from(number).map_err(|_| bad_code(text))
    }
}

fn bad_code(value: impl fmt::Display) -> Refusal {
    Refusal::new("kernel.bad_place_code", Fault::Refused).value(value)
}

impl fmt::Display for PlaceCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0.to_string())
    }
}

impl fmt::Debug for PlaceCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl Serialize for PlaceCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for PlaceCode {
    /// Accepts the digits as text or as a number.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Digits {
            Number(u64),
            Text(String),
        }
        match Digits::deserialize(deserializer)? {
            Digits::Number(number) => Self::try_from(number),
            Digits::Text(text) => text.parse(),
        }
        .map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn code(text: &str) -> PlaceCode {
        text.parse().unwrap()
    }

    #[test]
    fn the_digits_tell_province_prefecture_and_county() {
        let village = code("621226104203");
        assert_eq!(village.level(), PlaceLevel::Village);
        assert_eq!(village.county(), Some(code("621226")));
        assert_eq!(village.prefecture(), Some(code("621200")));
        assert_eq!(village.province(), code("620000"));
        assert_eq!(code("621226104000").level(), PlaceLevel::Township);
        assert_eq!(code("621226000000"), code("621226"));
        assert_eq!(code("621226").level(), PlaceLevel::County);
        assert_eq!(code("621200").level(), PlaceLevel::Prefecture);
        assert_eq!(code("620000").level(), PlaceLevel::Province);
        assert_eq!(code("621200").county(), None);
    }

    #[test]
    fn a_span_holds_the_codes_of_a_place_and_no_others() {
        let (first, last) = code("621226").span();
        assert_eq!((first, last), (621_226_000_000, 621_226_999_999));
        assert_eq!(code("621226104203").span(), (621_226_104_203, 621_226_104_203));
        assert_eq!(code("621226104203").township(), code("621226104000"));
        assert_eq!(code("620000").span().1, 629_999_999_999);
    }

    #[test]
    fn a_unit_directly_under_its_province_has_no_prefecture() {
        assert_eq!(code("419001").prefecture(), None);
        assert_eq!(code("460001").prefecture(), None);
        assert_eq!(code("460001").level(), PlaceLevel::County);
    }

    #[test]
    fn a_place_lies_within_itself_and_all_above_it() {
        let village = code("621226104203");
        for above in ["621226104203", "621226104000", "621226", "621200", "620000"] {
            assert!(village.is_within(code(above)), "{above}");
        }
        for beside in ["621226104204", "621226105000", "621225", "621100", "630000"] {
            assert!(!village.is_within(code(beside)), "{beside}");
        }
        assert!(!code("620000").is_within(code("621200")));
    }

    #[test]
    fn a_code_of_another_length_is_refused() {
        for text in [
            "",
            "62122",
            "062122",
            "6212261",
            "62122610420",
            "62122x",
            "-621226",
            "+621226",
            "礼县",
        ] {
            assert_eq!(
                text.parse::<PlaceCode>().unwrap_err().code,
                "kernel.bad_place_code",
                "{text}"
            );
        }
        assert_eq!(
            PlaceCode::try_from(-621_226_i64).unwrap_err().value.as_deref(),
            Some("-621226")
        );
    }

    #[test]
    fn json_takes_digits_as_text_or_number() {
        assert_eq!(
            serde_json::from_str::<PlaceCode>("621226").unwrap(),
            code("621226")
        );
        assert_eq!(
            serde_json::from_str::<PlaceCode>("\"621226\"").unwrap(),
            code("621226")
        );
        assert_eq!(serde_json::to_string(&code("621226")).unwrap(), "\"621226\"");
        assert!(serde_json::from_str::<PlaceCode>("12").is_err());
    }

    proptest! {
        #[test]
        fn a_code_reads_back_from_its_print(
            number in prop_oneof![100_000_u64..=999_999, 100_000_000_000_u64..=999_999_999_999]
        ) {
            let code = PlaceCode::try_from(number).unwrap();
            prop_assert_eq!(code.to_string().parse::<PlaceCode>().unwrap(), code);
            prop_assert!(code.is_within(code.province()));
            prop_assert!(code.prefecture().is_none_or(|above| code.is_within(above)));
            prop_assert!(code.county().is_none_or(|above| code.is_within(above)));
        }
    }
}
