//! Audits: a figure recomputed from every line must be what the rollups say, to the fen.

use kernel::Refusal;
use programme::FigureDef;
use serde::Serialize;

use super::{BreakdownRow, FigureEngine};

/// What an audit found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct AuditOutcome {
    /// Whether the values, and those of every part in every breakdown, are the same.
    pub equal: bool,
    /// The value from rollups.
    pub rollup: Option<i64>,
    /// The value from every line.
    pub lines: Option<i64>,
}

/// Computes a figure and all its breakdowns from rollups and from lines, and holds one against the other.
///
/// # Errors
/// What either engine gave.
pub async fn audit(
    figure: &FigureDef,
    rollups: &FigureEngine,
    lines: &FigureEngine,
) -> Result<AuditOutcome, Refusal> {
    let (rollup, line) = (rollups.value(figure).await?, lines.value(figure).await?);
    let mut equal = rollup == line;
    for by in figure.breakdowns.keys() {
        let (ours, theirs): (Vec<BreakdownRow>, Vec<BreakdownRow>) = (
            rollups.breakdown(figure, *by).await?,
            lines.breakdown(figure, *by).await?,
        );
        equal &= ours == theirs;
    }
    Ok(AuditOutcome {
        equal,
        rollup,
        lines: line,
    })
}
