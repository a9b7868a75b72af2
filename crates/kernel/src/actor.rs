//! Who does something: a person, an organisation or the system itself, in one role.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{Fault, Refusal};

/// What someone is in the programme; rights are decided by role and place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// A registered household (农户).
    Household,
    /// A village worker (驻村干部).
    VillageWorker,
    /// A co-operative (合作社).
    Cooperative,
    /// A county office (县扶贫办).
    County,
    /// The fund that pays for the programme (基金).
    Fund,
    /// The finance desk that moves money.
    Finance,
    /// The insurer of the health cover.
    Insurer,
    /// The lender.
    Lender,
    /// A trainer.
    Trainer,
    /// A judge of awards and contests.
    Judge,
    /// An employer.
    Employer,
    /// A donor (捐赠人).
    Donor,
    /// An independent observer (观察员): sees no names.
    Observer,
    /// The operator of this installation.
    Admin,
    /// The system itself: timed work and start-up.
    System,
}

impl Role {
    /// Every role, in the order of the list above.
    pub const ALL: [Self; 15] = [
        Self::Household,
        Self::VillageWorker,
        Self::Cooperative,
        Self::County,
        Self::Fund,
        Self::Finance,
        Self::Insurer,
        Self::Lender,
        Self::Trainer,
        Self::Judge,
        Self::Employer,
        Self::Donor,
        Self::Observer,
        Self::Admin,
        Self::System,
    ];

    /// The name under which the role is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Household => "household",
            Self::VillageWorker => "village_worker",
            Self::Cooperative => "cooperative",
            Self::County => "county",
            Self::Fund => "fund",
            Self::Finance => "finance",
            Self::Insurer => "insurer",
            Self::Lender => "lender",
            Self::Trainer => "trainer",
            Self::Judge => "judge",
            Self::Employer => "employer",
            Self::Donor => "donor",
            Self::Observer => "observer",
            Self::Admin => "admin",
            Self::System => "system",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Role {
    type Err = Refusal;

    /// Reads the stored name; anything else is refused with `kernel.bad_role`.
    fn from_str(text: &str) -> Result<Self, Refusal> {
        Self::ALL
            .into_iter()
            .find(|role| role.as_str() == text)
            .ok_or_else(|| Refusal::new("kernel.bad_role", Fault::Refused).value(text))
    }
}

/// Who gives a command; written into every fact that follows from it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Actor {
    /// The id of the person or organisation; for the system a word such as `system`.
    pub id: String,
    /// In which role.
    pub role: Role,
}

impl Actor {
    /// Someone in a role.
    pub fn new(id: impl Into<String>, role: Role) -> Self {
        Self { id: id.into(), role }
    }

    /// The system itself.
    pub fn system() -> Self {
        Self::new("system", Role::System)
    }
}

impl fmt::Display for Actor {
    /// Prints `role:id`, or `system` alone.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.id == self.role.as_str() {
            f.write_str(&self.id)
        } else {
            write!(f, "{}:{}", self.role, self.id)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_reads_back_from_its_stored_name_and_from_json() {
        for role in Role::ALL {
            assert_eq!(role.as_str().parse::<Role>().unwrap(), role);
            let json = serde_json::to_string(&role).unwrap();
            assert_eq!(json, format!("\"{}\"", role.as_str()));
        }
        assert_eq!("boss".parse::<Role>().unwrap_err().code, "kernel.bad_role");
    }
}
