//! What a value stands on: order lines in segments, or rows of a sealed journal table.

use kernel::Words;

use crate::model::{Figure, HalfYearReport};
use crate::numbers::grouped;

/// Name, value, and whether that is a hash, of each fact.
pub fn facts(report: &HalfYearReport, figure: &Figure, w: &Words) -> Vec<(String, String, bool)> {
    let evidence = &figure.evidence;
    let lines = evidence
        .lines
        .map_or_else(|| w.get("figure.too_few").to_owned(), grouped);
    let Some(table) = &evidence.table else {
        let segments = grouped(evidence.segments);
        let head = evidence.chain_head.clone();
        return [
            ("figure.lines", lines, false),
            ("figure.segments", segments, false),
        ]
        .into_iter()
        .chain(head.map(|head| ("evidence.chain_head", head, true)))
        .map(|(key, value, is_hash)| (w.get(key).to_owned(), value, is_hash))
        .collect();
    };
    let sealed = report.evidence.tables.iter().find(|sealed| sealed.name == *table);
    let (hash, is_hash) = match sealed {
        Some(sealed) => (sealed.sha256.clone(), true),
        None => (w.get("figure.not_sealed").to_owned(), false),
    };
    vec![
        (w.get("figure.table").to_owned(), table.clone(), false),
        (w.get("figure.table_rows").to_owned(), lines, false),
        (w.get("evidence.table_hash").to_owned(), hash, is_hash),
    ]
}

/// What the numbers of lines are numbers of: order lines, or rows of a journal table.
pub fn lines_head(figure: &Figure) -> &'static str {
    match figure.evidence.table {
        Some(_) => "table.rows",
        None => "table.lines",
    }
}
