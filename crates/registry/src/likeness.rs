//! Who may be one person: whoever is written down is held against those who have something in common with them.
//!
//! Nobody is looked through: candidates are found by marks (the sound of the name with the year or the day of birth, phone,
//! account) and by the day of birth in the village, and are weighed by comparisons whose weights were fitted once
//! (`examples/linkage/china-weights.toml`, made by `fishpond registry link --weights`). What is alike enough is a pair that waits
//! for someone to decide; money of both waits with it.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use jiff::Timestamp;
use kernel::{PlaceCode, Refusal, ResidentId};
use linkage::{Likeness, Scale};
use serde_json::json;
use store::{Ctx, Fact, args};

use crate::desk::Desk;
use crate::model::{HouseholdId, PairState, PersonFacts, PersonId, Personal, PersonalField, Sex};
use crate::repo as sql;

/// From which probability on a pair waits for a decision, in millionths.
const ALIKE_PPM: i64 = 500_000;

static SCALE: LazyLock<Result<Scale, Refusal>> =
    LazyLock::new(|| Scale::parse(include_str!("../../../examples/linkage/china-weights.toml")));

/// What of a person is held against others.
pub(crate) struct Described {
    personal: Personal,
    sex: Option<Sex>,
    birth_on: Option<String>,
}

impl Described {
    /// What was not said of birth and sex, the number says.
    pub(crate) fn of(personal: Personal, facts: &PersonFacts) -> Self {
        let number = personal.number();
        let birth_on = facts
            .birth_on
            .or_else(|| number.as_ref().map(ResidentId::birth_on));
        Self {
            sex: facts.sex.or_else(|| number.as_ref().map(Sex::of)),
            birth_on: birth_on.map(|day| day.to_string()),
            personal,
        }
    }

    /// The value of a field as the weights name it; empty where it is not known.
    pub(crate) fn value(&self, field: &str) -> &str {
        let value = match field {
            "name" => self.personal.name.as_deref(),
            "sex" => self.sex.map(Sex::as_str),
            "born_on" => self.birth_on.as_deref(),
            "resident_id" => self.personal.resident_id.as_deref(),
            "phone" => self.personal.phone.as_deref(),
            _ => None,
        };
        value.unwrap_or_default()
    }

    /// How alike two persons are.
    pub(crate) fn weigh(&self, other: &Self) -> Result<Likeness, Refusal> {
        let scale = SCALE.as_ref().map_err(Clone::clone)?;
        scale.weigh(|field| self.value(field), |field| other.value(field))
    }
}

/// Two persons in the order in which a pair of them is kept.
pub(crate) fn ordered(one: PersonId, other: PersonId) -> (PersonId, PersonId) {
    if one.to_string() < other.to_string() {
        (one, other)
    } else {
        (other, one)
    }
}

/// Finds who may be the same as a person who was just written down, and keeps each as a pair that waits. An open pair that is no
/// longer alike, because what was said of one was corrected, is closed.
pub(crate) async fn look(
    desk: &Desk,
    ctx: &mut Ctx,
    (person, household): (PersonId, HouseholdId),
    who: &Described,
) -> Result<(), Refusal> {
    let row = ctx.row(sql::HOUSEHOLD, args![household.as_uuid()]).await?;
    let village = sql::place(&row.ok_or_else(|| sql::no_such_household(household))?)?;
    for candidate in candidates(desk, ctx, (person, village), who).await? {
        let row = ctx.row(sql::PERSON, args![candidate.as_uuid()]).await?;
        let row = row.ok_or_else(|| sql::no_such_person(candidate))?;
        let facts = sql::person_facts(&row)?;
        let theirs = Described::of(desk.personal_of(candidate, &row)?, &facts);
        let likeness = who.weigh(&theirs)?;
        keep(ctx, ordered(person, candidate), village, &likeness).await?;
    }
    Ok(())
}

async fn candidates(
    desk: &Desk,
    ctx: &mut Ctx,
    (person, village): (PersonId, PlaceCode),
    who: &Described,
) -> Result<BTreeSet<PersonId>, Refusal> {
    let birth = who
        .birth_on
        .as_deref()
        .map(|day| sql::parsed(day, "birth_on"))
        .transpose()?;
    let mut marks = desk.likeness_marks(&who.personal, birth);
    let numbers = who
        .personal
        .said()
        .filter(|(field, _)| *field != PersonalField::Name);
    marks.extend(numbers.map(|(field, value)| desk.number_mark(field, value)));
    let me = person.as_uuid();
    let mut rows = ctx.rows(sql::OPEN_PARTNERS, args![me]).await?;
    for mark in marks {
        rows.extend(ctx.rows(sql::MARKED_ALIKE, args![mark, me]).await?);
    }
    if birth.is_some() {
        rows.extend(ctx.rows(sql::BORN_THERE, args![birth, village, me]).await?);
    }
    let ids = rows.iter().map(|row| sql::parsed(&row.text("person")?, "person"));
    ids.collect()
}

/// Keeps how alike a pair is, unless someone decided it.
pub(crate) async fn keep(
    ctx: &mut Ctx,
    (one, other): (PersonId, PersonId),
    village: PlaceCode,
    likeness: &Likeness,
) -> Result<(), Refusal> {
    let row = ctx.row(sql::PAIR, args![one.as_uuid(), other.as_uuid()]).await?;
    let before: Option<PairState> = row
        .map(|row| sql::parsed(&row.text("state")?, "state"))
        .transpose()?;
    let state = match (before, likeness.ppm >= ALIKE_PPM) {
        (Some(PairState::Same | PairState::Different), _) | (None, false) => return Ok(()),
        (_, true) => PairState::Open,
        (Some(_), false) => PairState::Unlike,
    };
    write(ctx, (one, other), before.is_none(), state, likeness).await?;
    if before != Some(state) {
        ctx.record(Fact {
            kind: "registry.pair",
            place: Some(village),
            amount: None,
            evidence: Vec::new(),
            body: json!({ "one": one, "other": other, "state": state, "ppm": likeness.ppm }),
        })
        .await?;
    }
    Ok(())
}

/// Writes a pair, new or again.
pub(crate) async fn write(
    ctx: &mut Ctx,
    (one, other): (PersonId, PersonId),
    is_new: bool,
    state: PairState,
    likeness: &Likeness,
) -> Result<(), Refusal> {
    let parts = serde_json::to_string(&likeness.parts);
    let parts = parts.map_err(|error| Refusal::broken("store.bad_json", &error))?;
    let (one, other, Likeness { millibits, ppm, .. }) = (one.as_uuid(), other.as_uuid(), likeness);
    if !is_new {
        let row = args![one, other, *millibits, *ppm, parts, state.as_str()];
        return ctx.execute_one(sql::WEIGH_PAIR, row).await;
    }
    let now: Timestamp = ctx.now();
    let row = args![one, other, *millibits, *ppm, parts, state.as_str(), now];
    ctx.execute_one(sql::INSERT_PAIR, row).await
}
