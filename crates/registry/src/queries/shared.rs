//! One household as another system is told of it: what stands today, without its history and its cases.

use jiff::Timestamp;
use kernel::{Money, PlaceCode, Refusal};
use people::staff::PlaceFilter;
use store::args;

use super::{MemberLine, seen_place};
use crate::acts::Whose;
use crate::desk::Registry;
use crate::households::household_at;
use crate::model::{HouseholdId, PersonId, Personal, Status, YearIncome};
use crate::repo as sql;
use crate::state::{AsOf, per_head};

/// A household as another system is told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedHousehold {
    /// Its id.
    pub id: HouseholdId,
    /// Its village.
    pub place: PlaceCode,
    /// Where it stands.
    pub status: Status,
    /// When it was written down.
    pub registered_at: Timestamp,
    /// Its net income a head in the year that was asked for.
    pub per_head_fen: Option<Money>,
    /// How many members it has, those included who are not told of.
    pub size: usize,
    /// Its members, the head first.
    pub members: Vec<SharedMember>,
}

/// A member as another system is told of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedMember {
    /// Who, masked, and what is said of them.
    pub line: MemberLine,
    /// Who they are in full, where that was asked for.
    pub personal: Option<Personal>,
}

impl Registry {
    /// A household as another system is told of it. Who its members are in full is for whom that right was asked before, and each
    /// time it is written into the audit log.
    ///
    /// # Errors
    /// `registry.no_such_household`, also where it is at a place that may not be seen.
    pub async fn shared(
        &self,
        seen: &PlaceFilter,
        id: HouseholdId,
        year: i16,
        in_full: bool,
    ) -> Result<SharedHousehold, Refusal> {
        let mut reader = self.store.read().await?;
        let place = seen_place(&mut reader, seen, Whose::Household(id)).await?;
        let row = reader.row(sql::HOUSEHOLD, args![id.as_uuid()]).await?;
        let row = row.ok_or_else(|| sql::no_such_household(id))?;
        let state = household_at(&mut reader, id, AsOf::NOW).await?;
        let lines = self.members(&mut reader, id).await?;
        let (size, mut members) = (lines.len(), Vec::with_capacity(lines.len()));
        for line in lines {
            let personal = if in_full {
                let row = reader.row(sql::PERSON, args![line.person.as_uuid()]).await?;
                row.map(|row| self.desk.personal_of(line.person, &row))
                    .transpose()?
            } else {
                None
            };
            members.push(SharedMember { line, personal });
        }
        let net = state.incomes.get(&year).map(YearIncome::net).transpose()?;
        let heads = i64::try_from(size).unwrap_or(i64::MAX);
        Ok(SharedHousehold {
            id,
            place,
            status: state.status,
            registered_at: row.instant("registered_at")?,
            per_head_fen: net.and_then(|net| per_head(net, heads)),
            size,
            members,
        })
    }

    /// The household of a person who may be seen; none where they belong to none.
    ///
    /// # Errors
    /// `registry.no_such_person`, also where they live at a place that may not be seen.
    pub async fn household_of(
        &self,
        seen: &PlaceFilter,
        person: PersonId,
    ) -> Result<Option<HouseholdId>, Refusal> {
        let mut reader = self.store.read().await?;
        seen_place(&mut reader, seen, Whose::Person(person)).await?;
        let row = reader.row(sql::PERSON, args![person.as_uuid()]).await?;
        row.map_or(Ok(None), |row| sql::opt_parsed(&row, "household"))
    }
}
