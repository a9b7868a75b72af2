//! The history of uploads, the newest first, and the form that sends a file.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use futures::future::BoxFuture;
use kernel::Refusal;
use lake::uploads::{Upload, UploadColumn, UploadId, UploadOrder, UploadState};
use people::staff::Action;

use super::{path_of, state_words};
use crate::Shared;
use crate::desk::{self, Names};
use crate::error::WebError;
use crate::files::{self, Cell, Part};
use crate::layout;
use crate::page::Page;
use crate::reports::show::size;
use crate::signed::Signed;
use crate::site::Site;
use crate::sorting::{Column, Head, Sorting};

/// Uploads on one page.
const ROWS: i64 = 30;
const SENT: Column = Column::falling("sent");
const NAME: Column = Column::rising("name");
const SIZE: Column = Column::falling("size");

struct Entry {
    href: String,
    name: String,
    state: String,
    tone: &'static str,
    size: String,
    accepted: String,
    rejected: String,
    by: String,
    at: String,
}

/// A layout to choose.
struct Choice {
    name: String,
    title: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "intake/index.html")]
struct IndexPage {
    page: Page,
    may_send: bool,
    layouts: Vec<Choice>,
    max: String,
    error: String,
    advice: String,
    heads: Vec<Head>,
    entries: Vec<Entry>,
    first_href: String,
    next_href: String,
}

pub(super) async fn index(State(site): State<Shared>, signed: Signed) -> Result<Response, WebError> {
    signed.require(Action::ViewIntake, None)?;
    layout::html(&view(&site, &signed, None, "").await?)
}

/// The page again, with what was wrong with a file that was sent.
pub(super) async fn refused(
    site: &Site,
    signed: &Signed,
    refusal: &Refusal,
    layout: &str,
) -> Result<Response, WebError> {
    let mut response = layout::html(&view(site, signed, Some(refusal), layout).await?)?;
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(response)
}

async fn view(
    site: &Site,
    signed: &Signed,
    refusal: Option<&Refusal>,
    layout: &str,
) -> Result<IndexPage, WebError> {
    let (page, uploads) = (signed.page.clone(), &desk::workshop(site)?.uploads);
    let sorting = sorting(&page);
    let after = page.param("after").parse().ok();
    let by = of_whom(signed);
    let mut rows = uploads
        .page(order(sorting), by.as_deref(), after, ROWS + 1)
        .await?;
    let shown = usize::try_from(ROWS).unwrap_or_default();
    let is_last = rows.len() <= shown;
    rows.truncate(shown);
    let names = Names::of(site).await?;
    let next = rows.last().filter(|_| !is_last);
    Ok(IndexPage {
        may_send: signed.viewer.may(Action::ImportSales, None),
        layouts: layouts(site, layout, &page),
        max: size(uploads.limits().file_bytes_max),
        error: refusal.map_or_else(String::new, |refusal| refusal.message(page.lang)),
        advice: refusal
            .and_then(|refusal| refusal.advice(page.lang))
            .unwrap_or_default(),
        heads: heads(sorting, &page),
        next_href: next.map_or_else(String::new, |upload| {
            page.here_with("after", &upload.id.to_string())
        }),
        first_href: after.map_or_else(String::new, |_| page.here_with("after", "")),
        entries: rows.iter().map(|upload| entry(upload, &names, &page)).collect(),
        page,
    })
}

/// The same uploads as a CSV.
pub(super) async fn file(State(site): State<Shared>, signed: Signed) -> Result<Response, WebError> {
    signed.require(Action::ViewIntake, None)?;
    desk::workshop(&site)?;
    let (page, by) = (signed.page.clone(), of_whom(&signed));
    let order = order(sorting(&page));
    let names = Arc::new(Names::of(&site).await?);
    let heads = [
        "intake.file",
        "intake.state",
        "intake.accepted",
        "intake.rejected",
        "intake.bytes",
        "intake.by",
        "intake.at",
    ]
    .map(|key| signed.page.w.get(key));
    let next = move |after: Option<UploadId>| -> BoxFuture<'static, Result<Part<UploadId>, Refusal>> {
        let (site, names) = (Arc::clone(&site), Arc::clone(&names));
        let (page, by) = (page.clone(), by.clone());
        Box::pin(async move {
            let uploads = match &site.workshop {
                Some(workshop) => {
                    workshop
                        .uploads
                        .page(order, by.as_deref(), after, files::PART)
                        .await?
                }
                None => Vec::new(),
            };
            Ok(Part::of(
                &uploads,
                |upload| upload.id,
                |upload| row(upload, &names, &page),
            ))
        })
    };
    Ok(files::list("uploads.csv", &heads, Box::new(next)))
}

fn row(upload: &Upload, names: &Names, page: &Page) -> Vec<Cell> {
    let count = |number: Option<i64>| number.map_or_else(|| Cell::text(""), Cell::count);
    let taken = taken(&upload.state);
    vec![
        Cell::text(&upload.file_name),
        Cell::text(page.w.get(state_words(&upload.state).0)),
        count(taken.map(|(accepted, _)| accepted)),
        count(taken.map(|(_, rejected)| rejected)),
        Cell::count(upload.bytes),
        Cell::text(names.get(&upload.uploaded_by)),
        Cell::text(desk::instant(upload.uploaded_at)),
    ]
}

/// Rows that were accepted and that were rejected; none before the import.
fn taken(state: &UploadState) -> Option<(i64, i64)> {
    match state {
        UploadState::Imported { import, .. } => Some((import.accepted, import.rejected)),
        _ => None,
    }
}

/// Whose files are there for whoever looks: of who sees their own places only, their own.
fn of_whom(signed: &Signed) -> Option<String> {
    (!signed.viewer.may_everywhere(Action::ViewIntake)).then(|| signed.user.to_string())
}

fn sorting(page: &Page) -> Sorting {
    Sorting::asked(page, SENT, &[NAME, SIZE])
}

fn order(sorting: Sorting) -> UploadOrder {
    UploadOrder {
        column: match sorting.column {
            NAME => UploadColumn::FileName,
            SIZE => UploadColumn::Size,
            _ => UploadColumn::SentAt,
        },
        direction: sorting.direction(),
    }
}

fn heads(sorting: Sorting, page: &Page) -> Vec<Head> {
    let w = page.w;
    vec![
        sorting.head(page, NAME, w.get("intake.file"), ""),
        Head::plain(w.get("intake.state"), ""),
        Head::plain(w.get("intake.accepted"), "n"),
        Head::plain(w.get("intake.rejected"), "n"),
        sorting.head(page, SIZE, w.get("intake.size"), "n"),
        Head::plain(w.get("intake.by"), ""),
        sorting.head(page, SENT, w.get("intake.at"), ""),
    ]
}

fn layouts(site: &Site, chosen: &str, page: &Page) -> Vec<Choice> {
    let choice = |layout: &programme::Layout| Choice {
        chosen: layout.name == chosen,
        name: layout.name.clone(),
        title: layout.title.get(page.lang).to_owned(),
    };
    site.programme.layouts.iter().map(choice).collect()
}

fn entry(upload: &Upload, names: &Names, page: &Page) -> Entry {
    let (key, tone) = state_words(&upload.state);
    let taken = taken(&upload.state);
    let count = |number: Option<i64>| number.map_or_else(String::new, report::numbers::grouped);
    Entry {
        href: page.href(&path_of(upload.id)),
        name: upload.file_name.clone(),
        state: page.w.get(key).to_owned(),
        tone,
        size: size(u64::try_from(upload.bytes).unwrap_or_default()),
        accepted: count(taken.map(|(accepted, _)| accepted)),
        rejected: count(taken.map(|(_, rejected)| rejected)),
        by: names.get(&upload.uploaded_by),
        at: desk::instant(upload.uploaded_at),
    }
}
