//! The dots at the foot of a province's tile: how many, for how many counties each, and where.

use super::Width;

/// Counties of a tile, by kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dots {
    /// Drawn filled, e.g. the poverty counties.
    pub filled: u32,
    /// Drawn as outlines, e.g. the others.
    pub open: u32,
}

/// The words of the key of the dots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DotWords {
    /// What a filled dot is.
    pub filled: String,
    /// What an outlined dot is.
    pub open: String,
    /// For how many counties a dot stands.
    pub each: String,
}

/// The places of the dots at the foot of a tile.
pub(super) struct DotGrid {
    columns: u32,
    rows: u32,
    pitch: i64,
    pub(super) radius: i64,
    left: i64,
    top: i64,
}

impl DotGrid {
    pub(super) fn of(width: Width) -> Self {
        match width {
            Width::Wide => Self {
                columns: 9,
                rows: 2,
                pitch: 8,
                radius: 3,
                left: 6,
                top: 45,
            },
            Width::Narrow => Self {
                columns: 5,
                rows: 2,
                pitch: 6,
                radius: 2,
                left: 4,
                top: 36,
            },
        }
    }

    /// For how many counties a dot stands so that the fullest tile has room.
    pub(super) fn each(&self, tiles: impl Iterator<Item = Dots>) -> u32 {
        let count = |dots: Dots| dots.filled.saturating_add(dots.open);
        let most = tiles.map(count).max().unwrap_or(0);
        // A kind with any county has a dot, which may take one more than its share.
        let room = self.columns * self.rows;
        if most <= room { 1 } else { most.div_ceil(room - 1) }
    }

    /// Filled and outlined dots: rounded to the nearest, but one at least where there is any county.
    pub(super) fn shared(&self, dots: Dots, each: u32) -> (u32, u32) {
        let rest = |count: u32| u64::from(count % each) * 2 >= u64::from(each);
        let nearest = |count: u32| (count / each + u32::from(rest(count))).max(u32::from(count > 0));
        let room = self.columns * self.rows;
        let filled = nearest(dots.filled).min(room - u32::from(dots.open > 0));
        (filled, nearest(dots.open).min(room - filled))
    }

    pub(super) fn place(&self, tile: (i64, i64), index: u32) -> (i64, i64) {
        let (column, row) = (i64::from(index % self.columns), i64::from(index / self.columns));
        (
            tile.0 + self.left + column * self.pitch,
            tile.1 + self.top + row * self.pitch,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::super::tiles::{GAP, pitch};
    use super::*;

    #[test]
    fn a_dot_stands_for_several_counties_when_one_for_each_has_no_room() {
        let grid = DotGrid::of(Width::Wide);
        let dots = |filled, open| Dots { filled, open };
        assert_eq!(grid.each([dots(10, 8)].into_iter()), 1);
        let each = grid.each([dots(88, 41), dots(1, 0)].into_iter());
        assert_eq!(each, 8);
        assert_eq!(grid.shared(dots(88, 41), each), (11, 5));
        assert_eq!(grid.shared(dots(1, 0), each), (1, 0));
    }

    #[test]
    fn dots_never_outgrow_their_tile() {
        for width in [Width::Wide, Width::Narrow] {
            let grid = DotGrid::of(width);
            let (pitch_x, pitch_y) = pitch(width);
            let (x, y) = grid.place((0, 0), grid.columns * grid.rows - 1);
            assert!(x + grid.radius <= pitch_x - 2 * GAP && y + grid.radius <= pitch_y - 2 * GAP);
            for (filled, open) in [(0, 999), (999, 1), (500, 499), (u32::MAX, u32::MAX)] {
                let (filled, open) = grid.shared(Dots { filled, open }, 1);
                assert!(filled + open <= grid.columns * grid.rows);
            }
        }
    }
}
