//! A line over time with its numbers at the points and a few quiet rules behind.

use super::axis::nice_step;
use super::svg::{Anchor, Drawing, scaled};
use super::{Caption, Table, Width};

/// One point in time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// e.g. the month.
    pub label: String,
    /// Height; absent when hidden, then the line has a gap.
    pub value: Option<i64>,
    /// The number as it is written at the point.
    pub said: String,
}

/// Draws the points in the order given; `tick` writes the number of a rule.
#[must_use]
pub fn line(caption: &Caption, points: &[Point], tick: impl Fn(i64) -> String, width: Width) -> String {
    let (height, left) = match width {
        Width::Wide => (260, 64),
        Width::Narrow => (220, 48),
    };
    let (top, bottom, right) = (28, height - 30, width.units() - 26);
    let largest = points
        .iter()
        .filter_map(|point| point.value)
        .max()
        .unwrap_or(0)
        .max(1);
    let step = nice_step(largest);
    let peak = step.saturating_mul((largest - 1) / step + 1);
    let y_of = |value: i64| bottom - scaled(value, peak, bottom - top);
    let mut drawing = Drawing::new();
    let mut rule = 0_i64;
    while rule <= peak {
        drawing.rule("r", (left, y_of(rule)), (width.units(), y_of(rule)));
        drawing.text("a", (left - 8, y_of(rule) + 4), Anchor::End, &tick(rule));
        let Some(next) = rule.checked_add(step) else { break };
        rule = next;
    }
    let gaps = i64::try_from(points.len()).unwrap_or(1).saturating_sub(1).max(1);
    let start = left + 26;
    let placed: Vec<(i64, &Point)> = (0..)
        .map(|index: i64| start + (right - start) * index / gaps)
        .zip(points)
        .collect();
    for run in placed
        .split(|(_, point)| point.value.is_none())
        .filter(|run| run.len() > 1)
    {
        let corners: Vec<(i64, i64)> = run
            .iter()
            .map(|(x, point)| (*x, y_of(point.value.unwrap_or(0))))
            .collect();
        drawing.path("p", &corners);
    }
    for (index, (x, point)) in placed.iter().enumerate() {
        let x = *x;
        if let Some(value) = point.value {
            drawing.dot("d", (x, y_of(value)), 4);
        }
        let above = if is_valley(points, index) { 20 } else { -11 };
        drawing.text(
            "n",
            (x, point.value.map_or(bottom, y_of) + above),
            Anchor::Middle,
            &point.said,
        );
        drawing.text("a", (x, height - 8), Anchor::Middle, &point.label);
    }
    drawing.finish(caption, width, height)
}

/// Lower than both neighbours: its number is written below, where the line does not cross it.
fn is_valley(points: &[Point], index: usize) -> bool {
    let value_at = |index: usize| points.get(index).and_then(|point| point.value);
    let neighbours = (index.checked_sub(1).and_then(value_at), value_at(index + 1));
    match (value_at(index), neighbours) {
        (Some(value), (Some(before), Some(after))) => value > 0 && value < before && value < after,
        _ => false,
    }
}

/// The points as a table.
#[must_use]
pub fn line_table(points: &[Point], head: [&str; 2]) -> Table {
    let row = |point: &Point| vec![point.label.clone(), point.said.clone()];
    Table::new(&head, points.iter().map(row))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hidden_month_leaves_a_gap_and_says_so() {
        let caption = Caption {
            id: "x".into(),
            title: "t".into(),
            desc: "d".into(),
        };
        let values = [Some(10), Some(20), None, Some(5), Some(6)];
        let points: Vec<Point> = values
            .iter()
            .map(|value| Point {
                label: "m".into(),
                value: *value,
                said: value.map_or("few".into(), |v| v.to_string()),
            })
            .collect();
        let svg = line(&caption, &points, |v| v.to_string(), Width::Wide);
        assert_eq!(svg.matches("class=\"p\"").count(), 2);
        assert_eq!(svg.matches("<circle").count(), 4);
        assert!(svg.contains(">few<"));
    }
}
