//! The half-year report on paper: its template with the report's JSON and charts.

use kernel::{Lang, Refusal, Text};
use serde_json::{Value, json};

use crate::{Fonts, chart_file, typeset};

/// The template of the half-year report. Its data is the JSON of the half-year report model with two more keys: `lang`
/// (`"zh"` or `"en"`) and `charts`, a list of `{ figure, dimension, file, title: { zh, en } }`.
pub const REPORT_TEMPLATE: &str = include_str!("../templates/report.typ");

/// A chart that stands under its figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportChart {
    /// Id of the figure.
    pub figure: String,
    /// What it is broken down by.
    pub dimension: String,
    /// What the chart shows; also read out in place of it.
    pub title: Text,
    /// The chart as it stands in a page.
    pub svg: String,
}

/// Sets the half-year report. `report` is the JSON of its model; `today` as for [`typeset`].
///
/// # Errors
/// Those of [`typeset`].
pub fn typeset_report(
    report: &Value,
    lang: Lang,
    charts: &[ReportChart],
    fonts: &Fonts,
    today: (i32, u8, u8),
) -> Result<Vec<u8>, Refusal> {
    let name = |index: usize| format!("chart-{index}.svg");
    let files: Vec<(String, Vec<u8>)> = charts
        .iter()
        .enumerate()
        .map(|(index, chart)| (name(index), chart_file(&chart.svg)))
        .collect();
    let listed: Vec<Value> = charts
        .iter()
        .enumerate()
        .map(|(index, chart)| {
            json!({
                "figure": chart.figure,
                "dimension": chart.dimension,
                "file": name(index),
                "title": { "zh": chart.title.zh, "en": chart.title.en },
            })
        })
        .collect();
    let mut data = report.clone();
    if let Some(members) = data.as_object_mut() {
        let lang = match lang {
            Lang::Zh => "zh",
            Lang::En => "en",
        };
        members.insert("lang".to_owned(), json!(lang));
        members.insert("charts".to_owned(), Value::Array(listed));
    }
    typeset(REPORT_TEMPLATE, &data, &files, fonts, today)
}
