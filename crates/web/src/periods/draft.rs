//! One draft: its figures beside those of the last version, and its files.

use askama::Template;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use people::staff::Action;
use report::HalfYearReport;
use report::model::Figure;
use report::periods::{self, Draft, PeriodHistory};

use super::{history_of, path_of};
use crate::Shared;
use crate::desk::{self, Names};
use crate::error::WebError;
use crate::figures::in_full;
use crate::layout::{self, Crumb};
use crate::page::Page;
use crate::reports::files::send;
use crate::reports::show::{FileView, files};
use crate::shelf::files_of;
use crate::signed::Signed;

/// A figure of the draft beside the last version.
pub(crate) struct Compared {
    pub href: String,
    pub title: String,
    pub before: String,
    pub now: String,
    pub difference: String,
    pub changed: bool,
}

/// Two values of a figure in words, with what lies between them.
pub(crate) fn compared(
    title: String,
    unit: &str,
    (before, now): (Option<i64>, Option<i64>),
    page: &Page,
) -> Compared {
    let r = report::words::WORDS.of(page.lang);
    let say = |value: Option<i64>| value.map_or_else(|| "–".to_owned(), |value| in_full(value, unit, r));
    let between = before.zip(now).and_then(|(before, now)| now.checked_sub(before));
    Compared {
        href: String::new(),
        title,
        before: say(before),
        now: say(now),
        difference: match between {
            None => "–".to_owned(),
            Some(0) => "0".to_owned(),
            Some(more) if more > 0 => format!("+{}", in_full(more, unit, r)),
            Some(less) => in_full(less, unit, r),
        },
        changed: between != Some(0),
    }
}

#[derive(Template)]
#[template(path = "periods/draft.html")]
struct DraftPage {
    page: Page,
    crumbs: Vec<Crumb>,
    title: String,
    facts: Vec<(String, String, bool)>,
    before: String,
    figures: Vec<Compared>,
    files: Vec<FileView>,
}

fn draft_of<'a>(history: &'a PeriodHistory, id: &str) -> Result<&'a Draft, WebError> {
    let mut drafts = history.drafts.iter().map(|draft| &draft.draft);
    drafts
        .find(|draft| draft.id.to_string() == id)
        .ok_or_else(WebError::missing)
}

/// A draft is of the whole country: for who sees their own places only, it is not there.
fn require_whole(signed: &Signed) -> Result<(), WebError> {
    signed.require(Action::ViewPreparing, None)?;
    if signed.viewer.may_everywhere(Action::ViewPreparing) {
        return Ok(());
    }
    Err(WebError::missing())
}

pub(super) async fn show(
    State(site): State<Shared>,
    Path((period, id)): Path<(String, String)>,
    signed: Signed,
) -> Result<Response, WebError> {
    require_whole(&signed)?;
    let history = history_of(&site, &period).await?;
    let draft = draft_of(&history, &id)?;
    let report = periods::load_report(&site.store, &draft.kept.report_sha256).await?;
    let last = history
        .versions
        .iter()
        .find(|version| version.number < draft.version);
    let before = match last {
        Some(version) => Some(periods::load_report(&site.store, &version.kept.report_sha256).await?),
        None => None,
    };
    let (page, names) = (signed.page.clone(), Names::of(&site).await?);
    let base = format!("{}/drafts/{id}", path_of(draft.period));
    let title = page
        .w
        .fill("periods.draft_of", &[("n", &draft.version.to_string())]);
    let listed = files_of(&site.cache, &site.store, &draft.kept).await?;
    let view = DraftPage {
        crumbs: vec![
            Crumb::new(page.href("/staff/periods"), page.w.get("nav.periods")),
            Crumb::new(page.href(&path_of(draft.period)), draft.period.title(page.lang)),
            Crumb::new(page.href(&base), title.clone()),
        ],
        facts: facts(draft, &report, &names, &page),
        before: last.map_or_else(
            || page.w.get("periods.no_version").to_owned(),
            |version| {
                page.w
                    .fill("periods.version", &[("n", &version.number.to_string())])
            },
        ),
        figures: figures(&report, before.as_ref(), &page),
        files: files(&listed, &base, &page),
        title,
        page,
    };
    layout::html(&view)
}

fn facts(draft: &Draft, report: &HalfYearReport, names: &Names, page: &Page) -> Vec<(String, String, bool)> {
    let fact = |key: &str, value: String, is_hash| (page.w.get(key).to_owned(), value, is_hash);
    vec![
        fact("periods.submitted_by", names.get(&draft.submitted_by), false),
        fact("periods.submitted_at", desk::instant(draft.submitted_at), false),
        fact(
            "periods.evidence_files",
            report.evidence.segments.len().to_string(),
            false,
        ),
        fact(
            "periods.evidence_rows",
            report::numbers::grouped(report.evidence.rows),
            false,
        ),
        fact("periods.report_hash", draft.kept.report_sha256.clone(), true),
    ]
}

fn figures(report: &HalfYearReport, before: Option<&HalfYearReport>, page: &Page) -> Vec<Compared> {
    let row = |figure: &Figure| {
        let last = before.and_then(|before| before.figure(&figure.id));
        let values = (last.and_then(|figure| figure.value), figure.value);
        compared(figure.title.get(page.lang).to_owned(), &figure.unit, values, page)
    };
    report.figures.iter().map(row).collect()
}

/// A file of a draft, for those who review it.
pub(super) async fn file(
    State(site): State<Shared>,
    Path((period, id, name)): Path<(String, String, String)>,
    signed: Signed,
    request: Request,
) -> Result<Response, WebError> {
    require_whole(&signed)?;
    let history = history_of(&site, &period).await?;
    let draft = draft_of(&history, &id)?;
    let listed = files_of(&site.cache, &site.store, &draft.kept).await?;
    let stem = format!("{period}-draft");
    let mut response = send(&site, &listed, &name, &stem, request).await?;
    let private = axum::http::HeaderValue::from_static("no-store");
    response
        .headers_mut()
        .insert(axum::http::header::CACHE_CONTROL, private);
    Ok(response)
}
