//! `/staff/figures`: what the figures of a period are with the evidence of this minute, beside the last version.
//!
//! Who sees their own places only sees the parts of those places, and no totals.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use kernel::{Period, PlaceCode, Words};
use lake::figures::{BreakdownRow, Dimension, FigureEngine};
use people::staff::{Action, PlaceFilter};
use programme::FigureDef;

use crate::Shared;
use crate::desk;
use crate::error::WebError;
use crate::figures::{bare, in_full, unit_words};
use crate::layout::{self, Crumb};
use crate::page::Page;
use crate::paging::page_after;
use crate::periods::{Compared, compared};
use crate::routes::{Rooms, Who};
use crate::signed::Signed;
use crate::site::Site;

/// Parts on one page.
const ROWS: usize = 50;

pub(crate) fn routes() -> Rooms {
    let view = Who::May(Action::ViewPreparing);
    Rooms::new()
        .get("/staff/figures", view, index)
        .get("/staff/figures/{id}", view, show)
}

/// The period asked for, else that of the programme.
fn period_of(site: &Site, page: &Page) -> Result<Period, WebError> {
    match page.param("period") {
        asked if asked.is_empty() => Ok(site.programme.head.period),
        asked => Ok(asked.parse()?),
    }
}

async fn engine(site: &Site, period: Period) -> Result<FigureEngine, WebError> {
    let lake = &desk::workshop(site)?.lake;
    Ok(FigureEngine::over_rollups(lake, &site.tables, period).await?)
}

#[derive(Template)]
#[template(path = "preparing/index.html")]
struct IndexPage {
    page: Page,
    period: String,
    period_id: String,
    before: String,
    with_totals: bool,
    figures: Vec<Compared>,
}

async fn index(State(site): State<Shared>, signed: Signed) -> Result<Response, WebError> {
    signed.require(Action::ViewPreparing, None)?;
    let (page, everywhere) = (
        signed.page.clone(),
        signed.viewer.may_everywhere(Action::ViewPreparing),
    );
    let period = period_of(&site, &page)?;
    let engine = engine(&site, period).await?;
    let last = site.of_period(&period.to_string()).await?;
    let mut figures = Vec::new();
    // Who sees their own places only sees the parts of figures that have a part for each place.
    let has_places = |def: &&FigureDef| def.breakdowns.contains_key(&Dimension::Place);
    let shown = site.programme.figures.iter();
    for def in shown.filter(|def| everywhere || has_places(def)) {
        let now = if everywhere {
            engine.value(def).await?
        } else {
            None
        };
        let before = last
            .as_ref()
            .filter(|_| everywhere)
            .and_then(|last| last.report.figure(&def.id)?.value);
        figures.push(Compared {
            href: page.href(&format!("/staff/figures/{}?period={period}", def.id)),
            ..compared(
                def.title.get(page.lang).to_owned(),
                unit(def),
                (before, now),
                &page,
            )
        });
    }
    let view = IndexPage {
        period: period.title(page.lang),
        period_id: period.to_string(),
        before: last.map_or_else(
            || page.w.get("periods.no_version").to_owned(),
            |last| {
                page.w
                    .fill("periods.version", &[("n", &last.version.number.to_string())])
            },
        ),
        with_totals: everywhere,
        figures,
        page,
    };
    layout::html(&view)
}

/// The unit of a figure as reports name it.
fn unit(def: &FigureDef) -> &str {
    &def.unit
}

/// One way of breaking the figure down.
struct Tab {
    href: String,
    title: String,
    here: bool,
}

struct PartView {
    title: String,
    value: String,
    lines: String,
}

#[derive(Template)]
#[template(path = "preparing/show.html")]
struct ShowPage {
    page: Page,
    crumbs: Vec<Crumb>,
    title: String,
    period: String,
    total: String,
    tabs: Vec<Tab>,
    value_head: String,
    parts: Vec<PartView>,
    first_href: String,
    next_href: String,
}

async fn show(
    State(site): State<Shared>,
    Path(id): Path<String>,
    signed: Signed,
) -> Result<Response, WebError> {
    signed.require(Action::ViewPreparing, None)?;
    let (page, filter) = (signed.page.clone(), signed.viewer.places(Action::ViewPreparing));
    let def = site.programme.figure(&id).map_err(|_| WebError::missing())?;
    let period = period_of(&site, &page)?;
    let engine = engine(&site, period).await?;
    let r = report::words::WORDS.of(page.lang);
    let offered = dimensions(def, &filter);
    let by = offered
        .iter()
        .copied()
        .find(|by| by.as_str() == page.param("by"))
        .or_else(|| offered.first().copied());
    let rows = match by {
        Some(by) => engine.breakdown(def, by).await?,
        None => Vec::new(),
    };
    let rows = rows
        .into_iter()
        .filter(|row| is_covered(&filter, &row.key))
        .collect();
    let rows = page_after(rows, &page.param("after"), ROWS, |row| row.key.clone());
    let base = page.href(&format!("/staff/figures/{id}?period={period}"));
    let chosen = by.map_or_else(|| base.clone(), |by| format!("{base}&by={}", by.as_str()));
    let total = if filter == PlaceFilter::All {
        engine.value(def).await?
    } else {
        None
    };
    let view = ShowPage {
        crumbs: vec![
            Crumb::new(
                page.href(&format!("/staff/figures?period={period}")),
                page.w.get("nav.preparing"),
            ),
            Crumb::new(base.clone(), def.title.get(page.lang)),
        ],
        title: def.title.get(page.lang).to_owned(),
        period: period.title(page.lang),
        total: total.map_or_else(String::new, |value| in_full(value, unit(def), r)),
        tabs: tabs(&offered, by, &base, r),
        value_head: r.fill("table.value", &[("unit", &unit_words(unit(def), r))]),
        parts: rows.rows.iter().map(|row| part_view(row, def, &page)).collect(),
        first_href: if rows.is_first {
            String::new()
        } else {
            chosen.clone()
        },
        next_href: rows
            .next
            .map_or_else(String::new, |key| format!("{chosen}&after={key}")),
        page,
    };
    layout::html(&view)
}

fn tabs(offered: &[Dimension], by: Option<Dimension>, base: &str, r: &Words) -> Vec<Tab> {
    let tab = |offer: &Dimension| Tab {
        href: format!("{base}&by={}", offer.as_str()),
        title: r.get(&format!("by.{}", offer.as_str())).to_owned(),
        here: Some(*offer) == by,
    };
    offered.iter().map(tab).collect()
}

fn part_view(row: &BreakdownRow, def: &FigureDef, page: &Page) -> PartView {
    PartView {
        title: row.title.get(page.lang).to_owned(),
        value: bare(row.value, unit(def)),
        lines: report::numbers::grouped(row.lines),
    }
}

/// The ways a figure is broken down for someone: by place only where they see their own places only.
fn dimensions(def: &FigureDef, filter: &PlaceFilter) -> Vec<Dimension> {
    let all = def.breakdowns.keys().copied();
    all.filter(|by| *filter == PlaceFilter::All || *by == Dimension::Place)
        .collect()
}

fn is_covered(filter: &PlaceFilter, key: &str) -> bool {
    *filter == PlaceFilter::All || key.parse().is_ok_and(|place: PlaceCode| filter.covers(place))
}
