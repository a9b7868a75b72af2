//! The provinces as a grid of 34 equal tiles, roughly where they lie: no borders, and small ones are as easy to see.
//!
//! A tile carries its name, its number and a count of counties; the shade repeats the number's rank in five steps. In
//! place of the written count it may carry dots, filled for the counties of one kind and outlined for the others.

use super::dots::{DotGrid, DotWords, Dots};
use super::svg::{Anchor, Drawing, fitted};
use super::{Caption, Table, Width};

/// Province number (first two digits of GB/T 2260) with its column and row.
const PLACES: [(u32, i64, i64); 34] = [
    (23, 8, 0),
    (15, 5, 1),
    (22, 8, 1),
    (65, 0, 2),
    (63, 1, 2),
    (62, 2, 2),
    (64, 3, 2),
    (61, 4, 2),
    (14, 5, 2),
    (11, 6, 2),
    (12, 7, 2),
    (21, 8, 2),
    (54, 1, 3),
    (51, 2, 3),
    (50, 3, 3),
    (42, 4, 3),
    (41, 5, 3),
    (13, 6, 3),
    (37, 7, 3),
    (53, 2, 4),
    (52, 3, 4),
    (43, 4, 4),
    (36, 5, 4),
    (34, 6, 4),
    (32, 7, 4),
    (45, 3, 5),
    (44, 4, 5),
    (35, 5, 5),
    (33, 6, 5),
    (31, 7, 5),
    (46, 3, 6),
    (82, 4, 6),
    (81, 5, 6),
    (71, 7, 6),
];
const ROWS: i64 = 7;
const SHADES: usize = 5;
/// Room left free inside a tile's place.
pub(super) const GAP: i64 = 2;

/// What a tile has to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TileState {
    /// A number, and how it is written.
    Value(i64, String),
    /// Hidden as a small group; the mark to write.
    Hidden(String),
    /// Nothing there.
    Empty,
}

/// One province.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tile {
    /// Province number, 11 to 82.
    pub province: u32,
    /// Short name.
    pub label: String,
    /// Its number.
    pub state: TileState,
    /// A count of counties as it is written; empty for none.
    pub counties: String,
    /// The counties that [`dotted_tiles`] draws as dots.
    pub dots: Dots,
}

/// Draws the grid; tiles of unknown provinces are left out.
#[must_use]
pub fn tiles(caption: &Caption, tiles: &[Tile], width: Width) -> String {
    let mut drawing = Drawing::new();
    for (tile, at) in placed(tiles, width) {
        let shade = draw_tile(&mut drawing, tile, tiles, at, width);
        draw_text(&mut drawing, 3, &tile.counties, &shade, tile, at, width);
    }
    drawing.finish(caption, width, ROWS * pitch(width).1)
}

/// Draws the grid with dots for the counties. When the fullest tile has more counties than room, a dot stands for
/// several; `words` gives the key from that number.
#[must_use]
pub fn dotted_tiles(
    caption: &Caption,
    tiles: &[Tile],
    words: impl Fn(u32) -> DotWords,
    width: Width,
) -> String {
    let grid = DotGrid::of(width);
    let each = grid.each(tiles.iter().map(|tile| tile.dots));
    let mut drawing = Drawing::new();
    for (tile, at) in placed(tiles, width) {
        let shade = draw_tile(&mut drawing, tile, tiles, at, width);
        let (filled, open) = grid.shared(tile.dots, each);
        for index in 0..filled + open {
            let class = if index < filled {
                format!("{shade}t")
            } else {
                format!("o {shade}o")
            };
            drawing.dot(&class, grid.place(at, index), grid.radius);
        }
    }
    // The north-west of the grid is empty; the key has room there.
    let words = words(each);
    let (radius, room) = (grid.radius, pitch(width).0 * 5 - 24);
    drawing.dot("l", (6, 11), radius);
    drawing.text("a", (18, 15), Anchor::Start, &fitted(&words.filled, room));
    drawing.dot("o seo", (6, 31), radius);
    drawing.text("a", (18, 35), Anchor::Start, &fitted(&words.open, room));
    drawing.text("a", (2, 55), Anchor::Start, &fitted(&words.each, room));
    drawing.finish(caption, width, ROWS * pitch(width).1)
}

/// The tiles that have something to say as a table: province, number, count of counties.
#[must_use]
pub fn tiles_table(tiles: &[Tile], head: [&str; 3]) -> Table {
    let row = |tile: &Tile| vec![tile.label.clone(), number(tile).to_owned(), tile.counties.clone()];
    Table::new(&head, tiles.iter().filter(|tile| says_something(tile)).map(row))
}

/// [`tiles_table`] with the counties of both kinds in place of the written count.
#[must_use]
pub fn dotted_tiles_table(tiles: &[Tile], head: [&str; 4]) -> Table {
    let row = |tile: &Tile| {
        let Dots { filled, open } = tile.dots;
        let label = tile.label.clone();
        vec![
            label,
            number(tile).to_owned(),
            filled.to_string(),
            open.to_string(),
        ]
    };
    Table::new(&head, tiles.iter().filter(|tile| says_something(tile)).map(row))
}

fn says_something(tile: &Tile) -> bool {
    tile.state != TileState::Empty || tile.dots != Dots::default()
}

/// Distance from one tile to the next.
pub(super) fn pitch(width: Width) -> (i64, i64) {
    match width {
        Width::Wide => (80, 64),
        Width::Narrow => (36, 52),
    }
}

/// The known tiles with their corners.
fn placed(tiles: &[Tile], width: Width) -> impl Iterator<Item = (&Tile, (i64, i64))> {
    let (pitch_x, pitch_y) = pitch(width);
    tiles.iter().filter_map(move |tile| {
        let (_, column, row) = PLACES
            .iter()
            .find(|(province, _, _)| *province == tile.province)?;
        Some((tile, (column * pitch_x + GAP, row * pitch_y + GAP)))
    })
}

/// Draws a tile with its name and number and gives the class of its shade.
fn draw_tile(drawing: &mut Drawing, tile: &Tile, all: &[Tile], at: (i64, i64), width: Width) -> String {
    let shade = match &tile.state {
        TileState::Value(value, _) => format!("s{}", shade(*value, all)),
        TileState::Hidden(_) => "sh".to_owned(),
        TileState::Empty => "se".to_owned(),
    };
    let (pitch_x, pitch_y) = pitch(width);
    drawing.rect(&shade, at, (pitch_x - GAP * 2, pitch_y - GAP * 2), 3);
    draw_text(drawing, 1, &tile.label, &shade, tile, at, width);
    draw_text(drawing, 2, number(tile), &shade, tile, at, width);
    shade
}

/// Writes the `line`th text of a tile, 1 to 3.
fn draw_text(
    drawing: &mut Drawing,
    line: i64,
    text: &str,
    shade: &str,
    tile: &Tile,
    at: (i64, i64),
    width: Width,
) {
    if text.is_empty() {
        return;
    }
    let (pitch_x, pitch_y) = pitch(width);
    let quarter = |n: i64| (pitch_y - GAP * 2) * n / 4;
    let lower = if tile.state == TileState::Empty {
        quarter(1)
    } else {
        2
    };
    let kind = match line {
        1 => "k",
        2 => "v",
        _ => "c",
    };
    let point = (at.0 + pitch_x / 2 - GAP, at.1 + quarter(line) + 2 + lower);
    drawing.text(&format!("{kind} {shade}t"), point, Anchor::Middle, text);
}

fn number(tile: &Tile) -> &str {
    match &tile.state {
        TileState::Value(_, said) => said,
        TileState::Hidden(mark) => mark,
        TileState::Empty => "",
    }
}

/// Fifth of the ranking that `value` falls in, 0 the lowest.
fn shade(value: i64, tiles: &[Tile]) -> usize {
    let values = tiles.iter().filter_map(|tile| {
        if let TileState::Value(value, _) = &tile.state {
            Some(*value)
        } else {
            None
        }
    });
    let (mut below, mut all) = (0, 0_usize);
    for other in values {
        all += 1;
        below += usize::from(other < value);
    }
    (below * SHADES / all.max(1)).min(SHADES - 1)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn all_34_provinces_have_their_own_tile() {
        let provinces: BTreeSet<u32> = PLACES.iter().map(|(province, _, _)| *province).collect();
        let cells: BTreeSet<(i64, i64)> = PLACES.iter().map(|(_, column, row)| (*column, *row)).collect();
        assert_eq!((provinces.len(), cells.len()), (34, 34));
        assert!(cells.iter().all(|(column, row)| *column < 9 && *row < ROWS));
    }

    #[test]
    fn shades_follow_the_rank_and_hidden_tiles_have_none() {
        let tile = |province, state| Tile {
            province,
            label: "x".into(),
            state,
            counties: String::new(),
            dots: Dots::default(),
        };
        let grid: Vec<Tile> = [11, 12, 13, 14, 15]
            .into_iter()
            .zip(1..)
            .map(|(p, v)| tile(p, TileState::Value(v, v.to_string())))
            .collect();
        assert_eq!(
            grid.iter()
                .zip(1..)
                .map(|(_, v)| shade(v, &grid))
                .collect::<Vec<_>>(),
            [0, 1, 2, 3, 4]
        );
        let caption = Caption {
            id: "x".into(),
            title: "t".into(),
            desc: "d".into(),
        };
        let svg = tiles(
            &caption,
            &[tile(62, TileState::Hidden("<5".into()))],
            Width::Narrow,
        );
        assert!(svg.contains("class=\"sh\"") && svg.contains("&lt;5"));
    }
}
