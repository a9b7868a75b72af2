//! How the rows of this crate are read, and who answers with them.

use jiff::civil::Date;
use kernel::{Fault, PlaceCode, Refusal};
use store::{Arg, Ctx, Reader, Row, args};

use crate::acts::Whose;
use crate::model::{CaseId, HouseholdId, PersonFacts, PersonId};
use crate::repo::{CASE, HOUSEHOLD, OBJECTION_PLACE, PERSON_PLACE, RUN};

/// Who answers a question: the transaction of a command, or the snapshot of a reader.
pub(crate) trait Asks: Send {
    /// All rows that a statement answers.
    fn all(
        &mut self,
        sql: &'static str,
        args: Vec<Arg>,
    ) -> impl Future<Output = Result<Vec<Row>, Refusal>> + Send;

    /// The first of them.
    fn one(
        &mut self,
        sql: &'static str,
        args: Vec<Arg>,
    ) -> impl Future<Output = Result<Option<Row>, Refusal>> + Send {
        async move { Ok(self.all(sql, args).await?.into_iter().next()) }
    }
}

impl Asks for Ctx {
    async fn all(&mut self, sql: &'static str, args: Vec<Arg>) -> Result<Vec<Row>, Refusal> {
        self.rows(sql, args).await
    }
}

impl Asks for Reader {
    async fn all(&mut self, sql: &'static str, args: Vec<Arg>) -> Result<Vec<Row>, Refusal> {
        self.rows(sql, args).await
    }
}

/// Where an act is done.
pub(crate) async fn place_of(asks: &mut impl Asks, whose: Whose<'_>) -> Result<PlaceCode, Refusal> {
    let (sql, args) = match whose {
        Whose::Place(place) => return Ok(place),
        Whose::Household(id) => (HOUSEHOLD, args![id.as_uuid()]),
        Whose::Person(id) => (PERSON_PLACE, args![id.as_uuid()]),
        Whose::Case(id) => (CASE, args![id.as_uuid()]),
        Whose::Objection(key) => (OBJECTION_PLACE, args![key]),
        Whose::Run(key) => (RUN, args![key]),
    };
    let row = asks.one(sql, args).await?;
    place(&row.ok_or_else(|| unknown(whose))?)
}

/// The refusal of what is not there.
pub(crate) fn unknown(whose: Whose<'_>) -> Refusal {
    match whose {
        Whose::Place(place) => Refusal::new("registry.not_a_village", Fault::Missing).value(place),
        Whose::Household(id) => no_such_household(id),
        Whose::Person(id) => no_such_person(id),
        Whose::Case(id) => no_such_case(id),
        Whose::Objection(key) => Refusal::new("registry.no_such_objection", Fault::Missing).value(key),
        Whose::Run(key) => Refusal::new("registry.no_such_run", Fault::Missing).value(key),
    }
}

pub(crate) fn no_such_household(id: HouseholdId) -> Refusal {
    Refusal::new("registry.no_such_household", Fault::Missing).value(id)
}

pub(crate) fn no_such_person(id: PersonId) -> Refusal {
    Refusal::new("registry.no_such_person", Fault::Missing).value(id)
}

pub(crate) fn no_such_case(id: CaseId) -> Refusal {
    Refusal::new("registry.no_such_case", Fault::Missing).value(id)
}

pub(crate) fn place(row: &Row) -> Result<PlaceCode, Refusal> {
    let number = u64::try_from(row.int("place_code")?).unwrap_or_default();
    PlaceCode::try_from(number).map_err(|refusal| refusal.at("place_code"))
}

pub(crate) fn day(row: &Row, column: &str) -> Result<Date, Refusal> {
    parsed(&row.text(column)?, column)
}

pub(crate) fn opt_day(row: &Row, column: &str) -> Result<Option<Date>, Refusal> {
    row.opt_text(column)?
        .map(|text| parsed(&text, column))
        .transpose()
}

/// A value as the column keeps it.
pub(crate) fn parsed<T>(text: &str, column: &str) -> Result<T, Refusal>
where
    T: std::str::FromStr,
    T::Err: std::error::Error,
{
    text.parse()
        .map_err(|error| Refusal::broken("store.bad_column", &error).at(column.to_owned()))
}

pub(crate) fn opt_parsed<T>(row: &Row, column: &str) -> Result<Option<T>, Refusal>
where
    T: std::str::FromStr,
    T::Err: std::error::Error,
{
    row.opt_text(column)?
        .map(|text| parsed(&text, column))
        .transpose()
}

/// What the row of a person says of them.
pub(crate) fn person_facts(row: &Row) -> Result<PersonFacts, Refusal> {
    let grade = row.opt_int("disability")?.map(u8::try_from).transpose();
    Ok(PersonFacts {
        relation: opt_parsed(row, "relation")?,
        sex: opt_parsed(row, "sex")?,
        birth_on: opt_day(row, "birth_on")?,
        schooling: opt_parsed(row, "schooling")?,
        health: opt_parsed(row, "health")?,
        disability: grade.map_err(|error| Refusal::broken("store.bad_column", &error).at("disability"))?,
        labour: opt_parsed(row, "labour")?,
        work: opt_parsed(row, "work")?,
    })
}

/// JSON as a column keeps it.
pub(crate) fn json<T: serde::de::DeserializeOwned>(row: &Row, column: &str) -> Result<T, Refusal> {
    serde_json::from_str(&row.text(column)?)
        .map_err(|error| Refusal::broken("store.bad_column", &error).at(column.to_owned()))
}
