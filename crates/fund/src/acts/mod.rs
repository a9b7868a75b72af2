//! What can be done to the fund: every act with who may do it, what makes it one, and what the journal calls it.

mod counties;
mod field;
mod money;
pub(crate) use money::hold_key;
mod plans;

use kernel::{Money, PlaceCode, Refusal};
use people::staff::Action;
use serde::{Deserialize, Serialize};
use store::Ctx;

use crate::model::{
    AtMilestone, Call, Cofinance, DutyProgress, Freed, Measurement, Met, NewBudget, NewEvent, NewModelCounty,
    NewPairing, NewPledge, NewProject, NewTarget, NewVisit, PillarOwner, Reasoned, Receipt, StaffDay,
    TargetOwner,
};

/// One thing that is done to the fund. As JSON: `{"call": {"pledge": "main", "tranche": 1, "on": "2018-01-15"}}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// A pledge is signed. `fund.tranches_differ`, `fund.tranche_order`, `fund.leverage_reversed`.
    Pledge(NewPledge),
    /// A tranche is called; it is owed from then on. `fund.no_such_tranche`, `fund.called_already`.
    Call(Call),
    /// Money of a tranche arrived. `fund.not_called`; `books.below_zero` beyond what was called.
    Receive(Receipt),
    /// A unit owns a pillar from now on.
    Own(PillarOwner),
    /// A version of a budget is proposed. `fund.not_a_year`, `fund.no_such_pillar`, `fund.budget_open`.
    ProposeBudget(NewBudget),
    /// Another person approves it; it replaces the version before. `fund.own_budget`, `fund.budget_below_commitments`.
    ApproveBudget(Reasoned),
    /// It is declined, by whoever may approve or by whoever proposed it.
    DeclineBudget(Reasoned),
    /// A project is opened, with its accounts.
    Project(NewProject),
    /// The money of a milestone is held in the books. `fund.no_budget`, `fund.over_budget`; `books.below_zero`.
    Commit(AtMilestone),
    /// A milestone was met. `fund.not_committed`.
    Meet(Met),
    /// Another person releases its money for payment. `fund.not_met`, `fund.own_milestone`.
    Release(AtMilestone),
    /// A commitment is given up; what it held is free. `fund.not_committed`.
    Free(Freed),
    /// Money of others came. `fund.mobilised_already`, `fund.own_money`, `fund.cause_unproven`, `fund.turnover_moved`.
    Cofinance(Cofinance),
    /// It did not, or was told wrongly; it counts no more.
    WithdrawCofinance(Reasoned),
    /// A unit is paired with a place.
    Pair(NewPairing),
    /// How far a duty of a pairing is. `fund.no_such_duty`.
    Duty(DutyProgress),
    /// A model county is named.
    ModelCounty(NewModelCounty),
    /// A target is set. `fund.no_such_owner`.
    Target(NewTarget),
    /// Something was measured. `fund.no_such_target`.
    Measure(Measurement),
    /// Someone worked. `fund.more_than_a_day`.
    StaffDay(StaffDay),
    /// Someone went to see.
    Visit(NewVisit),
    /// Something happened.
    Event(NewEvent),
}

impl Act {
    /// What one has to be allowed to do it, at [`Act::place`], or in the whole country where there is none.
    #[must_use]
    pub fn action(&self) -> Action {
        match self {
            Self::Receive(_) => Action::KeepBooks,
            Self::ApproveBudget(_) | Self::DeclineBudget(_) | Self::Release(_) => Action::ApproveFund,
            Self::Meet(_) | Self::Duty(_) | Self::Measure(_) | Self::StaffDay(_) | Self::Visit(_) => {
                Action::ReportField
            }
            _ => Action::KeepFund,
        }
    }

    /// Where it is done, as far as the act says; that of a project or a pairing is asked of [`crate::place_of_act`].
    #[must_use]
    pub fn place(&self) -> Option<PlaceCode> {
        match self {
            Self::Project(new) => new.place,
            Self::Pair(new) => Some(new.place),
            Self::ModelCounty(new) => Some(new.place),
            Self::StaffDay(day) => day.place,
            Self::Visit(new) => Some(new.place),
            Self::Target(NewTarget { owner, .. }) | Self::Measure(Measurement { owner, .. }) => match owner {
                TargetOwner::County(place) => Some(*place),
                TargetOwner::Pillar(_) => None,
            },
            _ => None,
        }
    }

    /// What makes it one and the same when it comes again.
    pub(crate) fn identity(&self) -> String {
        let name = self.name();
        match self {
            Self::Pledge(NewPledge { key, .. })
            | Self::Receive(Receipt { key, .. })
            | Self::ProposeBudget(NewBudget { key, .. })
            | Self::ApproveBudget(Reasoned { key, .. })
            | Self::DeclineBudget(Reasoned { key, .. })
            | Self::Project(NewProject { key, .. })
            | Self::Cofinance(Cofinance { key, .. })
            | Self::WithdrawCofinance(Reasoned { key, .. })
            | Self::Pair(NewPairing { key, .. })
            | Self::Visit(NewVisit { key, .. })
            | Self::Event(NewEvent { key, .. }) => format!("{name}:{key}"),
            Self::Call(Call { pledge, tranche, .. }) => format!("{name}:{pledge}:{tranche}"),
            Self::Own(PillarOwner { pillar, since, .. }) => format!("{name}:{pillar}:{since}"),
            Self::Commit(AtMilestone {
                project, milestone, ..
            })
            | Self::Release(AtMilestone {
                project, milestone, ..
            })
            | Self::Meet(Met {
                project, milestone, ..
            })
            | Self::Free(Freed {
                project, milestone, ..
            }) => format!("{name}:{project}:{milestone}"),
            Self::Duty(DutyProgress {
                pairing, duty, on, ..
            }) => format!("{name}:{pairing}:{duty}:{on}"),
            Self::ModelCounty(NewModelCounty { place, .. }) => format!("{name}:{place}"),
            Self::Target(NewTarget { owner, indicator, .. }) => {
                format!("{name}:{}:{indicator}", owner.kept())
            }
            Self::Measure(Measurement {
                owner, indicator, on, ..
            }) => {
                format!("{name}:{}:{indicator}:{on}", owner.kept())
            }
            Self::StaffDay(StaffDay {
                person, on, pillar, ..
            }) => format!("{name}:{person}:{on}:{pillar}"),
        }
    }

    /// How much money it is about.
    pub(crate) fn amount(&self) -> Option<Money> {
        match self {
            Self::Pledge(new) => Some(new.total_fen),
            Self::Receive(receipt) => Some(receipt.amount_fen),
            Self::Cofinance(new) => Some(new.amount_fen),
            _ => None,
        }
    }

    /// The documents that prove it.
    pub(crate) fn documents(&self) -> Vec<&str> {
        match self {
            Self::Pledge(NewPledge { document, .. })
            | Self::Receive(Receipt { document, .. })
            | Self::Meet(Met { document, .. })
            | Self::Pair(NewPairing { document, .. })
            | Self::Measure(Measurement { document, .. }) => vec![document],
            Self::Cofinance(new) => new.document.iter().map(String::as_str).collect(),
            Self::Visit(new) => new.photos.iter().map(String::as_str).collect(),
            _ => Vec::new(),
        }
    }

    /// What the journal calls it.
    pub(crate) fn fact_kind(&self) -> &'static str {
        match self {
            Self::Pledge(_) => "fund.pledge",
            Self::Call(_) => "fund.call",
            Self::Receive(_) => "fund.receive",
            Self::Own(_) => "fund.own",
            Self::ProposeBudget(_) => "fund.propose_budget",
            Self::ApproveBudget(_) => "fund.approve_budget",
            Self::DeclineBudget(_) => "fund.decline_budget",
            Self::Project(_) => "fund.project",
            Self::Commit(_) => "fund.commit",
            Self::Meet(_) => "fund.meet",
            Self::Release(_) => "fund.release",
            Self::Free(_) => "fund.free",
            Self::Cofinance(_) => "fund.cofinance",
            Self::WithdrawCofinance(_) => "fund.withdraw_cofinance",
            Self::Pair(_) => "fund.pair",
            Self::Duty(_) => "fund.duty",
            Self::ModelCounty(_) => "fund.model_county",
            Self::Target(_) => "fund.target",
            Self::Measure(_) => "fund.measure",
            Self::StaffDay(_) => "fund.staff_day",
            Self::Visit(_) => "fund.visit",
            Self::Event(_) => "fund.event",
        }
    }

    /// The act's own name, as it stands in JSON.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.fact_kind().strip_prefix("fund.").unwrap_or_default()
    }

    /// Holds it against the rules, and does it.
    pub(crate) async fn carry_out(&self, ctx: &mut Ctx) -> Result<(), Refusal> {
        match self {
            Self::Pledge(new) => money::pledge(ctx, new).await,
            Self::Call(call) => money::call(ctx, call).await,
            Self::Receive(receipt) => money::receive(ctx, receipt).await,
            Self::Own(owner) => plans::own(ctx, owner).await,
            Self::ProposeBudget(new) => plans::propose(ctx, new).await,
            Self::ApproveBudget(said) => plans::approve(ctx, said).await,
            Self::DeclineBudget(said) => plans::decline(ctx, said).await,
            Self::Project(new) => plans::project(ctx, new).await,
            Self::Commit(at) => money::commit(ctx, at).await,
            Self::Meet(met) => money::meet(ctx, met).await,
            Self::Release(at) => money::release(ctx, at).await,
            Self::Free(freed) => money::free(ctx, freed).await,
            Self::Cofinance(new) => plans::cofinance(ctx, new).await,
            Self::WithdrawCofinance(said) => plans::withdraw(ctx, said).await,
            Self::Pair(new) => counties::pair(ctx, new).await,
            Self::Duty(progress) => counties::duty(ctx, progress).await,
            Self::ModelCounty(new) => counties::model_county(ctx, new).await,
            Self::Target(new) => counties::target(ctx, new).await,
            Self::Measure(measured) => counties::measure(ctx, measured).await,
            Self::StaffDay(day) => field::staff_day(ctx, day).await,
            Self::Visit(new) => field::visit(ctx, new).await,
            Self::Event(new) => field::event(ctx, new).await,
        }
    }
}
