//! Households and their members: what is said of them is kept as statements, and what follows from all of them as rows.

use jiff::civil::Date;
use kernel::Refusal;
use store::{Ctx, args};

use crate::acts::{Consent, Join, Leave, Member, Register, SayHousehold, SayPerson};
use crate::checks::{refused, require_key, require_past, require_village};
use crate::desk::Desk;
use crate::held::{held, hold_household, hold_person};
use crate::model::{
    Health, HouseholdFacts, HouseholdId, Labour, PersonFacts, PersonId, Personal, PersonalField, Relation,
    Schooling, Sex, Status, Work,
};
use crate::repo::{self as sql, Asks};
use crate::state::{
    AsOf, HouseholdSaid, HouseholdState, Membership, PersonSaid, PersonState, Statement, counting,
};
use crate::vault::row_of;

/// The most members of a household.
const MEMBERS_MAX: usize = 30;

/// What a statement stands on: since when, by which act, shown by what.
#[derive(Clone, Copy)]
struct Ground<'a> {
    since: Date,
    act: &'a str,
    document: Option<&'a str>,
}

pub(crate) async fn register(desk: &Desk, ctx: &mut Ctx, act: &str, new: &Register) -> Result<(), Refusal> {
    require_village("place", new.place)?;
    require_past("since", new.since, ctx.today())?;
    if new.recognised_elsewhere && new.document.is_none() {
        return Err(refused("registry.no_such_document", "document"));
    }
    if !(1..=MEMBERS_MAX).contains(&new.members.len()) {
        let refusal = refused("registry.bad_number_of_members", "members");
        return Err(refusal.value(new.members.len()).fact("max", MEMBERS_MAX));
    }
    let is_head = |member: &&Member| member.facts.relation == Some(Relation::Head);
    match new.members.iter().filter(is_head).count() {
        0 => return Err(refused("registry.no_head", "members")),
        1 => {}
        heads => return Err(refused("registry.two_heads", "members").value(heads)),
    }
    let now = ctx.now();
    ctx.execute_one(
        sql::INSERT_HOUSEHOLD,
        args![new.household.as_uuid(), new.place, now],
    )
    .await?;
    let ground = Ground {
        since: new.since,
        act,
        document: new.document.as_deref(),
    };
    let facts = HouseholdFacts {
        place: Some(new.place),
        ..new.facts.clone()
    };
    let status = new.recognised_elsewhere.then_some(Status::Poor);
    of_household(desk, ctx, new.household, ground, facts, status).await?;
    for (member, number) in new.members.iter().zip(1_usize..) {
        let admitted = admit(desk, ctx, new.household, ground, member).await;
        admitted.map_err(|refusal| refusal.under(format_args!("members.{number}")))?;
    }
    Ok(())
}

pub(crate) async fn say_household(
    desk: &Desk,
    ctx: &mut Ctx,
    act: &str,
    said: &SayHousehold,
) -> Result<(), Refusal> {
    require_key("key", &said.key)?;
    require_past("since", said.since, ctx.today())?;
    if let Some(place) = said.facts.place {
        require_village("facts.place", place)?;
    }
    require_household(ctx, said.household).await?;
    let ground = Ground {
        since: said.since,
        act,
        document: said.document.as_deref(),
    };
    of_household(desk, ctx, said.household, ground, said.facts.clone(), None).await
}

/// Where a household stands from a day on, by the announcement of a decision.
pub(crate) async fn set_status(
    desk: &Desk,
    ctx: &mut Ctx,
    act: &str,
    (household, status, since): (HouseholdId, Status, Date),
) -> Result<(), Refusal> {
    let ground = Ground {
        since,
        act,
        document: None,
    };
    let facts = HouseholdFacts::default();
    of_household(desk, ctx, household, ground, facts, Some(status)).await
}

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
        membership: None,
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
        facts: PersonFacts::default(),
        membership: Some(Membership::Out(said.reason)),
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

/// Takes someone in: a person who is new, or one who comes from another household.
async fn admit(
    desk: &Desk,
    ctx: &mut Ctx,
    household: HouseholdId,
    ground: Ground<'_>,
    member: &Member,
) -> Result<(), Refusal> {
    let id = member.person.as_uuid();
    if ctx.row(sql::PERSON, args![id]).await?.is_none() {
        if member.personal.name.is_none() {
            return Err(refused("registry.bad_name", "name"));
        }
        ctx.execute_one(sql::INSERT_PERSON, args![id]).await?;
    }
    ctx.execute(sql::INSERT_MEMBERSHIP, args![household.as_uuid(), id])
        .await?;
    let what = PersonSaid {
        facts: member.facts.clone(),
        membership: Some(Membership::In(household)),
    };
    of_person(desk, ctx, member.person, ground, (&member.personal, what)).await
}

/// Keeps a statement of a household, and what all of them come to.
async fn of_household(
    desk: &Desk,
    ctx: &mut Ctx,
    household: HouseholdId,
    ground: Ground<'_>,
    facts: HouseholdFacts,
    status: Option<Status>,
) -> Result<(), Refusal> {
    hold_household(desk, &facts, ground.since)?;
    let year = facts.income.map(|income| income.year);
    let said = HouseholdSaid { facts, status };
    let statement = record(ctx, household.as_uuid(), ground, &said, None).await?;
    let state = household_at(ctx, household, AsOf::NOW).await?;
    let causes: Vec<&str> = state.causes.iter().map(|cause| cause.as_str()).collect();
    let exclusions = state.exclusions.as_ref().map(|seen| number(seen.len()));
    let row = args![
        household.as_uuid(),
        state.place,
        state.status.as_str(),
        causes.join(","),
        state.land_milli_mu.map(kernel::Area::milli_mu),
        number(state.unmet()),
        number(state.unseen()),
        exclusions
    ];
    ctx.execute_one(sql::SET_HOUSEHOLD, row).await?;
    if let Some(status) = status {
        let row = args![household.as_uuid(), ground.since, statement, status.as_str()];
        ctx.execute_one(sql::INSERT_STATUS, row).await?;
    }
    if let Some(income) = year.and_then(|year| state.incomes.get(&year)) {
        let row = args![household.as_uuid(), income.year, income.net()?];
        ctx.execute_one(sql::SET_INCOME, row).await?;
    }
    Ok(())
}

/// Keeps a statement of a person, and what all of them come to.
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
    refresh_person(desk, ctx, person).await
}

/// One number is of one person. Who finds that out learns the other's id here, and nothing else.
async fn require_new_number(
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

/// The rows of a person, as their statements come to today.
async fn refresh_person(desk: &Desk, ctx: &mut Ctx, person: PersonId) -> Result<(), Refusal> {
    let statements = counting(person_statements(ctx, person).await?, AsOf::NOW);
    let state = PersonState::of(&statements);
    let mut personal = Personal::default();
    if let Some(row) = ctx.row(sql::KEY, args![person.as_uuid()]).await? {
        let key = desk.unwrap(person, &row.text("wrapped")?)?;
        for statement in &statements {
            if let Some(sealed) = &statement.sealed {
                personal.take(Desk::open_said(&key, sealed, &statement.act)?);
            }
        }
    }
    let sealed = desk.seal_said(ctx, person, &personal, &row_of(person)).await?;
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
    ctx.execute_one(sql::SET_PERSON, row).await?;
    desk.mark(ctx, person, &personal).await
}

/// What stands of a household at a moment.
pub(crate) async fn household_at(
    asks: &mut impl Asks,
    household: HouseholdId,
    at: AsOf,
) -> Result<HouseholdState, Refusal> {
    let rows = asks.all(sql::STATEMENTS_OF, args![household.as_uuid()]).await?;
    let statements = rows.iter().map(Statement::read).collect::<Result<_, _>>()?;
    Ok(HouseholdState::of(statements, at))
}

async fn person_statements(
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
        let state = PersonState::of(&counting(person_statements(asks, person).await?, at));
        if state.household() == Some(household) {
            members.push(state);
        }
    }
    Ok(members)
}

/// The number of the last statement that was written down; zero before the first.
pub(crate) async fn last_statement(ctx: &mut Ctx) -> Result<i64, Refusal> {
    let last = ctx.row(sql::LAST_STATEMENT, args![]).await?;
    last.map_or(Ok(0), |row| row.int("statement_no"))
}

/// Keeps a statement; answers its number.
async fn record(
    ctx: &mut Ctx,
    subject: uuid::Uuid,
    ground: Ground<'_>,
    said: &impl serde::Serialize,
    sealed: Option<String>,
) -> Result<i64, Refusal> {
    let next = last_statement(ctx).await? + 1;
    let json = serde_json::to_string(said).map_err(|error| Refusal::broken("store.bad_json", &error))?;
    let now = ctx.now();
    let row = args![
        next,
        subject,
        ground.since,
        json,
        sealed,
        ground.document,
        ground.act,
        now
    ];
    ctx.execute_one(sql::INSERT_STATEMENT, row).await?;
    Ok(next)
}

async fn require_household(ctx: &mut Ctx, id: HouseholdId) -> Result<(), Refusal> {
    let row = ctx.row(sql::HOUSEHOLD, args![id.as_uuid()]).await?;
    row.map(drop).ok_or_else(|| sql::no_such_household(id))
}

async fn require_person(ctx: &mut Ctx, id: PersonId) -> Result<(), Refusal> {
    let row = ctx.row(sql::PERSON, args![id.as_uuid()]).await?;
    row.map(drop).ok_or_else(|| sql::no_such_person(id))
}

fn number(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}
