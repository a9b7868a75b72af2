//! The provinces on the tile grid, with a number each, or with a dot for each county of the poverty list.

use std::collections::BTreeSet;

use charts::{Caption, DotWords, Dots, Tile, TileState, Width};
use people::places::Places;

use super::{PictureView, description, drawn, mark, picture};
use crate::model::{Breakdown, Figure, HalfYearReport};
use crate::numbers::{self, Scale};
use kernel::Words;

/// Province numbers of the tile grid.
const PROVINCES: [u32; 34] = [
    11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54,
    61, 62, 63, 64, 65, 71, 81, 82,
];

/// A figure by province, as [`picture`] tables it, drawn with a dot for each county of the poverty list: filled where
/// the figure has a number for the county. None where it has no provinces or no counties.
pub fn dotted(report: &HalfYearReport, figure: &Figure, places: &Places, w: &Words) -> Option<PictureView> {
    let (provinces, counties) = (figure.breakdown("province")?, figure.breakdown("place")?);
    let mut view = picture(report, figure, provinces, w, usize::MAX);
    let numbered: BTreeSet<&str> = counties
        .rows
        .iter()
        .filter(|row| row.value.is_some())
        .map(|row| row.key.as_str())
        .collect();
    let largest = provinces
        .rows
        .iter()
        .filter_map(|row| row.value)
        .max()
        .unwrap_or(0);
    let scale = numbers::scale_for(largest, &figure.unit, w.lang());
    let listed: Vec<String> = places
        .poverty_codes()
        .into_iter()
        .map(|(code, _)| code.to_string())
        .collect();
    let is_numbered = |code: &&String| numbered.contains(code.as_str());
    let filled = listed.iter().filter(is_numbered).count();
    let counts = [("filled", filled.to_string()), ("all", listed.len().to_string())];
    let counts = counts.each_ref().map(|(name, count)| (*name, count.as_str()));
    view.notes.push(w.fill("chart.dots", &counts));
    let caption = Caption {
        id: format!("{}-dots", view.id),
        title: format!("{} · {}", figure.title.get(w.lang()), view.title),
        desc: format!(
            "{} {}",
            description(provinces, &scale, w),
            w.fill("chart.dots", &counts)
        ),
    };
    let draw = |width| {
        let mut tiles = tiles(report, provinces, &scale, w, width);
        for tile in &mut tiles {
            tile.dots = dots(tile.province, &listed, &numbered);
        }
        charts::dotted_tiles(&caption, &tiles, |each| dot_words(each, w), width)
    };
    (view.wide, view.narrow) = (draw(Width::Wide), draw(Width::Narrow));
    Some(view)
}

/// The counties of a province: with a number, and without.
fn dots(province: u32, listed: &[String], numbered: &BTreeSet<&str>) -> Dots {
    let mut dots = Dots::default();
    for code in listed
        .iter()
        .filter(|code| code.starts_with(&province.to_string()))
    {
        let kind = if numbered.contains(code.as_str()) {
            &mut dots.filled
        } else {
            &mut dots.open
        };
        *kind += 1;
    }
    dots
}

fn dot_words(each: u32, w: &Words) -> DotWords {
    DotWords {
        filled: w.get("chart.dot_filled").to_owned(),
        open: w.get("chart.dot_open").to_owned(),
        each: match each {
            1 => w.get("chart.dot_one").to_owned(),
            each => w.fill("chart.dot_each", &[("n", &each.to_string())]),
        },
    }
}

pub(super) fn tiles(
    report: &HalfYearReport,
    breakdown: &Breakdown,
    scale: &Scale,
    w: &Words,
    width: Width,
) -> Vec<Tile> {
    let tile = |province: u32| {
        let row = breakdown
            .rows
            .iter()
            .find(|row| row.key == format!("{province}0000"));
        let state = row.map_or(TileState::Empty, |row| {
            row.value.map_or_else(
                || TileState::Hidden(mark(report)),
                |value| TileState::Value(value, drawn(scale, value, width)),
            )
        });
        let counties = row.and_then(|row| row.counties).map_or_else(String::new, |n| {
            w.fill("chart.counties", &[("n", &n.to_string())])
        });
        Tile {
            province,
            label: w.get(&format!("tile.{province}")).to_owned(),
            state,
            counties,
            dots: Dots::default(),
        }
    };
    PROVINCES.into_iter().map(tile).collect()
}
