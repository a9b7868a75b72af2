//! The flow of the fund's money as a picture: from pledges through the fund and the pillars to what was spent, waits at projects,
//! is held and is free. Projects are gathered by pillar, so that the picture stays readable however many there are.

use std::collections::BTreeMap;

use charts::{Caption, FlowLink, FlowNode, Width};
use fund::{FlowEdge, PledgeStanding};
use kernel::{Money, Refusal};

use super::pillar_words;
use crate::books::yuan;
use crate::page::Page;
use crate::site::Site;

/// The picture in both widths, empty where it could not be drawn, and its table.
pub(super) struct FlowView {
    pub unit: String,
    pub wide: String,
    pub narrow: String,
    /// From, to, and how much.
    pub rows: Vec<(String, String, String)>,
}

/// Where a node stands: sources, the fund, pillars, ends.
fn column(node: &str) -> u16 {
    match node {
        "fund" => 1,
        "other-in" => 0,
        node if node.starts_with("pledge:") => 0,
        node if node.starts_with("pillar:") => 2,
        _ => 3,
    }
}

/// The edges between columns: what a project got and passed on belongs to its pillar.
fn gathered(edges: &[FlowEdge]) -> Result<BTreeMap<(String, String), Money>, Refusal> {
    let mut pillar_of = BTreeMap::new();
    for edge in edges.iter().filter(|edge| edge.to.starts_with("project:")) {
        pillar_of.insert(edge.to.as_str(), edge.from.as_str());
    }
    let mut sums: BTreeMap<(String, String), Money> = BTreeMap::new();
    for edge in edges.iter().filter(|edge| !edge.to.starts_with("project:")) {
        let from = match edge.from.as_str() {
            "other" => "other-in",
            from => pillar_of.get(from).copied().unwrap_or(from),
        };
        let to = if edge.to == "other" {
            "other-out"
        } else {
            edge.to.as_str()
        };
        let sum = sums.entry((from.to_owned(), to.to_owned())).or_default();
        *sum = sum.checked_add(edge.amount_fen)?;
    }
    Ok(sums)
}

fn words(site: &Site, pledges: &[PledgeStanding], node: &str, page: &Page) -> String {
    if let Some(key) = node.strip_prefix("pledge:") {
        let pledge = pledges.iter().find(|pledge| pledge.key == key);
        return pledge
            .map_or(key, |pledge| pledge.donor.get(page.lang))
            .to_owned();
    }
    match node.strip_prefix("pillar:") {
        Some(id) => pillar_words(site, id, page),
        None => page.w.get(&format!("flow.{node}")).to_owned(),
    }
}

/// The picture of the flow; none where no money moved.
///
/// # Errors
/// `kernel.money_overflow`.
pub(super) fn view(
    site: &Site,
    edges: &[FlowEdge],
    pledges: &[PledgeStanding],
    page: &Page,
) -> Result<Option<FlowView>, Refusal> {
    let words = |node: &str| words(site, pledges, node, page);
    let sums = gathered(edges)?;
    let passed = |node: &str| -> Result<Money, Refusal> {
        let into = sums.iter().filter(|((_, to), _)| to == node).map(|(_, sum)| *sum);
        let out = sums
            .iter()
            .filter(|((from, _), _)| from == node)
            .map(|(_, sum)| *sum);
        Ok(Money::try_sum(into)?.max(Money::try_sum(out)?))
    };
    let total = passed("fund")?;
    if total == Money::ZERO {
        return Ok(None);
    }
    let r = report::words::WORDS.of(page.lang);
    let scale = report::numbers::scale_for(total.fen(), "fen", page.lang);
    let (mut nodes, mut places) = (Vec::new(), BTreeMap::new());
    let mut names: Vec<&String> = sums.keys().flat_map(|(from, to)| [from, to]).collect();
    names.sort_by_key(|name| (column(name), name.as_str()));
    names.dedup();
    for name in names {
        places.insert(name.as_str(), nodes.len());
        nodes.push(FlowNode {
            label: words(name),
            said: scale.number(passed(name)?.fen()),
            column: column(name),
        });
    }
    let link = |((from, to), sum): (&(String, String), &Money)| {
        Some(FlowLink {
            from: *places.get(from.as_str())?,
            to: *places.get(to.as_str())?,
            value: sum.fen(),
            said: scale.number(sum.fen()),
        })
    };
    let links: Vec<FlowLink> = sums.iter().filter_map(link).collect();
    let caption = Caption {
        id: "fund-flow".to_owned(),
        title: page.w.get("fund.flow").to_owned(),
        desc: page.w.fill("fund.flow_desc", &[("total", &yuan(total))]),
    };
    let draw = |width| charts::flow(&caption, &nodes, &links, width).unwrap_or_default();
    Ok(Some(FlowView {
        unit: r.fill("chart.unit", &[("unit", r.get(&scale.unit_key))]),
        wide: draw(Width::Wide),
        narrow: draw(Width::Narrow),
        rows: sums
            .iter()
            .map(|((from, to), sum)| (words(from), words(to), yuan(*sum)))
            .collect(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_project_passes_on_stands_with_its_pillar_and_both_sides_add_up() {
        let edge = |from: &str, to: &str, fen| FlowEdge {
            from: from.to_owned(),
            to: to.to_owned(),
            amount_fen: Money::from_fen(fen),
        };
        let edges = [
            edge("pledge:main", "fund", 100),
            edge("fund", "pillar:health", 60),
            edge("pillar:health", "project:a", 40),
            edge("pillar:health", "project:b", 20),
            edge("project:a", "spent", 40),
            edge("project:b", "spent", 5),
            edge("project:b", "unspent", 15),
            edge("fund", "free", 30),
            edge("fund", "other", 10),
        ];
        let sums = gathered(&edges).unwrap();
        let of = |from: &str, to: &str| sums[&(from.to_owned(), to.to_owned())].fen();
        assert_eq!(
            (of("pillar:health", "spent"), of("pillar:health", "unspent")),
            (45, 15)
        );
        assert_eq!((of("fund", "other-out"), of("fund", "free")), (10, 30));
        assert!(sums.keys().all(|(from, to)| column(from) < column(to)));
    }
}
