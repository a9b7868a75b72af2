//! Charts as SVG made on the server: bars, a line, a tile grid of provinces.
//!
//! Whole-pixel arithmetic, no script, colours by CSS variables of the page (so that dark mode and print follow), a title
//! and a description inside, and always a number beside the colour. Each chart is drawn twice, [`Width::Wide`] and
//! [`Width::Narrow`]; the page shows the one that fits. The table behind a chart stands in the page.

mod bars;
mod line;
mod svg;
mod tiles;

pub use bars::{Bar, bars};
pub use line::{Point, line};
pub use tiles::{Tile, TileState, tiles};

/// How wide a chart is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// For tables, desks and paper: 720 units.
    Wide,
    /// For a phone of 360: 328 units.
    Narrow,
}

impl Width {
    /// Width in units.
    #[must_use]
    pub fn units(self) -> i64 {
        match self {
            Self::Wide => 720,
            Self::Narrow => 328,
        }
    }

    /// The CSS class that shows or hides it.
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Self::Wide => "wide",
            Self::Narrow => "narrow",
        }
    }
}

/// What a chart says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caption {
    /// Unique on the page; the ids of title and description come from it.
    pub id: String,
    /// Short title.
    pub title: String,
    /// What is to be seen, in a sentence.
    pub desc: String,
}
