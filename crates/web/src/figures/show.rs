//! `/figures/{id}`: the value, its parts, its definition, and how to check it.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use kernel::{Lang, Words};
use report::HalfYearReport;
use report::html::basis;
use report::html::pictures::{self, PictureView, RowView};
use report::html::views::{self, CardView, TraceView};
use report::model::{Breakdown, Figure};

use super::{card, crumbs, figure_of, latest_of, path_of};
use crate::Shared;
use crate::error::WebError;
use crate::layout::{self, Crumb};
use crate::page::Page;
use crate::paging::page_after;
use crate::sorting::{Column, Head, Sorting};

/// Rows of a table on one page.
const ROWS: usize = 50;
/// What the table of parts can be sorted by; as the report has it, the largest value is first.
const VALUE: Column = Column::falling("value");
const NAME: Column = Column::rising("name");
const LINES: Column = Column::falling("lines");
/// A table of fewer rows is seen at a glance.
const SORTED_ROWS_MIN: usize = 12;

/// One way of breaking the figure down.
struct Tab {
    href: String,
    title: String,
    here: bool,
}

#[derive(Template)]
#[template(path = "figures/show.html")]
struct ShowPage {
    page: Page,
    r: &'static Words,
    crumbs: Vec<Crumb>,
    card: CardView,
    days: String,
    tabs: Vec<Tab>,
    picture: Option<PictureView>,
    heads: Vec<Head>,
    /// Where a place of the table is opened; empty where it cannot be.
    trace_href: String,
    place_href: String,
    first_href: String,
    next_href: String,
    suppression: String,
    sql: String,
    views_sql: String,
    facts: Vec<(String, String, bool)>,
    rows_href: String,
    trace: Vec<TraceView>,
    command: String,
    recompute: String,
    check_href: String,
}

/// The breakdown that is shown, from the row the reader paged to.
#[derive(Default)]
struct Part {
    picture: Option<PictureView>,
    heads: Vec<Head>,
    first_href: String,
    next_href: String,
}

fn part(page: &Page, report: &HalfYearReport, figure: &Figure, by: &str) -> Part {
    let Some(breakdown) = figure.breakdown(by) else {
        return Part::default();
    };
    let mut whole = pictures::picture(
        report,
        figure,
        breakdown,
        report::words::WORDS.of(page.lang),
        usize::MAX,
    );
    // Months stand in their order.
    let is_long = breakdown.rows.len() >= SORTED_ROWS_MIN && by != "month";
    let sorting = is_long.then(|| Sorting::asked(page, VALUE, &[NAME, LINES]));
    if let Some(sorting) = sorting {
        whole.rows = sorted(whole.rows, breakdown, sorting, page.lang);
    }
    let (picture, is_first, next) = cut(whole, &page.param("after"));
    Part {
        heads: heads(sorting, &picture, page),
        picture: Some(picture),
        first_href: if is_first {
            String::new()
        } else {
            page.here_with("after", "")
        },
        next_href: next.map_or_else(String::new, |key| page.here_with("after", &key)),
    }
}

/// The heads of the table of parts; they lead back to it.
fn heads(sorting: Option<Sorting>, picture: &PictureView, page: &Page) -> Vec<Head> {
    let r = report::words::WORDS.of(page.lang);
    let head = |column, title: &str, class| match sorting {
        Some(sorting) => {
            let head = sorting.head(page, column, title, class);
            Head {
                href: format!("{}#parts", head.href),
                ..head
            }
        }
        None => Head::plain(title, class),
    };
    let mut heads = vec![
        head(NAME, &picture.name_head, ""),
        head(VALUE, &picture.value_head, "n"),
    ];
    if picture.with_share {
        heads.push(Head::plain(r.get("table.share"), "n"));
    }
    if picture.with_counties {
        heads.push(Head::plain(r.get("table.counties"), "n wide-only"));
    }
    heads.push(head(LINES, &picture.lines_head, "n wide-only"));
    heads
}

/// The rows in the order asked for. Names go by code in Chinese, as lists of places do, and by letters in English.
fn sorted(rows: Vec<RowView>, breakdown: &Breakdown, by: Sorting, lang: Lang) -> Vec<RowView> {
    let mut pairs: Vec<_> = breakdown.rows.iter().zip(rows).collect();
    pairs.sort_by(|(a, _), (b, _)| {
        by.turn(match (by.column.name, lang) {
            ("lines", _) => a.lines.cmp(&b.lines),
            ("name", Lang::En) => a.title.en.cmp(&b.title.en),
            ("name", Lang::Zh) => a.key.cmp(&b.key),
            _ => a.value.cmp(&b.value),
        })
    });
    pairs.into_iter().map(|(_, row)| row).collect()
}

pub(super) async fn show(
    State(site): State<Shared>,
    Path(id): Path<String>,
    page: Page,
) -> Result<Response, WebError> {
    let latest = latest_of(&site)?;
    let figure = figure_of(&latest, &id)?;
    let report = &latest.report;
    let r = report::words::WORDS.of(page.lang);
    let by = chosen(figure, &page.param("by"));
    let part = part(&page, report, figure, &by);
    let view = ShowPage {
        r,
        crumbs: crumbs(&page, figure, Vec::new()),
        card: card(report, figure, &page),
        days: format!(
            "{} · {} – {}",
            report.period.title.get(page.lang),
            report.period.first_day,
            report.period.last_day
        ),
        tabs: tabs(figure, &by, &page),
        picture: part.picture,
        heads: part.heads,
        trace_href: trace_href(&site, figure, &by, &page),
        place_href: if by == "place" {
            page.href("/places/")
        } else {
            String::new()
        },
        first_href: part.first_href,
        next_href: part.next_href,
        // The rule is about order lines; rows of sealed tables are not counted by it.
        suppression: match figure.evidence.table {
            None => r.fill("suppression.rule", &[("min", &report.min_lines.to_string())]),
            Some(_) => String::new(),
        },
        sql: without_marks(&figure.sql),
        views_sql: report.views_sql.trim().to_owned(),
        facts: basis::facts(report, figure, r),
        rows_href: rows_href(&site, figure, &page),
        trace: views::trace(figure, page.lang),
        command: format!(
            "fishpond figures show {} --period {} --trace --audit",
            figure.id, report.period.id
        ),
        recompute: format!(
            "tar xf evidence.tar && cd {}\npip install duckdb\npython3 recompute.py {}",
            report::pack::folder_name(report),
            figure.id
        ),
        check_href: page.href(&format!("/reports/{}/check", report.period.id)),
        page,
    };
    layout::public(&view)
}

/// The breakdown asked for, else the first.
fn chosen(figure: &Figure, asked: &str) -> String {
    let asked = figure.breakdown(asked).or_else(|| figure.breakdowns.first());
    asked.map_or_else(String::new, |breakdown| breakdown.dimension.clone())
}

/// The rows of one page of the table.
fn cut(mut picture: PictureView, after: &str) -> (PictureView, bool, Option<String>) {
    let rows = std::mem::take(&mut picture.rows);
    let page = page_after(rows, after, ROWS, |row| row.key.clone());
    picture.rows = page.rows;
    picture.total = picture.total.filter(|_| page.next.is_none());
    (picture, page.is_first, page.next)
}

fn tabs(figure: &Figure, by: &str, page: &Page) -> Vec<Tab> {
    let r = report::words::WORDS.of(page.lang);
    let tab = |dimension: &str| Tab {
        href: page.href(&format!("{}?by={dimension}", path_of(&figure.id))),
        title: r.get(&format!("by.{dimension}")).to_owned(),
        here: dimension == by,
    };
    figure
        .breakdowns
        .iter()
        .map(|breakdown| tab(&breakdown.dimension))
        .collect()
}

/// Where the rows of the figure's journal table are; empty where it has none that this server can open.
fn rows_href(site: &crate::Site, figure: &Figure, page: &Page) -> String {
    let table = figure.evidence.table.as_deref();
    let evidence = site.evidence();
    let sealed = table
        .zip(evidence.as_deref())
        .and_then(|(table, evidence)| evidence.sealed(table));
    sealed.map_or_else(String::new, |_| {
        page.href(&format!("{}/rows", path_of(&figure.id)))
    })
}

fn trace_href(site: &crate::Site, figure: &Figure, by: &str, page: &Page) -> String {
    let opens = by == "place" && site.evidence().is_some() && site.programme.figure(&figure.id).is_ok();
    if opens {
        page.href(&format!("{}/trace?place=", path_of(&figure.id)))
    } else {
        String::new()
    }
}

/// A definition without the marks at which a breakdown is put in: `/*by*/`.
fn without_marks(sql: &str) -> String {
    let mut kept = String::new();
    for piece in sql.split("/*") {
        kept.push_str(
            piece
                .split_once("*/")
                .map_or(piece, |(_, after)| after.trim_start_matches(' ')),
        );
    }
    kept.trim().to_owned()
}
