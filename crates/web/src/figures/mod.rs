//! `/figures`: search, one figure with its working, and the way from it down to a line of a file.

mod index;
mod line;
mod rows;
mod show;
mod trace;

use kernel::Words;
use std::sync::Arc;

use report::HalfYearReport;
use report::html::views::{self, CardView};
use report::model::Figure;

use crate::error::WebError;
use crate::layout::Crumb;
use crate::page::Page;
use crate::routes::{Rooms, Who};
use crate::shelf::Published;
use crate::site::Site;

pub(crate) fn routes() -> Rooms {
    Rooms::new()
        .get("/figures", Who::Everyone, index::index)
        .get("/figures/{id}", Who::Everyone, show::show)
        .get("/figures/{id}/rows", Who::Everyone, rows::index)
        .get("/figures/{id}/trace", Who::Everyone, trace::index)
        .get("/figures/{id}/trace/{segment}", Who::Everyone, trace::show)
        .get(
            "/figures/{id}/trace/{segment}/lines/{line}",
            Who::Everyone,
            line::show,
        )
}

/// A figure as a card that leads to its page.
pub(crate) fn card(report: &HalfYearReport, figure: &Figure, page: &Page) -> CardView {
    CardView {
        href: page.href(&path_of(&figure.id)),
        ..views::card(report, figure, report::words::WORDS.of(page.lang))
    }
}

/// The path of a figure.
pub(crate) fn path_of(id: &str) -> String {
    format!("/figures/{id}")
}

/// The latest report.
fn latest_of(site: &Site) -> Result<Arc<Published>, WebError> {
    site.latest().ok_or_else(WebError::missing)
}

/// A figure of a report.
fn figure_of<'a>(published: &'a Published, id: &str) -> Result<&'a Figure, WebError> {
    published.report.figure(id).ok_or_else(WebError::missing)
}

/// The way to a figure and further down.
fn crumbs(page: &Page, figure: &Figure, further: Vec<Crumb>) -> Vec<Crumb> {
    let mut crumbs = vec![
        Crumb::new(page.href("/figures"), page.w.get("nav.figures")),
        Crumb::new(page.href(&path_of(&figure.id)), figure.title.get(page.lang)),
    ];
    crumbs.extend(further);
    crumbs
}

/// An amount or a count, written in full, with its unit.
pub(crate) fn in_full(value: i64, unit: &str, r: &Words) -> String {
    if unit == "fen" {
        format!("{} {}", report::numbers::statement(value), r.get("unit.yuan"))
    } else {
        let key = report::numbers::count_key(value, unit);
        format!("{} {}", report::numbers::grouped(value), r.get(&key))
    }
}

/// The same without its unit, for a column whose head names it by [`unit_words`].
pub(crate) fn bare(value: i64, unit: &str) -> String {
    if unit == "fen" {
        report::numbers::statement(value)
    } else {
        report::numbers::grouped(value)
    }
}

/// The unit of [`bare`] in words.
pub(crate) fn unit_words(unit: &str, r: &Words) -> String {
    if unit == "fen" {
        r.get("unit.yuan").to_owned()
    } else {
        r.get(&format!("unit.{unit}")).to_owned()
    }
}

/// An amount of money to the hundredth: yuan by their name, another currency by its code.
pub(crate) fn in_currency(hundredths: i64, currency: &str, r: &Words) -> String {
    match currency {
        "CNY" => in_full(hundredths, "fen", r),
        other => format!("{} {other}", report::numbers::statement(hundredths)),
    }
}

/// A quantity kept in thousandths, without empty decimals.
pub(crate) fn thousandths(milli: i64) -> String {
    let whole = report::numbers::grouped(milli / 1_000);
    match milli.unsigned_abs() % 1_000 {
        0 => whole,
        rest => format!("{whole}.{rest:03}"),
    }
}
