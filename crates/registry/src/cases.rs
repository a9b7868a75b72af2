//! Cases of recognition (识别) and exit (退出): the public procedure, step by step.
//!
//! ```text
//! applied --appraise--> appraised --notice 1--> first_notice --review--> reviewed --notice 2--> second_notice
//!    |        |                                     |              |                                |
//!    |        +--too few or against--> turned_down <-+--objection upheld; the township disagrees     +--decide--> granted | refused
//!    |                     |                                                                          granted --announce--> announced
//!    +--withdraw (any time before the decision)       an objection of the household upheld: turned_down -> appraised
//! ```
//! A notice stands for the days of the rules; while it stands, or an objection is open, nothing follows. Nobody reviews a case
//! they had a hand in, and who reviewed does not decide.

use jiff::ToSpan as _;
use jiff::civil::Date;
use kernel::{Fault, Refusal};
use serde::Serialize;
use store::{Ctx, args};

use crate::acts::{Announce, Answer, Apply, Appraise, Decide, Notice, Object, Review, Whose, Withdraw};
use crate::checks::{refused, require_key, require_past, require_words};
use crate::decisions::verdict;
use crate::desk::Desk;
use crate::households::{last_statement, set_status};
use crate::model::{CaseId, CaseKind, CaseState, HouseholdId, Seeks, Status};
use crate::repo as sql;
use crate::rules::Verdict;
use crate::runs::Run;
use crate::state::AsOf;

/// A case as acts need it.
struct Case {
    id: CaseId,
    household: HouseholdId,
    kind: CaseKind,
    state: CaseState,
    changed_on: Date,
    notice_until: Option<Date>,
}

async fn case(ctx: &mut Ctx, id: CaseId) -> Result<Case, Refusal> {
    let row = ctx.row(sql::CASE, args![id.as_uuid()]).await?;
    let row = row.ok_or_else(|| sql::no_such_case(id))?;
    Ok(Case {
        id,
        household: sql::parsed(&row.text("household")?, "household")?,
        kind: sql::parsed(&row.text("kind")?, "kind")?,
        state: sql::parsed(&row.text("state")?, "state")?,
        changed_on: sql::day(&row, "changed_on")?,
        notice_until: sql::opt_day(&row, "notice_until")?,
    })
}

impl Case {
    /// The step is the turn of a case in one of these states, and not before what came last.
    fn require(&self, states: &[CaseState], on: Date, today: Date) -> Result<(), Refusal> {
        if !states.contains(&self.state) {
            let refusal = refused("registry.out_of_turn", "case");
            return Err(refusal.value(self.id).fact("state", self.state));
        }
        if on < self.changed_on {
            let refusal = refused("registry.days_reversed", "on");
            return Err(refusal.value(on).fact("before", self.changed_on));
        }
        require_past("on", on, today)
    }

    /// Its notice no longer stands, and nobody waits for an answer.
    async fn require_quiet(&self, ctx: &mut Ctx, on: Date) -> Result<(), Refusal> {
        if let Some(until) = self.notice_until.filter(|until| on <= *until) {
            return Err(refused("registry.notice_stands", "on")
                .value(on)
                .fact("until", until));
        }
        let open = ctx.row(sql::OPEN_OBJECTIONS, args![self.id.as_uuid()]).await?;
        match open.map_or(Ok(0), |row| row.int("open"))? {
            0 => Ok(()),
            open => Err(refused("registry.objection_open", "case")
                .value(self.id)
                .fact("open", open)),
        }
    }

    /// Whoever does this had no hand in the case before.
    async fn require_other(&self, ctx: &mut Ctx) -> Result<(), Refusal> {
        let by = ctx.actor().id.clone();
        for row in ctx.rows(sql::STEP_HANDS, args![self.id.as_uuid()]).await? {
            if row.text("done_by")? == by {
                return Err(own_case(self.id));
            }
        }
        Ok(())
    }

    async fn turn(&self, ctx: &mut Ctx, state: CaseState, on: Date) -> Result<(), Refusal> {
        self.turn_with_notice(ctx, state, on, None).await
    }

    async fn turn_with_notice(
        &self,
        ctx: &mut Ctx,
        state: CaseState,
        on: Date,
        until: Option<Date>,
    ) -> Result<(), Refusal> {
        let row = args![self.id.as_uuid(), state.as_str(), on, until];
        ctx.execute_one(sql::SET_CASE, row).await
    }
}

fn own_case(id: CaseId) -> Refusal {
    Refusal::new("registry.own_case", Fault::Denied)
        .at("case")
        .value(id)
}

/// Keeps a step as it was said.
async fn step(
    ctx: &mut Ctx,
    case: CaseId,
    (act, on): (&str, Date),
    said: &impl Serialize,
    document: Option<&str>,
) -> Result<(), Refusal> {
    let said = serde_json::to_string(said).map_err(|error| Refusal::broken("store.bad_json", &error))?;
    let by = ctx.actor().id.clone();
    let row = args![case.as_uuid(), act, on, said, document, by];
    ctx.execute_one(sql::INSERT_STEP, row).await
}

pub(crate) async fn apply(ctx: &mut Ctx, new: &Apply) -> Result<(), Refusal> {
    require_past("on", new.on, ctx.today())?;
    let row = ctx.row(sql::HOUSEHOLD, args![new.household.as_uuid()]).await?;
    let row = row.ok_or_else(|| sql::no_such_household(new.household))?;
    let status: Status = sql::parsed(&row.text("status")?, "status")?;
    let fits = match new.kind {
        CaseKind::Recognition => status != Status::Poor,
        CaseKind::Exit => status == Status::Poor,
    };
    if !fits {
        let refusal = refused("registry.wrong_status", "household");
        return Err(refusal.value(new.household).fact("status", status));
    }
    require_no_open_case(ctx, new.household).await?;
    let place = sql::place(&row)?;
    if let Some(run) = &new.run {
        Run::of(ctx, run).await?.require(new.kind, place)?;
    }
    let row = args![
        new.case.as_uuid(),
        new.household.as_uuid(),
        new.kind.as_str(),
        place,
        new.on,
        new.run.as_deref()
    ];
    ctx.execute_one(sql::INSERT_CASE, row).await?;
    step(ctx, new.case, ("apply", new.on), new, Some(&new.document)).await
}

async fn require_no_open_case(ctx: &mut Ctx, household: HouseholdId) -> Result<(), Refusal> {
    let Some(open) = ctx.row(sql::OPEN_CASE, args![household.as_uuid()]).await? else {
        return Ok(());
    };
    let refusal = refused("registry.case_open", "household").value(household);
    Err(refusal.fact("case", open.text("id")?))
}

pub(crate) async fn appraise(desk: &Desk, ctx: &mut Ctx, said: &Appraise) -> Result<(), Refusal> {
    let case = case(ctx, said.case).await?;
    case.require(&[CaseState::Applied], said.on, ctx.today())?;
    let voted = said.in_favour.checked_add(said.against);
    if said.attended > said.eligible || voted.is_none_or(|voted| voted > said.attended) {
        let refusal = refused("registry.votes_do_not_add_up", "attended");
        return Err(refusal.value(said.attended).fact("eligible", said.eligible));
    }
    let rules = desk.rules.appraisal;
    let enough = |part: u32, whole: u32, permille: u32| {
        whole > 0 && u64::from(part) * 1_000 >= u64::from(whole) * u64::from(permille)
    };
    let agreed = enough(said.attended, said.eligible, rules.attended_permille)
        && enough(said.in_favour, said.attended, rules.in_favour_permille);
    let state = if agreed {
        CaseState::Appraised
    } else {
        CaseState::TurnedDown
    };
    case.turn(ctx, state, said.on).await?;
    step(ctx, said.case, ("appraise", said.on), said, Some(&said.document)).await
}

pub(crate) async fn notice(desk: &Desk, ctx: &mut Ctx, said: &Notice) -> Result<(), Refusal> {
    let case = case(ctx, said.case).await?;
    let (before, after) = match said.number {
        1 => (CaseState::Appraised, CaseState::FirstNotice),
        2 => (CaseState::Reviewed, CaseState::SecondNotice),
        other => return Err(refused("registry.notice_out_of_turn", "number").value(other)),
    };
    case.require(&[before], said.on, ctx.today())?;
    let days = i64::from(desk.rules.notice_days).days();
    let until = said.on.saturating_add(days);
    case.turn_with_notice(ctx, after, said.on, Some(until)).await?;
    step(ctx, said.case, ("notice", said.on), said, Some(&said.document)).await
}

/// While a notice stands anyone may object to a listing; a household that was turned down may object to that.
pub(crate) async fn object(ctx: &mut Ctx, said: &Object) -> Result<(), Refusal> {
    require_key("key", &said.key)?;
    require_words("text", &said.text)?;
    let case = case(ctx, said.case).await?;
    let noticed = [CaseState::FirstNotice, CaseState::SecondNotice];
    let seeks = match case.state {
        CaseState::TurnedDown => Seeks::Inclusion,
        state if noticed.contains(&state) => Seeks::Removal,
        _ => return Err(refused("registry.no_notice_stands", "case").value(said.case)),
    };
    case.require(&[case.state], said.on, ctx.today())?;
    if let Some(until) = case.notice_until.filter(|until| said.on > *until) {
        let refusal = refused("registry.no_notice_stands", "on");
        return Err(refusal.value(said.on).fact("until", until));
    }
    let by = ctx.actor().id.clone();
    let row = args![
        &said.key,
        said.case.as_uuid(),
        seeks.as_str(),
        said.on,
        &said.text,
        said.document.as_deref(),
        by
    ];
    ctx.execute_one(sql::INSERT_OBJECTION, row).await
}

/// An objection as acts need it.
struct Objection {
    case: CaseId,
    seeks: Seeks,
    on: Date,
    answered: bool,
}

async fn objection(ctx: &mut Ctx, key: &str) -> Result<Objection, Refusal> {
    let row = ctx.row(sql::OBJECTION, args![key]).await?;
    let row = row.ok_or_else(|| sql::unknown(Whose::Objection(key)))?;
    Ok(Objection {
        case: sql::parsed(&row.text("case_id")?, "case_id")?,
        seeks: sql::parsed(&row.text("seeks")?, "seeks")?,
        on: sql::day(&row, "on_day")?,
        answered: row.opt_text("answered_on")?.is_some(),
    })
}

pub(crate) async fn answer(ctx: &mut Ctx, said: &Answer) -> Result<(), Refusal> {
    require_words("text", &said.text)?;
    require_past("on", said.on, ctx.today())?;
    let objection = objection(ctx, &said.objection).await?;
    if objection.answered {
        return Err(refused("registry.answered_already", "objection").value(&said.objection));
    }
    if said.on < objection.on {
        let refusal = refused("registry.days_reversed", "on");
        return Err(refusal.value(said.on).fact("before", objection.on));
    }
    let by = ctx.actor().id.clone();
    let row = args![&said.objection, said.upheld, said.on, &said.text, by];
    ctx.execute_one(sql::ANSWER_OBJECTION, row).await?;
    if said.upheld {
        let case = case(ctx, objection.case).await?;
        let state = match objection.seeks {
            Seeks::Removal => CaseState::TurnedDown,
            Seeks::Inclusion => {
                require_no_open_case(ctx, case.household).await?;
                CaseState::Appraised
            }
        };
        case.turn(ctx, state, said.on.max(case.changed_on)).await?;
    }
    step(
        ctx,
        objection.case,
        ("answer", said.on),
        said,
        said.document.as_deref(),
    )
    .await
}

pub(crate) async fn review(ctx: &mut Ctx, said: &Review) -> Result<(), Refusal> {
    require_words("reason", &said.reason)?;
    let case = case(ctx, said.case).await?;
    case.require(&[CaseState::FirstNotice], said.on, ctx.today())?;
    case.require_quiet(ctx, said.on).await?;
    case.require_other(ctx).await?;
    let state = if said.agreed {
        CaseState::Reviewed
    } else {
        CaseState::TurnedDown
    };
    case.turn(ctx, state, said.on).await?;
    let by = ctx.actor().id.clone();
    ctx.execute_one(sql::SET_REVIEWER, args![said.case.as_uuid(), by])
        .await?;
    step(ctx, said.case, ("review", said.on), said, None).await
}

/// The rules are held against what is known at this moment; they say whether it may be granted. Refusing needs a reason only.
pub(crate) async fn decide(desk: &Desk, ctx: &mut Ctx, said: &Decide) -> Result<(), Refusal> {
    require_words("reason", &said.reason)?;
    let case = case(ctx, said.case).await?;
    case.require(&[CaseState::SecondNotice], said.on, ctx.today())?;
    case.require_quiet(ctx, said.on).await?;
    case.require_other(ctx).await?;
    let known = last_statement(ctx).await?;
    let at = AsOf { day: said.on, known };
    let rules = desk.rules.on(said.on)?.version.clone();
    let verdict = verdict(desk, ctx, (case.household, case.kind), at, &rules).await?;
    if said.granted {
        require_granted(&verdict, said.case)?;
    }
    let json = serde_json::to_string(&verdict).map_err(|error| Refusal::broken("store.bad_json", &error))?;
    let row = args![
        said.case.as_uuid(),
        case.household.as_uuid(),
        said.on,
        known,
        rules,
        said.granted,
        json
    ];
    ctx.execute_one(sql::INSERT_DECISION, row).await?;
    let by = ctx.actor().id.clone();
    ctx.execute_one(sql::SET_DECIDER, args![said.case.as_uuid(), by])
        .await?;
    let state = if said.granted {
        CaseState::Granted
    } else {
        CaseState::Refused
    };
    case.turn(ctx, state, said.on).await?;
    step(ctx, said.case, ("decide", said.on), said, None).await
}

fn require_granted(verdict: &Verdict, case: CaseId) -> Result<(), Refusal> {
    let code = match verdict.holds {
        Some(true) => return Ok(()),
        Some(false) => "registry.not_by_rule",
        None => "registry.unknown_by_rule",
    };
    let open = verdict.reasons.iter().filter(|reason| reason.holds != Some(true));
    let conditions: Vec<&str> = open.map(|reason| reason.condition.as_str()).collect();
    Err(refused(code, "case")
        .value(case)
        .fact("conditions", conditions.join(", ")))
}

pub(crate) async fn announce(desk: &Desk, ctx: &mut Ctx, act: &str, said: &Announce) -> Result<(), Refusal> {
    let case = case(ctx, said.case).await?;
    case.require(&[CaseState::Granted], said.on, ctx.today())?;
    let status = match case.kind {
        CaseKind::Recognition => Status::Poor,
        CaseKind::Exit => Status::Exited,
    };
    set_status(desk, ctx, act, (case.household, status, said.on)).await?;
    case.turn(ctx, CaseState::Announced, said.on).await?;
    step(ctx, said.case, ("announce", said.on), said, None).await
}

pub(crate) async fn withdraw(ctx: &mut Ctx, said: &Withdraw) -> Result<(), Refusal> {
    require_words("reason", &said.reason)?;
    let case = case(ctx, said.case).await?;
    let before_the_decision = [
        CaseState::Applied,
        CaseState::Appraised,
        CaseState::FirstNotice,
        CaseState::Reviewed,
        CaseState::SecondNotice,
    ];
    case.require(&before_the_decision, said.on, ctx.today())?;
    case.turn(ctx, CaseState::Withdrawn, said.on).await?;
    step(ctx, said.case, ("withdraw", said.on), said, None).await
}
