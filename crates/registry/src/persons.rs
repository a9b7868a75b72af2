//! Persons: what is said of them is kept as statements, and what follows from all of them as a row with its marks.

use kernel::Refusal;
use store::{Ctx, Row, args};

use crate::acts::{Consent, Erase, Join, Leave, Member, SayPerson};
use crate::checks::{refused, require_key, require_past, require_words};
use crate::desk::Desk;
use crate::held::{held, hold_person};
use crate::households::{Ground, record, require_household};
use crate::likeness::{Described, look};
use crate::model::{
    Health, HouseholdId, Labour, PersonId, Personal, PersonalField, Relation, Schooling, Sex, Work,
};
use crate::repo::{self as sql, Asks};
use crate::state::{AsOf, Membership, PersonSaid, PersonState, Statement, counting};
use crate::vault::row_of;

pub(crate) async fn join(desk: &Desk, ctx: &mut Ctx, act: &str, said: &Join) -> Result<(), Refusal> {
    require_key("key", &said.key)?;
    require_past("since", said.since, ctx.today())?;
    require_household(ctx, said.household).await?;
    let ground = Ground {
        since: said.since,
        act,
        document: said.document.as_deref(),
    };
    admit(desk, ctx, said.household, ground, &said.member).await
}

pub(crate) async fn say_person(
    desk: &Desk,
    ctx: &mut Ctx,
    act: &str,
    said: &SayPerson,
) -> Result<(), Refusal> {
    require_key("key", &said.key)?;
    require_past("since", said.since, ctx.today())?;
    require_person(ctx, said.person).await?;
    let ground = Ground {
        since: said.since,
        act,
        document: said.document.as_deref(),
    };
    let what = PersonSaid {
        facts: said.facts.clone(),
        ..PersonSaid::default()
    };
    of_person(desk, ctx, said.person, ground, (&said.personal, what)).await
}

pub(crate) async fn leave(desk: &Desk, ctx: &mut Ctx, act: &str, said: &Leave) -> Result<(), Refusal> {
    require_past("on", said.on, ctx.today())?;
    require_person(ctx, said.person).await?;
    let ground = Ground {
        since: said.on,
        act,
        document: said.document.as_deref(),
    };
    let what = PersonSaid {
        membership: Some(Membership::Out(said.reason)),
        ..PersonSaid::default()
    };
    of_person(desk, ctx, said.person, ground, (&Personal::default(), what)).await
}

pub(crate) async fn consent(ctx: &mut Ctx, said: &Consent) -> Result<(), Refusal> {
    require_past("on", said.on, ctx.today())?;
    require_person(ctx, said.person).await?;
    let row = args![
        said.person.as_uuid(),
        said.purpose.as_str(),
        said.on,
        said.given,
        said.document.as_deref()
    ];
    ctx.execute_one(sql::INSERT_CONSENT, row).await
}

/// Forgets who someone is who belongs to no household any more, and who they were taken for.
pub(crate) async fn erase(ctx: &mut Ctx, said: &Erase) -> Result<(), Refusal> {
    require_past("on", said.on, ctx.today())?;
    require_words("reason", &said.reason)?;
    let row = ctx.row(sql::PERSON, args![said.person.as_uuid()]).await?;
    let row = row.ok_or_else(|| sql::no_such_person(said.person))?;
    if let Some(household) = row.opt_text("household")? {
        let refusal = refused("registry.still_member", "person").value(said.person);
        return Err(refusal.fact("household", household));
    }
    let mut forgotten = vec![said.person.as_uuid().to_string()];
    for same in ctx.rows(sql::ABSORBED, args![said.person.as_uuid()]).await? {
        forgotten.push(same.text("id")?);
    }
    for person in &forgotten {
        ctx.execute(sql::CLEAR_KEY, args![person]).await?;
        ctx.execute(sql::CLEAR_MARKS, args![person]).await?;
        ctx.execute_one(sql::SET_ERASED, args![person, said.on]).await?;
    }
    Ok(())
}

/// Takes someone in: a person who is new, or one who comes from another household.
pub(crate) async fn admit(
    desk: &Desk,
    ctx: &mut Ctx,
    household: HouseholdId,
    ground: Ground<'_>,
    member: &Member,
) -> Result<(), Refusal> {
    let id = member.person.as_uuid();
    match ctx.row(sql::PERSON, args![id]).await? {
        Some(row) => require_known(member.person, &row)?,
        None if member.personal.name.is_none() => return Err(refused("registry.bad_name", "name")),
        None => ctx.execute_one(sql::INSERT_PERSON, args![id]).await?,
    }
    ctx.execute(sql::INSERT_MEMBERSHIP, args![household.as_uuid(), id])
        .await?;
    let what = PersonSaid {
        facts: member.facts.clone(),
        membership: Some(Membership::In(household)),
        ..PersonSaid::default()
    };
    of_person(desk, ctx, member.person, ground, (&member.personal, what)).await
}

/// Keeps a statement of a person, what all of them come to, and who may be the same person.
async fn of_person(
    desk: &Desk,
    ctx: &mut Ctx,
    person: PersonId,
    ground: Ground<'_>,
    (personal, said): (&Personal, PersonSaid),
) -> Result<(), Refusal> {
    hold_person(&said.facts, ground.since)?;
    let personal = held(personal, &said.facts, ctx.today())?;
    if let Some(number) = &personal.resident_id {
        require_new_number(desk, ctx, person, number).await?;
    }
    let sealed = desk.seal_said(ctx, person, &personal, ground.act).await?;
    record(ctx, person.as_uuid(), ground, &said, sealed).await?;
    refresh_and_look(desk, ctx, person).await
}

/// The row of a person, of whoever they are the same as, and who else may be.
pub(crate) async fn refresh_and_look(desk: &Desk, ctx: &mut Ctx, person: PersonId) -> Result<(), Refusal> {
    let (mut looked_at, (mut state, mut who)) = (person, refresh(desk, ctx, person).await?);
    if let Some(kept) = state.kept() {
        (looked_at, (state, who)) = (kept, refresh(desk, ctx, kept).await?);
    }
    match state.household() {
        Some(household) => look(desk, ctx, (looked_at, household), &who).await,
        None => Ok(()),
    }
}

/// One number is of one person. Who finds that out learns the other's id here, and nothing else.
pub(crate) async fn require_new_number(
    desk: &Desk,
    ctx: &mut Ctx,
    person: PersonId,
    number: &str,
) -> Result<(), Refusal> {
    let mark = desk.number_mark(PersonalField::ResidentId, number);
    let others = ctx
        .rows(sql::MARKED_ANYWHERE, args![mark, person.as_uuid()])
        .await?;
    for other in others {
        let other: PersonId = sql::parsed(&other.text("person")?, "person")?;
        let row = ctx.row(sql::PERSON, args![other.as_uuid()]).await?;
        let row = row.ok_or_else(|| sql::no_such_person(other))?;
        let theirs = desk.personal_of(other, &row)?;
        if theirs.resident_id.as_deref() == Some(number) {
            return Err(refused("registry.resident_id_taken", "resident_id").fact("person", other));
        }
    }
    Ok(())
}

/// The row and the marks of a person, as their statements come to today. What they do not say is filled in from those who are
/// the same person.
async fn refresh(desk: &Desk, ctx: &mut Ctx, person: PersonId) -> Result<(PersonState, Described), Refusal> {
    let statements = counting(person_statements(ctx, person).await?, AsOf::NOW);
    let mut state = PersonState::of(&statements);
    let mut personal = Personal::default();
    if let Some(row) = ctx.row(sql::KEY, args![person.as_uuid()]).await? {
        let key = desk.unwrap(person, &row.text("wrapped")?)?;
        for statement in &statements {
            if let Some(sealed) = &statement.sealed {
                personal.take(Desk::open_said(&key, sealed, &statement.act)?);
            }
        }
    }
    let mut marks = desk.marks_of(&personal, state.facts.birth_on);
    for row in ctx.rows(sql::ABSORBED, args![person.as_uuid()]).await? {
        let same: PersonId = sql::parsed(&row.text("id")?, "id")?;
        let (mut theirs, facts) = (desk.personal_of(same, &row)?, sql::person_facts(&row)?);
        marks.extend(desk.marks_of(&theirs, facts.birth_on));
        theirs.take(personal);
        personal = theirs;
        state.facts.fill_in(&facts);
    }
    if state.kept().is_some() {
        marks.clear();
    }
    desk.keep_marks(ctx, person, &marks).await?;
    set_row(desk, ctx, person, &state, &personal).await?;
    let who = Described::of(personal, &state.facts);
    Ok((state, who))
}

async fn set_row(
    desk: &Desk,
    ctx: &mut Ctx,
    person: PersonId,
    state: &PersonState,
    personal: &Personal,
) -> Result<(), Refusal> {
    let sealed = desk.seal_said(ctx, person, personal, &row_of(person)).await?;
    let facts = &state.facts;
    let row = args![
        person.as_uuid(),
        state.household().map(|household| household.as_uuid()),
        facts.relation.map(Relation::as_str),
        facts.sex.map(Sex::as_str),
        facts.birth_on,
        facts.schooling.map(Schooling::as_str),
        facts.health.map(Health::as_str),
        facts.disability.map(i64::from),
        facts.labour.map(Labour::as_str),
        facts.work.map(Work::as_str),
        sealed
    ];
    ctx.execute_one(sql::SET_PERSON, row).await
}

pub(crate) async fn person_statements(
    asks: &mut impl Asks,
    person: PersonId,
) -> Result<Vec<Statement<PersonSaid>>, Refusal> {
    let rows = asks.all(sql::STATEMENTS_OF, args![person.as_uuid()]).await?;
    rows.iter().map(Statement::read).collect()
}

/// Who belonged to a household at a moment, and what was known of them then.
pub(crate) async fn members_at(
    asks: &mut impl Asks,
    household: HouseholdId,
    at: AsOf,
) -> Result<Vec<PersonState>, Refusal> {
    let ever = asks.all(sql::EVER_MEMBERS, args![household.as_uuid()]).await?;
    let mut members = Vec::with_capacity(ever.len());
    for row in &ever {
        let person = sql::parsed(&row.text("person")?, "person")?;
        let mut state = PersonState::of(&counting(person_statements(asks, person).await?, at));
        if state.household() != Some(household) {
            continue;
        }
        for row in asks.all(sql::EVER_SAME, args![row.text("person")?]).await? {
            let same = sql::parsed(&row.text("gone")?, "gone")?;
            let theirs = PersonState::of(&counting(person_statements(asks, same).await?, at));
            if theirs.kept() == Some(person) {
                state.facts.fill_in(&theirs.facts);
            }
        }
        members.push(state);
    }
    Ok(members)
}

pub(crate) async fn require_person(ctx: &mut Ctx, id: PersonId) -> Result<(), Refusal> {
    let row = ctx.row(sql::PERSON, args![id.as_uuid()]).await?;
    require_known(id, &row.ok_or_else(|| sql::no_such_person(id))?)
}

/// Of someone who was erased nothing is said any more.
pub(crate) fn require_known(id: PersonId, row: &Row) -> Result<(), Refusal> {
    match row.opt_text("erased_on")? {
        Some(day) => Err(refused("registry.erased", "person").value(id).fact("on", day)),
        None => Ok(()),
    }
}
