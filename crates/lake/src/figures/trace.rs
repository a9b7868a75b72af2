//! Traces: from a figure to places, from a place to segments, from a segment to the lines of the order file.

use std::collections::HashMap;

use kernel::{PlaceCode, Refusal};
use programme::{Dimension, FigureDef};
use serde::Serialize;

use super::planner::Rows;
use super::{EvidenceFile, FigureEngine, read_answers, session, sql_for};

/// So many lines of a file are named.
const SOURCE_LINES_MAX: usize = 5;

/// A place's lines in one segment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TraceRow {
    /// The county of origin.
    pub place: PlaceCode,
    /// The segment.
    pub segment_sha256: String,
    /// The order file it came from.
    pub file_name: String,
    /// SHA-256 of that file.
    pub file_sha256: String,
    /// Lines of the place in the figure's view in this segment, cancelled ones included.
    pub lines: i64,
    /// For money and lines: what this segment adds to the figure. For what is counted once (counties, products): what
    /// the place adds in the evidence as a whole, because it may stand in several segments.
    pub value: i64,
    /// The first lines of the order file, from 1, on which they stand.
    pub first_source_lines: Vec<i64>,
}

pub(super) async fn trace(
    engine: &FigureEngine,
    figure: &FigureDef,
    place: Option<PlaceCode>,
    limit: usize,
) -> Result<Vec<TraceRow>, Refusal> {
    let mut places = places_of(engine, figure).await?;
    places.retain(|(code, _)| place.is_none_or(|above| code.is_within(above)));
    places.truncate(limit);
    let mut in_segments = Vec::new();
    for file in &engine.evidence.files {
        in_segments.push(sums_of(engine, figure, file).await?);
    }
    let mut rows = Vec::new();
    for (code, whole) in places {
        for (file, sums) in engine.evidence.files.iter().zip(&in_segments) {
            let Some(&(lines, part)) = sums.get(&code) else {
                continue;
            };
            if rows.len() == limit {
                return Ok(rows);
            }
            rows.push(TraceRow {
                place: code,
                segment_sha256: file.segment_sha256.clone(),
                file_name: file.file_name.clone(),
                file_sha256: file.file_sha256.clone(),
                lines,
                value: part.unwrap_or(whole),
                first_source_lines: first_source_lines(engine, figure, file, code).await?,
            });
        }
    }
    Ok(rows)
}

/// Places with what they add to the figure, the largest first; by their lines where the figure isn't broken down by place.
async fn places_of(engine: &FigureEngine, figure: &FigureDef) -> Result<Vec<(PlaceCode, i64)>, Refusal> {
    let parts: Vec<(String, i64)> = if figure.breakdowns.contains_key(&Dimension::Place) {
        let parts = engine.breakdown(figure, Dimension::Place).await?;
        parts.into_iter().map(|part| (part.key, part.value)).collect()
    } else {
        let mut parts: Vec<_> = engine
            .lines_by(figure, Dimension::Place, &engine.rows)
            .await?
            .into_iter()
            .collect();
        parts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        parts
    };
    parts
        .into_iter()
        .map(|(key, value)| Ok((key.parse()?, value)))
        .collect()
}

/// By place: the lines in one segment, and what they add where parts of the figure add up. From the segment's rollup.
async fn sums_of(
    engine: &FigureEngine,
    figure: &FigureDef,
    file: &EvidenceFile,
) -> Result<HashMap<PlaceCode, (i64, Option<i64>)>, Refusal> {
    let rows = Rows::new(session::read_rollup(&file.rollup)?);
    let adds_up =
        matches!(figure.unit.as_str(), "fen" | "lines") && figure.breakdowns.contains_key(&Dimension::Place);
    let mut parts: HashMap<String, i64> = HashMap::new();
    if adds_up {
        let sql = sql_for(figure, Some(Dimension::Place))?;
        let answers = engine.answers(figure, &sql, &rows).await?;
        parts.extend(answers.into_iter().filter_map(|row| Some((row.key?, row.value?))));
    }
    let lines = engine.lines_by(figure, Dimension::Place, &rows).await?;
    lines
        .into_iter()
        .map(|(key, lines)| Ok((key.parse()?, (lines, parts.get(&key).copied()))))
        .collect()
}

async fn first_source_lines(
    engine: &FigureEngine,
    figure: &FigureDef,
    file: &EvidenceFile,
    place: PlaceCode,
) -> Result<Vec<i64>, Refusal> {
    let session = engine.session_over(file).await?;
    let sql = format!(
        "SELECT s.source_line AS value FROM {} s WHERE s.place_code = {place} ORDER BY s.source_line LIMIT {SOURCE_LINES_MAX}",
        figure.view
    );
    let rows = read_answers(&session::query(&session, &figure.id, &sql).await?, figure)?;
    Ok(rows.into_iter().filter_map(|row| row.value).collect())
}
