//! A forecast as a fan: what is known as a line, then what is expected as a dashed line inside two bands.
//!
//! Numbers stand at the last known point and at the end of the fan (the expected one and the outer band); the others
//! are in the table. A point that is not known leaves a gap.

use super::axis::Axis;
use super::legend::{Sign, legend};
use super::svg::{Anchor, Drawing, fitted, fitted_or_none, measured};
use super::{Caption, Table, Width};

/// What is expected at one point in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spread {
    /// The expected value.
    pub mean: i64,
    /// Low and high end of the inner band.
    pub inner: (i64, i64),
    /// Low and high end of the outer band.
    pub outer: (i64, i64),
}

/// What is to be drawn at a point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FanState {
    /// It happened.
    Known(i64),
    /// It is expected.
    Expected(Spread),
    /// Hidden or not known; the mark to write.
    Gap(String),
}

/// One point in time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FanPoint {
    /// e.g. the month or the week.
    pub label: String,
    /// What is drawn there.
    pub state: FanState,
}

/// The words of the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FanWords<'a> {
    /// The line of what happened.
    pub known: &'a str,
    /// The line of what is expected.
    pub mean: &'a str,
    /// The inner band, e.g. with its 50 %.
    pub inner: &'a str,
    /// The outer band, e.g. with its 80 %.
    pub outer: &'a str,
}

/// Where things stand in the drawing.
struct Frame {
    axis: Axis,
    top: i64,
    bottom: i64,
    right: i64,
    margin: i64,
    pitch: i64,
}

impl Frame {
    fn y_of(&self, value: i64) -> i64 {
        self.bottom - self.axis.rise(value, self.bottom - self.top)
    }
}

type Placed<'a> = (i64, &'a FanPoint);

/// Draws the points in the order given; `write` writes a number.
#[must_use]
pub fn fan(
    caption: &Caption,
    points: &[FanPoint],
    words: FanWords<'_>,
    write: impl Fn(i64) -> String,
    width: Width,
) -> String {
    let mut drawing = Drawing::new();
    let key = [
        (Sign::Line("p"), words.known),
        (Sign::Line("m"), words.mean),
        (Sign::Area("f5"), words.inner),
        (Sign::Area("f8"), words.outer),
    ];
    let key_height = legend(&mut drawing, &key, width);
    let (left, margin, room) = match width {
        Width::Wide => (64, 66, 240),
        Width::Narrow => (48, 56, 200),
    };
    let (start, right) = (left + 8, width.units() - margin);
    let gaps = i64::try_from(points.len()).unwrap_or(1).saturating_sub(1).max(1);
    let (lowest, highest) = extremes(points);
    let frame = Frame {
        axis: Axis::around(lowest, highest),
        top: key_height + 22,
        bottom: key_height + 22 + room,
        right,
        margin,
        pitch: (right - start) / gaps,
    };
    for tick in frame.axis.ticks() {
        let y = frame.y_of(tick);
        drawing.rule("r", (left, y), (right, y));
        let number = fitted(&write(tick), left - 8);
        drawing.text("a", (left - 8, y + 4), Anchor::End, &number);
    }
    let placed: Vec<Placed<'_>> = (0..)
        .map(|index: i64| start + (right - start) * index / gaps)
        .zip(points)
        .collect();
    bands(&mut drawing, &frame, &placed);
    known(&mut drawing, &frame, &placed);
    labels(&mut drawing, &frame, &placed);
    end_numbers(&mut drawing, &frame, &placed, write);
    drawing.finish(caption, width, frame.bottom + 30)
}

/// The points as a table; the heads are those of the period, the value, and both ends of the inner and the outer band.
#[must_use]
pub fn fan_table(points: &[FanPoint], head: [&str; 6], write: impl Fn(i64) -> String) -> Table {
    let row = |point: &FanPoint| {
        let mut row = vec![point.label.clone()];
        match &point.state {
            FanState::Known(value) => row.push(write(*value)),
            FanState::Gap(mark) => row.push(mark.clone()),
            FanState::Expected(spread) => {
                let ends = [spread.inner.0, spread.inner.1, spread.outer.0, spread.outer.1];
                row.push(write(spread.mean));
                row.extend(ends.map(&write));
            }
        }
        row.resize(head.len(), String::new());
        row
    };
    Table::new(&head, points.iter().map(row))
}

fn extremes(points: &[FanPoint]) -> (i64, i64) {
    let of = |point: &FanPoint| match &point.state {
        FanState::Known(value) => vec![*value],
        FanState::Expected(spread) => vec![
            spread.mean,
            spread.inner.0,
            spread.inner.1,
            spread.outer.0,
            spread.outer.1,
        ],
        FanState::Gap(_) => Vec::new(),
    };
    let all: Vec<i64> = points.iter().flat_map(of).collect();
    let lowest = all.iter().copied().min().unwrap_or(0);
    (lowest, all.iter().copied().max().unwrap_or(0))
}

/// Unbroken pieces of what is expected; each begins at the known point before it, when there is one.
fn expected_runs(placed: &[Placed<'_>]) -> Vec<Vec<(i64, Spread)>> {
    let mut runs = Vec::new();
    let mut run: Vec<(i64, Spread)> = Vec::new();
    let mut has_expected = false;
    for (x, point) in placed {
        let begins = match &point.state {
            FanState::Expected(spread) => {
                run.push((*x, *spread));
                has_expected = true;
                continue;
            }
            FanState::Known(value) => Some((
                *x,
                Spread {
                    mean: *value,
                    inner: (*value, *value),
                    outer: (*value, *value),
                },
            )),
            FanState::Gap(_) => None,
        };
        let ended = std::mem::replace(&mut run, begins.into_iter().collect());
        if std::mem::take(&mut has_expected) {
            runs.push(ended);
        }
    }
    if has_expected {
        runs.push(run);
    }
    runs
}

fn bands(drawing: &mut Drawing, frame: &Frame, placed: &[Placed<'_>]) {
    for mut run in expected_runs(placed) {
        if let [(x, spread)] = run.as_slice() {
            // One point by itself: a short piece, so that it is seen.
            run = vec![(x - 3, *spread), (x + 3, *spread)];
        }
        let outline = |band: fn(&Spread) -> (i64, i64)| -> Vec<(i64, i64)> {
            let high = run.iter().map(|(x, spread)| (*x, frame.y_of(band(spread).1)));
            let low = run
                .iter()
                .rev()
                .map(|(x, spread)| (*x, frame.y_of(band(spread).0)));
            high.chain(low).collect()
        };
        drawing.area("f8", &outline(|spread| spread.outer));
        drawing.area("f5", &outline(|spread| spread.inner));
        let mean: Vec<(i64, i64)> = run
            .iter()
            .map(|(x, spread)| (*x, frame.y_of(spread.mean)))
            .collect();
        drawing.path("m", &mean);
    }
}

fn known(drawing: &mut Drawing, frame: &Frame, placed: &[Placed<'_>]) {
    let value_of = |(x, point): &Placed<'_>| match &point.state {
        FanState::Known(value) => Some((*x, frame.y_of(*value))),
        _ => None,
    };
    for run in placed.split(|point| value_of(point).is_none()) {
        let corners: Vec<(i64, i64)> = run.iter().filter_map(value_of).collect();
        if corners.len() > 1 {
            drawing.path("p", &corners);
        }
        if frame.pitch >= 16 || corners.len() == 1 {
            for corner in corners {
                drawing.dot("d", corner, 4);
            }
        }
    }
}

/// The names below, as many as have room, and the marks of the gaps.
fn labels(drawing: &mut Drawing, frame: &Frame, placed: &[Placed<'_>]) {
    let widest = placed.iter().map(|(_, point)| measured(&point.label)).max();
    let room = widest.unwrap_or(0).clamp(1, 2 * frame.margin - 12) + 8;
    let every = usize::try_from((room - 1) / frame.pitch.max(1) + 1).unwrap_or(1);
    for (index, (x, point)) in placed.iter().enumerate() {
        if index % every == 0
            && let Some(label) = fitted_or_none(&point.label, room)
        {
            drawing.text("a", (*x, frame.bottom + 22), Anchor::Middle, &label);
        }
        if let FanState::Gap(mark) = &point.state
            && let Some(mark) = fitted_or_none(mark, frame.pitch.clamp(28, 80))
        {
            drawing.text("a", (*x, frame.bottom - 8), Anchor::Middle, &mark);
        }
    }
}

/// The number at the last known point, and those at the end of the fan.
fn end_numbers(drawing: &mut Drawing, frame: &Frame, placed: &[Placed<'_>], write: impl Fn(i64) -> String) {
    let number = |value: i64| fitted(&write(value), frame.margin - 10);
    let mut known = placed.iter().rev().filter_map(|(x, point)| match point.state {
        FanState::Known(value) => Some((*x, value)),
        _ => None,
    });
    if let Some((x, value)) = known.next() {
        // To the left of the fan, and below the line where it comes down.
        let y = frame.y_of(value);
        let comes_down = known.next().is_some_and(|(_, before)| before > value);
        let beside = if comes_down && y + 20 < frame.bottom {
            20
        } else {
            -11
        };
        drawing.text("n y", (x + 4, y + beside), Anchor::End, &number(value));
    }
    if let Some((x, point)) = placed.last()
        && let FanState::Expected(spread) = &point.state
    {
        let mean = frame.y_of(spread.mean);
        let middle = mean.clamp(frame.top + 14, (frame.bottom - 14).max(frame.top + 14));
        let (high, low) = (frame.y_of(spread.outer.1), frame.y_of(spread.outer.0));
        drawing.dot("d", (*x, mean), 4);
        let x = frame.right + 8;
        for (class, y, value) in [
            ("a", high.min(middle - 15), spread.outer.1),
            ("n", middle, spread.mean),
            ("a", low.max(middle + 15), spread.outer.0),
        ] {
            drawing.text(class, (x, y + 4), Anchor::Start, &number(value));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(state: FanState) -> FanPoint {
        FanPoint {
            label: "m".into(),
            state,
        }
    }

    fn expected(mean: i64) -> FanState {
        FanState::Expected(Spread {
            mean,
            inner: (mean - 1, mean + 1),
            outer: (mean - 2, mean + 2),
        })
    }

    #[test]
    fn the_fan_opens_at_the_last_known_point_and_a_gap_breaks_it() {
        let points = [
            point(FanState::Known(10)),
            point(FanState::Known(12)),
            point(expected(13)),
            point(FanState::Gap("?".into())),
            point(expected(14)),
        ];
        let placed: Vec<Placed<'_>> = (0..).zip(&points).collect();
        let runs = expected_runs(&placed);
        assert_eq!(runs.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
        assert_eq!(runs[0][0].1.outer, (12, 12));
    }

    #[test]
    fn the_table_holds_both_ends_of_both_bands() {
        let table = fan_table(
            &[point(FanState::Known(10)), point(expected(13))],
            ["", "", "", "", "", ""],
            |value| value.to_string(),
        );
        assert_eq!(table.rows[0], ["m", "10", "", "", "", ""]);
        assert_eq!(table.rows[1], ["m", "13", "12", "14", "11", "15"]);
    }
}
