//! Households: what is said of them is kept as statements, and what follows from all of them as rows.

use jiff::civil::Date;
use kernel::Refusal;
use store::{Ctx, args};

use crate::acts::{Member, Register, SayHousehold};
use crate::checks::{refused, require_key, require_past, require_village};
use crate::desk::Desk;
use crate::held::hold_household;
use crate::model::{HouseholdFacts, HouseholdId, Relation, Status};
use crate::persons::admit;
use crate::repo::{self as sql, Asks};
use crate::state::{AsOf, HouseholdSaid, HouseholdState, Statement};

/// The most members of a household.
const MEMBERS_MAX: usize = 30;

/// What a statement stands on: since when, by which act, shown by what.
#[derive(Clone, Copy)]
pub(crate) struct Ground<'a> {
    pub since: Date,
    pub act: &'a str,
    pub document: Option<&'a str>,
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
    let said = HouseholdSaid {
        facts,
        status,
        identity: None,
    };
    of_household(desk, ctx, new.household, ground, said).await?;
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
    let what = HouseholdSaid {
        facts: said.facts.clone(),
        ..HouseholdSaid::default()
    };
    of_household(desk, ctx, said.household, ground, what).await
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
    let what = HouseholdSaid {
        status: Some(status),
        ..HouseholdSaid::default()
    };
    of_household(desk, ctx, household, ground, what).await
}

/// Keeps a statement of a household, and what all of them come to.
pub(crate) async fn of_household(
    desk: &Desk,
    ctx: &mut Ctx,
    household: HouseholdId,
    ground: Ground<'_>,
    said: HouseholdSaid,
) -> Result<(), Refusal> {
    hold_household(desk, &said.facts, ground.since)?;
    let (year, is_moved) = (
        said.facts.income.map(|income| income.year),
        said.facts.place.is_some(),
    );
    let statement = record(ctx, household.as_uuid(), ground, &said, None).await?;
    let state = household_at(ctx, household, AsOf::NOW).await?;
    let causes: Vec<&str> = state.causes.iter().map(|cause| cause.as_str()).collect();
    let exclusions = state.exclusions.as_ref().map(|seen| number(seen.len()));
    if is_moved {
        let to = args![household.as_uuid(), state.place];
        ctx.execute(sql::MOVE_SCREENINGS, to).await?;
    }
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
    if let Some(status) = said.status {
        let row = args![household.as_uuid(), ground.since, statement, status.as_str()];
        ctx.execute_one(sql::INSERT_STATUS, row).await?;
    }
    if let Some(income) = year.and_then(|year| state.incomes.get(&year)) {
        let row = args![household.as_uuid(), income.year, income.net()?];
        ctx.execute_one(sql::SET_INCOME, row).await?;
    }
    Ok(())
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

/// The number of the last statement that was written down; zero before the first.
pub(crate) async fn last_statement(asks: &mut impl Asks) -> Result<i64, Refusal> {
    let last = asks.one(sql::LAST_STATEMENT, args![]).await?;
    last.map_or(Ok(0), |row| row.int("statement_no"))
}

/// Keeps a statement; answers its number.
pub(crate) async fn record(
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

pub(crate) async fn require_household(ctx: &mut Ctx, id: HouseholdId) -> Result<(), Refusal> {
    let row = ctx.row(sql::HOUSEHOLD, args![id.as_uuid()]).await?;
    row.map(drop).ok_or_else(|| sql::no_such_household(id))
}

fn number(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}
