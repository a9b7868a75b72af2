//! Reading the CSV lists of a folder: UTF-8, a head row, every fault with its line.

use jiff::civil::Date;

use crate::Finding;
use crate::source::Source;

/// One row of a list with the line it begins on.
pub(crate) struct Row<'a> {
    source: Source<'a>,
    /// Line of the file, from 1.
    pub line: usize,
    heads: csv::StringRecord,
    cells: csv::StringRecord,
}

impl Row<'_> {
    /// The cell under a head; empty where there is none.
    pub fn text(&self, head: &str) -> &str {
        let column = self.heads.iter().position(|found| found == head);
        column
            .and_then(|column| self.cells.get(column))
            .unwrap_or_default()
            .trim()
    }

    /// The cell as a day; empty is `None`.
    pub fn day(&self, head: &str) -> Result<Option<Date>, Finding> {
        match self.text(head) {
            "" => Ok(None),
            text => text
                .parse()
                .map(Some)
                .map_err(|_| self.finding("programme.bad_date", text)),
        }
    }

    /// A finding on this row.
    pub fn finding(&self, code: &'static str, value: impl std::fmt::Display) -> Finding {
        self.source.finding(self.line, code, value)
    }

    /// A finding on this row that a refusal explains.
    pub fn refused(&self, refusal: kernel::Refusal) -> Finding {
        self.source.refused(self.line, refusal)
    }
}

/// Reads a list row by row; lines that begin with `#` are remarks. Faults of rows are gathered beside the good rows.
pub(crate) fn read<T>(
    source: Source<'_>,
    columns: &[&str],
    row: impl Fn(&Row<'_>) -> Result<T, Finding>,
) -> (Vec<T>, Vec<Finding>) {
    let text = source.text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .from_reader(text.as_bytes());
    let heads = match reader.headers() {
        Ok(heads) if heads.iter().eq(columns.iter().copied()) => heads.clone(),
        _ => {
            return (
                Vec::new(),
                vec![source.finding(1, "programme.wrong_columns", columns.join(","))],
            );
        }
    };
    let (mut good, mut findings) = (Vec::new(), Vec::new());
    for record in reader.records() {
        let read = record
            .map_err(|error| {
                let line = error.position().map_or(0, csv::Position::line);
                source.finding(
                    usize::try_from(line).unwrap_or(0),
                    "programme.bad_row",
                    columns.len(),
                )
            })
            .and_then(|cells| {
                let line = cells.position().map_or(0, csv::Position::line);
                let line = usize::try_from(line).unwrap_or(0);
                row(&Row {
                    source,
                    line,
                    heads: heads.clone(),
                    cells,
                })
            });
        match read {
            Ok(value) => good.push(value),
            Err(finding) => findings.push(finding),
        }
    }
    (good, findings)
}
