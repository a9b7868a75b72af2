//! Every chart of Fishpond as SVG made on the server: bars, stacked bars, a line, a forecast fan, a treemap, a flow of
//! money, a tile grid of provinces.
//!
//! Whole-pixel arithmetic, no script, colours by CSS variables (so that dark mode and print follow), a title and a
//! description inside, and always a number, a texture or a place beside the colour. Each chart is drawn twice,
//! [`Width::Wide`] and [`Width::Narrow`]; the page shows the one that fits. Each chart also gives its numbers as a
//! [`Table`], which stands behind it in the page. Drawing costs no more than a few passes over the data.
//! Not here: words, the writing of numbers, and the choice of what is shown; they come from the caller.

mod axis;
mod bars;
mod dots;
mod fan;
mod flow;
mod legend;
mod line;
pub mod sample;
mod stacks;
mod svg;
mod table;
mod tiles;
mod treemap;

pub use bars::{Bar, bars, bars_table};
pub use dots::{DotWords, Dots};
pub use fan::{FanPoint, FanState, FanWords, Spread, fan, fan_table};
pub use flow::{FlowLink, FlowNode, flow, flow_table};
pub use line::{Point, line, line_table};
pub use stacks::{Stack, StackPart, stacks, stacks_table};
pub use table::Table;
pub use tiles::{Tile, TileState, dotted_tiles, dotted_tiles_table, tiles, tiles_table};
pub use treemap::{Cell, treemap, treemap_table};

/// The styles of the charts; a page puts them before its own.
///
/// Everything is under the class `chart`. The colours are these variables on `:root`, in light, in dark (by
/// `prefers-color-scheme` or by `data-theme` on the root element) and, as the light ones, on paper; a page that sets one
/// itself does so after this text with a selector at least as strong.
/// - shared with the page: `--bg` ground, `--ink` text, `--soft` quiet text, `--rule` thin lines, `--accent`;
/// - `--track` behind a bar; `--s0` to `--s4` five shades from low to high; `--on` text on the first four, `--on4` on
///   the last; `--q0` to `--q5` parts of a whole;
/// - `--sans` the page's font, the system's when it is not set.
pub const CSS: &str = include_str!("charts.css");

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

/// The chart in both widths, one after the other; the styles show the one that fits.
#[must_use]
pub fn in_both_widths(draw: impl Fn(Width) -> String) -> String {
    [Width::Wide, Width::Narrow].map(draw).concat()
}
