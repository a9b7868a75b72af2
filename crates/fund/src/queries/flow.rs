//! The flow of money from source to use, for a Sankey diagram. Every figure is a balance of the books, so at each node in
//! between what comes in is what goes out.

use jiff::civil::Date;
use kernel::{Money, Refusal};
use serde::Serialize;
use store::Reader;

use super::Ledger;
use super::money::{pledges, projects};
use crate::accounts::BANK;

/// Money from one node to another. Nodes: `pledge:KEY`, `fund`, `pillar:ID`, `project:KEY`, and the ends `spent`, `unspent`,
/// `held`, `free`, `other`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct FlowEdge {
    /// From which node.
    pub from: String,
    /// To which node.
    pub to: String,
    /// How much.
    pub amount_fen: Money,
}

/// The flow as of a day: what pledges brought in, through pillars and projects, to what was spent, is released, is held (as of
/// now) and is free. What entered or left the bank otherwise stands as `other`.
///
/// # Errors
/// What the store gives.
pub async fn flow(reader: &mut Reader, as_of: Date) -> Result<Vec<FlowEdge>, Refusal> {
    let ledger = Ledger::through(reader, as_of).await?;
    let (pledges, projects) = (pledges(reader, as_of).await?, projects(reader, as_of).await?);
    let mut edges = Vec::new();
    let mut add = |from: &str, to: &str, amount: Money| {
        if amount > Money::ZERO {
            edges.push(FlowEdge {
                from: from.to_owned(),
                to: to.to_owned(),
                amount_fen: amount,
            });
        }
    };
    for pledge in &pledges {
        add(&format!("pledge:{}", pledge.key), "fund", pledge.received_fen);
    }
    let mut by_pillar: std::collections::BTreeMap<&str, Money> = std::collections::BTreeMap::new();
    let (mut out, mut held) = (Money::ZERO, Money::ZERO);
    for project in &projects {
        let node = format!("project:{}", project.key);
        let given = project.released_fen.checked_add(project.spent_fen)?;
        add(&format!("pillar:{}", project.pillar), &node, given);
        add(&node, "spent", project.spent_fen);
        add(&node, "unspent", project.released_fen);
        let pillar = by_pillar.entry(&project.pillar).or_default();
        *pillar = pillar.checked_add(given)?;
        out = out.checked_add(given)?;
        held = held.checked_add(project.held_fen)?;
    }
    for (pillar, given) in by_pillar {
        add("fund", &format!("pillar:{pillar}"), given);
    }
    let at_bank = ledger.balance(BANK)?;
    let held = held.min(at_bank);
    add("fund", "held", held);
    add("fund", "free", at_bank.checked_sub(held)?);
    let received = Money::try_sum(pledges.iter().map(|pledge| pledge.received_fen))?;
    let other = at_bank.checked_add(out)?.checked_sub(received)?;
    add("other", "fund", other);
    add("fund", "other", other.checked_neg()?);
    Ok(edges)
}
