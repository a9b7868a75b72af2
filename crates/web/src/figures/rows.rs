//! `/figures/{id}/rows`: from a figure to the rows of the journal table it stands on, as they were sealed.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use programme::journal::ColumnKind;
use report::html::basis;

use super::trace::{open, place_name};
use super::{crumbs, path_of};
use crate::Shared;
use crate::error::WebError;
use crate::layout::{self, Crumb};
use crate::page::Page;
use crate::site::Site;

/// Rows on one page.
const ROWS: usize = 100;

struct Cell {
    text: String,
    /// `n` for a number, `day` for a day, nothing for other text.
    class: &'static str,
}

#[derive(Template)]
#[template(path = "figures/rows.html")]
struct RowsPage {
    page: Page,
    crumbs: Vec<Crumb>,
    title: String,
    facts: Vec<(String, String, bool)>,
    columns: Vec<Cell>,
    rows: Vec<(usize, Vec<Cell>)>,
    first_href: String,
    next_href: String,
}

pub(super) async fn index(
    State(site): State<Shared>,
    Path(id): Path<String>,
    page: Page,
) -> Result<Response, WebError> {
    let opened = open(&site, &id)?;
    let name = opened.figure.evidence.table.as_deref();
    let sealed = name.and_then(|name| opened.evidence.sealed(name));
    let sealed = sealed.ok_or_else(WebError::missing)?;
    let after: usize = page.param("after").parse().unwrap_or_default();
    let mut rows = sealed.rows_after(after, ROWS + 1).await?;
    let is_last = rows.len() <= ROWS;
    rows.truncate(ROWS);
    let here = page.href(&format!("{}/rows", path_of(&id)));
    let cells = |texts: Vec<String>| -> Vec<Cell> {
        let columns = sealed.table.columns.iter();
        columns
            .zip(texts)
            .map(|(column, text)| cell(*column, text, &site, &page))
            .collect()
    };
    let r = report::words::WORDS.of(page.lang);
    let view = RowsPage {
        crumbs: crumbs(
            &page,
            &opened.figure,
            vec![Crumb::new(here.clone(), sealed.table.name)],
        ),
        title: opened.figure.title.get(page.lang).to_owned(),
        facts: basis::facts(opened.report(), &opened.figure, r),
        columns: cells(
            sealed
                .table
                .columns
                .iter()
                .map(|(name, _)| (*name).to_owned())
                .collect(),
        ),
        rows: (after + 1..)
            .zip(rows)
            .map(|(number, row)| (number, cells(row)))
            .collect(),
        first_href: if after == 0 { String::new() } else { here.clone() },
        next_href: if is_last {
            String::new()
        } else {
            format!("{here}?after={}", after + ROWS)
        },
        page,
    };
    layout::public(&view)
}

/// A text of a column. A code of a place is a number that nobody adds up: its name says more.
fn cell((name, kind): (&str, ColumnKind), text: String, site: &Site, page: &Page) -> Cell {
    let is_place = name.ends_with("place_code");
    Cell {
        class: match kind {
            ColumnKind::Int if !is_place => "n",
            ColumnKind::Text if name.ends_with("_on") => "day",
            _ => "",
        },
        text: match text.parse() {
            Ok(code) if is_place => format!("{} {code}", place_name(site, code, page)),
            _ => text,
        },
    }
}
