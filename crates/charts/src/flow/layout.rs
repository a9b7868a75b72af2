//! Where stops and ribbons lie: every edge is rounded from the sum of what lies above it, so the ribbons at a node fill
//! it exactly on either side.

use super::order::{Leg, Web};
use crate::svg::scaled_sum;

/// Height that the name and the amount of a node need.
pub(super) const LABEL_HEIGHT: i64 = 32;
/// Free height between two stops.
const SPACE: i64 = 8;

/// A stop in its column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Slot {
    pub(super) stop: usize,
    pub(super) top: i64,
    pub(super) height: i64,
}

/// A leg with its upper and lower edge at both ends, in the columns' own heights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ribbon {
    pub(super) column: usize,
    /// The stops it joins.
    pub(super) stops: (usize, usize),
    pub(super) from: (i64, i64),
    pub(super) to: (i64, i64),
}

/// The whole drawing before its columns are set beside or under each other.
pub(super) struct Layout {
    /// By number of the stop.
    pub(super) slots: Vec<Slot>,
    pub(super) ribbons: Vec<Ribbon>,
    /// Of each column.
    pub(super) heights: Vec<i64>,
}

/// Units of money for units of height.
#[derive(Clone, Copy)]
struct Scale {
    largest: i128,
    length: i64,
}

impl Scale {
    fn of(self, value: i128) -> i64 {
        scaled_sum(value, self.largest, self.length)
    }
}

/// Which end of a leg.
#[derive(Clone, Copy)]
enum Side {
    From,
    To,
}

impl Side {
    fn own(self, leg: &Leg) -> usize {
        match self {
            Self::From => leg.from,
            Self::To => leg.to,
        }
    }

    fn other(self, leg: &Leg) -> usize {
        match self {
            Self::From => leg.to,
            Self::To => leg.from,
        }
    }
}

impl Layout {
    /// Lays the web out; the column with the most money gets `length`, and a stop that is no node at least
    /// `passing_height`.
    pub(super) fn of(web: &Web, length: i64, passing_height: i64) -> Self {
        let value = |stop: usize| {
            let sum = |side: Side| -> i128 {
                let own = web.legs.iter().filter(|leg| side.own(leg) == stop);
                own.map(|leg| i128::from(leg.value)).sum()
            };
            sum(Side::From).max(sum(Side::To))
        };
        let of_column = |stops: &Vec<usize>| stops.iter().map(|stop| value(*stop)).sum::<i128>();
        let scale = Scale {
            largest: web.columns.iter().map(of_column).max().unwrap_or(0),
            length,
        };
        let mut slots = vec![Slot::default(); web.stops()];
        let mut heights = Vec::new();
        for column in &web.columns {
            let mut top = 0;
            for stop in column {
                let height = scale.of(value(*stop));
                let least = if web.node_of(*stop).is_some() {
                    LABEL_HEIGHT
                } else {
                    passing_height
                };
                let room = height.max(least);
                if let Some(slot) = slots.get_mut(*stop) {
                    *slot = Slot {
                        stop: *stop,
                        top: top + (room - height) / 2,
                        height,
                    };
                }
                top += room + SPACE;
            }
            heights.push((top - SPACE).max(0));
        }
        let ends = [Side::From, Side::To].map(|side| edges(web, &slots, side, scale));
        let [from, to] = ends;
        let ribbons = web.legs.iter().zip(from.into_iter().zip(to));
        Self {
            ribbons: ribbons
                .map(|(leg, (from, to))| Ribbon {
                    column: leg.column,
                    stops: (leg.from, leg.to),
                    from,
                    to,
                })
                .collect(),
            slots,
            heights,
        }
    }
}

/// The edges of all legs at one end: at each stop from top to bottom in the order of their other ends.
fn edges(web: &Web, slots: &[Slot], side: Side, scale: Scale) -> Vec<(i64, i64)> {
    let ranks = web.ranks();
    let rank = |stop: usize| ranks.get(stop).copied().unwrap_or(0);
    let mut order: Vec<(usize, &Leg)> = web.legs.iter().enumerate().collect();
    order.sort_by_key(|(index, leg)| (side.own(leg), rank(side.other(leg)), *index));
    let mut edges = vec![(0, 0); web.legs.len()];
    let (mut stop, mut sum) = (None, 0_i128);
    for (index, leg) in order {
        if stop != Some(side.own(leg)) {
            (stop, sum) = (Some(side.own(leg)), 0);
        }
        let top = slots.get(side.own(leg)).map_or(0, |slot| slot.top);
        let start = scale.of(sum);
        sum += i128::from(leg.value);
        if let Some(edge) = edges.get_mut(index) {
            *edge = (top + start, top + scale.of(sum));
        }
    }
    edges
}
