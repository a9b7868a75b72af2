//! What a payment is for, in our words and in those of ISO 20022.

use std::str::FromStr;

use kernel::{Fault, Refusal};
use serde::Serialize;

/// What a payment is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// A grant or a gift that is passed on (捐赠、补助).
    Grant,
    /// Produce that was delivered (货款).
    Produce,
    /// Wages for work (劳务).
    Wages,
    /// A loan that is paid out (放款).
    Loan,
    /// A claim on the health cover (理赔).
    Claim,
    /// A scholarship or school costs (助学).
    Education,
    /// Money that goes back (退款).
    Refund,
    /// Anything else.
    Other,
}

impl Purpose {
    /// Every purpose, in the order of the list above.
    pub const ALL: [Self; 8] = [
        Self::Grant,
        Self::Produce,
        Self::Wages,
        Self::Loan,
        Self::Claim,
        Self::Education,
        Self::Refund,
        Self::Other,
    ];

    /// The name under which it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Grant => "grant",
            Self::Produce => "produce",
            Self::Wages => "wages",
            Self::Loan => "loan",
            Self::Claim => "claim",
            Self::Education => "education",
            Self::Refund => "refund",
            Self::Other => "other",
        }
    }

    /// The code of the list ExternalPurpose1Code of ISO 20022.
    pub fn iso_code(self) -> &'static str {
        match self {
            Self::Grant => "CHAR",
            Self::Produce => "GDDS",
            Self::Wages => "SALA",
            Self::Loan => "LOAN",
            Self::Claim => "INSC",
            Self::Education => "STDY",
            Self::Refund => "REFU",
            Self::Other => "OTHR",
        }
    }
}

impl FromStr for Purpose {
    type Err = Refusal;

    /// Reads the stored name; anything else is refused with `bank.bad_purpose`.
    fn from_str(text: &str) -> Result<Self, Refusal> {
        let found = Self::ALL.into_iter().find(|purpose| purpose.as_str() == text);
        found.ok_or_else(|| Refusal::new("bank.bad_purpose", Fault::Refused).value(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_purpose_reads_back_from_its_name_and_has_a_code_of_its_own() {
        let mut codes: Vec<&str> = Purpose::ALL.map(Purpose::iso_code).to_vec();
        for purpose in Purpose::ALL {
            assert_eq!(purpose.as_str().parse::<Purpose>().unwrap(), purpose);
        }
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), Purpose::ALL.len());
        assert_eq!("gift".parse::<Purpose>().unwrap_err().code, "bank.bad_purpose");
    }
}
