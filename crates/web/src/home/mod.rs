//! `/`: what the programme is, its headline figures and pillars, where it sells from, what happened when.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use report::html::pictures::{self, PictureView};
use report::html::views::{self, CardView, MilestoneView};
use report::words::Words as ReportWords;

use crate::error::WebError;
use crate::layout;
use crate::page::Page;
use crate::routes::{Rooms, Who};
use crate::site::{Published, Site};
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

/// What the latest report gives the page.
struct LatestView {
    period: String,
    report_href: String,
    check_href: String,
    cards: Vec<CardView>,
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
    r: &'static ReportWords,
    pillars: Vec<PillarView>,
    latest: Option<LatestView>,
}

async fn show(State(site): State<Shared>, page: Page) -> Result<Response, WebError> {
    let view = HomePage {
        r: ReportWords::of(page.lang),
        pillars: pillars(&site, &page),
        latest: site.latest().map(|latest| latest_view(&latest, &page)),
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

fn latest_view(latest: &Published, page: &Page) -> LatestView {
    let (report, r) = (&latest.report, ReportWords::of(page.lang));
    let front = pictures::front_figure(report);
    let province = front.and_then(|figure| Some((figure, figure.breakdown("province")?)));
    let path = format!("/reports/{}", report.period.id);
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
        picture: province
            .map(|(figure, breakdown)| pictures::picture(report, figure, breakdown, r, usize::MAX)),
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
