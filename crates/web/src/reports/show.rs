//! The list of reports, a report as a page to read and print, and how a stranger checks it.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use report::html::pictures::{self, PictureView};
use report::html::views::{self, CardView, CountyView, EvidenceView, MilestoneView, UndefinedView};
use report::words::Words as ReportWords;

use crate::Shared;
use crate::error::WebError;
use crate::figures;
use crate::layout::{self, Crumb};
use crate::page::Page;
use crate::site::{DownloadFile, Published, Site, ending};

/// A file to take away.
struct FileView {
    href: String,
    name: String,
    /// What it is, in words.
    about: String,
    size: String,
    sha256: String,
}

/// A report of the list.
struct Entry {
    href: String,
    title: String,
    days: String,
    version: String,
    published: String,
    figures: usize,
    rows: String,
}

#[derive(Template)]
#[template(path = "reports/index.html")]
struct IndexPage {
    page: Page,
    entries: Vec<Entry>,
}

pub(super) async fn index(State(site): State<Shared>, page: Page) -> Result<Response, WebError> {
    let entry = |published: &Published| {
        let report = &published.report;
        Entry {
            href: page.href(&format!("/reports/{}", report.period.id)),
            title: report.period.title.get(page.lang).to_owned(),
            days: format!("{} – {}", report.period.first_day, report.period.last_day),
            version: published.version.to_string(),
            published: day(&published.published_at),
            figures: report.figures.len(),
            rows: report::numbers::grouped(report.evidence.rows),
        }
    };
    let mut seen = std::collections::BTreeSet::new();
    let entries = site
        .published
        .iter()
        .filter(|published| seen.insert(published.report.period.id.clone()))
        .map(entry)
        .collect();
    layout::public(&IndexPage { page, entries })
}

/// The day of an instant of RFC 3339.
fn day(instant: &str) -> String {
    instant.chars().take(10).collect()
}

/// A pillar with the cards of its figures.
struct SectionView {
    id: String,
    title: String,
    cards: Vec<CardView>,
}

#[derive(Template)]
#[template(path = "reports/show.html")]
struct ShowPage {
    page: Page,
    r: &'static ReportWords,
    crumbs: Vec<Crumb>,
    title: String,
    days: String,
    version: String,
    lead: String,
    sections: Vec<SectionView>,
    pictures_of: String,
    pictures: Vec<PictureView>,
    pictures_href: String,
    undefined: Vec<UndefinedView>,
    undefined_note: String,
    milestones: Vec<MilestoneView>,
    counties: Vec<CountyView>,
    evidence: EvidenceView,
    public_key: String,
    suppression: String,
    files: Vec<FileView>,
    check_href: String,
}

fn published_of<'a>(site: &'a Site, period: &str) -> Result<&'a Published, WebError> {
    site.of_period(period).ok_or_else(WebError::missing)
}

fn report_crumbs(page: &Page, published: &Published) -> Vec<Crumb> {
    let period = &published.report.period;
    vec![
        Crumb::new(page.href("/reports"), page.w.get("nav.reports")),
        Crumb::new(
            page.href(&format!("/reports/{}", period.id)),
            period.title.get(page.lang),
        ),
    ]
}

pub(super) async fn show(
    State(site): State<Shared>,
    Path(period): Path<String>,
    page: Page,
) -> Result<Response, WebError> {
    let published = published_of(&site, &period)?;
    let (report, r) = (&published.report, ReportWords::of(page.lang));
    let front = pictures::front_figure(report);
    let section = |section: &report::model::Section| SectionView {
        id: section.id.clone(),
        title: section.title.get(page.lang).to_owned(),
        cards: section
            .figures
            .iter()
            .filter_map(|id| report.figure(id))
            .map(|figure| figures::card(report, figure, &page))
            .collect(),
    };
    let open = report.not_yet_defined.len().to_string();
    let view = ShowPage {
        r,
        crumbs: report_crumbs(&page, published),
        title: r.fill(
            "page.title",
            &[
                ("programme", page.programme.as_str()),
                ("period", report.period.title.get(page.lang)),
            ],
        ),
        days: format!("{} – {}", report.period.first_day, report.period.last_day),
        version: version(published, &page),
        lead: views::lead(report, r),
        sections: report
            .sections
            .iter()
            .map(section)
            .filter(|section| !section.cards.is_empty())
            .collect(),
        pictures_of: front.map_or_else(String::new, |figure| figure.title.get(page.lang).to_owned()),
        pictures: front_pictures(published, r),
        pictures_href: front.map_or_else(String::new, |figure| page.href(&figures::path_of(&figure.id))),
        undefined: views::undefined(report, r),
        undefined_note: r.fill("undefined.note", &[("n", &open)]),
        milestones: views::milestones(report, page.lang),
        counties: views::model_counties(report, page.lang),
        evidence: views::evidence(report, r),
        public_key: report.signature.public_key.clone(),
        suppression: r.fill("suppression.rule", &[("min", &report.min_lines.to_string())]),
        files: files(published, &page),
        check_href: page.href(&format!("/reports/{period}/check")),
        page,
    };
    layout::public(&view)
}

fn version(published: &Published, page: &Page) -> String {
    page.w.fill(
        "reports.version",
        &[
            ("n", &published.version.to_string()),
            ("day", &day(&published.published_at)),
        ],
    )
}

/// The pictures of the front figure, each with the first rows of its table.
fn front_pictures(published: &Published, r: &ReportWords) -> Vec<PictureView> {
    let mut views = pictures::front(&published.report, r);
    for view in &mut views {
        view.more_href.clear();
    }
    views
}

fn files(published: &Published, page: &Page) -> Vec<FileView> {
    let view = |file: &DownloadFile| FileView {
        href: page.href(&format!(
            "/reports/{}/files/{}",
            published.report.period.id, file.name
        )),
        name: file.name.clone(),
        about: page.w.get(about(&file.name)).to_owned(),
        size: size(file.bytes),
        sha256: file.sha256.clone(),
    };
    published.files.iter().map(view).collect()
}

fn about(name: &str) -> &'static str {
    match name {
        "report.json" => "kind.json",
        "manifest.json" => "kind.manifest",
        "manifest.sig" => "kind.signature",
        "signer.pub" => "kind.key",
        _ => match ending(name) {
            "xlsx" => "kind.sheet",
            "pdf" => "kind.pdf",
            "tar" => "kind.pack",
            _ => "kind.other",
        },
    }
}

/// Bytes as a reader says them, rounded up.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_024 => format!("{bytes} B"),
        1_024..1_048_576 => format!("{} KB", bytes.div_ceil(1_024)),
        _ => format!("{} MB", bytes.div_ceil(1_048_576)),
    }
}

#[derive(Template)]
#[template(path = "reports/check.html")]
struct CheckPage {
    page: Page,
    r: &'static ReportWords,
    crumbs: Vec<Crumb>,
    period: String,
    public_key: String,
    chain_head: String,
    folder: String,
    pack_href: String,
    files: Vec<FileView>,
    min: i64,
}

pub(super) async fn check(
    State(site): State<Shared>,
    Path(period): Path<String>,
    page: Page,
) -> Result<Response, WebError> {
    let published = published_of(&site, &period)?;
    let report = &published.report;
    let files = files(published, &page);
    let here = page.href(&format!("/reports/{period}/check"));
    let mut crumbs = report_crumbs(&page, published);
    crumbs.push(Crumb::new(here, page.w.get("check.title")));
    let view = CheckPage {
        r: ReportWords::of(page.lang),
        crumbs,
        period,
        public_key: report.signature.public_key.clone(),
        chain_head: report.evidence.chain_head.clone().unwrap_or_default(),
        folder: report::pack::folder_name(report),
        pack_href: files
            .iter()
            .find(|file| ending(&file.name) == "tar")
            .map_or_else(String::new, |file| file.href.clone()),
        files,
        min: report.min_lines,
        page,
    };
    layout::public(&view)
}
