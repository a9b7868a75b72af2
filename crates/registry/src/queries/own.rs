//! Everything that is kept of one person, in full: what they may ask for, and take elsewhere.

use jiff::Timestamp;
use jiff::civil::Date;
use kernel::Refusal;
use people::staff::PlaceFilter;
use serde::Serialize;
use serde_json::Value;
use store::{Reader, args};

use super::household::{CaseLine, ConsentLine, case_line, consents};
use super::seen_place;
use crate::acts::Whose;
use crate::desk::{Desk, Registry};
use crate::model::{HouseholdId, PersonId, Personal};
use crate::repo as sql;

/// What is kept of a person.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OwnData {
    /// Their id.
    pub person: PersonId,
    /// Everyone they turned out to be.
    pub also: Vec<PersonId>,
    /// Who they are.
    pub personal: Personal,
    /// Everything that was said of them, in the order in which it was written down.
    pub statements: Vec<OwnStatement>,
    /// The households they ever were a member of.
    pub households: Vec<HouseholdId>,
    /// The cases of those.
    pub cases: Vec<CaseLine>,
    /// What they agreed to, as it stands.
    pub consents: Vec<ConsentLine>,
}

/// A statement of a person, in full.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OwnStatement {
    /// Its number.
    pub number: i64,
    /// Since when it is so.
    pub since: Date,
    /// When it was written down.
    pub recorded_at: Timestamp,
    /// What, beside who they are.
    pub said: Value,
    /// What it says of who they are.
    pub personal: Personal,
    /// What shows it.
    pub document: Option<String>,
}

impl Registry {
    /// Everything that is kept of a person. Whoever asks for them is held to the right to see people in full and written into
    /// the audit log before.
    ///
    /// # Errors
    /// `registry.no_such_person`, also where they live at a place that may not be seen; `registry.erased`.
    pub async fn own_data(&self, seen: &PlaceFilter, person: PersonId) -> Result<OwnData, Refusal> {
        let mut reader = self.store.read().await?;
        seen_place(&mut reader, seen, Whose::Person(person)).await?;
        let row = reader.row(sql::PERSON, args![person.as_uuid()]).await?;
        let row = row.ok_or_else(|| sql::no_such_person(person))?;
        crate::persons::require_known(person, &row)?;
        let mut own = OwnData {
            person,
            also: Vec::new(),
            personal: self.desk.personal_of(person, &row)?,
            statements: Vec::new(),
            households: Vec::new(),
            cases: Vec::new(),
            consents: consents(&mut reader, person).await?,
        };
        for same in reader.rows(sql::ABSORBED, args![person.as_uuid()]).await? {
            own.also.push(sql::parsed(&same.text("id")?, "id")?);
        }
        for id in std::iter::once(person).chain(own.also.clone()) {
            own.statements
                .extend(self.statements_in_full(&mut reader, id).await?);
            for row in reader.rows(sql::EVER_MEMBER_OF, args![id.as_uuid()]).await? {
                own.households
                    .push(sql::parsed(&row.text("household")?, "household")?);
            }
        }
        own.statements.sort_by_key(|statement| statement.number);
        for household in &own.households {
            let cases = reader.rows(sql::CASES_OF, args![household.as_uuid()]).await?;
            let cases: Vec<CaseLine> = cases.iter().map(case_line).collect::<Result<_, _>>()?;
            own.cases.extend(cases);
        }
        Ok(own)
    }

    async fn statements_in_full(
        &self,
        reader: &mut Reader,
        person: PersonId,
    ) -> Result<Vec<OwnStatement>, Refusal> {
        let key = reader.row(sql::KEY, args![person.as_uuid()]).await?;
        let key = key
            .map(|row| self.desk.unwrap(person, &row.text("wrapped")?))
            .transpose()?;
        let mut statements = Vec::new();
        for row in reader.rows(sql::STATEMENTS_OF, args![person.as_uuid()]).await? {
            let personal = match (&key, row.opt_text("sealed")?) {
                (Some(key), Some(sealed)) => Desk::open_said(key, &sealed, &row.text("act")?)?,
                _ => Personal::default(),
            };
            statements.push(OwnStatement {
                number: row.int("statement_no")?,
                since: sql::day(&row, "since_on")?,
                recorded_at: row.instant("recorded_at")?,
                said: sql::json(&row, "said")?,
                personal,
                document: row.opt_text("document")?,
            });
        }
        Ok(statements)
    }
}
