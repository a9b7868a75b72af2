//! What is decided of a pair: that both are one person, that they are not, or that it was wrong to take them for one.
//!
//! Nothing is moved or overwritten. That a person turned out to be another is one more statement of them; from then on they are
//! counted nowhere, and what they alone were known by fills in what is not said of the one who is kept. Taken back by another
//! statement, both stand as before. What was known before stays known as it was, so decisions are made again with the same answer.

use jiff::civil::Date;
use kernel::Refusal;
use store::{Ctx, args};

use crate::acts::{Distinct, Merge, Unmerge};
use crate::checks::{refused, require_key, require_past, require_words};
use crate::desk::Desk;
use crate::households::{Ground, of_household, record};
use crate::likeness::{Described, ordered, write};
use crate::model::{HouseholdId, PairState, PersonId};
use crate::persons::{refresh_and_look, require_new_number};
use crate::repo as sql;
use crate::state::{HouseholdSaid, Identity, PersonSaid};

/// Someone a decision is about, as their row has it.
struct Side {
    id: PersonId,
    household: Option<HouseholdId>,
    who: Described,
    resident_id: Option<String>,
}

impl Side {
    async fn of(desk: &Desk, ctx: &mut Ctx, id: PersonId) -> Result<Self, Refusal> {
        let row = ctx.row(sql::PERSON, args![id.as_uuid()]).await?;
        let row = row.ok_or_else(|| sql::no_such_person(id))?;
        let personal = desk.personal_of(id, &row)?;
        Ok(Self {
            id,
            household: sql::opt_parsed(&row, "household")?,
            resident_id: personal.resident_id.clone(),
            who: Described::of(personal, &sql::person_facts(&row)?),
        })
    }

    /// Refuses someone who turned out to be another one already.
    async fn require_kept(&self, ctx: &mut Ctx, at: &str) -> Result<(), Refusal> {
        match kept_instead(ctx, self.id).await? {
            Some(kept) => Err(refused("registry.merged_already", at)
                .value(self.id)
                .fact("kept", kept)),
            None => Ok(()),
        }
    }
}

/// What of a decision is kept with its pair.
struct Decision<'a> {
    state: PairState,
    on: Date,
    reason: &'a str,
    document: Option<&'a str>,
}

pub(crate) async fn merge(desk: &Desk, ctx: &mut Ctx, act: &str, said: &Merge) -> Result<(), Refusal> {
    hold(ctx, &said.key, said.on, &said.reason)?;
    require_two(said.keep, said.gone, "gone")?;
    let (keep, gone) = (
        Side::of(desk, ctx, said.keep).await?,
        Side::of(desk, ctx, said.gone).await?,
    );
    keep.require_kept(ctx, "keep").await?;
    gone.require_kept(ctx, "gone").await?;
    if !ctx
        .rows(sql::ABSORBED, args![gone.id.as_uuid()])
        .await?
        .is_empty()
    {
        return Err(refused("registry.has_merged", "gone").value(gone.id));
    }
    let Some(home) = keep.household else {
        return Err(refused("registry.not_in_household", "keep").value(keep.id));
    };
    let identity = Identity::SameAs(keep.id);
    say(ctx, (&gone, act, said.document.as_deref()), identity).await?;
    set_same(ctx, (keep.id, gone.id), true).await?;
    let decision = Decision {
        state: PairState::Same,
        on: said.on,
        reason: &said.reason,
        document: said.document.as_deref(),
    };
    decide(ctx, (&keep, &gone), &decision).await?;
    refresh_and_look(desk, ctx, gone.id).await?;
    match gone.household {
        Some(left) if left != home => strike_if_empty(desk, ctx, act, (left, home)).await,
        _ => Ok(()),
    }
}

pub(crate) async fn unmerge(desk: &Desk, ctx: &mut Ctx, act: &str, said: &Unmerge) -> Result<(), Refusal> {
    hold(ctx, &said.key, said.on, &said.reason)?;
    let gone = Side::of(desk, ctx, said.gone).await?;
    let Some(kept) = kept_instead(ctx, gone.id).await? else {
        return Err(refused("registry.not_merged", "gone").value(gone.id));
    };
    say(ctx, (&gone, act, said.document.as_deref()), Identity::OfTheirOwn).await?;
    set_same(ctx, (kept, gone.id), false).await?;
    let keep = Side::of(desk, ctx, kept).await?;
    let decision = Decision {
        state: PairState::Different,
        on: said.on,
        reason: &said.reason,
        document: said.document.as_deref(),
    };
    decide(ctx, (&keep, &gone), &decision).await?;
    refresh_and_look(desk, ctx, kept).await?;
    if let Some(number) = &gone.resident_id {
        require_new_number(desk, ctx, gone.id, number).await?;
    }
    refresh_and_look(desk, ctx, gone.id).await?;
    let again = Side::of(desk, ctx, gone.id).await?;
    match again.household {
        Some(household) => restore(desk, ctx, act, household).await,
        None => Ok(()),
    }
}

pub(crate) async fn distinct(desk: &Desk, ctx: &mut Ctx, said: &Distinct) -> Result<(), Refusal> {
    hold(ctx, &said.key, said.on, &said.reason)?;
    require_two(said.one, said.other, "other")?;
    let (one, other) = (
        Side::of(desk, ctx, said.one).await?,
        Side::of(desk, ctx, said.other).await?,
    );
    one.require_kept(ctx, "one").await?;
    other.require_kept(ctx, "other").await?;
    let decision = Decision {
        state: PairState::Different,
        on: said.on,
        reason: &said.reason,
        document: said.document.as_deref(),
    };
    decide(ctx, (&one, &other), &decision).await
}

fn hold(ctx: &Ctx, key: &str, on: Date, reason: &str) -> Result<(), Refusal> {
    require_key("key", key)?;
    require_past("on", on, ctx.today())?;
    require_words("reason", reason)
}

fn require_two(one: PersonId, other: PersonId, at: &str) -> Result<(), Refusal> {
    if one == other {
        return Err(refused("registry.same_person", at).value(other));
    }
    Ok(())
}

async fn kept_instead(ctx: &mut Ctx, gone: PersonId) -> Result<Option<PersonId>, Refusal> {
    let row = ctx.row(sql::KEPT_INSTEAD, args![gone.as_uuid()]).await?;
    row.map(|row| sql::parsed(&row.text("kept")?, "kept")).transpose()
}

async fn set_same(ctx: &mut Ctx, (kept, gone): (PersonId, PersonId), stands: bool) -> Result<(), Refusal> {
    let row = args![kept.as_uuid(), gone.as_uuid(), stands];
    ctx.execute_one(sql::SET_SAME_PERSON, row).await
}

/// Who someone is was so from the first day on which anything was said of them.
async fn say(
    ctx: &mut Ctx,
    (of, act, document): (&Side, &str, Option<&str>),
    identity: Identity<PersonId>,
) -> Result<(), Refusal> {
    let ground = Ground {
        since: first_said(ctx, of.id.as_uuid()).await?,
        act,
        document,
    };
    let said = PersonSaid {
        identity: Some(identity),
        ..PersonSaid::default()
    };
    record(ctx, of.id.as_uuid(), ground, &said, None).await.map(drop)
}

async fn first_said(ctx: &mut Ctx, subject: uuid::Uuid) -> Result<Date, Refusal> {
    let row = ctx.row(sql::FIRST_SAID, args![subject]).await?;
    row.map_or(Ok(ctx.today()), |row| sql::day(&row, "since_on"))
}

/// Keeps what was decided with the pair, found by the registry or by people.
async fn decide(ctx: &mut Ctx, (one, other): (&Side, &Side), decision: &Decision<'_>) -> Result<(), Refusal> {
    let pair = ordered(one.id, other.id);
    let key = args![pair.0.as_uuid(), pair.1.as_uuid()];
    if ctx.row(sql::PAIR, key).await?.is_none() {
        let likeness = one.who.weigh(&other.who)?;
        write(ctx, pair, true, PairState::Open, &likeness).await?;
    }
    let by = ctx.actor().id.clone();
    let row = args![
        pair.0.as_uuid(),
        pair.1.as_uuid(),
        decision.state.as_str(),
        decision.on,
        by,
        decision.reason,
        decision.document
    ];
    ctx.execute_one(sql::DECIDE_PAIR, row).await
}

/// A household of which nobody is left turned out to be the other one. Its open case has to be ended before.
async fn strike_if_empty(
    desk: &Desk,
    ctx: &mut Ctx,
    act: &str,
    (left, home): (HouseholdId, HouseholdId),
) -> Result<(), Refusal> {
    let living = ctx.row(sql::LIVING_IN, args![left.as_uuid()]).await?;
    if living.map_or(Ok(0), |row| row.int("members"))? > 0 {
        return Ok(());
    }
    if let Some(case) = ctx.row(sql::OPEN_CASE, args![left.as_uuid()]).await? {
        return Err(refused("registry.case_open", "gone")
            .value(left)
            .fact("case", case.text("id")?));
    }
    let row = args![left.as_uuid(), home.as_uuid()];
    ctx.execute_one(sql::SET_SAME_HOUSEHOLD, row).await?;
    identify(desk, ctx, act, left, Identity::SameAs(home)).await
}

/// Somebody lives again in a household that had been struck off.
async fn restore(desk: &Desk, ctx: &mut Ctx, act: &str, household: HouseholdId) -> Result<(), Refusal> {
    let struck = ctx
        .execute(sql::CLEAR_SAME_HOUSEHOLD, args![household.as_uuid()])
        .await?;
    if struck == 0 {
        return Ok(());
    }
    identify(desk, ctx, act, household, Identity::OfTheirOwn).await
}

async fn identify(
    desk: &Desk,
    ctx: &mut Ctx,
    act: &str,
    household: HouseholdId,
    identity: Identity<HouseholdId>,
) -> Result<(), Refusal> {
    let ground = Ground {
        since: first_said(ctx, household.as_uuid()).await?,
        act,
        document: None,
    };
    let said = HouseholdSaid {
        identity: Some(identity),
        ..HouseholdSaid::default()
    };
    of_household(desk, ctx, household, ground, said).await
}
