//! `/figures/{id}/trace`: from a figure to a place's segments, from a segment to the lines of its file.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use kernel::{Fault, PlaceCode, Refusal, Words};
use lake::figures::OrderLine;
use programme::FigureDef;
use report::model::{Figure, HalfYearReport, SegmentEvidence};

use super::{bare, crumbs, figure_of, in_full, latest_of, path_of, unit_words};
use crate::Shared;
use crate::error::WebError;
use crate::evidence::{Evidence, Portion};
use crate::layout::{self, Crumb};
use crate::page::Page;
use crate::shelf::Published;
use crate::site::Site;

/// Lines of a file on one page.
const LINES: usize = 50;

/// What a step of a trace works on.
pub(super) struct Opened<'a> {
    published: Arc<Published>,
    pub figure: Figure,
    pub def: &'a FigureDef,
    pub evidence: Arc<Evidence>,
}

impl Opened<'_> {
    pub(super) fn report(&self) -> &HalfYearReport {
        &self.published.report
    }
}

/// The figure, its definition and the evidence; refused where this server has none.
pub(super) fn open<'a>(site: &'a Site, id: &str) -> Result<Opened<'a>, WebError> {
    let latest = latest_of(site)?;
    Ok(Opened {
        figure: figure_of(&latest, id)?.clone(),
        published: latest,
        def: site.programme.figure(id)?,
        evidence: site
            .evidence()
            .ok_or_else(|| Refusal::new("web.no_evidence", Fault::Missing))?,
    })
}

/// The name of a place with those above it; in English its own.
pub(super) fn place_name(site: &Site, code: PlaceCode, page: &Page) -> String {
    site.places.get(code).map_or_else(
        || code.to_string(),
        |place| match page.lang {
            kernel::Lang::Zh => site.places.full_name(place),
            kernel::Lang::En => place.name_en().to_owned(),
        },
    )
}

struct PortionView {
    href: String,
    file: String,
    lines: String,
    value: String,
    first: String,
    segment: String,
}

#[derive(Template)]
#[template(path = "figures/trace.html")]
struct TracePage {
    value_head: String,
    page: Page,
    r: &'static Words,
    crumbs: Vec<Crumb>,
    title: String,
    place: String,
    place_href: String,
    portions: Vec<PortionView>,
    total: String,
    hidden_note: String,
}

pub(super) async fn index(
    State(site): State<Shared>,
    Path(id): Path<String>,
    page: Page,
) -> Result<Response, WebError> {
    let opened = open(&site, &id)?;
    let code: PlaceCode = page.param("place").parse()?;
    let portions = opened
        .evidence
        .segments(opened.report(), opened.def, code)
        .await?;
    let r = report::words::WORDS.of(page.lang);
    let place = place_name(&site, code, &page);
    let hidden = portions.iter().filter(|portion| portion.hidden).count();
    let shown = opened.figure.breakdown("place").and_then(|places| {
        let row = places.rows.iter().find(|row| row.key == code.to_string())?;
        row.value
    });
    let unit = unit_words(&opened.figure.unit, r);
    let view = TracePage {
        value_head: page.w.fill(
            "figures.with_unit",
            &[("name", r.get("figure.part")), ("unit", &unit)],
        ),
        r,
        crumbs: crumbs(
            &page,
            &opened.figure,
            vec![Crumb::new(page.here(), place.clone())],
        ),
        title: opened.figure.title.get(page.lang).to_owned(),
        place_href: page.href(&format!("/places/{code}")),
        portions: portions
            .iter()
            .map(|portion| portion_view(&opened, portion, code, &page))
            .collect(),
        total: shown.map_or_else(String::new, |value| in_full(value, &opened.figure.unit, r)),
        hidden_note: if hidden == 0 {
            String::new()
        } else {
            r.fill(
                "suppression.hidden",
                &[
                    ("n", &hidden.to_string()),
                    ("min", &opened.report().min_lines.to_string()),
                ],
            )
        },
        place,
        page,
    };
    layout::public(&view)
}

fn portion_view(opened: &Opened<'_>, portion: &Portion, place: PlaceCode, page: &Page) -> PortionView {
    let (row, r) = (&portion.row, report::words::WORDS.of(page.lang));
    let segment = row.segment_sha256.chars().take(12).collect();
    if portion.hidden {
        return PortionView {
            href: String::new(),
            file: row.file_name.clone(),
            lines: "–".to_owned(),
            value: report::html::views::too_few(opened.report(), r),
            first: String::new(),
            segment,
        };
    }
    let first: Vec<String> = row.first_source_lines.iter().map(i64::to_string).collect();
    PortionView {
        href: page.href(&format!(
            "{}/trace/{}?place={place}",
            path_of(&opened.figure.id),
            row.segment_sha256
        )),
        file: row.file_name.clone(),
        lines: report::numbers::grouped(row.lines),
        value: bare(row.value, &opened.figure.unit),
        first: first.join(", "),
        segment,
    }
}

pub(super) struct LineView {
    pub href: String,
    pub number: String,
    pub day: String,
    pub order: String,
    pub product: String,
    pub amount: String,
    pub cancelled: bool,
}

#[derive(Template)]
#[template(path = "figures/segment.html")]
struct SegmentPage {
    page: Page,
    crumbs: Vec<Crumb>,
    place: String,
    file: String,
    facts: Vec<(String, String, bool)>,
    lines: Vec<LineView>,
    first_href: String,
    next_href: String,
    sed: String,
}

pub(super) async fn show(
    State(site): State<Shared>,
    Path((id, segment)): Path<(String, String)>,
    page: Page,
) -> Result<Response, WebError> {
    let opened = open(&site, &id)?;
    let code: PlaceCode = page.param("place").parse()?;
    let after = page.param("after").parse::<i64>().unwrap_or_default().max(0);
    let sealed = segment_of(opened.report(), &segment)?;
    let mut lines = opened
        .evidence
        .lines(opened.report(), opened.def, (&segment, code), (after, LINES + 1))
        .await?;
    let is_last = lines.len() <= LINES;
    lines.truncate(LINES);
    let base = format!("{}/trace/{segment}", path_of(&id));
    let here = page.href(&format!("{base}?place={code}"));
    let next_href = lines
        .last()
        .filter(|_| !is_last)
        .map_or_else(String::new, |line| format!("{here}&after={}", line.source_line));
    let place = place_name(&site, code, &page);
    let up = page.href(&format!("{}/trace?place={code}", path_of(&id)));
    let r = report::words::WORDS.of(page.lang);
    let view = SegmentPage {
        crumbs: crumbs(
            &page,
            &opened.figure,
            vec![
                Crumb::new(up, place.clone()),
                Crumb::new(here.clone(), sealed.file_name.clone()),
            ],
        ),
        file: sealed.file_name.clone(),
        facts: segment_facts(sealed, r),
        sed: lines.first().map_or_else(String::new, |line| {
            format!(
                "sha256sum '{0}'\nsed -n {1}p '{0}'",
                sealed.file_name.replace('\'', ""),
                line.source_line
            )
        }),
        lines: lines
            .iter()
            .map(|line| {
                line_view(
                    line,
                    page.href(&format!("{base}/lines/{}", line.source_line)),
                    &page,
                )
            })
            .collect(),
        first_href: if after == 0 { String::new() } else { here },
        next_href,
        place,
        page,
    };
    layout::public(&view)
}

pub(super) fn segment_of<'a>(
    report: &'a HalfYearReport,
    sha256: &str,
) -> Result<&'a SegmentEvidence, WebError> {
    report
        .evidence
        .segments
        .iter()
        .find(|segment| segment.sha256 == sha256)
        .ok_or_else(WebError::missing)
}

pub(super) fn segment_facts(segment: &SegmentEvidence, r: &Words) -> Vec<(String, String, bool)> {
    let fact = |key: &str, value: &str, is_hash| (r.get(key).to_owned(), value.to_owned(), is_hash);
    vec![
        fact("evidence.file", &segment.file_name, false),
        fact(
            "evidence.days",
            &format!("{} – {}", segment.day_first, segment.day_last),
            false,
        ),
        fact("evidence.rows", &report::numbers::grouped(segment.rows), false),
        fact(
            "evidence.net",
            &report::numbers::statement(segment.net_fen),
            false,
        ),
        fact("evidence.file_hash", &segment.file_sha256, true),
        fact("evidence.segment_hash", &segment.sha256, true),
        fact("evidence.merkle", &segment.merkle_root, true),
        fact("evidence.manifest", &segment.manifest_sha256, true),
    ]
}

fn line_view(line: &OrderLine, href: String, page: &Page) -> LineView {
    LineView {
        href,
        number: line.source_line.to_string(),
        day: line.day.clone(),
        order: line.order_no.clone(),
        product: line.product_title.get(page.lang).to_owned(),
        amount: report::numbers::statement(line.amount_fen),
        cancelled: line.cancelled,
    }
}
