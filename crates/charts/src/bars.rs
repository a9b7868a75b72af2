//! Horizontal bars: largest first, the name at the left (above on a phone), the number at the right.

use super::svg::{Anchor, Drawing, fitted, scaled};
use super::{Caption, Table, Width};

/// One bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    /// Name.
    pub label: String,
    /// Length, in any unit that all bars share.
    pub value: i64,
    /// The number as it is written beside the bar.
    pub said: String,
}

/// Draws the bars in the order given.
#[must_use]
pub fn bars(caption: &Caption, bars: &[Bar], width: Width) -> String {
    let largest = bars.iter().map(|bar| bar.value).max().unwrap_or(0);
    let mut drawing = Drawing::new();
    let mut top = 0;
    for bar in bars {
        top = match width {
            Width::Wide => wide_row(&mut drawing, bar, largest, top),
            Width::Narrow => narrow_row(&mut drawing, bar, largest, top),
        };
    }
    drawing.finish(caption, width, top.max(1))
}

fn wide_row(drawing: &mut Drawing, bar: &Bar, largest: i64, top: i64) -> i64 {
    const LABEL: i64 = 204;
    const NUMBER: i64 = 84;
    let room = Width::Wide.units() - LABEL - NUMBER;
    let length = scaled(bar.value, largest, room).max(1);
    drawing.text(
        "l",
        (LABEL - 10, top + 18),
        Anchor::End,
        &fitted(&bar.label, LABEL - 12),
    );
    drawing.rect("b", (LABEL, top + 5), (length, 18), 2);
    drawing.text("n", (LABEL + length + 8, top + 18), Anchor::Start, &bar.said);
    top + 28
}

fn narrow_row(drawing: &mut Drawing, bar: &Bar, largest: i64, top: i64) -> i64 {
    let room = Width::Narrow.units();
    drawing.text("l", (0, top + 14), Anchor::Start, &fitted(&bar.label, 220));
    drawing.text("n", (room, top + 14), Anchor::End, &bar.said);
    drawing.rect("t", (0, top + 20), (room, 8), 2);
    drawing.rect(
        "b",
        (0, top + 20),
        (scaled(bar.value, largest, room).max(1), 8),
        2,
    );
    top + 38
}

/// The bars as a table.
#[must_use]
pub fn bars_table(bars: &[Bar], head: [&str; 2]) -> Table {
    let row = |bar: &Bar| vec![bar.label.clone(), bar.said.clone()];
    Table::new(&head, bars.iter().map(row))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_bar_fills_the_room_and_every_number_is_written() {
        let caption = Caption {
            id: "x".into(),
            title: "t".into(),
            desc: "d".into(),
        };
        let rows = [("a", 100), ("b", 50), ("c", 0)].map(|(label, value)| Bar {
            label: label.into(),
            value,
            said: format!("{value}!"),
        });
        let svg = bars(&caption, &rows, Width::Wide);
        assert!(
            svg.contains(r#"width="432" height="18""#) && svg.contains(r#"width="216" height="18""#),
            "{svg}"
        );
        assert!(svg.contains(">100!<") && svg.contains(">50!<") && svg.contains(">0!<"));
        assert!(bars(&caption, &rows, Width::Narrow).contains(r#"viewBox="0 0 328 114""#));
    }
}
