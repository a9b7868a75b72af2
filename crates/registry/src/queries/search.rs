//! Persons found by what someone types.

use kernel::{PlaceCode, Refusal};
use people::staff::PlaceFilter;
use serde::Serialize;
use store::args;

use super::{Masked, spans};
use crate::desk::Registry;
use crate::model::{HouseholdId, PersonId, PersonalField, Relation, Status};
use crate::repo as sql;

/// The most persons that a search answers.
const FOUND_MAX: usize = 50;

/// A person who was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FoundPerson {
    /// Their id.
    pub person: PersonId,
    /// Their household.
    pub household: HouseholdId,
    /// Its village.
    pub place: PlaceCode,
    /// Where it stands.
    pub status: Status,
    /// How they stand to the head.
    pub relation: Option<Relation>,
    /// Who they are, masked.
    pub who: Masked,
}

impl Registry {
    /// Finds persons by a resident ID, a phone, an account, or the beginning of a name or of its sound (张, 张伟, `zhangwei`,
    /// `zw`), among those of the places one may see. Nothing is opened but what is answered.
    ///
    /// # Errors
    /// What the store gives.
    pub async fn search(&self, seen: &PlaceFilter, text: &str) -> Result<Vec<FoundPerson>, Refusal> {
        let mut reader = self.store.read().await?;
        let mut found: Vec<FoundPerson> = Vec::new();
        for mark in self.marks_sought(text) {
            for (first, last) in spans(seen) {
                let room = FOUND_MAX.saturating_sub(found.len());
                let limit = i64::try_from(room).unwrap_or_default();
                for row in reader.rows(sql::MARKED, args![mark, first, last, limit]).await? {
                    let person: PersonId = sql::parsed(&row.text("id")?, "id")?;
                    if found.iter().any(|found| found.person == person) {
                        continue;
                    }
                    found.push(FoundPerson {
                        person,
                        household: sql::parsed(&row.text("household")?, "household")?,
                        place: sql::place(&row)?,
                        status: sql::parsed(&row.text("status")?, "status")?,
                        relation: sql::opt_parsed(&row, "relation")?,
                        who: Masked::from(&self.desk.personal_of(person, &row)?),
                    });
                }
            }
        }
        Ok(found)
    }

    /// The marks under which a text may be kept: as a number of each kind, and as a name.
    fn marks_sought(&self, text: &str) -> Vec<i64> {
        let plain: String = text
            .chars()
            .filter(|character| character.is_alphanumeric())
            .flat_map(char::to_uppercase)
            .collect();
        if plain.is_empty() {
            return Vec::new();
        }
        if plain.bytes().next().is_some_and(|first| first.is_ascii_digit()) {
            let kinds = [
                PersonalField::ResidentId,
                PersonalField::Phone,
                PersonalField::BankAccount,
            ];
            return kinds
                .iter()
                .map(|kind| self.desk.number_mark(*kind, &plain))
                .collect();
        }
        vec![self.desk.sought(&plain.to_lowercase())]
    }
}
