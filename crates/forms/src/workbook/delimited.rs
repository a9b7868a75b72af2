//! A form as CSV: the first column names a sheet, on a line of its own or on that of the headers; the lines below, up to
//! the next name, are its rows.

use super::{Grid, text_of};
use crate::Fault;

/// Reads the sheets.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Grid>, Fault> {
    let text = text_of(bytes)?;
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut grids: Vec<Grid> = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| Fault::new("forms.bad_file").fact("cause", error))?;
        let mut fields = record.iter().map(str::trim);
        let name = fields.next().unwrap_or_default();
        if !name.is_empty() {
            grids.push(Grid {
                name: name.to_lowercase(),
                rows: Vec::new(),
            });
        }
        let cells: Vec<String> = fields.map(str::to_owned).collect();
        if let Some(grid) = grids.last_mut()
            && cells.iter().any(|cell| !cell.is_empty())
        {
            grid.rows.push(cells);
        }
    }
    Ok(grids)
}
