//! In which order the nodes of a column stand: the barycentre method of Sugiyama, Tagawa and Toda (1981).
//!
//! A link over several columns is cut into legs, with a stop of its own in each column between. The columns are then
//! sorted again and again by the middle of what they are linked to, to the right and back; the order with the fewest
//! crossings is kept. Costs the square of the legs for each of the sweeps; a drawing has few.

use std::collections::BTreeSet;

use super::{FlowLink, FlowNode};

/// Times the columns are sorted from left to right and back.
const SWEEPS: usize = 6;

/// A piece of a link from one column to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Leg {
    pub(super) column: usize,
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) value: i64,
}

/// Stops and legs. The first stops are the nodes; those after are where links pass a column.
pub(super) struct Web {
    nodes: usize,
    /// The link of each stop after the nodes.
    passing: Vec<usize>,
    pub(super) legs: Vec<Leg>,
    /// The stops of each column from top to bottom.
    pub(super) columns: Vec<Vec<usize>>,
}

impl Web {
    /// The web of checked links, its columns in the best order found.
    pub(super) fn ordered(nodes: &[FlowNode], links: &[FlowLink]) -> Self {
        let mut web = Self::new(nodes, links);
        let mut best = (web.crossings(), web.columns.clone());
        for _ in 0..SWEEPS {
            for to_the_right in [true, false] {
                web.sweep(to_the_right);
                let crossings = web.crossings();
                if crossings < best.0 {
                    best = (crossings, web.columns.clone());
                }
            }
        }
        web.columns = best.1;
        web
    }

    /// The web with its columns as they are given.
    pub(super) fn new(nodes: &[FlowNode], links: &[FlowLink]) -> Self {
        let used: BTreeSet<u16> = nodes.iter().map(|node| node.column).collect();
        let used: Vec<u16> = used.into_iter().collect();
        let column_of = |node: usize| {
            let column = nodes.get(node).map(|node| node.column)?;
            used.binary_search(&column).ok()
        };
        let mut columns = vec![Vec::new(); used.len()];
        for node in 0..nodes.len() {
            if let Some(column) = column_of(node).and_then(|column| columns.get_mut(column)) {
                column.push(node);
            }
        }
        let mut web = Self {
            nodes: nodes.len(),
            passing: Vec::new(),
            legs: Vec::new(),
            columns,
        };
        for (number, link) in links.iter().enumerate() {
            if let Some((first, last)) = column_of(link.from).zip(column_of(link.to)) {
                web.add_legs(number, link, first, last);
            }
        }
        web
    }

    fn add_legs(&mut self, number: usize, link: &FlowLink, first: usize, last: usize) {
        let mut from = link.from;
        for column in first..last {
            let to = if column + 1 == last {
                link.to
            } else {
                self.passing.push(number);
                let stop = self.nodes + self.passing.len() - 1;
                if let Some(stops) = self.columns.get_mut(column + 1) {
                    stops.push(stop);
                }
                stop
            };
            self.legs.push(Leg {
                column,
                from,
                to,
                value: link.value,
            });
            from = to;
        }
    }

    /// Number of stops.
    pub(super) fn stops(&self) -> usize {
        self.nodes + self.passing.len()
    }

    /// The node that a stop is.
    pub(super) fn node_of(&self, stop: usize) -> Option<usize> {
        (stop < self.nodes).then_some(stop)
    }

    /// The link that passes at a stop.
    pub(super) fn link_of(&self, stop: usize) -> Option<usize> {
        self.passing.get(stop.checked_sub(self.nodes)?).copied()
    }

    /// The place of each stop in its column, from 0.
    pub(super) fn ranks(&self) -> Vec<i64> {
        let mut ranks = vec![0; self.stops()];
        for column in &self.columns {
            for (rank, stop) in (0..).zip(column) {
                if let Some(place) = ranks.get_mut(*stop) {
                    *place = rank;
                }
            }
        }
        ranks
    }

    fn sweep(&mut self, to_the_right: bool) {
        let count = self.columns.len();
        for step in 1..count {
            let column = if to_the_right { step } else { count - 1 - step };
            let ranks = self.ranks();
            let mut keyed: Vec<(i128, usize)> = self
                .columns
                .get(column)
                .into_iter()
                .flatten()
                .map(|stop| (self.barycentre(*stop, &ranks, to_the_right), *stop))
                .collect();
            keyed.sort_by_key(|(middle, _)| *middle);
            if let Some(stops) = self.columns.get_mut(column) {
                *stops = keyed.into_iter().map(|(_, stop)| stop).collect();
            }
        }
    }

    /// The middle of the ranks that a stop is linked to on one side, weighed by the money, in thousandths; its own rank
    /// when it has no link there.
    fn barycentre(&self, stop: usize, ranks: &[i64], looks_left: bool) -> i128 {
        let rank = |stop: usize| ranks.get(stop).copied().map_or(0, i128::from);
        let (mut moment, mut weight) = (0, 0);
        for leg in &self.legs {
            let (own, other) = if looks_left {
                (leg.to, leg.from)
            } else {
                (leg.from, leg.to)
            };
            if own == stop {
                moment += i128::from(leg.value) * rank(other) * 1_000;
                weight += i128::from(leg.value);
            }
        }
        if weight == 0 {
            rank(stop) * 1_000
        } else {
            moment / weight
        }
    }

    /// How many pairs of legs cross.
    pub(super) fn crossings(&self) -> usize {
        let ranks = self.ranks();
        let rank = |stop: usize| ranks.get(stop).copied().unwrap_or(0);
        let cross = |a: &Leg, b: &Leg| {
            let left = (rank(a.from) - rank(b.from)).signum();
            a.column == b.column && left * (rank(a.to) - rank(b.to)).signum() < 0
        };
        let after = |(index, leg): (usize, &Leg)| {
            let others = self.legs.iter().skip(index + 1);
            others.filter(|other| cross(leg, other)).count()
        };
        self.legs.iter().enumerate().map(after).sum()
    }
}
