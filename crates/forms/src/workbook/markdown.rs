//! A form as Markdown tables: like CSV with bars, the first column naming a sheet. `\|` is a bar inside a cell, lines of
//! dashes are passed over, and so is everything from a `#` behind the last bar or at the head of a line.

use super::{Grid, text_of};
use crate::Fault;

/// Reads the sheets.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Grid>, Fault> {
    let mut grids: Vec<Grid> = Vec::new();
    for line in text_of(bytes)?.lines() {
        let Some(inner) = between_bars(line) else { continue };
        if inner.chars().all(|letter| matches!(letter, '|' | '-')) {
            continue;
        }
        let mut cells = cells_of(inner).into_iter();
        let name = cells.next().unwrap_or_default();
        if !name.is_empty() {
            grids.push(Grid {
                name: name.to_lowercase(),
                rows: Vec::new(),
            });
        }
        let cells: Vec<String> = cells.collect();
        if let Some(grid) = grids.last_mut()
            && cells.iter().any(|cell| !cell.is_empty())
        {
            grid.rows.push(cells);
        }
    }
    Ok(grids)
}

/// What stands between the first and the last bar of a line of a table.
fn between_bars(line: &str) -> Option<&str> {
    let line = line.trim();
    let behind = line.rfind('|')?;
    let inner = line.strip_prefix('|')?;
    // The bar at the head is the only one of a line such as `|`.
    inner.get(..behind.checked_sub(1)?)
}

/// The cells of a line, parted at bars that have no backslash before them.
fn cells_of(inner: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut before = ' ';
    for letter in inner.chars() {
        match cells.last_mut() {
            Some(cell) if letter != '|' => cell.push(letter),
            Some(cell) if before == '\\' => {
                cell.pop();
                cell.push('|');
            }
            _ => cells.push(String::new()),
        }
        before = letter;
    }
    cells.iter().map(|cell| cell.trim().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_may_have_rulers_comments_and_bars_in_its_cells() {
        let text = "# the questions\n| survey | | |\n| | type | name | # by hand\n|---|---|\n| | text | a\\|b |\n\nprose\n|\n";
        let grids = read(text.as_bytes()).unwrap();
        assert_eq!(grids.len(), 1);
        assert_eq!(grids[0].name, "survey");
        assert_eq!(grids[0].rows, [["type", "name"], ["text", "a|b"]]);
    }
}
