//! Where a figure's money comes from and where it goes: from the channels through the total to the provinces.
//!
//! Drawn from the two breakdowns that the report has anyway. It says how much each channel brought and each province got,
//! not which channel sold for which province: that is no part of the report. What is kept back or not among the largest
//! is gathered, so that both sides add up to the total.

use charts::{Caption, FlowLink, FlowNode, Width};
use kernel::Words;

use super::{PictureView, RowView, name, row_view, total_row, value_head};
use crate::model::{Breakdown, BreakdownRow, Figure, HalfYearReport};
use crate::numbers::{self, Scale};

/// Parts of one side that are named; the rest is gathered.
const PARTS: usize = 8;
/// The total, in the middle.
const TOTAL: usize = 0;

/// One side of the flow.
struct Side<'a> {
    breakdown: &'a Breakdown,
    named: Vec<(&'a BreakdownRow, i64)>,
    /// How many parts are gathered, and their sum.
    others: (usize, i64),
}

impl<'a> Side<'a> {
    /// None where the parts do not add up to the total, or where one takes away from it.
    fn of(figure: &'a Figure, dimension: &str, total: i64) -> Option<Self> {
        let breakdown = figure.breakdown(dimension)?;
        if !breakdown.adds_up || breakdown.withheld {
            return None;
        }
        let mut known: Vec<(&BreakdownRow, i64)> = breakdown
            .rows
            .iter()
            .filter_map(|row| Some((row, row.value?)))
            .collect();
        if known.iter().any(|(_, value)| *value < 0) {
            return None;
        }
        known.retain(|(_, value)| *value > 0);
        known.sort_by_key(|(_, value)| std::cmp::Reverse(*value));
        known.truncate(PARTS);
        let sum = known
            .iter()
            .try_fold(0_i64, |sum, (_, value)| sum.checked_add(*value))?;
        let left = total.checked_sub(sum).filter(|left| *left >= 0)?;
        Some(Self {
            breakdown,
            others: (breakdown.rows.len() - known.len(), left),
            named: known,
        })
    }

    /// The names and sums of its parts, the gathered ones last.
    fn parts(&self, w: &Words) -> Vec<(String, i64)> {
        let named = self.named.iter();
        let mut parts: Vec<(String, i64)> = named
            .map(|(row, value)| (name(self.breakdown, row, w), *value))
            .collect();
        if self.others.1 > 0 {
            let other = w.fill("chart.other", &[("n", &self.others.0.to_string())]);
            parts.push((other, self.others.1));
        }
        parts
    }
}

/// The flow of a figure of money; none where it has no channels or no provinces that add up to a total.
pub(super) fn flow(report: &HalfYearReport, figure: &Figure, w: &Words) -> Option<PictureView> {
    let total = figure.value.filter(|value| *value > 0 && figure.unit == "fen")?;
    let (from, to) = (
        Side::of(figure, "channel", total)?,
        Side::of(figure, "province", total)?,
    );
    let scale = numbers::scale_for(total, &figure.unit, w.lang());
    let title = w.get("chart.flow").to_owned();
    let caption = Caption {
        id: "flow".to_owned(),
        title: format!("{} · {title}", figure.title.get(w.lang())),
        desc: description(&from, &to, &scale.number(total), &scale, w),
    };
    let (nodes, links) = drawn(&from, &to, total, &scale, w);
    let draw = |width| charts::flow(&caption, &nodes, &links, width).ok();
    let (wide, narrow) = (draw(Width::Wide)?, draw(Width::Narrow)?);
    let rows = |side: &Side<'_>, key: &str| -> Vec<RowView> {
        let row = |row: &BreakdownRow| {
            let view = row_view(report, figure, side.breakdown, row, w);
            RowView {
                name: w.fill(key, &[("name", view.name.as_str())]),
                ..view
            }
        };
        side.breakdown.rows.iter().map(row).collect()
    };
    let mut all = rows(&from, "chart.flow_from");
    all.extend(rows(&to, "chart.flow_to"));
    Some(PictureView {
        id: "flow".to_owned(),
        title,
        unit: w.fill("chart.unit", &[("unit", w.get(&scale.unit_key))]),
        wide,
        narrow,
        notes: vec![w.get("chart.flow_note").to_owned()],
        folded: true,
        name_head: w.get("chart.flow_head").to_owned(),
        value_head: value_head(figure, w),
        lines_head: w.get("table.lines").to_owned(),
        with_share: true,
        with_counties: false,
        rows: all,
        rest: Vec::new(),
        rest_title: String::new(),
        total: Some(total_row(figure, total, w)),
        more_href: String::new(),
    })
}

/// The total, then the parts of both sides around it.
fn drawn(
    from: &Side<'_>,
    to: &Side<'_>,
    total: i64,
    scale: &Scale,
    w: &Words,
) -> (Vec<FlowNode>, Vec<FlowLink>) {
    let mut nodes = vec![FlowNode {
        label: w.get("table.total").to_owned(),
        said: scale.number(total),
        column: 1,
    }];
    let mut links = Vec::new();
    for (side, column) in [(from, 0), (to, 2)] {
        for (label, value) in side.parts(w) {
            let part = nodes.len();
            let said = scale.number(value);
            nodes.push(FlowNode {
                label,
                said: said.clone(),
                column,
            });
            let (from, to) = if column == 0 { (part, TOTAL) } else { (TOTAL, part) };
            links.push(FlowLink {
                from,
                to,
                value,
                said,
            });
        }
    }
    (nodes, links)
}

fn description(from: &Side<'_>, to: &Side<'_>, total: &str, scale: &Scale, w: &Words) -> String {
    let first = |side: &Side<'_>| {
        let row = side.named.first();
        row.map_or_else(String::new, |(row, _)| name(side.breakdown, row, w))
    };
    w.fill(
        "chart.flow_desc",
        &[
            ("channels", &from.breakdown.rows.len().to_string()),
            ("provinces", &to.breakdown.rows.len().to_string()),
            ("total", total),
            ("unit", w.get(&scale.unit_key)),
            ("channel", &first(from)),
            ("province", &first(to)),
        ],
    )
}

#[cfg(test)]
mod tests {
    use kernel::Lang;

    use super::*;
    use crate::sample::sample;
    use crate::words::WORDS;

    fn channels(report: &HalfYearReport) -> Breakdown {
        let provinces = report.figures[0].breakdown("province").unwrap();
        Breakdown {
            dimension: "channel".to_owned(),
            ..provinces.clone()
        }
    }

    /// The sample with as many channels as it has provinces.
    fn with_channels() -> HalfYearReport {
        let mut report = sample();
        let channels = channels(&report);
        report.figures[0]
            .breakdowns
            .retain(|by| by.dimension != "channel");
        report.figures[0].breakdowns.push(channels);
        report
    }

    #[test]
    fn what_comes_in_and_what_goes_out_is_the_total_to_the_fen() {
        let report = with_channels();
        let (figure, w) = (&report.figures[0], WORDS.of(Lang::En));
        let total = figure.value.unwrap();
        for dimension in ["channel", "province"] {
            let side = Side::of(figure, dimension, total).unwrap();
            let parts = side.parts(w);
            assert!(parts.len() <= PARTS + 1);
            assert_eq!(parts.iter().map(|(_, value)| value).sum::<i64>(), total);
        }
        let view = flow(&report, figure, w).unwrap();
        assert!(view.wide.contains("<svg") && view.narrow.contains("<svg"));
        assert_eq!(
            view.rows.len(),
            2 * figure.breakdown("province").unwrap().rows.len()
        );
    }

    #[test]
    fn parts_that_do_not_add_up_are_no_flow() {
        let w = WORDS.of(Lang::Zh);
        let mut report = with_channels();
        report.figures[0].value = Some(1);
        assert!(
            flow(&report, &report.figures[0], w).is_none(),
            "less than its parts"
        );
        let spoils: [fn(&mut Breakdown); 3] = [
            |by| by.adds_up = false,
            |by| by.withheld = true,
            |by| by.rows[0].value = Some(-1),
        ];
        for spoil in spoils {
            let mut report = with_channels();
            spoil(report.figures[0].breakdowns.last_mut().unwrap());
            assert!(flow(&report, &report.figures[0], w).is_none());
        }
    }
}
