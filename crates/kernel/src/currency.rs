//! Currencies by their ISO 4217 code.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{Fault, Refusal};

/// A currency: three capital letters. The programme's own is the yuan, which is the default.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency([u8; 3]);

impl Currency {
    /// The yuan (人民币); amounts in it are fen.
    pub const CNY: Self = Self(*b"CNY");

    /// The three letters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl Default for Currency {
    fn default() -> Self {
        Self::CNY
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Currency {
    type Err = Refusal;

    /// Reads three capital letters; anything else is refused with `kernel.bad_currency`.
    fn from_str(text: &str) -> Result<Self, Refusal> {
        match *text.as_bytes() {
            [a, b, c] if [a, b, c].iter().all(u8::is_ascii_uppercase) => Ok(Self([a, b, c])),
            _ => Err(Refusal::new("kernel.bad_currency", Fault::Refused).value(text)),
        }
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_currency_is_three_capital_letters() {
        assert_eq!("GBP".parse::<Currency>().unwrap().as_str(), "GBP");
        assert_eq!(Currency::default().to_string(), "CNY");
        for text in ["", "cny", "RMB2", "元", "C1Y"] {
            assert_eq!(text.parse::<Currency>().unwrap_err().code, "kernel.bad_currency");
        }
        assert_eq!(
            serde_json::from_str::<Currency>("\"USD\"").unwrap().to_string(),
            "USD"
        );
    }
}
