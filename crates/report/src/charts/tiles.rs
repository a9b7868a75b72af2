//! The provinces as a grid of 34 equal tiles, roughly where they lie: no borders, and small ones are as easy to see.
//!
//! A tile carries its name, its number and a count of counties; the shade repeats the number's rank in five steps.

use super::svg::{Anchor, Drawing};
use super::{Caption, Width};

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
}

/// Draws the grid; tiles of unknown provinces are left out.
#[must_use]
pub fn tiles(caption: &Caption, tiles: &[Tile], width: Width) -> String {
    let gap = 2;
    let (pitch_x, pitch_y) = match width {
        Width::Wide => (80, 64),
        Width::Narrow => (36, 52),
    };
    let mut drawing = Drawing::new();
    for tile in tiles {
        let Some((_, column, row)) = PLACES.iter().find(|(province, _, _)| *province == tile.province) else {
            continue;
        };
        let at = (column * pitch_x + gap, row * pitch_y + gap);
        let shade = match &tile.state {
            TileState::Value(value, _) => format!("s{}", shade(*value, tiles)),
            TileState::Hidden(_) => "sh".to_owned(),
            TileState::Empty => "se".to_owned(),
        };
        drawing.rect(&shade, at, (pitch_x - gap * 2, pitch_y - gap * 2), 3);
        let middle = at.0 + pitch_x / 2 - gap;
        let line = |n: i64| at.1 + (pitch_y - gap * 2) * n / 4 + 2;
        let texts = [tile.label.as_str(), number(tile), tile.counties.as_str()];
        let classes = [
            format!("k {shade}t"),
            format!("v {shade}t"),
            format!("c {shade}t"),
        ];
        for ((text, class), n) in texts.into_iter().zip(classes).zip([1, 2, 3]) {
            if !text.is_empty() {
                let dy = if matches!(tile.state, TileState::Empty) {
                    (pitch_y - gap * 2) / 4
                } else {
                    2
                };
                drawing.text(&class, (middle, line(n) + dy), Anchor::Middle, text);
            }
        }
    }
    drawing.finish(caption, width, ROWS * pitch_y)
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
