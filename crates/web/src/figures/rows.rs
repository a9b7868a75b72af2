//! `/figures/{id}/rows`: from a figure to the rows of the journal table it stands on, as they were sealed.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use programme::journal::ColumnKind;
use report::html::basis;

use super::trace::open;
use super::{crumbs, path_of};
use crate::Shared;
use crate::error::WebError;
use crate::layout::{self, Crumb};
use crate::page::Page;

/// Rows on one page.
const ROWS: usize = 100;

struct Cell {
    text: String,
    is_number: bool,
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
    let is_number = |at: usize| {
        let column = sealed.table.columns.get(at);
        column.is_some_and(|(_, kind)| *kind == ColumnKind::Int)
    };
    let cells = |texts: Vec<String>| {
        let cell = |(at, text)| Cell {
            text,
            is_number: is_number(at),
        };
        texts.into_iter().enumerate().map(cell).collect()
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
