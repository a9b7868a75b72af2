//! A breakdown as a chart with its table.

use charts::{Bar, Caption, Cell, Point, Width};
use kernel::Words;

mod flow;
mod provinces;

pub use provinces::dotted;

use super::views::too_few;
use crate::model::{Breakdown, BreakdownRow, Figure, HalfYearReport};
use crate::numbers::{self, Scale};

/// Bars in one chart.
const BARS: usize = 15;
/// Rows of a table before the rest is folded.
const ROWS_SHOWN: usize = 20;
/// Rows of a table on the front page.
const ROWS_FRONT: usize = 10;
/// One breakdown, drawn and tabled.
pub struct PictureView {
    /// Its anchor.
    pub id: String,
    /// What it is broken down by.
    pub title: String,
    /// In which unit it is drawn.
    pub unit: String,
    /// The wide drawing, SVG.
    pub wide: String,
    /// The narrow drawing, SVG.
    pub narrow: String,
    /// What is to be known about it.
    pub notes: Vec<String>,
    /// Whether the table begins closed.
    pub folded: bool,
    /// Head of the names.
    pub name_head: String,
    /// Head of the values.
    pub value_head: String,
    /// Head of the numbers of lines.
    pub lines_head: String,
    /// Whether shares are shown.
    pub with_share: bool,
    /// Whether counties are counted.
    pub with_counties: bool,
    /// The first rows.
    pub rows: Vec<RowView>,
    /// The other rows.
    pub rest: Vec<RowView>,
    /// How many those are.
    pub rest_title: String,
    /// The total, where the parts add up.
    pub total: Option<RowView>,
    /// Where the whole table is; empty for here.
    pub more_href: String,
}

/// One row of its table.
pub struct RowView {
    /// Code of the part; empty for a total.
    pub key: String,
    /// Name of the part.
    pub name: String,
    /// Its value, or why it is not shown.
    pub value: String,
    /// Its share.
    pub share: String,
    /// Order lines.
    pub lines: String,
    /// Counties behind it.
    pub counties: String,
    /// Whether the value is kept back.
    pub hidden: bool,
}

/// The figure whose pictures stand on the front page: the first of money that has places.
pub fn front_figure(report: &HalfYearReport) -> Option<&Figure> {
    report
        .figures
        .iter()
        .find(|figure| figure.unit == "fen" && figure.breakdown("place").is_some())
}

/// The pictures of the front page.
pub fn front(report: &HalfYearReport, w: &Words) -> Vec<PictureView> {
    let Some(figure) = front_figure(report) else {
        return Vec::new();
    };
    let of = |dimension: &&str| {
        figure
            .breakdown(dimension)
            .map(|breakdown| picture(report, figure, breakdown, w, ROWS_FRONT))
    };
    let href = format!("figures/{}", super::figure_name(&figure.id, w.lang()));
    let fold = |mut view: PictureView| {
        view.folded = true;
        view.rest.clear();
        view.more_href = format!("{href}#{}", view.id);
        view
    };
    ["province", "place", "month", "channel"]
        .iter()
        .filter_map(of)
        .chain(flow::flow(report, figure, w))
        .map(fold)
        .collect()
}

/// All pictures of one figure.
pub fn all(report: &HalfYearReport, figure: &Figure, w: &Words) -> Vec<PictureView> {
    figure
        .breakdowns
        .iter()
        .map(|breakdown| picture(report, figure, breakdown, w, ROWS_SHOWN))
        .chain(flow::flow(report, figure, w))
        .collect()
}

/// One breakdown of a figure, with at most `shown` rows before the rest.
pub fn picture(
    report: &HalfYearReport,
    figure: &Figure,
    breakdown: &Breakdown,
    w: &Words,
    shown: usize,
) -> PictureView {
    let lang = w.lang();
    let largest = breakdown
        .rows
        .iter()
        .filter_map(|row| row.value)
        .map(i64::saturating_abs)
        .max()
        .unwrap_or(0);
    let scale = numbers::scale_for(largest, &figure.unit, lang);
    let title = w.get(&format!("by.{}", breakdown.dimension)).to_owned();
    let caption = Caption {
        id: format!("by-{}", breakdown.dimension),
        title: format!("{} · {title}", figure.title.get(lang)),
        desc: description(breakdown, &scale, w),
    };
    let mut rows: Vec<RowView> = breakdown
        .rows
        .iter()
        .map(|row| row_view(report, figure, breakdown, row, w))
        .collect();
    let rest = rows.split_off(shown.min(rows.len()));
    PictureView {
        id: format!("by-{}", breakdown.dimension),
        title,
        unit: w.fill("chart.unit", &[("unit", w.get(&scale.unit_key))]),
        wide: draw(&caption, report, breakdown, &scale, w, Width::Wide),
        narrow: draw(&caption, report, breakdown, &scale, w, Width::Narrow),
        notes: notes(report, breakdown, w),
        folded: false,
        name_head: w.get(&format!("dimension.{}", breakdown.dimension)).to_owned(),
        value_head: value_head(figure, w),
        lines_head: w.get(super::basis::lines_head(figure)).to_owned(),
        with_share: breakdown.adds_up,
        with_counties: breakdown.dimension == "province",
        rest_title: w.fill("table.rest", &[("n", &rest.len().to_string())]),
        rows,
        rest,
        total: figure
            .value
            .filter(|_| breakdown.adds_up)
            .map(|value| total_row(figure, value, w)),
        more_href: String::new(),
    }
}

fn value_head(figure: &Figure, w: &Words) -> String {
    let unit = if figure.unit == "fen" {
        "unit.yuan".to_owned()
    } else {
        format!("unit.{}", figure.unit)
    };
    w.fill("table.value", &[("unit", w.get(&unit))])
}

fn written(figure: &Figure, value: i64) -> String {
    if figure.unit == "fen" {
        numbers::statement(value)
    } else {
        numbers::grouped(value)
    }
}

fn row_view(
    report: &HalfYearReport,
    figure: &Figure,
    breakdown: &Breakdown,
    row: &BreakdownRow,
    w: &Words,
) -> RowView {
    let share = row
        .value
        .zip(figure.value)
        .filter(|_| breakdown.adds_up)
        .and_then(|(value, total)| numbers::permille(value, total));
    RowView {
        key: row.key.clone(),
        name: name(breakdown, row, w),
        value: row
            .value
            .map_or_else(|| too_few(report, w), |value| written(figure, value)),
        share: share.map_or_else(String::new, |share| {
            format!("{}.{}%", share / 10, (share % 10).abs())
        }),
        lines: row.lines.map_or_else(|| "–".to_owned(), numbers::grouped),
        counties: row.counties.map_or_else(String::new, numbers::grouped),
        hidden: row.value.is_none(),
    }
}

fn total_row(figure: &Figure, value: i64, w: &Words) -> RowView {
    RowView {
        key: String::new(),
        name: w.get("table.total").to_owned(),
        value: written(figure, value),
        share: "100.0%".to_owned(),
        lines: figure
            .evidence
            .lines
            .map_or_else(|| "–".to_owned(), numbers::grouped),
        counties: String::new(),
        hidden: false,
    }
}

fn name(breakdown: &Breakdown, row: &BreakdownRow, w: &Words) -> String {
    if breakdown.dimension == "month" {
        return month(&row.key, w);
    }
    let title = row.title.get(w.lang());
    if title.is_empty() {
        row.key.clone()
    } else {
        title.to_owned()
    }
}

/// `201803` as a reader writes it.
fn month(key: &str, w: &Words) -> String {
    match (key.get(..4), key.get(4..)) {
        (Some(year), Some(number)) => {
            let name = w
                .get(&format!("month.{}", number.trim_start_matches('0')))
                .to_owned();
            w.fill("month.of_year", &[("year", year), ("month", &name)])
        }
        _ => key.to_owned(),
    }
}

fn notes(report: &HalfYearReport, breakdown: &Breakdown, w: &Words) -> Vec<String> {
    let mut notes = Vec::new();
    let min = report.min_lines.to_string();
    if breakdown.withheld {
        notes.push(w.fill("suppression.withheld", &[("min", &min)]));
    } else if breakdown.hidden > 0 {
        notes.push(w.fill(
            "suppression.hidden",
            &[("n", &breakdown.hidden.to_string()), ("min", &min)],
        ));
    }
    if !breakdown.adds_up && !breakdown.withheld {
        notes.push(w.get("table.not_additive").to_owned());
    }
    notes
}

fn description(breakdown: &Breakdown, scale: &Scale, w: &Words) -> String {
    let largest = breakdown
        .rows
        .iter()
        .filter_map(|row| Some((row.value?, row)))
        .max_by_key(|(value, _)| *value);
    let Some((value, row)) = largest else {
        return w.get("chart.empty").to_owned();
    };
    w.fill(
        "chart.desc",
        &[
            ("n", &breakdown.rows.len().to_string()),
            ("name", &name(breakdown, row, w)),
            ("value", &scale.number(value)),
            ("unit", w.get(&scale.unit_key)),
        ],
    )
}

fn draw(
    caption: &Caption,
    report: &HalfYearReport,
    breakdown: &Breakdown,
    scale: &Scale,
    w: &Words,
    width: Width,
) -> String {
    let any = breakdown.rows.iter().any(|row| row.value.is_some());
    match breakdown.dimension.as_str() {
        _ if !any => String::new(),
        "province" => charts::tiles(
            caption,
            &provinces::tiles(report, breakdown, scale, w, width),
            width,
        ),
        "month" => charts::line(
            caption,
            &points(report, breakdown, scale, w, width),
            |tick| numbers::tick(scale, tick),
            width,
        ),
        "product" if breakdown.adds_up => treemap(caption, breakdown, scale, w, width),
        _ => charts::bars(caption, &bar_list(breakdown, scale, w), width),
    }
}

fn bar_list(breakdown: &Breakdown, scale: &Scale, w: &Words) -> Vec<Bar> {
    let bar = |(value, row): (i64, &BreakdownRow)| Bar {
        label: name(breakdown, row, w),
        value,
        said: scale.number(value),
    };
    breakdown
        .rows
        .iter()
        .filter_map(|row| Some((row.value?, row)))
        .take(BARS)
        .map(bar)
        .collect()
}

/// Many parts of one whole: their share of it is seen better than their order.
fn treemap(caption: &Caption, breakdown: &Breakdown, scale: &Scale, w: &Words, width: Width) -> String {
    let cell = |row: &BreakdownRow| {
        let value = row.value?;
        Some(Cell {
            label: name(breakdown, row, w),
            value,
            said: scale.number(value),
        })
    };
    let cells: Vec<Cell> = breakdown.rows.iter().filter_map(cell).collect();
    let other = |count: usize, sum| {
        let label = w.fill("chart.other", &[("n", &count.to_string())]);
        (label, scale.number(sum))
    };
    charts::treemap(caption, &cells, other, width)
}

/// A number as a drawing of a width has room for it.
fn drawn(scale: &Scale, value: i64, width: Width) -> String {
    match width {
        Width::Wide => scale.number(value),
        Width::Narrow => scale.brief(value),
    }
}

fn points(
    report: &HalfYearReport,
    breakdown: &Breakdown,
    scale: &Scale,
    w: &Words,
    width: Width,
) -> Vec<Point> {
    let point = |row: &BreakdownRow| Point {
        label: row.key.get(4..).map_or_else(String::new, |n| {
            w.get(&format!("month.{}", n.trim_start_matches('0'))).to_owned()
        }),
        value: row.value,
        said: row
            .value
            .map_or_else(|| mark(report), |value| drawn(scale, value, width)),
    };
    breakdown.rows.iter().map(point).collect()
}

fn mark(report: &HalfYearReport) -> String {
    format!("<{}", report.min_lines)
}
