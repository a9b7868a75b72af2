//! `fishpond poverty measure`: without a data folder.

use std::process::ExitCode;

use kernel::{Lang, Refusal};
use serde_json::json;
use targeting::measures::{Line, Measures, Poverty as Measured, Wanted, of_file};

use super::lines;
use crate::cli::Settings;
use crate::cli::targeting::{Poverty, PovertyMeasure};
use crate::terminal::{either, say, say_json};
use crate::world;

/// The share of the median that Eurostat's line stands at.
const OF_MEDIAN: f64 = 0.6;

/// Runs it.
///
/// # Errors
/// What the file is refused for.
pub fn run(settings: &Settings, command: Poverty) -> Result<ExitCode, Refusal> {
    let Poverty::Measure(wanted) = command;
    let (name, source) = lines::source(&wanted.file)?;
    let line = match wanted.line {
        Some(line) => Line::Income(line),
        None => Line::OfMedian(wanted.line_median.unwrap_or(OF_MEDIAN)),
    };
    let columns = Wanted {
        income: &wanted.income,
        weight: wanted.weight.as_deref(),
        by: wanted.by.as_deref(),
        line,
    };
    let measured = of_file(source, &name, columns)?;
    if settings.json {
        say_json(&as_json(&name, &wanted, &measured)?)?;
    } else {
        print(&measured, &wanted, world::lang(settings));
    }
    Ok(ExitCode::SUCCESS)
}

/// What was asked for, then what was found.
fn as_json(name: &str, wanted: &PovertyMeasure, measured: &Measured) -> Result<serde_json::Value, Refusal> {
    let share = wanted
        .line
        .is_none()
        .then(|| wanted.line_median.unwrap_or(OF_MEDIAN));
    let mut asked = json!({
        "file": name, "income": wanted.income, "weight_column": wanted.weight, "by": wanted.by, "line_median": share,
    });
    let found = serde_json::to_value(measured).map_err(|error| Refusal::broken("app.json", &error))?;
    if let (Some(asked), serde_json::Value::Object(found)) = (asked.as_object_mut(), found) {
        asked.extend(found);
    }
    Ok(asked)
}

fn print(measured: &Measured, wanted: &PovertyMeasure, lang: Lang) {
    let threshold = measured.threshold;
    say(match (wanted.line, lang) {
        (Some(_), Lang::Zh) => format!("贫困线 {threshold:.2}"),
        (Some(_), Lang::En) => format!("Poverty line {threshold:.2}"),
        (None, Lang::Zh) => format!(
            "贫困线 {threshold:.2}（中位收入的 {} 倍）",
            wanted.line_median.unwrap_or(OF_MEDIAN)
        ),
        (None, Lang::En) => format!(
            "Poverty line {threshold:.2} ({} of the median)",
            wanted.line_median.unwrap_or(OF_MEDIAN)
        ),
    });
    let heads = match lang {
        Lang::Zh => [
            "行数",
            "代表人数",
            "贫困率%",
            "贫困深度",
            "贫困强度",
            "基尼",
            "S80/S20",
            "平均收入",
        ],
        Lang::En => [
            "rows",
            "stand for",
            "poor %",
            "gap",
            "severity",
            "Gini",
            "S80/S20",
            "mean",
        ],
    };
    let mut head = String::new();
    for (text, width) in heads.into_iter().zip(WIDTHS) {
        head.push_str(&right(text, width));
    }
    say(head);
    let all = either(lang, "全部", "all");
    say(format!("{}  {all}", row(&measured.all)));
    for group in measured.groups.iter().flatten() {
        let name = if group.group.is_empty() {
            "—"
        } else {
            &group.group
        };
        say(format!("{}  {name}", row(&group.measures)));
    }
    let negative = measured.all.negative_incomes;
    if negative > 0 {
        say(match lang {
            Lang::Zh => format!("{negative} 行收入小于零：计算贫困深度和强度时按零计。"),
            Lang::En => {
                format!("{negative} rows have an income below zero: gap and severity take it as zero.")
            }
        });
    }
}

const WIDTHS: [usize; 8] = [9, 14, 10, 10, 10, 9, 9, 14];

fn row(measures: &Measures) -> String {
    let ratio = |ratio: Option<f64>| ratio.map_or_else(|| "—".to_owned(), |ratio| format!("{ratio:.4}"));
    let cells = [
        measures.persons.to_string(),
        format!("{:.1}", measures.weight),
        format!("{:.3}", measures.rate_percent),
        format!("{:.5}", measures.gap),
        format!("{:.5}", measures.severity),
        ratio(measures.gini),
        ratio(measures.quintile_ratio),
        format!("{:.2}", measures.mean),
    ];
    cells
        .iter()
        .zip(WIDTHS)
        .map(|(cell, width)| right(cell, width))
        .collect()
}

/// A text at the right of a column; a Chinese character takes two places on a terminal.
pub(super) fn right(text: &str, width: usize) -> String {
    let places: usize = text
        .chars()
        .map(|c| {
            if ('\u{2E80}'..='\u{FFEF}').contains(&c) {
                2
            } else {
                1
            }
        })
        .sum();
    format!("{}{text}", " ".repeat(width.saturating_sub(places)))
}
