//! The numbers of a chart as a table: what stands behind it in the page, and what a reader of the screen is told.

use crate::svg::escaped;

/// A table whose first column names the rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Heads of the columns.
    pub head: Vec<String>,
    /// Rows, each as long as the head.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn new(head: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> Self {
        Self {
            head: head.iter().map(|title| (*title).to_owned()).collect(),
            rows: rows.into_iter().collect(),
        }
    }

    /// The table as HTML: all but the first column to the right.
    #[must_use]
    pub fn html(&self) -> String {
        let head = self.head.iter().enumerate();
        let head =
            head.map(|(column, title)| format!("<th scope=\"col\"{}>{}</th>", side(column), escaped(title)));
        let rows = self.rows.iter().map(|row| row_html(row));
        format!(
            "<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>",
            head.collect::<Vec<_>>().concat(),
            rows.collect::<Vec<_>>().concat()
        )
    }

    /// The table folded behind `summary`, as a page prints it under the chart.
    #[must_use]
    pub fn details(&self, summary: &str) -> String {
        format!(
            "<details><summary>{}</summary><div class=\"wrap\">{}</div></details>",
            escaped(summary),
            self.html()
        )
    }
}

fn row_html(row: &[String]) -> String {
    let cell = |(column, text): (usize, &String)| {
        let text = escaped(text);
        if column == 0 {
            format!("<th scope=\"row\">{text}</th>")
        } else {
            format!("<td{}>{text}</td>", side(column))
        }
    };
    let cells: Vec<String> = row.iter().enumerate().map(cell).collect();
    format!("<tr>{}</tr>", cells.concat())
}

fn side(column: usize) -> &'static str {
    if column == 0 { "" } else { " class=\"r\"" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_printed_folded_with_its_text_escaped() {
        let table = Table::new(&["县", "<元>"], [vec!["岷县".to_owned(), "1&2".to_owned()]]);
        assert_eq!(
            table.details("数据"),
            "<details><summary>数据</summary><div class=\"wrap\"><table><thead><tr><th scope=\"col\">县</th>\
             <th scope=\"col\" class=\"r\">&lt;元&gt;</th></tr></thead><tbody><tr><th scope=\"row\">岷县</th>\
             <td class=\"r\">1&amp;2</td></tr></tbody></table></div></details>"
        );
    }
}
