//! `/`: what the programme is, its headline figures and pillars, where it sells from, what happened when.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use kernel::Words;
use report::html::pictures::{self, PictureView};
use report::html::views::{self, CardView, MilestoneView};
use report::model::Figure;

use crate::error::WebError;
use crate::layout;
use crate::page::Page;
use crate::routes::{Rooms, Who};
use crate::shelf::Published;
use crate::site::Site;
use crate::{Shared, figures};

pub(crate) fn routes() -> Rooms {
    Rooms::new().get("/", Who::Everyone, show)
}

/// A pillar with its numbers of figures.
struct PillarView {
    href: String,
    title: String,
    counts: String,
}

/// One step from a figure down to a line.
struct StepView {
    head: &'static str,
    what: String,
    href: String,
    title: &'static str,
}

/// What the latest report gives the page.
struct LatestView {
    period: String,
    report_href: String,
    check_href: String,
    cards: Vec<CardView>,
    walk: Vec<StepView>,
    picture: Option<PictureView>,
    picture_of: String,
    picture_href: String,
    milestones: Vec<MilestoneView>,
    evidence: String,
}

#[derive(Template)]
#[template(path = "home/show.html")]
struct HomePage {
    page: Page,
    r: &'static Words,
    pillars: Vec<PillarView>,
    latest: Option<LatestView>,
}

async fn show(State(site): State<Shared>, page: Page) -> Result<Response, WebError> {
    let latest = match site.latest() {
        Some(latest) => Some(latest_view(&site, &latest, &page).await),
        None => None,
    };
    let view = HomePage {
        r: report::words::WORDS.of(page.lang),
        pillars: pillars(&site, &page),
        latest,
        page,
    };
    layout::public(&view)
}

fn pillars(site: &Site, page: &Page) -> Vec<PillarView> {
    let (defined, published) = (&site.programme.figures, &site.programme.published);
    let view = |pillar: &programme::Pillar| {
        let all = published.iter().filter(|row| row.pillar == pillar.id).count();
        let checked = defined
            .iter()
            .filter(|figure| figure.pillar == pillar.id && figure.published.is_some())
            .count();
        PillarView {
            href: page.href(&format!("/figures?pillar={}", pillar.id)),
            title: pillar.title.get(page.lang).to_owned(),
            counts: page.w.fill(
                "home.pillar_counts",
                &[("all", &all.to_string()), ("checked", &checked.to_string())],
            ),
        }
    };
    site.programme.head.pillars.iter().map(view).collect()
}

async fn latest_view(site: &Site, latest: &Published, page: &Page) -> LatestView {
    let (report, r) = (&latest.report, report::words::WORDS.of(page.lang));
    let front = pictures::front_figure(report);
    let path = format!("/reports/{}", report.period.id);
    let walk = match front {
        Some(figure) => walk(site, latest, figure, page).await,
        None => Vec::new(),
    };
    let cards = report
        .figures
        .iter()
        .filter(|figure| figure.published.is_some())
        .map(|figure| figures::card(report, figure, page))
        .collect();
    LatestView {
        period: report.period.title.get(page.lang).to_owned(),
        report_href: page.href(&path),
        check_href: page.href(&format!("{path}/check")),
        cards,
        walk,
        picture: front.and_then(|figure| pictures::dotted(report, figure, site.places, r)),
        picture_of: front.map_or_else(String::new, |figure| figure.title.get(page.lang).to_owned()),
        picture_href: front.map_or_else(String::new, |figure| {
            page.href(&format!("/figures/{}?by=province", figure.id))
        }),
        milestones: views::milestones(report, page.lang),
        evidence: page.w.fill(
            "home.evidence",
            &[
                ("files", &report.evidence.segments.len().to_string()),
                ("rows", &report::numbers::grouped(report.evidence.rows)),
            ],
        ),
    }
}

/// The way down from a figure, by the county with the largest part of it.
async fn walk(site: &Site, latest: &Published, figure: &Figure, page: &Page) -> Vec<StepView> {
    let (report, r) = (&latest.report, report::words::WORDS.of(page.lang));
    let base = format!("/figures/{}", figure.id);
    let county = figure
        .breakdown("place")
        .and_then(|places| places.rows.iter().find_map(|row| Some((row, row.value?))));
    let (Some((county, part)), Some(value)) = (county, figure.value) else {
        return Vec::new();
    };
    let said = |value| {
        let said = report::numbers::say(value, &figure.unit, page.lang);
        format!("{} {}", said.number, r.get(&said.unit_key))
    };
    let step = |head, what, path: &str, title| StepView {
        head: page.w.get(head),
        what,
        href: page.href(path),
        title: page.w.get(title),
    };
    let name = county.title.get(page.lang);
    // A server without the order lines shows the counties and goes no further.
    let trace = match site.evidence() {
        Some(_) => format!("{base}/trace?place={}", county.key),
        None => format!("{base}?by=place"),
    };
    let lines = county.lines.map_or_else(String::new, |lines| {
        page.w
            .fill("home.walk_lines", &[("n", &report::numbers::grouped(lines))])
    });
    let files = files(site, latest, figure, &county.key).await;
    let files = page.w.fill("home.walk_files", &[("n", &files.to_string())]);
    vec![
        step("home.walk_figure", said(value), &base, "home.walk_definition"),
        step(
            "home.walk_county",
            format!("{name} {}", said(part)),
            &format!("{base}?by=place"),
            "home.walk_counties",
        ),
        step("home.walk_file", files, &trace, "home.walk_received"),
        step(
            "home.walk_line",
            lines,
            &format!("/reports/{}/check", report.period.id),
            "home.how_to_check",
        ),
    ]
}

/// How many files have orders of a county; of all counties, where the order lines are not there to be asked.
async fn files(site: &Site, latest: &Published, figure: &Figure, county: &str) -> usize {
    let all = latest.report.evidence.segments.len();
    let (Some(evidence), Ok(code), Ok(def)) =
        (site.evidence(), county.parse(), site.programme.figure(&figure.id))
    else {
        return all;
    };
    let of_county = evidence.segments(&latest.report, def, code).await;
    of_county.map_or(all, |portions| portions.len())
}
