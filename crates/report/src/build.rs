//! Makes the report from the lake: computes each figure, its parts, its trace, and the last period's value.

use std::collections::BTreeMap;

use jiff::Timestamp;
use kernel::Refusal;
use lake::Lake;
use lake::figures::{FigureEngine, TraceRow};
use people::places::Places;
use programme::{FigureDef, Programme};

use crate::assemble::{Basis, Cell, FigureValues, assemble};
use crate::model::{HalfYearReport, SegmentEvidence, TableEvidence, TraceEvidence};
use crate::signing::ReportKey;

/// Rows of a trace kept in the report; `figures show --trace` follows any place.
const TRACE_ROWS_MAX: usize = 12;

/// What a report is built from.
#[derive(Clone, Copy)]
pub struct BuildInput<'a> {
    /// The evidence.
    pub lake: &'a Lake,
    /// An engine of the report's period over that evidence.
    pub engine: &'a FigureEngine,
    /// The programme it reports on.
    pub programme: &'a Programme,
    /// The book of places.
    pub places: &'a Places,
    /// The clock's time.
    pub made_at: Timestamp,
    /// The key that will sign it.
    pub key: &'a ReportKey,
}

/// Builds the report of the engine's period.
///
/// # Errors
/// What the store and the engine give.
pub async fn build(input: BuildInput<'_>) -> Result<HalfYearReport, Refusal> {
    let segments: Vec<SegmentEvidence> = input
        .lake
        .segments()
        .await?
        .into_iter()
        .map(segment_evidence)
        .collect();
    let tables: Vec<TableEvidence> = input.engine.sealed().iter().map(table_evidence).collect();
    let mut values = BTreeMap::new();
    for figure in &input.programme.figures {
        values.insert(figure.id.clone(), figure_values(input, figure).await?);
    }
    let basis = Basis {
        programme: input.programme,
        places: input.places,
        period: input.engine.period(),
        made_at: input.made_at,
        segments: &segments,
        tables: &tables,
        public_key: &input.key.public_hex(),
    };
    Ok(assemble(basis, &values))
}

async fn figure_values(input: BuildInput<'_>, figure: &FigureDef) -> Result<FigureValues, Refusal> {
    let view = input.engine.view(figure).await?;
    let mut breakdowns = Vec::new();
    for dimension in figure.breakdowns.keys() {
        let rows = input.engine.breakdown(figure, *dimension).await?;
        let cells = rows.into_iter().map(|row| Cell {
            key: row.key,
            title: row.title,
            value: row.value,
            lines: row.lines,
        });
        breakdowns.push((*dimension, cells.collect()));
    }
    let traceable = figure.breakdowns.contains_key(&programme::Dimension::Place);
    let trace = if traceable {
        input.engine.trace(figure, None, TRACE_ROWS_MAX).await?
    } else {
        Vec::new()
    };
    Ok(FigureValues {
        value: view.value,
        lines: view.lines,
        breakdowns,
        previous: view.previous.map(|previous| previous.value),
        trace: trace
            .into_iter()
            .map(|row| trace_evidence(input.places, row))
            .collect(),
    })
}

fn trace_evidence(places: &Places, row: TraceRow) -> TraceEvidence {
    let title = places.get(row.place).map(people::places::Place::title);
    TraceEvidence {
        place: row.place.to_string(),
        place_title: title.unwrap_or_default(),
        segment_sha256: row.segment_sha256,
        file_name: row.file_name,
        file_sha256: row.file_sha256,
        lines: row.lines,
        value: row.value,
        first_source_lines: row.first_source_lines,
    }
}

fn table_evidence(sealed: &lake::SealedTable) -> TableEvidence {
    TableEvidence {
        name: sealed.table.name.to_owned(),
        sha256: sealed.sha256.clone(),
        rows: sealed.rows,
    }
}

fn segment_evidence(segment: lake::Segment) -> SegmentEvidence {
    let manifest = segment.manifest;
    SegmentEvidence {
        chain_no: manifest.chain_no,
        sha256: manifest.sha256,
        file_name: manifest.file_name,
        file_sha256: manifest.file_sha256,
        channel: manifest.channel,
        rows: manifest.totals.rows,
        gross_fen: manifest.totals.gross_fen,
        net_fen: manifest.totals.net_fen,
        day_first: manifest.day_first,
        day_last: manifest.day_last,
        merkle_root: manifest.merkle_root,
        manifest_sha256: segment.manifest_sha256,
        previous_sha256: manifest.previous_sha256,
    }
}
