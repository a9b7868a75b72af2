//! Traces: from a figure to places, from a place to segments, from a segment to the lines of the order file.

use std::collections::HashMap;

use kernel::{PlaceCode, Refusal};
use programme::{Dimension, FigureDef};
use serde::Serialize;

use super::session::{self, Source};
use super::{EvidenceFile, FigureEngine, answers, sql_for};

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
        // To open a session costs far more than to look whether it is needed: a county stands in few segments.
        let needed = session::rollup_places(&file.rollup)?
            .into_iter()
            .any(|code| places.iter().any(|(wanted, _)| *wanted == code));
        in_segments.push(if needed {
            sums_of(engine, figure, file).await?
        } else {
            HashMap::new()
        });
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
            .lines_by(figure, Dimension::Place)
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
    let source = Source::rollup(Some(&file.rollup))?;
    let segment = FigureEngine::open(
        super::Evidence::default(),
        source,
        engine.tables.clone(),
        engine.period,
    )
    .await?;
    let adds_up =
        matches!(figure.unit.as_str(), "fen" | "lines") && figure.breakdowns.contains_key(&Dimension::Place);
    let mut parts: HashMap<String, i64> = HashMap::new();
    if adds_up {
        let rows = segment
            .rows(figure, &sql_for(figure, Some(Dimension::Place))?)
            .await?;
        parts.extend(rows.into_iter().filter_map(|row| Some((row.key?, row.value?))));
    }
    let lines = segment.lines_by(figure, Dimension::Place).await?;
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
    let session = session::open(
        &Source::TracedLines(file.lines.clone()),
        &engine.tables,
        engine.period,
    )
    .await?;
    let sql = format!(
        "SELECT s.source_line AS value FROM {} s WHERE s.place_code = {place} ORDER BY s.source_line LIMIT {SOURCE_LINES_MAX}",
        figure.view
    );
    let rows = answers(&session, figure, &sql).await?;
    Ok(rows.into_iter().filter_map(|row| row.value).collect())
}
