//! What names a person as it may be shown without asking.

use kernel::ResidentId;
use serde::Serialize;

use crate::model::Personal;

/// Who a person is, masked: enough to tell the members of a household apart.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Masked {
    /// The first character of the name; empty where the person was erased.
    pub name: String,
    /// The first six and the last two characters of the number; none where there is no number.
    pub resident_id: Option<String>,
    /// The last two digits of the phone.
    pub phone: Option<String>,
    /// The last four digits of the account.
    pub bank_account: Option<String>,
}

impl From<&Personal> for Masked {
    fn from(personal: &Personal) -> Self {
        let first = |name: &String| name.chars().next().map(|first| format!("{first}**"));
        let number = |number: &String| {
            let day = jiff::civil::Date::MAX;
            ResidentId::parse(number, day).map_or_else(|_| "*".repeat(18), |number| number.to_string())
        };
        Self {
            name: personal.name.as_ref().and_then(first).unwrap_or_default(),
            resident_id: personal.resident_id.as_ref().map(number),
            phone: personal.phone.as_ref().map(|phone| ending(phone, 2)),
            bank_account: personal.bank_account.as_ref().map(|account| ending(account, 4)),
        }
    }
}

fn ending(number: &str, shown: usize) -> String {
    let hidden = number.chars().count().saturating_sub(shown);
    let tail: String = number.chars().skip(hidden).collect();
    format!("{}{tail}", "*".repeat(hidden))
}
