//! A flow of money through columns of places (Sankey): what goes in at the left comes out at the right.
//!
//! Nodes are as high as the money that passes them, links as thick. Nodes stand in the order that lessens crossings
//! ([`order`]); a link over several columns passes through places of its own. The wide drawing shows all columns side by
//! side; the narrow one shows each pair of neighbours by itself, from top to bottom, so that the names have room.
//! What does not add up is refused, not drawn.

mod layout;
mod order;

use kernel::{Fault, Refusal};

use self::layout::{Layout, Slot};
use self::order::Web;
use super::svg::{Anchor, Drawing, fitted_or_none, measured};
use super::{Caption, Table, Width};

/// A place that money passes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlowNode {
    /// Name.
    pub label: String,
    /// The money that passes it, as it is written.
    pub said: String,
    /// Its column; smaller is further to the left.
    pub column: u16,
}

/// Money from one node to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlowLink {
    /// Where it comes from: the place in the list of nodes.
    pub from: usize,
    /// Where it goes; a node of a later column.
    pub to: usize,
    /// How much, in any unit that all links share; more than nothing.
    pub value: i64,
    /// The amount as it is written in the table.
    pub said: String,
}

/// Width of a node.
const NODE: i64 = 10;

/// Draws the flow.
///
/// # Errors
/// `charts.flow_bad_link` when a link names no node, goes back or carries nothing; `charts.flow_unbalanced` when a node
/// gives on another amount than it gets.
pub fn flow(
    caption: &Caption,
    nodes: &[FlowNode],
    links: &[FlowLink],
    width: Width,
) -> Result<String, Refusal> {
    check_links(nodes, links)?;
    check_balance(nodes, links)?;
    let web = Web::ordered(nodes, links);
    let layout = match width {
        Width::Wide => Layout::of(&web, 260, 0),
        Width::Narrow => Layout::of(&web, 150, layout::LABEL_HEIGHT),
    };
    let mut drawing = Drawing::new();
    let columns = web.columns.len();
    let stages: Vec<(usize, usize)> = match width {
        Width::Wide => vec![(0, columns)],
        Width::Narrow if columns < 2 => vec![(0, columns)],
        Width::Narrow => (0..columns - 1).map(|first| (first, first + 2)).collect(),
    };
    let mut top = 0;
    for (first, end) in stages {
        let stage = Stage {
            nodes,
            links,
            web: &web,
            layout: &layout,
            first,
            end,
            width,
            top,
        };
        top += stage.draw(&mut drawing) + 20;
    }
    Ok(drawing.finish(caption, width, (top - 20).max(1)))
}

/// The links as a table: from, to, amount.
#[must_use]
pub fn flow_table(nodes: &[FlowNode], links: &[FlowLink], head: [&str; 3]) -> Table {
    let name = |node: usize| nodes.get(node).map(|node| node.label.clone()).unwrap_or_default();
    let row = |link: &FlowLink| vec![name(link.from), name(link.to), link.said.clone()];
    Table::new(&head, links.iter().map(row))
}

fn check_links(nodes: &[FlowNode], links: &[FlowLink]) -> Result<(), Refusal> {
    for (number, link) in (1_usize..).zip(links) {
        let ends = nodes.get(link.from).zip(nodes.get(link.to));
        let leads_on = ends.is_some_and(|(from, to)| from.column < to.column);
        if !leads_on || link.value <= 0 {
            return Err(Refusal::new("charts.flow_bad_link", Fault::Refused)
                .value(link.value)
                .fact("link", number));
        }
    }
    Ok(())
}

fn check_balance(nodes: &[FlowNode], links: &[FlowLink]) -> Result<(), Refusal> {
    for (index, node) in nodes.iter().enumerate() {
        let sum = |is_counted: fn(&FlowLink, usize) -> bool| -> i128 {
            let counted = links.iter().filter(|link| is_counted(link, index));
            counted.map(|link| i128::from(link.value)).sum()
        };
        let inflow = sum(|link, index| link.to == index);
        let outflow = sum(|link, index| link.from == index);
        if inflow > 0 && outflow > 0 && inflow != outflow {
            return Err(Refusal::new("charts.flow_unbalanced", Fault::Refused)
                .value(&node.label)
                .fact("inflow", inflow)
                .fact("outflow", outflow));
        }
    }
    Ok(())
}

/// Some neighbouring columns, drawn side by side.
struct Stage<'a> {
    nodes: &'a [FlowNode],
    links: &'a [FlowLink],
    web: &'a Web,
    layout: &'a Layout,
    first: usize,
    end: usize,
    width: Width,
    top: i64,
}

impl Stage<'_> {
    /// Draws the columns and says how high they are.
    fn draw(&self, drawing: &mut Drawing) -> i64 {
        let shown = self.first..self.end;
        let height = shown
            .clone()
            .filter_map(|column| self.layout.heights.get(column))
            .copied()
            .max()
            .unwrap_or(0);
        for ribbon in &self.layout.ribbons {
            if ribbon.column >= self.first && ribbon.column + 1 < self.end {
                let (left, right) = (ribbon.column, ribbon.column + 1);
                let passes = |stop: usize| self.web.node_of(stop).is_none();
                // A link that only passes has no node there; its pieces meet in the middle.
                let from_x = self.x_of(left) + if passes(ribbon.stops.0) { NODE / 2 } else { NODE };
                let to_x = self.x_of(right) + if passes(ribbon.stops.1) { NODE / 2 } else { 0 };
                drawing.ribbon(
                    "w",
                    (from_x, self.moved(left, height, ribbon.from)),
                    (to_x, self.moved(right, height, ribbon.to)),
                );
            }
        }
        let slots = self
            .web
            .columns
            .iter()
            .enumerate()
            .filter(|(column, _)| shown.contains(column));
        let slots: Vec<(usize, &Slot)> = slots
            .flat_map(|(column, stops)| stops.iter().map(move |stop| (column, *stop)))
            .filter_map(|(column, stop)| Some((column, self.layout.slots.get(stop)?)))
            .collect();
        let is_node = |slot: &Slot| self.web.node_of(slot.stop).is_some();
        for (column, slot) in slots.iter().filter(|(_, slot)| is_node(slot)) {
            let (top, _) = self.moved(*column, height, (slot.top, slot.top));
            drawing.rect("x", (self.x_of(*column), top), (NODE, slot.height.max(1)), 0);
        }
        for (column, slot) in &slots {
            let (top, _) = self.moved(*column, height, (slot.top, slot.top));
            self.label(drawing, *column, slot.stop, top + slot.height / 2);
        }
        height
    }

    /// The left edge of a column's nodes.
    fn x_of(&self, column: usize) -> i64 {
        let number = |count: usize| i64::try_from(count).unwrap_or(0);
        let gaps = number(self.end - self.first).saturating_sub(1).max(1);
        (self.width.units() - NODE) * number(column - self.first) / gaps
    }

    /// An edge of a column that stands in the middle of the stage's height.
    fn moved(&self, column: usize, height: i64, edge: (i64, i64)) -> (i64, i64) {
        let own = self.layout.heights.get(column).copied().unwrap_or(height);
        let down = self.top + (height - own) / 2;
        (edge.0 + down, edge.1 + down)
    }

    /// Name and amount beside a stop: at its left in the last column, at its right in the others.
    fn label(&self, drawing: &mut Drawing, column: usize, stop: usize, middle: i64) {
        let is_last = column + 1 == self.end && column > self.first;
        let gap = self.x_of((self.first + 1).min(self.end)) - NODE;
        let shares_its_gap = column + 2 >= self.end;
        let other = if is_last { column - 1 } else { column + 1 };
        let room = if shares_its_gap {
            (gap / 2 - 10).max(gap - 20 - self.widest(other))
        } else {
            gap - 16
        };
        let (x, anchor) = if is_last {
            (self.x_of(column) - 6, Anchor::End)
        } else {
            (self.x_of(column) + NODE + 6, Anchor::Start)
        };
        let Some((name, said)) = self.words(stop, is_last) else {
            return;
        };
        let lines = [("u y", middle - 3, name), ("n y", middle + 13, said)];
        for (class, y, text) in lines {
            if let Some(text) = fitted_or_none(&text, room) {
                drawing.text(class, (x, y), anchor, &text);
            }
        }
    }

    /// How much of the gap the labels of a column take.
    fn widest(&self, column: usize) -> i64 {
        let is_last = column + 1 == self.end && column > self.first;
        let stops = self.web.columns.get(column).into_iter().flatten();
        stops
            .filter_map(|stop| self.words(*stop, is_last))
            .map(|(name, said)| measured(&name).max(measured(&said)))
            .max()
            .unwrap_or(0)
    }

    /// Name and amount of a stop. Where a link only passes, the narrow drawing names where it goes or came from.
    fn words(&self, stop: usize, is_last: bool) -> Option<(String, String)> {
        let label = |node: usize| self.nodes.get(node).map(|node| node.label.as_str());
        if let Some(node) = self.web.node_of(stop) {
            let said = self.nodes.get(node).map(|node| node.said.clone());
            return Some((label(node)?.to_owned(), said?));
        }
        let link = self.links.get(self.web.link_of(stop)?)?;
        if self.width == Width::Wide {
            return None;
        }
        let name = if is_last {
            format!("→ {}", label(link.to)?)
        } else {
            format!("{} →", label(link.from)?)
        };
        Some((name, link.said.clone()))
    }
}

#[cfg(test)]
mod tests;
