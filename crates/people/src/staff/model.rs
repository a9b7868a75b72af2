//! Users and their grants as they stand.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use kernel::{Fault, PlaceCode, Refusal, Role, typed_id};
use serde::{Serialize, Serializer};

typed_id!(
    /// One user.
    UserId
);

typed_id!(
    /// One grant of a role.
    GrantId
);

/// The name someone signs in with, written as it was given; two that differ only in case are one.
#[derive(Clone, Debug)]
pub struct Login {
    text: String,
    folded: String,
}

impl Login {
    /// As it was given.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// In small letters: what is unique.
    pub fn folded(&self) -> &str {
        &self.folded
    }
}

impl FromStr for Login {
    type Err = Refusal;

    /// Reads 2 to 64 letters, digits or `. _ - + @` of ASCII; anything else is refused with `staff.bad_login`.
    fn from_str(text: &str) -> Result<Self, Refusal> {
        let text = text.trim();
        let fits = (2..=64).contains(&text.len())
            && text
                .chars()
                .all(|letter| letter.is_ascii_alphanumeric() || "._-+@".contains(letter))
            && text.starts_with(|first: char| first.is_ascii_alphanumeric());
        if !fits {
            return Err(Refusal::new("staff.bad_login", Fault::Refused).value(text));
        }
        Ok(Self {
            text: text.to_owned(),
            folded: text.to_ascii_lowercase(),
        })
    }
}

impl fmt::Display for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl PartialEq for Login {
    fn eq(&self, other: &Self) -> bool {
        self.folded == other.folded
    }
}

impl Eq for Login {}

impl Serialize for Login {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

/// Someone who may sign in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct User {
    /// The id, which facts name.
    pub id: UserId,
    /// What is typed to sign in.
    pub login: Login,
    /// What pages call them.
    pub display_name: String,
    /// Since when.
    pub added_at: Timestamp,
    /// When they were shut out; none while they may sign in.
    pub disabled_at: Option<Timestamp>,
    /// Since when only their organisation lets them in; none while a password or a passkey does too.
    pub organisation_only_since: Option<Timestamp>,
    /// The grants in force, oldest first.
    pub grants: Vec<Grant>,
}

/// A role at a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Grant {
    /// The id, which facts name.
    pub id: GrantId,
    /// The role.
    pub role: Role,
    /// The place with everything below it; none is the whole country.
    pub place: Option<PlaceCode>,
    /// When it was given.
    pub granted_at: Timestamp,
    /// By whom.
    pub granted_by: String,
}

impl Grant {
    /// Whether the grant reaches a place.
    pub fn covers(&self, place: PlaceCode) -> bool {
        self.place.is_none_or(|own| place.is_within(own))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_is_plain_or_an_address_and_ignores_case() {
        for good in ["lan", "Lan.Li@example.org", "county-621226", "a1"] {
            assert_eq!(good.parse::<Login>().unwrap().as_str(), good);
        }
        assert_eq!("LAN".parse::<Login>().unwrap(), " lan ".parse::<Login>().unwrap());
        for bad in ["", "a", ".lan", "lan li", "兰兰", "a\u{0}b", &"x".repeat(65)] {
            assert_eq!(bad.parse::<Login>().unwrap_err().code, "staff.bad_login", "{bad}");
        }
    }
}
