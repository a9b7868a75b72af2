//! `/figures`: the list, one figure, its breakdowns, and the trace down to lines under the rule of the pages.

use std::sync::Arc;

use kernel::{Fault, PlaceCode, Refusal};
use report::model::{Breakdown, BreakdownRow, Figure};
use serde_json::{Value, json};

use super::call::{Call, Outcome, ok, to_json};
use super::paging::{Window, next_link};
use super::problem::ApiError;
use crate::evidence::{Evidence, Portion};
use crate::shelf::Published;
use crate::site::Site;

pub(super) async fn index(call: Call) -> Outcome {
    let latest = call.site.latest().ok_or_else(ApiError::missing)?;
    ok(list(
        &latest,
        call.query("pillar"),
        call.query("q").unwrap_or_default(),
    )?)
}

/// The figures of a report whose words hold every word of a search.
pub(super) fn list(published: &Published, pillar: Option<&str>, search: &str) -> Result<Value, Refusal> {
    let report = &published.report;
    let wanted = search.to_lowercase();
    let fits = |own: &str, id: &str, title: &kernel::Text| {
        let words = format!("{id} {} {}", title.zh, title.en).to_lowercase();
        pillar.is_none_or(|pillar| pillar == own)
            && wanted.split_whitespace().all(|word| words.contains(word))
    };
    let figures = report.figures.iter();
    let figures = figures.filter(|figure| fits(&figure.pillar, &figure.id, &figure.title));
    let open = report.not_yet_defined.iter();
    let open = open.filter(|other| fits(&other.pillar, &other.id, &other.title));
    let entry = |figure: &Figure| {
        Ok(json!({
            "id": figure.id,
            "title": figure.title,
            "pillar": figure.pillar,
            "unit": figure.unit,
            "value": figure.value,
            "state": to_json(&figure.state)?,
            "published": to_json(&figure.published)?,
            "href": href(&figure.id),
        }))
    };
    Ok(json!({
        "period": report.period.id,
        "version": published.version.number,
        "simulated": report.simulated,
        "items": figures.map(entry).collect::<Result<Vec<Value>, Refusal>>()?,
        "not_yet_defined": to_json(&open.collect::<Vec<_>>())?,
    }))
}

fn href(id: &str) -> String {
    format!("/api/v1/figures/{id}")
}

/// The version that a query names, else the latest.
async fn published_of(
    site: &Site,
    period: Option<&str>,
    version: Option<&str>,
) -> Result<Arc<Published>, ApiError> {
    let number: Option<i64> = version.and_then(|text| text.parse().ok());
    let shown = site.shown.now();
    let found = shown.versions.iter().find(|shelved| {
        let known = &shelved.version;
        period.is_none_or(|period| known.period.to_string() == period)
            && number.is_none_or(|number| known.number == number)
    });
    Ok(site.read(found.ok_or_else(ApiError::missing)?).await?)
}

fn figure_of<'a>(published: &'a Published, id: &str) -> Result<&'a Figure, Refusal> {
    let found = published.report.figure(id);
    found.ok_or_else(|| Refusal::new("programme.no_such_figure", Fault::Missing).value(id))
}

pub(super) async fn show(call: Call) -> Outcome {
    let published = published_of(&call.site, call.query("period"), call.query("version")).await?;
    ok(detail(&published, figure_of(&published, call.part("id"))?)?)
}

/// A figure with its working; of its parts only how many there are.
pub(super) fn detail(published: &Published, figure: &Figure) -> Result<Value, Refusal> {
    let report = &published.report;
    let part = |part: &Breakdown| {
        json!({
            "dimension": part.dimension,
            "adds_up": part.adds_up,
            "hidden": part.hidden,
            "withheld": part.withheld,
            "rows": part.rows.len(),
            "href": format!("{}/breakdowns/{}?period={}&version={}", href(&figure.id), part.dimension,
                report.period.id, published.version.number),
        })
    };
    Ok(json!({
        "id": figure.id,
        "title": figure.title,
        "note": figure.note,
        "pillar": figure.pillar,
        "unit": figure.unit,
        "period": report.period.id,
        "version": published.version.number,
        "published_at": published.version.published_at,
        "simulated": report.simulated,
        "value": figure.value,
        "state": to_json(&figure.state)?,
        "published": to_json(&figure.published)?,
        "previous": to_json(&figure.previous)?,
        "breakdowns": figure.breakdowns.iter().map(part).collect::<Vec<_>>(),
        "sql": figure.sql,
        "views_sql": report.views_sql,
        "evidence": to_json(&figure.evidence)?,
    }))
}

pub(super) async fn breakdown(call: Call) -> Outcome {
    let published = published_of(&call.site, call.query("period"), call.query("version")).await?;
    let figure = figure_of(&published, call.part("id"))?;
    let breakdown = figure
        .breakdown(call.part("dimension"))
        .ok_or_else(ApiError::missing)?;
    let window = Window::of(&call)?;
    let (rows, next) = window.cut(breakdown.rows.clone(), |row| row.key.clone())?;
    ok(part(
        &published,
        figure,
        breakdown,
        &rows,
        &next_link(&call, next.as_ref()),
    )?)
}

/// A page of the parts of a figure.
pub(super) fn part(
    published: &Published,
    figure: &Figure,
    breakdown: &Breakdown,
    rows: &[BreakdownRow],
    next: &Value,
) -> Result<Value, Refusal> {
    Ok(json!({
        "figure": figure.id,
        "unit": figure.unit,
        "period": published.report.period.id,
        "version": published.version.number,
        "dimension": breakdown.dimension,
        "by": breakdown.by,
        "adds_up": breakdown.adds_up,
        "hidden": breakdown.hidden,
        "withheld": breakdown.withheld,
        "items": to_json(&rows)?,
        "next": next,
    }))
}

fn evidence_of(call: &Call) -> Result<Arc<Evidence>, ApiError> {
    let evidence = call.site.evidence();
    Ok(evidence.ok_or_else(|| Refusal::new("web.no_evidence", Fault::Missing))?)
}

/// What a step of a trace works on: the latest report and the evidence behind it.
fn opened(call: &Call) -> Result<(Arc<Published>, Arc<Evidence>, PlaceCode), ApiError> {
    let latest = call.site.latest().ok_or_else(ApiError::missing)?;
    figure_of(&latest, call.part("id"))?;
    let place = call.query("place").unwrap_or_default().parse()?;
    Ok((latest, evidence_of(call)?, place))
}

pub(super) async fn trace(call: Call) -> Outcome {
    let (latest, evidence, place) = opened(&call)?;
    let report = &latest.report;
    let figure = call.site.programme.figure(call.part("id"))?;
    let portions = evidence.segments(report, figure, place).await?;
    let segment = |portion: &Portion| {
        let (row, shown) = (&portion.row, !portion.hidden);
        json!({
            "segment_sha256": row.segment_sha256,
            "file_name": row.file_name,
            "file_sha256": row.file_sha256,
            "hidden": portion.hidden,
            "lines": shown.then_some(row.lines),
            "value": shown.then_some(row.value),
            "first_source_lines": if shown { row.first_source_lines.as_slice() } else { &[] },
            "href": shown.then(|| format!("{}/trace/{}/lines?place={place}", href(&figure.id), row.segment_sha256)),
        })
    };
    ok(json!({
        "figure": figure.id,
        "unit": figure.unit,
        "period": report.period.id,
        "place": place,
        "min_lines": report.min_lines,
        "segments": portions.iter().map(segment).collect::<Vec<_>>(),
    }))
}

pub(super) async fn lines(call: Call) -> Outcome {
    let (latest, evidence, place) = opened(&call)?;
    let report = &latest.report;
    let figure = call.site.programme.figure(call.part("id"))?;
    let segment = call.part("segment");
    let window = Window::of(&call)?;
    let after = window.after_as::<i64>()?.unwrap_or_default();
    let wanted = (after, window.limit + 1);
    let lines = evidence.lines(report, figure, (segment, place), wanted).await?;
    let (lines, next) = window.trim(lines, |line| line.source_line.to_string());
    ok(json!({
        "figure": figure.id,
        "segment_sha256": segment,
        "place": place,
        "items": to_json(&lines)?,
        "next": next_link(&call, next.as_ref()),
    }))
}

/// The rows of the journal table that a figure stands on, as they were sealed: a row is a list of texts, by the columns.
pub(super) async fn rows(call: Call) -> Outcome {
    let latest = call.site.latest().ok_or_else(ApiError::missing)?;
    let figure = figure_of(&latest, call.part("id"))?;
    let evidence = evidence_of(&call)?;
    let table = figure.evidence.table.as_deref();
    let sealed = table.and_then(|table| evidence.sealed(table));
    let sealed = sealed.ok_or_else(ApiError::missing)?;
    let window = Window::of(&call)?;
    let after = window.after_as::<usize>()?.unwrap_or_default();
    let rows = sealed.rows_after(after, window.limit + 1).await?;
    let rows = rows.into_iter().zip(after + 1..).collect();
    let (rows, next) = window.trim(rows, |(_, number): &(Vec<String>, usize)| number.to_string());
    let columns = sealed.table.columns.iter();
    ok(json!({
        "figure": figure.id,
        "table": sealed.table.name,
        "sha256": sealed.sha256,
        "columns": columns.map(|(name, _)| *name).collect::<Vec<_>>(),
        "items": rows.into_iter().map(|(row, _)| row).collect::<Vec<_>>(),
        "next": next_link(&call, next.as_ref()),
    }))
}
