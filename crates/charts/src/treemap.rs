//! A treemap: cells as large as their values, near to squares, the largest first; small ones gathered into one.
//!
//! Rows of cells are laid along the shorter side for as long as that makes them squarer (Bruls, Huizing and van Wijk,
//! 2000), in fractions of a unit; then every edge is rounded, so the cells cover the rectangle exactly and each is
//! within half a unit of its place at every side. The shade repeats the rank. Costs a few passes over each row.

use super::svg::{Anchor, Drawing, fitted_or_none, measured};
use super::{Caption, Table, Width};

/// One value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Name.
    pub label: String,
    /// Area, in any unit that all cells share; nothing below one is drawn.
    pub value: i64,
    /// The number as it is written.
    pub said: String,
}

/// Parts of a unit in which cells are laid before their edges are rounded.
const FINE: i128 = 1 << 12;
/// What the values are scaled to before they are laid, so that no product overflows.
const WHOLE: i128 = 1 << 31;
/// A cell smaller than this many square units has no room for its name and number and is gathered.
const AREA_MIN: i128 = 2_400;
/// The cell that gathers takes more of the smallest until it is as large as this; its name is longer.
const OTHER_AREA_MIN: i128 = 4_500;
/// Cells that it leaves in any case.
const KEPT_MIN: usize = 4;
/// Cells that are kept when all of many are small.
const KEPT_OF_SMALL: usize = 12;

/// A rectangle: its corner and its size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Rect<N> {
    x: N,
    y: N,
    width: N,
    height: N,
}

/// Draws the cells, largest first. `other` gives name and number of the cell that gathers the small ones, from their
/// count and sum.
#[must_use]
pub fn treemap(
    caption: &Caption,
    cells: &[Cell],
    other: impl Fn(usize, i64) -> (String, String),
    width: Width,
) -> String {
    let size = match width {
        Width::Wide => (width.units(), 400),
        Width::Narrow => (width.units(), 440),
    };
    let cells = gathered(cells, other, i128::from(size.0 * size.1));
    let values: Vec<i64> = cells.iter().map(|cell| cell.value).collect();
    let mut drawing = Drawing::new();
    let count = cells.len();
    for (rank, (cell, place)) in cells.iter().zip(squarified(&values, size)).enumerate() {
        // The last fifth of the ranking is the palest.
        let shade = 4 - rank * 5 / count;
        draw_cell(&mut drawing, cell, place, shade);
    }
    drawing.finish(caption, width, size.1)
}

/// All cells as a table, largest first, the small ones too.
#[must_use]
pub fn treemap_table(cells: &[Cell], head: [&str; 2]) -> Table {
    let row = |cell: &Cell| vec![cell.label.clone(), cell.said.clone()];
    Table::new(&head, sorted(cells).iter().map(row))
}

fn sorted(cells: &[Cell]) -> Vec<Cell> {
    let mut cells = cells.to_vec();
    cells.sort_by_key(|cell| std::cmp::Reverse(cell.value));
    cells
}

/// The cells that have room, then one for the others when they are more than one.
fn gathered(cells: &[Cell], other: impl Fn(usize, i64) -> (String, String), area: i128) -> Vec<Cell> {
    let mut cells = sorted(cells);
    cells.retain(|cell| cell.value > 0);
    let whole: i128 = cells.iter().map(|cell| i128::from(cell.value)).sum();
    let is_as_large = |value: i128, least: i128| value.saturating_mul(area) >= least.saturating_mul(whole);
    let mut kept = cells
        .iter()
        .take_while(|cell| is_as_large(i128::from(cell.value), AREA_MIN))
        .count();
    if kept == 0 {
        kept = KEPT_OF_SMALL.min(cells.len());
    }
    let rest = |kept: usize| -> i128 { cells.iter().skip(kept).map(|cell| i128::from(cell.value)).sum() };
    while kept > KEPT_MIN && kept < cells.len() && !is_as_large(rest(kept), OTHER_AREA_MIN) {
        kept -= 1;
    }
    if cells.len() - kept > 1 {
        let small = cells.split_off(kept);
        let sum = small
            .iter()
            .fold(0_i64, |sum, cell| sum.saturating_add(cell.value));
        let (label, said) = other(small.len(), sum);
        cells.push(Cell {
            label,
            value: sum,
            said,
        });
    }
    cells
}

fn draw_cell(drawing: &mut Drawing, cell: &Cell, place: Rect<i64>, shade: usize) {
    const PAD: i64 = 7;
    drawing.rect(
        &format!("s{shade} g"),
        (place.x, place.y),
        (place.width, place.height),
        0,
    );
    let room = place.width - 2 * PAD;
    let lines = match place.height {
        ..60 => 1,
        60..77 => 2,
        _ => 3,
    };
    let name = name_lines(&cell.label, room, lines);
    let (x, mut y) = (place.x + PAD, place.y + 18);
    if name.is_empty() || place.height < 24 {
        return;
    }
    let is_one_line = name.len() == 1;
    let beside = room - name.iter().map(|line| measured(line)).max().unwrap_or(0) - 8;
    for line in name {
        drawing.text(&format!("u s{shade}t"), (x, y), Anchor::Start, &line);
        y += 17;
    }
    let class = format!("n u s{shade}t");
    if y + 7 <= place.y + place.height && measured(&cell.said) <= room {
        drawing.text(&class, (x, y), Anchor::Start, &cell.said);
    } else if is_one_line && measured(&cell.said) <= beside {
        drawing.text(&class, (x + room, y - 17), Anchor::End, &cell.said);
    }
}

/// The name in at most so many lines; a line of Latin letters ends at a space, when there is one.
fn name_lines(name: &str, room: i64, lines: usize) -> Vec<String> {
    if lines > 1 && measured(name) > room {
        let mut end = 0;
        for (start, letter) in name.char_indices() {
            let after = start + letter.len_utf8();
            if name.get(..after).is_some_and(|head| measured(head) > room) {
                break;
            }
            end = after;
        }
        let (head, rest) = name.split_at(end);
        let (head, rest) = match head.rsplit_once(' ') {
            Some((words, cut)) if cut.is_ascii() && !words.is_empty() => name.split_at(end - cut.len()),
            _ => (head, rest),
        };
        if !head.trim().is_empty() {
            let mut kept = vec![head.trim_end().to_owned()];
            kept.extend(name_lines(rest.trim_start(), room, lines - 1));
            return kept;
        }
    }
    fitted_or_none(name, room).into_iter().collect()
}

/// Where each value lies in a rectangle of `size`; they cover it.
fn squarified(values: &[i64], size: (i64, i64)) -> Vec<Rect<i64>> {
    let whole: i128 = values.iter().map(|value| i128::from(*value)).sum();
    let weight = |value: &i64| (i128::from(*value).saturating_mul(WHOLE) / whole.max(1)).max(1);
    let weights: Vec<i128> = values.iter().map(weight).collect();
    let mut rest = weights.as_slice();
    let mut space = Rect {
        x: 0,
        y: 0,
        width: i128::from(size.0) * FINE,
        height: i128::from(size.1) * FINE,
    };
    let mut places = Vec::new();
    while !rest.is_empty() {
        let (row, others) = rest.split_at(row_length(rest, space));
        space = lay(row, rest.iter().sum(), space, &mut places);
        rest = others;
    }
    places.into_iter().map(rounded).collect()
}

/// How many of the weights the next row takes.
fn row_length(weights: &[i128], space: Rect<i128>) -> usize {
    let all: i128 = weights.iter().sum();
    let (side, long) = (space.width.min(space.height), space.width.max(space.height));
    let (mut sum, mut largest, mut smallest) = (0, 0, i128::MAX);
    let mut best = i128::MAX;
    for (taken, weight) in weights.iter().enumerate() {
        sum += weight;
        largest = largest.max(*weight);
        smallest = smallest.min(*weight);
        // A cell is `side * weight / sum` long and `long * sum / all` thick; the worst of both ratios, in thousandths.
        let (thick, length) = (long * sum * sum, side * all);
        let flat = 1_000 * length * largest / thick.max(1);
        let high = 1_000 * thick / (length * smallest).max(1);
        let worst = flat.max(high);
        if worst > best {
            return taken;
        }
        best = worst;
    }
    weights.len()
}

/// Lays one row along the shorter side of the space and gives what is left of it.
fn lay(row: &[i128], all: i128, space: Rect<i128>, places: &mut Vec<Rect<i128>>) -> Rect<i128> {
    let sum: i128 = row.iter().sum();
    let stands = space.width >= space.height;
    let (side, long) = if stands {
        (space.height, space.width)
    } else {
        (space.width, space.height)
    };
    let thick = long * sum / all.max(1);
    let mut done = 0;
    for weight in row {
        let (start, end) = (side * done / sum, side * (done + weight) / sum);
        done += weight;
        places.push(if stands {
            Rect {
                x: space.x,
                y: space.y + start,
                width: thick,
                height: end - start,
            }
        } else {
            Rect {
                x: space.x + start,
                y: space.y,
                width: end - start,
                height: thick,
            }
        });
    }
    if stands {
        Rect {
            x: space.x + thick,
            width: space.width - thick,
            ..space
        }
    } else {
        Rect {
            y: space.y + thick,
            height: space.height - thick,
            ..space
        }
    }
}

fn rounded(place: Rect<i128>) -> Rect<i64> {
    let edge = |fine: i128| i64::try_from((fine + FINE / 2) / FINE).unwrap_or(0);
    let (x, y) = (edge(place.x), edge(place.y));
    Rect {
        x,
        y,
        width: edge(place.x + place.width) - x,
        height: edge(place.y + place.height) - y,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cell(value: i64) -> Cell {
        Cell {
            label: format!("c{value}"),
            value,
            said: value.to_string(),
        }
    }

    #[test]
    fn small_cells_are_gathered_by_the_callers_word_but_not_one_alone() {
        let other = |count: usize, sum: i64| (format!("{count} others"), sum.to_string());
        let cells: Vec<Cell> = [1, 900, 2, 0, -5].map(cell).to_vec();
        let kept = gathered(&cells, other, 100_000);
        assert_eq!(
            kept.iter().map(|cell| cell.label.as_str()).collect::<Vec<_>>(),
            ["c900", "2 others"]
        );
        assert_eq!(gathered(&cells[..2], other, 100_000).len(), 2);
        assert_eq!(treemap_table(&cells, ["", ""]).rows.len(), 5);
    }

    #[test]
    fn a_high_cell_has_room_for_a_name_of_three_lines() {
        assert_eq!(
            name_lines("mushrooms and dried goods", 70, 3),
            ["mushrooms", "and dried", "goods"]
        );
    }

    #[test]
    fn a_long_name_goes_on_in_a_second_line() {
        assert_eq!(
            name_lines("中药材（当归、黄芪）", 70, 2),
            ["中药材（当", "归、黄芪）"]
        );
        assert_eq!(
            name_lines("dried black mushrooms", 90, 2),
            ["dried black", "mushrooms"]
        );
        assert_eq!(name_lines("中药材（当归、黄芪）", 70, 1), ["中药材（…"]);
        assert_eq!(name_lines("中药材", 10, 2), [""; 0]);
    }

    proptest! {
        #[test]
        fn the_cells_cover_the_rectangle_and_are_as_large_as_their_values(
            mut values in prop::collection::vec(1_i64..1_000_000_000_000, 1..40),
            (width, height) in (50_i64..800, 50_i64..800),
        ) {
            values.sort_unstable_by_key(|value| std::cmp::Reverse(*value));
            let whole: i128 = values.iter().map(|value| i128::from(*value)).sum();
            let places = squarified(&values, (width, height));
            let mut covered = vec![false; usize::try_from(width * height).unwrap()];
            for place in &places {
                for (x, y) in (place.x..place.x + place.width)
                    .flat_map(|x| (place.y..place.y + place.height).map(move |y| (x, y)))
                {
                    let unit = &mut covered[usize::try_from(y * width + x).unwrap()];
                    prop_assert!(!*unit, "two cells at {x},{y}");
                    *unit = true;
                }
            }
            prop_assert!(covered.iter().all(|unit| *unit));
            for (place, value) in places.iter().zip(&values) {
                // Each edge is moved by half a unit at most: one row and one column, and a little for the fractions.
                let wanted = i128::from(width * height) * i128::from(*value) / whole;
                let off = (i128::from(place.width * place.height) - wanted).abs();
                let row_and_column = i128::from(place.width + place.height + 2);
                prop_assert!(off <= row_and_column, "{place:?} is off by {off}");
            }
        }
    }
}
