//! What a fact of the registry tells of whom, for those who want to be told.

use kernel::{PlaceCode, Refusal};
use serde_json::Value;
use store::{Ctx, RecordedFact, args};

use crate::model::{CaseId, HouseholdId, PersonId};
use crate::repo as sql;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToldEvent {
    /// A household was written down.
    Registered,
    /// Someone became a member.
    Joined,
    /// Something of the household or a member changed.
    Changed,
}

/// What happened to whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// What.
    pub event: ToldEvent,
    /// The household.
    pub household: HouseholdId,
    /// Its village, today.
    pub place: PlaceCode,
    /// The persons it is about; none where it is about the household as a whole.
    pub persons: Vec<PersonId>,
}

/// What a fact tells of households and persons; none where it tells of neither, as a step of a case.
///
/// # Errors
/// What the store gives.
pub async fn told(ctx: &mut Ctx, fact: &RecordedFact) -> Result<Option<Told>, Refusal> {
    let Some(act) = fact.kind.strip_prefix("registry.") else {
        return Ok(None);
    };
    let event = match act {
        "register" => ToldEvent::Registered,
        "join" => ToldEvent::Joined,
        "household" | "person" | "leave" | "consent" | "announce" => ToldEvent::Changed,
        _ => return Ok(None),
    };
    let body = fact.body()?;
    let said = body.get(act).unwrap_or(&Value::Null);
    let persons = persons_of(said);
    let household = match id::<HouseholdId>(said.get("household")) {
        Some(household) => Some(household),
        None => household_of(ctx, said, &persons).await?,
    };
    let Some(household) = household else {
        return Ok(None);
    };
    let row = ctx.row(sql::HOUSEHOLD, args![household.as_uuid()]).await?;
    row.map(|row| {
        Ok(Told {
            event,
            household,
            place: sql::place(&row)?,
            persons,
        })
    })
    .transpose()
}

fn persons_of(said: &Value) -> Vec<PersonId> {
    let members = said.get("members").and_then(Value::as_array);
    let listed = members.into_iter().flatten().map(|member| member.get("person"));
    let one = [said.get("person"), said.pointer("/member/person")];
    listed.chain(one).filter_map(id).collect()
}

/// By its case, or where the person belongs or belonged last.
async fn household_of(
    ctx: &mut Ctx,
    said: &Value,
    persons: &[PersonId],
) -> Result<Option<HouseholdId>, Refusal> {
    let row = match (id::<CaseId>(said.get("case")), persons.first()) {
        (Some(case), _) => ctx.row(sql::CASE, args![case.as_uuid()]).await?,
        (None, Some(person)) => ctx.row(sql::PERSON_PLACE, args![person.as_uuid()]).await?,
        (None, None) => None,
    };
    row.map(|row| sql::parsed(&row.text("household")?, "household"))
        .transpose()
}

fn id<T: std::str::FromStr>(value: Option<&Value>) -> Option<T> {
    value.and_then(Value::as_str)?.parse().ok()
}
