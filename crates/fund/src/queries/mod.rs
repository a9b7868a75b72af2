//! Questions about the fund, each answered from one snapshot. Money that moved is read from the books.

mod flow;
mod lists;
mod money;

pub use flow::{FlowEdge, flow};
pub use lists::{
    BudgetVersion, DutyStanding, EventLine, PairingStanding, TargetStanding, VisitLine, budgets, events,
    pairings, project_titles, targets, visits_seen,
};
pub use money::{
    MilestoneStanding, PillarStanding, PledgeStanding, ProjectStanding, TrancheStanding, cofinance,
    place_of_act, pledges, projects, standing,
};

pub(crate) use money::Ledger;

use kernel::{PlaceCode, Refusal};
use store::Row;

pub(crate) fn place(row: &Row) -> Result<Option<PlaceCode>, Refusal> {
    row.opt_int("place_code")?.map(PlaceCode::try_from).transpose()
}
