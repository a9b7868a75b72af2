//! What is said of households and persons.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use jiff::civil::Date;
use kernel::{Area, Money, PlaceCode, Refusal, ResidentId};
use serde::{Deserialize, Serialize};

use super::words::{Cause, Guarantee, Health, Labour, PersonalField, Relation, Schooling, Sex, Work};

/// Income of a year by source, as the village counted it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct YearIncome {
    /// The year.
    pub year: i16,
    /// Wages (工资性收入).
    pub wages_fen: Money,
    /// Operating income (生产经营性收入), before its costs.
    pub operating_fen: Money,
    /// From property (财产性收入).
    pub property_fen: Money,
    /// Transfers (转移性收入).
    pub transfer_fen: Money,
    /// Costs of operating (生产经营性支出).
    pub costs_fen: Money,
}

impl YearIncome {
    /// Net income of the household (纯收入): all sources less operating costs. Refused with `kernel.money_overflow`.
    pub fn net(&self) -> Result<Money, Refusal> {
        self.wages_fen
            .checked_add(self.operating_fen)?
            .checked_add(self.property_fen)?
            .checked_add(self.transfer_fen)?
            .checked_sub(self.costs_fen)
    }
}

/// What is said of a household; what is not said stays as it was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HouseholdFacts {
    /// Its village, by twelve digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<PlaceCode>,
    /// Why it is poor, the main cause first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub causes: Option<Vec<Cause>>,
    /// Its land, in thousandths of a mu.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub land_milli_mu: Option<Area>,
    /// Which assurances and guarantees are met; those not named stay as they were.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub guarantees: BTreeMap<Guarantee, bool>,
    /// What of the exclusion list was seen; an empty list says: nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exclusions: Option<BTreeSet<String>>,
    /// Income of one year.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub income: Option<YearIncome>,
}

/// What is said of a person beside who they are; what is not said stays as it was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PersonFacts {
    /// How they stand to the head.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relation: Option<Relation>,
    /// Sex.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sex: Option<Sex>,
    /// Day of birth.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birth_on: Option<Date>,
    /// What they attend or finished.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schooling: Option<Schooling>,
    /// Health.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub health: Option<Health>,
    /// The grade of a disability, 1 (the gravest) to 4; 0 says that there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disability: Option<u8>,
    /// Labour capacity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub labour: Option<Labour>,
    /// Work.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub work: Option<Work>,
}

impl PersonFacts {
    /// Takes from others what is not said here; how someone stands to a head says nothing in another household.
    pub(crate) fn fill_in(&mut self, others: &Self) {
        self.sex = self.sex.or(others.sex);
        self.birth_on = self.birth_on.or(others.birth_on);
        self.schooling = self.schooling.or(others.schooling);
        self.health = self.health.or(others.health);
        self.disability = self.disability.or(others.disability);
        self.labour = self.labour.or(others.labour);
        self.work = self.work.or(others.work);
    }
}

/// Who a person is. Kept sealed, shown masked; what is not said stays as it was.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Personal {
    /// Name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Resident ID number (GB 11643).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resident_id: Option<String>,
    /// Mobile phone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Account at a bank.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bank_account: Option<String>,
}

impl Personal {
    /// The fields with their names, as far as they are said.
    pub fn said(&self) -> impl Iterator<Item = (PersonalField, &str)> {
        let fields = [
            (PersonalField::Name, &self.name),
            (PersonalField::ResidentId, &self.resident_id),
            (PersonalField::Phone, &self.phone),
            (PersonalField::BankAccount, &self.bank_account),
        ];
        fields
            .into_iter()
            .filter_map(|(field, value)| value.as_deref().map(|value| (field, value)))
    }

    /// The resident ID, which says the day of birth and the sex too; none where there is none that passes its check.
    pub(crate) fn number(&self) -> Option<ResidentId> {
        ResidentId::parse(self.resident_id.as_deref()?, Date::MAX).ok()
    }

    /// Says what a later statement says.
    pub(crate) fn take(&mut self, later: Self) {
        let pairs = [
            (&mut self.name, later.name),
            (&mut self.resident_id, later.resident_id),
            (&mut self.phone, later.phone),
            (&mut self.bank_account, later.bank_account),
        ];
        for (own, later) in pairs {
            if later.is_some() {
                *own = later;
            }
        }
    }
}

impl fmt::Debug for Personal {
    /// Names what is said, and says none of it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set()
            .entries(self.said().map(|(field, _)| field))
            .finish()
    }
}
