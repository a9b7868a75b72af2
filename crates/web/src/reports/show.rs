//! The list of reports, a report or an earlier version of it as a page to read and print, and how a stranger checks it.

use kernel::Words;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use report::html::pictures::{self, PictureView};
use report::html::views::{self, CardView, CountyView, EvidenceView, MilestoneView, UndefinedView};
use report::periods::Version;

use crate::Shared;
use crate::error::WebError;
use crate::figures;
use crate::layout::{self, Crumb};
use crate::page::Page;
use crate::shelf::{DownloadFile, Published, Shelved, ending};
use crate::site::Site;

/// A file to take away.
pub(crate) struct FileView {
    pub href: String,
    pub name: String,
    /// What it is, in words.
    pub about: String,
    pub size: String,
    pub sha256: String,
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
            version: published.version.number.to_string(),
            published: day(&published.version.published_at.to_string()),
            figures: report.figures.len(),
            rows: report::numbers::grouped(report.evidence.rows),
        }
    };
    let newest = site.newest_of_each().await?;
    let entries = newest.iter().map(|published| entry(published)).collect();
    layout::public(&IndexPage { page, entries })
}

/// The day of an instant of RFC 3339.
pub(crate) fn day(instant: &str) -> String {
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
    r: &'static Words,
    crumbs: Vec<Crumb>,
    title: String,
    days: String,
    version: String,
    reason: String,
    /// Where the newest version is, on the page of an earlier one.
    newest_href: String,
    versions: Vec<VersionView>,
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

/// A version of the report of a period.
struct VersionView {
    href: String,
    text: String,
    reason: String,
    here: bool,
}

async fn published_of(site: &Site, period: &str) -> Result<Arc<Published>, WebError> {
    site.of_period(period).await?.ok_or_else(WebError::missing)
}

/// One version of the report of a period.
pub(super) async fn version_of(site: &Site, period: &str, number: i64) -> Result<Arc<Published>, WebError> {
    let versions = site.versions_of(period);
    let found = versions.iter().find(|shelved| shelved.version.number == number);
    Ok(site.read(found.ok_or_else(WebError::missing)?).await?)
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

fn version_crumbs(page: &Page, published: &Published, is_newest: bool) -> Vec<Crumb> {
    let mut crumbs = report_crumbs(page, published);
    if !is_newest {
        let here = page.href(&version_path(&published.version));
        crumbs.push(Crumb::new(here, version_words(&published.version, page)));
    }
    crumbs
}

pub(super) async fn show(
    State(site): State<Shared>,
    Path(period): Path<String>,
    page: Page,
) -> Result<Response, WebError> {
    let published = published_of(&site, &period).await?;
    report_page(&site, &published, page)
}

pub(super) async fn version(
    State(site): State<Shared>,
    Path((period, number)): Path<(String, i64)>,
    page: Page,
) -> Result<Response, WebError> {
    let published = version_of(&site, &period, number).await?;
    report_page(&site, &published, page)
}

fn report_page(site: &Site, published: &Published, page: Page) -> Result<Response, WebError> {
    let (report, r) = (&published.report, report::words::WORDS.of(page.lang));
    let period = &report.period.id;
    let all = site.versions_of(period);
    let is_newest = all
        .first()
        .is_none_or(|newest| newest.version.number == published.version.number);
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
        crumbs: version_crumbs(&page, published, is_newest),
        title: r.fill(
            "page.title",
            &[
                ("programme", page.programme.as_str()),
                ("period", report.period.title.get(page.lang)),
            ],
        ),
        days: format!("{} – {}", report.period.first_day, report.period.last_day),
        version: version_words(&published.version, &page),
        reason: reason_words(&published.version, &page),
        newest_href: if is_newest {
            String::new()
        } else {
            page.href(&format!("/reports/{period}"))
        },
        versions: versions(&all, published, &page),
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
        files: files(&published.files, &files_base(published, is_newest), &page),
        check_href: page.href(&format!("/reports/{period}/check")),
        page,
    };
    layout::public(&view)
}

/// The versions, where there is more than one.
fn versions(all: &[Arc<Shelved>], here: &Published, page: &Page) -> Vec<VersionView> {
    if all.len() < 2 {
        return Vec::new();
    }
    let view = |shelved: &Arc<Shelved>| VersionView {
        href: page.href(&version_path(&shelved.version)),
        text: version_words(&shelved.version, page),
        reason: reason_words(&shelved.version, page),
        here: shelved.version.number == here.version.number,
    };
    all.iter().map(view).collect()
}

fn version_path(version: &Version) -> String {
    format!("/reports/{}/versions/{}", version.period, version.number)
}

fn reason_words(version: &Version, page: &Page) -> String {
    let reason = version.reason.as_deref();
    reason.map_or_else(String::new, |reason| {
        page.w.fill("reports.correction", &[("reason", reason)])
    })
}

fn version_words(version: &Version, page: &Page) -> String {
    page.w.fill(
        "reports.version",
        &[
            ("n", &version.number.to_string()),
            ("day", &day(&version.published_at.to_string())),
        ],
    )
}

/// The pictures of the front figure, each with the first rows of its table.
fn front_pictures(published: &Published, r: &Words) -> Vec<PictureView> {
    let mut views = pictures::front(&published.report, r);
    for view in &mut views {
        view.more_href.clear();
    }
    views
}

/// Where the files of a version are taken away.
fn files_base(published: &Published, is_newest: bool) -> String {
    if is_newest {
        format!("/reports/{}", published.report.period.id)
    } else {
        version_path(&published.version)
    }
}

/// Files to take away below `base`.
pub(crate) fn files(files: &[DownloadFile], base: &str, page: &Page) -> Vec<FileView> {
    let view = |file: &DownloadFile| FileView {
        href: page.href(&format!("{base}/files/{}", file.name)),
        name: file.name.clone(),
        about: page.w.get(about(&file.name)).to_owned(),
        size: size(file.bytes),
        sha256: file.sha256.clone(),
    };
    files.iter().map(view).collect()
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
pub(crate) fn size(bytes: u64) -> String {
    match bytes {
        0..1_024 => format!("{bytes} B"),
        1_024..1_048_576 => format!("{} KB", bytes.div_ceil(1_024)),
        1_048_576..1_073_741_824 => format!("{} MB", bytes.div_ceil(1_048_576)),
        _ => {
            // In tenths, without one that is nothing.
            let tenths = bytes.div_ceil(107_374_183);
            match (tenths / 10, tenths % 10) {
                (whole, 0) => format!("{whole} GB"),
                (whole, tenth) => format!("{whole}.{tenth} GB"),
            }
        }
    }
}

#[derive(Template)]
#[template(path = "reports/check.html")]
struct CheckPage {
    page: Page,
    r: &'static Words,
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
    let published = published_of(&site, &period).await?;
    let report = &published.report;
    let files = files(&published.files, &files_base(&published, true), &page);
    let here = page.href(&format!("/reports/{period}/check"));
    let mut crumbs = report_crumbs(&page, &published);
    crumbs.push(Crumb::new(here, page.w.get("check.title")));
    let view = CheckPage {
        r: report::words::WORDS.of(page.lang),
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
